"""What feedparser found in an entry, taken as it is.

Its own look-ups guess at names that are missing, and warn about it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

from audit.platforms.answers.feed_parts import address
from audit.platforms.answers.loose import filled, mapping, objects
from audit.platforms.answers.markup import Markup, plain, read_markup
from audit.platforms.answers.plain import addresses

Json = Mapping[str, Any]

HTML = frozenset({"text/html", "application/xhtml+xml"})


def full_text(entry: Json, link: str | None, alts: Mapping[str, str]) -> tuple[str | None, Markup]:
    """Return the text of an entry: as HTML, where it is any, and taken apart."""
    found = detail(entry, set(alts.values()))
    value = filled(found.get("value"))
    if value is None:
        return None, Markup(text="")
    if found.get("type") in HTML:
        return value, read_markup(value, link)
    return None, Markup(text=value.strip(), links=addresses(value))


def detail(entry: Json, taken: set[str] | None = None) -> Json:
    """Return the fullest text of an entry; feedparser mixes descriptions of media into them."""
    contents = [
        one
        for one in objects(raw(entry, "content"))
        if filled(one.get("value")) and one.get("value") not in (taken or set())
    ]
    contents.sort(key=lambda one: one.get("type") not in HTML)
    if contents:
        return contents[0]
    summary = said(entry, "summary")
    return {**mapping(entry, "summary_detail"), "value": summary} if summary else {}


def link_of(entry: Json) -> str | None:
    """Return the page of an entry."""
    for link in objects(raw(entry, "links")):
        if link.get("rel") == "alternate" and address(link.get("href")):
            return address(link.get("href"))
    return address(said(entry, "link"))


def raw(source: Json, name: str) -> Any:
    """Return a value as feedparser keeps it."""
    return dict.get(source, name) if isinstance(source, dict) else None


def said(source: Json, name: str) -> str | None:
    """Return a text that says something."""
    return filled(raw(source, name))


def line(source: Json, name: str) -> str | None:
    """Return a text on one line, without markup; for titles and names."""
    value = said(source, name)
    if value is None:
        return None
    html = mapping(source, f"{name}_detail").get("type") in HTML
    return plain(value) if html else " ".join(value.split())


def times(entry: Json) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return when an entry came out and when it was edited since, if it was."""
    published, updated = _moment(entry, "published_parsed"), _moment(entry, "updated_parsed")
    edited = updated if published and updated and updated > published else None
    return published or updated, edited


def _moment(entry: Json, name: str) -> dt.datetime | None:
    # feedparser gives UTC, also where a feed names no zone.
    value = raw(entry, name)
    if value is None:
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(value), dt.UTC)
    except (OverflowError, ValueError, OSError, TypeError):
        return None
