"""What nights saw of accounts, and what became of items, in each kind of database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from audit.model.life import AccountSight, AccountState
from audit.store import accounts, items, runs, sights, versions
from audit.store.database import Store
from tests.factories import at, make_account, make_item, make_run


@pytest.fixture
def library(store: Store) -> Store:
    with store.write() as session:
        accounts.replace_all(session, [make_account()], at(1))
        for day in (2, 3, 4):
            runs.open_run(session, make_run(day))
    return store


def seen(
    day: int, state: AccountState = AccountState.ACTIVE, key: str | None = "9"
) -> AccountSight:
    return AccountSight(
        account_id="library", night=f"2026-10-{day:02}", state=state, platform_id=key
    )


def test_a_night_has_one_sight_and_keeps_it_when_a_later_try_learns_nothing(
    library: Store,
) -> None:
    with library.write() as session:
        sights.save(session, seen(2))
        sights.save(session, seen(2, AccountState.PRIVATE))
        sights.save(session, seen(2, AccountState.UNCLEAR))
        sights.save(session, seen(3, AccountState.UNCLEAR))
    with library.read() as session:
        assert sights.read(session) == {"library": [seen(2, AccountState.PRIVATE)]}
        assert sights.read(session, until="2026-10-01") == {}
        assert sights.read(session, account_id="museum") == {}


def test_an_id_binds_from_earlier_nights_at_the_present_address_only(library: Store) -> None:
    def bound(day: int, since: dt.datetime | None = None) -> str | None:
        with library.read() as session:
            return sights.platform_id(session, "library", f"2026-10-{day:02}", since)

    with library.write() as session:
        sights.save(session, seen(2, key="8"))
        sights.save(session, seen(3, key="9"))
        sights.save(session, seen(4, AccountState.SUSPENDED, key=None))
    assert [bound(day) for day in (2, 3, 4, 5)] == [None, "8", "9", "9"]
    assert (bound(5, since=at(3)), bound(5, since=at(3, 10))) == ("9", None)


def test_a_confirmed_account_counts_as_another_one_from_then_on(library: Store) -> None:
    with library.write() as session:
        assert accounts.moved_at(session, "library") is None
        accounts.confirm(session, "library", "confirmed by Ann", at(3))
        assert accounts.moved_at(session, "library") == at(3)
        assert accounts.changes(session)[-1]["note"] == "confirmed by Ann"


def test_wordings_are_counted_and_opened_one_by_one(library: Store) -> None:
    first = make_item(text="one")
    second = replace(make_item(text="two"), edited_at=at(2, 20))
    with library.write() as session:
        items.save(session, "library", [first], at(2))
        items.save(session, "library", [second], at(3))
        items.mark_gone(session, "library", {"p1": "private"}, at(4))
    with library.read() as session:
        found = versions.versions(session, "library", "p1")
        assert [(one.number, one.first_seen, one.edited_at) for one in found] == [
            (1, at(2), None),
            (2, at(3), at(2, 20)),
        ]
        assert versions.versions(session, "library", "p1", until=at(2)) == found[:1]
        opened = [versions.wording(session, "library", "p1", number) for number in (1, 2, 3)]
        assert [one.texts[0].text if one else None for one in opened] == ["one", "two", None]
        assert versions.departed(session, at(3)) == {}
        left = versions.departed(session, at(4))[("library", "p1")]
        assert (left.gone_at, left.reason) == (at(4), "private")
        assert versions.departed(session, at(4), ["museum"]) == {}
