"""Answers of AT Protocol services as records.

Whose account it is: ``account`` when the caller knows, else a thread belongs to whoever wrote
its first post. What others wrote in it are comments; so are, in a bare thread, the account's
own answers (``author`` is then "account").

Lexicons: https://github.com/bluesky-social/atproto/tree/main/lexicons
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from audit.model.item import Facet, GapKind
from audit.model.life import AccountState
from audit.model.record import (
    GapRecord,
    NextPage,
    NoRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.bluesky_posts import owner, post, post_of_repost
from audit.platforms.answers.bluesky_threads import account_of, post_or_comment, thread
from audit.platforms.answers.loose import count, filled, mapping, moment, objects, text
from audit.response import Response

Json = Mapping[str, Any]

ERRORS = {
    "AccountDeactivated": (GapKind.NOT_FOUND, "the account is deactivated"),
    "AccountTakedown": (GapKind.NOT_FOUND, "the service took the account down"),
    "RepoDeactivated": (GapKind.NOT_FOUND, "the account is deactivated"),
    "RepoTakendown": (GapKind.NOT_FOUND, "the service took the account down"),
    "RepoSuspended": (GapKind.NOT_FOUND, "the service suspended the account"),
    "RepoNotFound": (GapKind.NOT_FOUND, "no such account"),
    "HandleNotFound": (GapKind.NOT_FOUND, "no account has this handle"),
    "NotFound": (GapKind.NOT_FOUND, "the post is gone"),
    "RecordNotFound": (GapKind.NOT_FOUND, "the record is gone"),
    "AuthMissing": (GapKind.DENIED, "the service answers only with a login"),
    "AuthenticationRequired": (GapKind.DENIED, "the service refused the login"),
    "InvalidToken": (GapKind.DENIED, "the service refused the token"),
    "ExpiredToken": (GapKind.DENIED, "the token has expired"),
    "BlockedActor": (GapKind.DENIED, "blocked"),
    "BlockedByActor": (GapKind.DENIED, "blocked"),
    "RateLimitExceeded": (GapKind.RATE_LIMITED, "too many calls"),
}
STATES = {
    "AccountDeactivated": AccountState.DEACTIVATED,
    "AccountTakedown": AccountState.SUSPENDED,
    "RepoDeactivated": AccountState.DEACTIVATED,
    "RepoTakendown": AccountState.SUSPENDED,
    "RepoSuspended": AccountState.SUSPENDED,
}
"""What an error says about the account itself; that it is not found says no reason.
Source: https://atproto.com/specs/account, and what a network of our own answered."""
ABSENCE = "no such account, or it is deactivated"
ABSENT = re.compile(r"not found|could not find|unable to resolve", re.IGNORECASE)
"""Messages under the name ``InvalidRequest`` that mean a missing account."""
FACETS = {
    "app.bsky.actor.getProfile": Facet.PROFILE,
    "app.bsky.feed.getAuthorFeed": Facet.POSTS,
    "app.bsky.feed.getPosts": Facet.POSTS,
    "com.atproto.repo.listRecords": Facet.POSTS,
    "app.bsky.feed.getPostThread": Facet.COMMENTS,
}
UNLOCATED = re.compile(r"could not locate record", re.IGNORECASE)
"""What a missing record was called before it had a name of its own."""
PROFILE_FIELDS = {"associated", "followersCount", "displayName", "description", "viewer", "labels"}
LOGIN_FIELDS = {"accessJwt", "refreshJwt", "email", "emailConfirmed"}
"""What only its owner is told of an account."""
ADDRESS = re.compile(r"https?://[^\s<>()\"']+")


def read(response: Response, account: str | None = None) -> Iterator[Record]:
    """Map one answer; ``account`` is the DID of the audited account where it is known."""
    facet = FACETS.get((response.url or "").rpartition("/")[2])
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        yield gaps.unreadable(response, "JSON of an AT Protocol service", facet)
        return
    if "error" in body or response.status >= 400:
        yield _error(response, body, facet)
        return
    found = list(_records(body, account))
    yield from found
    cursor = filled(body.get("cursor"))
    if cursor:
        yield NextPage(cursor=cursor)
    elif not found:
        yield NoRecord(what=_what(body))


def _records(body: Json, account: str | None) -> Iterator[Record]:
    for name, mapped in SHAPES.items():
        if name in body:
            yield from mapped(body, account)
            return
    if "value" in body and "uri" in body:
        yield from _stored(body)
    elif "did" in body and PROFILE_FIELDS & set(body) and not LOGIN_FIELDS & set(body):
        yield _profile(body)


def _what(body: Json) -> str:
    if LOGIN_FIELDS & set(body):
        return "a session"
    if "didDoc" in body:
        return "a description of a repository"
    if set(body) == {"did"}:
        return "an identity"
    if any(body.get(name) == [] for name in ("feed", "posts", "records", "profiles")):
        return "an empty list"
    return gaps.NOTHING


def _feed(body: Json, _: str | None) -> Iterator[Record]:
    for item in objects(body["feed"]):
        view, reason = mapping(item.get("post")), mapping(item.get("reason"))
        repost = (text(reason.get("$type")) or "").endswith("#reasonRepost")
        record = post_of_repost(view, reason) if repost else post(view)
        if record:
            yield record


def _posts(body: Json, account: str | None) -> Iterator[Record]:
    views = list(objects(body["posts"]))
    # A list of quotes names the post that is quoted.
    quoted = filled(body.get("uri"))
    account = account or (owner({"uri": quoted}) if quoted else account_of(views))
    for view in views:
        yield from post_or_comment(view, account)


def _repository(body: Json, _: str | None) -> Iterator[Record]:
    for entry in objects(body["records"]):
        yield from _stored(entry)


def _profiles(body: Json, _: str | None) -> Iterator[Record]:
    yield from (_profile(one) for one in objects(body["profiles"]))


def _stored(entry: Json) -> Iterator[Record]:
    """Map a record straight from a repository: no counts, no labels of moderators."""
    uri, value = filled(entry.get("uri")) or "", mapping(entry, "value")
    did, _, collection = uri.removeprefix("at://").rpartition("/")[0].partition("/")
    view = {"uri": uri, "author": {"did": did}, "record": value}
    record: Record | None = None
    if collection == "app.bsky.feed.post":
        record = post(view)
    elif collection == "app.bsky.feed.repost":
        reason = {"uri": uri, "by": {"did": did}, "indexedAt": value.get("createdAt")}
        record = post_of_repost({"uri": mapping(value, "subject").get("uri")}, reason)
    elif collection == "app.bsky.actor.profile":
        record = _profile({**value, "did": did})
    if record:
        yield record


def _profile(body: Json) -> ProfileRecord:
    bio = text(body.get("description"))
    state = mapping(body, "verification")
    return ProfileRecord(
        platform="bluesky",
        account_id=filled(body.get("did")),
        handle=filled(body.get("handle")),
        display_name=text(body.get("displayName")),
        bio=bio,
        url=filled(body.get("website")),
        # No field holds them; the app turns addresses in the description into links.
        links=tuple(one.rstrip(".,;:!?") for one in ADDRESS.findall(bio or "")),
        avatar_url=filled(body.get("avatar")),
        followers=count(body.get("followersCount")),
        following=count(body.get("followsCount")),
        posts_count=count(body.get("postsCount")),
        verified="valid" in (state.get("verifiedStatus"), state.get("trustedVerifierStatus"))
        if state
        else None,
        created_at=moment(body.get("createdAt")),
    )


SHAPES: dict[str, Callable[[Json, str | None], Iterator[Record]]] = {
    "feed": _feed,
    "thread": thread,
    "posts": _posts,
    "records": _repository,
    "profiles": _profiles,
}
"""What answers hold, by the field that tells them apart."""


def _error(response: Response, body: Json, facet: Facet | None) -> GapRecord:
    # The message may name a person's address, so only the name of the error is passed on.
    name = text(body.get("error")) or "no name"
    kind, reason = ERRORS.get(name, (None, ""))
    if name == "InvalidRequest" and UNLOCATED.search(str(body.get("message"))):
        kind, reason = ERRORS["RecordNotFound"]
    if kind is None and name == "InvalidRequest" and ABSENT.search(str(body.get("message"))):
        kind, reason = GapKind.NOT_FOUND, ABSENCE
    if kind is None:
        name = name if re.fullmatch(r"\w{1,60}", name) else "an error"
        return gaps.by_status(response, f"the service answered {name}", facet)
    return replace(gaps.gap(response, kind, reason, facet), account_state=STATES.get(name))
