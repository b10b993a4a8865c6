"""Stores, lists and forgets credentials, and says which of them a person has to look after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from audit import catalogue
from audit.client import Client
from audit.errors import ConfigError, PermanentFetchError, TransientFetchError, suggest
from audit.installation import Installation
from audit.jobs import renewal
from audit.jsontext import parse_json
from audit.platforms.access import Access, fitting
from audit.platforms.answers.tokens import TOKEN, Grant, Refusal, grant
from audit.platforms.base import Platform
from audit.store import accounts, credentials
from audit.store.credentials import Standing, State

NOTICE = dt.timedelta(days=14)
"""How long before its end a credential is told of that only a person can have anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A credential that a person has to look after."""

    platform: str
    account_id: str
    """Empty: it serves the whole platform."""
    kind: str
    """``lost``, ``ended``, ``ends``, ``renewing`` (a renewal that never came to its end) or
    ``failing`` (the last renewal brought nothing)."""
    when: dt.datetime | None
    """When it ends, or since when it is being renewed."""
    detail: str
    """A sentence for people; holds no secret."""


def known(platform: str) -> Platform:
    """Return a platform that wants a credential.

    Raises:
        ConfigError: there is none of that name, or it answers everybody.
    """
    found = catalogue.platform(platform)
    if not found.access:
        wanting = [one.name for one in catalogue.platforms().values() if one.access]
        raise ConfigError(
            f"{platform} is read without a credential; those that want one: "
            + ", ".join(sorted(wanting))
        )
    return found


def check_account(installation: Installation, platform: str, account_id: str) -> str | None:
    """Return the handle of a registered account; ``None`` for the whole platform.

    Raises:
        ConfigError: it is not registered, or is an account of another platform.
    """
    if not account_id:
        return None
    with installation.store.read() as session:
        registered = {one.account_id: one for one in accounts.registered(session)}
    if account_id not in registered:
        near = [one.account_id for one in registered.values() if one.platform == platform]
        raise ConfigError(
            f"account {account_id!r} is not in the registry{suggest(account_id, near)}; "
            "see account-audit registry show"
        )
    if registered[account_id].platform != platform:
        raise ConfigError(
            f"account {account_id!r} is one of {registered[account_id].platform}, not of {platform}"
        )
    return registered[account_id].handle


def read_grant(text: str, now: dt.datetime) -> Grant:
    """Read what a person gives: a bare token, or the platform's answer as JSON.

    Raises:
        ConfigError: neither; the message quotes nothing of it.
    """
    given = text.strip()
    if not given:
        raise ConfigError("nothing was given; a token, or the platform's JSON answer, is wanted")
    if given[0] in "{[":
        try:
            body = parse_json(given)
        except ValueError:
            raise ConfigError("the JSON that was given cannot be read") from None
        if not isinstance(body, dict):
            raise ConfigError("a JSON object with access_token is wanted, not a list")
        found = grant(body, now)
        if found is None:
            what = (
                "is an error"
                if "error" in body
                else "holds no access_token, or a field of a form that no platform sends "
                "(expires_in is a number)"
            )
            raise ConfigError(f"the JSON that was given {what}")
        return found
    if not TOKEN.fullmatch(given):
        raise ConfigError(
            "what was given is no token: it must be one word of visible ASCII characters, "
            "4 to 8192 of them"
        )
    return Grant(token=given)


def put(installation: Installation, platform: str, account_id: str, text: str) -> Standing:
    """Store a credential that a person has got by other ways.

    Raises:
        ConfigError: platform, account or text are of no use; nothing has changed.
    """
    found = known(platform)
    check_account(installation, platform, account_id)
    return keep(installation, found, account_id, read_grant(text, dt.datetime.now(dt.UTC)))


def keep(installation: Installation, platform: Platform, account_id: str, given: Grant) -> Standing:
    """Store what a person was granted, in place of what stood there before."""
    now = dt.datetime.now(dt.UTC)
    new = Standing(platform=platform.name, account_id=account_id, saved_at=now)
    way = fitting(platform.access, given.token)
    standing, secrets = renewal.kept(new, way, given, now, None)
    with installation.store.write() as session:
        return credentials.save(session, standing, secrets)


def forget(installation: Installation, platform: str, account_id: str) -> None:
    """Remove a credential.

    Raises:
        ConfigError: there is none.
    """
    known(platform)
    with installation.store.write() as session:
        done = credentials.remove(session, platform, account_id)
    if not done:
        raise ConfigError(f"no credential of {account_id or platform} is stored")


def renew_now(installation: Installation, platform: str, account_id: str) -> Standing:
    """Renew a credential whether or not it is due.

    Raises:
        ConfigError: there is none, or it cannot be renewed.
        PermanentFetchError: the platform refuses.
        TransientFetchError: the platform did not answer; the old tokens are kept.
    """
    found = known(platform)
    with installation.store.read() as session:
        held = credentials.find(session, platform, account_id)
    if held is None:
        raise ConfigError(f"no credential of {account_id or platform} is stored")
    way = fitting(found.access, held.secrets.token)
    values = renewal.app_values(installation.settings, platform)
    problem = renewal.cannot(found, way, held, values)
    if problem is None and held.standing.state is State.LOST:
        problem = renewal.lost(held.standing, way).reason
    if problem is not None:
        raise ConfigError(f"{held.standing.holder}: {problem}")
    with Client(installation.settings) as client:
        done = renewal.renew(installation, found, held, client)
    if isinstance(done, Refusal):
        kind = TransientFetchError if done.kind.transient else PermanentFetchError
        raise kind(f"{held.standing.holder}: {done.reason}")
    return done.standing


def listing(installation: Installation) -> list[dict[str, Any]]:
    """Return every credential without its secrets, as plain values."""
    with installation.store.read() as session:
        found = credentials.standings(session)
    return [
        {
            "platform": one.platform,
            "account": one.account_id or None,
            "state": one.state.value,
            "scopes": None if one.scopes is None else list(one.scopes),
            "expires_at": one.expires_at,
            "renewable": one.renewable,
            "renewable_until": one.renewable_until,
            "saved_at": one.saved_at,
            "problem": one.problem,
        }
        for one in found
    ]


def ending(found: Sequence[Standing], now: dt.datetime) -> tuple[Ending, ...]:
    """Return what operators have to know of credentials: pure, in the order of ``found``.

    What renews itself is told of only when its refresh token ends, or when that did not work. The
    end of what can be renewed only while it lives is that of its token, which would have been
    renewed long before.
    """
    return tuple(one for standing in found if (one := _notice(standing, now)))


def _notice(one: Standing, now: dt.datetime) -> Ending | None:
    platform = catalogue.platforms().get(one.platform)
    if platform is None or not platform.access:
        return None  # of a version that knew this platform otherwise
    remedy = renewal.remedy(one, authorising(platform.access))
    ends = one.renewable_until if one.renewable else one.expires_at

    def notice(kind: str, when: dt.datetime | None, detail: str) -> Ending:
        return Ending(
            platform=one.platform, account_id=one.account_id, kind=kind, when=when,
            detail=f"{one.platform}: the credential of {one.holder} {detail}",
        )  # fmt: skip

    if one.state is State.LOST:
        return notice("lost", None, f"is not taken by the platform any more; {remedy}")
    if one.state is State.RENEWING and (one.lease_until is None or one.lease_until <= now):
        since = f"{one.leased_at:%Y-%m-%d %H:%M} UTC"
        return notice(
            "renewing", one.leased_at,
            f"has been renewed since {since}, and whoever did so is gone; the next use tries once "
            "more with what is stored",
        )  # fmt: skip
    if ends is not None and ends <= now:
        return notice("ended", ends, f"ended on {ends:%Y-%m-%d}; {remedy}")
    if ends is not None and ends - now <= NOTICE:
        return notice("ends", ends, f"ends on {ends:%Y-%m-%d}; {remedy}")
    if one.renewable and one.problem:
        return notice("failing", one.expires_at, f"could not be renewed: {one.problem}")
    return None


def authorising(ways: tuple[Access, ...]) -> Access:
    """Return the way in that a person can open from here, or else the first."""
    return next((one for one in ways if one.authorise), ways[0])
