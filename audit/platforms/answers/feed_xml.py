"""RSS and Atom as records.

feedparser reads them, and from bytes: the rules about their encoding (HTTP, XML declaration,
byte order mark) contradict each other, and it knows them all.
"""

from __future__ import annotations

import calendar
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag

import feedparser
from bs4 import BeautifulSoup, Tag

from audit.client import Response
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
from audit.platforms.answers.feed_parts import Parsed, address, made_up_id, medium
from audit.platforms.answers.loose import count, filled, mapping, objects
from audit.platforms.answers.markup import Markup, plain, read_markup

Json = Mapping[str, Any]

HTML = frozenset({"text/html", "application/xhtml+xml"})
CLOSED = re.compile(
    rb"</([\w.-]+:)?(rss|feed|rdf)\s*>(\s|<!--.*?-->)*\Z", re.IGNORECASE | re.DOTALL
)
COMMENT = re.compile(r"^comment-?\d+$")


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
        record = _comment(entry) or _post(entry, feed, alts)
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
        blind="wordpress.org" in (_said(feed, "generator") or "")
        or any(_comment_feed(entry) for entry in entries),
    )


def _cut_off(response: Response, problem: object) -> Iterator[GapRecord]:
    """Tell of a feed that ends early. Other faults feedparser reads over without loss."""
    if problem is not None and not CLOSED.search(response.body):
        reason = "the feed ends in the middle; the entries before that were read"
        yield gaps.gap(response, GapKind.BROKEN, reason, Facet.POSTS)


def _profile(feed: Json) -> Iterator[ProfileRecord]:
    profile = ProfileRecord(
        platform="feed",
        account_id=_said(feed, "id") or address(_said(feed, "link")),
        handle=None,
        display_name=_line(feed, "title"),
        bio=_line(feed, "subtitle"),
        url=address(_said(feed, "link")),
        avatar_url=address(mapping(feed, "image").get("href"))
        or address(_said(feed, "logo"))
        or address(_said(feed, "icon")),
        language=_said(feed, "language"),
    )
    if profile != ProfileRecord(platform="feed", account_id=None, handle=None):
        yield profile


def _post(entry: Json, feed: Json, alts: Mapping[str, str]) -> PostRecord:
    link = _link(entry)
    html, body = _content(entry, link, alts)
    created, changed = _moment(entry, "published_parsed"), _moment(entry, "updated_parsed")
    created = created or changed
    total = count(_said(entry, "slash_comments"))
    title = _line(entry, "title")
    return PostRecord(
        platform="feed",
        post_id=_said(entry, "id") or link or made_up_id(title, body.text, created),
        account_id=None,
        text=body.text,
        text_html=html,
        title=title,
        permalink=link,
        created_at=created,
        edited_at=changed if created and changed and changed > created else None,
        language=_said(_detail(entry), "language") or _said(feed, "language"),
        media=tuple(dict.fromkeys([*_attached(entry, alts), *body.media])),
        links=body.links,
        metrics=Metrics(comments=count(_said(entry, "thr_total")) if total is None else total),
    )


def _comment(entry: Json) -> CommentRecord | None:
    own_id = _said(entry, "id") or _said(entry, "link") or ""
    base, fragment = urldefrag(own_id)
    answered = filled(mapping(entry, "thr_in-reply-to").get("ref"))
    if not answered and not COMMENT.match(fragment):
        return None
    link = _link(entry)
    html, body = _content(entry, link, {})
    html, parent = _without_salutation(html)
    if answered and COMMENT.match(urldefrag(answered).fragment):
        parent = urldefrag(answered).fragment
    post_id = urldefrag(answered).url if answered else base
    return CommentRecord(
        platform="feed",
        comment_id=own_id or made_up_id(body.text, _said(entry, "published")),
        post_id=post_id or None,
        parent_id=f"{post_id}#{parent}" if parent else None,
        author_name=_line(entry, "author"),
        text=read_markup(html).text if html else body.text,
        text_html=html,
        created_at=_moment(entry, "published_parsed") or _moment(entry, "updated_parsed"),
        permalink=link,
    )


def _without_salutation(html: str | None) -> tuple[str | None, str | None]:
    """Drop the line that WordPress puts before an answer, and return which comment it names.

    The line names a member of the public: ``<p>In reply to <a href="...#comment-2">X</a>.</p>``,
    in the language of the site.
    """
    soup = BeautifulSoup(html or "", "html.parser")
    first = soup.find("p")
    if not isinstance(first, Tag) or len(first("a")) != 1:
        return html, None
    link = first("a")[0]
    fragment = urldefrag(str(link.get("href", ""))).fragment
    after = "".join(str(piece) for piece in link.next_siblings).strip()
    if not COMMENT.match(fragment) or len(after) > 1:
        return html, None
    first.decompose()
    return str(soup).strip(), fragment


def _content(entry: Json, link: str | None, alts: Mapping[str, str]) -> tuple[str | None, Markup]:
    detail = _detail(entry, set(alts.values()))
    value = filled(detail.get("value"))
    if value is None:
        return None, Markup(text="")
    if detail.get("type") in HTML:
        return value, read_markup(value, link)
    return None, Markup(text=value.strip())


def _detail(entry: Json, taken: set[str] | None = None) -> Json:
    """Return the fullest text of an entry; feedparser mixes descriptions of media into them."""
    contents = [
        one
        for one in objects(_raw(entry, "content"))
        if filled(one.get("value")) and one.get("value") not in (taken or set())
    ]
    contents.sort(key=lambda one: one.get("type") not in HTML)
    if contents:
        return contents[0]
    detail = dict(mapping(entry, "summary_detail"))
    summary = _said(entry, "summary")
    return {**detail, "value": summary} if summary else {}


def _attached(entry: Json, alts: Mapping[str, str]) -> Iterator[MediaRecord]:
    for link in objects(_raw(entry, "links")):
        url = address(link.get("href"))
        if link.get("rel") == "enclosure" and url:
            yield MediaRecord(type=medium(link.get("type")), url=url, alt_text=alts.get(url))
    for one in objects(_raw(entry, "media_content")):
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
    soup = BeautifulSoup(body, "html.parser", from_encoding=encoding)
    found = {}
    for content in soup("media:content"):
        said = content.find("media:description")
        around = content.parent
        if said is None and around is not None and len(around("media:content")) == 1:
            said = around.find("media:description", recursive=False)
        url = content.get("url")
        if isinstance(said, Tag) and isinstance(url, str):
            found[url] = plain(said.get_text())
    return found


def _link(entry: Json) -> str | None:
    for link in objects(_raw(entry, "links")):
        if link.get("rel") == "alternate" and address(link.get("href")):
            return address(link.get("href"))
    return address(_said(entry, "link"))


def _comment_feed(entry: Json) -> str | None:
    for link in objects(_raw(entry, "links")):
        if link.get("rel") == "replies" and "xml" in str(link.get("type")):
            return address(link.get("href"))
    return address(_said(entry, "wfw_commentrss"))


def _raw(source: Json, name: str) -> Any:
    # Past feedparser's own lookup, which guesses at missing names and warns about it.
    return dict.get(source, name) if isinstance(source, dict) else None


def _said(source: Json, name: str) -> str | None:
    return filled(_raw(source, name))


def _line(source: Json, name: str) -> str | None:
    value = _said(source, name)
    if value is None:
        return None
    html = mapping(source, f"{name}_detail").get("type") in HTML
    return plain(value) if html else " ".join(value.split())


def _moment(entry: Json, name: str) -> dt.datetime | None:
    """Return a time that feedparser read; it gives UTC, also where a feed names no zone."""
    value = _raw(entry, name)
    if value is None:
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(value), dt.UTC)
    except (OverflowError, ValueError, OSError, TypeError):
        return None
