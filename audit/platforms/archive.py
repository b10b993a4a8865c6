"""Archives: what an institution exported or scraped itself, kept in files; no network.

For platforms without an API for the institution, and for accounts that are closed.
``account.url`` is a path: of a JSON Lines file (``.jsonl``), a CSV file (``.csv``), or a folder
of such files, absolute or, in a registry, relative to its folder. The fields stand in
``answers/archive.py``. The files are read anew each night, which sees of them what lies before
its end; a known item that no file holds any longer is gone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from audit.client import Client
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    Gone,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers.archive import Row, read
from audit.platforms.answers.archive import rows as read_rows
from audit.platforms.base import Platform, Target
from audit.platforms.limits import Tariff
from audit.response import Response

SUFFIXES = (".jsonl", ".csv")
PROFILE = "profile"


def gather(target: Target, _client: Client) -> Iterator[Record]:
    """Read all files of the archive."""
    path = Path((target.account.url or "").removeprefix("file://"))
    files = _files(path)
    if not files:
        reason = f"{path.name}: no such file, or no .jsonl or .csv file in this folder"
        yield from _everywhere(GapKind.NOT_FOUND, reason)
        return
    rows: list[Row] = []
    complete = True
    for file in files:
        try:
            body = file.read_bytes()
        except OSError as error:
            yield from _everywhere(GapKind.BROKEN, f"{file.name}: {error.strerror}")
            complete = False
            continue
        for row in read_rows(Response(status=200, body=body, url=file.name)):
            if isinstance(row.record, GapRecord):
                complete = False
                yield replace(row.record, facet=row.record.facet or Facet.POSTS)
            else:
                rows.append(row)
    held = _at(target.window.end, rows)
    for row in held.values():
        if row.since is None or row.since >= target.window.start or _is_profile(row):
            yield row.record
    if complete and not rows and target.known:
        yield from _everywhere(GapKind.BROKEN, "the archive holds nothing any more")
    elif complete:
        yield from (
            Gone(record_id=one.record_id, reason="deleted")
            for one in target.known
            if one.record_id not in held
        )


def locate(account: Account) -> str | None:
    """Say what is wrong with the path."""
    if not account.url:
        return "url must be the path of the archive: a .jsonl or .csv file, or their folder"
    if "://" in account.url.removeprefix("file://"):
        return "url must be a path, not a web address"
    suffix = Path(account.url).suffix
    if suffix and suffix not in SUFFIXES and not Path(account.url).is_dir():
        return f"url must end in {' or '.join(SUFFIXES)}, or be a folder"
    return None


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
    return [path] if path.is_file() else []


def _at(end: dt.datetime, rows: list[Row]) -> dict[str, Row]:
    """Return what stood in the archive at a moment, the newest version of each."""
    found: dict[str, Row] = {}
    for row in rows:
        if row.since is not None and row.since >= end:
            continue
        key = _key(row.record)
        old = found.get(key)
        if old is None or old.since is None or (row.since is not None and row.since >= old.since):
            found[key] = row
    return {
        key: row for key, row in found.items() if row.deleted_at is None or row.deleted_at >= end
    }


def _key(record: Record) -> str:
    if isinstance(record, PostRecord):
        return record.post_id
    return record.comment_id if isinstance(record, CommentRecord) else PROFILE


def _is_profile(row: Row) -> bool:
    return isinstance(row.record, ProfileRecord)


def _everywhere(kind: GapKind, reason: str) -> Iterator[GapRecord]:
    for facet in FETCHED_FACETS:
        yield GapRecord(facet=facet, kind=kind, reason=reason)


TARIFF = Tariff()
"""Files cost nothing."""


PLATFORM = Platform(
    name="archive",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
    comments_apart=True,
    local=True,
)
