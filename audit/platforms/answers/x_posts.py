"""Posts of the X API as records, under the older field names and the newer ones.

Between versions 2.159 and 2.167 of the specification "tweet" became "post" in the names
(``note_tweet`` and ``note_post``); servers and recordings have either.

An edited post has a new id for each version; ``edit_history_*_ids`` lists all, oldest first.
Here the whole chain is one item under its oldest id, and an edit shows as ``edited_at``.
Source: https://docs.x.com/x-api/fundamentals/edit-posts
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.model.record import CommentRecord, MediaRecord, Metrics, PostRecord
from audit.platforms.answers.loose import (
    count,
    filled,
    identity,
    mapping,
    moment,
    objects,
    text,
    words,
)
from audit.platforms.answers.plain import addresses, hashtags

Json = Mapping[str, Any]

EPOCH_MS = 1288834974657
"""When ids of X begin to hold their time: id >> 22 is the milliseconds since then.
Source: https://docs.x.com/fundamentals/x-ids"""
FIRST_TIMED_ID = 1 << 40
"""Older ids were counted and hold no time."""
DESCRIBED = ("photo", "animated_gif")
"""Media for which the author can write an alternative text."""
REFERENCES = {"replied_to": "reply", "quoted": "quote", "retweeted": "repost", "reposted": "repost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Includes:
    """What came along with an answer, by id."""

    posts: Mapping[str, Json] = field(default_factory=dict)
    media: Mapping[str, Json] = field(default_factory=dict)
    polls: Mapping[str, Json] = field(default_factory=dict)
    users: Mapping[str, Json] = field(default_factory=dict)
    described: bool = False
    """Whether alternative texts were asked for: one that is missing was not written."""


def includes(body: Json, described: bool) -> Includes:
    """Sort what came along; ``described``: alternative texts were certainly asked for."""
    held = mapping(body, "includes")
    media = list(objects(held.get("media")))
    return Includes(
        posts={**_by(held, "tweets"), **_by(held, "posts")},
        media={key: one for one in media if (key := filled(one.get("media_key")))},
        polls=_by(held, "polls"),
        users=_by(held, "users"),
        described=described or any("alt_text" in one for one in media),
    )


def _by(held: Json, name: str) -> dict[str, Json]:
    return {key: one for one in objects(held.get(name)) if (key := identity(one.get("id")))}


def chain(entry: Json) -> tuple[str, ...]:
    """Return the ids of all versions of a post, oldest first."""
    ids = words(entry.get("edit_history_post_ids")) or words(entry.get("edit_history_tweet_ids"))
    own = identity(entry.get("id"))
    return ids or ((own,) if own else ())


def references(entry: Json) -> dict[str, str]:
    """Return the posts that this one refers to, by ``reply``, ``quote`` or ``repost``."""
    listed = entry.get("referenced_posts") or entry.get("referenced_tweets")
    found = (
        (REFERENCES.get(str(one.get("type"))), identity(one.get("id"))) for one in objects(listed)
    )
    return {kind: post_id for kind, post_id in found if kind and post_id}


def post(entry: Json, held: Includes) -> PostRecord | None:
    """Map a post of the account; ``None`` when it has no id."""
    versions = chain(entry)
    if not versions:
        return None
    refers = references(entry)
    passed_on = refers.get("repost")
    # A repost's own text is cut off after "RT @name: ...".
    words_of = held.posts.get(passed_on, entry) if passed_on else entry
    written = _written(words_of)
    created, edited = _times(entry, versions)
    metrics = mapping(entry, "public_metrics")
    user = mapping(held.users.get(identity(entry.get("author_id")) or ""))
    kind = next((one for one in ("repost", "reply", "quote") if one in refers), "original")
    if kind == "original" and entry.get("in_reply_to_user_id"):
        kind = "reply"
    card, links = _links(written)
    return PostRecord(
        platform="x",
        post_id=versions[0],
        account_id=identity(entry.get("author_id")),
        text=_text(words_of, written),
        permalink=None if passed_on else permalink(versions[-1], filled(user.get("username"))),
        created_at=created,
        edited_at=edited,
        language=_language(words_of),
        sensitive=_flag(words_of.get("possibly_sensitive")),
        kind=kind,
        in_reply_to_id=None if passed_on else refers.get("reply"),
        root_id=None if passed_on or kind != "reply" else identity(entry.get("conversation_id")),
        quoted_id=passed_on or refers.get("quote"),
        media=tuple(_media(words_of, held)),
        links=links,
        hashtags=tuple(_tags(written, _text(words_of, written))),
        card=card,
        poll=tuple(_poll(words_of, held)),
        # The counts of a repost are those of somebody else's post.
        metrics=Metrics()
        if passed_on
        else Metrics(
            likes=count(metrics.get("like_count")),
            comments=count(metrics.get("reply_count")),
            shares=count(metrics.get("repost_count", metrics.get("retweet_count"))),
            quotes=count(metrics.get("quote_count")),
            views=count(metrics.get("impression_count")),
            bookmarks=count(metrics.get("bookmark_count")),
        ),
    )


def comment(entry: Json, held: Includes, account: str | None) -> CommentRecord | None:
    """Map what somebody wrote in a conversation; ``None`` when it has no id."""
    versions = chain(entry)
    if not versions:
        return None
    author = identity(entry.get("author_id"))
    user = mapping(held.users.get(author or ""))
    created, edited = _times(entry, versions)
    root, parent = identity(entry.get("conversation_id")), references(entry).get("reply")
    metrics = mapping(entry, "public_metrics")
    return CommentRecord(
        platform="x",
        comment_id=versions[0],
        post_id=root or parent,
        parent_id=parent if root and parent != root else None,
        author="account" if account and author == account else "public",
        author_id=author,
        author_name=filled(user.get("name")) or filled(user.get("username")),
        text=_text(entry, _written(entry)),
        created_at=created,
        edited_at=edited,
        likes=count(metrics.get("like_count")),
        replies_count=count(metrics.get("reply_count")),
        permalink=permalink(versions[-1], None),
    )


def permalink(post_id: str, username: str | None) -> str:
    """Return the address of a post; without a name X leads on to it all the same."""
    return f"https://x.com/{username or 'i/web'}/status/{post_id}"


def born(post_id: str) -> dt.datetime | None:
    """Return the time that an id holds."""
    if not (post_id.isascii() and post_id.isdigit()) or not FIRST_TIMED_ID < int(post_id) < 1 << 63:
        return None
    return dt.datetime.fromtimestamp(((int(post_id) >> 22) + EPOCH_MS) / 1000, dt.UTC)


def _times(entry: Json, versions: tuple[str, ...]) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return when a post was first published, and when this version was."""
    given = moment(entry.get("created_at"))
    own = identity(entry.get("id"))
    if own is None or own == versions[0]:
        return given, None
    return born(versions[0]) or given, given or born(own)


def _written(entry: Json) -> Json:
    """Return where the whole text of a post stands: long posts have it apart."""
    for name in ("note_post", "note_tweet"):
        note = mapping(entry, name)
        if filled(note.get("text")):
            return note
    return entry


def _text(entry: Json, written: Json) -> str:
    found = text(written.get("text")) or text(entry.get("text")) or ""
    # X writes these three, and only these, as HTML does.
    return found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _language(entry: Json) -> str | None:
    # "und": not determined; codes that begin with q are X's own, for texts without words.
    said = filled(entry.get("lang"))
    return None if said is None or said == "und" or (said[0] == "q" and len(said) == 3) else said


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _tags(written: Json, said: str) -> Iterator[str]:
    if "entities" not in written:
        yield from hashtags(said)
    tags = objects(mapping(written, "entities").get("hashtags"))
    yield from dict.fromkeys(tag for one in tags if (tag := filled(one.get("tag"))))


def _links(written: Json) -> tuple[str | None, tuple[str, ...]]:
    """Return the preview of the links, and the links but those to the post's own media."""
    if "entities" not in written and "attachments" not in written:
        return None, addresses(text(written.get("text")))
    urls = [
        one
        for one in objects(mapping(written, "entities").get("urls"))
        if not one.get("media_key") and "pic.twitter.com" not in str(one.get("display_url"))
    ]
    previews = [filled(one.get(name)) for one in urls for name in ("title", "description")]
    card = "\n".join(dict.fromkeys(one for one in previews if one))
    links = (filled(one.get("unwound_url")) or filled(one.get("expanded_url")) for one in urls)
    return card or None, tuple(dict.fromkeys(one for one in links if one))


def _media(entry: Json, held: Includes) -> Iterator[MediaRecord]:
    for key in words(mapping(entry, "attachments").get("media_keys")):
        one = mapping(held.media.get(key))
        kind = filled(one.get("type")) or "media"
        duration = count(one.get("duration_ms"))
        offered = held.described and kind in DESCRIBED
        yield MediaRecord(
            type="image" if kind == "photo" else kind,
            url=filled(one.get("url")) or filled(one.get("preview_image_url")),
            alt_text=text(one.get("alt_text")) or ("" if offered else None),
            width=count(one.get("width")),
            height=count(one.get("height")),
            duration=None if duration is None else duration / 1000,
        )


def _poll(entry: Json, held: Includes) -> Iterator[str]:
    for key in words(mapping(entry, "attachments").get("poll_ids")):
        for option in objects(mapping(held.polls.get(key)).get("options")):
            if label := filled(option.get("label")):
                yield label
