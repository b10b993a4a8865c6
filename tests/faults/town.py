"""Several accounts of several platforms on one server, and nights over them."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from sqlalchemy import select

from audit.client import Client
from audit.errors import TransientFetchError
from audit.installation import Installation
from audit.jobs import shard
from audit.jobs.plan import plan
from audit.model.account import Account
from audit.response import Response
from audit.store import accounts, items, schema
from tests.conftest import KEY
from tests.faults.scene import parameters
from tests.faults.scenes import SCENES
from tests.faults.stage import detour
from tests.organisation import Organisation
from tests.serving import Answer, Server

HOSTS = {
    "bluesky": "public.api.bsky.app",
    "feed": "feed.example",
    "feed on condition": "plain.example",
    "mastodon": "m.test",
    "wordpress": "s.example",
}
"""Which account answers at which address; all are read without a credential."""
FIRST, SECOND = "2026-10-30", "2026-10-31"
UNSTABLE = {"sealed", "fetched_at"}
"""Columns that differ by chance and by the clock; what is sealed is compared when opened."""
UNLIKE = {"meta", "account_change", "allowance", "usage"}
"""Tables that tell of times of day, or of how many calls it took."""
EDITED = b"Hello again"


def changed(name: str, call: str, good: Response) -> Answer:
    """Answer on the second night: an edit on Bluesky, and a status that is gone."""
    body, headers = good.body, dict(good.headers)
    if name == "bluesky":
        body = body.replace(b"Hello", EDITED)
    if name == "mastodon" and call in ("posts 2", "again"):
        body, headers = b"[]", {}
    if name == "feed on condition":
        headers["etag"] = '"2"'
    return good.status, headers, body


@dataclass(kw_only=True)
class Town:
    """The server of all accounts."""

    server: Server
    second: bool = False
    """Whether it is the second night."""
    trouble: tuple[str, str] | None = None
    """An account, and the call that fails."""
    status: int = 500
    """How it fails."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Account and call, in their order."""

    def route(self, handler: BaseHTTPRequestHandler) -> Answer:
        """Answer one call."""
        host = handler.headers["X-Asked"]
        name = next(name for name, one in HOSTS.items() if one == host)
        parts = urlsplit(handler.path)
        params = parameters(parts.query)
        path = "/feed" if name.startswith("feed") and parts.path == "/feed" else parts.path
        call, good = SCENES[name].answers(path, params, None)
        self.asked.append((name, call))
        if self.second and name == "mastodon" and re.search(r"/statuses/\d+$", parts.path):
            return 404, {}, b'{"error": "Record not found"}'
        if (name, call) == self.trouble:
            return self.status, {}, b"{}"
        good = Response(
            status=good.status,
            headers=good.headers,
            body=good.body.replace(b"https://s.example", f"https://{host}".encode()),
        )
        return (
            changed(name, call, good)
            if self.second
            else (good.status, dict(good.headers), good.body)
        )


def registered() -> list[Account]:
    """Return the accounts."""
    found = []
    for name, host in HOSTS.items():
        scene = SCENES[name]
        values = {"account_id": name.replace(" ", "-"), "platform": scene.platform.name}
        values |= {"unit": "Unit", **scene.account}
        if "url" in values:
            values["url"] = values["url"].replace("s.example", host)
        found.append(Account(**values))
    return found


Hook = Callable[[str], None]


def night(folder: Path, pair: str, as_of: str, before: Hook | None = None, **how: Any) -> None:
    """Work through a night, or what is left of it."""

    def client(settings: Any, **more: Any) -> Client:
        made = Client(settings, **more, attempts=1, backoff_s=0.0, pause_s=0.0)
        detour(made, pair, before)
        return made

    def job(opened: Installation) -> None:
        with opened.store.write() as session:
            accounts.replace_all(session, registered(), dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
        for part in plan(opened, as_of).shards:
            try:
                shard.audit_shard(opened, part, **how)
            except TransientFetchError:
                continue  # as Airflow, which goes on with the other shards

    with mock.patch.object(shard, "Client", client):
        _do(folder, pair, job)


def _do(folder: Path, pair: str, job: Callable[[Installation], Any]) -> Any:
    organisation = Organisation(folder)
    if not (folder / "registry.csv").exists():
        organisation.account("nobody")
    from audit.installation import open_installation

    with open_installation(organisation.settings(key=KEY, allow_hosts=pair)) as opened:
        return job(opened)


def state(folder: Path, pair: str) -> dict[str, Any]:
    """Return all that is stored, as far as it does not differ by chance."""

    def rows(opened: Installation) -> dict[str, Any]:
        with opened.store.read() as session:
            found: dict[str, Any] = {
                name: sorted(
                    json.dumps(
                        {key: one[key] for key in one if key not in UNSTABLE},
                        default=str,
                        sort_keys=True,
                    )
                    for one in session.connection.execute(select(table)).mappings()
                )
                for name, table in schema.metadata.tables.items()
                if name not in UNLIKE
            }
            end = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
            start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
            found["opened"] = {
                one.account_id: items.read(session, one.account_id, as_of=end, since=start)
                for one in registered()
            }
            return found

    return dict(_do(folder, pair, rows))


def stored(folder: Path, pair: str, as_of: str) -> set[str]:
    """Return the accounts of which a night has stored what it read."""

    def rows(opened: Installation) -> set[str]:
        with opened.store.read() as session:
            query = select(schema.fetch.c.account_id).where(schema.fetch.c.night == as_of)
            return set(session.connection.scalars(query))

    return set(_do(folder, pair, rows))


@contextmanager
def counted(number: int, end: Callable[[], None]) -> Any:
    """Yield a hook that ends everything at a call."""
    count = 0

    def before(_: str) -> None:
        nonlocal count
        count += 1
        if count == number:
            end()

    yield before


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    where, at, which = sys.argv[1:]
    with counted(int(which), _kill) as hook:
        night(Path(where), at, SECOND, hook)
