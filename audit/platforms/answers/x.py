"""Answers of the X API as records.

Whose account it is: ``account`` when the caller knows. What others wrote is a comment; without
``account``, what a search brought is (searches are for answers), and so are answers by several
people in one list.

Errors come in three shapes: a problem object (RFC 9457), ``{"errors": [...]}`` and HTML from
the edge. Source: https://docs.x.com/x-api/fundamentals/response-codes-and-errors
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from audit.model.item import Facet, GapKind
from audit.model.life import AccountState
from audit.model.record import GapRecord, NextPage, NoRecord, ProfileRecord, Record
from audit.platforms.answers import gaps
from audit.platforms.answers.loose import count, filled, identity, mapping, moment, objects, text
from audit.platforms.answers.x_posts import Includes, chain, comment, includes, post, references
from audit.response import Response

Json = Mapping[str, Any]

PROBLEMS = {
    "usage-capped": (GapKind.RATE_LIMITED, "the plan's usage cap is reached; waiting is no help"),
    "resource-not-found": (GapKind.NOT_FOUND, "deleted, suspended, or never there"),
    "not-authorized-for-resource": (GapKind.DENIED, "protected, or not for this credential"),
    "resource-unavailable": (GapKind.NOT_FOUND, "X does not show it"),
    "disallowed-resource": (GapKind.DENIED, "X does not allow to read it"),
    "client-forbidden": (GapKind.DENIED, "the app is not enrolled for this call"),
    "client-disconnected": (GapKind.BROKEN, "X ended the call"),
    "unsupported-authentication": (GapKind.DENIED, "this call wants another kind of credential"),
    "credits-depleted": (GapKind.RATE_LIMITED, "the credits are used up; waiting is no help"),
    "invalid-request": (GapKind.BROKEN, "X does not understand the call"),
    "not-authorized-for-field": (GapKind.DENIED, "a field is not for this credential"),
}
"""By the last part of the problem's type."""
SUSPENDED = "the account is suspended"
"""Said with the type ``resource-not-found`` and "User has been suspended" in the detail."""
CODES = {
    17: (GapKind.NOT_FOUND, "no such account"),
    32: (GapKind.DENIED, "X refused the credential"),
    34: (GapKind.NOT_FOUND, "no such page"),
    50: (GapKind.NOT_FOUND, "no such account"),
    63: (GapKind.NOT_FOUND, SUSPENDED),
    64: (GapKind.DENIED, "the account of the credential is suspended"),
    88: (GapKind.RATE_LIMITED, "too many calls"),
    89: (GapKind.DENIED, "the credential is invalid or has expired"),
    99: (GapKind.DENIED, "X refused the credential"),
    130: (GapKind.BROKEN, "X is overloaded"),
    131: (GapKind.BROKEN, "X has an error of its own"),
    144: (GapKind.NOT_FOUND, "no such post"),
    179: (GapKind.DENIED, "the post is protected"),
    215: (GapKind.DENIED, "X refused the credential"),
    326: (GapKind.DENIED, "the account of the credential is locked"),
    453: (GapKind.DENIED, "the plan does not hold this call"),
}
"""Source: the error codes of the older API, which still come from the edge."""
BY_OTHERS = re.compile(r"/search/|/(mentions|quote_tweets)$")
"""In addresses of lists that hold what others wrote about the account."""
PEOPLE = re.compile(r"/(liking_users|retweeted_by|reposted_by|followers|following|members)$")
"""In addresses of lists of people, who are the public."""
SPENT = "the credits are used up; waiting is no help"
HARMLESS = ("not-authorized-for-field", "field-hydration-failure", "field-unauthorized")
"""Problems beside an answer by which a field is lost, not a record."""


def read(
    response: Response, account: str | None = None, described: bool = False
) -> Iterator[Record]:
    """Map one answer.

    Args:
        response: an answer of any call.
        account: X's id of the audited account, where it is known.
        described: alternative texts were asked for.
    """
    facet = _facet(response.url or "")
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        yield gaps.unreadable(response, "JSON of the X API", facet)
        return
    if response.status == 0:  # a bare body; a problem tells its own status (RFC 9457, 3.1.2)
        told = count(body.get("status")) or count(body.get("code")) or 0
        response = replace(response, status=told if 400 <= told < 600 else 0)
    if response.status >= 400 or not ({"data", "meta", "access_token"} & set(body)):
        wrong = list(_errors(response, body, facet))
        yield from wrong or [_unknown(response, body, facet)]
        return
    found = list(_records(response, body, account, described))
    found += _errors(response, body, facet)
    token = filled(mapping(body, "meta").get("next_token"))
    if token:
        found.append(NextPage(cursor=token))
    yield from found or [NoRecord(what=_what(body))]


def missing(response: Response) -> dict[str, str]:
    """Return why the posts that a lookup did not bring are not there, by id."""
    try:
        body = mapping(response.json())
    except ValueError:
        return {}
    reasons = {GapKind.NOT_FOUND: "deleted", GapKind.DENIED: "private"}
    there = {identity(one.get("id")) for one in objects(body.get("data"))}
    found = {}
    for one in objects(body.get("errors")):
        if _aside(one):
            continue
        post_id = identity(one.get("resource_id")) or identity(one.get("value"))
        kind, _ = _problem(one)
        if post_id and post_id not in there and kind in reasons:
            found[post_id] = reasons[kind]
    return found


def versions(response: Response) -> dict[str, tuple[str, ...]]:
    """Return the chain of versions, oldest first, by the id under which a post came."""
    try:
        body = mapping(response.json())
    except ValueError:
        return {}
    entries = ((identity(one.get("id")), chain(one)) for one in objects(body.get("data")))
    return {post_id: ids for post_id, ids in entries if post_id and ids}


def _facet(url: str) -> Facet | None:
    if BY_OTHERS.search(url):
        return Facet.COMMENTS
    if url.endswith("/tweets"):
        return Facet.POSTS
    return Facet.PROFILE if "/users/by" in url or url.endswith("/users/me") else None


def _what(body: Json) -> str:
    if "access_token" in body:
        return "a token"
    if body.get("data"):
        people = "username" in next(objects(body["data"]), {})
        return "people" if people else gaps.NOTHING
    return "an empty list" if "meta" in body or body.get("data") == [] else gaps.NOTHING


def _records(
    response: Response, body: Json, account: str | None, described: bool
) -> Iterator[Record]:
    data = body.get("data")
    entries: list[Json] = [data] if isinstance(data, dict) else list(objects(data))
    held = includes(body, described)
    searched = BY_OTHERS.search(response.url or "") is not None
    told = _conversation(entries) if account is None else False
    if PEOPLE.search(response.url or ""):
        return
    for entry in entries:
        if "username" in entry:
            yield _profile(entry)
            continue
        # Lists, spaces and messages have ids as well; a post always has words.
        record = _one(entry, held, account, searched or told) if _is_post(entry) else None
        if record:
            yield record


def _is_post(entry: Json) -> bool:
    return bool({"text", "note_post", "note_tweet"} & set(entry)) and "event_type" not in entry


def _one(entry: Json, held: Includes, account: str | None, answers: bool) -> Record | None:
    author = identity(entry.get("author_id"))
    theirs = answers if account is None or author is None else author != account
    return comment(entry, held, account) if theirs else post(entry, held)


def _conversation(entries: list[Json]) -> bool:
    """Whether a list holds nothing but answers, by several people."""
    authors = {identity(one.get("author_id")) for one in entries}
    return len(authors) > 1 and all(
        "reply" in references(one) or one.get("in_reply_to_user_id") for one in entries
    )


def _profile(entry: Json) -> ProfileRecord:
    counts, entities = mapping(entry, "public_metrics"), mapping(entry, "entities")
    site = next(objects(mapping(entities, "url").get("urls")), {})
    links = [
        filled(one.get("expanded_url"))
        for one in objects(mapping(entities, "description").get("urls"))
    ]
    verified = entry.get("verified")
    kind = filled(entry.get("verified_type"))
    return ProfileRecord(
        platform="x",
        account_id=identity(entry.get("id")),
        handle=filled(entry.get("username")),
        display_name=text(entry.get("name")),
        bio=text(entry.get("description")),
        url=filled(site.get("expanded_url")) or filled(entry.get("url")),
        links=tuple(dict.fromkeys(one for one in links if one)),
        avatar_url=filled(entry.get("profile_image_url")),
        followers=count(counts.get("followers_count")),
        following=count(counts.get("following_count")),
        posts_count=count(counts.get("post_count", counts.get("tweet_count"))),
        verified=verified if isinstance(verified, bool) else kind != "none" if kind else None,
        locked=locked if isinstance(locked := entry.get("protected"), bool) else None,
        created_at=moment(entry.get("created_at")),
    )


def _errors(response: Response, body: Json, facet: Facet | None) -> Iterator[GapRecord]:
    """Yield what the answer says went wrong; of the same thing once."""
    listed = list(objects(body.get("errors")))
    # A problem with the whole call may list its causes as well.
    problems = [body] if filled(body.get("type")) or not listed else listed
    told = set()
    for one in problems:
        kind, reason = _problem(one)
        if kind is None or (response.status < 400 and _aside(one)):
            continue
        if (kind, reason) not in told:
            told.add((kind, reason))
            yield _gap(response, kind, reason, facet)


def _gap(response: Response, kind: GapKind, reason: str, facet: Facet | None) -> GapRecord:
    found = gaps.gap(response, kind, SPENT if response.status == 402 else reason, facet)
    if reason == SUSPENDED:
        found = replace(found, account_state=AccountState.SUSPENDED)
    # A reset of the window says nothing about when a cap opens again.
    return replace(found, retry_after=None) if "no help" in found.reason else found


def _aside(problem: Json) -> bool:
    """Whether a problem is about a field, or about what others wrote and this refers to."""
    name = (text(problem.get("type")) or "").rpartition("/")[2]
    parameter = text(problem.get("parameter")) or ""
    return name in HARMLESS or "." in parameter or parameter.startswith(("pinned", "referenced"))


def _problem(problem: Json) -> tuple[GapKind | None, str]:
    # Details name accounts, so only what is known of the type is passed on.
    name = (text(problem.get("type")) or "").rpartition("/")[2]
    if "suspended" in (text(problem.get("detail")) or ""):
        return GapKind.NOT_FOUND, SUSPENDED
    if problem.get("title") == "UsageCapExceeded":
        name = "usage-capped"
    if name in PROBLEMS:
        return PROBLEMS[name]
    return CODES.get(count(problem.get("code")) or 0, (None, ""))


def _unknown(response: Response, body: Json, facet: Facet | None) -> GapRecord:
    name = text(body.get("title")) or text(body.get("error")) or ""
    name = name if re.fullmatch(r"[\w ]{1,40}", name) else "an error"
    if response.status == 402:
        return _gap(response, GapKind.RATE_LIMITED, SPENT, facet)
    oauth = gaps.oauth(response, body, facet)
    if oauth:
        return oauth
    return gaps.by_status(response, f"X answered {name}", facet)
