"""What the templates read: everything already decided and put into words.

Nothing here is secret: what a mail must not hold is left out when these values are built,
not when they are shown. Texts carry plain punctuation; escaping is the templates' work.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.model.verdict import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What changed since the mail before, and what did not."""

    new: int = 0
    reopened: int = 0
    still_open: int = 0
    resolved: int = 0

    @property
    def open(self) -> int:
        """How many items somebody still has to do something about."""
        return self.new + self.reopened + self.still_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something to follow."""

    label: str
    url: str
    """``http``, ``https``, ``mailto`` or ``tel``; anything else is not built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do first."""

    action: str
    """Shown strong: what it is about, and which items."""
    rest: str
    """What to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """The part of the guidelines an item stands on."""

    code: str
    title: str
    summary: str
    wording: str | None = None
    """The institution's official text, where it has given it."""


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
class CoverageLine:
    """What was read of one account."""

    platform: str
    account: str
    fetched: str
    """When, or ``not read``."""
    checked: str | None
    """``None``: nothing was."""
    not_assessed: tuple[str, ...] = ()
    """One clause a line: what, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One night of a small chart."""

    date: str
    label: str
    """The date, or empty where labels would touch."""
    value: int | None
    """``None``: not assessed."""
    height: int
    """Pixels; 0 for nothing and for not assessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A small chart, and what it says."""

    title: str
    bars: tuple[Bar, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom readers may ask."""

    office: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every mail says about itself."""

    institution: str
    date: str
    """``Tuesday, May 18, 2027``."""
    short_date: str
    """``May 18``."""
    headline: str
    lead: str
    preheader: str
    """What a mail program shows after the subject; never a repeat of it."""
    subject: str
    """What to do and how things stand, without prefix, unit and date."""
    contact: Contact
    coverage_words: tuple[str, ...]
    why: str
    """Why the reader gets this mail, and when the next one comes."""
    run: str
    """Night and policy pack."""
    pages: tuple[Link, ...] = ()
    """Pages behind a login; empty while there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerReport:
    """The nightly mail to one owner over all of the owner's accounts."""

    frame: Frame
    unit: str
    do_first: tuple[Step, ...] = ()
    do_first_rest: str = ""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """An item that waits for somebody at University Relations."""

    severity: Severity
    title: str
    where: str
    state: str
    reference: str
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionList:
    """Decisions with one clock."""

    title: str
    total: int
    lines: tuple[DecisionLine, ...]

    @property
    def more(self) -> int:
        """How many have no line."""
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An account, or another thing with a name, and what is to be said about it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Notes of one kind; all are counted, the first are shown."""

    total: int = 0
    lines: tuple[Note, ...] = ()

    @property
    def more(self) -> int:
        """How many have no line."""
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table of numbers."""

    code: str | None = None
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A table of numbers with a total."""

    caption: str
    head: tuple[str, ...]
    """Column names, that of the label first."""
    rows: tuple[Row, ...]
    total: Row
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """How many decisions wait, by when they are due."""

    overdue: int = 0
    today: int = 0
    week: int = 0
    later: int = 0

    @property
    def all(self) -> int:
        """How many wait at all."""
        return self.overdue + self.today + self.week + self.later


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The morning mail to University Relations over all accounts."""

    frame: Frame
    do_first: tuple[Step, ...]
    do_first_rest: str
    clocks: Clocks
    clocks_words: str
    decisions: tuple[DecisionList, ...]
    unread: Notes
    partial: Notes
    known_gaps: Notes
    """Gaps that a person accepted for a time."""
    ownerless: Notes
    ownerless_items: DecisionList
    waivers: Notes
    """Waivers that end soon."""
    errors: Notes
    """Checks that ended in an error."""
    since: str
    """Heading of the totals: ``Totals since yesterday``."""
    counts: Counts
    counts_words: tuple[str, ...]
    chart: Chart | None
    tables: tuple[Numbers, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail, ready to be sent."""

    kind: str
    message_key: str
    """Names kind, recipient and night; one key is one mail, however often it is built."""
    label: str
    """For file names: small letters, digits and hyphens, without an address."""
    recipient: str
    """One address; empty where nobody is on file, which is never sent."""
    subject: str
    text: str
    html: str
    critical: bool = False
    language: str = "en-US"
