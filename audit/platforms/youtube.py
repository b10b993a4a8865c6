"""YouTube, through the Data API v3, with an API key or a token.

Calls (https://developers.google.com/youtube/v3/docs, base
``https://youtube.googleapis.com/youtube/v3``): ``channels``, ``playlistItems`` of the channel's
uploads (50 a page), ``videos`` (50 at once), ``commentThreads`` (100 a page) and, where a thread
has more answers than came with it, ``comments`` (100 a page; also by id, 50 at once). Each costs
one unit of the 10,000 of a day, which ends at midnight in California; ``search`` has 100 calls of
its own and is not used. The last page has no ``nextPageToken``.

``account.handle`` is the channel's handle or its id (``UC...``). The key goes in a header, so
that no address holds it. A user's token (scope ``youtube.readonly``) lives one hour.

The uploads come by position, and videos that were scheduled stand where they were uploaded:
reading stops after a whole page from before the window, not at the first old video.

Not given: edits of videos (an edit shows as another text), alternative texts, who shared, links
of the channel's page. Numbers that are hidden are left out, not zero. Comments that are turned
off are no gap. A video that is deleted or private is absent from the answer, nothing more.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from audit.client import Client
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet
from audit.model.record import (
    CommentRecord,
    GapRecord,
    PostRecord,
    Record,
)
from audit.platforms.access import (
    Access,
    Authorisation,
    Call,
    Slot,
    code_grant,
    refresh_grant,
    s256,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.youtube import read
from audit.platforms.base import Platform, Target
from audit.platforms.limits import Cost, Day, Limit, Size, Tariff, Unit, pages
from audit.platforms.readers.youtube import BATCH, COMMENT_PAGE, OAUTH, PAGE, Reader

HANDLE = re.compile(r"[\w.·-]{3,30}")
"""Source: https://support.google.com/youtube/answer/11585688"""
VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read channel, videos, comments, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from gaps.without_credential("YouTube", FETCHED_FACETS)
        return
    reader = Reader(target, client, target.credential.token)
    found = list(reader.profile())
    yield from found
    if not reader.channel:
        lost = next((one for one in found if isinstance(one, GapRecord)), None)
        if lost:
            yield from gaps.everywhere(lost, (Facet.POSTS, Facet.COMMENTS))
        return
    videos: list[PostRecord] = []
    for record in reader.videos():
        if isinstance(record, PostRecord):
            videos.append(record)
        yield record
    if reader.stopped:
        yield replace(reader.stopped, facet=Facet.COMMENTS)
        return
    seen = {video.post_id for video in videos}
    for record in reader.comments(videos):
        if isinstance(record, CommentRecord):
            seen.add(record.comment_id)
        yield record
    missed = sorted({one.record_id for one in target.known} - seen)
    clips = [one for one in missed if VIDEO.fullmatch(one)]
    yield from reader.lookup(Facet.POSTS, clips)
    yield from reader.lookup(Facet.COMMENTS, [one for one in missed if one not in set(clips)])


def locate(account: Account) -> str | None:
    """Say what is wrong with the handle."""
    handle = account.handle.removeprefix("@")
    if not HANDLE.fullmatch(handle):
        return f"{account.handle!r} is neither a handle of YouTube nor the id of a channel"
    return None


SCOPE = "https://www.googleapis.com/auth/youtube"
TOKENS = "https://oauth2.googleapis.com/token"
ACCESS = (
    Access(
        kind="a user's token",
        source="https://developers.google.com/identity/protocols/oauth2/web-server",
        prefix=OAUTH,
        scopes=(f"{SCOPE}.readonly",),
        wider={f"{SCOPE}.readonly": (SCOPE, f"{SCOPE}.force-ssl")},
        lifetime=dt.timedelta(hours=1),
        renew=refresh_grant(TOKENS),
        inspect=Call(
            method="GET",
            url="https://oauth2.googleapis.com/tokeninfo",
            fields={"access_token": Slot.TOKEN},
        ),
        authorise=Authorisation(
            url="https://accounts.google.com/o/oauth2/v2/auth",
            exchange=code_grant(TOKENS, pkce=True),
            params={"access_type": "offline", "prompt": "consent"},
            challenge=s256,
        ),
    ),
    Access(
        kind="an API key", source="https://developers.google.com/youtube/registering_an_application"
    ),
)
"""A key fits all channels and has no date. A refresh token stays as it is when it is used."""


def _one_unit(_url: str) -> Cost:
    return {Unit.CALLS: 1, Unit.QUOTA: 1}


def _expected(size: Size) -> Cost:
    calls = 1 + pages(size.posts, PAGE) + -(-size.posts // BATCH)
    calls += size.threads + size.comments // COMMENT_PAGE
    return {Unit.CALLS: calls, Unit.QUOTA: calls}


TARIFF = Tariff(
    limits=(Limit(unit=Unit.QUOTA, amount=10_000, period=Day("America/Los_Angeles")),),
    most=_one_unit,
    expected=_expected,
)
"""Source: https://developers.google.com/youtube/v3/determine_quota_cost; errors cost as much."""


PLATFORM = Platform(
    name="youtube",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    access=ACCESS,
    tariff=TARIFF,
)
