"""RSS and Atom as records.

feedparser reads them, and from bytes: the rules about their encoding (HTTP, XML declaration,
byte order mark) contradict each other, and it knows them all.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser
from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

from audit.model.item import Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    MediaRecord,
    Metrics,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.feed_comments import comment
from audit.platforms.answers.feed_entry import detail, full_text, line, link_of, raw, said, times
from audit.platforms.answers.feed_parts import Parsed, address, made_up_id, medium
from audit.platforms.answers.feed_video import as_channel, as_video
from audit.platforms.answers.loose import count, filled, mapping, objects
from audit.platforms.answers.markup import plain
from audit.response import Response

Json = Mapping[str, Any]

CLOSED = re.compile(
    rb"</([\w.-]+:)?(rss|feed|rdf)\s*>(\s|<!--.*?-->)*\Z", re.IGNORECASE | re.DOTALL
)


def parse(response: Response) -> Parsed | None:
    """Take a feed apart; ``None`` when it is none."""
    headers = {
        name: value
        for name, value in (
            ("content-type", response.headers.get("content-type")),
            ("content-location", response.url),
        )
        if value
    }
    # A file object: given bytes or text, feedparser would also try them as a name of a file.
    result = feedparser.parse(io.BytesIO(response.body), response_headers=headers)
    feed, entries = mapping(result, "feed"), list(objects(dict.get(result, "entries")))
    if not dict.get(result, "version") and not entries:
        return None
    alts = _descriptions(response.body, filled(dict.get(result, "encoding")))
    records: list[Record] = []
    comment_feeds: dict[str, str] = {}
    for entry in entries:
        record = comment(entry) or _post(entry, feed, alts)
        records.append(record)
        if isinstance(record, PostRecord) and record.metrics.comments != 0:
            found = _comment_feed(entry)
            if found:
                comment_feeds[record.post_id] = found
    if not (records and all(isinstance(one, CommentRecord) for one in records)):
        records = [*_profile(feed), *records]
    records += _cut_off(response, dict.get(result, "bozo_exception"))
    return Parsed(
        records=tuple(records),
        comment_feeds=comment_feeds,
        further=next(_older(feed), None),
        blind="wordpress.org" in (said(feed, "generator") or "")
        or any(_comment_feed(entry) for entry in entries),
    )


def _older(feed: Json) -> Iterator[str]:
    for link in objects(raw(feed, "links")):
        found = address(link.get("href"))
        if link.get("rel") == "next" and found:
            yield found


def _cut_off(response: Response, problem: object) -> Iterator[GapRecord]:
    """Tell of a feed that ends early. Other faults feedparser reads over without loss."""
    if problem is not None and not CLOSED.search(response.body):
        reason = "the feed ends in the middle; the entries before that were read"
        yield gaps.gap(response, GapKind.BROKEN, reason, Facet.POSTS)


def _profile(feed: Json) -> Iterator[ProfileRecord]:
    profile = ProfileRecord(
        platform="feed",
        account_id=said(feed, "id") or address(said(feed, "link")),
        handle=None,
        display_name=line(feed, "title"),
        bio=line(feed, "subtitle"),
        url=address(said(feed, "link")),
        avatar_url=address(mapping(feed, "image").get("href"))
        or address(said(feed, "logo"))
        or address(said(feed, "icon")),
        language=said(feed, "language"),
    )
    if profile != ProfileRecord(platform="feed", account_id=None, handle=None):
        yield as_channel(profile, feed)


def _post(entry: Json, feed: Json, alts: Mapping[str, str]) -> PostRecord:
    link = link_of(entry)
    html, body = full_text(entry, link, alts)
    created, edited = times(entry)
    total = count(said(entry, "slash_comments"))
    if total is None:
        total = count(said(entry, "thr_total"))
    title = line(entry, "title")
    post = PostRecord(
        platform="feed",
        post_id=said(entry, "id") or link or made_up_id(title, body.text, created),
        account_id=None,
        text=body.text,
        text_html=html,
        title=title,
        permalink=link,
        created_at=created,
        edited_at=edited,
        language=said(detail(entry), "language") or said(feed, "language"),
        media=tuple(dict.fromkeys([*_attached(entry, alts), *body.media])),
        links=body.links,
        metrics=Metrics(comments=total),
    )
    return as_video(post, entry)


def _attached(entry: Json, alts: Mapping[str, str]) -> Iterator[MediaRecord]:
    for link in objects(raw(entry, "links")):
        url = address(link.get("href"))
        if link.get("rel") == "enclosure" and url:
            yield MediaRecord(type=medium(link.get("type")), url=url, alt_text=alts.get(url))
    for one in objects(raw(entry, "media_content")):
        url = address(one.get("url"))
        if url:
            yield MediaRecord(
                type=medium(one.get("type"), one.get("medium")),
                url=url,
                alt_text=alts.get(url),
                width=count(one.get("width")),
                height=count(one.get("height")),
            )


def _descriptions(body: bytes, encoding: str | None) -> dict[str, str]:
    """Return what ``media:description`` says of each file, which feedparser does not keep apart."""
    if b"media:description" not in body:
        return {}
    with warnings.catch_warnings():
        # Read as HTML on purpose: an XML parser would stop at the first fault of a feed.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(body, "html.parser", from_encoding=encoding)
    found = {}
    for content in soup("media:content"):
        text = content.find("media:description")
        around = content.parent
        if text is None and around is not None and len(around("media:content")) == 1:
            text = around.find("media:description", recursive=False)
        url = content.get("url")
        if isinstance(text, Tag) and isinstance(url, str):
            found[url] = plain(text.get_text())
    return found


def _comment_feed(entry: Json) -> str | None:
    for link in objects(raw(entry, "links")):
        if link.get("rel") == "replies" and "xml" in str(link.get("type")):
            return address(link.get("href"))
    return address(said(entry, "wfw_commentrss"))
