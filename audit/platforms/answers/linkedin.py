"""Answers of LinkedIn's Community Management API as records.

An organisation is named by its number, as in ``urn:li:organization:123``; posts and comments by
their whole URN. A post is a ``share`` or a ``ugcPost``; its comments hang on an ``activity``,
which their own URNs name: ``urn:li:comment:(urn:li:activity:1,2)``.

Reference: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
and ``/comments-api``
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from audit.model.item import Facet, GapKind
from audit.model.record import CommentRecord, GapRecord, NextPage, NoRecord, ProfileRecord, Record
from audit.platforms.answers import gaps
from audit.platforms.answers.linkedin_older import share, ugc_post
from audit.platforms.answers.linkedin_parts import moment_ms, organization
from audit.platforms.answers.linkedin_posts import post
from audit.platforms.answers.loose import count, filled, identity, mapping, objects, text
from audit.response import Response

Json = Mapping[str, Any]

FACETS = (
    (re.compile(r"/comments(/|$)"), Facet.COMMENTS),
    (re.compile(r"/(posts|socialMetadata)(/|$)"), Facet.POSTS),
    (re.compile(r"/(organizations|organizationsLookup|networkSizes)(/|$)"), Facet.PROFILE),
)
TOKENS = {
    65600: "it is not valid",
    65601: "it was revoked",
    65602: "it has expired",
}
"""By ``serviceErrorCode``."""
TOKEN_CODES = {
    "INVALID_ACCESS_TOKEN": 65600,
    "REVOKED_ACCESS_TOKEN": 65601,
    "EXPIRED_ACCESS_TOKEN": 65602,
}
VERSIONS = {"NONEXISTENT_VERSION", "VERSION_MISSING"}


def read(response: Response, account: str | None = None) -> Iterator[Record]:
    """Map one answer; ``account`` is the number of the organisation where it is known."""
    facet = next((one for form, one in FACETS if form.search(response.url or "")), None)
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        yield gaps.unreadable(response, "JSON of the LinkedIn API", facet)
        return
    refused_login = gaps.oauth(response, body, facet)
    if refused_login:
        yield refused_login
        return
    told = count(body.get("status"))
    if response.status >= 400 or "serviceErrorCode" in body or (told or 0) >= 400:
        yield _error(response, body, facet)
        return
    found = list(_records(body, account))
    found += _refusals(response, body, facet)
    found += _decorations(response, body, facet)
    yield from found
    further = _following(body)
    if further:
        yield further
    elif not found:
        yield NoRecord(what=_what(body))


def followers(response: Response) -> int | None:
    """Return the number that ``networkSizes`` answers with."""
    try:
        return count(mapping(response.json()).get("firstDegreeSize"))
    except ValueError:
        return None


def refused(response: Response) -> dict[str, int]:
    """Return the statuses of what a lookup of several did not bring, by id."""
    try:
        errors = mapping(mapping(response.json()).get("errors"))
    except ValueError:
        return {}
    return {
        name: status
        for name, one in errors.items()
        if (status := count(mapping(one).get("status"))) is not None
    }


def _records(body: Json, account: str | None) -> Iterator[Record]:
    if isinstance(body.get("elements"), list):
        entries = list(objects(body["elements"]))
    elif isinstance(body.get("results"), dict):
        entries = [one for one in body["results"].values() if isinstance(one, dict)]
    else:
        entries = [body]
    for entry in entries:
        record: Record | None = None
        if "specificContent" in entry:
            record = ugc_post(entry)
        elif "owner" in entry and isinstance(entry.get("text"), dict):
            record = share(entry)
        elif "commentary" in entry or "lifecycleState" in entry:
            record = post(entry)
        elif "message" in entry and ("actor" in entry or "commentUrn" in entry):
            record = _comment(entry, account)
        elif {"vanityName", "localizedName", "organizationType"} & set(entry):
            record = _profile(entry)
        if record:
            yield record


def _comment(entry: Json, account: str | None) -> CommentRecord | None:
    number, thread = identity(entry.get("id")), filled(entry.get("object"))
    urn = filled(entry.get("commentUrn")) or filled(entry.get("$URN"))
    if urn is None and number and thread:
        urn = f"urn:li:comment:({thread},{number})"
    if urn is None:
        return None
    writer = filled(entry.get("actor"))
    written, changed = (
        moment_ms(mapping(entry, name).get("time")) for name in ("created", "lastModified")
    )
    likes, answers = (mapping(entry, name) for name in ("likesSummary", "commentsSummary"))
    number_of_likes = count(likes.get("totalLikes"))
    return CommentRecord(
        platform="linkedin",
        comment_id=urn,
        post_id=thread,
        parent_id=filled(entry.get("parentComment")),
        author="account" if account and organization(writer) == account else "public",
        author_id=writer,
        text=text(mapping(entry, "message").get("text")) or "",
        created_at=written,
        edited_at=changed if written and changed and changed > written else None,
        likes=count(likes.get("aggregatedTotalLikes"))
        if number_of_likes is None
        else number_of_likes,
        replies_count=count(answers.get("aggregatedTotalComments")),
    )


def _profile(entry: Json) -> ProfileRecord:
    language = filled(mapping(entry, "defaultLocale").get("language"))
    logo = mapping(entry, "logoV2")
    site = filled(entry.get("localizedWebsite")) or _localized(entry.get("website"))
    return ProfileRecord(
        platform="linkedin",
        account_id=identity(entry.get("id")),
        handle=filled(entry.get("vanityName")),
        display_name=filled(entry.get("localizedName")) or _localized(entry.get("name")),
        bio=filled(entry.get("localizedDescription")) or _localized(entry.get("description")),
        url=site,
        avatar_url=filled(logo.get("originalUrl")),
        created_at=moment_ms(mapping(entry, "created").get("time")),
        language=language,
    )


def _localized(value: object) -> str | None:
    """Return a text in the language that its owner prefers."""
    holder = mapping(value)
    words, preferred = mapping(holder, "localized"), mapping(holder, "preferredLocale")
    name = f"{preferred.get('language')}_{preferred.get('country')}"
    return filled(words.get(name)) or next(filter(None, map(filled, words.values())), None)


def _following(body: Json) -> NextPage | None:
    """Say where the next page starts; the address that is given is never passed on."""
    paging = mapping(body, "paging")
    start, size = count(paging.get("start")), count(paging.get("count"))
    if start is None or not size or not isinstance(body.get("elements"), list):
        return None
    if any(one.get("rel") == "next" for one in objects(paging.get("links"))):
        return NextPage(cursor=str(start + size))
    total = count(paging.get("total"))
    goes_on = total is not None and start + size < total and bool(body["elements"])
    return NextPage(cursor=str(start + size)) if goes_on else None


def _what(body: Json) -> str:
    if "access_token" in body:
        return "a token"
    if "firstDegreeSize" in body:
        return "a number of followers"
    if body.get("elements") == [] or body.get("results") == {}:
        return "an empty list"
    listed = [*objects(body.get("elements")), *objects(list(mapping(body, "results").values()))]
    if any("lifecycleState" in one for one in listed):
        return "posts that are not published"
    return gaps.NOTHING


def _refusals(response: Response, body: Json, facet: Facet | None) -> list[Record]:
    """Return why a lookup of several did not bring all; of the same kind once."""
    found: dict[tuple[GapKind, str], Record] = {}
    for one in mapping(body, "errors").values() if "results" in body else ():
        gap = _error(response, mapping(one), facet)
        found.setdefault((gap.kind, gap.reason), gap)
    return list(found.values())


def _decorations(response: Response, body: Json, facet: Facet | None) -> list[Record]:
    """Return the errors inside a good answer: parts that LinkedIn could not fill in.

    They stand under the name of the part with ``!`` behind it.
    """
    found: list[Record] = []
    waiting: list[object] = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            for name, inner in value.items():
                if name.endswith("!") and "status" in mapping(inner):
                    found.append(_error(response, mapping(inner), facet))
                else:
                    waiting.append(inner)
    return found


def _error(response: Response, body: Json, facet: Facet | None) -> GapRecord:
    """Map an error. Its message may name people, so that only codes are passed on."""
    status = count(body.get("status")) or response.status
    code = filled(body.get("code")) or ""
    told = Response(status=status, body=b"", headers=response.headers)
    number = count(body.get("serviceErrorCode")) or TOKEN_CODES.get(code)
    if number in TOKENS:
        reason = f"the token is refused: {TOKENS[number]} (code {number})"
        return gaps.gap(told, GapKind.DENIED, reason, facet)
    message = text(body.get("message")) or ""
    if status == 426 or code in VERSIONS:
        version = re.search(r"\b20\d{4,6}\b", message)
        named = f" {version[0]}" if version else ""
        reason = f"LinkedIn has ended version{named} of its API; a newer one has to be set"
        return gaps.gap(told, GapKind.BROKEN, reason, facet)
    if status == 429:
        return _limited(told, message, facet)
    reasons = {
        401: "the token is refused",
        403: "a permission or a role on the page is missing",
        404: "it is gone, or not visible to this token",
    }
    default = f"the API answered status {status}"
    return gaps.by_status(told, reasons.get(status, default), facet)


def _limited(response: Response, message: str, facet: Facet | None) -> GapRecord:
    """Map a limit; those of a day end at midnight UTC, which no header says."""
    wait = gaps.retry_after(response)
    if wait is None and re.search(r"\bDAY\b", message):
        try:
            asked = parsedate_to_datetime(response.headers.get("date", "")).astimezone(dt.UTC)
        except (TypeError, ValueError, OverflowError):
            asked = None
        if asked:
            day = asked.replace(hour=0, minute=0, second=0, microsecond=0)
            wait = (day + dt.timedelta(days=1) - asked).total_seconds()
    return GapRecord(
        facet=facet,
        kind=GapKind.RATE_LIMITED,
        reason="too many calls; limits of a day end at midnight UTC",
        status=response.status or None,
        retry_after=wait,
    )
