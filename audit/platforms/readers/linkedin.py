"""What is asked of LinkedIn about one organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from audit.client import Client
from audit.model.item import Facet, GapKind
from audit.model.record import CommentRecord, GapRecord, Gone, PostRecord, ProfileRecord, Record
from audit.platforms.answers import gaps
from audit.platforms.answers.linkedin import followers, read, refused
from audit.platforms.base import Known, Target
from audit.platforms.calls import MAX_FAILURES, Ask, Calls
from audit.response import Response

VERSION = "202607"
"""Source: https://learn.microsoft.com/linkedin/marketing/versioning"""
ROOT = "https://api.linkedin.com/rest"
PAGE = 100
BATCH = 50
COMMENT = re.compile(r"urn:li:comment:\((urn:li:\w+:\d+),(\d+)\)")
POST = re.compile(r"urn:li:(share|ugcPost):\d+")
GONE = "deleted or not visible"


def encoded(urn: str) -> str:
    """Return a URN as it stands in an address; its own parentheses and commas too."""
    return quote(urn, safe="")


class Reader:
    """The calls about one organisation."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.window = target.window
        self.name = target.account.handle
        self.known = self.name if self.name.isdigit() else target.platform_id
        self.account = ""
        self.witness = {Facet.POSTS: True, Facet.COMMENTS: True}
        """Whether the lists were read in full. Elsewhere 404 may mean that a role was lost."""
        headers = {
            "Authorization": f"Bearer {token}",
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        self.calls = Calls(client, self._read, headers)

    def _read(self, response: Response) -> Iterator[Record]:
        return read(response, self.account or None)

    def ask(self, path: str) -> Ask:
        """Return how to ask for ``path``, which holds its query."""
        return f"{ROOT}/{path}", {}

    def profile(self) -> list[Record]:
        """Read the page about the organisation; its followers are counted elsewhere."""
        by_name = f"organizations?q=vanityName&vanityName={encoded(self.name)}"
        found = self._described(f"organizations/{self.known}" if self.known else by_name)
        first = found[0]
        if isinstance(first, ProfileRecord):
            self.account = first.account_id or self.known or ""
            return [*self._counted(first), *found[1:]]
        if self.known and self.known != self.name and first.kind is GapKind.NOT_FOUND:
            if isinstance(self._described(by_name)[0], ProfileRecord):
                return list(gaps.replaced((Facet.PROFILE,)))
            return list(found)
        # Its posts may be had all the same.
        self.account = self.known or ""
        return list(found)

    def _described(self, path: str) -> list[ProfileRecord | GapRecord]:
        """Ask for a page: what describes it, or why there is nothing, comes first."""
        found = [
            one
            for one in self.calls.records(Facet.PROFILE, self.ask(path))
            if isinstance(one, ProfileRecord | GapRecord)
        ]
        reason = "no page has this name, or the token has no role on it"
        return found or [GapRecord(facet=Facet.PROFILE, kind=GapKind.NOT_FOUND, reason=reason)]

    def _counted(self, profile: ProfileRecord) -> Iterator[Record]:
        urn = encoded(f"urn:li:organization:{profile.account_id}")
        path = f"networkSizes/{urn}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
        answer = self.calls.answer(Facet.PROFILE, self.ask(path))
        if isinstance(answer, GapRecord):
            yield profile
            yield answer
            return
        yield replace(profile, followers=followers(answer))
        for one in self.calls.mapped(Facet.PROFILE, answer):
            if isinstance(one, GapRecord):
                yield one

    def posts(self) -> Iterator[Record]:
        """Walk down the list, newest first, until it lies before the window."""
        urn = encoded(f"urn:li:organization:{self.account}")

        def ask(cursor: str) -> Ask:
            place = f"start={cursor or 0}&count={PAGE}"
            return self.ask(f"posts?author={urn}&q=author&{place}&sortBy=CREATED")

        for page in self.calls.pages(Facet.POSTS, ask):
            old = []
            for record in page:
                if isinstance(record, PostRecord):
                    when = record.created_at
                    old.append(when is not None and when < self.window.start)
                    if when is None or self.window.holds(when):
                        yield record
                else:
                    yield record
            if old and all(old):
                return

    def comments(self, posts: Sequence[PostRecord]) -> Iterator[Record]:
        """Read what others wrote under ``posts``, and the answers to that."""
        failures = 0
        if self.calls.halted:
            yield replace(self.calls.halted, facet=Facet.COMMENTS)
            return
        for post in posts:
            waiting = [post.post_id]
            while waiting:
                for record in self._thread(waiting.pop()):
                    if isinstance(record, CommentRecord):
                        if record.replies_count and record.parent_id is None:
                            waiting.append(record.comment_id)
                        # It names the activity; the post is known by another name.
                        yield replace(record, post_id=post.post_id)
                    else:
                        failures += 1
                        yield record
            if failures >= MAX_FAILURES or self.calls.halted:
                return

    def _thread(self, urn: str) -> Iterator[Record]:
        def ask(cursor: str) -> Ask:
            place = f"start={cursor or 0}&count={PAGE}"
            return self.ask(f"socialActions/{encoded(urn)}/comments?{place}")

        for page in self.calls.pages(Facet.COMMENTS, ask):
            for record in page:
                if isinstance(record, CommentRecord):
                    when = record.created_at
                    if when is not None and when >= self.window.end:
                        continue
                yield record

    def again(self, known: Sequence[Known]) -> Iterator[Record]:
        """Look again at known items that were not met."""
        # Its own comments are known to it as answers, not as comments.
        comments = sorted({x.record_id for x in known if COMMENT.fullmatch(x.record_id)})
        posts = sorted({x.record_id for x in known if POST.fullmatch(x.record_id)})
        for start in range(0, len(posts), BATCH):
            batch = posts[start : start + BATCH]
            listed = ",".join(encoded(one) for one in batch)
            ask = self.ask(f"posts?ids=List({listed})")
            answer = self.calls.answer(Facet.POSTS, ask, X_RestLi_Method="BATCH_GET")
            if isinstance(answer, GapRecord):
                yield answer
                break
            found = self.calls.mapped(Facet.POSTS, answer)
            missing = {urn for urn, status in refused(answer).items() if status == 404}
            # What is not found among the posts asked for is told below.
            yield from (
                one
                for one in found
                if isinstance(one, PostRecord)
                or (isinstance(one, GapRecord) and not (missing and one.kind is GapKind.NOT_FOUND))
            )
            if self.witness[Facet.POSTS]:
                yield from (Gone(record_id=one, reason=GONE) for one in batch if one in missing)
        if self.witness[Facet.COMMENTS]:
            yield from self.calls.again(Facet.COMMENTS, comments, self._comment, _gone)

    def _comment(self, urn: str) -> Ask:
        found = COMMENT.fullmatch(urn)
        thread, number = found.groups() if found else ("", "")
        return self.ask(f"socialActions/{encoded(thread)}/comments/{number}")


def _gone(gap: GapRecord) -> str | None:
    return GONE if gap.kind is GapKind.NOT_FOUND else None
