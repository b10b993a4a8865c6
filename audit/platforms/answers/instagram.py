"""Answers about professional Instagram accounts as records.

Two kinds of lists bear the same names of fields: media have ``media_type``, comments ``text``.
Parts of an album, listed alone, are neither: they are media of a post that another answer gives.

Reference: https://developers.facebook.com/docs/instagram-platform/reference/instagram-media
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from audit.model.record import (
    CommentRecord,
    MediaRecord,
    Metrics,
    NextPage,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers.graph import Json, address, read_body
from audit.platforms.answers.loose import count, filled, identity, mapping, moment, objects, text
from audit.platforms.answers.plain import addresses, hashtags
from audit.response import Response

KINDS = {"IMAGE": "image", "VIDEO": "video", "CAROUSEL_ALBUM": "album"}
POST_FIELDS = {
    "caption", "comments_count", "like_count", "media_product_type", "owner", "username",
    "is_comment_enabled", "children",
}  # fmt: skip
"""What only media that are posts of their own have, besides a place in a list of pages."""
MEDIA_FIELDS = {"caption", "media_product_type", "media_type"}
MENTIONS = {"mentioned_comment", "mentioned_media"}
"""What others published and named the account in."""
PAGE_FIELDS = {"username", "biography", "followers_count", "media_count"}
THREAD = re.compile(r"/(\d+)/(comments|replies)$")


def read(
    response: Response, account: str | None = None, post_id: str | None = None
) -> Iterator[Record]:
    """Map one answer.

    ``account`` is the id of the audited account, ``post_id`` that of the post whose comments
    were asked for, where they are known.
    """
    post_id, parent = _thread(response.url or "", post_id)
    paged = _paged(response)

    def records(entry: Json) -> Iterator[Record]:
        entry = mapping(entry, "instagram_business_account") or entry
        given = set(entry)
        if "business_discovery" in given:
            yield from _discovered(mapping(entry, "business_discovery"))
        elif MENTIONS & given:
            for name in MENTIONS & given:
                yield from _comment(mapping(entry, name), None, None, account)
        elif MEDIA_FIELDS & given:
            yield from _post(entry, account) if paged or POST_FIELDS & given else ()
        elif {"text", "timestamp"} & given:
            yield from _comment(entry, post_id, parent, account)
        elif PAGE_FIELDS & given:
            yield _profile(entry)
        elif "comments" in given:
            yield from _comments(entry, identity(entry.get("id")), account)

    yield from read_body(response, _apart(response.url or "", account) or records)


def _paged(response: Response) -> bool:
    """Whether media stand in a list of pages, or alone; parts of an album stand in a bare list."""
    try:
        body = mapping(response.json())
    except ValueError:
        return False
    listed = (response.url or "").endswith("/media")
    return listed or "paging" in body or not isinstance(body.get("data"), list)


def _apart(url: str, account: str | None) -> Callable[[Json], Iterator[Record]] | None:
    """Return how the entries of an address are mapped that only look like posts of the account."""
    if url.endswith("/children"):
        return lambda _: iter(())
    if url.endswith("/tags"):
        return lambda entry: _comment(entry, None, None, account)
    return None


def _thread(url: str, post_id: str | None) -> tuple[str | None, str | None]:
    """Return under which post, and under which comment, an address lists what was written."""
    thread = THREAD.search(url)
    if thread is None:
        return post_id, None
    return (post_id, thread[1]) if thread[2] == "replies" else (post_id or thread[1], None)


def owned(response: Response) -> list[tuple[str, str]]:
    """Return ids and names of the accounts a token is for, from whichever door answered."""
    try:
        body = response.json()
    except ValueError:
        return []
    listed = mapping(body).get("data")
    entries = list(objects(listed)) if isinstance(listed, list) else [mapping(body)]
    found = []
    for entry in entries:
        one = mapping(entry, "instagram_business_account") or entry
        number = identity(one.get("user_id")) or identity(one.get("id"))
        name = filled(one.get("username"))
        if number and name and (one is not entry or "user_id" in entry):
            found.append((number, name))
    return found


def asked_well(response: Response) -> bool:
    """Whether an answer is one about the accounts of a token, be it that there is none."""
    try:
        body = mapping(response.json())
    except ValueError:
        return False
    return response.status < 400 and (isinstance(body.get("data"), list) or "id" in body)


def _discovered(found: Json) -> Iterator[Record]:
    """Map what is given of somebody else's account: its page is nested, and so is its cursor."""
    account = identity(found.get("id"))
    if PAGE_FIELDS & set(found):
        yield _profile(found)
    listed = mapping(found, "media")
    for entry in objects(listed.get("data")):
        yield from _post(entry, account)
    # This list never says that there is a next page; it ends when it gives no cursor.
    after = filled(mapping(listed, "paging", "cursors").get("after"))
    if after:
        yield NextPage(cursor=after)


def _post(entry: Json, account: str | None) -> Iterator[Record]:
    post_id = identity(entry.get("id"))
    if post_id is None:
        return
    words = text(entry.get("caption")) or ""
    yield PostRecord(
        platform="instagram",
        post_id=post_id,
        account_id=identity(mapping(entry, "owner").get("id")) or account,
        text=words,
        permalink=address(entry.get("permalink")),
        created_at=moment(entry.get("timestamp")),
        media=tuple(_media(entry)),
        links=addresses(words),
        hashtags=hashtags(words),
        metrics=Metrics(
            # Left out when the owner hides it, which is not zero. Totals count advertisements too.
            likes=_first(entry, "like_count", "total_like_count"),
            comments=_first(entry, "comments_count", "total_comments_count"),
            shares=count(entry.get("shares_count")),
            views=count(entry.get("view_count")),
            bookmarks=count(entry.get("saved_count")),
        ),
    )
    yield from _comments(entry, post_id, account)


def _first(entry: Json, *names: str) -> int | None:
    return next((one for name in names if (one := count(entry.get(name))) is not None), None)


def _comments(entry: Json, post_id: str | None, account: str | None) -> Iterator[Record]:
    """Map the comments that came along with a post."""
    for one in objects(mapping(entry, "comments").get("data")):
        yield from _comment(one, post_id, None, account)


def _media(entry: Json) -> Iterator[MediaRecord]:
    inner = list(objects(mapping(entry, "children").get("data")))
    for one in inner or [entry]:
        given = text(one.get("media_type"))
        if given:
            yield MediaRecord(
                type=KINDS.get(given, given.lower()),
                url=address(one.get("media_url")) or address(one.get("thumbnail_url")),
                # An empty field is left out like one that is not offered, as for reels.
                alt_text=text(one.get("alt_text")),
            )


def _comment(
    entry: Json, post_id: str | None, parent: str | None, account: str | None
) -> Iterator[Record]:
    comment_id = identity(entry.get("id"))
    if comment_id is None:
        return
    writer = mapping(entry, "from")
    author_id = identity(writer.get("id"))
    name = filled(entry.get("username")) or filled(writer.get("username"))
    hidden: Any = entry.get("hidden")
    yield CommentRecord(
        platform="instagram",
        comment_id=comment_id,
        post_id=post_id or identity(mapping(entry, "media").get("id")),
        parent_id=identity(entry.get("parent_id")) or parent,
        author="account" if account and account in (author_id, name) else "public",
        author_id=author_id or name,
        author_name=name,
        # What others published and tagged or named the account in has a caption.
        text=text(entry.get("text")) or text(entry.get("caption")) or "",
        created_at=moment(entry.get("timestamp")),
        likes=count(entry.get("like_count")),
        hidden=hidden if isinstance(hidden, bool) else None,
    )
    for answer in objects(mapping(entry, "replies").get("data")):
        yield from _comment(answer, post_id, comment_id, account)


def _profile(entry: Json) -> ProfileRecord:
    return ProfileRecord(
        platform="instagram",
        # Of an Instagram login ``id`` holds for one app alone.
        account_id=identity(entry.get("user_id")) or identity(entry.get("id")),
        handle=filled(entry.get("username")),
        display_name=text(entry.get("name")),
        bio=text(entry.get("biography")),
        url=filled(entry.get("website")),
        avatar_url=address(entry.get("profile_picture_url")),
        followers=count(entry.get("followers_count")),
        following=count(entry.get("follows_count")),
        posts_count=count(entry.get("media_count")),
    )
