"""How an account stands, from what nights saw of it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.lifecycle import ENOUGH, Life, life
from audit.model.life import AccountSight, AccountState

LETTERS = {
    "a": AccountState.ACTIVE,
    "r": AccountState.RENAMED,
    "p": AccountState.PRIVATE,
    "o": AccountState.DEACTIVATED,
    "s": AccountState.SUSPENDED,
    "d": AccountState.DELETED,
    "m": AccountState.MERGED,
    "x": AccountState.REPLACED,
    "-": AccountState.ABSENT,
    "?": AccountState.UNCLEAR,
}
NIGHTS = st.text(alphabet="".join(LETTERS), max_size=12)


def sights(word: str, handle: str | None = None) -> list[AccountSight]:
    """One night for each letter; ``.`` is a night that was not audited."""
    return [
        AccountSight(
            account_id="a", night=f"2026-10-{day:02}", state=LETTERS[letter], handle=handle
        )
        for day, letter in enumerate(word, start=1)
        if letter != "."
    ]


def after(word: str) -> Life:
    found = life(sights(word))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "state", "since"),
    [
        ("a", "active", 1),
        ("aap", "private", 3),
        ("aas", "suspended", 3),
        ("ad", "deleted", 2),
        ("a-", "active", 1),
        ("a--", "active", 1),
        ("a---", "deleted", 4),
        ("a-.-.-", "deleted", 6),
        ("a-?-??-", "deleted", 7),
        ("a--a--", "active", 1),
        ("a---a", "active", 5),
        ("as---", "deleted", 5),
        ("ax", "replaced", 2),
        ("-", "absent", 1),
        ("-----", "absent", 1),
        ("--a", "active", 3),
        ("a???????", "active", 1),
        ("s?????", "suspended", 1),
    ],
)
def test_a_state_and_the_night_from_which_it_holds(word: str, state: str, since: int) -> None:
    found = after(word)
    assert (found.state.value, found.since) == (state, f"2026-10-{since:02}")


@pytest.mark.parametrize(
    ("word", "steps"),
    [
        ("aaa", []),
        ("apa", [("active", "private"), ("private", "active")]),
        ("a---a", [("active", "deleted"), ("deleted", "active")]),
        ("s", [(None, "suspended")]),
        ("a----", [("active", "deleted")]),
        ("app?p-p", [("active", "private")]),
    ],
)
def test_every_change_is_kept_and_nothing_is_told_twice(
    word: str, steps: list[tuple[str | None, str]]
) -> None:
    told = [(one.before and one.before.value, one.after.value) for one in after(word).changes]
    assert told == steps


def test_another_new_name_is_another_change() -> None:
    first, second = sights("r", "one")[0], sights(".r", "two")[0]
    found = life([first, second, sights("..r", "two")[0]])
    assert found is not None
    assert [one.handle for one in found.changes] == ["one", "two"]
    assert (found.handle, found.since) == ("two", "2026-10-02")


def test_the_name_of_an_active_account_is_no_state() -> None:
    assert life([sights("a", "One")[0], sights(".a", "one")[0]]) == after("a.")


def test_nights_without_it_are_counted_until_they_are_enough() -> None:
    assert [after("a" + "-" * n).missing for n in range(ENOUGH + 1)] == [0, 1, 2, 0]


def test_nothing_seen_is_no_life() -> None:
    assert life([]) is None
    assert life(sights("??")) is None
    assert life(sights(".a"), night="2026-10-01") is None


@given(word=NIGHTS, seed=st.integers())
def test_the_order_in_which_sights_come_does_not_matter(word: str, seed: int) -> None:
    shuffled = sights(word)
    random.Random(seed).shuffle(shuffled)
    assert life(shuffled) == life(sights(word))


@given(word=NIGHTS, at=st.integers(0, 12))
def test_a_night_that_learnt_nothing_changes_nothing(word: str, at: int) -> None:
    with_gap, with_broken = word[:at] + "." + word[at:], word[:at] + "?" + word[at:]
    assert life(sights(with_gap)) == life(sights(with_broken))


@given(word=st.text(alphabet="arposdmx?", min_size=1, max_size=12), at=st.integers(1, 12))
def test_one_night_of_not_finding_it_changes_no_state(word: str, at: int) -> None:
    at = min(at, len(word))
    before, missed = life(sights(word[:at] + "." + word[at:])), word[:at] + "-" + word[at:]
    found = life(sights(missed))
    if before is None or life(sights(word[:at])) is None:
        return
    assert found is not None
    assert (found.state, found.since, found.changes) == (
        before.state,
        before.since,
        before.changes,
    )


@given(word=NIGHTS, night=st.integers(1, 12))
def test_a_night_of_the_past_knows_nothing_of_later_ones(word: str, night: int) -> None:
    assert life(sights(word), night=f"2026-10-{night:02}") == life(sights(word[:night]))
