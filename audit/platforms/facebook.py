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
was deleted or unpublished answers with the same error 100, or by its name 803: a gap, never gone.
One that was merged into another answers with error 21. Once the number of a Page is known it is
asked for by it, whatever its name is now.
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
    Call,
    Slot,
    code_grant,
    debug_token,
    fb_exchange,
)
from audit.platforms.answers.facebook import read
from audit.platforms.base import Platform, Target
from audit.platforms.calls import (
    everywhere,
    record_id,
    without_token,
)
from audit.platforms.limits import Cost, Day, Limit, Scope, Size, Tariff, Unit, pages
from audit.platforms.readers.facebook import HOST, PAGE, VERSION, Reader

HANDLE = re.compile(r"[A-Za-z0-9.-]{2,100}")
"""A name, or the number of the Page; older addresses have both, with hyphens."""


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, comments, and look again at what earlier nights saw."""
    if target.credential is None:
        yield from without_token("Facebook")
        return
    page = Reader(target, client, target.credential.token)
    found = page.profile()
    yield from found
    missing = [x for x in found if isinstance(x, GapRecord) and x.kind is GapKind.NOT_FOUND]
    if page.replaced or missing:
        lost = next(one for one in found if isinstance(one, GapRecord))
        yield from everywhere(lost, (Facet.POSTS, Facet.COMMENTS))
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


def _expected(size: Size) -> Cost:
    return {Unit.CALLS: 1 + pages(size.posts, PAGE) + size.threads + size.comments // PAGE}


TARIFF = Tariff(
    limits=(Limit(unit=Unit.CALLS, amount=2_400, period=Day(), scope=Scope.ACCOUNT, ours=True),),
    expected=_expected,
)
"""A floor: 4,800 calls in 24 hours for each engaged user, whose number nobody tells, and any 24
hours touch two days. Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting"""

ROOT = f"{HOST}/{VERSION}"
LENGTHEN = fb_exchange(ROOT)
PAGE_TOKEN = Call(
    method="GET", url=f"{ROOT}/{{handle}}", fields={"fields": "access_token"}, bearer=True
)
ACCESS = (
    Access(
        kind="a token of a Page, a system user or a person",
        source="https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived",
        scopes=("pages_read_engagement", "pages_read_user_content", "pages_show_list"),
        margin=dt.timedelta(days=30),
        youngest=dt.timedelta(days=1),
        renew=LENGTHEN,
        inspect=debug_token(ROOT, Slot.APP_TOKEN),
        authorise=Authorisation(
            url=f"https://www.facebook.com/{VERSION}/dialog/oauth",
            exchange=code_grant(f"{ROOT}/oauth/access_token"),
            steps=(LENGTHEN, PAGE_TOKEN),
            separator=",",
        ),
    ),
)
"""Only a person's token has a date. One of a Page, made from it, has none."""

PLATFORM = Platform(
    name="facebook",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
    access=ACCESS,
)
