"""Professional Instagram accounts, through the Graph API; with a token of the account.

Two doors (https://developers.facebook.com/docs/instagram-platform): ``graph.facebook.com`` for
tokens of a Facebook login whose Page the account belongs to (``instagram_basic``,
``pages_read_engagement``, ``instagram_manage_comments``), ``graph.instagram.com`` for tokens of
an Instagram login (``instagram_business_basic``, ``instagram_business_manage_comments``), which
begin with ``IG``. Either travels in the header ``Authorization``.

Calls: ``/me/accounts`` or ``/me`` (which account the token is for), ``/{account}``,
``/{account}/media``, ``/{media}/comments`` with their answers, ``/{comment}/replies`` where there
are more, ``/{media}`` to look again. The end is an answer without ``paging.next``; media come in
no promised order and know no filter of time. Parts of albums come with the album.

An account that the token is not for is read as a stranger sees it (``business_discovery``):
profile and posts, no comments. Personal accounts cannot be read.

Token: 1 hour, a long one 60 days, to be renewed once a day old. Limit: 4,800 calls per
impression in 24 hours; the minutes until it ends are in ``X-Business-Use-Case-Usage``.

Not given: times of edits, language, warnings, captions of videos, whether an empty alternative
text was offered, likes that the owner hides (the field is left out). A deleted or personal
account, and a deleted post, answer with error 100/33, which means as well that they may not be
read: a post counts as gone when the list, read in full, no longer holds it either. That comments
of others are gone is never concluded.
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
from audit.platforms.answers.instagram import asked_well, owned, read
from audit.platforms.base import Platform, Target
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
DOORS = {"IG": "https://graph.instagram.com", "": "https://graph.facebook.com"}
PAGE = 50
OLD_PAGES = 2
"""Pages in a row that lie before the window, after which nothing newer is expected."""
PROFILE_FIELDS = (
    "id,username,name,biography,website,profile_picture_url,followers_count,follows_count,"
    "media_count"
)
POST_FIELDS = (
    "id,caption,alt_text,media_type,media_product_type,media_url,permalink,timestamp,owner,"
    "like_count,comments_count,children{id,media_type,media_url,alt_text}"
)
STRANGER_FIELDS = "id,caption,media_type,media_url,permalink,timestamp,like_count,comments_count"
COMMENT_FIELDS = "id,text,timestamp,username,from,like_count,hidden,parent_id"
ACCOUNTS = ("me/accounts", "me")
"""A user's token knows the first, a Page's token the second."""
HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, comments, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from without_token("Instagram")
        return
    page = _Page(target, client, target.credential.token)
    gap = page.open()
    if gap:
        yield from everywhere(gap)
        return
    yield from page.profile()
    posts: list[PostRecord] = []
    for record in page.posts():
        if isinstance(record, PostRecord):
            posts.append(record)
        yield record
    if page.stranger:
        reason = "comments are given only to a token of the account itself"
        yield GapRecord(facet=Facet.COMMENTS, kind=GapKind.DENIED, reason=reason)
        return
    met = {post.post_id for post in posts}
    for record in page.comments(posts):
        met.add(record_id(record) or "")
        page.complete = page.complete and not isinstance(record, GapRecord)
        yield record
    lost = {x.record_id for x in target.known if not x.comment and x.record_id not in met}
    yield from page.again(sorted(lost))


def locate(account: Account) -> str | None:
    """Say what is wrong with the name of the account."""
    if not HANDLE.fullmatch(account.handle.removeprefix("@")):
        return f"{account.handle!r} is no Instagram name"
    return None


class _Page:
    """The calls about one account."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.window = target.window
        self.name = target.account.handle.removeprefix("@").lower()
        self.account = ""
        self.stranger = False
        self.complete = True
        self.door = "IG" if token.startswith("IG") else ""
        self.calls = Calls(client, self._read, {"Authorization": f"Bearer {token}"})

    def _read(self, response: Response) -> Iterator[Record]:
        return read(response, None if self.stranger else self.account or None)

    def ask(self, path: str, **params: str | int) -> Ask:
        return f"{DOORS[self.door]}/{VERSION}/{path}", params

    def open(self) -> GapRecord | None:
        """Find out which account the token is for; return what kept from it."""
        asked = [self.ask("me", fields="user_id,username")]
        if not self.door:
            fields = "instagram_business_account{id,username}"
            asked = [self.ask(path, fields=fields, limit=100) for path in ACCOUNTS]
        found: dict[str, str] = {}
        problems: list[GapRecord] = []
        for ask in asked:
            answer = self.calls.answer(Facet.PROFILE, ask)
            if isinstance(answer, GapRecord):
                return answer
            found.update({name.lower(): number for number, name in owned(answer)})
            if not asked_well(answer):
                mapped = self.calls.mapped(Facet.PROFILE, answer)
                problems += [one for one in mapped if isinstance(one, GapRecord)]
            if self.name in found:
                self.account = found[self.name]
                return None
        if found and not self.door:
            self.account, self.stranger = next(iter(found.values())), True
            return None
        reason = "the token is not for this account, or the account is no professional one"
        # A token of a Page is refused one of the two (400); all else may have kept the account.
        passing = [one for one in problems if one.kind.transient and one.status != 400]
        if passing or len(problems) == len(asked):
            return (passing or problems)[0]
        return GapRecord(facet=None, kind=GapKind.DENIED, reason=reason)

    def profile(self) -> Iterator[Record]:
        ask = self.ask(self.account, fields=PROFILE_FIELDS)
        if self.stranger:
            ask = self._discover(PROFILE_FIELDS)
        found = self.calls.records(Facet.PROFILE, ask)
        found = [one for one in found if isinstance(one, ProfileRecord | GapRecord)]
        reason = "the answer describes no account"
        yield from found or [GapRecord(facet=Facet.PROFILE, kind=GapKind.BROKEN, reason=reason)]

    def _discover(self, fields: str) -> Ask:
        return self.ask(
            self.account, fields=f"business_discovery.username({self.name}){{{fields}}}"
        )

    def _listed(self, cursor: str) -> Ask:
        if self.stranger:
            after = f".after({cursor})" if cursor else ""
            return self._discover(f"media.limit({PAGE}){after}{{{STRANGER_FIELDS}}}")
        further = {"after": cursor} if cursor else {}
        return self.ask(f"{self.account}/media", fields=POST_FIELDS, limit=PAGE, **further)

    def posts(self) -> Iterator[Record]:
        """Read the list until some pages in a row lie before the window."""
        old_pages = 0
        for page in self.calls.pages(Facet.POSTS, self._listed):
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
            old_pages = old_pages + 1 if all(old) and old else 0
            if old_pages >= OLD_PAGES:
                return

    def comments(self, posts: Sequence[PostRecord]) -> Iterator[Record]:
        failures = 0
        if self.calls.halted:
            yield replace(self.calls.halted, facet=Facet.COMMENTS)
            return
        fields = f"{COMMENT_FIELDS},replies.limit({PAGE}){{{COMMENT_FIELDS}}}"
        for post in posts:
            if post.metrics.comments == 0:
                continue
            for record in self._thread(post.post_id, f"{post.post_id}/comments", fields):
                failures += isinstance(record, GapRecord)
                yield record
            if failures >= MAX_FAILURES or self.calls.halted:
                return

    def _thread(self, post_id: str, path: str, fields: str) -> Iterator[Record]:
        cut: list[str] = []

        def told(response: Response) -> Iterator[Record]:
            cut.extend(graph.cut(response, "replies"))
            return read(response, self.account, post_id)

        def ask(cursor: str) -> Ask:
            further = {"after": cursor} if cursor else {}
            return self.ask(path, fields=fields, limit=PAGE, **further)

        for page in self.calls.pages(Facet.COMMENTS, ask, told):
            for record in page:
                if isinstance(record, CommentRecord):
                    when = record.created_at
                    if when is not None and when >= self.window.end:
                        continue
                yield record
        for comment in cut:
            yield from self._thread(post_id, f"{comment}/replies", COMMENT_FIELDS)

    def again(self, known: Sequence[str]) -> Iterator[Record]:
        """Look again at what the account wrote; only lists that were read in full are a witness.

        Its own comments are among it, whose ids look the same: only what both have is asked.
        """
        if self.complete:
            yield from self.calls.again(
                Facet.POSTS, known, lambda one: self.ask(one, fields="id"), _gone
            )


def _gone(gap: GapRecord) -> str | None:
    return "deleted or hidden" if graph.ambiguous(gap) else None


PLATFORM = Platform(
    name="instagram",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
)
