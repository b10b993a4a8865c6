"""What the Graph APIs of Facebook, Instagram and Threads share: errors, pages, tokens, limits.

The class of an error stands in its body, not in the HTTP status. The addresses ``paging.next``
and ``paging.previous`` hold the access token: whether there is one is all that is read of them.

Errors: https://developers.facebook.com/docs/graph-api/guides/error-handling
Limits: https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from audit.model.item import Facet, GapKind
from audit.model.life import AccountState
from audit.model.record import GapRecord, NextPage, NoRecord, Record
from audit.platforms.answers import gaps
from audit.platforms.answers.graph_pages import batched, pages
from audit.platforms.answers.loose import count, filled, identity, mapping, moment, objects, text
from audit.response import Response

Json = Mapping[str, Any]

UNTIL = "until="
"""Begins a cursor that is a time, in epoch seconds, where the answer gives no other."""
FACETS = {
    "feed": Facet.POSTS,
    "posts": Facet.POSTS,
    "published_posts": Facet.POSTS,
    "media": Facet.POSTS,
    "threads": Facet.POSTS,
    "profile_posts": Facet.POSTS,
    "comments": Facet.COMMENTS,
    "replies": Facet.COMMENTS,
    "conversation": Facet.COMMENTS,
    "profile_lookup": Facet.PROFILE,
}
"""By the last word of the address."""
TOKENS = {
    458: "the account's people removed the app",
    460: "a password was changed",
    463: "it has expired",
    467: "it is no longer valid",
}
"""Subcodes of 190."""
LIMITS = {
    4: "the app made too many calls",
    17: "the user made too many calls",
    32: "the Page made too many calls",
    341: "the app made too many calls",
    613: "too many calls of one kind",
}
AMBIGUOUS = "the object does not exist or may not be read; the answer does not tell which"
MISSING = 33
"""Subcode of 100: see ``AMBIGUOUS``. Seen also without it, told by the words."""
UNREADABLE = re.compile(r"does not exist, cannot be loaded|nonexisting object", re.IGNORECASE)
MIGRATED = 21
"""The Page became part of another one, which the message names by its number."""
NUMBERS = re.compile(r"\bID (\d+)")
ERROR_FIELDS = {"error", "error_type", "error_code"}
UNFINISHED = GapRecord(
    facet=None, kind=GapKind.BROKEN, reason="a call of a batch did not end in time"
)
USAGE = ("x-business-use-case-usage", "x-app-usage", "x-page-usage")


def read_body(response: Response, records: Callable[[Json], Iterator[Record]]) -> Iterator[Record]:
    """Map an answer; ``records`` maps one entry of a list, or one object."""
    facet = FACETS.get((response.url or "").rstrip("/").rpartition("/")[2])
    if response.status == 304:
        yield NoRecord(what="no change")
        return
    try:
        body = response.json()
    except ValueError:
        body = None
    parts = batched(response, body)
    if parts is not None:
        for part in parts:
            yield from [UNFINISHED] if part is None else read_body(part, records)
        return
    if not isinstance(body, dict):
        yield gaps.unreadable(response, "JSON of a Graph API", facet)
        return
    if ERROR_FIELDS & set(body) or response.status >= 400:
        yield error(response, body, facet)
        return
    aside = _aside(body)
    yield from [aside] if aside else _listed(body, records, facet)


def _listed(
    body: Json, records: Callable[[Json], Iterator[Record]], facet: Facet | None
) -> Iterator[Record]:
    silent = True
    for page in pages(body):
        for entry in objects(page["data"]):
            for record in records(entry):
                silent = False
                yield record
        further = _following(page, facet)
        if further:
            silent = False
            yield further
    if silent:
        # Of somebody else's account without posts only the id is given.
        empty = body.get("data") == [] or "business_discovery" in body
        yield NoRecord(what="an empty list" if empty else gaps.NOTHING)


def error(response: Response, body: Json, facet: Facet | None = None) -> GapRecord:
    """Map an error. Its message may name people and tokens, so that only codes are passed on."""
    problem = mapping(body, "error")
    code, subcode = count(problem.get("code")), count(problem.get("error_subcode"))
    if "error_type" in body:  # of Instagram's login, whose code is an HTTP status
        told = replace(response, status=response.status or count(body.get("code")) or 0)
        return gaps.gap(told, GapKind.DENIED, "the login is refused", facet)
    if code is None:
        code = count(body.get("error_code"))  # of the interfaces before the Graph API
    if code is None:
        oauth = gaps.oauth(response, body, facet)
        if oauth:
            return oauth
        return gaps.by_status(response, "the API answered an error without a code", facet)
    kind, reason = _meaning(code, subcode, text(problem.get("message")) or "")
    number = f"{code}/{subcode}" if subcode else str(code)
    found = gaps.gap(response, kind, f"{reason} (code {number})", facet)
    if code == MIGRATED:
        found = replace(found, account_state=AccountState.MERGED)
    if kind is GapKind.RATE_LIMITED and found.retry_after is None:
        return replace(found, retry_after=_regained(response))
    return found


def ambiguous(gap: GapRecord) -> bool:
    """Whether a gap may mean that the object is gone, or only that it may not be read."""
    return gap.reason.startswith(AMBIGUOUS)


def cut(response: Response, name: str) -> list[str]:
    """Return ids of a list's entries whose inner list ``name`` goes on elsewhere."""
    try:
        entries = objects(mapping(response.json()).get("data"))
    except ValueError:
        return []
    return [
        number
        for one in entries
        if filled(mapping(one, name, "paging").get("next")) and (number := identity(one.get("id")))
    ]


def address(value: object) -> str | None:
    """Return a web address; documentation has placeholders in such places."""
    given = filled(value)
    return given if given and given.startswith(("https://", "http://")) else None


def _meaning(code: int, subcode: int | None, message: str) -> tuple[GapKind, str]:
    if code == 190:
        why = TOKENS.get(subcode or 0, "it is not valid")
        return GapKind.DENIED, f"the token is refused: {why}"
    if code == 100:
        if subcode == MISSING or UNREADABLE.search(message):
            return GapKind.DENIED, AMBIGUOUS
        return GapKind.BROKEN, "this version of the API does not know a field or a parameter"
    if code in (33, 110):
        return GapKind.DENIED, AMBIGUOUS
    if code == MIGRATED:
        into = NUMBERS.findall(message)[1:]
        number = f" with the number {into[0]}" if into else ""
        return GapKind.NOT_FOUND, f"the Page was merged into another one{number}"
    if code in LIMITS or 80000 <= code <= 80014:
        return GapKind.RATE_LIMITED, LIMITS.get(code, "the account's business made too many calls")
    if code == 10 or 200 <= code <= 299:
        return GapKind.DENIED, "a permission is missing"
    if (code, subcode) == (24, 2108006):
        return GapKind.UNSUPPORTED, "published before the account became a professional one"
    other = {
        3: (GapKind.DENIED, "the app may not make this call"),
        1: (GapKind.BROKEN, "the API failed for the moment"),
        2: (GapKind.BROKEN, "the API is down for the moment"),
        102: (GapKind.DENIED, "the token is refused: its login has ended"),
        368: (GapKind.DENIED, "the platform blocked the call for its policies"),
        803: (GapKind.NOT_FOUND, "nothing has this name or id"),
    }
    return other.get(code, (GapKind.BROKEN, "the API answered an error"))


def _regained(response: Response) -> float | None:
    """Return the seconds until calls are possible again; the headers count in minutes."""
    minutes = [0]
    for name in USAGE:
        try:
            usage = json.loads(response.headers.get(name, ""))
        except ValueError:
            continue
        entries = [usage, *(one for value in mapping(usage).values() for one in objects(value))]
        minutes += [
            count(mapping(one).get("estimated_time_to_regain_access")) or 0 for one in entries
        ]
    return max(minutes) * 60.0 or None


def _aside(body: Json) -> Record | None:
    """Say what an answer is that tells of tokens, figures or quotas."""
    if "access_token" in body:
        return NoRecord(what="a token")
    data = body.get("data")
    if isinstance(data, dict) and "is_valid" in data:
        if data["is_valid"] is False:
            reason = "the token is refused: it is not valid"
            return GapRecord(facet=None, kind=GapKind.DENIED, reason=reason)
        return NoRecord(what="the state of a token")
    entries = list(objects(data))
    if entries and all("access_token" in one and "id" not in one for one in entries):
        return NoRecord(what="a token")
    if entries and all("name" in one and "period" in one for one in entries):
        return NoRecord(what="insights")
    if entries and all("quota_usage" in one or "reply_quota_usage" in one for one in entries):
        return NoRecord(what="a quota of publishing")
    return None


def _following(page: Json, facet: Facet | None) -> NextPage | GapRecord | None:
    paging = mapping(page, "paging")
    if not filled(paging.get("next")):
        return None
    after = filled(mapping(paging, "cursors").get("after"))
    if after:
        return NextPage(cursor=after)
    # Older lists page by time: the next one ends where this one did.
    times = [moment(one.get("created_time")) for one in objects(page["data"])]
    known = [one for one in times if one is not None]
    if known:
        return NextPage(cursor=f"{UNTIL}{int(min(known).timestamp())}")
    reason = "the list goes on, and the answer gives no cursor"
    return GapRecord(facet=facet, kind=GapKind.BROKEN, reason=reason)
