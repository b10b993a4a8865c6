"""Comments of YouTube as records.

``textDisplay`` is HTML unless ``textFormat=plainText`` was asked for; ``textOriginal`` comes only
for the author's own. Source: https://developers.google.com/youtube/v3/docs/comments
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from audit.model.record import CommentRecord
from audit.platforms.answers.loose import count, filled, identity, mapping, moment, objects, text
from audit.platforms.answers.markup import read_markup

Json = Mapping[str, Any]

HTML = re.compile(r"<(?:a|b|br|i|s|u)\b[^<>]*>|&(?:amp|lt|gt|quot|nbsp|#\d{1,5});")
"""What YouTube itself writes into a comment shown as HTML."""


def thread(entry: Json, account: str | None, plain: bool) -> Iterator[CommentRecord]:
    """Map a comment with the answers that came with it; those may be but some."""
    snippet = mapping(entry, "snippet")
    video = filled(snippet.get("videoId"))
    owner = account or filled(snippet.get("channelId"))
    top = comment(mapping(snippet, "topLevelComment"), owner, plain, video)
    if top is None:
        return
    below = count(snippet.get("totalReplyCount"))
    yield replace(top, replies_count=below)
    for one in objects(mapping(entry, "replies").get("comments")):
        answer = comment(one, owner, plain, video, top.comment_id)
        if answer:
            yield answer


def comment(
    entry: Json,
    account: str | None,
    plain: bool,
    video: str | None = None,
    parent: str | None = None,
) -> CommentRecord | None:
    """Map one comment; ``None`` when it has no id."""
    comment_id, snippet = filled(entry.get("id")), mapping(entry, "snippet")
    if comment_id is None:
        return None
    author = identity(mapping(snippet, "authorChannelId").get("value"))
    owner = account or filled(snippet.get("channelId"))
    video = filled(snippet.get("videoId")) or video
    written, changed = moment(snippet.get("publishedAt")), moment(snippet.get("updatedAt"))
    held = filled(snippet.get("moderationStatus"))
    return CommentRecord(
        platform="youtube",
        comment_id=comment_id,
        post_id=video,
        parent_id=filled(snippet.get("parentId")) or parent,
        author="account" if owner and author == owner else "public",
        author_id=author,
        author_name=filled(snippet.get("authorDisplayName")),
        text=_text(snippet, plain),
        created_at=written,
        edited_at=changed if changed and written and changed > written else None,
        likes=count(snippet.get("likeCount")),
        hidden=None if held is None else held != "published",
        permalink=f"https://www.youtube.com/watch?v={video}&lc={comment_id}" if video else None,
    )


def _text(snippet: Json, plain: bool) -> str:
    original = text(snippet.get("textOriginal"))
    shown = text(snippet.get("textDisplay")) or ""
    if original is not None:
        return original
    return read_markup(shown).text if not plain and HTML.search(shown) else shown
