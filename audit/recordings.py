"""Recorded answers: read from files, and played back instead of the network.

An envelope is one JSON file ``{request: {method, url}, status, headers, body}``; instead of
``body`` (JSON) there may be ``body_text``, or ``body_file`` with a name in the same folder;
``request.query`` is what was posted, as text.
A folder of recordings holds one folder per night, named by its date::

    recordings/2026-11-15/public.api.bsky.app/....json
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from audit.addresses import DEFAULT_PORTS, shown
from audit.errors import ConfigError, PermanentFetchError

BODIES = ("body", "body_text", "body_file")
KEYS = {"request", "status", "headers", *BODIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One recorded answer; ``None`` and 0 where the file does not say."""

    method: str = "GET"
    url: str | None = None
    query: str = ""
    """What was posted."""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""


def read_envelope(path: Path) -> Envelope:
    """Read a recorded answer: an envelope, or else a bare body.

    Raises:
        OSError: the file, or the one named by ``body_file``, cannot be read.
        ValueError: ``body_file`` leads out of the folder.
    """
    content = path.read_bytes()
    try:
        value = json.loads(content)
    except ValueError:
        return Envelope(body=content)
    if not _is_envelope(value):
        return Envelope(body=content)
    request = value.get("request")
    if isinstance(request, str):  # such as "GET https://..."
        request = {"url": request.split(" ")[-1]}
    request = request if isinstance(request, dict) else {}
    headers = value.get("headers")
    headers = headers if isinstance(headers, dict) else {}
    status = value.get("status")
    return Envelope(
        method=str(request.get("method", "GET")).upper(),
        url=request.get("url") if isinstance(request.get("url"), str) else None,
        query=str(request.get("query") or ""),
        status=int(status) if re.fullmatch(r"\d{3}", str(status)) else 0,
        headers={str(name).lower(): _header(text) for name, text in headers.items()},
        body=_body(value, path.parent),
    )


def _is_envelope(value: object) -> bool:
    if not isinstance(value, dict) or sum(name in value for name in BODIES) != 1:
        return False
    # Notes of whoever recorded it, such as a time, may stand beside what tells an envelope.
    return set(value) <= KEYS or {"request", "status"} <= set(value)


def _header(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _body(value: Mapping[str, Any], folder: Path) -> bytes:
    if "body_file" in value:
        path = (folder / str(value["body_file"])).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise ValueError("body_file leads out of the folder of its envelope")
        return path.read_bytes()
    body = value["body_text"] if "body_text" in value else value["body"]
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def canonical(url: str) -> str:
    """Return an address with its query in a fixed order, to be compared."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.port and parts.port != DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return urlunsplit((parts.scheme, host, parts.path or "/", query, ""))


def night_folder(root: Path, as_of: dt.date | None) -> Path:
    """Return the folder of the newest night not after ``as_of``; ``root`` when it has no nights.

    Of an instant, the date in its own zone counts.

    Raises:
        ConfigError: there is no such folder.
    """
    if not root.is_dir():
        raise ConfigError(f"AUDIT_RECORDINGS: {root} is not a folder")
    if isinstance(as_of, dt.datetime):
        as_of = as_of.date()
    nights = {}
    for folder in root.iterdir():
        if folder.is_dir() and re.fullmatch(r"\d{4}-\d\d-\d\d", folder.name):
            nights[dt.date.fromisoformat(folder.name)] = folder
    if not nights:
        return root
    usable = [night for night in nights if as_of is None or night <= as_of]
    if not usable:
        raise ConfigError(
            f"AUDIT_RECORDINGS: {root} begins with {min(nights)}; there is nothing for {as_of}"
        )
    return nights[max(usable)]


class RecordingAdapter(BaseAdapter):
    """Answers from a folder; what is not recorded is refused."""

    def __init__(self, root: Path, as_of: dt.date | None = None) -> None:
        super().__init__()
        self._folder = night_folder(root, as_of)
        self._answers: dict[tuple[str, str, str], Path] | None = None

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Answer from the recordings.

        Raises:
            PermanentFetchError: this call was not recorded.
        """
        if self._answers is None:
            self._answers = _index(self._folder)
        url = request.url or ""
        query = request.body.decode() if isinstance(request.body, bytes) else ""
        path = self._answers.get((request.method or "GET", canonical(url), query))
        if path is None:
            raise PermanentFetchError(
                f"{shown(url)}: not among the recordings in {self._folder.name}"
            )
        found = read_envelope(path)
        answer = requests.Response()
        answer.status_code = found.status or 200
        answer.headers.update(found.headers)
        answer.url, answer.request = url, request
        answer.raw = HTTPResponse(
            io.BytesIO(found.body), status=answer.status_code, preload_content=False
        )
        return answer

    def close(self) -> None:
        """Nothing to close."""


def _index(folder: Path) -> dict[tuple[str, str, str], Path]:
    found = {}
    for path in sorted(folder.rglob("*.json")):
        envelope = read_envelope(path)
        if envelope.url:
            found[envelope.method, canonical(envelope.url), envelope.query] = path
    return found
