"""What a check says about a subject, before it becomes a finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from audit.model.item import TextSource


class Level(StrEnum):
    """What kind of subject a check looks at."""

    POST = "post"
    REPLY = "reply"
    COMMENT = "comment"
    PROFILE = "profile"
    ACCOUNT = "account"
    REGISTRY = "registry"


ITEM_LEVELS = frozenset({Level.POST, Level.REPLY, Level.COMMENT, Level.PROFILE})


class Kind(StrEnum):
    """How far a check really measures its clause."""

    DIRECT = "D"
    PROXY = "P"
    WEAK = "W"
    HUMAN = "H"


class Severity(StrEnum):
    """How soon somebody has to act; ordered, the gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Position in the order; 0 is the gravest."""
        return list(Severity).index(self)


class Outcome(StrEnum):
    """What is known about a subject under a check; only ``pass`` is good news."""

    PASS = "pass"  # noqa: S105  (no password: the word of the public surface)
    FAIL = "fail"
    REVIEW = "review"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"
    WAIVED = "waived"
    ERROR = "error"

    @property
    def found(self) -> bool:
        """Whether something was found."""
        return self in (Outcome.FAIL, Outcome.REVIEW, Outcome.WAIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something a check found in one subject."""

    message: str
    """One sentence that names kinds of things, never the thing itself."""
    kind: Kind | None = None
    """Weaker than the check's own kind, where this hit is less sure."""
    severity: Severity | None = None
    """Milder than the check's own severity, where this hit is less grave."""
    source: TextSource | None = None
    evidence: str | None = None
    """A few words for the report, identifiers masked; stored encrypted."""
    suggestion: str | None = None
    """Wording to use instead, where the check can offer it; stored encrypted."""
    anchor: str | None = None
    """What tells two findings of one check in one subject apart, and outlives an edit.

    Only its keyed hash is stored. Most checks leave it empty: one finding per subject.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of a check about one subject.

    Hits, or the reason why there is nothing to judge; neither means that it passed.
    """

    hits: tuple[Hit, ...] = ()
    not_applicable: str | None = None
    not_assessed: str | None = None


PASSED = Verdict()
