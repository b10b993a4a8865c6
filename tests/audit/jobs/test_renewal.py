"""Tokens are replaced once, stored before they are used, and never guessed about."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from audit.errors import StoreError
from audit.installation import Installation, open_installation
from audit.jobs import renewal
from audit.model.item import GapKind
from audit.platforms.answers.tokens import Refusal
from audit.settings import Settings
from audit.store import credentials
from audit.store.credentials import State
from audit.store.schema_upkeep import credential
from tests.audit.jobs.renewing import configured, end_lease, held, installed, store_pair, use
from tests.oauth import X_TOKENS, Authority, as_json, route_to, x_of
from tests.serving import Server, serving

both_databases = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as running:
        route_to(running, monkeypatch)
        yield running


@pytest.fixture
def authority(server: Server) -> Authority:
    made = Authority()
    x_of(made, server)
    return made


@pytest.fixture
def opened(server: Server, authority: Authority, settings: Settings) -> Iterator[Installation]:
    with installed(configured(settings, server)) as one:
        yield one


def test_a_token_that_lasts_is_used_as_it_is(opened: Installation, server: Server) -> None:
    store_pair(opened, lasts_s=7200)
    assert use(opened).secrets.token == "access-0-canary"
    assert server.requests == []


def test_nothing_is_stored(opened: Installation) -> None:
    assert use(opened) is None


def test_one_that_ends_soon_is_renewed_and_stored_first(
    opened: Installation, authority: Authority
) -> None:
    store_pair(opened)
    during: list[State] = []
    authority.after = lambda: during.append(held(opened).standing.state)
    found = use(opened)
    assert during == [State.RENEWING]
    assert found == held(opened)
    assert found.secrets == credentials.Secrets(
        token="access-1-canary", refresh_token="refresh-1-canary"
    )
    standing = found.standing
    assert (standing.state, standing.generation, standing.lease) == (State.VALID, 2, None)
    assert standing.renewable
    assert standing.expires_at > dt.datetime.now(dt.UTC) + dt.timedelta(minutes=110)
    assert authority.forms == [{"grant_type": "refresh_token", "refresh_token": "refresh-0-canary"}]
    assert use(opened).secrets.token == "access-1-canary"
    assert authority.rotations == 1


def test_nothing_is_held_open_while_the_platform_is_asked(
    opened: Installation, authority: Authority
) -> None:
    def write_meanwhile() -> None:
        with opened.store.write() as session:
            session.lock("credential:x:library")
            credentials.learn(session, held(opened).standing, problem="looked at")

    store_pair(opened)
    authority.after = write_meanwhile
    assert use(opened).secrets.token == "access-1-canary"


def test_the_credential_of_the_account_wins_over_that_of_the_platform(
    opened: Installation,
) -> None:
    store_pair(opened, lasts_s=7200, account="")
    assert use(opened).standing.account_id == ""
    store_pair(opened, lasts_s=7200)
    assert use(opened).standing.account_id == "library"
    assert use(opened, "museum").standing.account_id == ""


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_failure_that_passes_keeps_the_pair(
    opened: Installation, authority: Authority, server: Server, status: int
) -> None:
    store_pair(opened, lasts_s=1)
    server.answers(X_TOKENS, as_json({}, status))
    _let_end(opened)
    found = use(opened)
    assert isinstance(found, Refusal)
    assert found.kind.transient
    assert len(server.requests) == 1, "a spent token would be shown twice"
    assert held(opened).standing.state is State.VALID
    assert held(opened).standing.problem
    server.routes[X_TOKENS] = authority
    assert use(opened).secrets.token == "access-1-canary"
    assert held(opened).standing.problem is None


def test_no_answer_in_time_keeps_the_pair_and_asks_once(
    server: Server, authority: Authority, settings: Settings
) -> None:
    with installed(configured(settings, server, http_timeout_s=0.3)) as opened:
        store_pair(opened, lasts_s=1)
        _let_end(opened)
        authority.delay_s = 1.0
        found = use(opened)
        assert (found.kind, len(server.requests)) == (GapKind.BROKEN, 1)
        assert held(opened).secrets.refresh_token == "refresh-0-canary"
        assert held(opened).standing.state is State.VALID


def test_a_token_that_still_lasts_outlives_a_failed_renewal(
    opened: Installation, server: Server
) -> None:
    store_pair(opened, lasts_s=60)
    server.answers(X_TOKENS, as_json({}, 503))
    assert use(opened).secrets.token == "access-0-canary"


def test_a_refresh_token_that_is_no_more_needs_a_person(
    opened: Installation, authority: Authority, server: Server
) -> None:
    store_pair(opened)
    authority.dead = True
    found = use(opened)
    assert found.kind is GapKind.DENIED
    assert "account-audit credentials authorise x --account library" in found.reason
    assert held(opened).standing.state is State.LOST
    assert use(opened) == found
    assert len(server.requests) == 1, "what is lost is not asked about again"


def test_a_wrong_secret_is_no_loss(opened: Installation, server: Server) -> None:
    store_pair(opened, lasts_s=1)
    _let_end(opened)
    server.answers(X_TOKENS, as_json({"error": "invalid_client"}, 401))
    found = use(opened)
    assert (found.kind, found.dead) == (GapKind.DENIED, False)
    assert "invalid_client" in found.reason
    assert held(opened).standing.state is State.VALID


def test_without_the_app_nothing_is_asked(
    server: Server, authority: Authority, settings: Settings
) -> None:
    with installed(configured(settings, server, oauth_clients={})) as opened:
        store_pair(opened, lasts_s=1)
        _let_end(opened)
        found = use(opened)
        assert "AUDIT_OAUTH_CLIENTS" in found.reason
        assert "audit_x" in found.reason
        assert server.requests == []


def test_recorded_answers_need_no_renewal(
    opened: Installation, server: Server, tmp_path: Path, settings: Settings
) -> None:
    store_pair(opened, lasts_s=1)
    with open_installation(configured(settings, server, recordings=tmp_path)) as playing:
        assert use(playing).secrets.token == "access-0-canary"
    assert server.requests == []


def test_a_pair_that_cannot_be_stored_is_tried_again_and_then_told_of(
    opened: Installation, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_pair(opened)
    real, failures = credentials.renewed, [StoreError("full")] * 2
    monkeypatch.setattr(renewal, "SAVE_WAITS_S", (0.0, 0.0))

    def failing(*args: Any) -> bool:
        if failures:
            raise failures.pop()
        return real(*args)

    monkeypatch.setattr(credentials, "renewed", failing)
    assert use(opened).secrets.token == "access-1-canary"
    failures.extend([StoreError("full")] * 3)
    _let_end(opened)
    with pytest.raises(StoreError, match="its new tokens could not be stored: full") as caught:
        use(opened)
    assert "account-audit credentials authorise x --account library" in str(caught.value)
    assert "canary" not in str(caught.value)
    assert held(opened).standing.state is State.RENEWING


def test_a_new_pair_outlives_a_database_that_restarts(
    opened: Installation, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_pair(opened)
    real, slept = credentials.renewed, [0.0]

    def restarting(*args: Any) -> bool:
        if sum(slept) < 30:
            raise StoreError("the server is starting up")
        return real(*args)

    monkeypatch.setattr(credentials, "renewed", restarting)
    monkeypatch.setattr(renewal.time, "sleep", slept.append)
    assert use(opened).secrets.token == "access-1-canary"
    assert sum(slept) <= 60, "the lease allows a minute for it"


def test_what_a_person_sets_meanwhile_wins(opened: Installation, authority: Authority) -> None:
    store_pair(opened)
    authority.after = lambda: store_pair(opened, lasts_s=9999) and None  # type: ignore[func-returns-value]
    use(opened)
    assert held(opened).secrets.token == "access-0-canary"
    assert held(opened).standing.state is State.VALID


def test_a_late_pair_is_kept_although_the_lease_was_taken_over(
    opened: Installation, authority: Authority
) -> None:
    store_pair(opened)

    def take_over() -> None:
        authority.after = lambda: None
        end_lease(opened)
        assert use(opened).dead, "the one in force has been rotated away"
        authority.dead = False

    authority.after = take_over
    assert use(opened).secrets.token == "access-1-canary"
    assert held(opened).standing.state is State.VALID


def _let_end(opened: Installation) -> None:
    """Let the token's time be over."""
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    with opened.store.write() as session:
        credentials.learn(session, held(opened).standing, expires_at=past)


def _work(settings: Settings, server: Server, barrier: Any, told: Any) -> None:
    """Another worker, in a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        route_to(server, patch)
        with open_installation(settings) as opened:
            if barrier is not None:
                barrier.wait(timeout=60)
            found = use(opened)
    told.put(getattr(found, "reason", None) or found.secrets.token)


def _worker(settings: Settings, server: Server, barrier: Any = None) -> tuple[Any, Any]:
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    far = Server(port=server.port)
    process = context.Process(target=_work, args=(settings, far, barrier, told))
    return process, told


@both_databases
def test_two_processes_end_with_one_valid_pair(
    database: str,
    server: Server,
    authority: Authority,
    settings: Settings,
    request: pytest.FixtureRequest,
) -> None:
    if database == "postgres":
        settings = request.getfixturevalue("postgres")
    chosen = configured(settings, server)
    authority.delay_s = 0.7
    with installed(chosen) as opened:
        store_pair(opened)
        barrier = multiprocessing.get_context("spawn").Barrier(2)
        workers = [_worker(chosen, server, barrier) for _ in range(2)]
        for process, _ in workers:
            process.start()
        tokens = [told.get(timeout=60) for _, told in workers]
        for process, _ in workers:
            process.join(timeout=60)
        assert (authority.rotations, authority.dead) == (1, False)
        assert tokens == [authority.access_token] * 2
        found = held(opened)
        assert found.secrets.token == authority.access_token
        assert found.secrets.refresh_token == authority.refresh_token
        assert found.standing.state is State.VALID
        with opened.store.read() as session:
            rows = session.connection.execute(select(credential)).all()
        assert len(rows) == 1
        assert "canary" not in repr(rows)


@both_databases
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_is_seen(
    database: str,
    moment: str,
    server: Server,
    authority: Authority,
    settings: Settings,
    request: pytest.FixtureRequest,
) -> None:
    if database == "postgres":
        settings = request.getfixturevalue("postgres")
    chosen = configured(settings, server)
    with installed(chosen) as opened:
        store_pair(opened, lasts_s=1)
        _let_end(opened)
        process, _ = _worker(chosen, server)
        died: list[int] = []

        def kill() -> None:
            if not died:
                died.append(process.pid)
                os.kill(process.pid, signal.SIGKILL)
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
                if moment == "before":
                    raise ConnectionAbortedError

        setattr(authority, moment, kill)
        process.start()
        process.join(timeout=60)
        assert process.exitcode == -signal.SIGKILL
        assert held(opened).standing.state is State.RENEWING

        waiting = use(opened, patience_s=0)
        assert waiting.kind is GapKind.BROKEN
        assert "another process" in waiting.reason

        end_lease(opened)
        found = use(opened)
        if moment == "before":
            assert found.secrets.token == authority.access_token
            assert authority.rotations == 1
        else:
            assert found.dead
            assert "credentials authorise x --account library" in found.reason
            assert held(opened).standing.state is State.LOST
        assert len(authority.forms) == 2, "the old token is shown once more, and not again"


def test_after_two_deaths_nobody_tries_again(opened: Installation, server: Server) -> None:
    store_pair(opened)
    seen, now = held(opened).standing, dt.datetime.now(dt.UTC)
    for lease in ("one", "two"):
        with opened.store.write() as session:
            taken = credentials.take(session, seen, lease, now, now - dt.timedelta(seconds=1))
        assert taken is not None
        assert taken.standing.lease == lease
    assert use(opened).dead
    assert held(opened).standing.state is State.LOST
    assert server.requests == []


def test_a_token_that_only_lives_on_can_be_shown_again(opened: Installation) -> None:
    store_pair(opened)
    seen, now = held(opened).standing, dt.datetime.now(dt.UTC)
    past = now - dt.timedelta(seconds=1)
    for lease in ("one", "two", "three"):
        with opened.store.write() as session:
            taken = credentials.take(session, seen, lease, now, past, spends=False)
        assert taken is not None
        assert taken.standing.lease == lease
    with opened.store.write() as session:
        again = credentials.take(session, seen, "four", now, past)
    assert again is not None
    assert again.standing.state is State.LOST, "one that is spent by it cannot"
