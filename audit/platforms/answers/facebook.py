"""Answers about Facebook Pages as records.

The id of a post is ``{page}_{post}``, that of a comment ``{post}_{comment}``. Which fields an
answer holds is up to who asked: an absent one counts as not asked for.

Reference: https://developers.facebook.com/docs/graph-api/reference/page and ``/post``, ``/comment``
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from audit.model.record import (
    CommentRecord,
    MediaRecord,
    Metrics,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers.graph import Json, address, read_body
from audit.platforms.answers.loose import count, filled, identity, mapping, moment, objects, text
from audit.platforms.answers.plain import addresses, hashtags
from audit.response import Response

KINDS = {
    "photo": "image",
    "album": "image",
    "cover_photo": "image",
    "profile_media": "image",
    "video": "video",
    "video_inline": "video",
    "video_autoplay": "video",
}
COMMENT_FIELDS = {"comment_count", "like_count", "parent", "can_reply_privately", "user_likes"}
MEDIUM_FIELDS = {"images", "length"}
"""What photos and videos have that are given by themselves."""
PEOPLE = re.compile(r"/(likes|reactions|roles|blocked)$")
"""Ends addresses of lists of people; the answer has their names."""
PAGE_FIELDS = {
    "username",
    "category",
    "access_token",
    "fan_count",
    "followers_count",
    "about",
    "verification_status",
}
THREAD = re.compile(r"/([\d_]+)/comments$")
BY_OTHERS = re.compile(r"/(tagged|visitor_posts)$")
BY_PAGE = re.compile(r"/(posts|published_posts)$")
"""Ends addresses of lists by who wrote what they hold; on a ``feed`` are posts of both."""
COMMENT_LINK = re.compile(
    r"facebook\.com/([^/?]+)/posts/([^/?]+)/?\?comment_id=(\d+)(?:&reply_comment_id=(\d+))?"
)
"""Page, post, comment, answer to the comment."""


def read(
    response: Response, account: str | None = None, post_id: str | None = None
) -> Iterator[Record]:
    """Map one answer.

    ``account`` is the id of the Page, ``post_id`` that of the post whose comments were asked
    for, where they are known.
    """
    url = response.url or ""
    thread = THREAD.search(url)
    under = post_id or (thread[1] if thread else None)
    listed = PEOPLE.search(url) is not None or _is_list(response)

    def theirs(entry: Json) -> bool:
        """Say whether somebody else than the Page wrote something that looks like a post."""
        writer = identity(mapping(entry, "from").get("id"))
        page = (identity(entry.get("id")) or "").partition("_")[0]
        told = account is None and not BY_PAGE.search(url) and writer not in (None, page)
        return told or BY_OTHERS.search(url) is not None

    def records(entry: Json) -> Iterator[Record]:
        linked = COMMENT_LINK.search(text(entry.get("permalink_url")) or "")
        if under or linked or COMMENT_FIELDS & set(entry):
            yield from _comment(entry, under, account)
        elif "created_time" in entry or "message" in entry:
            yield from _comment(entry, None, account) if theirs(entry) else _post(entry, account)
        elif "id" in entry and _is_page(entry, listed):
            yield _profile(entry)
        else:
            yield from _comments(entry, identity(entry.get("id")), account)

    yield from read_body(response, records)


def _is_list(response: Response) -> bool:
    try:
        return isinstance(mapping(response.json()).get("data"), list)
    except ValueError:
        return False


def _is_page(entry: Json, listed: bool) -> bool:
    """Whether an object is a Page; lists of people who liked something have names too."""
    return bool(PAGE_FIELDS & set(entry)) or ("name" in entry and not listed)


def _post(entry: Json, account: str | None) -> Iterator[Record]:
    post_id = identity(entry.get("id"))
    if post_id is None or entry.get("is_published") is False:
        return
    page, _, number = post_id.partition("_")
    account = account or (page if number else None)
    attached = list(objects(mapping(entry, "attachments").get("data")))
    words = text(entry.get("message")) or _medium_text(entry) or ""
    parent = identity(entry.get("parent_id"))
    previews = [one for one in attached if _kind(one) is None]
    holders = previews or ([] if MEDIUM_FIELDS & set(entry) else [entry])
    card = [part for one in holders for part in _card(one)]
    links = (address(one.get("unshimmed_url")) or address(one.get("url")) for one in previews)
    yield PostRecord(
        platform="facebook",
        post_id=post_id,
        account_id=identity(mapping(entry, "from").get("id")) or account,
        # ``story`` is a sentence that Facebook makes, such as "X updated their cover photo".
        text=words,
        permalink=address(entry.get("permalink_url")),
        created_at=moment(entry.get("created_time")),
        # No time of an edit: ``updated_time`` moves with each comment.
        kind="original" if parent is None else "quote" if words else "repost",
        quoted_id=parent,
        media=tuple(_media(attached) if attached else _early_media(entry)),
        links=tuple(dict.fromkeys([*filter(None, links), *addresses(words)])),
        hashtags=hashtags(words),
        card="\n".join(dict.fromkeys(card)) or None,
        metrics=_metrics(entry),
    )
    yield from _comments(entry, post_id, account)


def _comments(
    holder: Json, post_id: str | None, account: str | None, above: str | None = None
) -> Iterator[Record]:
    """Map the comments that came along with a post, or the answers with a comment."""
    for one in objects(mapping(holder, "comments").get("data")):
        yield from _comment(one, post_id, account, above)


def _medium_text(entry: Json) -> str | None:
    """Return what is written under a photo or a video that is given by itself."""
    if MEDIUM_FIELDS & set(entry):
        return text(entry.get("name")) or text(entry.get("description"))
    return None


def _kind(attachment: Json) -> str | None:
    """Return what kind of medium an attachment is; ``None`` for previews of links and events."""
    given = filled(attachment.get("media_type")) or filled(attachment.get("type")) or ""
    return KINDS.get(given)


def _card(holder: Json) -> Iterator[str]:
    # Before version 3.3 the preview of a link stood in the post itself.
    for name in ("title", "name", "description"):
        part = filled(holder.get(name))
        if part:
            yield part


def _media(attachments: list[Json]) -> Iterator[MediaRecord]:
    for one in attachments:
        inner = list(objects(mapping(one, "subattachments").get("data")))
        kind = _kind(one)
        if inner:
            yield from _media(inner)
        elif kind:
            image = mapping(one, "media", "image")
            source = mapping(one, "media").get("source") if kind == "video" else None
            yield MediaRecord(
                type=kind,
                url=address(source) or address(image.get("src")),
                width=count(image.get("width")),
                height=count(image.get("height")),
            )


def _early_media(entry: Json) -> Iterator[MediaRecord]:
    images = list(objects(entry.get("images")))
    if images:
        # ``alt_text`` is what Facebook makes of a photo that nobody described.
        yield MediaRecord(
            type="image",
            url=address(images[0].get("source")),
            alt_text=text(entry.get("alt_text_custom")) or text(entry.get("alt_text")),
            width=count(images[0].get("width")),
            height=count(images[0].get("height")),
        )
        return
    if "length" in entry:
        length = entry["length"]
        yield MediaRecord(
            type="video",
            url=address(entry.get("source")),
            duration=float(length) if isinstance(length, int | float) else None,
        )
        return
    kind = KINDS.get(text(entry.get("type")) or "")
    if kind:
        yield MediaRecord(type=kind, url=address(entry.get("full_picture")))


def _metrics(entry: Json) -> Metrics:
    likes, comments = (
        count(mapping(entry, name, "summary").get("total_count"))
        for name in ("reactions", "comments")
    )
    if likes is None:  # the reaction of that name alone, as older calls ask for it
        likes = count(mapping(entry, "likes", "summary").get("total_count"))
    shares = count(mapping(entry, "shares").get("count"))
    if shares is None and likes is not None:
        # Counts were asked for; ``shares`` alone is left out where it is zero.
        shares = 0
    return Metrics(likes=likes, comments=comments, shares=shares)


def _comment(
    entry: Json, post_id: str | None, account: str | None, above: str | None = None
) -> Iterator[Record]:
    """Map a comment, with the answers that came along.

    One that was asked for without its id is named as its address names it.
    """
    link = address(entry.get("permalink_url"))
    page, post, top, answer = _linked(link)
    if page and post and post_id is None:
        post_id = f"{page}_{post}"
    comment_id, parent = (identity(one.get("id")) for one in (entry, mapping(entry, "parent")))
    if comment_id is None:
        if top is None:
            return
        comment_id = f"{post}_{answer or top}"
    if parent is None:
        parent = f"{post}_{top}" if answer else above
    account = account or page or (post_id or "").partition("_")[0] or None
    writer = mapping(entry, "from")
    author_id = identity(writer.get("id"))
    hidden: Any = entry.get("is_hidden")
    yield CommentRecord(
        platform="facebook",
        comment_id=comment_id,
        post_id=post_id,
        parent_id=parent,
        author="account" if author_id and author_id == account else "public",
        author_id=author_id,
        author_name=filled(writer.get("name")),
        text=text(entry.get("message")) or "",
        created_at=moment(entry.get("created_time")),
        likes=count(entry.get("like_count")),
        replies_count=count(entry.get("comment_count")),
        hidden=hidden if isinstance(hidden, bool) else None,
        permalink=link,
    )
    yield from _comments(entry, post_id, account, parent or comment_id)


def _linked(link: str | None) -> tuple[str | None, str | None, str | None, str | None]:
    found = COMMENT_LINK.search(link or "")
    if not found:
        return None, None, None, None
    page = found[1] if found[1].isdigit() else None
    return page, found[2], found[3], found[4]


def _profile(entry: Json) -> ProfileRecord:
    words = [filled(entry.get(name)) for name in ("about", "description")]
    sites = (filled(entry.get("website")) or "").split()
    state = filled(entry.get("verification_status"))
    # Who likes a Page follows it, unless they say otherwise; often only this number is given.
    followers = count(entry.get("followers_count"))
    return ProfileRecord(
        platform="facebook",
        account_id=identity(entry.get("id")),
        handle=filled(entry.get("username")),
        display_name=text(entry.get("name")),
        bio="\n".join(dict.fromkeys(filter(None, words))) or None,
        url=sites[0] if sites else None,
        links=tuple(sites[1:]),
        avatar_url=address(mapping(entry, "picture", "data").get("url")),
        followers=count(entry.get("fan_count")) if followers is None else followers,
        verified=None if state is None else state in ("blue_verified", "gray_verified"),
    )
