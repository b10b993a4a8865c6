"""Tries the credentials of all accounts, and says what a person has to do about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from audit import catalogue
from audit.client import Client
from audit.errors import FetchError
from audit.installation import Installation
from audit.jobs import renewal
from audit.jobs.credentials import authorising, ending
from audit.jobs.reading import equipped, metered
from audit.model.account import Account
from audit.model.item import GapKind, Window
from audit.model.record import GapRecord, ProfileRecord
from audit.platforms.access import Access, Slot, fitting
from audit.platforms.answers.tokens import Refusal, Told, told
from audit.platforms.base import Platform, Target
from audit.store import credentials
from audit.store.credentials import Held, Standing

WINDOW = dt.timedelta(days=1)
UNREACHED = 2
"""Accounts of a platform in a row without an answer, after which the others are not tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What became of one trial."""

    subject: str
    """The account, or the credential that a notice is about."""
    state: str
    """``well``, ``note`` or ``wrong``."""
    detail: str
    works: bool | None = None
    """``None``: not known."""
    missing_scopes: tuple[str, ...] | None = None
    """``None``: the platform does not tell what was granted."""
    expires_at: dt.datetime | None = None


def try_credentials(installation: Installation, registered: Sequence[Account]) -> list[Seen]:
    """Try each account whose platform wants a credential, after the notices about all of them.

    A token that ends is renewed on the way, through the same lease as in a night. No trial
    waits for a renewal that is under way.
    """
    now = dt.datetime.now(dt.UTC)
    with installation.store.read() as session:
        stored = credentials.standings(session)
    found = [
        Seen(subject=f"{one.platform} {one.account_id}".strip(), state="note", detail=one.detail)
        for one in ending(stored, now)
        if one.kind != "lost"  # each account that it serves is wrong below
    ]
    silent: dict[str, int] = {}
    told_of: dict[tuple[str, str], Told | None] = {}
    with Client(installation.settings, attempts=1) as client:
        for account in registered:
            platform = catalogue.platform(account.platform)
            if not platform.access:
                continue
            if silent.get(platform.name, 0) >= UNREACHED:
                detail = f"not tried: {platform.name} did not answer for the accounts before"
                found.append(Seen(subject=account.account_id, state="note", detail=detail))
                continue
            one = _tried(installation, platform, account, client, told_of)
            unreached = one.state == "note" and one.works is None
            silent[platform.name] = silent.get(platform.name, 0) + 1 if unreached else 0
            found.append(one)
    return found


def _tried(
    installation: Installation,
    platform: Platform,
    account: Account,
    client: Client,
    told_of: dict[tuple[str, str], Told | None],
) -> Seen:
    name, now = account.account_id, dt.datetime.now(dt.UTC)
    held = renewal.usable(installation, platform, name, client, patience_s=0)
    if held is None:
        wanted = Standing(platform=platform.name, account_id=name, saved_at=now)
        detail = (
            f"no credential is stored, and {platform.name} answers nobody without one; "
            f"{renewal.remedy(wanted, authorising(platform.access))}, or one for all its accounts"
        )
        return Seen(subject=name, state="wrong", detail=detail, works=False)
    if isinstance(held, Refusal):
        known = None if held.kind.transient else False
        state = "note" if held.kind.transient else "wrong"
        return Seen(subject=name, state=state, detail=held.reason, works=known)
    way = fitting(platform.access, held.secrets.token)
    key = (held.standing.platform, held.standing.account_id)
    if key not in told_of:
        told_of[key] = _inspected(installation, way, held, client)
    standing = _learned(installation, way, held, told_of[key])
    metered(installation, platform, account, client)
    return _judged(platform, way, standing, _asked(platform, account, held, client), name)


def _asked(
    platform: Platform, account: Account, held: Held, client: Client
) -> ProfileRecord | GapRecord:
    """Read until the first thing that tells whether the credential works."""
    now = dt.datetime.now(dt.UTC)
    target = equipped(Target(account=account, window=Window(start=now - WINDOW, end=now)), held)
    nothing = GapRecord(facet=None, kind=GapKind.BROKEN, reason="the answer tells nothing")
    try:
        records = platform.gather(target, client)
        return next((x for x in records if isinstance(x, ProfileRecord | GapRecord)), nothing)
    except FetchError as error:
        return replace(nothing, reason=str(error))
    except Exception as fault:  # noqa: BLE001  (whatever a stranger answered, the rest is told)
        reason = f"the answer could not be read ({type(fault).__name__})"
        return replace(nothing, reason=reason)


def _inspected(installation: Installation, way: Access, held: Held, client: Client) -> Told | None:
    """Ask the platform what it knows of a token, where it can be asked."""
    app = renewal.app_values(installation.settings, held.standing.platform)
    values = {**app, Slot.TOKEN: held.secrets.token}
    if way.inspect is None or not way.inspect.slots <= values.keys():
        return None
    try:
        return told(way.inspect.send(client, values))
    except FetchError:
        return None  # the trial itself says what the matter is


def _learned(installation: Installation, way: Access, held: Held, found: Told | None) -> Standing:
    """Keep what the platform told, so that notices know of it."""
    now = held.standing
    if found is None or not found.valid:
        return now
    ends = None if found.endless else found.expires_at or now.expires_at
    renewable = way.renewable(
        refresh_token=held.secrets.refresh_token is not None,
        ends=ends is not None or way.lifetime is not None,
    )
    last = now.renewable_until if way.by_refresh_token else ends
    new = replace(
        now,
        scopes=now.scopes if found.scopes is None else found.scopes,
        expires_at=ends,
        renewable=renewable,
        renewable_until=last if renewable else None,
    )
    if new != now:
        names = ("expires_at", "renewable", "renewable_until")
        facts = {name: getattr(new, name) for name in names}
        scopes = None if new.scopes is None else list(new.scopes)
        with installation.store.write() as session:
            credentials.learn(session, now, scopes=scopes, **facts)
    return new


def _judged(
    platform: Platform,
    way: Access,
    standing: Standing,
    answer: ProfileRecord | GapRecord,
    name: str,
) -> Seen:
    missing = None if standing.scopes is None else way.missing(standing.scopes)
    said = list(_sentences(way, standing, missing))
    seen = Seen(
        subject=name,
        state="wrong" if missing else "well",
        detail="; ".join(["works", *said]),
        works=True,
        missing_scopes=missing if way.scopes else (),
        expires_at=standing.expires_at,
    )
    if isinstance(answer, ProfileRecord):
        return seen
    if answer.kind.transient or answer.kind is GapKind.BUDGET:
        detail = "; ".join([f"could not be tried: {answer.reason}", *said])
        return replace(seen, state="wrong" if missing else "note", detail=detail, works=None)
    detail = "; ".join([f"does not work: {answer.reason}", *said])
    if answer.kind is GapKind.DENIED:
        detail = f"{detail}; {renewal.remedy(standing, authorising(platform.access))}"
    return replace(seen, state="wrong", detail=detail, works=False)


def _sentences(way: Access, standing: Standing, missing: tuple[str, ...] | None) -> Iterator[str]:
    if missing:
        yield f"scopes are missing: {' '.join(missing)}"
    elif way.scopes:
        yield "scopes not told" if missing is None else "all scopes granted"
    if standing.expires_at is None:
        yield "has no end that is known"
    else:
        yield f"ends {standing.expires_at:%Y-%m-%d %H:%M} UTC"
    if standing.renewable:
        last = standing.renewable_until
        known = way.by_refresh_token and last is not None
        yield "renewed by itself" + (f" until {last:%Y-%m-%d}" if known else "")
    if standing.problem:
        yield f"its last renewal failed: {standing.problem}"
