"""Where findings stand, from what nights saw and people said."""

from __future__ import annotations

import datetime as dt

import pytest

from audit.model.finding import Decision, Review, Sight, State
from audit.model.verdict import Kind, Outcome, Severity
from audit.states import standing
from audit.store.findings import Sighting

TODAY = dt.date(2026, 10, 4)
NIGHT = "2026-10-04"
SIGHTS = {"s": Sight.SEEN, "c": Sight.CLEARED, "g": Sight.GONE}


def history(word: str) -> list[Sighting]:
    """Four nights, one letter each: seen, cleared, gone, or - for not looked at."""
    return [
        Sighting(
            fingerprint="f",
            night=f"2026-10-{day:02}",
            sight=SIGHTS[letter],
            kind=Kind.DIRECT,
            severity=Severity.HIGH,
            outcome=Outcome.FAIL,
        )
        for day, letter in enumerate(word, start=1)
        if letter != "-"
    ]


def review(decision: Decision, day: int = 3, expires: dt.date | None = None) -> Review:
    return Review(
        fingerprint="f",
        decision=decision,
        reviewer="r",
        reason="because",
        decided_at=dt.datetime(2026, 10, day, tzinfo=dt.UTC),
        expires_on=expires,
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("---s", State.NEW),
        ("--ss", State.OPEN),
        ("s--s", State.OPEN),
        ("-scs", State.REOPENED),
        ("-sgs", State.REOPENED),
        ("--sc", State.RESOLVED),
        ("--sg", State.RESOLVED),
        ("sc--", State.RESOLVED),
        ("--s-", State.NOT_RECHECKED),
        ("scs-", State.NOT_RECHECKED),
    ],
)
def test_state_follows_from_sightings(word: str, state: State) -> None:
    found = standing(history(word), [], NIGHT, TODAY)
    assert found is not None
    assert found.state is state


def test_what_was_never_seen_by_then_does_not_exist() -> None:
    assert standing(history("---s"), [], "2026-10-03", TODAY) is None
    assert standing([], [], NIGHT, TODAY) is None


def test_only_what_this_night_moved_is_news() -> None:
    moved = {
        word: found.changed_tonight
        for word in ("---s", "--ss", "--sc", "sc--", "-scs", "--s-")
        if (found := standing(history(word), [], NIGHT, TODAY))
    }
    assert [word for word, news in moved.items() if news] == ["---s", "--sc", "-scs"]


def test_a_later_night_does_not_change_an_earlier_one() -> None:
    found = standing(history("ssc"), [], "2026-10-02", dt.date(2026, 10, 2))
    assert found is not None
    assert (found.state, found.times_seen) == (State.OPEN, 2)


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        (Decision.ACKNOWLEDGE, State.ACKNOWLEDGED),
        (Decision.ASK, State.NEEDS_UR),
        (Decision.DISPUTE, State.DISPUTED),
        (Decision.FALSE_POSITIVE, State.FALSE_POSITIVE),
        (Decision.CONFIRM, State.OPEN),
    ],
)
def test_people_decide(decision: Decision, state: State) -> None:
    found = standing(history("--ss"), [review(decision)], NIGHT, TODAY)
    assert found is not None
    assert found.state is state
    assert found.confirmed is (decision is Decision.CONFIRM)


def test_evidence_resolves_whatever_people_said() -> None:
    found = standing(history("--sc"), [review(Decision.DISPUTE)], NIGHT, TODAY)
    assert found is not None
    assert found.state is State.RESOLVED


@pytest.mark.parametrize(("last", "state"), [(4, State.WAIVED), (3, State.OPEN)])
def test_a_waiver_holds_through_its_last_day(last: int, state: State) -> None:
    waiver = review(Decision.WAIVE, expires=dt.date(2026, 10, last))
    found = standing(history("--ss"), [waiver], NIGHT, TODAY)
    assert found is not None
    assert found.state is state


def test_the_newest_decision_counts() -> None:
    reviews = [review(Decision.DISPUTE, 2), review(Decision.ASK, 3)]
    found = standing(history("--ss"), reviews, NIGHT, TODAY)
    assert found is not None
    assert found.state is State.NEEDS_UR
