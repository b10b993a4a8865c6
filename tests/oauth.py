"""An authorisation server that truly rotates, and a way to it for platforms with fixed addresses.

A refresh token that is shown twice ends the whole family, as X and TikTok do.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from audit import client
from audit.client import GuardedAdapter
from tests.serving import Answer, Server

ORDER = ("https://", "http://")


def route_to(server: Server, patch: pytest.MonkeyPatch) -> None:
    """Lead every https address to ``server``, under its host as the first part of the path."""

    class Led(GuardedAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.url.startswith("https://"):
                request.url = server.url("/" + request.url.removeprefix("https://"))
            return super().send(request, *args, **kwargs)

    patch.setattr(client, "GuardedAdapter", Led)


def asked(server: Server, path: str) -> list[dict[str, str]]:
    """Return the queries with which a path was asked."""
    return [
        {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        for url, _ in server.requests
        if url.partition("?")[0] == path
    ]


def as_json(value: object, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


@dataclass
class Authority:
    """Tokens of one authorisation."""

    refresh_token: str = "refresh-0-canary"
    access_token: str = "access-0-canary"
    scope: str = "tweet.read users.read offline.access"
    expires_in: int = 7200
    delay_s: float = 0.0
    rotations: int = 0
    dead: bool = False
    """Whether somebody showed a spent refresh token."""
    before: Callable[[], None] = lambda: None
    """Called when a call has come, before anything rotates."""
    after: Callable[[], None] = lambda: None
    """Called when it has rotated, before it answers."""
    forms: list[dict[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, handler: BaseHTTPRequestHandler) -> Answer:
        """Answer a call of the token endpoint."""
        body: bytes = handler.posted  # type: ignore[attr-defined]
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.forms.append(form)
        self.before()
        with self.lock:
            if self.dead or form.get("refresh_token") != self.refresh_token:
                self.dead = True
                return as_json({"error": "invalid_grant", "error_description": "canary"}, 400)
            time.sleep(self.delay_s)
            self.rotations += 1
            self.refresh_token = f"refresh-{self.rotations}-canary"
            self.access_token = f"access-{self.rotations}-canary"
            given = {
                "token_type": "bearer",
                "access_token": self.access_token,
                "refresh_token": self.refresh_token,
                "expires_in": self.expires_in,
                "scope": self.scope,
            }
        self.after()
        return as_json(given)

    def takes(self, handler: BaseHTTPRequestHandler) -> bool:
        """Whether a call shows the token in force."""
        shown = handler.headers.get("Authorization")
        return not self.dead and shown == f"Bearer {self.access_token}"


X_TOKENS = "/api.x.com/2/oauth2/token"
X_USER = "/api.x.com/2/users/by/username/library"


def x_of(authority: Authority, server: Server) -> None:
    """Answer as X does, for an account without posts, to who shows the token in force."""

    def guarded(value: object) -> Callable[[BaseHTTPRequestHandler], Answer]:
        def answer(handler: BaseHTTPRequestHandler) -> Answer:
            if authority.takes(handler):
                return as_json(value)
            return as_json({"title": "Unauthorized", "type": "about:blank", "status": 401}, 401)

        return answer

    user = {"id": "7", "username": "library", "name": "Library", "description": "Books"}
    server.routes[X_TOKENS] = authority
    server.routes[X_USER] = guarded({"data": user})
    server.routes["/api.x.com/2/users/7/tweets"] = guarded({"meta": {"result_count": 0}})
