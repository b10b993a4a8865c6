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
    NextPage,
    NoRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.loose import count, filled, mapping, moment, objects, text
from audit.platforms.answers.plain import addresses
from audit.platforms.answers.youtube_comments import comment, thread
from audit.platforms.answers.youtube_videos import listed, mentioned, video
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
    "RATE_LIMIT_EXCEEDED": (GapKind.RATE_LIMITED, "too many calls"),
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
VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
KINDS = frozenset({"youtube#playlistItem", "youtube#video", "youtube#commentThread"})


def read(response: Response, account: str | None = None, plain: bool = False) -> Iterator[Record]:
    """Map one answer.

    Args:
        response: an answer of any call.
        account: the id of the audited channel, where it is known.
        plain: comments were asked for as plain text.
    """
    facet = FACETS.get((response.url or "").rpartition("/")[2])
    if response.status == 304:
        yield NoRecord(what="no change")
        return
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
        kind = _kind(one)
        record: Record | None = None
        if kind == "commentThread":
            yield from thread(one, account, plain)
        elif kind == "comment":
            record = comment(one, account, plain)
        elif kind == "video":
            record = video(one)
        elif kind == "playlistItem":
            record = listed(one)
        elif kind in ("searchResult", "activity"):
            record = mentioned(one)
        elif kind == "channel":
            record = _channel(one)
        if record:
            yield record


def _kind(entry: Json) -> str:
    """Return what an item is; an answer that was asked for in part may not say so."""
    said = text(entry.get("kind"))
    if said is not None:
        return said.removeprefix("youtube#")
    snippet, content = mapping(entry, "snippet"), mapping(entry, "contentDetails")
    if "topLevelComment" in snippet:
        return "commentThread"
    if "textDisplay" in snippet or "textOriginal" in snippet:
        return "comment"
    if "resourceId" in snippet or "videoId" in content:
        return "playlistItem"
    if "relatedPlaylists" in content or "subscriberCount" in mapping(entry, "statistics"):
        return "channel"
    given = filled(entry.get("id")) or ""
    if CHANNEL.fullmatch(given):
        return "channel"
    return "video" if VIDEO.fullmatch(given) else ""


def _what(body: Json) -> str:
    if "access_token" in body:
        return "a token"
    if body.get("items") == []:
        return "an empty list"
    kind = (text(body.get("kind")) or "").removeprefix("youtube#").removesuffix("ListResponse")
    if any(text(one.get("kind")) in KINDS for one in objects(body.get("items"))):
        return "entries that nobody may see"
    # Of what it does not find YouTube leaves the list out.
    empty = "an empty list" if "pageInfo" in body and "items" not in body else gaps.NOTHING
    return {"caption": "a list of captions"}.get(kind, empty)


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
    if response.status == 0:  # a bare body tells the status as well
        response = replace(response, status=count(error.get("code")) or 0)
    named = [text(one.get("reason")) for one in objects(error.get("errors"))]
    named += [text(one.get("reason")) for one in objects(error.get("details"))]
    named += [text(body.get("error"))]
    if OFF in named:
        return NoRecord(what="comments that are turned off")
    # The general word "badRequest" may stand before the one that says more.
    reason = next((one for one in named if one in REASONS), None)
    if reason is None:
        oauth = gaps.oauth(response, body, facet)
        if oauth:
            return oauth
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
