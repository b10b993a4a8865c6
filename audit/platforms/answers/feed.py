"""RSS, Atom and JSON Feed as records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from audit.model.item import Facet
from audit.model.life import AccountState
from audit.model.record import NextPage, NoRecord, Record
from audit.platforms.answers import feed_json, feed_xml, gaps
from audit.platforms.answers.feed_parts import Parsed
from audit.response import Response

PAGES = ("page", "paged", "start-index", "offset", "before", "cursor")
"""Parameters by which feeds are paged."""
GONE = 410
"""Taken away for good (RFC 9110, 15.5.11)."""


def read(response: Response) -> Iterator[Record]:
    """Map one feed."""
    parsed = parse(response)
    yield from parsed.records
    if parsed.further:
        yield NextPage(cursor=_page(parsed.further))


def _page(address: str) -> str:
    """Return what tells a further page, from its address; the rest of it may hold a token."""
    values = parse_qs(urlsplit(address).query)
    return next((values[name][0] for name in PAGES if name in values), "next")


def parse(response: Response) -> Parsed:
    """Map one feed, and tell where comments on its entries are found."""
    if response.status == 304:
        return Parsed(records=(NoRecord(what="no change"),))
    if response.status >= 400:
        reason = f"the feed answered HTTP {response.status}"
        gap = gaps.by_status(response, reason)
        # The address is that of the feed alone: whoever answers 410 there gave the feed up.
        state = AccountState.DELETED if response.status == GONE else None
        return Parsed(records=(replace(gap, account_state=state),))
    as_json = response.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    parsed = feed_json.parse(response) if as_json else feed_xml.parse(response)
    if parsed is None:
        return Parsed(records=(gaps.unreadable(response, "RSS, Atom or JSON Feed", Facet.POSTS),))
    if not parsed.records:
        return Parsed(records=(NoRecord(what="a feed without entries"),))
    return parsed
