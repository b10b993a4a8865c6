"""When a finding is due: business days after the night that first saw it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from audit.model.finding import State
from audit.pack import ClockTable
from reports import words
from reports.night import FindingTonight

WAITING = (State.DISPUTED, State.NEEDS_UR)
"""States in which the next word is University Relations'; the date is held meanwhile."""
SATURDAY = 5


class Clock(StrEnum):
    """How soon something is due."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    """Within the seven days after today."""
    LATER = "later"


def due_on(one: FindingTonight, clock: ClockTable) -> dt.date | None:
    """Return the day on which a finding is due; ``None`` where it has no date."""
    days: int | None = getattr(clock, one.finding.severity.value)
    if days is None:
        return None
    due = dt.date.fromisoformat(one.standing.first_night)
    while days > 0:
        due += dt.timedelta(days=1)
        days -= due.weekday() < SATURDAY and due not in clock.holidays
    return due


def clock_of(due: dt.date | None, today: dt.date) -> Clock:
    """Say how soon a day is."""
    if due is None or due > today + dt.timedelta(days=7):
        return Clock.LATER
    if due < today:
        return Clock.OVERDUE
    return Clock.TODAY if due == today else Clock.WEEK


def due_words(one: FindingTonight, clock: ClockTable, today: dt.date) -> str:
    """Say when a finding is due."""
    if one.state in WAITING:
        return "Its date is held until University Relations answers"
    due = due_on(one, clock)
    if due is None:
        return "No fixed date; please see to it at your next review"
    match clock_of(due, today):
        case Clock.OVERDUE:
            return f"Was due {words.day(due)}"
        case Clock.TODAY:
            return f"Due today, {words.day(due)}"
        case _:
            return f"Due {words.day(due)}"
