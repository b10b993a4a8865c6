"""Reading JSON of strangers: a value of another type than expected counts as absent.

A platform adds and drops fields without notice; a mapping must lose a field by that, never
the whole answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any


def mapping(value: object, *path: str) -> Mapping[str, Any]:
    """Return the object at ``path`` under ``value``; an empty one when there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a list, leaving out whatever else it holds."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def words(value: object) -> tuple[str, ...]:
    """Return the texts in a list."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def text(value: object) -> str | None:
    """Return a text; an empty one is a text."""
    return value if isinstance(value, str) else None


def filled(value: object) -> str | None:
    """Return a text that says something."""
    return value if isinstance(value, str) and value.strip() else None


def identity(value: object) -> str | None:
    """Return an id as text; numbers too, for they exceed what other languages can hold."""
    if isinstance(value, bool):
        return None
    return str(value) if isinstance(value, int) else filled(value)


def count(value: object) -> int | None:
    """Return a number, also one that is written as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) else None


def moment(value: object, *, assume_utc: bool = False) -> dt.datetime | None:
    """Return an ISO 8601 time in UTC.

    Without a zone it is no moment, unless the platform documents UTC (``assume_utc``).
    """
    if not isinstance(value, str):
        return None
    try:
        parsed = dt.datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if parsed.tzinfo is None:
        if not assume_utc:
            return None
        parsed = parsed.replace(tzinfo=dt.UTC)
    try:
        return parsed.astimezone(dt.UTC)
    except OverflowError:  # year 1 or 9999, moved over the edge by its zone
        return None
