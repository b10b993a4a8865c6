"""A post of the AT Protocol as a record: its times, texts, labels and what is attached.

Offsets in facets count UTF-8 bytes. Lexicons: app.bsky.feed.post, app.bsky.richtext.facet,
app.bsky.embed.*.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from audit.model.record import MediaRecord, Metrics, PostRecord
from audit.platforms.answers.loose import count, filled, mapping, moment, objects, text, words

Json = Mapping[str, Any]

CLOCK_SKEW = dt.timedelta(minutes=5)
SENSITIVE = frozenset(
    {"porn", "sexual", "nudity", "sexual-figurative", "graphic-media", "gore", "self-harm"}
    | {"intolerant", "corpse", "nsfl", "!warn", "!hide"}
)
"""Labels that put a post behind a warning. Source: bluesky-social/atproto, api/docs/labels.md."""
POSTS = "app.bsky.feed.post"


def owner(view: Json) -> str | None:
    """Return the DID of who wrote a post, from the view or from its address."""
    did = filled(mapping(view, "author").get("did"))
    return did or filled((text(view.get("uri")) or "").removeprefix("at://").partition("/")[0])


def permalink(uri: str) -> str | None:
    """Return the address of a post for people."""
    did, collection, key = (uri.removeprefix("at://").split("/") + ["", ""])[:3]
    return f"https://bsky.app/profile/{did}/post/{key}" if collection == POSTS and key else None


def moment_of(view: Json) -> dt.datetime | None:
    """Return when a post appeared.

    ``createdAt`` is whatever the author's program says. A post dated into the future appeared
    when the service saw it (``indexedAt``); taken at its word it would never be audited.
    """
    said = moment(mapping(view, "record").get("createdAt"))
    seen = moment(view.get("indexedAt"))
    if said is None or (seen is not None and said > seen + CLOCK_SKEW):
        return seen
    return said


def post(view: Json) -> PostRecord | None:
    """Map a post of the account; ``None`` when it has no address."""
    uri = filled(view.get("uri"))
    if not uri:
        return None
    record = mapping(view, "record")
    reply = mapping(record, "reply")
    written, shown = mapping(record, "embed"), mapping(view, "embed")
    quoted = _quoted(written or shown)
    external = mapping(written, "external") or mapping(written, "media", "external")
    languages = words(record.get("langs"))
    card = [text(external.get(name)) or "" for name in ("title", "description")]
    links = [*_features(record, "link", "uri"), filled(external.get("uri"))]
    return PostRecord(
        platform="bluesky",
        post_id=uri,
        account_id=owner(view),
        text=text(record.get("text")) or "",
        permalink=permalink(uri),
        created_at=moment_of(view),
        language=languages[0] if languages else None,
        sensitive=_sensitive(view, record),
        kind="reply" if reply else "quote" if quoted else "original",
        in_reply_to_id=filled(mapping(reply, "parent").get("uri")),
        root_id=filled(mapping(reply, "root").get("uri")),
        quoted_id=quoted,
        media=tuple(_media(written, shown)),
        links=tuple(dict.fromkeys(link for link in links if link)),
        hashtags=tuple(dict.fromkeys([*_hashtags(record), *words(record.get("tags"))])),
        card="\n".join(filter(None, card)) or None,
        metrics=Metrics(
            likes=count(view.get("likeCount")),
            comments=count(view.get("replyCount")),
            shares=count(view.get("repostCount")),
            quotes=count(view.get("quoteCount")),
            bookmarks=count(view.get("bookmarkCount")),
        ),
    )


def post_of_repost(view: Json, reason: Json) -> PostRecord | None:
    """Map a repost: its own address and time, the words of the post that was passed on.

    It has no page of its own, and its counts are those of somebody else's post.
    """
    passed_on = post(view)
    if passed_on is None:
        return None
    return replace(
        passed_on,
        post_id=filled(reason.get("uri")) or f"{passed_on.post_id}#repost",
        account_id=filled(mapping(reason, "by").get("did")),
        permalink=None,
        created_at=moment(reason.get("indexedAt")),
        kind="repost",
        in_reply_to_id=None,
        root_id=None,
        quoted_id=passed_on.post_id,
        metrics=Metrics(),
    )


def _sensitive(view: Json, record: Json) -> bool | None:
    labels = view.get("labels")
    values = {text(one.get("val")) for one in objects(labels) if not one.get("neg")}
    values |= {text(one.get("val")) for one in objects(mapping(record, "labels").get("values"))}
    if values & SENSITIVE:
        return True
    return False if isinstance(labels, list) else None


def _features(record: Json, kind: str, name: str) -> Iterator[str]:
    for facet in objects(record.get("facets")):
        for feature in objects(facet.get("features")):
            value = filled(feature.get(name))
            if value and str(feature.get("$type")).endswith(f"#{kind}"):
                yield value


def _hashtags(record: Json) -> Iterator[str]:
    """Yield hashtags as they stand in the text, not as the link behind them spells them."""
    written = (text(record.get("text")) or "").encode()
    for facet in objects(record.get("facets")):
        start, end = (count(mapping(facet, "index").get(f"byte{x}")) for x in ("Start", "End"))
        for tag in _features({"facets": [facet]}, "tag", "tag"):
            there = written[start:end].decode(errors="ignore").lstrip("#\N{FULLWIDTH NUMBER SIGN}")
            yield there if there.casefold() == tag.casefold() else tag


def _quoted(embed: Json) -> str | None:
    record = mapping(embed, "record")
    uri = filled(record.get("uri")) or filled(mapping(record, "record").get("uri"))
    # Lists, feeds and starter packs are embedded in the same way.
    return uri if uri and f"/{POSTS}/" in uri else None


def _media(written: Json, shown: Json) -> Iterator[MediaRecord]:
    """Yield what is attached, from the author's record, with addresses from the service's view."""
    written, shown = (mapping(one, "media") or one for one in (written, shown))
    for name in ("images", "items"):  # app.bsky.embed.images, app.bsky.embed.gallery
        views = list(objects(shown.get(name)))
        for number, image in enumerate(list(objects(written.get(name))) or views):
            view: Json = views[number] if number < len(views) else {}
            yield MediaRecord(
                type="image",
                url=filled(view.get("fullsize")),
                alt_text=text(image.get("alt")) or "",
                width=_side("width", image, view),
                height=_side("height", image, view),
            )
    if "video" in written or "playlist" in shown:
        silent = "gif" in (written.get("presentation"), shown.get("presentation"))
        yield MediaRecord(
            type="video",
            url=filled(shown.get("playlist")),
            alt_text=text(written.get("alt")) or text(shown.get("alt")) or "",
            # An animation without sound has nothing to caption.
            has_captions=None if silent or not written else bool(written.get("captions")),
            width=_side("width", written, shown),
            height=_side("height", written, shown),
        )


def _side(name: str, written: Json, shown: Json) -> int | None:
    ratio = mapping(written, "aspectRatio") or mapping(shown, "aspectRatio")
    return count(ratio.get(name))
