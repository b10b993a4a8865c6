"""RSS 2.0, Atom and JSON Feed, at the address in ``account.url``.

That may be the feed of a YouTube channel,
``https://www.youtube.com/feeds/videos.xml?channel_id=UC...``: its 15 newest videos with titles,
descriptions and views, without a key, and without comments.

One call for the feed, and one for the comments on each post of the window that names a comment
feed (``wfw:commentRss``, Atom ``rel="replies"``) on the same host. A feed shows only its newest
entries; it has to be read more often than they roll over. Where it says on which page older ones
are (``next_url`` of JSON Feed, a link ``next``: RFC 5005), pages are read down to the window's
start; one that names no further page is the last.

Conditional requests (RFC 9110, 13) are offered to the next night only where they can be
trusted: not for feeds with comment feeds, which change by themselves, and not for WordPress,
whose validators miss deletions.

An address that has moved for good (301, 308) is read where it is now, and told; 410 means that
the feed was given up.

Gone: an entry newer than the oldest one listed that is listed no more.

Not given: likes and shares, alternative texts (but for ``media:description``), an account's
own comments: a comment feed tells only a name, which anybody can claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from audit.client import Client
from audit.errors import FetchError
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, GapKind, Window
from audit.model.record import (
    Checked,
    CommentRecord,
    GapRecord,
    Gone,
    PostRecord,
    ProfileRecord,
    Record,
    Validator,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.feed import parse, read
from audit.platforms.answers.feed_parts import Parsed
from audit.platforms.answers.moves import moved
from audit.platforms.base import Platform, Target
from audit.platforms.limits import Cost, Scope, Size, Tariff, Unit, paced
from audit.response import Response

MAX_COMMENT_FEEDS = 50
MAX_PAGES = 50
MAX_FAILURES = 3
"""Comment feeds that may fail before the rest is left for the next night."""
NO_COMMENTS = GapRecord(
    facet=Facet.COMMENTS, kind=GapKind.UNSUPPORTED, reason="the feed names no comment feeds"
)


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read the feed and the comments on its entries."""
    url = target.account.url or ""
    try:
        answer = client.get(url, headers=_conditions(target.validators.get(url)))
    except FetchError as error:
        yield from (gaps.failed(error, facet) for facet in FETCHED_FACETS)
        return
    if answer.status == 304:
        yield from (Checked(record_id=one.record_id) for one in target.known if not one.comment)
        yield NO_COMMENTS
        return
    elsewhere = moved(url, answer)
    if elsewhere:
        yield elsewhere
    parsed = parse(answer)
    first = next(iter(parsed.records))
    if isinstance(first, GapRecord):  # nothing came before it: it is no feed
        yield from (replace(first, facet=facet) for facet in FETCHED_FACETS)
        return
    parsed = _whole(client, url, parsed, target.window)
    posts = [one for one in parsed.records if isinstance(one, PostRecord)]
    wanted = [one for one in posts if _inside(one, target.window)]
    yield from (one for one in parsed.records[:1] if isinstance(one, ProfileRecord))
    yield from wanted
    broken = [one for one in parsed.records if isinstance(one, GapRecord)]
    yield from (replace(one, facet=Facet.POSTS) for one in broken)
    if not broken:
        yield from _gone(target, posts)
    if broken and not parsed.comment_feeds:
        yield replace(broken[0], facet=Facet.COMMENTS)  # they may be named in the other half
    else:
        yield from _comments(target, client, parsed, wanted)
    # Not of half a feed: the answer "not changed" would hide the other half for good.
    if not parsed.blind and not broken:
        yield from _validator(url, answer)


def locate(account: Account) -> str | None:
    """Say what is wrong with the address of the feed."""
    parts = urlsplit(account.url or "")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return "url must be the http(s) address of the feed"
    return None


def _whole(client: Client, url: str, parsed: Parsed, window: Window) -> Parsed:
    """Return a feed with its further pages, as far as they reach into the window."""
    seen, home, newest = {url}, urlsplit(url).netloc, parsed
    while newest.further and urlsplit(newest.further).netloc == home:
        dates = [one.created_at for one in newest.records if isinstance(one, PostRecord)]
        known = [one for one in dates if one is not None]
        if known and max(known) < window.start:
            break
        if newest.further in seen or len(seen) > MAX_PAGES:
            return _with(parsed, Parsed(records=(gaps.repeated(Facet.POSTS),)))
        seen.add(newest.further)
        try:
            newest = parse(client.get(newest.further))
        except FetchError as error:
            return _with(parsed, Parsed(records=(gaps.failed(error, Facet.POSTS),)))
        parsed = _with(parsed, newest)
    return parsed


def _with(parsed: Parsed, older: Parsed) -> Parsed:
    """Return two pages as one; whether the second changes, the first does not tell."""
    return Parsed(
        records=(*parsed.records, *older.records),
        comment_feeds={**older.comment_feeds, **parsed.comment_feeds},
        blind=True,
    )


def _conditions(validator: Validator | None) -> dict[str, str]:
    sent = {"Accept": "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.8"}
    if validator and validator.etag:
        sent["If-None-Match"] = validator.etag
    if validator and validator.last_modified:
        sent["If-Modified-Since"] = validator.last_modified
    return sent


def _validator(url: str, answer: Response) -> Iterator[Validator]:
    etag, changed = answer.headers.get("etag"), answer.headers.get("last-modified")
    if etag or changed:
        yield Validator(url=url, etag=etag, last_modified=changed)


def _inside(post: PostRecord, window: Window) -> bool:
    """Say whether a post is of the window; without a date it may be."""
    when = post.edited_at or post.created_at
    if when is None or post.created_at is None:
        return True
    return when >= window.start and post.created_at < window.end


def _gone(target: Target, posts: Sequence[PostRecord]) -> Iterator[Gone]:
    """Tell of known posts that a complete list, newest first, should hold and does not."""
    dates = [one.created_at for one in posts if one.created_at is not None]
    if not dates or len(dates) < len(posts) or dates != sorted(dates, reverse=True):
        return
    listed = {one.post_id for one in posts}
    for one in target.known:
        newer = one.created_at is not None and one.created_at > dates[-1]
        if not one.comment and newer and one.record_id not in listed:
            yield Gone(record_id=one.record_id, reason="deleted")


def _comments(
    target: Target, client: Client, parsed: Parsed, posts: Sequence[PostRecord]
) -> Iterator[Record]:
    if not parsed.comment_feeds:
        if not any(post.metrics.comments is not None for post in posts):
            yield NO_COMMENTS
        return
    home = urlsplit(target.account.url or "").netloc
    asked = failures = 0
    for post in posts:
        url = parsed.comment_feeds.get(post.post_id)
        if url is None or urlsplit(url).netloc != home:
            continue
        asked += 1
        if asked > MAX_COMMENT_FEEDS:
            yield GapRecord(
                facet=Facet.COMMENTS,
                kind=GapKind.BROKEN,
                reason=f"more than {MAX_COMMENT_FEEDS} comment feeds; the rest was not read",
            )
            return
        for record in _comment_feed(client, url, post.post_id, target.window):
            yield record
            if isinstance(record, GapRecord):
                limited = record.kind is GapKind.RATE_LIMITED
                failures = MAX_FAILURES if limited else failures + 1
        if failures >= MAX_FAILURES:
            return


def _comment_feed(client: Client, url: str, post_id: str, window: Window) -> Iterator[Record]:
    try:
        found = list(gaps.asked_for(read(client.get(url)), Facet.COMMENTS))
    except FetchError as error:
        yield gaps.failed(error, Facet.COMMENTS)
        return
    for record in found:
        if isinstance(record, GapRecord):
            yield record
        elif isinstance(record, CommentRecord) and (
            record.created_at is None or record.created_at < window.end
        ):
            yield replace(record, post_id=post_id)


def _expected(size: Size) -> Cost:
    return {Unit.CALLS: 1 + min(size.threads, MAX_COMMENT_FEEDS)}


TARIFF = Tariff(limits=(paced(120, 60, scope=Scope.HOST, ours=True),), expected=_expected)
"""Our own choice: two calls a second, for a host that serves people at the same time."""


PLATFORM = Platform(
    name="feed",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
)
