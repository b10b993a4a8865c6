"""How findings came to their end, as far as the record of their item tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from audit.model.finding import Decision, Finding, Review, State
from audit.model.verdict import ITEM_LEVELS, Severity
from audit.states import Standing
from audit.store import runs, versions
from audit.store.database import Session
from audit.store.versions import Departed, Key, Version

LOOKED = (Decision.ACKNOWLEDGE, Decision.CONFIRM, Decision.FALSE_POSITIVE, Decision.WAIVE)
"""Decisions that nobody makes without having looked; a question or a dispute is none of them."""


class How(StrEnum):
    """What ended a finding."""

    REMOVED = "removed"
    """Its item is no longer given."""
    EDITED = "edited"
    """Its item has another wording than when it was last found."""
    CLEARED = "cleared"
    """It is no longer found, and nothing says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a finding ended, and when."""

    how: How
    on: dt.date | None = None
    """The local date of the edit, or of the night that noticed."""
    noticed: bool = True
    """Whether ``on`` is only the night that noticed; else the platform gave the time."""
    reason: str = ""
    """Of what is removed: ``deleted``, ``private``, or what the platform says."""


def ending(
    session: Session,
    finding: Finding,
    standing: Standing,
    gone: Mapping[Key, Departed],
    as_of: dt.datetime,
    zone: ZoneInfo,
) -> Ending | None:
    """Say how a resolved finding ended; ``None`` for one that is not resolved.

    Args:
        session: an open transaction.
        finding: about any subject.
        standing: where it stands.
        gone: what had vanished by then.
        as_of: the moment of the night; later wordings are left out.
        zone: the institution's.
    """
    if standing.state is not State.RESOLVED:
        return None
    subject = finding.subject
    if standing.gone:
        left = gone.get((subject.account_id, subject.subject_id))
        on = left.gone_at.astimezone(zone).date() if left else None
        return Ending(how=How.REMOVED, on=on, reason=left.reason if left else "")
    if subject.level not in ITEM_LEVELS:
        return Ending(how=How.CLEARED)
    found = versions.versions(session, subject.account_id, subject.subject_id, until=as_of)
    last = runs.find(session, standing.last_night)
    # A first wording is no edit: after a purge, what is still online is read anew.
    edited = found and found[-1].number > 1
    if last is None or not edited or found[-1].first_seen <= last.as_of:
        return Ending(how=How.CLEARED)
    return _edited(found, zone)


def unseen(finding: Finding, standing: Standing, reviews: Sequence[Review]) -> bool:
    """Whether something critical was removed before a person looked at it: it is evidence."""
    return (
        standing.gone
        and standing.state is State.RESOLVED
        and finding.severity is Severity.CRITICAL
        and not any(one.decision in LOOKED for one in reviews)
    )


def _edited(found: tuple[Version, ...], zone: ZoneInfo) -> Ending:
    newest = found[-1]
    after = found[-2].first_seen if len(found) > 1 else None
    told = newest.edited_at
    # Some platforms move the mark for other reasons; one that lies before the old wording was
    # seen is no time of this edit.
    if told is not None and told <= newest.first_seen and (after is None or told > after):
        return Ending(how=How.EDITED, on=told.astimezone(zone).date(), noticed=False)
    return Ending(how=How.EDITED, on=newest.first_seen.astimezone(zone).date())
