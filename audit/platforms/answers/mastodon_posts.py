"""Statuses of Mastodon and its like as records.

Other software leaves fields out and uses ids that are no numbers; nothing here counts on more
than an id. Source: https://docs.joinmastodon.org/entities/Status/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from audit.model.record import CommentRecord, MediaRecord, Metrics, PostRecord
from audit.platforms.answers.loose import count, filled, identity, mapping, moment, objects, text
from audit.platforms.answers.markup import Markup, read_markup
from audit.platforms.answers.plain import hashtags

Json = Mapping[str, Any]

MESSAGE = "direct"
"""How visible a status is that only those see whom it names: a login may bring such ones along.
Source: https://docs.joinmastodon.org/entities/Status/#visibility"""
KINDS = {"image": "image", "gifv": "animated_gif", "video": "video", "audio": "audio"}


def post(status: Json) -> PostRecord | None:
    """Map a status of the account; ``None`` when it has no id, or is a message to somebody."""
    status_id = identity(status.get("id"))
    if status_id is None or status.get("visibility") == MESSAGE:
        return None
    passed_on = mapping(status, "reblog")
    if passed_on:
        return _boost(status, status_id, passed_on)
    written = _written(status)
    card = mapping(status, "card")
    preview = [filled(card.get(name)) for name in ("title", "description")]
    answered, quoted = identity(status.get("in_reply_to_id")), _quoted(status)
    # What is answered may be unknown to the server, whom is answered stays.
    reply = answered or identity(status.get("in_reply_to_account_id"))
    return PostRecord(
        platform="mastodon",
        post_id=status_id,
        account_id=identity(mapping(status, "account").get("id")),
        text=written.text,
        text_html=filled(status.get("content")),
        permalink=filled(status.get("url")) or filled(status.get("uri")),
        created_at=moment(status.get("created_at")),
        edited_at=moment(status.get("edited_at")),
        language=filled(status.get("language")),
        sensitive=flag if isinstance(flag := status.get("sensitive"), bool) else None,
        content_warning=filled(status.get("spoiler_text")),
        # A quote that was deleted or not allowed keeps its place, without what it was of.
        kind="reply" if reply else "quote" if mapping(status, "quote") else "original",
        in_reply_to_id=answered,
        quoted_id=quoted,
        media=tuple(_media(status)),
        links=_links(status, written),
        hashtags=_hashtags(status, written),
        card="\n".join(one for one in preview if one) or None,
        poll=tuple(
            title
            for one in objects(mapping(status, "poll").get("options"))
            if (title := filled(one.get("title")))
        ),
        metrics=Metrics(
            likes=count(status.get("favourites_count")),
            comments=count(status.get("replies_count")),
            shares=count(status.get("reblogs_count")),
            quotes=count(status.get("quotes_count")),
        ),
    )


def _boost(status: Json, status_id: str, passed_on: Json) -> PostRecord | None:
    """Map a boost: its own id and time, the words of the status that was passed on."""
    original = post({**passed_on, "reblog": None})
    if original is None:
        return None
    return replace(
        original,
        post_id=status_id,
        account_id=identity(mapping(status, "account").get("id")),
        permalink=None,
        created_at=moment(status.get("created_at")),
        edited_at=None,
        kind="repost",
        in_reply_to_id=None,
        quoted_id=original.post_id,
        metrics=Metrics(),
    )


def comment(status: Json, post_id: str | None, account: str | None) -> CommentRecord | None:
    """Map what hangs under a status; ``None`` when it has no id, or is a message to somebody."""
    status_id, author = identity(status.get("id")), mapping(status, "account")
    if status_id is None or status.get("visibility") == MESSAGE:
        return None
    parent = identity(status.get("in_reply_to_id"))
    return CommentRecord(
        platform="mastodon",
        comment_id=status_id,
        post_id=post_id or parent,
        parent_id=parent if post_id and parent != post_id else None,
        author="account" if account and identity(author.get("id")) == account else "public",
        author_id=identity(author.get("id")),
        author_name=filled(author.get("display_name")) or filled(author.get("acct")),
        text="\n".join(
            one for one in (filled(status.get("spoiler_text")), _written(status).text) if one
        ),
        created_at=moment(status.get("created_at")),
        edited_at=moment(status.get("edited_at")),
        likes=count(status.get("favourites_count")),
        replies_count=count(status.get("replies_count")),
        permalink=filled(status.get("url")) or filled(status.get("uri")),
    )


def _written(status: Json) -> Markup:
    return read_markup(text(status.get("content")) or "")


def _quoted(status: Json) -> str | None:
    quote = mapping(status, "quote")
    inner = mapping(quote, "quoted_status")
    # Other software puts the quoted status itself there.
    return identity(inner.get("id")) or identity(quote.get("quoted_status_id") or quote.get("id"))


def _links(status: Json, written: Markup) -> tuple[str, ...]:
    """Return the links but those by which the server shows people and hashtags."""
    named = {
        one.get("url")
        for name in ("mentions", "tags")
        for one in objects(status.get(name))
        if isinstance(one.get("url"), str)
    }
    card = filled(mapping(status, "card").get("url"))
    links = [one for one in written.links if one not in named and "/tags/" not in one]
    return tuple(dict.fromkeys([*links, card] if card else links))


def _hashtags(status: Json, written: Markup) -> tuple[str, ...]:
    """Return hashtags as they stand in the text; the server's list has them in lower case."""
    shown = {one.casefold(): one for one in hashtags(written.text)}
    listed = [filled(one.get("name")) for one in objects(status.get("tags"))]
    if not isinstance(status.get("tags"), list):
        return tuple(shown.values())
    return tuple(dict.fromkeys(shown.get(one.casefold(), one) for one in listed if one))


def _media(status: Json) -> Iterator[MediaRecord]:
    for one in objects(status.get("media_attachments")):
        original = mapping(one, "meta", "original")
        duration = original.get("duration")
        kind = filled(one.get("type")) or "unknown"
        yield MediaRecord(
            type=KINDS.get(kind, kind),
            url=filled(one.get("url")) or filled(one.get("remote_url")),
            # The field is always on offer; null is one that nobody filled.
            alt_text=text(one.get("description")) or ("" if "description" in one else None),
            width=count(original.get("width")),
            height=count(original.get("height")),
            duration=float(duration)
            if isinstance(duration, int | float) and not isinstance(duration, bool)
            else None,
        )
