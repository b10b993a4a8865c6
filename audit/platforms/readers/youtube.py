"""What is asked of YouTube about one channel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audit.client import Client
from audit.errors import FetchError
from audit.model.item import Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    Gone,
    NextPage,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.youtube import REASONS, read, uploads
from audit.platforms.base import Target
from audit.response import Response

ROOT = "https://youtube.googleapis.com/youtube/v3/"
PAGE = 50
COMMENT_PAGE = 100
MAX_PAGES = 100
BATCH = 50
MAX_FAILURES = 3
"""Videos whose comments may fail before the rest is left for the next night."""
NO_LIST = REASONS["playlistNotFound"][1]
GONE = {REASONS[name][1] for name in ("videoNotFound", "commentNotFound")}
CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
OAUTH = "ya29."
"""How a user's token begins; everything else is a key."""


class Reader:
    """The calls about one channel."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.target, self.client = target, client
        self.channel, self.playlist = "", ""
        self.stopped: GapRecord | None = None
        self.headers = (
            {"Authorization": f"Bearer {token}"}
            if token.startswith(OAUTH)
            else {"X-Goog-Api-Key": token}
        )

    def ask(self, call: str, **params: str | int) -> Response:
        """Make one call, which costs one unit."""
        return self.client.get(ROOT + call, params, self.headers)

    def records(self, facet: Facet, call: str, **params: str | int) -> Iterator[Record]:
        """Ask and map; what goes wrong becomes a gap of ``facet``."""
        if self.stopped:
            yield replace(self.stopped, facet=facet)
            return
        try:
            answer = self.ask(call, **params)
        except FetchError as error:
            yield gaps.failed(error, facet)
            return
        if call == "channels":
            self.playlist = uploads(answer) or ""
        records = read(answer, self.channel or None, plain="textFormat" in params)
        for record in gaps.asked_for(records, facet):
            if isinstance(record, GapRecord) and record.kind is GapKind.RATE_LIMITED:
                self.stopped = record
            yield record

    def pages(self, facet: Facet, call: str, **params: str | int) -> Iterator[Record]:
        """Follow a list; a ``NextPage`` between two pages lets the caller stop."""
        token, seen = "", {""}
        for _ in range(MAX_PAGES):
            asked, token = token, ""
            further = {"pageToken": asked} if asked else {}
            for record in self.records(facet, call, **params, **further):
                if isinstance(record, NextPage):
                    token = record.cursor
                else:
                    yield record
                if isinstance(record, GapRecord):
                    return
            if not token:
                return
            if token in seen:
                yield gaps.repeated(facet)
                return
            seen.add(token)
            yield NextPage(cursor=token)
        yield GapRecord(
            facet=facet, kind=GapKind.BROKEN, reason=f"the list goes on after {MAX_PAGES} pages"
        )

    def profile(self) -> Iterator[Record]:
        """Find the channel, and the list of its uploads."""
        handle = self.target.account.handle.removeprefix("@")
        known = handle if CHANNEL.fullmatch(handle) else self.target.platform_id
        found = self.described({"id": known} if known else {"forHandle": f"@{handle}"})
        if isinstance(found, ProfileRecord):
            self.channel = found.account_id or ""
        elif known and found.kind is GapKind.NOT_FOUND:
            found = self.lost(known, handle, found)
        yield found

    def described(self, which: dict[str, str]) -> ProfileRecord | GapRecord:
        """Ask for a channel; one that does not exist is left out of the answer."""
        part = "snippet,contentDetails,statistics,status,brandingSettings"
        for record in self.records(Facet.PROFILE, "channels", part=part, **which):
            if isinstance(record, ProfileRecord | GapRecord):
                return record
        reason = "YouTube knows no such channel"
        return GapRecord(facet=Facet.PROFILE, kind=GapKind.NOT_FOUND, reason=reason)

    def lost(self, channel: str, handle: str, gap: GapRecord) -> GapRecord:
        """Say why a channel that was there is not found: other calls know more."""
        for record in self.records(
            Facet.PROFILE, "playlists", channelId=channel, part="id", maxResults=1
        ):
            if isinstance(record, GapRecord) and record.account_state:
                return record
        if handle != channel and isinstance(
            self.described({"forHandle": f"@{handle}"}), ProfileRecord
        ):
            return next(gaps.replaced((Facet.PROFILE,)))
        return gap

    def videos(self) -> Iterator[Record]:
        """Find the ids among the uploads, then ask for the videos themselves."""
        ids = []
        for listed in self.uploaded():
            if isinstance(listed, PostRecord):
                ids.append(listed.post_id)
            else:
                yield listed
        for record in self.lookup(Facet.POSTS, ids):
            when = record.created_at if isinstance(record, PostRecord) else None
            # What is gone between the two calls was never there for us.
            if not isinstance(record, Gone) and (when is None or self.target.window.holds(when)):
                yield record

    def uploaded(self) -> Iterator[Record]:
        """Yield what the list of uploads has of the window, and gaps."""
        start, old, first = self.target.window.start, list[bool](), True
        if not self.playlist:
            reason = "the channel names no uploads"
            yield GapRecord(facet=Facet.POSTS, kind=GapKind.BROKEN, reason=reason)
            return
        for record in self.pages(
            Facet.POSTS,
            "playlistItems",
            playlistId=self.playlist,
            part="snippet,contentDetails,status",
            maxResults=PAGE,
        ):
            if isinstance(record, PostRecord):
                old.append(record.created_at is not None and record.created_at < start)
                if not old[-1]:
                    yield record
            elif isinstance(record, NextPage):
                if old and all(old):
                    return
                old, first = [], False
            # A channel that has published nothing may have no such playlist.
            elif isinstance(record, GapRecord) and not (first and record.reason == NO_LIST):
                yield record

    def comments(self, videos: Sequence[PostRecord]) -> Iterator[Record]:
        """Read what others wrote under ``videos``."""
        failures = 0
        for video in videos:
            if video.metrics.comments == 0:
                continue
            for record in self.under(video):
                yield record
                if isinstance(record, GapRecord):
                    failures = MAX_FAILURES if self.stopped else failures + 1
            if failures >= MAX_FAILURES:
                return

    def under(self, video: PostRecord) -> Iterator[Record]:
        """Read the threads of a video; where answers are missing, all answers of the thread."""
        tops: dict[str, int] = {}
        came: dict[str, int] = {}
        for record in self.pages(
            Facet.COMMENTS,
            "commentThreads",
            videoId=video.post_id,
            part="snippet,replies",
            order="time",
            textFormat="plainText",
            maxResults=COMMENT_PAGE,
        ):
            if isinstance(record, CommentRecord):
                if record.parent_id is None:
                    tops[record.comment_id] = record.replies_count or 0
                else:
                    came[record.parent_id] = came.get(record.parent_id, 0) + 1
                yield from self.placed(record, video)
            # A video that went away since the list was read is no gap.
            elif isinstance(record, GapRecord) and record.reason not in GONE:
                yield record
                return
        for top, wanted in tops.items():
            if came.get(top, 0) >= wanted:
                continue
            for record in self.pages(
                Facet.COMMENTS,
                "comments",
                parentId=top,
                part="snippet",
                textFormat="plainText",
                maxResults=COMMENT_PAGE,
            ):
                if isinstance(record, CommentRecord):
                    yield from self.placed(record, video)
                elif isinstance(record, GapRecord) and record.reason not in GONE:
                    yield record
                    return

    def placed(self, comment: CommentRecord, video: PostRecord) -> Iterator[CommentRecord]:
        """Give a comment its video, which answers do not name, if it is of the window."""
        when = comment.created_at
        if when is None or self.target.window.holds(when):
            address = f"{video.permalink}&lc={comment.comment_id}"
            yield replace(comment, post_id=video.post_id, permalink=address)

    def lookup(self, facet: Facet, ids: Sequence[str]) -> Iterator[Record]:
        """Ask for ids; what is absent from the answer is gone."""
        if facet is Facet.POSTS:
            call, params = "videos", {"part": "snippet,contentDetails,statistics,status"}
        else:
            call, params = "comments", {"part": "snippet", "textFormat": "plainText"}
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            met = set()
            for record in self.records(facet, call, id=",".join(batch), **params):
                if isinstance(record, GapRecord):
                    yield record
                    return
                if isinstance(record, PostRecord):
                    met.add(record.post_id)
                    yield record
                elif isinstance(record, CommentRecord):
                    met.add(record.comment_id)
                    yield record
            yield from (
                Gone(record_id=one, reason="deleted or private") for one in batch if one not in met
            )
