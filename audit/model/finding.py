"""What is kept about a subject that did not pass, and what people decided about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from audit.model.item import TextSource
from audit.model.verdict import Kind, Level, Outcome, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a finding is about."""

    account_id: str
    level: Level
    subject_id: str
    """The item's id; ``profile``, ``account`` or ``registry`` for the levels without items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found by one check in one subject, without any time in it."""

    fingerprint: str
    check_id: str
    code: str
    subject: Subject
    kind: Kind
    severity: Severity
    outcome: Outcome
    message: str
    source: TextSource | None = None
    evidence: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one check on one subject."""

    check_id: str
    code: str
    subject: Subject
    outcome: Outcome
    reason: str | None = None
    """Why it is ``not_applicable``, ``not_assessed`` or ``error``."""
    findings: tuple[Finding, ...] = ()


class Sight(StrEnum):
    """What one run saw of a finding."""

    SEEN = "seen"
    CLEARED = "cleared"
    """The same subject was judged again and the finding was not there."""
    GONE = "gone"
    """The account took the subject down."""


class State(StrEnum):
    """Where a finding stands; derived from sightings and reviews, never stored."""

    NEW = "new"
    OPEN = "open"
    REOPENED = "reopened"
    NOT_RECHECKED = "not_rechecked"
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"
    NEEDS_UR = "needs_UR"
    DISPUTED = "disputed"
    WAIVED = "waived"
    FALSE_POSITIVE = "false_positive"

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self not in (State.RESOLVED, State.WAIVED, State.FALSE_POSITIVE)


class Decision(StrEnum):
    """What a person said about a finding."""

    ACKNOWLEDGE = "acknowledge"
    CONFIRM = "confirm"
    FALSE_POSITIVE = "false_positive"
    WAIVE = "waive"
    DISPUTE = "dispute"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One decision; decisions are only ever added, and the newest counts."""

    fingerprint: str
    decision: Decision
    reviewer: str
    reason: str
    decided_at: dt.datetime
    expires_on: dt.date | None = None
    """The last day of a waiver, in the institution's time zone; a waiver must have one."""
