"""What is asked of X about one account."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from audit.client import Client
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
from audit.platforms.answers.x import missing, read, versions
from audit.platforms.answers.x_calls import NEWER, OLDER, full, searches
from audit.platforms.base import Known, Target
from audit.response import Response

ROOT = "https://api.x.com"
PAGE = 100
MAX_PAGES = 40
BATCH = 100
RECENT = dt.timedelta(days=7)
ID = re.compile(r"[0-9]{1,19}")


class Reader:
    """The calls about one account."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.target, self.client = target, client
        self.headers = {"Authorization": f"Bearer {token}"}
        self.handle = target.account.handle.removeprefix("@")
        self.account = ""
        self.fields, self.settled = NEWER, False
        self.stopped: GapRecord | None = None
        self.oldest: dict[str, str] = {}
        """The first version of each post, by any version."""

    def ask(self, path: str, kind: str, **params: str | int) -> Response:
        """Ask with field names that work: the newer, or else the older ones."""
        url = ROOT + path
        answer = self.client.get(url, {**params, **self.fields[kind]}, self.headers)
        if not self.settled and kind == "post" and answer.status in (200, 400):
            self.settled = True
            if not full(answer):
                self.fields = OLDER
                answer = self.client.get(url, {**params, **self.fields[kind]}, self.headers)
        for chain in versions(answer).values():
            self.oldest |= dict.fromkeys(chain, chain[0])
        return answer

    def records(self, facet: Facet, path: str, kind: str, **params: str | int) -> Iterator[Record]:
        """Ask and map; what goes wrong becomes a gap of ``facet``."""
        if self.stopped:
            yield replace(self.stopped, facet=facet)
            return
        try:
            answer = self.ask(path, kind, **params)
        except FetchError as error:
            yield gaps.failed(error, facet)
            return
        yield from self.mapped(answer, facet)

    def mapped(self, answer: Response, facet: Facet) -> Iterator[Record]:
        """Map an answer, and remember what ends the reading of the night."""
        for record in gaps.asked_for(read(answer, self.account or None, described=True), facet):
            if isinstance(record, GapRecord):
                spent = record.kind is GapKind.RATE_LIMITED and record.retry_after is None
                if spent or record.status == 401:
                    self.stopped = record
            yield record

    def profile(self) -> Iterator[Record]:
        """Find the account; its id is what everything else is asked by."""
        by_name, known = f"/2/users/by/username/{self.handle}", self.target.platform_id
        found = self.described(f"/2/users/{known}" if known else by_name)
        first = found[0]
        if isinstance(first, ProfileRecord):
            self.account = first.account_id or ""
            self.handle = first.handle or self.handle
        elif known and self.passed_on(first, by_name):
            found = list(gaps.replaced((Facet.PROFILE,)))
        yield from found

    def passed_on(self, lost: GapRecord, by_name: str) -> bool:
        """Whether somebody else has the name of an account that is gone; costs a call more."""
        unknown = lost.kind is GapKind.NOT_FOUND and not lost.account_state
        return unknown and isinstance(self.described(by_name)[0], ProfileRecord)

    def described(self, path: str) -> list[ProfileRecord | GapRecord]:
        """Ask for an account: its profile, or why there is none, comes first."""
        found = [
            one
            for one in self.records(Facet.PROFILE, path, "user")
            if isinstance(one, ProfileRecord | GapRecord)
        ]
        reason = "the answer names no account"
        found.sort(key=lambda one: isinstance(one, GapRecord))
        return found or [GapRecord(facet=Facet.PROFILE, kind=GapKind.BROKEN, reason=reason)]

    def pages(self, facet: Facet, path: str, turn: str, **params: str | int) -> Iterator[Record]:
        """Follow a list to its end, or to what goes wrong."""
        token, seen = "", {""}
        for _ in range(MAX_PAGES):
            asked, token = token, ""
            further = {turn: asked} if asked else {}
            for record in self.records(facet, path, "post", max_results=PAGE, **params, **further):
                if isinstance(record, NextPage):
                    token = record.cursor
                else:
                    yield record
                    if isinstance(record, GapRecord) and record.status != 200:
                        return
            if not token:
                return
            if token in seen:
                yield gaps.repeated(facet)
                return
            seen.add(token)
        yield GapRecord(
            facet=facet, kind=GapKind.BROKEN, reason=f"the list goes on after {MAX_PAGES} pages"
        )

    def timeline(self) -> Iterator[Record]:
        """Read what the account published in the window, newest first."""
        window, met = self.target.window, set[str]()
        start = window.start.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        path = f"/2/users/{self.account}/tweets"
        for record in self.pages(Facet.POSTS, path, "pagination_token", start_time=start):
            if isinstance(record, PostRecord):
                when = record.created_at
                # Newest first: of an edited post the last version comes before the others.
                if record.post_id in met or (when and not window.holds(when)):
                    continue
                met.add(record.post_id)
                yield record
            elif isinstance(record, GapRecord):
                yield record

    def answers(self, posts: Sequence[PostRecord]) -> Iterator[Record]:
        """Search for what others wrote under the account's posts, many posts at once."""
        answered = [one for one in posts if one.metrics.comments and one.kind != "repost"]
        begins = self.target.window.end - RECENT
        if any(one.created_at and one.created_at < begins for one in answered) and not any(
            one.comment for one in self.target.known
        ):
            yield GapRecord(
                facet=Facet.COMMENTS,
                kind=GapKind.UNSUPPORTED,
                reason=f"X gives answers of the last {RECENT.days} days; older ones are missing",
            )
        own = {post.post_id for post in posts}
        for query in self.queries(answered, own):
            for record in self.pages(
                Facet.COMMENTS, "/2/tweets/search/recent", "next_token", query=query
            ):
                if isinstance(record, CommentRecord):
                    if record.created_at is None or self.target.window.holds(record.created_at):
                        yield self.placed(record)
                elif isinstance(record, GapRecord):
                    yield record
                    if record.status != 200:
                        return

    def queries(self, posts: Sequence[PostRecord], own: set[str]) -> Iterator[str]:
        """Yield the searches that find the answers under ``posts``."""
        parts = []
        for post in posts:
            root = self.oldest.get(post.root_id or "", post.root_id)
            if post.kind == "reply" and root in own:
                continue  # what hangs on it is in the conversation of the root
            ids = [one for one, first in self.oldest.items() if first == post.post_id]
            operator = "in_reply_to_tweet_id" if post.kind == "reply" else "conversation_id"
            parts += [f"{operator}:{one}" for one in ids or [post.post_id]]
        return searches(parts, f" -from:{self.handle} -is:retweet")

    def placed(self, comment: CommentRecord) -> CommentRecord:
        """Hang a comment on the account's post, under the id of its first version."""
        root = self.oldest.get(comment.post_id or "", comment.post_id)
        parent = self.oldest.get(comment.parent_id or "", comment.parent_id)
        elsewhere = comment.post_id not in self.oldest and comment.parent_id in self.oldest
        return replace(
            comment,
            post_id=parent if elsewhere else root,
            parent_id=None if elsewhere or parent == root else parent,
        )

    def again(self, known: Sequence[Known]) -> Iterator[Record]:
        """Look again at known items that were not met."""
        for comment in (False, True):
            facet = Facet.COMMENTS if comment else Facet.POSTS
            asked = {one.record_id for one in known if one.comment is comment}
            ids = sorted(one for one in asked if ID.fullmatch(one))
            newest: list[str] = []
            for start in range(0, len(ids), BATCH):
                worked = yield from self._lookup(facet, ids[start : start + BATCH], newest)
                if not worked:
                    return
            for start in range(0, len(newest), BATCH):
                yield from self._lookup(facet, newest[start : start + BATCH], [])

    def _lookup(
        self, facet: Facet, ids: Sequence[str], newest: list[str]
    ) -> Generator[Record, None, bool]:
        """Ask for ids; later versions of what came go to ``newest``. Returns whether it worked."""
        if self.stopped:
            yield replace(self.stopped, facet=facet)
            return False
        try:
            answer = self.ask("/2/tweets", "post", ids=",".join(ids))
        except FetchError as error:
            yield gaps.failed(error, facet)
            return False
        found = list(self.mapped(answer, facet))
        if answer.status != 200:
            yield from (one for one in found if isinstance(one, GapRecord))
            return False
        # What is said of single posts stands below; an answer that cannot be read is a gap.
        yield from (
            one for one in found if isinstance(one, GapRecord) and one.kind is GapKind.BROKEN
        )
        # An id of an old version brings its old text.
        newest += [one[-1] for key, one in versions(answer).items() if key != one[-1]]
        behind = {one[0] for key, one in versions(answer).items() if key != one[-1]}
        for record in found:
            if isinstance(record, PostRecord) and record.post_id not in behind:
                yield record
            elif isinstance(record, CommentRecord) and record.comment_id not in behind:
                yield self.placed(record)
        lost = missing(answer)
        yield from (Gone(record_id=one, reason=lost[one]) for one in ids if one in lost)
        return True
