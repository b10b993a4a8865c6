"""TikTok, through the Display API, with a token of the account itself.

Calls (https://developers.tiktok.com/doc/display-api-overview, base
``https://open.tiktokapis.com/v2``): ``/user/info/``, ``/video/list/`` (20 a page),
``/video/query/`` (20 ids at once) to look again at what earlier nights saw. Each may be called
600 times a minute; no header says how many are left. Fields have to be named, else nothing
useful comes. The list is newest first, its cursor a time in milliseconds ("posted before"), so
that reading starts at the end of the window; ``has_more`` says whether it goes on.

Scopes: ``user.info.basic user.info.profile user.info.stats video.list``. A token lives 2 hours;
its refresh token lives 180 days and is replaced at each use.

Not given: comments (only the Research API has them, which universities get for research and not
for this; its answers can be replayed), alternative texts, captions, language, edits (an edit
shows as another text), whether the account is private. Only public videos are listed: one that
is deleted and one that was made private both no longer come. An account that was deleted, banned,
or left by its owner's app no longer takes the token (``access_token_invalid``): a gap, never gone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from audit.client import Client
from audit.errors import FetchError
from audit.model.account import Account
from audit.model.item import Facet, GapKind
from audit.model.record import (
    GapRecord,
    Gone,
    NextPage,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.access import Access, Authorisation, code_grant, hexadecimal, refresh_grant
from audit.platforms.answers import gaps
from audit.platforms.answers.tiktok import read
from audit.platforms.base import Platform, Target
from audit.platforms.limits import Cost, Size, Tariff, Unit, paced, pages
from audit.response import Response

ROOT = "https://open.tiktokapis.com/v2"
PAGE = 20
MAX_PAGES = 100
BATCH = 20
PROVIDES = (Facet.PROFILE, Facet.POSTS)
HANDLE = re.compile(r"[\w.]{2,24}")
"""Source: https://support.tiktok.com/en/getting-started/setting-up-your-profile"""
USER = (
    "open_id,union_id,display_name,username,bio_description,profile_deep_link,is_verified,"
    "avatar_url,follower_count,following_count,likes_count,video_count"
)
VIDEO = (
    "id,create_time,share_url,video_description,title,duration,height,width,"
    "like_count,comment_count,share_count,view_count"
)


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile and videos, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from gaps.without_credential("TikTok", PROVIDES)
        return
    reader = _Reader(target, client, target.credential.token)
    found = list(reader.profile())
    yield from found
    stop = next((one for one in found if isinstance(one, GapRecord)), None)
    if stop and (stop.kind is not GapKind.BROKEN or reader.foreign):
        yield replace(stop, facet=Facet.POSTS)
        return
    seen = set()
    for record in reader.videos():
        if isinstance(record, PostRecord):
            seen.add(record.post_id)
        yield record
    yield from reader.again(sorted({one.record_id for one in target.known} - seen))


def locate(account: Account) -> str | None:
    """Say what is wrong with the handle."""
    if not HANDLE.fullmatch(account.handle.removeprefix("@")):
        return f"{account.handle!r} is no handle of TikTok: letters, digits, low lines, full stops"
    return None


class _Reader:
    """The calls about one account."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.target, self.client = target, client
        self.headers = {"Authorization": f"Bearer {token}"}
        self.owner: str | None = None
        self.halted: GapRecord | None = None
        """A limit that was met; it ends the calls of the night."""
        self.foreign = False

    def records(
        self, facet: Facet, path: str, fields: str, body: dict[str, Any] | None = None
    ) -> Iterator[Record]:
        """Ask and map; what goes wrong becomes a gap of ``facet``."""
        if self.halted:
            yield replace(self.halted, facet=facet)
            return
        try:
            answer = self.ask(path, fields, body)
        except FetchError as error:
            yield gaps.failed(error, facet)
            return
        for record in gaps.asked_for(read(answer), facet):
            if isinstance(record, GapRecord) and record.kind is GapKind.RATE_LIMITED:
                self.halted = record
            if isinstance(record, PostRecord):
                yield replace(record, account_id=self.owner)
            else:
                yield record

    def ask(self, path: str, fields: str, body: dict[str, Any] | None) -> Response:
        if body is None:
            return self.client.get(ROOT + path, {"fields": fields}, self.headers)
        return self.client.post(ROOT + path, {"fields": fields}, self.headers, json_body=body)

    def profile(self) -> Iterator[Record]:
        """Read whose token it is, and refuse to take another account for the registered one."""
        wanted = self.target.account.handle.removeprefix("@").casefold()
        for record in self.records(Facet.PROFILE, "/user/info/", USER):
            if isinstance(record, ProfileRecord):
                named = not record.handle or record.handle.casefold() == wanted
                # The id holds for one app: another one says nothing, the same one everything.
                known = self.target.platform_id
                self.foreign = not named and (known is None or record.account_id != known)
                if self.foreign:
                    yield GapRecord(
                        facet=Facet.PROFILE,
                        kind=GapKind.DENIED,
                        reason="the credential belongs to another account than the registered one",
                    )
                    return
                self.owner = record.account_id
            if isinstance(record, ProfileRecord | GapRecord):
                yield record

    def videos(self) -> Iterator[Record]:
        """Walk down from the end of the window until a whole page lies before it."""
        window = self.target.window
        cursor = int(window.end.astimezone(dt.UTC).timestamp() * 1000)
        seen = {cursor}
        for _ in range(MAX_PAGES):
            asked, further, old = cursor, False, []
            body = {"max_count": PAGE, "cursor": asked}
            for record in self.records(Facet.POSTS, "/video/list/", VIDEO, body):
                if isinstance(record, GapRecord):
                    yield record
                    return
                if isinstance(record, NextPage):
                    further, cursor = True, _number(record.cursor, asked)
                elif isinstance(record, PostRecord):
                    when = record.created_at
                    old.append(when is not None and when < window.start)
                    if when is None or window.holds(when):
                        yield record
            if not further or (old and all(old)):
                return
            if cursor in seen:
                yield gaps.repeated(Facet.POSTS)
                return
            seen.add(cursor)
        yield GapRecord(
            facet=Facet.POSTS,
            kind=GapKind.BROKEN,
            reason=f"the list goes on after {MAX_PAGES} pages",
        )

    def again(self, ids: Sequence[str]) -> Iterator[Record]:
        """Look again at known videos that were not met."""
        for start in range(0, len(ids), BATCH):
            batch = list(ids[start : start + BATCH])
            met = set()
            body = {"filters": {"video_ids": batch}}
            for record in self.records(Facet.POSTS, "/video/query/", VIDEO, body):
                if isinstance(record, GapRecord):
                    yield record
                    return
                if isinstance(record, PostRecord):
                    met.add(record.post_id)
                    yield record
            yield from (
                Gone(record_id=one, reason="deleted or private") for one in batch if one not in met
            )


def _number(cursor: str, asked: int) -> int:
    return int(cursor) if cursor.isascii() and cursor.isdigit() else asked


def _expected(size: Size) -> Cost:
    return {Unit.CALLS: 1 + pages(size.posts, PAGE)}


CALLS = ("/user/info/", "/video/list/", "/video/query/")
TARIFF = Tariff(
    limits=tuple(paced(600, 60, group=one.strip("/"), paths=one) for one in CALLS),
    expected=_expected,
)
"""Source: https://developers.tiktok.com/doc/tiktok-api-v2-rate-limit; for each call of its own."""

TOKENS = f"{ROOT}/oauth/token/"
ACCESS = (
    Access(
        kind="the account's token",
        source="https://developers.tiktok.com/doc/oauth-user-access-token-management",
        scopes=("user.info.basic", "user.info.profile", "user.info.stats", "video.list"),
        lifetime=dt.timedelta(hours=2),
        refresh_lifetime=dt.timedelta(days=180),
        renew=refresh_grant(TOKENS, client="client_key"),
        authorise=Authorisation(
            url="https://www.tiktok.com/v2/auth/authorize/",
            exchange=code_grant(TOKENS, client="client_key", pkce=True),
            separator=",",
            client="client_key",
            challenge=hexadecimal,
        ),
    ),
)
"""A refresh token is spent at each use."""

PLATFORM = Platform(
    name="tiktok",
    provides=frozenset(PROVIDES),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
    access=ACCESS,
)
