"""Answers of the YouTube Data API as records.

What an item is, its ``kind`` says. Whose account it is: ``account`` when the caller knows, else
the channel that the comment itself names as the one it was written on.

Source: https://developers.google.com/youtube/v3/docs
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from audit.model.item import Facet, GapKind
from audit.model.life import AccountState
from audit.model.record import (
    MediaRecord,
    Metrics,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.loose import count, filled, mapping, moment, objects, text
from audit.platforms.answers.plain import addresses, hashtags
from audit.platforms.answers.youtube_comments import comment, thread
from audit.response import Response

Json = Mapping[str, Any]

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Where the day of a quota ends.
Source: https://developers.google.com/youtube/v3/determine_quota_cost"""
FACETS = {
    "channels": Facet.PROFILE,
    "playlistItems": Facet.POSTS,
    "videos": Facet.POSTS,
    "commentThreads": Facet.COMMENTS,
    "comments": Facet.COMMENTS,
}
DAILY = frozenset({"quotaExceeded", "dailyLimitExceeded"})
OFF = "commentsDisabled"
REASONS = {
    "quotaExceeded": (GapKind.RATE_LIMITED, "the day's quota is used up"),
    "dailyLimitExceeded": (GapKind.RATE_LIMITED, "the day's quota is used up"),
    "rateLimitExceeded": (GapKind.RATE_LIMITED, "too many calls"),
    "userRateLimitExceeded": (GapKind.RATE_LIMITED, "too many calls"),
    "keyInvalid": (GapKind.DENIED, "the API key is not valid"),
    "API_KEY_INVALID": (GapKind.DENIED, "the API key is not valid"),
    "keyExpired": (GapKind.DENIED, "the API key has expired"),
    "accessNotConfigured": (GapKind.DENIED, "the API is not switched on for this key"),
    "ipRefererBlocked": (GapKind.DENIED, "the key may not be used from here"),
    "authError": (GapKind.DENIED, "YouTube refused the credential"),
    "required": (GapKind.DENIED, "YouTube answers only with a credential"),
    "insufficientPermissions": (GapKind.DENIED, "the credential does not reach as far"),
    "forbidden": (GapKind.DENIED, "YouTube does not allow it"),
    "channelClosed": (GapKind.NOT_FOUND, "the channel is closed"),
    "channelSuspended": (GapKind.NOT_FOUND, "the channel is suspended"),
    "channelNotFound": (GapKind.NOT_FOUND, "no such channel"),
    "playlistNotFound": (GapKind.NOT_FOUND, "no such playlist"),
    "videoNotFound": (GapKind.NOT_FOUND, "the video is deleted or private"),
    "commentNotFound": (GapKind.NOT_FOUND, "the comment is deleted"),
    "invalid_grant": (GapKind.DENIED, "the login has expired or was taken back"),
}
"""Source: https://developers.google.com/youtube/v3/docs/errors"""
STATES = {
    "channelClosed": AccountState.DELETED,
    "channelSuspended": AccountState.SUSPENDED,
}
"""Source: https://developers.google.com/youtube/v3/docs/playlists/list#errors"""
UNSEEN = frozenset({"Private video", "Deleted video"})
"""Titles that stand in a playlist for videos that nobody may see."""
KINDS = frozenset({"youtube#playlistItem", "youtube#video", "youtube#commentThread"})
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def read(response: Response, account: str | None = None, plain: bool = False) -> Iterator[Record]:
    """Map one answer.

    Args:
        response: an answer of any call.
        account: the id of the audited channel, where it is known.
        plain: comments were asked for as plain text.
    """
    facet = FACETS.get((response.url or "").rpartition("/")[2])
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        yield gaps.unreadable(response, "JSON of the YouTube Data API", facet)
        return
    if response.status >= 400 or "error" in body:
        yield _error(response, body, facet)
        return
    found = list(_records(body, account, plain))
    token = filled(body.get("nextPageToken"))
    if token:
        found.append(NextPage(cursor=token))
    yield from found or [NoRecord(what=_what(body))]


def uploads(response: Response) -> str | None:
    """Return the playlist in which a channel's videos are."""
    try:
        body = mapping(response.json())
    except ValueError:
        return None
    channel = next(objects(body.get("items")), {})
    return filled(mapping(channel, "contentDetails", "relatedPlaylists").get("uploads"))


def _records(body: Json, account: str | None, plain: bool) -> Iterator[Record]:
    for one in objects(body.get("items")):
        kind = (text(one.get("kind")) or "").removeprefix("youtube#")
        record: Record | None = None
        if kind == "commentThread":
            yield from thread(one, account, plain)
        elif kind == "comment":
            record = comment(one, account, plain)
        elif kind == "video":
            record = _video(one)
        elif kind == "playlistItem":
            record = _listed(one)
        elif kind == "channel":
            record = _channel(one)
        if record:
            yield record


def _what(body: Json) -> str:
    if "access_token" in body:
        return "a token"
    if body.get("items") == []:
        return "an empty list"
    kind = (text(body.get("kind")) or "").removeprefix("youtube#").removesuffix("ListResponse")
    if any(text(one.get("kind")) in KINDS for one in objects(body.get("items"))):
        return "entries that nobody may see"
    # Of what it does not find YouTube leaves the list out.
    empty = "an empty list" if "pageInfo" in body else gaps.NOTHING
    return {"caption": "a list of captions"}.get(kind, empty)


def _video(entry: Json) -> PostRecord | None:
    video_id = filled(entry.get("id"))
    if video_id is None:
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


def _listed(entry: Json) -> PostRecord | None:
    """Map an entry of a playlist, whose own time is that of being put there."""
    snippet, content = mapping(entry, "snippet"), mapping(entry, "contentDetails")
    video_id = filled(content.get("videoId")) or filled(
        mapping(snippet, "resourceId").get("videoId")
    )
    if video_id is None or snippet.get("title") in UNSEEN:
        return None
    return _post(
        video_id,
        snippet,
        account_id=filled(snippet.get("videoOwnerChannelId")) or filled(snippet.get("channelId")),
        created_at=moment(content.get("videoPublishedAt")),
        content={},
        metrics=Metrics(),
    )


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
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _channel(entry: Json) -> ProfileRecord | None:
    channel_id = filled(entry.get("id"))
    if channel_id is None:
        return None
    snippet, numbers = mapping(entry, "snippet"), mapping(entry, "statistics")
    picture = mapping(snippet, "thumbnails")
    bio = text(snippet.get("description"))
    privacy = filled(mapping(entry, "status").get("privacyStatus"))
    hidden = numbers.get("hiddenSubscriberCount") is True
    return ProfileRecord(
        platform="youtube",
        account_id=channel_id,
        handle=(filled(snippet.get("customUrl")) or "").removeprefix("@") or None,
        display_name=text(snippet.get("title")),
        bio=bio,
        # Links of the channel's page are not in the API.
        links=addresses(bio),
        avatar_url=next(
            (
                url
                for one in ("high", "medium", "default")
                if (url := filled(mapping(picture, one).get("url")))
            ),
            None,
        ),
        followers=None if hidden else count(numbers.get("subscriberCount")),
        posts_count=count(numbers.get("videoCount")),
        locked=None if privacy is None else privacy == "private",
        created_at=moment(snippet.get("publishedAt")),
        language=filled(snippet.get("defaultLanguage")),
    )


def _error(response: Response, body: Json, facet: Facet | None) -> Record:
    error = mapping(body, "error")
    named = [text(one.get("reason")) for one in objects(error.get("errors"))]
    named += [text(one.get("reason")) for one in objects(error.get("details"))]
    named += [text(body.get("error"))]
    if OFF in named:
        return NoRecord(what="comments that are turned off")
    # The general word "badRequest" may stand before the one that says more.
    reason = next((one for one in named if one in REASONS), None)
    if reason is None:
        known = next((one for one in named if one and re.fullmatch(r"\w{1,40}", one)), "an error")
        if error.get("status") == "PERMISSION_DENIED":
            return gaps.gap(response, *REASONS["forbidden"], facet)
        return gaps.by_status(response, f"YouTube answered {known}", facet)
    found = replace(gaps.gap(response, *REASONS[reason], facet), account_state=STATES.get(reason))
    return replace(found, retry_after=_midnight(response)) if reason in DAILY else found


def _midnight(response: Response) -> float | None:
    """Return the seconds from the answer to the end of the day in California."""
    try:
        answered = parsedate_to_datetime(response.headers.get("date", "")).astimezone(PACIFIC)
        day = answered.date() + dt.timedelta(days=1)
    except (TypeError, ValueError, OverflowError):
        return None
    end = dt.datetime.combine(day, dt.time(), PACIFIC).astimezone(dt.UTC)
    return (end - answered.astimezone(dt.UTC)).total_seconds()
