"""X, through its API v2, with a bearer token: of the app, or of a user (OAuth 2.0).

Calls (https://docs.x.com/x-api, base ``https://api.x.com``), with their limits per 15 minutes
for an app and for a user: ``/2/users/by/username/{name}`` (300, 900), ``/2/users/{id}/tweets``
(10,000, 900; 100 a page, the 3,200 newest posts), ``/2/tweets/search/recent`` (450, 300; 100 a
page, the last 7 days), ``/2/tweets?ids=`` (3,500, 5,000; 100 at once) to look again at what
earlier nights saw. A page is the last one when it has no ``next_token``; it may be short or
empty before. Each post and user that is returned is billed, up to a monthly cap: at the cap
(429 ``usage-capped``) and without credits (402) the night stops here.

Scopes of a user token: ``tweet.read users.read``, and ``offline.access`` for a refresh token;
it lives 2 hours. An app's token holds until it is made anew.

Fields are asked for under the names of the specification (``post.fields``, 2.167) and, where
these bring nothing, under the older ones (``tweet.fields``).

Not given: captions of videos, and answers older than 7 days, unless an earlier night saw them.
What is deleted or suspended stands in ``errors`` as ``resource-not-found``, what is protected as
``not-authorized-for-resource``, both with HTTP 200.
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
from audit.platforms.access import Access, Authorisation, code_grant, refresh_grant, s256
from audit.platforms.answers import gaps
from audit.platforms.answers.x import read
from audit.platforms.answers.x_costs import (
    MEDIA_PER_POST,
    REFERENCED_PER_POST,
    expected,
    most,
    spent,
)
from audit.platforms.base import Platform, Target
from audit.platforms.limits import MICRO, Limit, Month, Tariff, Unit, paced
from audit.platforms.readers.x import Reader

HANDLE = re.compile(r"\w{1,15}", re.ASCII)
"""Source: https://help.x.com/en/managing-your-account/x-username-rules"""


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, answers, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from gaps.without_credential("X", FETCHED_FACETS)
        return
    reader = Reader(target, client, target.credential.token)
    found = list(reader.profile())
    yield from found
    if not reader.account:
        lost = next((one for one in found if isinstance(one, GapRecord)), None)
        if lost:
            yield from gaps.everywhere(lost, (Facet.POSTS, Facet.COMMENTS))
        return
    posts = []
    for record in reader.timeline():
        if isinstance(record, PostRecord):
            posts.append(record)
        yield record
    if reader.stopped:
        yield replace(reader.stopped, facet=Facet.COMMENTS)
        return
    seen = {post.post_id for post in posts}
    for record in reader.answers(posts):
        if isinstance(record, CommentRecord):
            seen.add(record.comment_id)
        yield record
    yield from reader.again([one for one in target.known if one.record_id not in seen])


def locate(account: Account) -> str | None:
    """Say what is wrong with the handle."""
    if not HANDLE.fullmatch(account.handle.removeprefix("@")):
        return f"{account.handle!r} is no handle of X: up to 15 letters, digits and low lines"
    return None


TOKENS = "https://api.x.com/2/oauth2/token"
ACCESS = (
    Access(
        kind="an app's token",
        source="https://docs.x.com/fundamentals/authentication/oauth-2-0/application-only",
        prefix="AAAAAAAA",
    ),
    Access(
        kind="a user's token",
        source="https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code",
        scopes=("tweet.read", "users.read"),
        lifetime=dt.timedelta(hours=2),
        renew=refresh_grant(TOKENS, basic=True),
        authorise=Authorisation(
            url="https://x.com/i/oauth2/authorize",
            exchange=code_grant(TOKENS, basic=True, pkce=True),
            also=("offline.access",),
            challenge=s256,
        ),
    ),
)
"""An app's token fits all accounts. A user's refresh token is spent at each use; X publishes no
end of it."""


QUARTER = 900
"""Seconds of X's windows. Source: https://docs.x.com/x-api/fundamentals/rate-limits; of the limit
for an app and that for a user the lower one, since either kind of token may be configured."""
MONTHLY = 50 * MICRO
"""Our own choice, so that nobody is surprised by a bill before a cap was chosen."""
TARIFF = Tariff(
    limits=(
        Limit(unit=Unit.MICRO_USD, amount=MONTHLY, period=Month(), ours=True),
        paced(300, QUARTER, group="users/by", paths=r"/2/users/by"),
        paced(900, QUARTER, group="users/tweets", paths=r"/2/users/\d+/tweets"),
        paced(300, QUARTER, group="search/recent", paths=r"/search/recent"),
        paced(3_500, QUARTER, group="tweets", paths=r"/2/tweets\?"),
    ),
    most=most,
    spent=spent,
    expected=expected,
    assumes={"media per post": MEDIA_PER_POST, "quoted per post": REFERENCED_PER_POST},
)


PLATFORM = Platform(
    name="x",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    access=ACCESS,
    tariff=TARIFF,
)
