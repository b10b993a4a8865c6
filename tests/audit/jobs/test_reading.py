"""An account is read with its credential, and once more with another when that was refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from audit.client import Client
from audit.installation import Installation
from audit.jobs.credentials import put
from audit.jobs.fetch import fetch_account
from audit.jobs.plan import plan
from audit.model.item import Facet, Gap, GapKind
from audit.settings import Settings
from tests.audit.jobs.renewing import configured, held, installed, store_pair
from tests.oauth import X_TOKENS, X_USER, Authority, as_json, route_to, x_of
from tests.serving import Server, serving

STALE = '{"access_token": "stale-canary", "refresh_token": "refresh-0-canary", "expires_in": 7200}'


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


def read(opened: Installation, account: str = "library") -> dict[Facet, Gap | None]:
    """Read an account for a night; returns the gap of each facet."""
    run = plan(opened).run
    with Client(opened.settings, pause_s=0, backoff_s=0.01) as client:
        return {one.facet: one.gap for one in fetch_account(opened, run, account, client)}


def whole(gaps: dict[Facet, Gap | None]) -> bool:
    return all(gap is None for gap in gaps.values())


def test_a_night_reads_with_the_credential(opened: Installation, authority: Authority) -> None:
    store_pair(opened, lasts_s=7200)
    assert whole(read(opened))
    assert authority.rotations == 0


def test_without_one_the_account_is_denied(opened: Installation, server: Server) -> None:
    gaps = read(opened)
    assert {gap and gap.kind for gap in gaps.values()} == {GapKind.DENIED}
    assert server.requests == []


def test_one_that_ended_is_renewed_first(opened: Installation, authority: Authority) -> None:
    store_pair(opened, lasts_s=1)
    assert whole(read(opened))
    assert authority.rotations == 1


def test_a_refused_token_is_renewed_once_and_the_account_read_again(
    opened: Installation, authority: Authority
) -> None:
    put(opened, "x", "library", STALE)
    assert whole(read(opened))
    assert authority.rotations == 1
    assert held(opened).standing.generation == 2


def test_one_that_is_refused_after_a_renewal_is_not_renewed_again(
    opened: Installation, authority: Authority, server: Server
) -> None:
    put(opened, "x", "", STALE)
    server.answers(X_USER, as_json({"title": "Unauthorized", "status": 401}, 401))
    server.answers(
        X_USER.replace("library", "museum"), as_json({"title": "Unauthorized", "status": 401}, 401)
    )
    for account in ("library", "museum", "library"):
        gaps = read(opened, account)
        assert {gap and gap.kind for gap in gaps.values()} == {GapKind.DENIED}
    assert authority.rotations == 1


def test_what_cannot_be_renewed_says_so_in_every_facet(
    opened: Installation, authority: Authority
) -> None:
    store_pair(opened, lasts_s=1)
    authority.dead = True
    gaps = read(opened)
    reasons = {gap.reason for gap in gaps.values() if gap}
    assert len(gaps) == 3
    assert len(reasons) == 1
    assert "account-audit credentials authorise x --account library" in reasons.pop()


def test_a_refused_token_whose_renewal_fails_leaves_the_reason(
    opened: Installation, server: Server
) -> None:
    put(opened, "x", "library", STALE)
    server.answers(X_TOKENS, as_json({}, 503))
    gaps = read(opened)
    assert {gap and gap.kind for gap in gaps.values()} == {GapKind.BROKEN}


def test_an_app_token_has_nothing_to_renew(opened: Installation, server: Server) -> None:
    put(opened, "x", "", "AAAAAAAAAAAAcanary")
    gaps: Any = read(opened)
    assert {gap.kind for gap in gaps.values()} == {GapKind.DENIED}
    assert not any(X_TOKENS in path for path, _ in server.requests)


def test_what_was_read_before_the_refusal_is_kept_when_the_second_try_fails(
    opened: Installation, authority: Authority, server: Server
) -> None:
    """The token ends between the profile and the posts; then the profile cannot be had again."""
    store_pair(opened, lasts_s=7200)
    user = as_json({"data": {"id": "7", "username": "library", "name": "Library"}})
    server.answers(X_USER, user, as_json({}, 503))
    refused = as_json({"title": "Unauthorized", "status": 401}, 401)
    server.answers("/api.x.com/2/users/7/tweets", refused)
    gaps = read(opened)
    assert authority.rotations == 1
    profile = gaps[Facet.PROFILE]
    assert profile is not None
    assert profile.partial, "the profile was read, and is not to be found"
