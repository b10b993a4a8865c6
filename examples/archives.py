"""Writes ``bayline/archive``: the accounts on networks that are kept as exports.

Each file holds all weeks; edits and deletions stand in it with their times, so that every night
sees what stood there then. Run it with ``python -m examples.archives`` after changing the story.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from examples.story import BAYLINE, Entry, Story, Version, load

FOLDER = BAYLINE / "archive"
REGISTRY = BAYLINE / "registry.csv"
COLUMNS = (
    *("type", "handle", "display_name", "bio", "url", "followers", "seen_at", "post_id"),
    *("comment_id", "parent_id", "author", "author_name", "created_at", "edited_at", "deleted_at"),
    *("text", "permalink", "links", "hashtags", "images", "alt_texts", "likes"),
)
LINKS = re.compile(r"https://[\w./-]*[\w/]")
TAGS = re.compile(r"(?<!\w)#([^\W\d]\w*)")


def files() -> dict[Path, str]:
    """Return the contents of every archive."""
    stories = load().stories
    with REGISTRY.open(encoding="utf-8", newline="") as stream:
        registered = [row for row in csv.DictReader(stream) if row["platform"] == "archive"]
    found = {}
    for account in registered:
        path = BAYLINE / account["url"]
        rows = list(_rows(stories[account["account_id"]], account["handle"]))
        found[path] = _csv(rows) if path.suffix == ".csv" else _json_lines(rows)
    return found


def _rows(story: Story, handle: str) -> Iterator[dict[str, Any]]:
    network = story.account.rpartition("-")[2]
    site = f"https://{network}.example/{handle}"
    for version in story.profile.versions:
        yield {
            "type": "profile",
            "handle": handle,
            "display_name": version.name,
            "bio": version.text,
            "url": story.profile.url,
            "followers": 400 + _count(handle, 6000),
            "seen_at": version.at.isoformat(),
        }
    for entry in sorted(story.entries, key=lambda one: one.at):
        for version in entry.versions:
            if not version.deleted:
                yield _row(story, entry, version, site)


def _row(story: Story, entry: Entry, version: Version, site: str) -> dict[str, Any]:
    """Return one version; the last one before a deletion says when it came."""
    following = entry.versions[entry.versions.index(version) + 1 :]
    gone = following[0].at.isoformat() if following and following[0].deleted else None
    row: dict[str, Any] = {
        "created_at": entry.at.isoformat(),
        "edited_at": version.at.isoformat() if version.at > entry.at else None,
        "deleted_at": gone,
        "text": version.text,
    }
    if entry.kind == "post":
        row |= {
            "type": "post",
            "post_id": entry.key,
            "permalink": f"{site}/{entry.key}",
            "links": LINKS.findall(version.text),
            "hashtags": TAGS.findall(version.text),
            "media": [{"type": "image", "alt_text": alt} for alt in version.images],
            "metrics": {"likes": _count(entry.key, 180)},
        }
        return row
    chain = [entry]
    while chain[-1].to is not None:
        chain.append(story.entry(chain[-1].to))
    row |= {
        "type": "comment",
        "comment_id": entry.key,
        "post_id": chain[-1].key,
        "parent_id": chain[1].key if len(chain) > 2 else None,
        "author": "account" if entry.kind == "reply" else "public",
        "author_name": entry.by,
        "permalink": f"{site}/{chain[-1].key}#{entry.key}",
        "likes": _count(entry.key, 12),
    }
    return row


def _count(key: str, limit: int) -> int:
    """Return a number that looks like chance and never changes."""
    return zlib.crc32(key.encode()) % limit


def _json_lines(rows: list[dict[str, Any]]) -> str:
    kept = ({name: value for name, value in row.items() if value is not None} for row in rows)
    lines = (json.dumps({"type": row.pop("type"), **row}, ensure_ascii=False) for row in kept)
    return "".join(f"{line}\n" for line in lines)


def _csv(rows: list[dict[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        cells = {**row, **row.get("metrics", {})}
        media = cells.pop("media", None)
        cells.pop("metrics", None)
        if media:
            cells["images"] = len(media)
            cells["alt_texts"] = " | ".join(one["alt_text"] for one in media)
        for name in ("links", "hashtags"):
            cells[name] = " | ".join(cells.get(name, []))
        writer.writerow(cells)
    return stream.getvalue()


def write() -> None:
    """Write every archive."""
    FOLDER.mkdir(exist_ok=True)
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
