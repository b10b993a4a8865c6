"""Entries of the feed that YouTube keeps of each channel, which needs no key.

``https://www.youtube.com/feeds/videos.xml?channel_id=UC...`` lists the channel's newest videos, 15
at most, in Atom with the elements of ``yt:`` and Media RSS (https://www.rssboard.org/media-rss).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from audit.model.record import MediaRecord, Metrics, PostRecord, ProfileRecord
from audit.platforms.answers.feed_entry import said
from audit.platforms.answers.loose import count, mapping
from audit.platforms.answers.plain import addresses, hashtags

Json = Mapping[str, Any]


def as_video(post: PostRecord, entry: Json) -> PostRecord:
    """Return an entry as the video that it is; another entry as it was.

    ``media:description`` is what stands below the video: its text, not an alternative text.
    ``updated`` also moves when only the counts do, so it tells of no edit. ``media:starRating``
    counts ratings of an abolished kind and is left alone.
    """
    if said(entry, "yt_videoid") is None:
        return post
    text = (said(entry, "summary") or "").strip()
    statistics = mapping(entry, "media_statistics")
    return replace(
        post,
        text=text,
        text_html=None,
        edited_at=None,
        media=(MediaRecord(type="video", url=post.permalink),),
        links=addresses(text),
        hashtags=hashtags(post.title, text),
        metrics=Metrics(views=count(statistics.get("views"))),
    )


def as_channel(profile: ProfileRecord, feed: Json) -> ProfileRecord:
    """Return the profile of a channel: the feed's link is its own page, no website of its owner."""
    return profile if said(feed, "yt_channelid") is None else replace(profile, url=None)
