"""The registry's past, and the registers: a night uses the newest list that it can know."""

from __future__ import annotations

import datetime as dt

import pytest

from audit.store import accounts
from audit.store.database import Store
from tests.factories import at, make_account

DRAWN_UP = (dt.date(2026, 9, 1), dt.date(2026, 10, 1))


@pytest.mark.parametrize(
    ("day", "newest"),
    [("2026-08-31", None), ("2026-09-30", 1), ("2026-10-01", 2), ("2026-12-01", 2)],
)
def test_the_newest_list_up_to_the_day_counts(store: Store, day: str, newest: int | None) -> None:
    with store.write() as session:
        for number, as_of in enumerate(DRAWN_UP, start=1):
            accounts.save_register(session, "directory", as_of, [{"number": number}])
        found = accounts.registers(session, dt.date.fromisoformat(day))
    assert [one.rows for one in found.values()] == ([({"number": newest},)] if newest else [])


def test_an_account_that_left_and_came_back_under_another_name_has_moved(store: Store) -> None:
    with store.write() as session:
        accounts.replace_all(session, [make_account()], at(1))
        accounts.replace_all(session, [make_account("museum")], at(2))
        accounts.replace_all(session, [make_account()], at(3))
        assert accounts.moved_at(session, "library") is None
        accounts.replace_all(session, [make_account("museum")], at(4))
        accounts.replace_all(session, [make_account(handle="books")], at(5))
        assert accounts.moved_at(session, "library") == at(5)
