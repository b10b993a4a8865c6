"""Bluesky, through the public AppView of the AT Protocol; no login.

Calls (https://docs.bsky.app/docs/api): ``com.atproto.identity.resolveHandle``,
``app.bsky.actor.getProfile``, ``app.bsky.feed.getAuthorFeed`` (100 a page; the end is an
answer without ``cursor``), ``app.bsky.feed.getPostThread`` for each own post that has answers,
``app.bsky.feed.getPosts`` (25 at once) to look again at what earlier nights saw. Limits of the
public AppView are not published; a PDS gives 3,000 calls in 5 minutes.

``account.url`` may name another AppView, for a network of one's own.

Not given: views, times of edits (an edit shows as another text), whether the profile is locked.
A deactivated account answers 400 ``AccountDeactivated`` or "Profile not found".

Time: the feed is sorted by the earlier of ``createdAt`` and ``indexedAt``. A post dated into
the future counts from when it was seen. NOTE: one dated far into the past sorts below the
window and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from audit.client import Client, Params, Response
from audit.errors import FetchError
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    Gone,
    NextPage,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.bluesky import ABSENCE, ERRORS, read
from audit.platforms.answers.bluesky_threads import cut_branches
from audit.platforms.base import Known, Platform, Target

PUBLIC = "https://public.api.bsky.app"
PAGE = 100
MAX_PAGES = 100
BATCH = 25
DEPTH = 100
MAX_BRANCHES = 50
"""Further calls for one thread, where the service cuts branches off."""
MAX_FAILURES = 3
"""Threads that may fail before the rest is left for the next night."""

GONE = {ERRORS["NotFound"][1], ERRORS["RecordNotFound"][1], ABSENCE}
HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}", re.IGNORECASE)
"""Source: https://atproto.com/specs/handle"""
DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]+")


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, answers, and look again at what earlier nights saw."""
    service = _Service(target, client)
    did = yield from service.resolve()
    if did is None:
        return
    service.did = did
    found = list(service.profile())
    yield from found
    if any(isinstance(one, GapRecord) and one.kind is GapKind.NOT_FOUND for one in found):
        yield from _everywhere(found[0], (Facet.POSTS, Facet.COMMENTS))
        return
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


def _everywhere(record: Record, facets: Sequence[Facet]) -> Iterator[Record]:
    if isinstance(record, GapRecord):
        yield from (replace(record, facet=facet) for facet in facets)


class _Service:
    """The calls about one account."""

    def __init__(self, target: Target, client: Client) -> None:
        self.target, self.client, self.did = target, client, ""
        self.halted: GapRecord | None = None
        """A limit that was met; it ends the calls of the night."""
        self.root = (target.account.url or PUBLIC).rstrip("/") + "/xrpc/"

    def ask(self, call: str, **params: str | int | list[str]) -> Response:
        sent: Params = params
        return self.client.get(self.root + call, sent)

    def records(self, facet: Facet, call: str, **params: str | int | list[str]) -> Iterator[Record]:
        """Ask and map; what goes wrong becomes a gap of ``facet``."""
        if self.halted:
            yield replace(self.halted, facet=facet)
            return
        try:
            answer = self.ask(call, **params)
        except FetchError as error:
            yield gaps.failed(error, facet)
            return
        yield from self.mapped(read(answer, self.did), facet)

    def mapped(self, records: Iterator[Record], facet: Facet) -> Iterator[Record]:
        """Give gaps their facet, and remember a limit."""
        for record in gaps.asked_for(records, facet):
            if isinstance(record, GapRecord) and record.kind is GapKind.RATE_LIMITED:
                self.halted = record
            yield record

    def resolve(self) -> Generator[Record, None, str | None]:
        """Find the DID of the handle, or tell in all facets why not."""
        handle = self.target.account.handle.removeprefix("@")
        if DID.fullmatch(handle):
            return handle
        try:
            answer = self.ask("com.atproto.identity.resolveHandle", handle=handle)
            did = answer.json().get("did") if answer.status == 200 else None
            if isinstance(did, str):
                return did
            record = next(gaps.asked_for(read(answer), Facet.PROFILE))
        except FetchError as error:
            record = gaps.failed(error, Facet.PROFILE)
        except (ValueError, AttributeError):
            record = gaps.unreadable(answer, "JSON of an AT Protocol service")
        yield from _everywhere(record, FETCHED_FACETS)
        return None

    def profile(self) -> Iterator[Record]:
        for record in self.records(Facet.PROFILE, "app.bsky.actor.getProfile", actor=self.did):
            if isinstance(record, ProfileRecord | GapRecord):
                yield record

    def feed(self) -> Iterator[Record]:
        """Walk down the feed until a whole page lies before the window."""
        window, cursor, seen = self.target.window, "", {""}
        for _ in range(MAX_PAGES):
            further = {"cursor": cursor} if cursor else {}
            cursor, old = "", []
            for record in self.records(
                Facet.POSTS,
                "app.bsky.feed.getAuthorFeed",
                actor=self.did,
                filter="posts_with_replies",
                limit=PAGE,
                **further,
            ):
                if isinstance(record, NextPage):
                    cursor = record.cursor
                elif isinstance(record, GapRecord):
                    yield record
                    return
                elif isinstance(record, PostRecord):
                    when = record.created_at
                    old.append(when is not None and when < window.start)
                    if when is None or window.holds(when):
                        yield record
            if not cursor or (old and all(old)):
                return
            if cursor in seen:
                yield gaps.repeated(Facet.POSTS)
                return
            seen.add(cursor)
        yield GapRecord(
            facet=Facet.POSTS,
            kind=GapKind.BROKEN,
            reason=f"the feed goes on after {MAX_PAGES} pages",
        )

    def threads(self, posts: Sequence[PostRecord]) -> Iterator[Record]:
        """Read the answers to the account's posts, and to its answers in others' threads."""
        failures = 0
        if self.halted:
            yield replace(self.halted, facet=Facet.COMMENTS)
            return
        for post in posts:
            elsewhere = not (post.root_id or post.post_id).startswith(f"at://{self.did}/")
            starts = post.kind in ("original", "quote") or (post.kind == "reply" and elsewhere)
            if not starts or not post.metrics.comments:
                continue
            for record in self._thread(post.post_id):
                yield record
                if isinstance(record, GapRecord):
                    failures = MAX_FAILURES if record.kind is GapKind.RATE_LIMITED else failures + 1
            if failures >= MAX_FAILURES:
                return

    def _thread(self, uri: str) -> Iterator[Record]:
        waiting, asked = [uri], set[str]()
        while waiting and len(asked) <= MAX_BRANCHES:
            branch = waiting.pop()
            if branch in asked:
                continue
            asked.add(branch)
            try:
                answer = self.ask(
                    "app.bsky.feed.getPostThread", uri=branch, depth=DEPTH, parentHeight=0
                )
            except FetchError as error:
                yield gaps.failed(error, Facet.COMMENTS)
                return
            for record in self.mapped(read(answer, self.did), Facet.COMMENTS):
                if isinstance(record, CommentRecord):
                    yield record
                # A post that went away since the feed was read is no gap.
                elif isinstance(record, GapRecord) and record.reason not in GONE:
                    yield record
                    return
            if answer.status == 200:
                waiting += cut_branches(answer)
        if waiting:
            yield GapRecord(
                facet=Facet.COMMENTS,
                kind=GapKind.BROKEN,
                reason=f"a thread has more than {MAX_BRANCHES} branches that were cut off",
            )

    def again(self, known: Sequence[Known], complete: bool) -> Iterator[Record]:
        """Look again at known items that were not met.

        Answers whose parent is gone are no longer in a thread, yet still there. Reposts
        cannot be asked for; the feed, read in full, is the witness.
        """
        reposts = [one for one in known if "/app.bsky.feed.repost/" in one.record_id]
        if complete:
            yield from (Gone(record_id=one.record_id, reason="deleted") for one in reposts)
        for comment in (False, True):
            facet = Facet.COMMENTS if comment else Facet.POSTS
            asked = {x.record_id for x in known if x.comment is comment and x not in reposts}
            ids = sorted(one for one in asked if one.startswith("at://"))
            for start in range(0, len(ids), BATCH):
                batch = ids[start : start + BATCH]
                met = set()
                for record in self.records(facet, "app.bsky.feed.getPosts", uris=batch):
                    if isinstance(record, GapRecord):
                        yield record
                        return
                    if isinstance(record, PostRecord):
                        met.add(record.post_id)
                        yield record
                    elif isinstance(record, CommentRecord):
                        met.add(record.comment_id)
                        yield record
                for one in batch:
                    if one not in met:
                        yield Gone(record_id=one, reason="deleted")


PLATFORM = Platform(
    name="bluesky",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
)
