"""A university of three feeds and an archive, whose contents a test changes as nights pass."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from audit import pack, registry
from audit.installation import open_installation
from audit.jobs.findings import listing
from audit.jobs.plan import opened
from audit.settings import Settings
from audit.store import accounts, outbox, schema, schema_upkeep
from tests.conftest import KEY

OWNERS = ("dana.whitfield@example.edu", "omar.haddad@example.edu")
RELATIONS = "relations@example.edu"
SECRET = "Call Perpetua Lindqvist at 415-555-0134, SSN 219-09-9998."
"""What must stand nowhere but in the audit's own database."""
POSTS = {
    "library": ("Come to the book fair. #bringyourownbooks", f"Lost card? {SECRET}"),
    "museum": ("The new wing is open on Sundays.",),
    "press": ("A prize for our linguists. #linguisticsisfun",),
}


@dataclass
class Site:
    """What the server answers, per account: posts, or a status when it refuses."""

    posts: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(POSTS))
    refuses: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0
    published: dt.datetime = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    @property
    def host(self) -> str:
        """As the setting that allows to read it names it."""
        return f"127.0.0.1:{self.port}"

    def feed(self, name: str) -> bytes:
        """Return the feed of an account."""
        entries = "".join(
            f"<item><guid isPermaLink='false'>{name}-{number}</guid><title>{name} {number}</title>"
            f"<description>{escape(text)}</description>"
            f"<pubDate>{format_datetime(self.published - dt.timedelta(hours=number))}</pubDate>"
            "</item>"
            for number, text in enumerate(self.posts[name], start=1)
        )
        head = f"<title>{name}</title><link>http://{self.host}/{name}</link>"
        return f"<rss version='2.0'><channel>{head}{entries}</channel></rss>".encode()


@contextmanager
def serve(site: Site) -> Iterator[Site]:
    """Answer on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/")
            site.asked.append(name)
            status = site.refuses.get(name, 200)
            body = site.feed(name) if status == 200 else b"no"
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_pack(folder: Path) -> Path:
    """Write a policy pack that inherits from the shipped one, and names who gets the digest."""
    folder.mkdir()
    (folder / pack.FILE).write_text(
        '[pack]\nid = "quadrangle"\nversion = "1"\ntitle = "Quadrangle"\nsource = "none"\n'
        f'inherits = "ucsf"\n\n[people]\nuniversity_relations = ["{RELATIONS}"]\n'
    )
    return folder


def write_registry(file: Path, site: Site) -> Path:
    """Write the registry and the archive beside it; the first two feeds have the same owner."""
    archive = file.with_name("alumni.jsonl")
    post = {"type": "post", "post_id": "a1", "text": "Reunion weekend! #thegoodolddays"}
    archive.write_text(json.dumps({**post, "created_at": site.published.isoformat()}) + "\n")
    rows = [
        f"{name},feed,{name},http://{site.host}/{name},{name.title()},{owner}"
        for name, owner in zip(POSTS, (OWNERS[0], *OWNERS), strict=True)
    ]
    rows.append(f"alumni,archive,alumni,{archive},Alumni,{OWNERS[1]}")
    file.write_text("\n".join(["account_id,platform,handle,url,unit,owners", *rows, ""]))
    return file


def variables(home: Path, pack: Path, site: Site, **more: str) -> dict[str, str]:
    """Return the environment of an installation."""
    return {
        "AUDIT_HOME": str(home),
        "AUDIT_KEY": KEY,
        "AUDIT_POLICY": str(pack),
        "AUDIT_ALLOW_HOSTS": site.host,
        **more,
    }


def register(environ: Mapping[str, str], file: Path) -> Settings:
    """Import the registry into a new installation; returns its settings."""
    settings = Settings.from_env(environ)
    with open_installation(settings) as opened, opened.store.write() as session:
        accounts.replace_all(session, registry.read(file), dt.datetime.now(dt.UTC))
    return settings


def nights_before(today: dt.date, number: int, every: int = 1) -> list[str]:
    """Return the names of nights, the last of them a week before ``today``."""
    days = [today - dt.timedelta(days=7 + every * back) for back in range(number)]
    return [day.isoformat() for day in reversed(days)]


def found(settings: Settings, night: str) -> str:
    """Return the findings of a night as one text."""
    with open_installation(settings) as here:
        return json.dumps(listing(here, opened(here, night)), sort_keys=True)


def of_night(settings: Settings, night: str) -> dict[str, Any]:
    """Return what belongs to one night: rows per table, mails, findings."""
    with open_installation(settings) as here, here.store.read() as session:
        rows = {
            table.name: session.connection.scalar(
                select(func.count()).select_from(table).where(table.c.night == night)
            )
            for table in schema_upkeep.metadata.sorted_tables
            # In the table of findings it is the latest night that saw one.
            if "night" in table.c and table is not schema.finding
        }
        mails = [
            (one.message_key, one.state, one.attempts)
            for one in outbox.read(session)
            if one.night == night
        ]
    return {"rows": rows, "mails": mails, "found": found(settings, night)}


def everything(settings: Settings) -> dict[str, Any]:
    """Return how much there is of everything: rows per table, and the names of the files."""
    with open_installation(settings) as here, here.store.read() as session:
        rows = {
            table.name: session.connection.scalar(select(func.count()).select_from(table))
            for table in schema_upkeep.metadata.sorted_tables
            # How many minutes calls were counted in tells of the time of day.
            if table is not schema_upkeep.allowance
        }
    files = sorted(path.name for path in settings.home.glob("mail/**/*"))
    return {"rows": rows, "files": files}
