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
profile and posts, no comments. Personal accounts cannot be read. A token finds its own account by
the id that an earlier night saw, whatever its name is now; a stranger can ask by the name alone,
and whoever has it with another id is not read.

Token: 1 hour, a long one 60 days, to be renewed once a day old. Limit: 4,800 calls per
impression in 24 hours; the minutes until it ends are in ``X-Business-Use-Case-Usage``.

Not given: times of edits, language, warnings, captions of videos, whether an empty alternative
text was offered, likes that the owner hides (the field is left out). A deleted or personal
account, and a deleted post, answer with error 100/33, which means as well that they may not be
read: a post counts as gone when the list, read in full, no longer holds it either. That comments
of others are gone is never concluded.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from audit.client import Client
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, GapKind
from audit.model.record import GapRecord, PostRecord, Record
from audit.platforms.access import (
    Access,
    Authorisation,
    Slot,
    code_grant,
    debug_token,
    fb_exchange,
    token_grant,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.instagram import read
from audit.platforms.base import Platform, Target
from audit.platforms.calls import (
    everywhere,
    record_id,
    without_token,
)
from audit.platforms.limits import Cost, Day, Limit, Scope, Size, Tariff, Unit, pages
from audit.platforms.readers.instagram import DOORS, OLD_PAGES, PAGE, VERSION, Reader

HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, comments, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from without_token("Instagram")
        return
    page = Reader(target, client, target.credential.token)
    gap = page.open()
    if gap:
        yield from everywhere(gap)
        return
    found = list(page.profile())
    if page.foreign(found):
        yield from gaps.replaced(FETCHED_FACETS)
        return
    yield from found
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


def _expected(size: Size) -> Cost:
    return {Unit.CALLS: 2 + pages(size.posts, PAGE) + OLD_PAGES + size.threads}


TARIFF = Tariff(
    limits=(Limit(unit=Unit.CALLS, amount=2_400, period=Day(), scope=Scope.ACCOUNT, ours=True),),
    expected=_expected,
)
"""A floor: 4,800 calls in 24 hours for each impression, whose number nobody tells, and any 24
hours touch two days. Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting"""

GRAPH = f"{DOORS['']}/{VERSION}"
MARGIN, YOUNGEST = dt.timedelta(days=30), dt.timedelta(days=1)
ACCESS = (
    Access(
        kind="a token of an Instagram login",
        source="https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token",
        prefix="IG",
        scopes=("instagram_business_basic", "instagram_business_manage_comments"),
        lifetime=dt.timedelta(days=60),
        margin=MARGIN,
        youngest=YOUNGEST,
        renew=token_grant(f"{DOORS['IG']}/refresh_access_token", "ig_refresh_token"),
        authorise=Authorisation(
            url="https://www.instagram.com/oauth/authorize",
            exchange=code_grant("https://api.instagram.com/oauth/access_token"),
            steps=(
                token_grant(
                    f"{DOORS['IG']}/access_token", "ig_exchange_token", app=(Slot.CLIENT_SECRET,)
                ),
            ),
            separator=",",
        ),
    ),
    Access(
        kind="a token of a Facebook login",
        source="https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived",
        scopes=("instagram_basic", "pages_read_engagement", "instagram_manage_comments"),
        margin=MARGIN,
        youngest=YOUNGEST,
        renew=fb_exchange(GRAPH),
        inspect=debug_token(GRAPH, Slot.APP_TOKEN),
    ),
)

PLATFORM = Platform(
    name="instagram",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
    access=ACCESS,
)
