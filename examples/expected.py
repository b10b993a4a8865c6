"""Writes ``bayline/expected.json``: what the audit should find, by the story's own labels.

One row per account, item, code and unbroken row of nights: ``from`` and ``until`` are the
first and the last night on which the audit can see it, and ``end`` says why it sees it no
longer: ``fixed``, ``deleted``, ``window`` (older than the audit looks back), ``unreadable``
(the account cannot be read), or ``open`` (it is still there on the last night). A finding that
returns has two rows.

Run it with ``python -m examples.expected`` after changing the story.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from examples.story import BAYLINE, Entry, Sample, Standing, Story, load

FILE = BAYLINE / "expected.json"


def rows(sample: Sample) -> list[dict[str, Any]]:
    """Return the rows, in the order of accounts and items."""
    found: list[dict[str, Any]] = []
    for story in sample.stories.values():
        for entry in (story.profile, *story.entries):
            found += _entry_rows(sample, story, entry)
        found += _standing_rows(sample, story, "account", story.about_account)
        found += _standing_rows(sample, story, "registry", story.about_registry)
    return found


def _entry_rows(sample: Sample, story: Story, entry: Entry) -> Iterator[dict[str, Any]]:
    codes = dict.fromkeys(code for version in entry.versions for code in version.expect)
    for code in codes:
        ends = [_end(sample, story, entry, code, night) for night in sample.nights]
        yield from _spans(sample, story, entry.key, code, ends)


def _standing_rows(
    sample: Sample, story: Story, subject: str, standing: tuple[Standing, ...]
) -> Iterator[dict[str, Any]]:
    for one in standing:
        dates = [night.astimezone(sample.zone).date() for night in sample.nights]
        ends = [None if one.since <= date <= one.until else "fixed" for date in dates]
        yield from _spans(sample, story, subject, one.code, ends)


def _end(sample: Sample, story: Story, entry: Entry, code: str, night: dt.datetime) -> str | None:
    """Return why the audit does not see a finding on a night; ``None``: it sees it."""
    if not story.readable(night):
        return "unreadable"
    chain = [entry]
    while chain[-1].to is not None:
        chain.append(story.entry(chain[-1].to))
    if entry is not story.profile and min(one.at for one in chain) < night - sample.lookback:
        return "window"
    versions = [one.as_of(night) for one in chain]
    if None in versions:
        return "deleted"
    version = versions[0]
    return None if version and code in version.expect else "fixed"


def _spans(
    sample: Sample, story: Story, item: str, code: str, ends: list[str | None]
) -> Iterator[dict[str, Any]]:
    since: str | None = None
    names = [sample.name(night) for night in sample.nights]
    for (night, end), (_, after) in pairwise(
        [*zip(names, ends, strict=True), ("", "open")],
    ):
        if end is None:
            since = since or night
            if after is not None:
                yield {
                    "account": story.account,
                    "item": item,
                    "code": code,
                    "from": since,
                    "until": night,
                    "end": after,
                }
        else:
            since = None


def text(sample: Sample) -> str:
    """Return the file's contents, one row a line."""
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows(sample))
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    FILE.write_text(text(load()), encoding="utf-8")
