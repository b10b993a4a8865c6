"""No value of a record is invented: each stands in the answer, or is declared as made from it.

The table of what came of every recorded response is shown with ``pytest -rP``; the environment
variable ``RECORDED_TABLE`` names a file for it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from audit.platforms.answers.x_posts import born
from audit.platforms.answers.youtube_videos import DURATION, _seconds
from audit.recordings import Envelope, read_envelope
from tests.recorded.test_replay import CASES, path, told
from tests.shared import shared

pytestmark = pytest.mark.recorded

RESPONSES = 147
"""Files in the folder of recorded responses, without its list of contents."""
MADE = {
    "type": "what the record is, or what a medium is, in one word for all platforms",
    "platform": "whose answer it is",
    "kind": "original, reply, repost or quote, from where the answer has it; of gaps, the meaning",
    "author": "account or public, from the ids of both",
    "facet": "of a gap",
    "reason": "of a gap, in our own words: the platform's may name people",
    "status": "of a gap, as the envelope has it",
    "retry_after": "of a gap, seconds from the headers",
    "what": "of an answer without a record, in our own words",
    "sensitive": "a truth value, from labels",
    "verified": "a truth value, from states",
    "locked": "a truth value, from states",
    "has_captions": "a truth value, from a list or a word",
    "hidden": "a truth value, from states",
}
"""Fields with words of our own, and what they are made from."""
ADDRESSES = {"bluesky", "x", "youtube", "tiktok", "threads"}
"""Platforms that give no address for people: it is made from ids that stand in the answer."""
JOINED = {"comment_id", "post_id", "parent_id"}
"""Facebook's ids are joined by "_" from the numbers of post and comment; both have to be there."""
HASHED = re.compile(r"entry:[0-9a-f]{20}")
"""The id of an entry whose feed gives it none: a hash of its title, text and time."""
MENDED = "encoding__double-encoded-html.xml"
"""Bytes of UTF-8 that were written as characters, which the reader of feeds puts right."""
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MARKED = re.compile(r"[>\"']\s*(\d+(?:\.\d+)?)\s*[<\"']")
"""A number between the tags of XML, or in an attribute."""
TIMES = {"created_at", "edited_at"}
EMPTY = {"text": "there is none", "text_html": "", "alt_text": "offered and not filled", "bio": ""}
"""Fields in which an empty text is a statement."""


def leaves(value: object, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value in a record, under the name of its field."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    elif value is not None:
        yield name, value


def bare(text: str) -> str:
    """Return a text without markup, references and white space."""
    text = unescape(unescape(re.sub(r"<!\[CDATA\[|\]\]>", "", text)))
    return plain(re.sub(r"<[^>]*>", "", text))


def plain(text: str) -> str:
    """Return a text without references and white space."""
    return re.sub(r"[\s\u200b\\]+", "", unescape(unescape(text)))


class Body:
    """What stands in an answer."""

    def __init__(self, envelope: Envelope) -> None:
        raw = _decoded(envelope.body)
        strings: list[str] = [raw, *envelope.headers.values(), envelope.url or ""]
        self.numbers: set[float] = set()
        try:
            value = json.loads(envelope.body)
        except ValueError:
            value = None
        for name, one in leaves(value):
            strings.append(name)
            if isinstance(one, str):
                strings.append(one)
            elif not isinstance(one, bool):
                self.numbers.add(float(one))
        # Only whole words count as numbers: a 0 inside a date is no count of nothing.
        whole = [one for one in strings if NUMBER.fullmatch(one.strip())]
        self.numbers |= {float(one) for one in [*whole, *MARKED.findall(raw)]}
        self.numbers |= {_seconds(one) or 0 for one in strings if DURATION.fullmatch(one)}
        self.moments = {one for text in strings for one in _moments(text)}
        self.moments |= {one for number in self.numbers for one in _counted(number)}
        self.text = "\n".join(strings)
        self.bare = bare(self.text) + "\n" + plain(self.text)
        self.lower = self.bare.lower()

    def holds(self, name: str, value: Any) -> bool:
        """Whether a value stands here, in whatever form the platform writes it."""
        if isinstance(value, bool):
            return str(value).lower() in self.lower
        if isinstance(value, int | float):
            return float(value) in self.numbers
        if name in TIMES:
            return dt.datetime.fromisoformat(value) in self.moments
        # Accounts of the public are taken out of addresses and ids.
        pieces = [one for line in value.splitlines() for one in line.split("public")]
        if name in JOINED:
            pieces = [part for one in pieces for part in one.split("_")]
        return all(bare(one) in self.bare or plain(one) in self.bare for one in pieces)


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("big5", "replace")


def _moments(text: str) -> Iterator[dt.datetime]:
    if len(text) > 60:
        for one in re.findall(r">([^<>]{10,40})<", text):
            yield from _moments(one)
        return
    for parse in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(text.strip())
        except (ValueError, TypeError):
            continue
        yield found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _counted(number: float) -> Iterator[dt.datetime]:
    for divisor in (1, 1000):
        if 10**8 < number / divisor < 10**10:
            yield dt.datetime.fromtimestamp(number / divisor, dt.UTC)
    # Ids of X hold the time when they were made.
    found = born(str(int(number))) if 10**16 < number < 10**19 else None
    if found:
        yield found


def invented(platform: str, name: str) -> list[str]:
    """Return the values of a file's records that stand nowhere in it."""
    body = Body(read_envelope(path(platform, name)))
    found = []
    for field, value in (one for record in told(platform, name) for one in leaves(record)):
        made = field in MADE or (field == "permalink" and platform in ADDRESSES)
        # Threads gives no counts, but says where there are no answers.
        made |= (platform, field, value) == (
            "threads",
            "comments",
            0,
        ) and "has_replies" in body.text
        made |= name == MENDED and field in ("text", "text_html")
        hashed = field == "post_id" and platform == "feed" and HASHED.fullmatch(str(value))
        if made or hashed or (value == "" and field in EMPTY) or body.holds(field, value):
            continue
        found.append(f"{field}: {value!r}")
    return found


def test_every_response_brings_records_or_a_gap_and_no_exception() -> None:
    rows: dict[str, Counter[str]] = {}
    files: dict[str, set[Path]] = {}
    for platform, name in CASES:
        row = rows.setdefault(platform, Counter())
        files.setdefault(platform, set()).add(path(platform, name))
        for one in told(platform, name):
            row[str(one.get("kind") if one["type"] == "gap" else one["type"])] += 1
    found = {one for held in files.values() for one in held}
    folder = shared("payloads")
    there = {one for one in folder.rglob("*") if one.is_file() and one.name != "INDEX.md"}
    assert found == there
    assert len(there) == RESPONSES
    table = "\n".join(_table(rows, {name: len(held) for name, held in files.items()}, len(there)))
    print(table)
    if os.environ.get("RECORDED_TABLE"):
        Path(os.environ["RECORDED_TABLE"]).write_text(table + "\n", encoding="utf-8")


COLUMNS = ("profile", "post", "comment", "next_page", "not_found", "denied", "rate_limited",
           "broken", "end", "none")  # fmt: skip


def _table(rows: dict[str, Counter[str]], files: dict[str, int], number: int) -> Iterator[str]:
    yield f"{'platform':<11}{'files':>6}" + "".join(f"{one:>13}" for one in COLUMNS)
    for platform, row in sorted(rows.items()):
        assert row.keys() <= set(COLUMNS)
        counts = "".join(f"{row[one] or '-':>13}" for one in COLUMNS)
        yield f"{platform:<11}{files[platform]:>6}{counts}"
    both = sum(files.values()) - number
    yield f"{number} files in all; {both} of them, feeds of a site, are read by two platforms"


def test_an_invented_value_would_be_found() -> None:
    body = Body(Envelope(body=b'{"text": "a &amp; b", "at": "2026-10-10T09:00:00Z", "n": 3}'))
    assert body.holds("text", "a & b")
    assert not body.holds("text", "a & c")
    assert body.holds("created_at", "2026-10-10T11:00:00+02:00")
    assert not body.holds("created_at", "2026-10-10T09:00:01+00:00")
    assert body.holds("likes", 3)
    assert not body.holds("likes", 0)


@pytest.mark.parametrize(("platform", "name"), CASES)
def test_no_value_is_invented(platform: str, name: str) -> None:
    assert invented(platform, name) == []
