"""Items, their wordings, and what a night of the past saw."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from audit.errors import StoreError
from audit.model.item import Item, ItemKind, ProfileFacts
from audit.model.record import Validator
from audit.store import accounts, items, schema
from audit.store.database import Session, Store
from tests.factories import at, make_account, make_item

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def library(store: Store) -> Store:
    """A store with one account."""
    with store.write() as session:
        accounts.replace_all(session, [make_account()], at(1))
    return store


def read(session: Session, day: int) -> tuple[Item, ...]:
    return items.read(session, "library", as_of=at(day), since=LONG_AGO)


def count(session: Session) -> int:
    return session.connection.scalar(select(func.count()).select_from(schema.item_version)) or 0


def test_an_item_comes_back_as_it_was(library: Store) -> None:
    one = make_item(text="Grüße 😀", likes=3, links=("https://a.example/",), edited_at=at(2))
    with library.write() as session:
        assert items.save(session, "library", [one], at(2)) == 1
        assert read(session, 2) == (one,)


def test_seen_again_unchanged_adds_nothing(library: Store) -> None:
    with library.write() as session:
        items.save(session, "library", [make_item(likes=1)], at(2))
        assert items.save(session, "library", [make_item(likes=9)], at(3)) == 0
        assert count(session) == 1
        assert read(session, 3)[0].likes == 9


def test_followers_are_no_edit_of_the_profile(library: Store) -> None:
    profile = make_item("profile", kind=ItemKind.PROFILE, profile=ProfileFacts(followers=1))
    more = replace(profile, profile=ProfileFacts(followers=2))
    moved = replace(profile, profile=ProfileFacts(followers=2, url="https://new.example"))
    with library.write() as session:
        assert [
            items.save(session, "library", [one], at(day))
            for day, one in enumerate([profile, more, moved], start=2)
        ] == [1, 0, 1]


def test_each_night_sees_the_wording_of_its_time(library: Store) -> None:
    with library.write() as session:
        for day, text in ((2, "first"), (3, "second"), (4, "first")):
            items.save(session, "library", [make_item(text=text)], at(day))
        assert [read(session, day)[0].texts[0].text for day in (2, 3, 4, 5)] == [
            "first",
            "second",
            "first",
            "first",
        ]
        assert read(session, 1) == ()


def test_a_vanished_item_is_gone_from_then_on_and_may_return(library: Store) -> None:
    with library.write() as session:
        items.save(session, "library", [make_item()], at(2))
        items.mark_gone(session, "library", {"p1": "deleted"}, at(3))
        assert len(read(session, 2)) == 1
        assert read(session, 3) == ()
        assert items.gone(session, "library", at(3)) == {"p1": "deleted"}
        assert items.gone(session, "library", at(2)) == {}
        items.save(session, "library", [make_item()], at(4))
        assert len(read(session, 4)) == 1


def test_only_what_a_night_looked_at_counts_as_seen(library: Store) -> None:
    with library.write() as session:
        items.save(session, "library", [make_item("a"), make_item("b"), make_item("c")], at(2))
        items.save(session, "library", [make_item("a")], at(3))
        items.mark_seen(session, "library", ["b"], at(3))
        assert items.seen(session, "library", at(3)) == {"a", "b"}


def test_the_window_leaves_out_what_is_older_but_not_the_profile(library: Store) -> None:
    profile = make_item("profile", kind=ItemKind.PROFILE, created_at=None)
    old, new = make_item("old", created_at=at(1)), make_item("new", created_at=at(4))
    with library.write() as session:
        items.save(session, "library", [new, old, profile], at(5))
        found = items.read(session, "library", as_of=at(5), since=at(3))
        assert [one.item_id for one in found] == ["profile", "new"]


def test_own_ids_are_those_of_posts_and_replies(library: Store) -> None:
    comment = make_item("c", kind=ItemKind.COMMENT)
    reply = make_item("r", kind=ItemKind.REPLY)
    with library.write() as session:
        items.save(session, "library", [make_item(), comment, reply], at(2))
        assert items.own_ids(session, "library") == {"p1", "r"}


def test_ciphertexts_cannot_be_swapped(library: Store) -> None:
    with library.write() as session:
        items.save(session, "library", [make_item("a", "one"), make_item("b", "two")], at(2))
        table = schema.item_version
        stolen = session.connection.scalar(select(table.c.sealed).where(table.c.item_id == "a"))
        session.connection.execute(
            table.update().where(table.c.item_id == "b").values(sealed=stolen)
        )
    with library.read() as session, pytest.raises(StoreError, match="another row"):
        read(session, 2)


def test_a_failed_transaction_leaves_nothing(library: Store) -> None:
    def fail_halfway() -> None:
        with library.write() as session:
            items.save(session, "library", [make_item()], at(2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with library.read() as session:
        assert read(session, 2) == ()


def test_validators_are_kept_by_address(library: Store) -> None:
    one = Validator(url="https://a.example/feed", etag='W/"1"', last_modified=None)
    two = replace(one, etag='W/"2"')
    with library.write() as session:
        items.save_validators(session, "library", [one])
        items.save_validators(session, "library", [two])
        assert items.validators(session, "library") == {one.url: two}


def test_a_time_without_zone_is_refused(library: Store) -> None:
    naive = at(1).replace(tzinfo=None)
    with pytest.raises(StoreError, match="without a zone"), library.write() as session:
        items.save(session, "library", [make_item(created_at=naive)], at(2))
