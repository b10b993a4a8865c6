"""A client that answers from a script, for what no server does on demand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from audit.client import Client, Params
from audit.errors import FetchError
from audit.model.account import Account
from audit.model.item import Window
from audit.model.record import GapRecord, Gone, Record, Validator
from audit.platforms.base import Credential, Known, Platform, Target
from audit.response import Response

START = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
END = dt.datetime(2026, 10, 31, tzinfo=dt.UTC)
Answer = Response | FetchError


class Script:
    """Answers by the end of the address; later answers for the same one follow in order."""

    def __init__(self, answers: Mapping[str, Answer | Sequence[Answer] | Callable[..., Answer]]):
        self.answers = dict(answers)
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []

    def get(
        self, url: str, params: Params | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        self.asked.append((url, dict(params or {}), dict(headers or {})))
        fitting = [name for name in self.answers if url.endswith(name)]
        found: Any = self.answers[max(fitting, key=len)] if fitting else answer({}, 404)
        if callable(found):
            found = found(url, dict(params or {}))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, FetchError):
            raise found
        return cast(Response, found)

    def post(
        self,
        url: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        json_body: Mapping[str, Any],
    ) -> Response:
        return self.get(url, {**dict(params or {}), "body": json_body}, headers)  # type: ignore[dict-item]

    def calls(self, name: str) -> int:
        """Count the calls to an address."""
        return sum(url.endswith(name) for url, _, _ in self.asked)


def answer(body: object, status: int = 200, **headers: str) -> Response:
    """Return an answer; a text or bytes as they are, everything else as JSON."""
    if isinstance(body, str):
        body = body.encode()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, body=content, headers=named)


def gather(
    platform: Platform,
    script: Script,
    known: Sequence[Known] = (),
    validators: Mapping[str, Validator] | None = None,
    token: str | None = None,
    platform_id: str | None = None,
    **account: Any,
) -> list[Record]:
    """Read an account in October 2026."""
    values = {"account_id": "a", "platform": platform.name, "handle": "a", "unit": "Unit"}
    target = Target(
        account=Account(**{**values, **account}),
        window=Window(start=START, end=END),
        platform_id=platform_id,
        known=tuple(known),
        validators=validators or {},
        credential=Credential(token=token) if token else None,
    )
    return list(platform.gather(target, cast(Client, script)))


def gaps(records: Sequence[Record]) -> set[tuple[str, str]]:
    """Return facets and kinds of gaps."""
    found = [one for one in records if isinstance(one, GapRecord)]
    return {(str(one.facet), str(one.kind)) for one in found}


def gone(records: Sequence[Record]) -> dict[str, str]:
    """Return reasons by id."""
    return {one.record_id: one.reason for one in records if isinstance(one, Gone)}


def known(record_id: str, day: int = 10, *, comment: bool = False) -> Known:
    """Return an item that an earlier night saw in October."""
    when = dt.datetime(2026, 10, day, tzinfo=dt.UTC)
    return Known(record_id=record_id, created_at=when, comment=comment)
