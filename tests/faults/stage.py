"""A platform's server on this machine that goes wrong at one call, and a reading of it.

Platforms have fixed addresses; what is asked of them is led here, and nothing else is changed:
the sockets, the client and its retries are the real ones.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from audit.client import Client
from audit.errors import FetchError
from audit.model.account import Account
from audit.model.item import Window
from audit.model.record import (
    CommentRecord,
    GapRecord,
    PostRecord,
    ProfileRecord,
    Record,
    Validator,
)
from audit.platforms.base import Credential, Target
from audit.response import Response
from audit.settings import Settings
from tests.audit.platforms.script import END, START
from tests.faults.scene import Scene, parameters
from tests.serving import Answer, Server

EVERY_CALL = "*"
ATTEMPTS = 2
"""How often the client makes a call altogether."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A call that goes wrong."""

    handler: BaseHTTPRequestHandler
    scene: Scene
    good: Response
    """What would be answered if all were well."""
    number: int
    """How many calls of this name there were before it."""

    def answer(self, body: object, status: int = 200, **headers: str) -> Answer:
        """Return an answer; bytes as they are, everything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return status, {name.replace("_", "-"): text for name, text in headers.items()}, content

    def told(self, response: Response) -> Answer:
        """Return an answer that was made elsewhere."""
        return response.status, dict(response.headers), response.body


Fault = Callable[[Exchange], Answer | None]


@dataclass(kw_only=True)
class Stage:
    """A running server and what becomes of the calls."""

    server: Server
    scene: Scene
    place: str = ""
    """The name of the call that goes wrong."""
    fault: Fault | None = None
    times: int = 10**6
    """How often, before it is mended."""
    asked: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    """Names of the calls that were answered well."""

    def at(self, place: str, fault: Fault | None, times: int = 10**6) -> Stage:
        """Return the same stage on which a call goes wrong."""
        return replace(self, place=place, fault=fault, times=times, asked=[], served=[])

    def route(self, handler: BaseHTTPRequestHandler) -> Answer | None:
        """Answer one call."""
        parts = urlsplit(handler.path)
        if parts.path == "/login":
            return 200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><p>Who are you?</p>"
        posted = getattr(handler, "posted", b"")
        params = parameters(parts.query)
        name, good = self.scene.answers(parts.path, params, json.loads(posted or b"null"))
        number = self.asked.count(name)
        self.asked.append(name)
        wrong = name == self.place or self.place == EVERY_CALL
        wrong = wrong or (self.place.endswith(" ") and name.startswith(self.place))
        if wrong and self.fault and number < self.times:
            return self.fault(Exchange(handler=handler, scene=self.scene, good=good, number=number))
        self.served.append(name)
        etag = good.headers.get("etag")
        if etag and handler.headers.get("If-None-Match") == etag:
            return 304, {"ETag": etag}, b""
        return good.status, dict(good.headers), good.body

    def read(
        self,
        validators: dict[str, Validator] | None = None,
        end: dt.datetime = END,
        **settings: Any,
    ) -> Reading:
        """Read the account, as a night does; on a later ``end`` more is of the window."""
        self.server.otherwise = self.route
        self.server.requests.clear()
        self.asked.clear()
        self.served.clear()
        values = {"account_id": "a", "platform": self.scene.platform.name, "unit": "Unit"}
        token = self.scene.token
        target = Target(
            account=Account(**{**values, **self.scene.account}),
            window=Window(start=START, end=end),
            known=self.scene.known if end == END else (),
            validators=validators or {},
            credential=Credential(token=token) if token else None,
        )
        return self._read(target, settings)

    def _read(self, target: Target, settings: dict[str, Any]) -> Reading:
        found: list[Record] = []
        chosen = {"allow_hosts": (self.server.pair,), "http_timeout_s": 10.0, **settings}
        with Client(
            Settings.model_validate(chosen),
            attempts=ATTEMPTS,
            backoff_s=0.001,
            longest_wait_s=0.5,
            pause_s=0.0,
        ) as client:
            detour(client, self.server.pair)
            try:
                found.extend(self.scene.platform.gather(target, client))
            except FetchError as error:
                raise AssertionError(f"gather raised {error!r}") from error
        return Reading(tuple(found), tuple(self.asked), tuple(self.served))


@dataclass(frozen=True)
class Reading:
    """What a reading brought."""

    records: tuple[Record, ...]
    asked: tuple[str, ...]
    served: tuple[str, ...]

    @property
    def gaps(self) -> tuple[GapRecord, ...]:
        """What could not be read."""
        return tuple(one for one in self.records if isinstance(one, GapRecord))

    def held(self, scene: Scene) -> set[str]:
        """The ids of what was in the answers that came well."""
        return {
            one
            for name in self.served
            for one in scene.holds.get(name, ())
            if not (scene.through and name.startswith("posts")) or scene.through in self.served
        }

    @property
    def told(self) -> set[tuple[str, str]]:
        """Facets and kinds of the gaps."""
        return {(str(one.facet), str(one.kind)) for one in self.gaps}

    @property
    def ids(self) -> set[str]:
        """The ids of what was read."""
        return set(identities(self.records))

    @property
    def validators(self) -> dict[str, Validator]:
        """What the next reading sends."""
        return {one.url: one for one in self.records if isinstance(one, Validator)}


def identities(records: tuple[Record, ...]) -> Iterator[str]:
    """Yield the id of each record."""
    for one in records:
        if isinstance(one, PostRecord):
            yield one.post_id
        elif isinstance(one, CommentRecord):
            yield one.comment_id
        elif isinstance(one, ProfileRecord):
            yield "profile"


def detour(client: Client, pair: str, before: Callable[[str], None] | None = None) -> None:
    """Lead every call of a client to a server; ``before`` each, tell which host was meant."""
    session = client._session
    inner = session.get_adapter("https://")
    for scheme in ("http://", "https://"):
        session.mount(scheme, Detour(inner, pair, before))


class Detour(BaseAdapter):
    """Keeps path, query and headers, and changes where they go."""

    def __init__(
        self, inner: BaseAdapter, pair: str, before: Callable[[str], None] | None = None
    ) -> None:
        super().__init__()
        self._inner, self._pair, self._before = inner, pair, before

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        led = request.copy()
        parts = urlsplit(request.url or "")
        led.url = parts._replace(scheme="http", netloc=self._pair).geturl()
        led.headers["X-Asked"] = parts.netloc
        if self._before:
            self._before(parts.netloc)
        return self._inner.send(led, *args, **more)

    def close(self) -> None:
        self._inner.close()
