"""Bluesky, through the public AppView of the AT Protocol; no login.

Calls (https://docs.bsky.app/docs/api): ``com.atproto.identity.resolveHandle``,
``app.bsky.actor.getProfile``, ``app.bsky.feed.getAuthorFeed`` (100 a page; the end is an
answer without ``cursor``), ``app.bsky.feed.getPostThread`` for each own post that has answers,
``app.bsky.feed.getPosts`` (25 at once) to look again at what earlier nights saw. Limits of the
public AppView are not published; a PDS gives 3,000 calls in 5 minutes.

``account.url`` may name another AppView, for a network of one's own.

Not given: views, times of edits (an edit shows as another text), whether the profile is locked.
A deactivated account answers 400 ``AccountDeactivated`` or "Profile not found", one that was
taken down 400 ``AccountTakedown``. No account is private.

An account is its DID; its handle may change, and pass to somebody else. Once the DID is known it
is read by it, and the handle is only resolved to see whose it is.

Time: the feed is sorted by the earlier of ``createdAt`` and ``indexedAt``. A post dated into
the future counts from when it was seen. NOTE: one dated far into the past sorts below the
window and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from audit.client import Client
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, GapKind
from audit.model.life import AccountState
from audit.model.record import (
    AccountStateRecord,
    CommentRecord,
    GapRecord,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.bluesky import read
from audit.platforms.base import Platform, Target
from audit.platforms.limits import Cost, Scope, Size, Tariff, Unit, paced, pages
from audit.platforms.readers.bluesky import DID, PAGE, Reader

HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}", re.IGNORECASE)
"""Source: https://atproto.com/specs/handle"""
INVALID = "handle.invalid"
"""Shown in place of a handle that does not lead back to its account.
Source: https://atproto.com/specs/handle"""


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, answers, and look again at what earlier nights saw."""
    service = Reader(target, client)
    named, lost = service.resolve()
    service.did = target.platform_id or named
    if not service.did:
        yield from _everywhere(lost, FETCHED_FACETS)
        return
    elsewhere = bool(named) and named != service.did
    found = list(service.profile())
    if any(isinstance(one, GapRecord) and one.kind is GapKind.NOT_FOUND for one in found):
        if elsewhere:
            yield from gaps.replaced(FETCHED_FACETS)
        else:
            yield from _everywhere(found[0], FETCHED_FACETS)
        return
    yield from found
    yield from _named(found, elsewhere)
    posts: list[PostRecord] = []
    complete = True
    for record in service.feed():
        if isinstance(record, PostRecord):
            posts.append(record)
        complete = complete and not isinstance(record, GapRecord)
        yield record
    seen = {post.post_id for post in posts}
    for record in service.threads(posts):
        if isinstance(record, CommentRecord):
            if record.comment_id in seen:
                continue  # the account's own answers are posts of its feed
            seen.add(record.comment_id)
        yield record
    yield from service.again([one for one in target.known if one.record_id not in seen], complete)


def locate(account: Account) -> str | None:
    """Say what is wrong with handle or service."""
    handle = account.handle.removeprefix("@")
    if not HANDLE.fullmatch(handle) and not DID.fullmatch(handle):
        return f"{account.handle!r} is no Bluesky handle; it looks like name.bsky.social"
    if account.url and urlsplit(account.url).scheme not in ("http", "https"):
        return "url must be empty, or the http(s) address of an AppView"
    return None


def _named(found: Sequence[Record], elsewhere: bool) -> Iterator[Record]:
    """Say what the handle alone does not tell."""
    handle = next((one.handle for one in found if isinstance(one, ProfileRecord)), None)
    if handle == INVALID:
        detail = "its handle does not lead back to it"
        yield AccountStateRecord(state=AccountState.ACTIVE, detail=detail)
    elif handle and elsewhere:
        detail = "the registered name belongs to another account now"
        yield AccountStateRecord(state=AccountState.RENAMED, handle=handle, detail=detail)


def _everywhere(record: Record | None, facets: Sequence[Facet]) -> Iterator[Record]:
    if isinstance(record, GapRecord):
        yield from (replace(record, facet=facet) for facet in facets)


def _expected(size: Size) -> Cost:
    return {Unit.CALLS: 2 + pages(size.posts, PAGE) + size.threads}


TARIFF = Tariff(limits=(paced(3_000, 300, scope=Scope.HOST, ours=True),), expected=_expected)
"""Our own choice: what a PDS allows. The public AppView names no number.
Source: https://docs.bsky.app/docs/advanced-guides/rate-limits"""


PLATFORM = Platform(
    name="bluesky",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
)
