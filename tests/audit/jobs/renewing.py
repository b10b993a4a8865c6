"""An installation with an account of X and a credential, for tests of its renewal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import update

from audit import catalogue
from audit.client import Client
from audit.installation import Installation, open_installation
from audit.jobs import renewal
from audit.jobs.credentials import put
from audit.settings import Settings
from audit.store import accounts, credentials, migrate
from audit.store.credentials import Held, Standing
from audit.store.database import connect
from audit.store.schema_upkeep import credential
from tests.factories import make_account
from tests.serving import Server

CLIENTS = '{"x": {"id": "app-1", "secret": "app-secret-canary"}}'
PAIR = (
    '{"access_token": "access-0-canary", "refresh_token": "refresh-0-canary", '
    '"expires_in": %d, "scope": "tweet.read users.read offline.access"}'
)


def configured(base: Settings, server: Server, **changes: Any) -> Settings:
    """Return settings that let the local server be asked, over those of a database."""
    values: dict[str, Any] = {
        "home": base.home,
        "database_url": base.database_url,
        "key": base.key,
        "allow_hosts": server.pair,
        "oauth_clients": CLIENTS,
        "http_timeout_s": 5.0,
    }
    return Settings.model_validate({**values, **changes})


@contextmanager
def installed(settings: Settings) -> Iterator[Installation]:
    """Open an installation with two accounts of X."""
    if not settings.embedded:
        engine = connect(settings)
        migrate.upgrade(engine)
        engine.dispose()
    with open_installation(settings) as opened:
        with opened.store.write() as session:
            rows = [make_account(one, platform="x", url=None) for one in ("library", "museum")]
            accounts.replace_all(session, rows, dt.datetime.now(dt.UTC))
        yield opened


def store_pair(opened: Installation, *, lasts_s: int = 60, account: str = "library") -> Standing:
    """Store the pair with which the local authority begins."""
    return put(opened, "x", account, PAIR % lasts_s)


def use(opened: Installation, account: str = "library", **options: Any) -> Any:
    """Ask for what the account is read with."""
    with Client(opened.settings, pause_s=0, backoff_s=0.01) as client:
        return renewal.usable(opened, catalogue.platform("x"), account, client, **options)


def held(opened: Installation, account: str = "library") -> Held:
    """Return what is stored."""
    with opened.store.read() as session:
        found = credentials.find(session, "x", account)
    assert found is not None
    return found


def end_lease(opened: Installation) -> None:
    """Let time pass until nobody holds a lease any more."""
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5)
    with opened.store.write() as session:
        session.connection.execute(update(credential).values(lease_until=past))
