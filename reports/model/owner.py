"""The mail to an owner."""

from __future__ import annotations

from dataclasses import dataclass

from audit.model.verdict import Severity
from reports.model.parts import Chart, Clause, Counts, CoverageLine, Frame, Link, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """One open item, as its account's owner reads it."""

    number: int
    severity: Severity
    state: str
    kind: str | None
    """``Direct check`` or ``Needs review``; ``None`` where that alone would say too much."""
    title: str
    where: str
    """Platform, account and time."""
    due: str
    to_do: str
    withheld: str | None = None
    """Said in place of what was found, where nothing of it may stand in a mail."""
    found: str | None = None
    excerpt: str | None = None
    """At most twelve words of the account's own, identifiers masked."""
    suggestion: str | None = None
    clause: Clause
    note: str | None = None
    """What this item's history adds."""
    alike: int = 0
    """Further open items of the same check on the same account that have no card."""
    post: Link | None = None
    actions: tuple[Link, ...] = ()
    """Ways to answer; empty while there are no pages to answer on."""
    reference: str
    """What to quote when asking about it."""
    reference_link: Link | None = None

    @property
    def critical(self) -> bool:
        """Whether the card is marked at its edge."""
        return self.severity is Severity.CRITICAL


@dataclass(frozen=True, slots=True, kw_only=True)
class RestLine:
    """Open items without a card, one line for each check and account."""

    severity: Severity
    title: str
    account: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerReport:
    """The nightly mail to one owner over all of the owner's accounts."""

    frame: Frame
    unit: str
    do_first: tuple[Step, ...] = ()
    do_first_rest: str = ""
    accounts: tuple[str, ...] = ()
    """What became of the accounts themselves, in words."""
    since: str
    """The period that the counts look at: ``Since yesterday``."""
    counts: Counts
    counts_words: tuple[str, ...]
    chart: Chart | None = None
    cards: tuple[ItemCard, ...] = ()
    rest: tuple[RestLine, ...] = ()
    coaching: tuple[RestLine, ...] = ()
    """Hints of weak checks: never counted, never due."""
    resolved: tuple[str, ...] = ()
    resolved_more: int = 0
    decided: tuple[str, ...] = ()
    """Items that a person set aside, in words."""
    coverage: tuple[CoverageLine, ...]
    how_to_answer: str
