"""A real AT Protocol network, written to through its own API."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import requests

T = TypeVar("T")

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
POST = "app.bsky.feed.post"


def eventually(look: Callable[[], T], right: Callable[[T], bool], seconds: float = 40) -> T:
    """Look again until it is right; the AppView follows the PDS with a delay."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if right(found) or time.monotonic() > end:
            assert right(found), f"still not right after {seconds} s"
            return found
        time.sleep(0.5)


@dataclass
class Ref:
    """A record that was made."""

    uri: str
    cid: str

    @property
    def strong(self) -> dict[str, str]:
        """How other records name it."""
        return {"uri": self.uri, "cid": self.cid}


@dataclass
class Person:
    """An account of the network, with its login."""

    pds: str
    name: str
    did: str = ""
    token: str = ""
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    made: int = 0

    @property
    def handle(self) -> str:
        """The handle that the PDS gives."""
        return f"{self.name}.test"

    def call(self, method: str, **data: Any) -> dict[str, Any]:
        """Call a procedure with JSON."""
        answer = requests.post(
            f"{self.pds}/xrpc/{method}", json=data, headers=self._headers(), timeout=30
        )
        assert answer.status_code == 200, f"{method}: {answer.text}"
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def write(self, record: dict[str, Any], key: str | None = None) -> Ref:
        """Make a record, or replace the one under ``key``."""
        where = {"repo": self.did, "collection": record["$type"], "record": record}
        if key:
            made = self.call("com.atproto.repo.putRecord", rkey=key, **where)
        else:
            made = self.call("com.atproto.repo.createRecord", **where)
        return Ref(made["uri"], made["cid"])

    def post(self, text: str, *, under: tuple[Ref, Ref] | None = None, **more: Any) -> Ref:
        """Publish a post; ``under`` are the root of a thread and the post answered."""
        self.made += 1
        written = self.started - dt.timedelta(hours=2) + dt.timedelta(minutes=self.made)
        record = {"$type": POST, "text": text, "createdAt": stamp(written), **more}
        if under:
            record["reply"] = {"root": under[0].strong, "parent": under[1].strong}
        return self.write(record)

    def repost(self, ref: Ref) -> Ref:
        """Pass a post on."""
        record = {"$type": "app.bsky.feed.repost", "subject": ref.strong}
        return self.write({**record, "createdAt": stamp(dt.datetime.now(dt.UTC))})

    def delete(self, ref: Ref) -> None:
        """Take a record down."""
        _, _, repo, collection, key = ref.uri.split("/")
        self.call("com.atproto.repo.deleteRecord", repo=repo, collection=collection, rkey=key)

    def picture(self) -> dict[str, Any]:
        """Upload a picture of one pixel."""
        answer = requests.post(
            f"{self.pds}/xrpc/com.atproto.repo.uploadBlob",
            data=PIXEL,
            headers={**self._headers(), "Content-Type": "image/png"},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        blob: dict[str, Any] = answer.json()["blob"]
        return blob


def join(pds: str, name: str) -> Person:
    """Make an account with a name that is new on each run."""
    person = Person(pds, f"{name}{secrets.token_hex(4)}")
    made = person.call(
        "com.atproto.server.createAccount",
        email=f"{person.name}@mail.example",
        handle=person.handle,
        password=secrets.token_hex(8),
    )
    person.did, person.token = made["did"], made["accessJwt"]
    return person


def stamp(moment: dt.datetime) -> str:
    """Write a time as the protocol does."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
