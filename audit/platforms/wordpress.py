"""WordPress sites, through their public REST API; no login.

``account.url`` is the address of the site. Calls, 100 a page (``X-WP-TotalPages``, ``Link``):
``/`` (name and tagline), ``/wp/v2/posts`` by publication and once more by ``modified_after``
(WordPress 5.7), ``/wp/v2/comments`` of the window across the site, and both by ``include`` to
look again at what earlier nights saw. Sites without pretty addresses answer at
``?rest_route=``. There are no rate limits but those of the host.

The account's own comments are those by people who write its posts; see ``answers/wordpress``.
Comments are told from posts by their ids, ``comment-7``, as in the anchors of the pages.

Gone: what a lookup by id no longer brings is asked for alone. 404 means deleted; 401
``rest_forbidden`` means private, which WordPress also says of drafts and of the bin. A site that
has moved for good (301, 308) is read where it is now, and told.

Not given: likes and shares, language, who reads along. Drafts, private posts, comments that wait
for moderation are not listed; a post with a password is listed without its text.
A site that was closed, or asks for a login,
answers with something else than the API, be it 404, 401 or a page: a gap in everything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from audit.client import Client
from audit.errors import FetchError
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    Gone,
    NextPage,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.moves import moved
from audit.platforms.answers.wordpress import GONE, read
from audit.platforms.base import Platform, Target
from audit.platforms.limits import Cost, Scope, Size, Tariff, Unit, paced, pages
from audit.response import Response

PAGE = 100
MAX_PAGES = 50
MAX_ALONE = 25
"""Vanished posts that are asked for one by one in a night, to learn why."""
MARGIN = dt.timedelta(days=1)
"""Older versions compare with the site's local time; what comes too much is dropped here."""
COMMENT = "comment-"
EMBED = "author,wp:featuredmedia"


def gather(target: Target, client: Client) -> Iterator[Record]:
    """Read site, posts, comments, and look again at what earlier nights saw."""
    site = _Site(target, client)
    found = list(site.open())
    yield from found
    if not site.usable:
        yield from (
            replace(one, facet=facet)
            for one in found
            if isinstance(one, GapRecord)
            for facet in (Facet.POSTS, Facet.COMMENTS)
        )
        return
    seen: set[str] = set()
    for record in (*site.posts(), *site.comments()):
        if isinstance(record, PostRecord):
            seen.add(record.post_id)
        elif isinstance(record, CommentRecord):
            seen.add(record.comment_id)
        yield record
    missed = [one.record_id for one in target.known if one.record_id not in seen]
    comments = [one for one in missed if one.startswith(COMMENT)]
    yield from site.again("posts", sorted(set(missed) - set(comments)))
    yield from site.again("comments", sorted(comments))


def locate(account: Account) -> str | None:
    """Say what is wrong with the address of the site."""
    parts = urlsplit(account.url or "")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return "url must be the http(s) address of the site"
    if parts.query or parts.fragment:
        return "url must be the address of the site, without ? and #"
    return None


class _Site:
    """The calls to one site."""

    def __init__(self, target: Target, client: Client) -> None:
        self.window, self.client = target.window, client
        self.root = (target.account.url or "").rstrip("/")
        self.pretty, self.usable = True, False
        self.authors: set[str] = set()
        self.halted: GapRecord | None = None
        """A limit that was met; it ends the calls of the night."""

    def ask(self, route: str, **params: str | int | list[str]) -> Response:
        if self.pretty:
            return self.client.get(f"{self.root}/wp-json{route}", params)
        return self.client.get(f"{self.root}/", {"rest_route": route, **params})

    def open(self) -> Iterator[Record]:
        """Find the API and read what the site says of itself."""
        fields = "name,description,url,home,site_icon_url,namespaces"
        gap: Record | None = None
        for self.pretty in (True, False):
            try:
                answer = self.ask("/", _fields=fields)
                found = list(read(answer))
            except FetchError as error:
                gap = gap or gaps.failed(error, Facet.PROFILE)
                break
            if any(isinstance(one, ProfileRecord) for one in found):
                self.usable = True
                yield from found
                elsewhere = moved(self.root, answer, "/wp-json/" if self.pretty else "")
                if elsewhere:
                    yield elsewhere
                return
            first = found[0]
            if not isinstance(first, GapRecord):
                first = GapRecord(
                    facet=None, kind=GapKind.BROKEN, reason="the answer describes no site"
                )
            gap = gap or replace(first, facet=Facet.PROFILE)
            if first.kind is GapKind.RATE_LIMITED:
                break
        if gap:
            yield gap

    def posts(self) -> Iterator[Record]:
        """Read what was published in the window, then what was edited in it and is older."""
        start = _stamp(self.window.start - MARGIN)
        listings = (
            {"after": start, "orderby": "date"},
            {"modified_after": start, "before": start, "orderby": "modified"},
        )
        for listing in listings:
            for record in self._pages("posts", Facet.POSTS, _embed=EMBED, **listing):
                if isinstance(record, PostRecord):
                    self.authors.add(record.account_id or "")
                    when = record.edited_at or record.created_at
                    if when and not self.window.start <= when:
                        continue
                    if record.created_at and record.created_at >= self.window.end:
                        continue
                yield record

    def comments(self) -> Iterator[Record]:
        after = _stamp(self.window.start - MARGIN)
        for record in self._pages(
            "comments", Facet.COMMENTS, _embed="author", after=after, orderby="id"
        ):
            if isinstance(record, CommentRecord):
                when = record.created_at
                if when and not self.window.holds(when):
                    continue
            yield record

    def again(self, kind: str, known: Sequence[str]) -> Iterator[Record]:
        """Ask for known ids; what is no longer brought is gone."""
        facet = Facet.POSTS if kind == "posts" else Facet.COMMENTS
        lost: list[str] = []
        unproven: set[str] = set()
        for start in range(0, len(known), PAGE):
            batch = [one.removeprefix(COMMENT) for one in known[start : start + PAGE]]
            met: set[str] = set()
            for record in self._call(
                facet, f"/wp/v2/{kind}", include=",".join(batch), per_page=PAGE, _embed=EMBED
            ):
                if isinstance(record, GapRecord):
                    yield record
                    return
                if isinstance(record, PostRecord):
                    met.add(record.post_id)
                    yield record
                elif isinstance(record, CommentRecord):
                    met.add(record.comment_id)
                    yield record
            missing = [one for one in known[start : start + PAGE] if one not in met]
            lost += missing
            if not met:
                # A list that brings nothing of what it was asked for proves nothing.
                unproven.update(missing)
        for number, one in enumerate(lost):
            if number < MAX_ALONE and (kind == "posts" or one in unproven):
                yield from self._lost(facet, f"/wp/v2/{kind}/{one.removeprefix(COMMENT)}", one)
            elif one not in unproven:
                yield Gone(record_id=one, reason="deleted or not public")

    def _lost(self, facet: Facet, route: str, record_id: str) -> Iterator[Record]:
        for record in self._call(facet, route):
            if isinstance(record, GapRecord) and record.reason in GONE:
                yield Gone(record_id=record_id, reason=GONE[record.reason])
                return
            if isinstance(record, PostRecord | CommentRecord | GapRecord):
                yield record
                return

    def _pages(self, kind: str, facet: Facet, **params: str) -> Iterator[Record]:
        page, seen = "1", {"1"}
        for _ in range(MAX_PAGES):
            asked, page = page, ""
            for record in self._call(
                facet, f"/wp/v2/{kind}", **params, order="asc", per_page=PAGE, page=asked
            ):
                if isinstance(record, NextPage):
                    page = record.cursor
                elif isinstance(record, GapRecord):
                    if record.kind is not GapKind.END:
                        yield record
                    return
                elif isinstance(record, PostRecord | CommentRecord):
                    yield record
            if not page:
                return
            if page in seen:
                yield gaps.repeated(facet)
                return
            seen.add(page)
        yield GapRecord(
            facet=facet, kind=GapKind.BROKEN, reason=f"the list goes on after {MAX_PAGES} pages"
        )

    def _call(self, facet: Facet, route: str, **params: str | int) -> Iterator[Record]:
        if self.halted:
            yield replace(self.halted, facet=facet)
            return
        try:
            answer = self.ask(route, **params)
        except FetchError as error:
            yield gaps.failed(error, facet)
            return
        for record in gaps.asked_for(read(answer, self.authors), facet):
            if isinstance(record, GapRecord) and record.kind is GapKind.RATE_LIMITED:
                self.halted = record
            yield _told_apart(record) if isinstance(record, CommentRecord) else record


def _told_apart(record: CommentRecord) -> CommentRecord:
    """Give a comment ids that no post of the site has."""
    parent = record.parent_id
    return replace(
        record,
        comment_id=COMMENT + record.comment_id,
        parent_id=None if parent is None else COMMENT + parent,
    )


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _expected(size: Size) -> Cost:
    return {Unit.CALLS: 1 + pages(size.posts, PAGE) + 1 + pages(size.comments, PAGE)}


TARIFF = Tariff(limits=(paced(120, 60, scope=Scope.HOST, ours=True),), expected=_expected)
"""Our own choice: two calls a second, for a host that serves people at the same time."""


PLATFORM = Platform(
    name="wordpress",
    provides=frozenset(FETCHED_FACETS),
    gather=gather,
    read=read,
    locate=locate,
    tariff=TARIFF,
    comments_apart=True,
)
