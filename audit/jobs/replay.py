"""Maps recorded answers to the common records, without network, key or database."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from audit import catalogue
from audit.addresses import shown
from audit.model.record import (
    CommentRecord,
    GapRecord,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.recordings import read_envelope
from audit.response import Response

TYPES: Mapping[type[Any], str] = {
    ProfileRecord: "profile",
    PostRecord: "post",
    CommentRecord: "comment",
    NextPage: "next_page",
    GapRecord: "gap",
    NoRecord: "none",
}
WORDS = {"text", "text_html", "title", "card", "poll", "bio", "display_name", "alt_text"}
"""Fields that hold what somebody wrote; whom they mention is theirs to say."""
HIDDEN = {"author_id", "author_name", "account_state"}
"""Identities of the public, and what only the nights ask for."""
DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]*[A-Za-z0-9_-]")
REPOSITORY = re.compile(r"(?<=at://)[^/\s]+|(?<=://bsky\.app/profile/)[^/\s?#]+")
"""Where an address names an account of the AT Protocol, by handle or DID."""
PAGE_OF = re.compile(r"(?<=/@)[^/\s?#]+|(?<=/users/)[^/\s?#]+")
"""Where the address of a comment names who wrote it, as those of Mastodon do."""


def replay(
    platform: str, files: Sequence[Path], unread: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    """Yield one mapping for each record in the files, ready for JSON.

    Args:
        platform: name of the platform whose answers they are.
        files: bare bodies, or envelopes as in ``audit.recordings``.
        unread: called with a message for each file that could not be read at all; what an
            answer says, be it an error, is no such case.

    Raises:
        ConfigError: there is no such platform.
    """
    read = catalogue.platform(platform).read
    for file in files:
        try:
            envelope = read_envelope(file)
        except OSError as error:
            unread(f"{file}: {error.strerror or 'cannot be read'}")
            continue
        except ValueError as error:
            unread(f"{file}: {error}")
            continue
        response = Response(
            status=envelope.status,
            body=envelope.body,
            headers=envelope.headers,
            url=shown(envelope.url) if envelope.url else None,
        )
        yield from serialise(list(read(response)))


def serialise(records: Sequence[Record]) -> Iterator[dict[str, Any]]:
    """Yield the records of one answer for print: without identities of the public."""
    own = {one for record in records for one in _names(record)}
    for record in records:
        kind = TYPES.get(type(record))
        if kind is None:
            continue  # bookkeeping of a night, such as validators
        fields: dict[str, Any] = {
            field.name: _plain(field.name, getattr(record, field.name), own)
            for field in dataclasses.fields(record)
            if field.name not in HIDDEN
        }
        if fields.get("author") == "public" and isinstance(fields.get("permalink"), str):
            fields["permalink"] = PAGE_OF.sub("public", fields["permalink"])
        yield {"type": kind, **fields}


def _names(record: Record) -> Iterator[str]:
    """Yield the platform's names for the audited account."""
    if isinstance(record, ProfileRecord):
        yield from (one for one in (record.account_id, record.handle) if one)
    elif isinstance(record, PostRecord) and record.account_id:
        yield record.account_id
    elif isinstance(record, CommentRecord) and record.author == "account" and record.author_id:
        yield record.author_id


def _plain(name: str, value: object, own: set[str]) -> object:
    if isinstance(value, str) and not isinstance(value, Enum):
        return value if name in WORDS else _anonymous(value, own)
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return [_plain(name, one, own) for one in value]
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(field.name, getattr(value, field.name), own)
            for field in dataclasses.fields(value)
        }
    return value.value if isinstance(value, Enum) else value


def _anonymous(text: str, own: set[str]) -> str:
    """Put ``public`` for accounts of the AT Protocol other than the audited one."""

    def other(match: re.Match[str]) -> str:
        return match[0] if match[0] in own else "public"

    return DID.sub(other, REPOSITORY.sub(other, text))
