"""Keeps what servers answer as recordings, to be played back later."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from audit.recordings import canonical

DROPPED = {
    # secrets, and what no longer holds once the body is stored decoded
    "set-cookie", "cookie", "authorization", "proxy-authorization", "www-authenticate", "x-api-key",
    "content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive",
}  # fmt: skip

TOKENS = re.compile(r'((?:access_token|refresh_token|client_secret)(?:=|\\?":\s*\\?"))[^&"\\\s>]+')
"""Also in a body: Graph's addresses of the next page hold the token of the call."""


class Recorder:
    """Keeps answers as envelopes, under the names of the public hosts that they stand for."""

    def __init__(self, folder: Path, origins: Mapping[str, str] | None = None) -> None:
        """Record into ``folder``.

        Args:
            folder: of one night.
            origins: what to write for what was asked, as
                ``{"http://localhost:2584": "https://public.api.bsky.app"}``; replaced in
                addresses, headers and bodies.
        """
        self._folder = folder
        self._origins = dict(origins or {})

    def write(
        self,
        method: str,
        url: str,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        query: bytes = b"",
    ) -> Path:
        """Keep one answer; the same call again replaces it. ``query`` is what was posted."""
        address = self._rename(url)
        kept = {
            name: self._rename(value)
            for name, value in sorted(headers.items())
            if name.lower() not in DROPPED
        }
        parts = urlsplit(address)
        call = f"{method} {canonical(address)}".encode()
        digest = hashlib.sha256(call + b" " + query if query else call).hexdigest()[:10]
        name = re.sub(r"[^A-Za-z0-9.]+", "-", parts.path).strip("-") or "root"
        path = self._folder / (parts.hostname or "host") / f"{name[:60]}-{digest}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        envelope: dict[str, Any] = {
            "request": {"method": method, "url": address}
            | ({"query": query.decode()} if query else {}),
            "status": status,
            "headers": kept,
        }
        try:
            text = self._rename(body.decode())
        except UnicodeDecodeError:
            path.with_suffix(".body").write_bytes(body)
            envelope["body_file"] = path.with_suffix(".body").name
        else:
            value = _structure(text)
            envelope["body_text" if value is None else "body"] = text if value is None else value
        kept_text = TOKENS.sub(r"\1removed", json.dumps(envelope, ensure_ascii=False, indent=1))
        path.write_text(kept_text + "\n")
        return path

    def _rename(self, text: str) -> str:
        for old, new in self._origins.items():
            # WordPress writes addresses in JSON as http:\/\/...
            text = text.replace(old, new).replace(old.replace("/", "\\/"), new)
        return text


def _structure(text: str) -> object:
    """Return a JSON object or list; a lone word or number is kept as text."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict | list) else None
