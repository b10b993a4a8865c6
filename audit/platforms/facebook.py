"""Facebook Pages, through the Graph API; with a token of the Page.

Calls (https://developers.facebook.com/docs/graph-api/reference/page), 100 a page, the end is an
answer without ``paging.next``; an empty page is not the end: ``/{page}`` (profile),
``/{page}/published_posts``, ``/{post}/comments`` with ``filter=stream`` (answers included), and
``/?ids=`` (50 at once) to look again at what earlier nights saw.

Token: of the Page, or of a system user; it travels in the header ``Authorization`` (RFC 6750).
Permissions ``pages_read_engagement``, ``pages_read_user_content``, ``pages_show_list``. A user's
token lives 1 to 2 hours, a long one 60 days; a Page's token made from a long one has no date and
ends with a change of password or role. Access to data ends after 90 days.

Limits: 4,800 calls per engaged user in 24 hours for a Page's token; 200 per daily user in an hour
for an app. The headers ``X-Business-Use-Case-Usage`` and ``X-App-Usage`` tell percentages and,
once a limit is met, the minutes until it ends. A version of the API lives for about two years.

Not given: alternative texts, captions, language, warnings, times of edits (``updated_time`` moves
with each comment), who commented where a permission is missing.

Gone: an error 100 says alike of a deleted post and of one that may not be read. What the list,
read in full, no longer holds and a call by id does not bring either counts as gone. A Page that
was deleted, unpublished or renamed answers with the same error 100, or 803: a gap, never gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audit.client import Client, Response
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, GapKind
from audit.model.record import CommentRecord, GapRecord, PostRecord, ProfileRecord, Record
from audit.platforms.answers import graph
from audit.platforms.answers.facebook import read
from audit.platforms.base import Known, Platform, Target
from audit.platforms.calls import (
    MAX_FAILURES,
    Ask,
    Calls,
    everywhere,
    record_id,
    without_token,
)

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
HANDLE = re.compile(r"[A-Za-z0-9.-]{2,100}")
"""A name, or the number of the Page; older addresses have both, with hyphens."""


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, comments, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from without_token("Facebook")
        return
    page = _Page(target, client, target.credential.token)
    found = page.profile()
    yield from found
    missing = [x for x in found if isinstance(x, GapRecord) and x.kind is GapKind.NOT_FOUND]
    if missing:
        yield from everywhere(missing[0], (Facet.POSTS, Facet.COMMENTS))
        return
    posts: list[PostRecord] = []
    for record in page.posts():
        if isinstance(record, PostRecord):
            posts.append(record)
        yield record
    seen = {post.post_id for post in posts}
    for record in page.comments(posts):
        seen.add(record_id(record) or "")
        yield record
    yield from page.again([one for one in target.known if one.record_id not in seen])


def locate(account: Account) -> str | None:
    """Say what is wrong with the name of the Page."""
    if not HANDLE.fullmatch(account.handle.removeprefix("@")):
        return f"{account.handle!r} is no name or number of a Facebook Page"
    return None


class _Page:
    """The calls about one Page."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.window = target.window
        self.name = target.account.handle.removeprefix("@")
        self.account: str | None = None
        self.calls = Calls(client, self._read, {"Authorization": f"Bearer {token}"})
        self.complete = True
        self.threads: set[str] = set()
        """Posts whose comments were read in full, without the number of the Page."""

    def _read(self, response: Response) -> Iterator[Record]:
        return read(response, self.account)

    def ask(self, path: str, **params: str | int) -> Ask:
        return f"{HOST}/{VERSION}/{path}", params

    def profile(self) -> list[Record]:
        found = self.calls.records(Facet.PROFILE, self.ask(self.name, fields=PROFILE_FIELDS))
        found = [one for one in found if isinstance(one, ProfileRecord | GapRecord)]
        for one in found:
            if isinstance(one, ProfileRecord):
                self.account = one.account_id
        if not found:
            reason = "the answer describes no Page"
            found = [GapRecord(facet=Facet.PROFILE, kind=GapKind.BROKEN, reason=reason)]
        return found

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
        path = f"{self.account or self.name}/published_posts"
        for page in self.calls.pages(
            Facet.POSTS, lambda cursor: self._listed(path, cursor, fields=POST_FIELDS)
        ):
            old = []
            for record in page:
                if isinstance(record, PostRecord):
                    when = record.created_at
                    old.append(when is not None and when < self.window.start)
                    if when is None or self.window.holds(when):
                        yield record
                elif isinstance(record, GapRecord):
                    self.complete = False
                    yield record
            if old and all(old):
                return

    def comments(self, posts: Sequence[PostRecord]) -> Iterator[Record]:
        failures = 0
        if self.calls.halted:
            yield replace(self.calls.halted, facet=Facet.COMMENTS)
            return
        for post in posts:
            whole = True
            if post.metrics.comments != 0:
                for record in self._thread(post.post_id):
                    if isinstance(record, GapRecord):
                        whole, failures = False, failures + 1
                    yield record
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
        return self.complete


def _gone(gap: GapRecord) -> str | None:
    return "deleted or hidden" if graph.ambiguous(gap) else None


PLATFORM = Platform(
    name="facebook",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
)
