"""Answers of the WordPress REST API as records.

Ids of posts and of comments are two series of numbers on one site. Here each keeps its own
number, as the API gives it.

Reference: https://developer.wordpress.org/rest-api/reference/
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from audit.model.item import Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    MediaRecord,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.loose import count, filled, identity, mapping, moment, objects, text
from audit.platforms.answers.markup import plain, read_markup
from audit.response import Response

Json = Mapping[str, Any]

ERRORS = {
    "rest_post_invalid_page_number": (GapKind.END, "the last page was before this one"),
    "rest_comment_invalid_page_number": (GapKind.END, "the last page was before this one"),
    "rest_no_route": (GapKind.NOT_FOUND, "the site does not offer this part of the REST API"),
    "rest_post_invalid_id": (GapKind.NOT_FOUND, "the post is gone"),
    "rest_comment_invalid_id": (GapKind.NOT_FOUND, "the comment is gone"),
    "rest_forbidden": (GapKind.DENIED, "not public"),
    "rest_cannot_read": (GapKind.DENIED, "not public"),
    "rest_cannot_read_post": (GapKind.DENIED, "not public"),
    "rest_user_cannot_view": (GapKind.DENIED, "not public"),
}
GONE = {
    ERRORS["rest_post_invalid_id"][1]: "deleted",
    ERRORS["rest_comment_invalid_id"][1]: "deleted",
    ERRORS["rest_forbidden"][1]: "private",
}
"""What became of an item, by the reason that a call for it alone brought. A comment that waits
for approval, or lies in the bin, is answered like a private one."""
FACETS = {"posts": Facet.POSTS, "comments": Facet.COMMENTS}
ROUTE = re.compile(r"/wp/v2/(posts|comments)(/|$)")
NEXT = re.compile(r"<[^>]*[?&]page=(\d+)[^>]*>;\s*rel=\"?next")
FEED = re.compile(rb"\s*(<\?xml|<rss|<feed)", re.IGNORECASE)


def read(response: Response, authors: Collection[str] = ()) -> Iterator[Record]:
    """Map one answer.

    A comment counts as the account's own when its writer was logged in and either is among
    ``authors`` (ids of people who wrote posts), or the site itself shows the writer as one of
    its authors (``_embed=author``; WordPress shows only users with published posts). A reader
    who merely has a login stays a member of the public.
    """
    route = ROUTE.search(response.url or "")
    facet = FACETS[route[1]] if route else None
    if response.status == 304:
        yield NoRecord(what="no change")
        return
    try:
        body = response.json()
    except ValueError:
        if FEED.match(response.body) and response.status < 400:
            yield NoRecord(what="a feed, which the platform 'feed' reads")
        else:
            yield gaps.unreadable(response, "JSON of the WordPress REST API", facet)
        return
    if response.status >= 400 or set(mapping(body)) >= {"code", "message"} or _elsewhere(body):
        yield _error(response, mapping(body), facet)
        return
    found = [
        record
        for one in objects(body if isinstance(body, list) else [body])
        if (record := _record(one, authors)) is not None
    ]
    yield from found
    further = NEXT.search(response.headers.get("link", ""))
    if further:
        yield NextPage(cursor=further[1])
    elif not found:
        yield NoRecord(what=_what(body))


def _what(body: object) -> str:
    if body == []:
        return "an empty list"
    drafts = any("status" in one and "content" in one for one in objects(body))
    return "posts that are not published" if drafts else gaps.NOTHING


def _record(body: Json, authors: Collection[str]) -> Record | None:
    if "author_name" in body and "post" in body:
        return _comment(body, authors)
    if "title" in body and {"content", "date_gmt"} & set(body) and "media_type" not in body:
        return _post(body)
    if "namespaces" in body or ("name" in body and "home" in body):
        return _site(body)
    return None


def _post(body: Json) -> PostRecord | None:
    post_id = identity(body.get("id"))
    if post_id is None or body.get("status") not in (None, "publish"):
        return None
    created, changed = (
        moment(body.get(name), assume_utc=True) for name in ("date_gmt", "modified_gmt")
    )
    link = filled(body.get("link"))
    html = text(mapping(body, "content").get("rendered"))
    content = read_markup(html or "", link)
    return PostRecord(
        platform="wordpress",
        post_id=post_id,
        account_id=identity(body.get("author")),
        text=content.text,
        text_html=html,
        title=plain(text(mapping(body, "title").get("rendered")) or "") or None,
        permalink=link,
        created_at=created,
        edited_at=changed if created and changed and changed > created else None,
        media=(*_featured(body), *content.media),
        links=content.links,
    )


def _featured(body: Json) -> Iterator[MediaRecord]:
    """Yield the picture on top of a post; without ``_embed`` its text is not given."""
    if not count(body.get("featured_media")):
        return
    embedded = next(objects(mapping(body, "_embedded").get("wp:featuredmedia")), {})
    size = mapping(embedded, "media_details")
    yield MediaRecord(
        type=filled(embedded.get("media_type")) or "image",
        url=filled(embedded.get("source_url")),
        alt_text=text(embedded.get("alt_text")),
        width=count(size.get("width")),
        height=count(size.get("height")),
    )


def _comment(body: Json, authors: Collection[str]) -> CommentRecord | None:
    comment_id = identity(body.get("id"))
    if comment_id is None:
        return None
    writer = identity(body.get("author"))
    embedded = next(objects(mapping(body, "_embedded").get("author")), {})
    own = writer not in (None, "0") and (
        writer in authors or identity(embedded.get("id")) == writer
    )
    html = text(mapping(body, "content").get("rendered")) or ""
    parent, status = identity(body.get("parent")), text(body.get("status"))
    return CommentRecord(
        platform="wordpress",
        comment_id=comment_id,
        post_id=identity(body.get("post")),
        parent_id=None if parent == "0" else parent,
        author="account" if own else "public",
        author_id=None if writer == "0" else writer,
        author_name=plain(text(body.get("author_name")) or "") or None,
        text=read_markup(html).text,
        text_html=html,
        created_at=moment(body.get("date_gmt"), assume_utc=True),
        hidden=None if status is None else status != "approved",
        permalink=filled(body.get("link")),
    )


def _site(body: Json) -> ProfileRecord:
    home = filled(body.get("home")) or filled(body.get("url"))
    return ProfileRecord(
        platform="wordpress",
        account_id=home,
        handle=None,
        display_name=plain(text(body.get("name")) or "") or None,
        bio=plain(text(body.get("description")) or ""),
        url=home,
        avatar_url=filled(body.get("site_icon_url")),
    )


def _elsewhere(body: object) -> bool:
    """Whether it is an error as WordPress.com words it."""
    return {"error", "message"} <= set(mapping(body))


def _error(response: Response, body: Json, facet: Facet | None) -> GapRecord:
    code = text(body.get("code")) or text(body.get("error")) or ""
    status = count(mapping(body, "data").get("status")) or response.status
    told = Response(status=status, body=b"", headers=response.headers)
    if code in ERRORS:
        kind, reason = ERRORS[code]
        return gaps.gap(told, kind, reason, facet)
    code = code if re.fullmatch(r"[\w-]{1,60}", code) else "an error"
    return gaps.by_status(told, f"the site answered {code}", facet)
