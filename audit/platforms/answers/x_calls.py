"""What is asked of the X API: fields under their two sets of names, and searches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.response import Response

MAX_QUERY = 512
"""Characters of a search, as the pages say; the specification has 4,096."""

_MEDIA = "alt_text,type,url,preview_image_url,duration_ms,width,height"
_USER = "description,public_metrics,protected,verified,verified_type,created_at,url,entities"
_POST = "created_at,lang,possibly_sensitive,public_metrics,entities,conversation_id,attachments"
_EXPANDED = "author_id,attachments.media_keys,attachments.poll_ids"
# Every expansion is billed: versions of a post are not asked for, their ids come all the same.
NEWER = {
    "user": {"user.fields": f"{_USER},profile_image_url"},
    "post": {
        "post.fields": f"{_POST},edit_controls,note_post",
        "expansions": f"{_EXPANDED},referenced_posts",
        "media.fields": _MEDIA,
    },
}
OLDER = {
    "user": NEWER["user"],
    "post": {
        "tweet.fields": f"{_POST},edit_controls,note_tweet,author_id,in_reply_to_user_id,"
        "referenced_tweets",
        "expansions": f"{_EXPANDED},referenced_tweets.id",
        "media.fields": _MEDIA,
    },
}


def full(answer: Response) -> bool:
    """Whether the server knew the names of the fields."""
    if answer.status != 200:
        return False
    try:
        data = answer.json().get("data")
    except (ValueError, AttributeError):
        return True
    first = data[0] if isinstance(data, list) and data else data
    return not isinstance(first, dict) or "created_at" in first


def searches(parts: Sequence[str], rest: str) -> Iterator[str]:
    """Yield searches for any of ``parts`` that are as long as they may be."""
    held: list[str] = []
    for part in parts:
        if held and len(" OR ".join([*held, part])) + len(rest) + 2 > MAX_QUERY:
            yield f"({' OR '.join(held)}){rest}"
            held = []
        held.append(part)
    if held:
        yield f"({' OR '.join(held)}){rest}"
