"""Periods of limits, limits that hold wherever a platform begins to count, and prices of X."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from audit import catalogue
from audit.platforms.answers.x_calls import NEWER, OLDER
from audit.platforms.answers.x_costs import expected, most, spent
from audit.platforms.limits import Day, Limit, Month, Scope, Size, Slice, Unit, paced
from audit.response import Response

PACIFIC = Day("America/Los_Angeles")
TIMELINE = "https://api.x.com/2/users/900/tweets?max_results=100&expansions=author_id"
SEARCH = "https://api.x.com/2/tweets/search/recent?query=q&max_results=100&expansions=author_id"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "key", "ends"),
    [
        (utc(2026, 3, 8, 7, 59), "2026-03-07", utc(2026, 3, 8, 8)),
        (utc(2026, 3, 8, 8), "2026-03-08", utc(2026, 3, 9, 7)),  # 23 hours: clocks go forward
        (utc(2026, 3, 9, 6, 59), "2026-03-08", utc(2026, 3, 9, 7)),
        (utc(2026, 3, 9, 7), "2026-03-09", utc(2026, 3, 10, 7)),
        (utc(2026, 11, 1, 7), "2026-11-01", utc(2026, 11, 2, 8)),  # 25 hours: clocks go back
        (utc(2026, 11, 2, 7, 59), "2026-11-01", utc(2026, 11, 2, 8)),
    ],
)
def test_a_day_in_california_ends_at_midnight_there(
    at: dt.datetime, key: str, ends: dt.datetime
) -> None:
    assert (PACIFIC.key(at), PACIFIC.ends(at)) == (key, ends)
    assert PACIFIC.key(ends - dt.timedelta(microseconds=1)) == key != PACIFIC.key(ends)


@pytest.mark.parametrize(
    ("period", "at", "key", "ends"),
    [
        (Day(), utc(2026, 12, 31, 23, 59), "2026-12-31", utc(2027, 1, 1)),
        (Month(), utc(2026, 12, 31, 23, 59), "2026-12", utc(2027, 1, 1)),
        (Month(), utc(2028, 2, 1), "2028-02", utc(2028, 3, 1)),
        (Slice(60), utc(2026, 1, 1, 0, 0, 59), "60s 2026-01-01T00:00:00Z", utc(2026, 1, 1, 0, 1)),
    ],
)
def test_a_period_names_itself_and_says_when_it_ends(
    period: Any, at: dt.datetime, key: str, ends: dt.datetime
) -> None:
    assert (period.key(at), period.ends(at)) == (key, ends)
    assert period.key(ends) != key


@pytest.mark.parametrize(("amount", "seconds"), [(300, 300), (450, 900), (600, 60), (3_000, 300)])
def test_a_short_limit_holds_in_any_stretch_of_time(amount: int, seconds: int) -> None:
    limit = paced(amount, seconds)
    assert isinstance(limit.period, Slice)
    slice_s = limit.period.seconds
    worst = 0
    for start in range(slice_s):
        touched = {(start + second) // slice_s for second in range(seconds)}
        worst = max(worst, len(touched) * limit.amount)
    assert amount * 0.8 <= worst <= amount


def test_each_platform_says_what_it_allows_and_what_a_night_costs() -> None:
    small, large = Size(posts=5, comments=3, threads=2), Size(posts=500, comments=900, threads=90)
    for one in catalogue.platforms().values():
        costs = one.tariff.expected(small), one.tariff.expected(large)
        if one.local:
            assert (one.tariff.limits, *costs) == ((), {}, {})
            continue
        assert one.tariff.limits, one.name
        assert all(limit.amount > 0 for limit in one.tariff.limits)
        assert 0 < costs[0][Unit.CALLS] < costs[1][Unit.CALLS]
        assert {limit.unit for limit in one.tariff.limits} - {Unit.CALLS} <= set(costs[0])


def test_what_the_policy_may_set_is_told_by_platform() -> None:
    found = catalogue.ceilings()
    assert found["x"] == {"monthly_usd": None, "daily_calls": None}
    assert found["youtube"] == {"daily_units": 10_000, "daily_calls": None}
    assert found["archive"] == {}
    assert set(found) == set(catalogue.platforms())


def test_limits_of_one_kind_of_call_count_no_other() -> None:
    limits = {one.group: one for one in catalogue.platform("x").tariff.limits}
    calls = {
        "users/by": "https://api.x.com/2/users/by/username/a?user.fields=url",
        "users/tweets": TIMELINE,
        "search/recent": SEARCH,
        "tweets": "https://api.x.com/2/tweets?ids=1,2",
    }
    for group, url in calls.items():
        assert [name for name, one in limits.items() if name and one.counts(url)] == [group]
        assert limits[""].counts(url)


def bill(body: dict[str, Any], status: int = 200, url: str = TIMELINE) -> int:
    response = Response(status=status, body=json.dumps(body).encode())
    return spent(url, response).get(Unit.MICRO_USD, 0)


def test_what_x_brought_is_billed_by_the_piece() -> None:
    posts = [{"id": str(number), "text": "Hello"} for number in range(3)]
    users = [{"id": "900", "username": "us"}, {"id": "901", "username": "you"}]
    held = {"users": users, "media": [{"media_key": "m"}], "tweets": [{"id": "9"}]}
    assert bill({"data": posts}) == 15_000
    assert bill({"data": posts, "includes": held}) == 15_000 + 20_000 + 5_000 + 5_000
    assert bill({"data": users[0]}, url="https://api.x.com/2/users/by/username/us") == 10_000
    assert bill({"meta": {"result_count": 0}}) == 0
    assert bill({"errors": [{"value": "1"}]}) == 0
    assert bill({"title": "Too Many Requests"}, 429) == 0


def test_an_answer_of_x_that_cannot_be_read_counts_in_full() -> None:
    assert spent(TIMELINE, Response(status=200, body=b"<html>")) == most(TIMELINE)


@pytest.mark.parametrize(
    ("path", "micro_usd"),
    [
        ("users/me", 10_000),
        ("users/by?usernames=a,b,c", 30_000),
        ("oauth2/token", 0),
        ("anything/else?expansions=author_id", 4_500_000),
    ],
)
def test_a_call_that_nobody_thought_of_is_reserved_at_the_highest_price(
    path: str, micro_usd: int
) -> None:
    assert most(f"https://api.x.com/2/{path}").get(Unit.MICRO_USD, 0) == micro_usd


@pytest.mark.parametrize("fields", [NEWER, OLDER])
@pytest.mark.parametrize("path", ["users/900/tweets", "tweets/search/recent", "tweets"])
def test_no_answer_of_x_costs_more_than_was_reserved(fields: Any, path: str) -> None:
    number = 20
    which = f"ids={','.join(map(str, range(number)))}" if path == "tweets" else "max_results=20"
    url = f"https://api.x.com/2/{path}?{which}&expansions={fields['post']['expansions']}"
    users = 1 if path == "users/900/tweets" else number
    full = {
        "data": [{"id": str(one)} for one in range(number)],
        "includes": {
            "users": [{"id": str(one)} for one in range(users)],
            "tweets": [{"id": str(one)} for one in range(2 * number)],
            "media": [{"media_key": str(one)} for one in range(4 * number)],
        },
    }
    assert bill(full, url=url) == most(url)[Unit.MICRO_USD]


def test_the_forecast_of_x_is_in_whole_micro_dollars() -> None:
    costs = expected(Size(posts=30, comments=10, threads=5))
    assert costs == {Unit.CALLS: 3, Unit.MICRO_USD: 470_000}
    assert all(isinstance(one, int) for one in costs.values())


def test_only_standing_limits_of_the_whole_platform_have_a_key() -> None:
    limit = Limit(unit=Unit.CALLS, amount=1, period=Day())
    assert limit.key == "daily_calls"
    assert Limit(unit=Unit.CALLS, amount=1, period=Day(), scope=Scope.ACCOUNT).key is None
    assert paced(60, 60).key is None
