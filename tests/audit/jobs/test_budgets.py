"""Nights with a limit: what stops, what goes on, what it cost, and what was forecast."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from audit import catalogue
from audit.errors import ConfigError, IncompleteRun
from audit.installation import Installation
from audit.jobs.credentials import put
from audit.jobs.fetch import fetch_account
from audit.jobs.forecast import PlatformForecast, forecast
from audit.jobs.notices import collect, coming
from audit.jobs.plan import plan
from audit.jobs.probe import Seen, try_credentials
from audit.jobs.shard import audit_shard
from audit.jobs.verify import verify
from audit.model.item import GapKind
from audit.model.notice import Notice, NoticeKind
from audit.platforms.base import Credential, Target
from audit.platforms.limits import Unit
from audit.platforms.readers import x as reader
from audit.store import accounts, allowances, runs
from reports.cli import app
from tests.organisation import Organisation, post, profile
from tests.serving import Answer, Server, serving

NOW = dt.datetime.now(dt.UTC)
EPOCH_MS = 1288834974657
"""Of ids that tell when they were made. Source: github.com/twitter-archive/snowflake."""
IDS = {"x_one": "901", "x_two": "902"}
PRICES = {"users": 10_000, "tweets": 5_000, "media": 5_000}


@dataclass
class Birdsite:
    """An API like X's, that bills what it gives."""

    posts: int = 12
    billed: int = 0
    calls: list[str] = field(default_factory=list)

    def answer(self, path: str, params: dict[str, list[str]]) -> dict[str, Any]:
        last = path.rpartition("/")[2]
        owner = next((name for name, key in IDS.items() if name == last or key in path), "x_one")
        me = {"id": IDS[owner], "username": owner, "name": "Library", "public_metrics": {}}
        if last in (owner, IDS[owner]):
            return self.give({"data": me}, "users")
        listed = [self.post(number, IDS[owner]) for number in range(self.posts)]
        if path == "/2/tweets":
            asked = params["ids"][0].split(",")
            listed = [one for one in listed if one["id"] in asked]
        elif path == "/2/tweets/search/recent":
            listed = [self.comment(one) for one in listed[:3]]
            people = [{**me, "id": one["author_id"], "username": one["id"]} for one in listed]
            return self.give({"data": listed, "includes": {"users": people}, "meta": {}}, "tweets")
        held = {"users": [me], "media": [{"media_key": "m1", "type": "photo"}]}
        return self.give({"data": listed, "includes": held, "meta": {}}, "tweets")

    def give(self, body: dict[str, Any], kind: str) -> dict[str, Any]:
        data = body["data"]
        self.billed += PRICES[kind] * (len(data) if isinstance(data, list) else 1)
        for name, entries in body.get("includes", {}).items():
            self.billed += PRICES[name] * len(entries)
        return body

    def post(self, number: int, author: str) -> dict[str, Any]:
        when = NOW - dt.timedelta(days=number % 6, hours=1, minutes=number)
        key = str((int(when.timestamp() * 1000) - EPOCH_MS) << 22)
        return {
            "id": key,
            "text": "Hello",
            "author_id": author,
            "conversation_id": key,
            "created_at": when.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "edit_history_tweet_ids": [key],
            "public_metrics": {"reply_count": 1 if number < 3 else 0},
        }

    def comment(self, parent: dict[str, Any]) -> dict[str, Any]:
        key = str(int(parent["id"]) + 1)
        answered = [{"type": "replied_to", "id": parent["id"]}]
        return {
            **parent,
            "id": key,
            "author_id": f"7{key[-6:]}",
            "conversation_id": parent["id"],
            "referenced_tweets": answered,
            "edit_history_tweet_ids": [key],
            "public_metrics": {"reply_count": 0},
        }


@dataclass
class Town:
    """An organisation with accounts of X, served here, and an archive."""

    organisation: Organisation
    birdsite: Birdsite
    server: Server
    x_accounts: tuple[str, ...] = ("x-one", "x-two")

    def settle(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def route(asked: BaseHTTPRequestHandler) -> Answer:
            parts = urlsplit(asked.path)
            self.birdsite.calls.append(parts.path)
            body = self.birdsite.answer(parts.path, parse_qs(parts.query))
            return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

        class Routes(dict[str, Any]):
            def get(self, key: str, default: Any = None) -> Any:
                return route

        self.server.routes = Routes()
        monkeypatch.setattr(reader, "ROOT", self.server.url("").rstrip("/"))
        given = catalogue.platform("x")

        def gather(target: Target, client: Any) -> Any:
            return given.gather(replace(target, credential=Credential(token="t")), client)

        monkeypatch.setitem(catalogue.platforms(), "x", replace(given, gather=gather))
        self.organisation.account("library", profile(), post("1", "Hello."))
        for name in self.x_accounts:
            self.organisation.accounts[name] = (
                f"{name},x,{name.replace('-', '_')},,Library,ann@bayline.example,"
                "ann@bayline.example;bo@bayline.example,https://library.bayline.example,no\n"
            )
        self.organisation.account("library", profile(), post("1", "Hello."))

    def policy(self, text: str) -> None:
        file = self.organisation.folder / "pack" / "guidelines.toml"
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")

    def do(self, job: Any) -> Any:
        return self.organisation.do(job, allow_hosts=(self.server.pair,), registers=None)

    def night(self, as_of: dt.datetime = NOW) -> runs.Run:
        def work(one: Installation) -> runs.Run:
            planned = plan(one, as_of)
            for shard in planned.shards:
                audit_shard(one, shard)
            return planned.run

        found: runs.Run = self.do(work)
        return found

    def gaps(self, run: runs.Run) -> dict[str, set[tuple[str, str | None]]]:
        def read(one: Installation) -> tuple[runs.Fetched, ...]:
            with one.store.read() as session:
                return runs.fetched(session, run.night)

        found: dict[str, set[tuple[str, str | None]]] = {}
        for row in self.do(read):
            kind = row.gap.kind.value if row.gap else None
            found.setdefault(row.account_id, set()).add((row.facet.value, kind))
        return found

    def usage(self) -> dict[str, list[dict[str, int]]]:
        def read(one: Installation) -> dict[str, list[dict[str, int]]]:
            with one.store.read() as session:
                return allowances.usages(session, 9)

        found: dict[str, list[dict[str, int]]] = self.do(read)
        return found

    def forecast(self) -> dict[str, PlatformForecast]:
        found: list[PlatformForecast] = self.do(forecast)
        return {one.platform: one for one in found}


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with serving() as server:
        one = Town(Organisation(tmp_path), Birdsite(), server)
        one.settle(monkeypatch)
        yield one


def test_what_is_counted_is_what_was_served_and_billed(town: Town) -> None:
    run = town.night()
    assert town.gaps(run)["x-one"] == {(one, None) for one in ("profile", "posts", "comments")}
    used = town.usage()
    assert set(used) == {"x-one", "x-two"}, "an archive costs nothing"
    assert sum(one["calls"] for (one,) in used.values()) == len(town.server.requests)
    assert sum(one["micro_usd"] for (one,) in used.values()) == town.birdsite.billed > 0
    (limit,) = town.forecast()["x"].limits
    assert limit.used == town.birdsite.billed


def test_at_the_monthly_cap_the_platform_stops_and_the_others_go_on(town: Town) -> None:
    # The profile fits ($0.01), a page of posts, which may cost up to $3.51, does not.
    town.policy("\n[platforms.x]\nmonthly_usd = 1.5\n")
    run = town.night()
    gaps = town.gaps(run)
    assert gaps["x-one"] == {("profile", None), ("posts", "budget"), ("comments", "budget")}
    assert gaps["x-two"] == {(one, "budget") for one in ("profile", "posts", "comments")}
    assert all(kind is None for _, kind in gaps["library"])
    assert list(town.birdsite.calls) == ["/2/users/by/username/x_one"]
    assert town.birdsite.billed <= 1_500_000
    with pytest.raises(IncompleteRun) as caught:
        town.do(lambda one: verify(one, run))
    said = str(caught.value)
    assert "x-two: comments, posts, profile: budget: our limit of $1.50 a month does" in said
    assert "does not allow the next call" in said
    assert "more than all of it; raise monthly_usd in the policy" in said
    assert "goes on" not in said, "no next month is larger"
    assert "library" not in said


def test_operators_hear_of_a_month_that_will_not_suffice(town: Town) -> None:
    town.policy("\n[platforms.x]\nmonthly_usd = 6\n")
    town.night()
    month = NOW.replace(day=1, hour=0, minute=1) + dt.timedelta(days=32)
    begun = month.replace(day=1)

    def told(at: dt.datetime) -> list[Notice]:
        return town.do(lambda one: list(coming(one, at)))

    (found,) = told(begun)
    assert (found.kind, found.subject) == (NoticeKind.FORECAST, "x")
    assert "$0.00 of $6.00 are used" in found.detail
    assert "does not last until" in found.detail
    last = (begun + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    assert told(last) == [], "one night is left, and it fits"


@pytest.mark.parametrize("key", ["monthly_usd", "daily_calls"])
def test_the_night_that_is_over_is_not_expected_once_more(town: Town, key: str) -> None:
    town.policy(f"\n[platforms.x]\n{key} = 1000\n")
    town.night()
    now = dt.datetime.now(dt.UTC)
    month = (now.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    nights = (month.date() - now.date()).days
    dollars, calls = town.birdsite.billed * (nights + 0.5) / 1e6, len(town.server.requests) * 3 // 2
    file = town.organisation.folder / "pack" / "guidelines.toml"
    amount = dollars if key == "monthly_usd" else calls
    file.write_text(file.read_text().replace(f"{key} = 1000", f"{key} = {amount}"))
    assert town.do(lambda one: list(coming(one, now))) == []


def test_a_cap_that_stopped_a_platform_is_told_with_its_reason(town: Town) -> None:
    town.policy("\n[platforms.x]\nmonthly_usd = 1.5\n")
    run = town.night()
    (found,) = town.do(lambda one: collect(one, run))
    assert (found.kind, found.subject) == ("limit", "x")
    assert "our limit of $1.50 a month does not allow the next call" in found.detail


def test_a_gap_of_the_budget_is_not_tried_again_by_itself(town: Town) -> None:
    town.policy("\n[platforms.x]\nmonthly_usd = 0\n")

    def twice(one: Installation) -> None:
        planned = plan(one, NOW)
        for shard in planned.shards:
            audit_shard(one, shard, last_try=False)

    town.do(twice)
    town.do(twice)
    assert town.server.requests == []
    assert not GapKind.BUDGET.transient


def test_a_later_try_keeps_what_could_still_be_read_and_reads_on_after_a_raise(
    town: Town,
) -> None:
    town.policy("\n[platforms.x]\nmonthly_usd = 0.01\n")
    first = town.gaps(town.night())
    assert ("profile", None) in first["x-one"]
    assert town.gaps(town.night()) == first, "nothing is lost by trying again"
    assert len(town.birdsite.calls) == 1
    town.policy("\n# raised\n")
    file = town.organisation.folder / "pack" / "guidelines.toml"
    file.write_text(file.read_text().replace("monthly_usd = 0.01", "monthly_usd = 50"))
    after = town.gaps(town.night())
    assert {kind for name in ("x-one", "x-two") for _, kind in after[name]} == {None}


def test_a_night_told_twice_costs_nothing_more(town: Town) -> None:
    town.night()
    billed, used = town.birdsite.billed, town.usage()
    town.night()
    assert (town.birdsite.billed, town.usage()) == (billed, used)


def test_a_forecast_asks_and_writes_nothing(town: Town) -> None:
    found = town.forecast()
    assert town.server.requests == []
    assert found["archive"].calls == 0
    assert found["archive"].limits == ()
    x = found["x"]
    assert (x.accounts, x.assumed, x.measured) == (2, 2, 0)
    assert x.assumptions["posts per day"] == 1.0
    (limit,) = x.limits
    assert (limit.key, limit.amount, limit.used) == ("monthly_usd", 50_000_000, 0)
    assert limit.share == round(limit.tonight / limit.amount, 4)

    def nights(one: Installation) -> tuple[runs.Run, ...]:
        with one.store.read() as session:
            return runs.nights(session)

    assert town.do(nights) == ()


def test_the_forecast_of_a_night_like_the_last_is_what_it_takes(town: Town) -> None:
    town.night(NOW - dt.timedelta(days=1))
    told = town.forecast()["x"]
    before, billed = len(town.server.requests), town.birdsite.billed
    assert (told.measured, told.assumed, told.assumptions) == (2, 0, {})
    town.night()
    assert told.calls / (len(town.server.requests) - before) == pytest.approx(1, abs=0.25)
    assert told.micro_usd is not None
    assert told.micro_usd / (town.birdsite.billed - billed) == pytest.approx(1, abs=0.25)


def test_without_a_measured_night_the_stored_items_tell_the_size(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.night(NOW - dt.timedelta(days=1))
    billed = town.birdsite.billed

    def nothing(*_: object, **__: object) -> dict[str, Any]:
        return {}

    monkeypatch.setattr(allowances, "usages", nothing)
    told = town.forecast()["x"]
    assert (told.measured, told.stored, told.assumed) == (0, 2, 0)
    assert "media per post" in told.assumptions
    assert told.micro_usd is not None
    assert 0.5 < told.micro_usd / billed < 2


def test_a_night_cut_short_by_a_limit_is_no_measure(town: Town) -> None:
    town.policy("\n[platforms.x]\nmonthly_usd = 0.5\n")
    town.night()
    told = town.forecast()["x"]
    assert told.measured == 0
    assert told.micro_usd is not None
    assert told.micro_usd > 100_000


def test_a_local_limit_of_calls_stops_any_platform(town: Town) -> None:
    town.policy("\n[platforms.x]\ndaily_calls = 2\n")
    run = town.night()
    assert len(town.server.requests) == 2
    assert ("comments", "budget") in town.gaps(run)["x-one"]
    limits = {one.key: one for one in town.forecast()["x"].limits}
    assert (limits["daily_calls"].used, limits["daily_calls"].left) == (2, 0)
    assert not limits["daily_calls"].enough


def command(town: Town, monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    folder = town.organisation.folder
    monkeypatch.setenv("AUDIT_HOME", str(folder / "home"))
    monkeypatch.setenv("AUDIT_POLICY", str(folder / "pack"))
    return CliRunner().invoke(app, ["fetch", "--plan", *words])


def test_the_plan_in_json(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.do(lambda one: None)
    done = command(town, monkeypatch, "--json")
    assert done.exit_code == 0
    rows = json.loads(done.stdout)["platforms"]
    assert [row["platform"] for row in rows] == ["archive", "x"]
    names = set(PlatformForecast.__slots__)
    assert [set(row) for row in rows] == [names, names]
    (limit,) = rows[1]["limits"]
    assert limit["unit"] == Unit.MICRO_USD
    assert limit["left"] == limit["amount"] - limit["used"] == 50_000_000
    for name in ("accounts", "measured", "stored", "assumed", "calls", "micro_usd"):
        assert type(rows[1][name]) is int, name
    assert rows[1]["quota_units"] is None


def test_the_plan_in_words(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.policy("\n[platforms.x]\nmonthly_usd = 0.25\n")
    town.do(lambda one: None)
    done = command(town, monkeypatch)
    line = next(one for one in done.stdout.splitlines() if one.startswith("x "))
    assert "2 assumed" in line
    assert "monthly_usd" in line
    assert "posts per day 1.0" in done.stderr
    assert "[platforms.x] monthly_usd: not enough is left for tonight" in done.stderr


def test_a_plan_for_nobody_or_for_the_past_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["fetch", "--plan"])
    assert (done.exit_code, "registry import" in done.stderr) == (2, True)
    done = CliRunner().invoke(app, ["fetch", "--plan", "--as-of", "2026-10-02"])
    assert (done.exit_code, "--as-of" in done.stderr) == (2, True)


def test_a_database_that_fails_is_no_fault_of_the_account(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit.client import Client
    from audit.errors import StoreError

    def failing(*_: object) -> None:
        raise StoreError("database: gone")

    monkeypatch.setattr(allowances, "take", failing)

    def work(one: Installation) -> None:
        run = plan(one, NOW).run
        with Client(one.settings) as client:
            fetch_account(one, run, "x-one", client)

    with pytest.raises(StoreError):
        town.do(work)
    assert town.server.requests == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[platforms.yutube]\ndaily_units = 1\n", "no such platform, did you mean 'youtube'"),
        ("[platforms.x]\nmonthly_us = 1\n", "did you mean 'monthly_usd'"),
        ("[platforms.x]\nmonthly_usd = -1\n", "greater than or equal to 0"),
        ("[platforms.x]\nmonthly_usd = 0.001\n", "decimal places"),
        ("[platforms.mastodon]\nmonthly_usd = 1\n", "has no such limit"),
        ("[platforms.youtube]\ndaily_units = 10001\n", "more than the 10000"),
        ("[platforms.archive]\ndaily_calls = 1\n", "has no such limit"),
    ],
)
def test_a_wrong_limit_in_the_policy_stops_everything(town: Town, text: str, message: str) -> None:
    town.policy(f"\n{text}")
    with pytest.raises(ConfigError, match=message) as caught:
        town.do(lambda one: None)
    assert "guidelines.toml" in str(caught.value)
    assert "platforms." in str(caught.value)


def trials(town: Town) -> list[Seen]:
    def work(one: Installation) -> list[Seen]:
        put(one, "x", "", "AAAAAAAA-canary")
        with one.store.read() as session:
            registered = accounts.registered(session)
        return try_credentials(one, registered)

    found: list[Seen] = town.do(work)
    return found


def test_what_the_doctor_tries_is_paid_for_like_a_night(town: Town) -> None:
    assert [one.works for one in trials(town)] == [True, True]
    (limit,) = town.forecast()["x"].limits
    assert limit.used == town.birdsite.billed > 0


def test_the_doctor_spends_nothing_that_is_not_allowed(town: Town) -> None:
    town.policy("\n[platforms.x]\nmonthly_usd = 0\n")
    found = trials(town)
    assert town.server.requests == []
    assert [(one.state, one.works) for one in found] == [("note", None)] * 2
    assert "could not be tried: our limit of $0.00 a month" in found[0].detail
