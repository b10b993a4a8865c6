"""Answers of the Threads API as records.

A post and an answer to one have the same form; ``is_reply`` tells them apart. Counts are given
apart, as insights of one post at a time.

Reference: https://developers.facebook.com/docs/threads/threads-media
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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

KINDS = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio"}
SHOWN = {"NOT_HUSHED", "UNHUSHED"}
"""All other values of ``hide_status`` mean that readers do not see the answer, or not at once."""
OPTIONS = ("option_a", "option_b", "option_c", "option_d")
PAGE_FIELDS = {"username", "name", "threads_biography", "biography", "threads_profile_picture_url"}
OWN_ANSWERS = "/me/replies"
"""Ends the address of the account's own answers, wherever it gave them."""


BY_OTHERS = ("/conversation", "/keyword_search", "/mentions", "/pending_replies", "/replies")
"""End the addresses of what others wrote."""
THREAD = re.compile(r"/(\d+)/(conversation|replies)$")
ANSWER_FIELDS = {"hide_status", "is_reply_owned_by_me", "replied_to", "root_post"}
"""What only answers have."""


def read(response: Response, account: str | None = None) -> Iterator[Record]:
    """Map one answer; ``account`` is the id of the audited account where it is known."""
    url = response.url or ""
    own = url.endswith(OWN_ANSWERS)
    others = url.endswith(BY_OTHERS) and not own
    thread = THREAD.search(url)
    under = thread[1] if thread else None

    def records(entry: Json) -> Iterator[Record]:
        if {"media_type", "media_product_type", "timestamp", "is_reply"} & set(entry):
            record_id = identity(entry.get("id"))
            if record_id is None:
                return
            reply = entry.get("is_reply", bool(ANSWER_FIELDS & set(entry)))
            if others or (reply is True and not own):
                yield _comment(entry, record_id, account, under)
            else:
                yield _post(entry, record_id, account)
        elif PAGE_FIELDS & set(entry):
            yield _profile(entry)

    yield from read_body(response, records)


def _post(entry: Json, post_id: str, account: str | None) -> PostRecord:
    passed_on, quoted = (_reference(entry.get(name)) for name in ("reposted_post", "quoted_post"))
    repost = entry.get("media_type") == "REPOST_FACADE"
    answered, root = (_reference(entry.get(name)) for name in ("replied_to", "root_post"))
    kind = "original"
    if repost:
        kind = "repost"
    elif answered or entry.get("is_reply") is True:
        kind = "reply"
    elif quoted or entry.get("is_quote_post") is True:
        kind = "quote"
    # Of a repost, the words and pictures are those of the post that was passed on.
    shown = mapping(entry, "reposted_post") if repost else entry
    topic, words = filled(shown.get("topic_tag")), _text(shown)
    return PostRecord(
        platform="threads",
        post_id=post_id,
        account_id=identity(mapping(entry, "owner").get("id")) or account,
        text=words,
        permalink=address(entry.get("permalink")),
        created_at=moment(entry.get("timestamp")),
        sensitive=None if repost else _spoiler(entry),
        kind=kind,
        in_reply_to_id=answered,
        root_id=root,
        quoted_id=passed_on if repost else quoted,
        media=tuple(_media(shown)),
        links=tuple(dict.fromkeys([*_links(shown), *addresses(words)])),
        hashtags=tuple(dict.fromkeys([*([topic] if topic else []), *hashtags(words)])),
        poll=tuple(
            choice
            for name in OPTIONS
            if (choice := filled(mapping(shown, "poll_attachment").get(name)))
        ),
        # That there are answers is told, how many is not.
        metrics=Metrics(comments=0 if not repost and entry.get("has_replies") is False else None),
    )


def _comment(entry: Json, comment_id: str, account: str | None, under: str | None) -> CommentRecord:
    root, parent = (_reference(entry.get(name)) for name in ("root_post", "replied_to"))
    owner = identity(mapping(entry, "owner").get("id"))
    own = entry.get("is_reply_owned_by_me") is True or (owner is not None and owner == account)
    name = filled(entry.get("username"))
    status, code = filled(entry.get("hide_status")), filled(entry.get("shortcode"))
    return CommentRecord(
        platform="threads",
        comment_id=comment_id,
        post_id=root or under,
        parent_id=None if parent == (root or under) else parent,
        author="account" if own else "public",
        author_id=owner or name,
        author_name=name,
        text=_text(entry),
        created_at=moment(entry.get("timestamp")),
        hidden=None if status is None else status not in SHOWN,
        # The address that is given names the writer; this one leads to the same page.
        permalink=f"https://www.threads.com/t/{code}" if code else None,
    )


def _reference(value: object) -> str | None:
    return identity(value.get("id")) if isinstance(value, dict) else identity(value)


def _text(entry: Json) -> str:
    """Return the words with those of a long text that is attached to them."""
    longer = entry.get("text_attachment")
    attached = longer if isinstance(longer, str) else mapping(longer).get("plaintext")
    return "\n\n".join(filter(None, (filled(entry.get("text")), filled(attached))))


def _links(entry: Json) -> Iterator[str]:
    for holder in (entry, mapping(entry, "text_attachment")):
        link = address(holder.get("link_attachment_url"))
        if link:
            yield link


def _spoiler(entry: Json) -> bool | None:
    """Say whether something is covered until a reader asks for it: the nearest to a warning."""
    listed = mapping(entry, "text_entities").get("data", entry.get("text_entities"))
    if any(one.get("entity_type") == "SPOILER" for one in objects(listed)):
        return True
    covered = entry.get("is_spoiler_media")
    return covered if isinstance(covered, bool) else None


def _media(entry: Json) -> Iterator[MediaRecord]:
    inner = list(objects(mapping(entry, "children").get("data")))
    for one in inner or [entry]:
        kind = KINDS.get(text(one.get("media_type")) or "")
        if kind:
            url = address(one.get("media_url")) or address(one.get("thumbnail_url"))
            yield MediaRecord(type=kind, url=url, alt_text=text(one.get("alt_text")))
    animation = address(entry.get("gif_url"))
    if animation:
        yield MediaRecord(type="image", url=animation, alt_text=text(entry.get("alt_text")))


def _profile(entry: Json) -> ProfileRecord:
    verified = entry.get("is_verified")
    bio = text(entry.get("threads_biography"))
    return ProfileRecord(
        platform="threads",
        account_id=identity(entry.get("id")),
        handle=filled(entry.get("username")),
        display_name=text(entry.get("name")),
        bio=text(entry.get("biography")) if bio is None else bio,
        avatar_url=address(entry.get("threads_profile_picture_url"))
        or address(entry.get("profile_picture_url")),
        followers=count(entry.get("follower_count")),
        verified=verified if isinstance(verified, bool) else None,
    )
