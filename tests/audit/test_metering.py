"""What lets a call go, makes it wait, or ends reading a platform; time is told, not spent."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from audit.client import Client
from audit.errors import BudgetSpent, TransientFetchError
from audit.metering import LONGEST_WAIT_S, Meter, Stop, Time, amount_words, tightened
from audit.platforms.limits import (
    Cost,
    Day,
    Limit,
    Month,
    Scope,
    Slice,
    Tariff,
    Unit,
    paced,
)
from audit.response import Response
from audit.settings import Settings
from audit.store.database import Store, open_store
from tests.serving import Server, serving

URL = "https://api.example/posts"
MONEY = Limit(unit=Unit.MICRO_USD, amount=100_000, period=Month(), ours=True)
MINUTE = Limit(unit=Unit.CALLS, amount=2, period=Slice(60), scope=Scope.HOST)
OK = Response(status=200, body=b"{}")


@dataclass
class Hours:
    """A clock that only sleeping moves."""

    at: dt.datetime = dt.datetime(2026, 10, 31, 23, 59, 30, tzinfo=dt.UTC)
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += dt.timedelta(seconds=seconds)

    @property
    def time(self) -> Time:
        return Time(now=lambda: self.at, sleep=self.sleep)


@pytest.fixture
def opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.close()


def most(_url: str) -> Cost:
    return {Unit.CALLS: 1, Unit.MICRO_USD: 60_000}


def brought(_url: str, response: Response) -> Cost:
    return {Unit.CALLS: 1, Unit.MICRO_USD: 1_000 * len(response.body)}


def meter(store: Store | None, tariff: Tariff, hours: Hours, account: str = "a") -> Meter:
    return Meter(store, tariff, platform="p", account_id=account, clock=hours.time)


def call(one: Meter, response: Response | None = OK, url: str = URL) -> None:
    one.before(url)
    one.after(url, response)


def test_what_was_not_used_is_given_back(opened: Store) -> None:
    one = meter(opened, Tariff(limits=(MONEY,), most=most, spent=brought), Hours())
    for _ in range(20):
        call(one)
    assert one.used == {"calls": 20, "micro_usd": 40_000}
    call(one, Response(status=200, body=b"x" * 40))
    with pytest.raises(BudgetSpent, match=r"\$0.06 of the \$0.02 that are left"):
        one.before(URL)


def test_a_call_without_an_answer_stays_paid_for(opened: Store) -> None:
    one = meter(opened, Tariff(limits=(MONEY,), most=most, spent=brought), Hours())
    call(one, None)
    assert one.used == {"calls": 1, "micro_usd": 60_000}
    with pytest.raises(BudgetSpent):
        one.before(URL)


def test_a_crash_between_call_and_answer_leaves_it_taken(opened: Store) -> None:
    tariff = Tariff(limits=(MONEY,), most=most, spent=brought)
    meter(opened, tariff, Hours()).before(URL)
    with pytest.raises(BudgetSpent):
        meter(opened, tariff, Hours()).before(URL)


def test_a_limit_of_the_month_ends_reading_until_the_month_does(opened: Store) -> None:
    hours = Hours()
    tariff = Tariff(limits=(MONEY,), most=lambda _: {Unit.MICRO_USD: 100_000})
    one = meter(opened, tariff, hours)
    call(one)
    with pytest.raises(BudgetSpent) as caught:
        one.before(URL)
    said = str(caught.value)
    assert "limit of $0.10 a month" in said
    assert "after 2026-11-01 00:00 UTC" in said
    assert hours.slept == [], "nobody waits for a month"
    hours.sleep(30)
    call(one)


def test_what_stopped_one_account_stops_the_next_without_a_look(opened: Store) -> None:
    hours = Hours()
    dear = Tariff(limits=(MONEY,), most=lambda _: {Unit.MICRO_USD: 200_000})
    first = meter(opened, dear, hours)
    with pytest.raises(BudgetSpent) as caught:
        first.before(URL)
    cheap = replace(dear, most=lambda _: {Unit.MICRO_USD: 1})
    second = Meter(opened, cheap, platform="p", account_id="b", stops=first.stops, clock=hours.time)
    with pytest.raises(BudgetSpent) as again:
        second.before(URL)
    assert str(again.value) == str(caught.value)
    assert second.used == {}
    elsewhere = Meter(
        opened, cheap, platform="q", account_id="b", stops=first.stops, clock=hours.time
    )
    call(elsewhere)


def test_an_account_that_used_up_its_own_limit_stops_no_other(opened: Store) -> None:
    own = Limit(unit=Unit.CALLS, amount=1, period=Day(), scope=Scope.ACCOUNT)
    one = meter(opened, Tariff(limits=(own,)), Hours())
    call(one)
    with pytest.raises(BudgetSpent, match="limit of this account of 1 calls a day"):
        one.before(URL)
    assert one.stops == {}
    call(meter(opened, Tariff(limits=(own,)), Hours(), account="b"))


def test_a_short_limit_is_waited_for_and_by_host(opened: Store) -> None:
    hours = Hours()
    one = meter(opened, Tariff(limits=(MINUTE,)), hours)
    for _ in range(2):
        call(one)
    call(one, url="https://other.example/posts")
    assert hours.slept == []
    call(one)
    assert hours.slept == [pytest.approx(30, abs=0.1)]
    call(one)
    call(one)
    assert len(hours.slept) == 2
    assert one.used == {"calls": 6}


def test_a_wait_takes_nothing_of_the_limits_beside_it(opened: Store) -> None:
    hours = Hours(at=dt.datetime(2026, 10, 5, 9, 0, 10, tzinfo=dt.UTC))
    daily = Limit(unit=Unit.CALLS, amount=3, period=Day())
    one = meter(opened, Tariff(limits=(daily, MINUTE)), hours)
    for _ in range(3):
        call(one)
    assert len(hours.slept) == 1
    with pytest.raises(BudgetSpent, match="3 calls a day"):
        one.before(URL)


def test_a_clock_that_is_ahead_gives_nobody_a_slice_twice(store: Store) -> None:
    """Two machines whose clocks differ by a minute share slices of twelve seconds."""
    limit = Limit(unit=Unit.CALLS, amount=2, period=Slice(12))
    behind, ahead = Hours(), Hours()
    ahead.at += dt.timedelta(minutes=1)
    slow, fast = (meter(store, Tariff(limits=(limit,)), one) for one in (behind, ahead))
    for _ in range(2):
        call(slow)
    call(fast)
    call(slow)
    assert behind.slept, "a third call left in a slice of two"


def test_nobody_waits_for_ever_when_others_are_faster(opened: Store) -> None:
    hours = Hours()
    tariff = Tariff(limits=(MINUTE,))
    greedy = meter(opened, tariff, hours)

    def sleep(seconds: float) -> None:
        hours.sleep(seconds)
        call(greedy)
        call(greedy)

    sleep(0)
    late = Meter(
        opened,
        tariff,
        platform="p",
        account_id="b",
        clock=Time(now=lambda: hours.at, sleep=sleep),
    )
    with pytest.raises(TransientFetchError, match="other workers"):
        late.before(URL)
    assert LONGEST_WAIT_S - 60 < sum(hours.slept) <= LONGEST_WAIT_S


def test_without_a_store_calls_are_counted_and_none_is_held_back() -> None:
    one = meter(None, Tariff(limits=(MONEY, MINUTE), most=most, spent=brought), Hours())
    for _ in range(9):
        call(one)
    assert one.used == {"calls": 9, "micro_usd": 18_000}


def test_the_policy_lowers_what_a_platform_allows_and_replaces_what_we_chose() -> None:
    quota = Limit(unit=Unit.QUOTA, amount=10_000, period=Day())
    tariff = Tariff(limits=(quota, MONEY, paced(60, 60)))

    def amounts(**policy: int) -> list[int]:
        return [one.amount for one in tightened(tariff, policy)]

    assert amounts() == [10_000, 100_000, 10]
    assert amounts(daily_units=50, monthly_usd=7) == [50, 7, 10]
    assert amounts(daily_units=20_000, monthly_usd=900_000) == [10_000, 900_000, 10]
    assert amounts(daily_calls=5) == [10_000, 100_000, 10, 5]


@pytest.mark.parametrize(
    ("unit", "amount", "words"),
    [
        (Unit.MICRO_USD, 1_250_000, "$1.25"),
        (Unit.MICRO_USD, 5_000, "$0.005"),
        (Unit.MICRO_USD, 0, "$0.00"),
        (Unit.CALLS, 1_200, "1,200 calls"),
        (Unit.QUOTA, 80, "80 quota units"),
    ],
)
def test_amounts_are_put_into_words(unit: Unit, amount: int, words: str) -> None:
    assert amount_words(unit, amount) == words


def test_a_stop_of_an_older_day_no_longer_counts(opened: Store) -> None:
    hours = Hours()
    stops = {"p": Stop("over", hours.at - dt.timedelta(seconds=1))}
    one = Meter(
        opened,
        Tariff(limits=(MONEY,)),
        platform="p",
        account_id="a",
        stops=stops,
        clock=hours.time,
    )
    call(one)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def client(server: Server) -> Client:
    return Client(Settings(allow_hosts=(server.pair,)), pause_s=0, backoff_s=0)


def test_retries_and_redirects_are_calls_too(server: Server, opened: Store) -> None:
    server.answers("/a", (503, {}, b""), (429, {"Retry-After": "0"}, b""), (200, {}, b"{}"))
    server.answers("/moved", (301, {"Location": "/a"}, b""))
    one = meter(opened, Tariff(limits=(paced(600, 60),)), Hours())
    with client(server) as web:
        web.meter = one
        assert web.get(server.url("/a")).status == 200
        assert one.used == {"calls": 3}
        web.get(server.url("/moved"))
    assert one.used == {"calls": 5} == {"calls": len(server.requests)}


def test_what_failed_first_is_charged_as_an_error_and_no_answer_in_full(
    server: Server, opened: Store
) -> None:
    server.answers("/a", (500, {}, b""), (200, {}, b"12345"))
    server.routes["/hangs-up"] = lambda _: None
    one = meter(opened, Tariff(limits=(MONEY,), most=most, spent=brought), Hours())
    with client(server) as web:
        web.meter = one
        web.get(server.url("/a"))
        assert one.used == {"calls": 2, "micro_usd": 5_000}
        with pytest.raises(BudgetSpent):
            web.get(server.url("/hangs-up"))
    assert one.used == {"calls": 3, "micro_usd": 65_000}
    assert len(server.requests) == 3, "the retry was not allowed to go"


def test_a_call_that_is_not_allowed_never_leaves(server: Server, opened: Store) -> None:
    server.answers("/a", (200, {}, b"{}"))
    limit = Limit(unit=Unit.CALLS, amount=2, period=Day())
    with client(server) as web:
        web.meter = one = meter(opened, Tariff(limits=(limit,)), Hours())
        for _ in range(2):
            web.get(server.url("/a"))
        for _ in range(3):
            with pytest.raises(BudgetSpent, match="2 calls a day"):
                web.get(server.url("/a"))
    assert len(server.requests) == one.used["calls"] == 2


def test_workers_at_once_make_exactly_the_calls_that_are_allowed(
    server: Server, opened: Store
) -> None:
    server.answers("/a", (200, {}, b"{}"))
    limit = Limit(unit=Unit.CALLS, amount=25, period=Day())

    def work(name: str) -> None:
        with client(server) as web:
            web.meter = meter(opened, Tariff(limits=(limit,)), Hours(), account=name)
            for _ in range(20):
                try:
                    web.get(server.url("/a"))
                except BudgetSpent:
                    return

    workers = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(server.requests) == 25
