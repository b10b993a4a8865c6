"""What is asked of Facebook about one Page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from audit.client import Client
from audit.model.item import Facet, GapKind
from audit.model.record import CommentRecord, GapRecord, PostRecord, ProfileRecord, Record
from audit.platforms.answers import gaps, graph
from audit.platforms.answers.facebook import read
from audit.platforms.base import Known, Target
from audit.platforms.calls import (
    MAX_FAILURES,
    Ask,
    Calls,
    record_id,
)
from audit.response import Response

VERSION = "v25.0"
"""Source: https://developers.facebook.com/docs/graph-api/changelog; introduced 2026-02-18."""
HOST = "https://graph.facebook.com"
PAGE = 100
BATCH = 50
PROFILE_FIELDS = (
    "id,name,username,about,description,link,fan_count,followers_count,picture,"
    "verification_status,website"
)
POST_FIELDS = (
    "id,message,created_time,permalink_url,status_type,from,full_picture,shares,"
    "reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0),"
    "attachments{media_type,type,title,description,url,unshimmed_url,media{image,source},"
    "subattachments{media_type,type,media{image,source}}}"
)
COMMENT_FIELDS = (
    "id,parent{id},message,created_time,from,like_count,comment_count,permalink_url,is_hidden"
)


class Reader:
    """The calls about one Page."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.window = target.window
        self.name = target.account.handle.removeprefix("@")
        self.known = target.platform_id
        self.account: str | None = None
        self.calls = Calls(client, self._read, {"Authorization": f"Bearer {token}"})
        self.complete, self.replaced = True, False
        self.listed = False
        """Whether some post was listed: to a token without a permission a list is empty."""
        self.threads: set[str] = set()
        """Posts whose comments were read in full, without the number of the Page."""

    def _read(self, response: Response) -> Iterator[Record]:
        return read(response, self.account)

    def ask(self, path: str, **params: str | int) -> Ask:
        """Return how to ask for ``path``."""
        return f"{HOST}/{VERSION}/{path}", params

    def profile(self) -> list[Record]:
        """Read the Page; its id is what everything else is asked by."""
        found = self._described(self.known or self.name)
        gap = next((one for one in found if isinstance(one, GapRecord)), None)
        if self.known and gap and (gap.kind is GapKind.NOT_FOUND or graph.ambiguous(gap)):
            named = [] if gap.account_state else self._described(self.name)
            if any(isinstance(x, ProfileRecord) and x.account_id != self.known for x in named):
                self.replaced = True
                return list(gaps.replaced((Facet.PROFILE,)))
        for one in found:
            if isinstance(one, ProfileRecord):
                self.account = one.account_id
        return found

    def _described(self, which: str) -> list[Record]:
        found = self.calls.records(Facet.PROFILE, self.ask(which, fields=PROFILE_FIELDS))
        found = [one for one in found if isinstance(one, ProfileRecord | GapRecord)]
        reason = "the answer describes no Page"
        return found or [GapRecord(facet=Facet.PROFILE, kind=GapKind.BROKEN, reason=reason)]

    def _listed(self, path: str, cursor: str, **params: str) -> Ask:
        further: dict[str, str] = {}
        if cursor.startswith(graph.UNTIL):
            further = {"until": cursor.removeprefix(graph.UNTIL)}
        elif cursor:
            further = {"after": cursor}
        return self.ask(path, limit=PAGE, **params, **further)

    def posts(self) -> Iterator[Record]:
        """Walk down the list until a whole page lies before the window.

        Not by ``since`` and ``until``: together with a cursor they skip posts.
        """
        path = f"{self.account or self.known or self.name}/published_posts"
        for page in self.calls.pages(
            Facet.POSTS, lambda cursor: self._listed(path, cursor, fields=POST_FIELDS)
        ):
            old = []
            for record in page:
                if isinstance(record, PostRecord):
                    when, self.listed = record.created_at, True
                    old.append(when is not None and when < self.window.start)
                    if when is None or self.window.holds(when):
                        yield record
                elif isinstance(record, GapRecord):
                    self.complete = False
                    yield record
            if old and all(old):
                return

    def comments(self, posts: Sequence[PostRecord]) -> Iterator[Record]:
        """Read what others wrote under ``posts``."""
        failures = 0
        if self.calls.halted:
            yield replace(self.calls.halted, facet=Facet.COMMENTS)
            return
        for post in posts:
            # A count without a list says that the token may not read it.
            whole = post.metrics.comments == 0
            if post.metrics.comments != 0:
                found = list(self._thread(post.post_id))
                lost = [one for one in found if isinstance(one, GapRecord)]
                whole, failures = bool(found) and not lost, failures + len(lost)
                yield from found
            if whole:
                self.threads.add(post.post_id.rpartition("_")[2])
            if failures >= MAX_FAILURES or self.calls.halted:
                return

    def _thread(self, post_id: str) -> Iterator[Record]:
        fields = {"fields": COMMENT_FIELDS, "filter": "stream", "order": "chronological"}

        def told(response: Response) -> Iterator[Record]:
            return read(response, self.account, post_id)

        for page in self.calls.pages(
            Facet.COMMENTS,
            lambda cursor: self._listed(f"{post_id}/comments", cursor, **fields),
            told,
        ):
            for record in page:
                if isinstance(record, CommentRecord):
                    when = record.created_at
                    if when is not None and when >= self.window.end:
                        continue
                yield record

    def again(self, known: Sequence[Known]) -> Iterator[Record]:
        """Look again at known items that were not met."""
        if self.account is None:
            return  # its number tells what of them is a post
        ids = sorted({one.record_id for one in known})
        for comment in (False, True):
            facet = Facet.COMMENTS if comment else Facet.POSTS
            fields = COMMENT_FIELDS if comment else POST_FIELDS
            # The Page's own comments are known to it as answers; the number tells.
            left = [one for one in ids if one.startswith(f"{self.account}_") is not comment]
            alone: list[str] = []
            for start in range(0, len(left), BATCH):
                batch = left[start : start + BATCH]
                met = set()
                for record in self.calls.records(
                    facet, self.ask("", ids=",".join(batch), fields=fields)
                ):
                    if record_id(record) is not None:
                        met.add(record_id(record))
                        yield record
                    elif isinstance(record, GapRecord) and not graph.ambiguous(record):
                        yield record
                        return
                # One that cannot be read spoils the whole call.
                alone += [one for one in batch if one not in met]

            def ask(one: str, fields: str = fields) -> Ask:
                return self.ask(one, fields=fields)

            witnessed = [one for one in alone if self._witnessed(one, comment)]
            yield from self.calls.again(facet, witnessed, ask, _gone)

    def _witnessed(self, record_id: str, comment: bool) -> bool:
        """Whether a list that was read in full would hold the item, were it still there."""
        if comment:
            return record_id.partition("_")[0] in self.threads
        return self.complete and self.listed


def _gone(gap: GapRecord) -> str | None:
    return "deleted or hidden" if graph.ambiguous(gap) else None
