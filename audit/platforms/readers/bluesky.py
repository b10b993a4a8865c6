"""What is asked of a service of the AT Protocol about one account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audit.client import Client, Params
from audit.errors import FetchError
from audit.model.item import Facet, GapKind
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
from audit.platforms.base import Known, Target
from audit.response import Response

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
DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]+")


class Reader:
    """The calls about one account."""

    def __init__(self, target: Target, client: Client) -> None:
        self.target, self.client, self.did = target, client, ""
        self.halted: GapRecord | None = None
        """A limit that was met; it ends the calls of the night."""
        self.root = (target.account.url or PUBLIC).rstrip("/") + "/xrpc/"

    def ask(self, call: str, **params: str | int | list[str]) -> Response:
        """Make one call to the service."""
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

    def resolve(self) -> tuple[str, Record | None]:
        """Return the DID of the handle, or why there is none."""
        handle = self.target.account.handle.removeprefix("@")
        if DID.fullmatch(handle):
            return handle, None
        try:
            answer = self.ask("com.atproto.identity.resolveHandle", handle=handle)
            did = answer.json().get("did") if answer.status == 200 else None
            if isinstance(did, str):
                return did, None
            return "", next(gaps.asked_for(read(answer), Facet.PROFILE))
        except FetchError as error:
            return "", gaps.failed(error, Facet.PROFILE)
        except (ValueError, AttributeError):
            return "", gaps.unreadable(answer, "JSON of an AT Protocol service")

    def profile(self) -> Iterator[Record]:
        """Read the profile by the account's DID."""
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
