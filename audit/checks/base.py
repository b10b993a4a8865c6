"""What a check is: a value that describes it and a pure function that judges.

A check reads what it is given and nothing else: no network, no clock, no store, no settings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from audit.language.facts import Fact, Institution, Lexicon, Text
from audit.model.account import Account
from audit.model.item import Capture, Facet, Item
from audit.model.verdict import Kind, Level, Severity, Verdict


@dataclass(frozen=True, slots=True)
class NoParams:
    """For checks that have nothing to tune."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An earlier message of the thread."""

    by_account: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A row of the staff directory."""

    email: str
    name: str
    title: str | None = None
    active: bool = True
    employee: bool = True
    """False for students, volunteers and contractors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every check may know."""

    as_of: dt.datetime
    """The moment for which the audit judges, in UTC; a check never asks a clock."""
    today: dt.date
    """The same as a date in the institution's time zone."""
    lexicon: Lexicon = field(default_factory=Lexicon)
    directory: Mapping[str, StaffMember] | None = None
    """The staff directory by e-mail address in lower case; ``None`` when absent or stale."""

    @property
    def institution(self) -> Institution:
        """Who the audit speaks about."""
        return self.lexicon.institution


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContext(Context):
    """What a check of an item may know."""

    account: Account
    texts: tuple[Text, ...] = ()
    """Every text of the item, with the facts that the check's ``uses`` names."""
    thread: tuple[Turn, ...] | None = ()
    """Earlier messages, oldest first; ``None`` when the thread could not be read."""


JudgeItem: TypeAlias = Callable[[Item, Any, ItemContext], Verdict]
JudgeAccount: TypeAlias = Callable[[Account, Capture, Any, Context], Verdict]
JudgeRegistry: TypeAlias = Callable[[Sequence[Account], Any, Context], Mapping[str, Verdict]]
"""Returns one verdict for each account id."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check. Ids and codes are permanent."""

    id: str
    """The file's name with hyphens."""
    code: str
    """The catalogue's number, such as ``BP10.1``."""
    clause: str
    """The clause it belongs to, such as ``BP10``."""
    title: str
    """What was found, for people: states for direct checks, says "may" for proxies."""
    levels: tuple[Level, ...]
    kind: Kind
    severity: Severity
    """The strongest that it can give."""
    remedy: str
    """What to do, in one or two sentences, to the account's owner."""
    judge: JudgeItem | JudgeAccount | JudgeRegistry
    params: type[Any] = NoParams
    """A frozen dataclass; each field has a default and can be set in the policy pack."""
    needs: frozenset[Facet] = frozenset()
    """Without these the engine answers ``not_assessed`` and does not call ``judge``."""
    uses: frozenset[Fact[Any]] = frozenset()
    """Facts about texts that ``judge`` reads."""
    excerpt: bool = False
    """Whether a report may quote the evidence; never of the public's words."""
    watch: bool = False
    """Whether it also runs in the short-interval job."""
    languages: frozenset[str] | None = None
    """Languages it reads, as in ``en``; ``None``: words do not matter to it. Nothing found in a
    text that says it is in another language is ``not_assessed``, not a pass."""
    dated: bool = False
    """Whether its verdict on an unchanged item may change from one day to the next."""
