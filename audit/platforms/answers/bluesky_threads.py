"""Threads of the AT Protocol: whose they are, and what others wrote in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.model.item import Facet, GapKind
from audit.model.record import CommentRecord, GapRecord, Record
from audit.platforms.answers.bluesky_posts import moment_of, owner, permalink, post
from audit.platforms.answers.loose import count, filled, mapping, objects, text
from audit.response import Response

Json = Mapping[str, Any]


def thread(body: Json, account: str | None) -> Iterator[Record]:
    """Map a post with what hangs on it."""
    if isinstance(body.get("thread"), list):
        yield from _flat(body["thread"], account)
        return
    top = mapping(body, "thread")
    view = mapping(top, "post")
    if not view:
        yield _unseen("blocked" in top)
        return
    account = account or _root_owner(view)
    yield from post_or_comment(view, account)
    gate = mapping(body, "threadgate", "record") or mapping(view, "threadgate", "record")
    for _, reply in _nodes(top):
        record = comment(reply, account, hidden=gate.get("hiddenReplies"))
        if record:
            yield record


def _flat(listed: list[Any], account: str | None) -> Iterator[Record]:
    """Map a thread that is given as a list, from the top down (``getPostThreadV2``)."""
    nodes = [(mapping(one, "value", "post"), one.get("depth")) for one in objects(listed)]
    anchor = next((view for view, depth in nodes if view and depth == 0), None)
    if anchor is None:
        blocked = any("Blocked" in str(mapping(one, "value").get("$type")) for one in listed)
        yield _unseen(blocked)
        return
    account = account or _root_owner(anchor)
    for view, depth in nodes:
        if view and isinstance(depth, int) and depth <= 0:
            yield from post_or_comment(view, account)
        elif view and (record := comment(view, account)):
            yield record


def _unseen(blocked: bool) -> GapRecord:
    return GapRecord(
        facet=Facet.COMMENTS,
        kind=GapKind.DENIED if blocked else GapKind.NOT_FOUND,
        reason="the post is blocked" if blocked else "the post is gone",
    )


def _nodes(top: Json) -> Iterator[tuple[Json, Json]]:
    """Yield nodes with their posts, oldest branch first; deleted and blocked ones have none."""
    waiting = list(objects(top.get("replies")))
    while waiting:
        node = waiting.pop()
        view = mapping(node, "post")
        if view:
            yield node, view
        waiting.extend(objects(node.get("replies")))


def cut_branches(response: Response) -> list[str]:
    """Return the posts of a thread whose answers the service left out."""
    body = mapping(response.json())
    return [
        str(view["uri"])
        for node, view in _nodes(mapping(body, "thread"))
        if count(view.get("replyCount")) and "replies" not in node and filled(view.get("uri"))
    ]


def comment(view: Json, account: str | None, hidden: object = None) -> CommentRecord | None:
    """Map a post in a thread of the account; ``None`` when it has no address."""
    uri, author = filled(view.get("uri")), mapping(view, "author")
    if not uri:
        return None
    record = mapping(view, "record")
    reply = mapping(record, "reply")
    parent = filled(mapping(reply, "parent").get("uri"))
    root = filled(mapping(reply, "root").get("uri"))
    # In a thread that somebody else began, the comment hangs on the account's own answer.
    answered = parent and account and owner({"uri": parent}) == account
    own_root = root and owner({"uri": root}) == account
    under = parent if answered and not own_root else root
    return CommentRecord(
        platform="bluesky",
        comment_id=uri,
        post_id=under,
        parent_id=None if parent == under else parent,
        author="account" if account and owner(view) == account else "public",
        author_id=owner(view),
        author_name=filled(author.get("displayName")) or filled(author.get("handle")),
        text=text(record.get("text")) or "",
        created_at=moment_of(view),
        likes=count(view.get("likeCount")),
        replies_count=count(view.get("replyCount")),
        hidden=uri in hidden if isinstance(hidden, list) else None,
        permalink=permalink(uri),
    )


def post_or_comment(view: Json, account: str | None) -> Iterator[Record]:
    """Map a post by who wrote it."""
    record = post(view) if owner(view) == account else comment(view, account)
    if record:
        yield record


def account_of(views: list[Json]) -> str | None:
    """Guess whose account a list of posts is about."""
    for view in views:
        if not mapping(view, "record", "reply"):
            return owner(view)
    return _root_owner(views[0]) if views else None


def _root_owner(view: Json) -> str | None:
    root = filled(mapping(view, "record", "reply", "root").get("uri"))
    return owner({"uri": root}) if root else owner(view)
