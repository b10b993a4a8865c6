"""One account on a platform, and what is answered about it while all is well."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from audit.platforms.base import Known, Platform
from audit.response import Response

TOKEN = "EAAB-t0ken-that-nobody-may-see"
LEAK = f"https://x.example/next?access_token={TOKEN}"
"""Where a platform writes an address with a token into its answers."""
Params = Mapping[str, str]
Told = tuple[str, Response]
"""The name of a call, and the answer when all is well."""


def parameters(query: str) -> dict[str, str]:
    """Return the parameters of a call; what is named several times is joined by commas."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scene:
    """An account, and the server that answers for it."""

    name: str = ""
    platform: Platform
    answers: Callable[[str, Params, Any], Told]
    """Of a path, its parameters and what was posted."""
    calls: dict[str, str]
    """The calls of a night in their order, by name; each with the initials of the facets that
    are lost when it fails (``p``, ``o`` for posts, ``c``)."""
    holds: dict[str, tuple[str, ...]]
    """The ids of the records that a call brings."""
    further: Callable[[str, bool], Response] | None
    """A page of the list of posts: the cursor of the next one, and whether it holds a post."""
    account: dict[str, str]
    token: str | None = TOKEN
    known: tuple[Known, ...] = ()
    through: str = ""
    """The call that brings the posts, where the list tells only their names."""
