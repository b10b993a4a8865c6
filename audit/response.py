"""What a server answered, or a recording of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.jsontext import parse_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer, received or recorded."""

    status: int
    """0 when a recording does not say."""
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    url: str | None = None
    """Where it came from, without query; ``None`` for a recorded bare body."""
    moved_to: str | None = None
    """Where the address has moved for good (301, 308), without query: correct the registry."""

    def json(self) -> Any:
        """Parse the body, see ``parse_json``."""
        return parse_json(self.body)
