"""The digest to University Relations."""

from __future__ import annotations

from dataclasses import dataclass

from audit.model.verdict import Severity
from reports.model.parts import Chart, Counts, Frame, Link, Step


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
    operations: Notes
    """What the operators should know."""
    since: str
    """Heading of the totals: ``Totals since yesterday``."""
    counts: Counts
    counts_words: tuple[str, ...]
    chart: Chart | None
    tables: tuple[Numbers, ...]
