"""Answers of TikTok as records, of the Display API and of the Research API.

An answer always says ``error.code``, ``ok`` when all is well (``0`` in the first version), also
with HTTP 200. Ids of the Research API are JSON numbers above 2^53. ``create_time`` counts
seconds, while the cursor of the Display API counts milliseconds.

Sources: https://developers.tiktok.com/doc/tiktok-api-v2-video-object,
https://developers.tiktok.com/doc/research-api-specs-query-video-comments
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from audit.model.item import Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    MediaRecord,
    Metrics,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.loose import count, filled, identity, mapping, objects, text, words
from audit.platforms.answers.plain import addresses, hashtags
from audit.response import Response

Json = Mapping[str, Any]

FACETS = (
    ("/user/info", Facet.PROFILE),
    ("/comment/list", Facet.COMMENTS),
    ("/video/", Facet.POSTS),
)
CODES = {
    "access_token_invalid": (GapKind.DENIED, "the access token is invalid or has expired"),
    "scope_not_authorized": (GapKind.DENIED, "the account did not allow this"),
    "scope_permission_missed": (GapKind.DENIED, "the app lacks the scope for a field"),
    "rate_limit_exceeded": (GapKind.RATE_LIMITED, "too many calls"),
    "daily_quota_limit_exceeded": (GapKind.RATE_LIMITED, "the day's quota is used up"),
    "invalid_grant": (GapKind.DENIED, "the login has expired or was taken back"),
    "invalid_client": (GapKind.DENIED, "TikTok does not know the app"),
    "invalid_params": (GapKind.BROKEN, "TikTok does not understand the call"),
    "internal_error": (GapKind.BROKEN, "TikTok has an error of its own"),
    "timeout": (GapKind.BROKEN, "TikTok took too long"),
    "user_not_found": (GapKind.NOT_FOUND, "no such account"),
    "resource_not_found": (GapKind.NOT_FOUND, "deleted, private, or never there"),
}
"""Source: https://developers.tiktok.com/doc/tiktok-api-v2-error-handling"""
WELL = ("ok", "0", 0)
PROFILE = frozenset(
    {"open_id", "display_name", "bio_description", "follower_count", "is_verified", "username"}
)


def read(response: Response) -> Iterator[Record]:
    """Map one answer."""
    url = response.url or ""
    facet = next((facet for part, facet in FACETS if part in url), None)
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        yield gaps.unreadable(response, "JSON of TikTok", facet)
        return
    wrong = _error(response, body, facet)
    if wrong:
        yield wrong
        return
    data = mapping(body, "data")
    found = list(_records(data))
    cursor = identity(data.get("cursor"))
    if data.get("has_more") is True and cursor:
        found.append(NextPage(cursor=cursor))
    yield from found or [NoRecord(what=_what(body))]


def seconds(value: object) -> dt.datetime | None:
    """Return the time of a count of seconds."""
    number = count(value)
    if number is None or not 0 < number < 1 << 34:
        return None
    return dt.datetime.fromtimestamp(number, dt.UTC)


def _records(data: Json) -> Iterator[Record]:
    for one in objects(data.get("videos")):
        record = _video(one)
        if record:
            yield record
    for one in objects(data.get("comments")):
        answer = _comment(one)
        if answer:
            yield answer
    # The Display API has the account under "user", the Research API in "data" itself.
    user = mapping(data, "user") or data
    if PROFILE & set(user):
        yield _profile(user)


def _what(body: Json) -> str:
    if "access_token" in body or "access_token" in mapping(body, "data"):
        return "a token"
    data = mapping(body, "data")
    listed = any(data.get(name) == [] for name in ("videos", "comments"))
    return "an empty list" if listed or "has_more" in data else gaps.NOTHING


def _video(entry: Json) -> PostRecord | None:
    video_id = identity(entry.get("id"))
    if video_id is None:
        return None
    about = text(entry.get("video_description"))
    title = text(entry.get("title"))
    written = about if about is not None else title or ""
    named = words(entry.get("hashtag_names"))
    duration = count(entry.get("duration", entry.get("video_duration")))
    return PostRecord(
        platform="tiktok",
        post_id=video_id,
        account_id=None,
        text=written,
        # The title is the beginning of the description, unless it was given apart.
        title=None if not title or written.startswith(title.rstrip("….")) else title,
        permalink=_permalink(entry, video_id),
        created_at=seconds(entry.get("create_time")),
        media=(
            MediaRecord(
                type="video",
                width=count(entry.get("width")),
                height=count(entry.get("height")),
                duration=None if duration is None else float(duration),
            ),
        ),
        links=addresses(written),
        hashtags=hashtags(title, about) or named,
        metrics=Metrics(
            likes=count(entry.get("like_count")),
            comments=count(entry.get("comment_count")),
            shares=count(entry.get("share_count")),
            views=count(entry.get("view_count")),
            bookmarks=count(entry.get("favorites_count")),
        ),
    )


def _permalink(entry: Json, video_id: str) -> str | None:
    """Return the address for people, without what tells TikTok where it was shared."""
    try:
        parts = urlsplit(filled(entry.get("share_url")) or "")
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    name = filled(entry.get("username"))
    return f"https://www.tiktok.com/@{name}/video/{video_id}" if name else None


def _comment(entry: Json) -> CommentRecord | None:
    comment_id = identity(entry.get("id"))
    if comment_id is None:
        return None
    video, parent = identity(entry.get("video_id")), identity(entry.get("parent_comment_id"))
    return CommentRecord(
        platform="tiktok",
        comment_id=comment_id,
        post_id=video,
        parent_id=None if parent in (video, "0") else parent,
        text=text(entry.get("text")) or "",
        created_at=seconds(entry.get("create_time")),
        likes=count(entry.get("like_count")),
        replies_count=count(entry.get("reply_count")),
    )


def _profile(entry: Json) -> ProfileRecord:
    bio, verified = text(entry.get("bio_description")), entry.get("is_verified")
    return ProfileRecord(
        platform="tiktok",
        account_id=filled(entry.get("open_id")),
        handle=filled(entry.get("username")),
        display_name=text(entry.get("display_name")),
        bio=bio,
        links=addresses(bio),
        avatar_url=filled(entry.get("avatar_url")),
        followers=count(entry.get("follower_count")),
        following=count(entry.get("following_count")),
        posts_count=count(entry.get("video_count")),
        verified=verified if isinstance(verified, bool) else None,
    )


def _error(response: Response, body: Json, facet: Facet | None) -> GapRecord | None:
    error = mapping(body, "error")
    # Answers about tokens have the name of the error alone.
    code = error.get("code") if error else body.get("error")
    if code in WELL and not isinstance(code, bool) and response.status < 400:
        return None
    first = count(mapping(body, "data").get("error_code"))
    if code is None and first:  # of the first version, about tokens
        return gaps.by_status(response, f"TikTok answered {first}", facet)
    if code is None and response.status < 400 and ("data" in body or "access_token" in body):
        return None
    # The message may quote what was sent, so only what is known of the code is passed on.
    name = code if isinstance(code, str) and re.fullmatch(r"\w{1,60}", code) else "an error"
    if name in CODES:
        return gaps.gap(response, *CODES[name], facet)
    oauth = gaps.oauth(response, body, facet)
    if oauth:
        return oauth
    if code is None and response.status < 400:
        return gaps.gap(response, GapKind.BROKEN, "the answer is not one of TikTok", facet)
    return gaps.by_status(response, f"TikTok answered {name}", facet)
