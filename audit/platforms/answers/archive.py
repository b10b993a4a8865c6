"""Rows of an archive as records.

The fields are those of the common records, which ``account-audit replay`` prints too. JSON
Lines hold one object a line::

    {"type": "post", "post_id": "1", "created_at": "2026-10-01T09:00:00-07:00", "text": "...",
     "media": [{"type": "image", "alt_text": "..."}], "metrics": {"likes": 3}}

CSV has the same names as columns; an empty cell is not given. Lists (``links``, ``hashtags``,
``poll``) are separated by ``|``, counts stand in columns of their own (``likes`` ...), and
pictures in two columns: ``images``, how many, and ``alt_texts``, separated by ``|``.

============  ==============================================================================
type          fields
============  ==============================================================================
``profile``   account_id handle display_name bio url links avatar_url followers following
              posts_count verified locked created_at language
``post``      post_id* created_at* text title text_html permalink account_id edited_at language
              sensitive content_warning kind (original, reply, repost, quote) in_reply_to_id
              root_id quoted_id media links hashtags card poll metrics
``comment``   comment_id* post_id* created_at* text text_html parent_id author (account, public)
              author_id author_name edited_at likes replies_count hidden permalink
============  ==============================================================================

Fields with a star are required. Times are ISO 8601 with their zone.

The past of an archive: a row with the id of an earlier one and a later ``edited_at`` is its
newer version; ``deleted_at`` on a post or comment says when it was taken down; ``seen_at`` on
a profile, from when on it looked like this.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from audit.errors import suggest
from audit.jsontext import parse_json
from audit.model.item import Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    Metrics,
    NoRecord,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers.loose import text
from audit.response import Response

Kind = type[ProfileRecord] | type[PostRecord] | type[CommentRecord]
KINDS: dict[str, tuple[Kind, Facet]] = {
    "profile": (ProfileRecord, Facet.PROFILE),
    "post": (PostRecord, Facet.POSTS),
    "comment": (CommentRecord, Facet.COMMENTS),
}
REQUIRED = {
    "profile": (),
    "post": ("post_id", "created_at"),
    "comment": ("comment_id", "post_id", "created_at"),
}
CHOICES = {
    "kind": ("original", "reply", "repost", "quote"),
    "author": ("account", "public"),
}
LISTS = ("links", "hashtags", "poll")
COUNTS = tuple(field.name for field in dataclasses.fields(Metrics))
READERS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(kind) for name, (kind, _) in KINDS.items()
}


class _RowError(ValueError):
    """Says what is wrong with a row, without quoting it."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of an archive."""

    record: Record
    """A gap where the row could not be read."""
    since: dt.datetime | None = None
    """From when on it is so."""
    deleted_at: dt.datetime | None = None


def read(response: Response) -> Iterator[Record]:
    """Map one file; a row that cannot be read is a gap with its line, and the others count."""
    found = False
    for row in rows(response):
        found = True
        yield row.record
    if not found:
        yield NoRecord(what="an empty archive")


def rows(response: Response) -> Iterator[Row]:
    """Map one file, with what it says of the past."""
    name = f"{response.url}, " if response.url else ""
    as_json = response.body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    for line, row in (_json_rows if as_json else _csv_rows)(response.body):
        kind = text(row.get("type")) if isinstance(row, Mapping) else None
        try:
            if isinstance(row, _RowError):
                raise row
            yield _row(dict(row))
        except _RowError as error:
            facet = KINDS[kind][1] if kind in KINDS else None
            reason = f"{name}line {line}: {error}"
            yield Row(record=GapRecord(facet=facet, kind=GapKind.BROKEN, reason=reason))


def _json_rows(body: bytes) -> Iterator[tuple[int, Mapping[str, Any] | _RowError]]:
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = parse_json(line)
        except ValueError:
            yield number, _RowError("no JSON")
            continue
        yield number, row if isinstance(row, dict) else _RowError("no JSON object")


def _csv_rows(body: bytes) -> Iterator[tuple[int, Mapping[str, Any] | _RowError]]:
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        if reader.fieldnames and "type" not in reader.fieldnames:
            yield 1, _RowError("no column 'type'; the first line names the columns")
            return
        for row in reader:
            yield reader.line_num, _from_cells(row)
    except UnicodeDecodeError:
        yield 1, _RowError("not UTF-8; save the file in that encoding")
    except csv.Error as error:
        yield reader.line_num, _RowError(f"the rest cannot be read ({error})")


def _from_cells(row: Mapping[str | None, Any]) -> Mapping[str, Any] | _RowError:
    if None in row or None in row.values():
        return _RowError("not as many cells as the first line has columns")
    cells: dict[str, Any] = {str(name): cell for name, cell in row.items() if cell.strip()}
    for name in LISTS:
        if name in cells:
            cells[name] = [part.strip() for part in cells[name].split("|") if part.strip()]
    if cells.get("type") == "post":
        cells["metrics"] = {name: cells.pop(name) for name in COUNTS if name in cells}
        alts = [part.strip() for part in cells.pop("alt_texts", "").split("|")]
        images = cells.pop("images", "" if alts == [""] else str(len(alts)))
        if images and not images.strip().isdecimal():
            return _RowError("'images' is not a number")
        alts += [""] * int(images or 0)
        cells["media"] = [{"type": "image", "alt_text": alt} for alt in alts[: int(images or 0)]]
    return cells


def _row(row: dict[str, Any]) -> Row:
    kind = text(row.pop("type", None))
    row.pop("platform", None)
    if kind not in KINDS:
        raise _RowError(f"'type' must be one of {', '.join(KINDS)}")
    since = _time(row, "seen_at") if kind == "profile" else None
    deleted_at = _time(row, "deleted_at") if kind != "profile" else None
    for name in ("created_at", "edited_at"):
        if row.get(name) is not None:
            row[name] = _time(row, name)
            since = (row[name] or since) if kind != "profile" else since
    return Row(record=_record(kind, row), since=since, deleted_at=deleted_at)


def _record(kind: str, values: dict[str, Any]) -> Record:
    _check(kind, values)
    for name, value in values.items():
        if name.endswith("_id") and isinstance(value, int):
            values[name] = str(value)
    empty = {"platform": "archive", "account_id": None, "handle": None, "text": ""}
    names = {field.name for field in dataclasses.fields(KINDS[kind][0])}
    complete = {name: value for name, value in empty.items() if name in names} | values
    try:
        record: Record = READERS[kind].validate_python(complete)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise _RowError(f"{field!r}: {first['msg']}") from None
    return record


def _check(kind: str, values: Mapping[str, Any]) -> None:
    known = {field.name for field in dataclasses.fields(KINDS[kind][0])} - {"platform"}
    for name in values:
        if name not in known:
            raise _RowError(f"unknown field {name!r}{suggest(name, known)}")
    for name in REQUIRED[kind]:
        if values.get(name) in (None, ""):
            raise _RowError(f"{name!r} is missing")
    for name, allowed in CHOICES.items():
        if name in known and values.get(name, allowed[0]) not in allowed:
            raise _RowError(f"{name!r} must be one of {', '.join(allowed)}")


def _time(row: dict[str, Any], name: str) -> dt.datetime | None:
    """Take a time out of a row, in UTC."""
    value = row.pop(name, None)
    if value is None:
        return None
    try:
        parsed = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _RowError(f"{name!r} is no time; write 2026-10-01T09:00:00-07:00") from None
    if parsed.tzinfo is None:
        raise _RowError(f"{name!r} has no time zone; write 2026-10-01T09:00:00-07:00")
    return parsed.astimezone(dt.UTC)
