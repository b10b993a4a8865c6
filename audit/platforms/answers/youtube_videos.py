"""Videos of YouTube as records, wherever an answer tells of them.

Source: https://developers.google.com/youtube/v3/docs/videos, ``/playlistItems``, ``/search``,
``/activities``
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from audit.model.record import MediaRecord, Metrics, PostRecord
from audit.platforms.answers.loose import count, filled, mapping, moment, text
from audit.platforms.answers.plain import addresses, hashtags

Json = Mapping[str, Any]

UNSEEN = frozenset({"Private video", "Deleted video"})
"""Titles that stand in a playlist for videos that nobody may see."""
PRIVATE = frozenset({"private", "privacyStatusUnspecified"})
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def video(entry: Json) -> PostRecord | None:
    """Map a video; ``None`` when only its owner sees it."""
    video_id = filled(entry.get("id"))
    if video_id is None or _hidden(entry):
        return None
    snippet, numbers = mapping(entry, "snippet"), mapping(entry, "statistics")
    return _post(
        video_id,
        snippet,
        account_id=filled(snippet.get("channelId")),
        # The time when it became public; one that is scheduled has its time of upload.
        created_at=moment(snippet.get("publishedAt")),
        content=mapping(entry, "contentDetails"),
        metrics=Metrics(
            likes=count(numbers.get("likeCount")),
            comments=count(numbers.get("commentCount")),
            views=count(numbers.get("viewCount")),
        ),
    )


def listed(entry: Json) -> PostRecord | None:
    """Map an entry of a playlist, whose own time is that of being put there."""
    snippet, content = mapping(entry, "snippet"), mapping(entry, "contentDetails")
    video_id = filled(content.get("videoId")) or filled(
        mapping(snippet, "resourceId").get("videoId")
    )
    if video_id is None or text(snippet.get("title")) in UNSEEN or _hidden(entry):
        return None
    return _post(
        video_id,
        snippet,
        account_id=filled(snippet.get("videoOwnerChannelId")) or filled(snippet.get("channelId")),
        created_at=moment(content.get("videoPublishedAt")),
        content={},
        metrics=Metrics(),
    )


def mentioned(entry: Json) -> PostRecord | None:
    """Map a video that a search found or that an activity tells of; the text may be cut off."""
    snippet = mapping(entry, "snippet")
    video_id = filled(mapping(entry, "id").get("videoId")) or filled(
        mapping(entry, "contentDetails", "upload").get("videoId")
    )
    if video_id is None:
        return None
    said = {name: unescape(text(snippet.get(name)) or "") for name in ("title", "description")}
    return _post(
        video_id,
        {**snippet, **said},
        account_id=filled(snippet.get("channelId")),
        created_at=moment(snippet.get("publishedAt")),
        content={},
        metrics=Metrics(),
    )


def _hidden(entry: Json) -> bool:
    """Whether only its owner sees a video: one that is private, or scheduled for later."""
    return text(mapping(entry, "status").get("privacyStatus")) in PRIVATE


def _post(
    video_id: str,
    snippet: Json,
    *,
    account_id: str | None,
    created_at: dt.datetime | None,
    content: Json,
    metrics: Metrics,
) -> PostRecord:
    title, about = text(snippet.get("title")), text(snippet.get("description")) or ""
    caption = content.get("caption")
    language = filled(snippet.get("defaultLanguage")) or filled(snippet.get("defaultAudioLanguage"))
    rating = mapping(content, "contentRating").get("ytRating")
    return PostRecord(
        platform="youtube",
        post_id=video_id,
        account_id=account_id,
        text=about,
        title=title,
        permalink=f"https://www.youtube.com/watch?v={video_id}",
        created_at=created_at,
        language=language,
        sensitive=rating == "ytAgeRestricted" if content else None,
        media=(
            MediaRecord(
                type="video",
                # A text of either word, not a truth value.
                has_captions={"true": True, "false": False}.get(str(caption).lower()),
                duration=_seconds(content.get("duration")),
            ),
        ),
        links=addresses(about),
        hashtags=hashtags(title, about),
        metrics=metrics,
    )


def _seconds(value: object) -> float | None:
    found = DURATION.fullmatch(value) if isinstance(value, str) and len(value) < 40 else None
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (float(one or 0) for one in found.groups())
    # Of what is broadcast or about to be, YouTube says P0D.
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds or None
