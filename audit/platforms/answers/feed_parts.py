"""What the forms of feeds share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from audit.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A feed taken apart."""

    records: tuple[Record, ...] = ()
    comment_feeds: Mapping[str, str] = field(default_factory=dict)
    """Addresses by ``post_id``; posts that say they have no comments are left out."""
    further: str | None = None
    """Where older entries are: ``next_url`` of JSON Feed, a link ``next`` (RFC 5005, 3)."""
    blind: bool = False
    """Whether its validators may miss changes: it must be read without conditions.

    So it is with comment feeds, which change by themselves, and with WordPress: measured on
    6.1, binning a post leaves ``ETag`` and ``Last-Modified`` as they are."""


def address(value: object) -> str | None:
    """Return a web address; ids in its place, such as ``tag:``, are none."""
    if not isinstance(value, str):
        return None
    try:
        scheme = urlsplit(value.strip()).scheme
    except ValueError:
        return None
    return value.strip() if scheme in ("http", "https") else None


def made_up_id(*parts: object) -> str:
    """Return an id for an entry that has none; it lasts as long as the entry is not edited."""
    joined = "\x1f".join(str(part) for part in parts)
    return f"entry:{hashlib.sha256(joined.encode()).hexdigest()[:20]}"


def medium(mime: object, named: object = None) -> str:
    """Return the kind of a file from a media type such as ``video/mp4``, or from its name."""
    for said in (named, mime):
        if isinstance(said, str) and said.partition("/")[0] in ("image", "video", "audio"):
            return said.partition("/")[0]
    return "file"
