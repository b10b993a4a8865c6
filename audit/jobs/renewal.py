"""Keeps tokens usable, so that an account can be read with a credential.

Many platforms replace the refresh token at each renewal and take an old one, shown again, for
theft: they end all tokens of the family. Two workers must therefore never renew at once. Whoever
wants to, takes the lease in the credential's row, asks the platform without holding anything
open in the database, and stores the new pair before its first use; the others wait for that pair.
A worker that dies in between leaves the lease behind, see ``audit.store.credentials``.

Source: https://datatracker.ietf.org/doc/html/rfc9700#section-4.14.2
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from dataclasses import replace

from audit.client import Client
from audit.errors import FetchError, StoreError
from audit.installation import Installation
from audit.model.item import GapKind
from audit.platforms.access import Access, Slot, Values, fitting
from audit.platforms.answers.tokens import Grant, Refusal, granted
from audit.platforms.base import Platform
from audit.settings import Settings
from audit.store import credentials
from audit.store.credentials import Held, Secrets, Standing, State

log = logging.getLogger(__name__)

POLL_S = 0.3
"""Between two looks at a lease that somebody else holds."""
SAVE_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 28.0)
"""Before storing a new pair is tried again: the old one is gone, so it must not get lost while a
database restarts."""
FRESH = dt.timedelta(minutes=10)
"""A token that a renewal brought so lately is not renewed because it was refused: whatever the
reason is, the next one would be refused as well."""


def usable(
    installation: Installation,
    platform: Platform,
    account_id: str,
    client: Client,
    *,
    patience_s: float | None = None,
) -> Held | Refusal | None:
    """Return what to read an account with, renewed where its token ends soon.

    Recorded answers ask for no token; then none is renewed.

    Args:
        installation: the installation.
        platform: the account's.
        account_id: the account.
        client: for the renewal.
        patience_s: how long to wait for a renewal of somebody else; by default until its
            lease ends.

    Returns:
        ``None`` when nothing is stored for it.
    """
    with installation.store.read() as session:
        held = credentials.serving(session, platform.name, account_id)
    if held is None or installation.settings.recordings is not None:
        return held
    found, now = held.standing, dt.datetime.now(dt.UTC)
    way = fitting(platform.access, held.secrets.token)
    if found.state is State.LOST:
        return lost(found, way)
    if due(found, way, now):
        done = renew(installation, platform, held, client, patience_s=patience_s)
        if isinstance(done, Held) or done.dead or not _lives(found, now):
            return done
        return held  # the token still lasts, and the next night tries again
    if not _lives(found, now):
        when = f"{found.expires_at:%Y-%m-%d %H:%M} UTC"
        reason = f"the credential ended on {when}; {remedy(found, way)}"
        return Refusal(kind=GapKind.DENIED, reason=reason)
    return held


def curable(held: Held, way: Access, now: dt.datetime) -> bool:
    """Whether a token that the platform refuses may be replaced without a person."""
    renewed_at = held.standing.renewed_at
    lately = renewed_at is not None and now - renewed_at < FRESH
    return way.by_refresh_token and held.secrets.refresh_token is not None and not lately


def due(found: Standing, way: Access, now: dt.datetime) -> bool:
    """Whether a credential is to be renewed before it is used."""
    if found.state is State.RENEWING:
        return True  # somebody is at it, or has died at it
    if not found.renewable or (not way.by_refresh_token and not _lives(found, now)):
        return False
    if _lives(found, now) and now < found.saved_at + way.youngest:
        return False
    if found.expires_at is None:
        # A token that somebody typed in, and that has an end: the renewal tells which.
        return not way.by_refresh_token and found.renewed_at is None
    last = found.renewable_until if way.by_refresh_token else None
    if last is not None and found.expires_at >= last - way.margin and _lives(found, now):
        return False  # a new one would end no later
    return found.expires_at - way.margin <= now


def renew(
    installation: Installation,
    platform: Platform,
    seen: Held,
    client: Client,
    *,
    patience_s: float | None = None,
) -> Held | Refusal:
    """Replace the tokens that were seen, unless somebody else does or has done so.

    Raises:
        StoreError: the new tokens could not be stored; the lease stays, for all to see.
    """
    way = fitting(platform.access, seen.secrets.token)
    values = app_values(installation.settings, platform.name)
    missing = cannot(platform, way, seen, values)
    if missing:
        with installation.store.write() as session:
            credentials.learn(session, seen.standing, problem=missing)
        return Refusal(kind=GapKind.DENIED, reason=missing)
    taken = _taken(installation, seen, way, patience_s)
    if isinstance(taken, Refusal) or taken.standing.state is not State.RENEWING:
        return taken
    outcome = _asked(way, client, taken, values)
    if isinstance(outcome, Refusal):
        with installation.store.write() as session:
            credentials.give_back(
                session, taken.standing, lost=outcome.dead, problem=outcome.reason
            )
        log.warning("%s: not renewed: %s", taken.standing.holder, outcome.reason)
        return lost(taken.standing, way) if outcome.dead else outcome
    return _stored(installation, way, taken, outcome)


def app_values(settings: Settings, platform: str) -> dict[Slot, str]:
    """Return what is known of the app that is registered with a platform."""
    app = settings.oauth_clients.get(platform)
    if app is None:
        return {}
    values = {Slot.CLIENT_ID: app.id}
    if app.redirect is not None:
        values[Slot.REDIRECT] = app.redirect
    if app.secret is not None:
        values[Slot.CLIENT_SECRET] = app.secret.get_secret_value()
        values[Slot.APP_TOKEN] = f"{app.id}|{app.secret.get_secret_value()}"
    return values


def cannot(platform: Platform, way: Access, held: Held, values: Values) -> str | None:
    """Say why a credential cannot be renewed here at all."""
    found = held.standing
    if way.renew is None:
        return f"{way.kind} of {platform.name} cannot be renewed; {remedy(found, way)}"
    if way.by_refresh_token and held.secrets.refresh_token is None:
        return f"no refresh token is stored with it; {remedy(found, way)}"
    if Slot.CLIENT_ID in way.renew.slots and Slot.CLIENT_ID not in values:
        return without_app(platform.name)
    return None


def without_app(platform: str) -> str:
    """Say that the app's id is needed, and where it goes."""
    return (
        f"the id of the app at {platform} is not configured; name it in AUDIT_OAUTH_CLIENTS, or "
        f"under Airflow in the connection audit_{platform}"
    )


def remedy(found: Standing, way: Access) -> str:
    """Say what a person has to do to have it anew."""
    verb = "authorise" if way.authorise else "set"
    account = f" --account {found.account_id}" if found.account_id else ""
    return f"let it in: account-audit credentials {verb} {found.platform}{account}"


def lost(found: Standing, way: Access) -> Refusal:
    """Return what there is to say about a credential that only a person can bring back."""
    reason = f"the platform does not take the stored credential any more; {remedy(found, way)}"
    return Refusal(kind=GapKind.DENIED, reason=reason, dead=True)


def kept(
    seen: Standing, way: Access, grant: Grant, now: dt.datetime, refresh_token: str | None
) -> tuple[Standing, Secrets]:
    """Return what to store of a grant.

    Args:
        seen: names what it is for, and holds what was known before of the same authorisation.
        way: the way in.
        grant: the new tokens.
        now: when they came.
        refresh_token: the one before, which goes on when no other came.
    """
    secrets = Secrets(token=grant.token, refresh_token=grant.refresh_token or refresh_token)
    ends = grant.expires_at
    if ends is None and secrets.refresh_token and way.lifetime:
        ends = now + way.lifetime
    last = grant.refresh_expires_at or seen.renewable_until
    if grant.refresh_token not in (None, refresh_token) and grant.refresh_expires_at is None:
        last = now + way.refresh_lifetime if way.refresh_lifetime else None
    if not way.by_refresh_token:
        last = ends
    renewable = way.renewable(
        refresh_token=secrets.refresh_token is not None,
        ends=ends is not None or way.lifetime is not None,
    )
    return (
        Standing(
            platform=seen.platform,
            account_id=seen.account_id,
            scopes=seen.scopes if grant.scopes is None else grant.scopes,
            expires_at=ends,
            renewable_until=last if renewable else None,
            renewable=renewable,
            saved_at=now,
        ),
        secrets,
    )


def _lives(found: Standing, now: dt.datetime) -> bool:
    return found.expires_at is None or found.expires_at > now


def _taken(
    installation: Installation, seen: Held, way: Access, patience_s: float | None
) -> Held | Refusal:
    """Take the lease, or wait for what somebody else's renewal brings."""
    # Longer than a renewal may take, or another would show the refresh token again. Thrice up to
    # 30 s each to find the name, to connect and 10 s for TLS; head and body within four timeouts;
    # a minute to store; and a minute by which the clocks of two machines may differ.
    length = dt.timedelta(seconds=330 + 4 * installation.settings.http_timeout_s)
    wait_s = length.total_seconds() + POLL_S if patience_s is None else patience_s
    deadline, lease = time.monotonic() + wait_s, uuid.uuid4().hex
    while True:
        now = dt.datetime.now(dt.UTC)
        with installation.store.write() as session:
            held = credentials.take(
                session, seen.standing, lease, now, now + length, spends=way.by_refresh_token
            )
        if held is None:
            reason = "the credential was removed in the meantime"
            return Refusal(kind=GapKind.DENIED, reason=reason)
        found = held.standing
        if found.state is State.LOST:
            return lost(found, way)
        if found.state is State.VALID or found.lease == lease:
            return held
        if time.monotonic() >= deadline:
            reason = f"another process has been renewing it since {found.leased_at:%H:%M} UTC"
            return Refusal(kind=GapKind.BROKEN, reason=reason)
        time.sleep(POLL_S)


def _asked(way: Access, client: Client, taken: Held, values: Values) -> Grant | Refusal:
    if way.renew is None:
        raise ValueError(f"{way.kind} cannot be renewed")
    filled = {**values, Slot.TOKEN: taken.secrets.token}
    if taken.secrets.refresh_token is not None:
        filled[Slot.REFRESH_TOKEN] = taken.secrets.refresh_token
    try:
        return granted(way.renew.send(client, filled), dt.datetime.now(dt.UTC))
    except FetchError as error:
        return Refusal(kind=GapKind.BROKEN, reason=str(error))


def _stored(installation: Installation, way: Access, taken: Held, grant: Grant) -> Held | Refusal:
    now = dt.datetime.now(dt.UTC)
    new, secrets = kept(taken.standing, way, grant, now, taken.secrets.refresh_token)
    new = replace(new, renewed_at=now)
    for wait_s in (*SAVE_WAITS_S, None):
        try:
            with installation.store.write() as session:
                credentials.renewed(session, taken.standing, new, secrets)
                held = credentials.find(session, new.platform, new.account_id)
            break
        except StoreError as error:
            if wait_s is None:
                raise StoreError(
                    f"{new.platform}: the credential of {new.holder} was renewed, and its new "
                    f"tokens could not be stored: {error}. If it is not taken any more, "
                    f"{remedy(new, way)}"
                ) from None
            time.sleep(wait_s)
    if held is None:
        reason = "the credential was removed in the meantime"
        return Refusal(kind=GapKind.DENIED, reason=reason)
    return held
