"""The registers as the store keeps them: a night uses the newest list that it can know."""

from __future__ import annotations

import datetime as dt

import pytest

from audit.store import accounts
from audit.store.database import Store

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
