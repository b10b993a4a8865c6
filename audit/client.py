"""HTTP for the platforms (interface; being implemented)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer, received or recorded."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    url: str | None = None
    """Where it came from, without secrets; ``None`` for a recorded bare body."""

    def json(self) -> Any:
        """Parse the body; raises ``ValueError`` when it is no JSON."""
        return json.loads(self.body)


class Client:
    """Interface; see the class of the same name once implemented."""

    def get(
        self,
        url: str,
        params: Mapping[str, str | int | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask; answers of any status come back.

        Raises:
            TransientFetchError: no answer, after retries.
            PermanentFetchError: the address may not be read at all.
        """
        raise NotImplementedError
