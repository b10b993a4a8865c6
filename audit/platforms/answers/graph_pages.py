"""In which shapes a Graph API hands out lists: by themselves, by id, inside an object, in a batch.

Sources: https://developers.facebook.com/docs/graph-api/results, ``/field-expansion``,
``/batch-requests``
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from audit.platforms.answers.loose import count, mapping, objects, text
from audit.response import Response

Json = Mapping[str, Any]

EDGES = ("posts", "published_posts", "feed", "media", "threads")
"""Lists of posts that may come along with the object whose they are."""
UNKEYED = frozenset({"business_discovery", "instagram_business_account"})
"""Objects under a name that is no id."""


def pages(body: Json) -> Iterator[Json]:
    """Yield the lists of a body: its own, those of its objects by id, or it with its own edges."""
    if isinstance(body.get("data"), list):
        yield body
    elif _keyed(body):
        for one in body.values():
            yield from pages(one)
    else:
        yield {"data": [body]}
        for name in EDGES:
            edge = mapping(body, name)
            if isinstance(edge.get("data"), list):
                yield edge


def batched(response: Response, body: object) -> list[Response | None] | None:
    """Return the answers of a batch, ``None`` for a call that did not end in time.

    ``None`` altogether: it is no batch.
    """
    if not isinstance(body, list) or not body:
        return None
    if not all(one is None or {"code", "body"} <= set(mapping(one)) for one in body):
        return None
    return [None if one is None else _part(response, one) for one in body]


def _part(response: Response, part: Json) -> Response:
    inner = part["body"]
    headers = {
        name.lower(): value
        for one in objects(part.get("headers"))
        if (name := text(one.get("name"))) and (value := text(one.get("value"))) is not None
    }
    return Response(
        status=count(part["code"]) or 0,
        body=(inner if isinstance(inner, str) else json.dumps(inner)).encode(),
        headers={**response.headers, **headers},
    )


def _keyed(body: Json) -> bool:
    """Whether a body holds objects or lists by what they were asked for."""
    return (
        bool(body)
        and "id" not in body
        and not UNKEYED & set(body)
        and all("id" in mapping(one) or "data" in mapping(one) for one in body.values())
    )
