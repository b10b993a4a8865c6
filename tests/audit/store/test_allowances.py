"""Limits in the store: all or nothing, settled afterwards, and never exceeded by two at once."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from audit.model.item import Facet, Gap, GapKind
from audit.settings import Settings
from audit.store import allowances, migrate, runs
from audit.store.allowances import Charge, Refused
from audit.store.database import Store, connect, open_store
from audit.store.runs import Fetched
from audit.store.schema import account
from audit.store.schema_upkeep import allowance
from tests.conftest import KEY
from tests.factories import at, make_run

ONE = Charge(platform="x", holder="", unit="micro_usd", period="2026-10", amount=30, limit=100)
CALL = Charge(platform="x", holder="", unit="calls", period="180s 09", amount=1, limit=2)
LIMIT, WORKERS = 1_000, 2


def take(store: Store, *charges: Charge) -> None:
    with store.write() as session:
        allowances.take(session, charges)


def used(store: Store, charge: Charge) -> int:
    with store.read() as session:
        return allowances.used(session, charge)


def test_what_would_be_too_much_takes_nothing_at_all(store: Store) -> None:
    take(store, ONE, CALL)
    take(store, ONE, CALL)
    with pytest.raises(Refused) as caught:
        take(store, ONE, CALL)
    assert (caught.value.charge, caught.value.used) == (CALL, 2)
    assert (used(store, ONE), used(store, CALL)) == (60, 2), "the charge beside it was undone"
    take(store, ONE)
    with pytest.raises(Refused) as caught:
        take(store, ONE)
    assert caught.value.used == 90
    take(store, replace(ONE, amount=10))
    assert used(store, ONE) == 100


@pytest.mark.parametrize(("cost", "left"), [(5, 5), (30, 30), (0, 0), (45, 45)])
def test_the_real_cost_takes_the_place_of_what_was_taken(
    store: Store, cost: int, left: int
) -> None:
    take(store, ONE)
    with store.write() as session:
        allowances.settle(session, [(ONE, cost)])
    assert used(store, ONE) == left


def test_holders_units_and_periods_are_counted_apart(store: Store) -> None:
    others = [
        replace(ONE, platform="y"),
        replace(ONE, holder="h"),
        replace(ONE, unit="calls"),
        replace(ONE, period="2026-11"),
    ]
    take(store, ONE, *others)
    assert [used(store, one) for one in (ONE, *others)] == [30] * 5


def test_slices_that_are_over_leave_no_rows_behind(store: Store) -> None:
    slices = [
        replace(
            CALL,
            period=f"180s 2026-10-05T09:{minute:02}:00Z",
            stale=("180s ", f"180s 2026-10-05T09:{minute - 3:02}:00Z"),
        )
        for minute in (3, 6, 9)
    ]
    for one in (ONE, *slices, replace(slices[0], holder="other")):
        take(store, one)
    with store.read() as session:
        columns = select(allowance.c.holder, allowance.c.period).order_by(allowance.c.holder)
        rows = session.connection.execute(columns).all()
    assert sorted(map(tuple, rows)) == [
        ("", "180s 2026-10-05T09:06:00Z"),
        ("", "180s 2026-10-05T09:09:00Z"),
        ("", "2026-10"),
        ("other", "180s 2026-10-05T09:03:00Z"),
    ]


def test_usage_adds_up_and_comes_back_by_account_newest_nights_first(store: Store) -> None:
    with store.write() as session:
        row = {"platform": "x", "data": {}, "active": True, "registered_at": at(1)}
        session.add(account, [{"account_id": one, **row} for one in ("a", "b")])
        for day in (1, 2, 3, 4):
            runs.open_run(session, make_run(day))
        allowances.add_usage(session, "2026-10-01", "a", {"calls": 1})
        allowances.add_usage(session, "2026-10-02", "a", {"calls": 2, "micro_usd": 7})
        allowances.add_usage(session, "2026-10-02", "a", {"calls": 2})
        allowances.add_usage(session, "2026-10-03", "b", {"calls": 9})
    with store.read() as session:
        assert allowances.usages(session, nights=2) == {
            "a": [{"calls": 4, "micro_usd": 7}],
            "b": [{"calls": 9}],
        }


@pytest.mark.parametrize(
    ("kind", "partial", "measured"),
    [
        (GapKind.BROKEN, False, False),
        (GapKind.RATE_LIMITED, False, False),
        (GapKind.BROKEN, True, True),
        (GapKind.BUDGET, True, False),
        (GapKind.DENIED, False, True),
        (GapKind.UNSUPPORTED, False, True),
    ],
)
def test_a_night_that_could_read_nothing_for_now_measures_nothing(
    store: Store, kind: GapKind, partial: bool, measured: bool
) -> None:
    """A platform that was down says nothing of what reading it costs when it is not."""
    gap = Gap(facet=Facet.POSTS, kind=kind, reason="r", partial=partial)
    row = Fetched(account_id="a", facet=Facet.POSTS, fetched_at=at(1), items=int(partial), gap=gap)
    with store.write() as session:
        known = {"platform": "x", "data": {}, "active": True, "registered_at": at(1)}
        session.add(account, [{"account_id": "a", **known}])
        runs.open_run(session, make_run(1))
        runs.save_fetched(session, "2026-10-01", [row])
        allowances.add_usage(session, "2026-10-01", "a", {"calls": 1})
    with store.read() as session:
        found = allowances.usages(session, nights=7)
    assert found == ({"a": [{"calls": 1}]} if measured else {})


def _hammer(changes: dict[str, Any], barrier: Any, counts: Any) -> None:
    store = open_store(Settings.model_validate(changes))
    barrier.wait(timeout=60)
    done: Counter[str] = Counter()
    while done["refused"] < 3:
        for amount in (7, 3, 1):
            try:
                take(store, replace(ONE, amount=amount, limit=LIMIT), replace(CALL, limit=10**6))
                done["taken"] += amount
                done["calls"] += 1
                if amount == 3:
                    with store.write() as session:
                        allowances.settle(session, [(replace(ONE, amount=3), 2)])
                    done["taken"] -= 1
            except Refused:
                done["refused"] += amount == 1
    counts.put(dict(done))
    store.close()


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_two_processes_use_a_limit_up_exactly_and_never_exceed_it(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    changes: dict[str, Any] = {"home": tmp_path / "audit", "key": KEY}
    if database == "postgres":
        settings: Settings = request.getfixturevalue("postgres")
        changes["database_url"] = settings.database_url
        engine = connect(settings)
        migrate.upgrade(engine)
        engine.dispose()
    store = open_store(Settings.model_validate(changes))
    context = multiprocessing.get_context("spawn")
    barrier, counts = context.Barrier(WORKERS), context.Queue()
    both = [
        context.Process(target=_hammer, args=(changes, barrier, counts)) for _ in range(WORKERS)
    ]
    for one in both:
        one.start()
    told = [counts.get(timeout=120) for _ in both]
    for one in both:
        one.join(timeout=60)
    assert [one.exitcode for one in both] == [0] * WORKERS
    assert all(one["refused"] >= 3 for one in told), "both met the end of it"
    assert sum(one.get("taken", 0) for one in told) == used(store, ONE) == LIMIT
    assert sum(one.get("calls", 0) for one in told) == used(store, CALL)
    store.close()
