"""Where a finding stands, derived from what nights saw and what people decided.

States are not stored: the same sightings and reviews always give the same state, for every
night of the past as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.model.finding import Decision, Review, Sight, State
from audit.store.findings import Sighting

DECIDED = {
    Decision.ACKNOWLEDGE: State.ACKNOWLEDGED,
    Decision.ASK: State.NEEDS_UR,
    Decision.DISPUTE: State.DISPUTED,
    Decision.FALSE_POSITIVE: State.FALSE_POSITIVE,
    Decision.WAIVE: State.WAIVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one finding stands after a night."""

    state: State
    first_night: str
    last_night: str
    """The last night that saw it."""
    times_seen: int
    changed_tonight: bool
    """Whether this night made it new, reopened or resolved."""
    gone: bool = False
    """Resolved because the account took the subject down."""
    decision: Review | None = None
    """The decision in force."""
    confirmed: bool = False


def standing(
    seen: Sequence[Sighting], reviews: Iterable[Review], night: str, today: dt.date
) -> Standing | None:
    """Derive where a finding stands after ``night``.

    Args:
        seen: all sightings of the finding, oldest first.
        reviews: the decisions about it that are known by then, oldest first.
        night: later sightings are left out.
        today: waivers that ended before this date no longer count.

    Returns:
        ``None`` when no night up to then saw it.
    """
    history = [one for one in seen if one.night <= night]
    sights = [one for one in history if one.sight is Sight.SEEN]
    if not sights:
        return None
    last = history[-1]
    tonight = last.night == night
    decisions = list(reviews)
    decision = in_force(decisions, today)
    state = _state(history, tonight)
    moved = tonight and state in (State.NEW, State.REOPENED, State.RESOLVED)
    if state is not State.RESOLVED and decision is not None:
        state = DECIDED.get(decision.decision, state)
    return Standing(
        state=state,
        first_night=sights[0].night,
        last_night=sights[-1].night,
        times_seen=len(sights),
        changed_tonight=moved,
        gone=last.sight is Sight.GONE,
        decision=decision,
        confirmed=any(one.decision is Decision.CONFIRM for one in decisions),
    )


def _state(history: Sequence[Sighting], tonight: bool) -> State:
    last = history[-1]
    if last.sight is not Sight.SEEN:
        return State.RESOLVED
    if not tonight:
        return State.NOT_RECHECKED
    if len(history) == 1:
        return State.NEW
    return State.OPEN if history[-2].sight is Sight.SEEN else State.REOPENED


def in_force(reviews: Sequence[Review], today: dt.date) -> Review | None:
    """Return the newest decision that says where a finding stands; confirming it does not.

    Args:
        reviews: the decisions about one finding that are known by then, oldest first.
        today: a waiver that ended before this day has lapsed.
    """
    for one in reversed(reviews):
        if one.decision is Decision.CONFIRM:
            continue
        expired = one.expires_on is not None and one.expires_on < today
        return None if expired else one
    return None
