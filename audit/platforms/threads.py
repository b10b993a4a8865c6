"""Threads, through its own API; with a token of the account.

Calls (https://developers.facebook.com/docs/threads), 100 a page, the end is an answer without
``paging.next``: ``/me``, ``/me/threads``, ``/me/replies`` (the account's own answers, wherever it
gave them), ``/{post}/conversation`` for each own post that has answers, ``/{post}`` to look
again. An account that the token is not for: ``/profile_lookup`` and ``/profile_posts``, no
comments.

Token: 60 days, renewed with ``th_refresh_token``; it travels in the header ``Authorization``.
Permissions ``threads_basic``, ``threads_read_replies``; for other accounts
``threads_profile_discovery``. Limit: 4,800 calls per impression (at least 10) in 24 hours.

The token's own account is known again by the id that an earlier night saw, whatever its name is
now. Others are looked up by name, and the answer holds no id to tell them apart by.

Not given: counts (they would take a call for each post), times of edits, language, captions of
videos. The owner stands only on own posts; addresses are left out where a claim of copyright
lies on the picture. What is deleted, private or suspended answers with error 100/33, which means
as well that it may not be read: a post counts as gone when the list, read in full, no longer
holds it either. That others' answers are gone is never concluded.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audit.client import Client
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, GapKind
from audit.model.record import CommentRecord, GapRecord, PostRecord, ProfileRecord, Record
from audit.platforms.access import (
    SECRET,
    Access,
    Authorisation,
    Slot,
    code_grant,
    debug_token,
    token_grant,
)
from audit.platforms.answers import graph
from audit.platforms.answers.threads import read
from audit.platforms.base import Platform, Target
from audit.platforms.calls import MAX_FAILURES, Ask, Calls, everywhere, without_token
from audit.platforms.limits import Cost, Day, Limit, Scope, Size, Tariff, Unit, pages
from audit.response import Response

VERSION = "v1.0"
HOST = "https://graph.threads.net"
PAGE = 100
PROFILE_FIELDS = "id,username,name,is_verified,threads_profile_picture_url,threads_biography"
POST_FIELDS = (
    "id,media_product_type,media_type,media_url,gif_url,permalink,owner,username,text,timestamp,"
    "shortcode,thumbnail_url,children{id,media_type,media_url,alt_text},is_quote_post,quoted_post,"
    "reposted_post,has_replies,alt_text,link_attachment_url,poll_attachment,topic_tag,"
    "is_spoiler_media,text_entities,text_attachment"
)
REPLY_FIELDS = f"{POST_FIELDS},is_reply,is_reply_owned_by_me,root_post,replied_to,hide_status"
HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, answers, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from without_token("Threads")
        return
    page = _Page(target, client, target.credential.token)
    found = page.open()
    yield from found
    if isinstance(found[0], GapRecord) and not page.usable:
        yield from everywhere(found[0], (Facet.POSTS, Facet.COMMENTS))
        return
    posts: list[PostRecord] = []
    for record in page.posts():
        if isinstance(record, PostRecord):
            posts.append(record)
        yield record
    if page.stranger:
        reason = "answers are given only to a token of the account itself"
        yield GapRecord(facet=Facet.COMMENTS, kind=GapKind.DENIED, reason=reason)
        return
    met = {post.post_id for post in posts}
    for record in page.conversations(posts):
        if isinstance(record, CommentRecord):
            if record.comment_id in met:
                continue  # the account's own answers are posts of their own list
            met.add(record.comment_id)
        yield record
    lost = {x.record_id for x in target.known if not x.comment and x.record_id not in met}
    yield from page.again(sorted(lost))


def locate(account: Account) -> str | None:
    """Say what is wrong with the name of the account."""
    if not HANDLE.fullmatch(account.handle.removeprefix("@")):
        return f"{account.handle!r} is no Threads name"
    return None


class _Page:
    """The calls about one account."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.window = target.window
        self.name = target.account.handle.removeprefix("@")
        self.known = target.platform_id
        self.account: str | None = None
        self.stranger = self.usable = False
        self.complete, self.listed = True, False
        """Whether some post was listed: to a token without a permission a list is empty."""
        self.calls = Calls(client, self._read, {"Authorization": f"Bearer {token}"})

    def _read(self, response: Response) -> Iterator[Record]:
        return read(response, self.account)

    def ask(self, path: str, **params: str | int) -> Ask:
        return f"{HOST}/{VERSION}/{path}", params

    def open(self) -> list[Record]:
        """Read the profile; of another account than the token's, as a stranger sees it."""
        found = self._described(self.ask("me", fields=PROFILE_FIELDS))
        first = found[0]
        if isinstance(first, ProfileRecord):
            self.usable = True
            same = self.known is not None and first.account_id == self.known
            if same or (first.handle or "").lower() == self.name.lower():
                self.account = first.account_id
                return found
            self.stranger = True
            return self._described(self.ask("profile_lookup", username=self.name))
        return found

    def _described(self, ask: Ask) -> list[Record]:
        found = self.calls.records(Facet.PROFILE, ask)
        found = [one for one in found if isinstance(one, ProfileRecord | GapRecord)]
        reason = "the answer describes no account"
        return found or [GapRecord(facet=Facet.PROFILE, kind=GapKind.BROKEN, reason=reason)]

    def posts(self) -> Iterator[Record]:
        if self.stranger:
            yield from self._walk("profile_posts", POST_FIELDS, username=self.name)
            return
        yield from self._walk("me/threads", POST_FIELDS)
        yield from self._walk("me/replies", REPLY_FIELDS)

    def _walk(self, path: str, fields: str, **params: str) -> Iterator[Record]:
        """Walk down a list until a whole page lies before the window."""

        def ask(cursor: str) -> Ask:
            further = {"after": cursor} if cursor else {}
            return self.ask(path, fields=fields, limit=PAGE, **params, **further)

        for page in self.calls.pages(Facet.POSTS, ask):
            old = []
            for record in page:
                if isinstance(record, PostRecord):
                    when, self.listed = record.created_at, self.listed or fields == POST_FIELDS
                    old.append(when is not None and when < self.window.start)
                    if when is None or self.window.holds(when):
                        yield record
                elif isinstance(record, GapRecord):
                    self.complete = False
                    yield record
            if old and all(old):
                return

    def conversations(self, posts: Sequence[PostRecord]) -> Iterator[Record]:
        """Read what hangs on the account's posts."""
        failures = 0
        if self.calls.halted:
            yield replace(self.calls.halted, facet=Facet.COMMENTS)
            return
        for post in posts:
            if post.kind not in ("original", "quote") or post.metrics.comments == 0:
                continue
            for record in self._conversation(post.post_id):
                failures += isinstance(record, GapRecord)
                yield record
            if failures >= MAX_FAILURES or self.calls.halted:
                return

    def _conversation(self, post_id: str) -> Iterator[Record]:
        def ask(cursor: str) -> Ask:
            further = {"after": cursor} if cursor else {}
            path = f"{post_id}/conversation"
            return self.ask(path, fields=REPLY_FIELDS, reverse="false", limit=PAGE, **further)

        for page in self.calls.pages(Facet.COMMENTS, ask):
            for record in page:
                if isinstance(record, GapRecord):
                    yield record
                elif isinstance(record, CommentRecord):
                    when = record.created_at
                    if when is None or when < self.window.end:
                        yield replace(record, post_id=record.post_id or post_id)

    def again(self, known: Sequence[str]) -> Iterator[Record]:
        """Look again at known posts; only lists that were read in full are a witness."""
        if not (self.complete and self.listed):
            return
        yield from self.calls.again(
            Facet.POSTS, known, lambda one: self.ask(one, fields=REPLY_FIELDS), _gone
        )


def _gone(gap: GapRecord) -> str | None:
    return "deleted or hidden" if graph.ambiguous(gap) else None


def _expected(size: Size) -> Cost:
    return {Unit.CALLS: 2 + pages(size.posts, PAGE) + size.threads}


TARIFF = Tariff(
    limits=(Limit(unit=Unit.CALLS, amount=24_000, period=Day(), scope=Scope.ACCOUNT, ours=True),),
    expected=_expected,
)
"""A floor: 4,800 calls in 24 hours for each impression, counted as 10 at least, and any 24 hours
touch two days. Source: https://developers.facebook.com/docs/threads/overview"""

ACCESS = (
    Access(
        kind="the account's token",
        source="https://developers.facebook.com/docs/threads/get-started/long-lived-tokens",
        scopes=("threads_basic", "threads_read_replies"),
        lifetime=dt.timedelta(days=60),
        margin=dt.timedelta(days=30),
        youngest=dt.timedelta(days=1),
        renew=token_grant(f"{HOST}/refresh_access_token", "th_refresh_token"),
        inspect=debug_token(f"{HOST}/{VERSION}", Slot.TOKEN),  # for testers of the app only
        authorise=Authorisation(
            url="https://threads.com/oauth/authorize",
            exchange=code_grant(f"{HOST}/oauth/access_token"),
            steps=(token_grant(f"{HOST}/access_token", "th_exchange_token", app=SECRET),),
            separator=",",
        ),
    ),
)
"""There is no refresh token: a token is renewed while it lives, and ends for good without."""

PLATFORM = Platform(
    name="threads",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
    access=ACCESS,
)
