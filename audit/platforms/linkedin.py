"""Pages of organisations on LinkedIn, through the Community Management API; with a token.

Calls (https://learn.microsoft.com/linkedin/marketing/community-management), 100 a page, the end is
an answer whose ``paging.links`` has no ``next``: ``/organizations`` by name or number,
``/networkSizes`` (followers), ``/posts`` by author, ``/socialActions/{post}/comments`` for each
post and for each comment with answers; ``/posts?ids=List()`` (50 at once) and
``/socialActions/{thread}/comments/{id}`` to look again. URNs are percent-encoded, the
parentheses and commas of ``List()`` are not: addresses are built by hand.

Each call names a version, ``LinkedIn-Version: YYYYMM``; there is no default, each lives at least
a year, and a dead one answers 426 to everything.

Names of pages change, numbers do not: a page whose number an earlier night saw is asked for by it.

Token: 60 days (its refresh token 365); scope ``r_organization_social`` and a role on the page.
Limits: for an app and for a member, by day, ending at midnight UTC; neither numbers nor headers
are published. After a 429 nothing more is asked in the night.

Not given: likes and views (only in statistics), alternative texts where LinkedIn leaves the
field out, language of posts, warnings, captions, names of commenters. A deleted post answers 404,
as one that is not visible to the token does: it counts as gone only on a night whose list was
read in full. Drafts and what was taken back are left out. A page that was closed answers 404 by
its number and is absent from a search by name; there are no private or suspended ones to tell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from audit.client import Client
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet
from audit.model.record import (
    GapRecord,
    PostRecord,
    Record,
)
from audit.platforms.access import Access, Authorisation, Call, Slot, code_grant, refresh_grant
from audit.platforms.answers.linkedin import read
from audit.platforms.base import Platform, Target
from audit.platforms.calls import (
    everywhere,
    record_id,
    without_token,
)
from audit.platforms.limits import Cost, Day, Limit, Size, Tariff, Unit, pages
from audit.platforms.readers.linkedin import PAGE, Reader

HANDLE = re.compile(r"[\w.&'-]{1,100}")


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, comments, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from without_token("LinkedIn")
        return
    page = Reader(target, client, target.credential.token)
    found = page.profile()
    yield from found
    if not page.account:
        gap = next(one for one in found if isinstance(one, GapRecord))
        yield from everywhere(gap, (Facet.POSTS, Facet.COMMENTS))
        return
    posts: list[PostRecord] = []
    for record in page.posts():
        if isinstance(record, PostRecord):
            posts.append(record)
        page.witness[Facet.POSTS] &= not isinstance(record, GapRecord)
        yield record
    seen = {post.post_id for post in posts}
    page.witness[Facet.COMMENTS] = page.witness[Facet.POSTS]
    for record in page.comments(posts):
        seen.add(record_id(record) or "")
        page.witness[Facet.COMMENTS] &= not isinstance(record, GapRecord)
        yield record
    yield from page.again([one for one in target.known if one.record_id not in seen])


def locate(account: Account) -> str | None:
    """Say what is wrong with the name of the page."""
    if not HANDLE.fullmatch(account.handle):
        return f"{account.handle!r} is no name or number of a LinkedIn page"
    return None


def _expected(size: Size) -> Cost:
    # Each post is asked for its comments; no count comes with it.
    return {Unit.CALLS: 2 + pages(size.posts, PAGE) + size.posts}


TARIFF = Tariff(
    limits=(Limit(unit=Unit.CALLS, amount=5_000, period=Day(), ours=True),), expected=_expected
)
"""Our own choice: LinkedIn publishes no numbers, the app's page tells its own; by day in UTC.
Source: https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits"""

OAUTH = "https://www.linkedin.com/oauth/v2"
ACCESS = (
    Access(
        kind="a member's token",
        source="https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens",
        scopes=("r_organization_social",),
        lifetime=dt.timedelta(days=60),
        refresh_lifetime=dt.timedelta(days=365),
        margin=dt.timedelta(days=30),
        renew=refresh_grant(f"{OAUTH}/accessToken"),
        inspect=Call(  # https://learn.microsoft.com/linkedin/shared/authentication/token-introspection
            url=f"{OAUTH}/introspectToken",
            fields={
                "client_id": Slot.CLIENT_ID,
                "client_secret": Slot.CLIENT_SECRET,
                "token": Slot.TOKEN,
            },
        ),
        authorise=Authorisation(
            url=f"{OAUTH}/authorization", exchange=code_grant(f"{OAUTH}/accessToken")
        ),
    ),
)
"""Refresh tokens are given to approved apps only, stay as they are, and are not lengthened."""

PLATFORM = Platform(
    name="linkedin",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
    access=ACCESS,
)
