"""Mastodon, and software that answers like it, through the account's own server.

``account.url`` names the server where the handle (``name@server``) does not. Calls
(https://docs.joinmastodon.org/methods/, base ``https://{server}/api/v1``): ``accounts/lookup``,
``accounts/{id}/statuses`` (40 a page), ``statuses/{id}/context`` for each post that has answers,
``statuses?id[]=`` (20 at once, Mastodon 4.3; else one by one) to look again at what earlier
nights saw. Limit: 300 calls in 5 minutes for an account and for an address.

The list is walked down by ``max_id``, as ``Link: rel="next"`` says, from now to the start of the
window, so nothing is left out between two nights; the list's end is an answer without that
link. ``since_id``, which leaves a gap as soon as more than one page is new, is not used, nor
``min_id``: it needs an id from before the window, which only Mastodon's own ids allow to make.

A credential is needed only where the server wants one (a user's token with ``read:accounts
read:statuses``; it does not expire by itself). Without one a server gives at most 60 answers
under a post; that is told as a gap.

Names do not change here, and are not given out again by the same server; an account whose id an
earlier night saw is asked for by it (``accounts/{id}``). One that moved away names the new one.

Not given: views, bookmarks, captions of videos; other software leaves out more. A deleted status
and one that is not public both answer 404, a deleted account 410. An account that the server
suspended comes with ``suspended`` and nothing else (Mastodon 3.3; before it, 410); so does one
that its owner deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from audit.client import Client
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet
from audit.model.record import (
    CommentRecord,
    GapRecord,
    PostRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.mastodon import read
from audit.platforms.base import Platform, Target
from audit.platforms.limits import Cost, Scope, Size, Tariff, Unit, paced, pages
from audit.platforms.readers.mastodon import PAGE, Reader

HANDLE = re.compile(r"([A-Za-z0-9_.-]+)(?:@([A-Za-z0-9.-]+(?::\d+)?))?")


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read profile, posts, answers, and look again at what earlier nights saw."""
    server = Reader(target, client)
    found = list(server.profile())
    yield from found
    if not server.account:
        lost = next((one for one in found if isinstance(one, GapRecord)), None)
        if lost:
            yield from gaps.everywhere(lost, (Facet.POSTS, Facet.COMMENTS))
        return
    posts = []
    for record in server.posts():
        if isinstance(record, PostRecord):
            posts.append(record)
        yield record
    seen = {post.post_id for post in posts}
    for record in server.answers(posts, frozenset(seen)):
        if isinstance(record, CommentRecord):
            seen.add(record.comment_id)
        yield record
    yield from server.again([one for one in target.known if one.record_id not in seen])


def locate(account: Account) -> str | None:
    """Say what is wrong with handle or server."""
    found = HANDLE.fullmatch(account.handle.removeprefix("@"))
    if not found:
        return f"{account.handle!r} is no handle; it looks like name@server.example"
    if account.url and urlsplit(account.url).scheme not in ("http", "https"):
        return "url must be empty, or the http(s) address of the server"
    if not account.url and not found[2]:
        return "the handle names no server: write name@server.example, or give the server as url"
    return None


def _expected(size: Size) -> Cost:
    return {Unit.CALLS: 1 + pages(size.posts, PAGE) + size.threads}


TARIFF = Tariff(limits=(paced(300, 300, scope=Scope.HOST),), expected=_expected)
"""Source: https://docs.joinmastodon.org/api/rate-limits/; by account and by address."""


PLATFORM = Platform(
    name="mastodon",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
)
