"""Answers of Mastodon and its like as records.

Whose account it is: ``account`` when the caller knows, else every status in a list is a post,
and what hangs under a status (``descendants``) is a comment.

Source: https://docs.joinmastodon.org/api/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from audit.model.item import Facet, GapKind
from audit.model.life import AccountState
from audit.model.record import (
    AccountStateRecord,
    GapRecord,
    NextPage,
    NoRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.loose import count, filled, identity, mapping, moment, objects, text
from audit.platforms.answers.markup import read_markup
from audit.platforms.answers.mastodon_posts import MESSAGE, comment, post
from audit.response import Response

Json = Mapping[str, Any]

NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')
FACETS = (
    (re.compile(r"/statuses/[^/]+/context$"), Facet.COMMENTS),
    (re.compile(r"/statuses(/[^/]+)?$"), Facet.POSTS),
    (re.compile(r"/accounts/[^/]+$"), Facet.PROFILE),
)
PEOPLE = re.compile(r"/(followers|following|favourited_by|reblogged_by)$")
"""In addresses of lists of people, who are the public."""
ANONYMOUS = 60
"""Answers under a status that a server gives without a login, 20 levels deep.
Source: https://docs.joinmastodon.org/methods/statuses/#context"""
CUT = GapRecord(
    facet=Facet.COMMENTS,
    kind=GapKind.DENIED,
    reason=f"without a login the server gives at most {ANONYMOUS} answers under a post",
)
GONE = "deleted, private, or never there"
RETRY = re.compile(r"\bretry=(\d{1,6})\b")
MESSAGES = (
    (re.compile(r"access token|authenticated user|requires? auth|unauthori", re.I),
     GapKind.DENIED, "the server answers only with a login, or refused the one it got"),
    (re.compile(r"not found", re.I), GapKind.NOT_FOUND, GONE),
    (re.compile(r"suspended", re.I), GapKind.NOT_FOUND, "the server suspended the account"),
    (re.compile(r"too many requests|throttled", re.I), GapKind.RATE_LIMITED, "too many calls"),
    (re.compile(r"outside the authorized scopes", re.I),
     GapKind.DENIED, "the login does not reach as far"),
)  # fmt: skip


def read(response: Response, account: str | None = None) -> Iterator[Record]:
    """Map one answer; ``account`` is the server's id of the audited account where it is known."""
    url = response.url or ""
    facet = next((facet for form, facet in FACETS if form.search(url)), None)
    try:
        body = response.json()
    except ValueError:
        body = None
    threaded = facet is Facet.COMMENTS and response.status < 400
    if not isinstance(body, dict | list) or (threaded and isinstance(body, list)):
        yield gaps.unreadable(response, "JSON of a Mastodon server", facet)
        return
    if response.status >= 400 or (isinstance(body, dict) and "error" in body):
        yield _error(response, mapping(body), facet)
        return
    if PEOPLE.search(url) and isinstance(body, list):
        yield NoRecord(what="people" if body else "an empty list")
        return
    found = list(
        _listed(body, account) if isinstance(body, list) else _one(response, body, account)
    )
    following = _cursor(response.headers.get("link", "")) if isinstance(body, list) else None
    if following:
        found.append(NextPage(cursor=following))
    yield from found or [NoRecord(what=_what(body))]


def refreshing(response: Response) -> bool:
    """Whether the server is still fetching answers from others (Mastodon 4.5)."""
    return "mastodon-async-refresh" in response.headers


def account_state(response: Response) -> AccountStateRecord | None:
    """Return what an account says about itself besides its profile.

    Source: https://docs.joinmastodon.org/entities/Account/#moved, ``#limited``
    """
    try:
        body = mapping(response.json())
    except ValueError:
        return None
    moved = filled(mapping(body, "moved").get("acct"))
    if moved:
        here = urlsplit(response.url or "").netloc
        handle = moved if "@" in moved or not here else f"{moved}@{here}"
        return AccountStateRecord(state=AccountState.MERGED, handle=handle)
    if body.get("limited") is True:
        detail = "the server shows it only behind a warning"
        return AccountStateRecord(state=AccountState.ACTIVE, detail=detail)
    return None


def _cursor(link: str) -> str | None:
    """Return the ``max_id`` under which the next page lies; the address may hold a token."""
    found = NEXT.search(link)
    values = parse_qs(urlsplit(found[1]).query).get("max_id") if found else None
    return values[0] if values else None


def _listed(body: list[Any], account: str | None) -> Iterator[Record]:
    for one in objects(body):
        record: Record | None = None
        if "acct" in one:
            yield from _account(one)
        elif "content" in one or "reblog" in one:
            owner = identity(mapping(one, "account").get("id"))
            theirs = account is not None and owner != account
            record = comment(one, None, account) if theirs else post(one)
        if record:
            yield record


def _one(response: Response, body: Json, account: str | None) -> Iterator[Record]:
    if "descendants" in body:
        yield from _context(response, body, account)
    elif isinstance(body.get("statuses"), list) or isinstance(body.get("accounts"), list):
        for name in ("accounts", "statuses"):
            yield from _listed(body.get(name) or [], account)
    else:
        yield from _listed([body], account)


def _context(response: Response, body: Json, account: str | None) -> Iterator[Record]:
    below = list(objects(body.get("descendants")))
    ids = {identity(one.get("id")) for one in below}
    parents = [identity(one.get("in_reply_to_id")) for one in below]
    root = next((one for one in parents if one and one not in ids), None)
    for one in below:
        record = comment(one, root, account)
        if record:
            yield record
    if len(below) == ANONYMOUS:
        yield replace(CUT, status=response.status or None)
    if refreshing(response):
        wait = RETRY.search(response.headers["mastodon-async-refresh"])
        yield GapRecord(
            facet=Facet.COMMENTS,
            kind=GapKind.BROKEN,
            reason="the server is still fetching answers from other servers",
            status=response.status or None,
            retry_after=float(wait[1]) if wait else None,
        )


def _what(body: object) -> str:
    listed = body if isinstance(body, list) else [body]
    if any(one.get("visibility") == MESSAGE for one in objects(listed)):
        return "messages, which are not public"
    if isinstance(body, list):
        versions = any("content" in one for one in objects(body))
        known = "the versions of a post" if versions else gaps.NOTHING
        return known if body else "an empty list"
    held = mapping(body)
    if "access_token" in held:
        return "a token"
    if "descendants" in held:
        return "an empty list"
    if "version" in held and ("domain" in held or "uri" in held):
        return "a description of the server"
    return gaps.NOTHING


def _account(body: Json) -> Iterator[Record]:
    if body.get("suspended") is True:
        yield GapRecord(
            facet=Facet.PROFILE,
            kind=GapKind.NOT_FOUND,
            reason="the server suspended the account, or its owner deleted it",
            account_state=AccountState.SUSPENDED,
        )
        return
    bio = read_markup(text(body.get("note")) or "")
    fields = list(objects(body.get("fields")))
    shown = [read_markup(text(one.get("value")) or "") for one in fields]
    links = [
        *(link for one in shown for link in one.links or _bare(one.text)),
        *(link for link in bio.links if "/tags/" not in link and "/@" not in link),
    ]
    checked = [bool(one.get("verified_at")) for one in fields if "verified_at" in one]
    yield ProfileRecord(
        platform="mastodon",
        account_id=identity(body.get("id")),
        handle=filled(body.get("acct")) or filled(body.get("username")),
        display_name=text(body.get("display_name")),
        bio=bio.text if isinstance(body.get("note"), str) else None,
        links=tuple(dict.fromkeys(links)),
        avatar_url=filled(body.get("avatar")),
        followers=count(body.get("followers_count")),
        following=count(body.get("following_count")),
        posts_count=count(body.get("statuses_count")),
        verified=any(checked) if checked else None,
        locked=locked if isinstance(locked := body.get("locked"), bool) else None,
        created_at=moment(body.get("created_at")),
    )


def _bare(value: str) -> tuple[str, ...]:
    return (value,) if re.fullmatch(r"https?://\S+", value) else ()


def _error(response: Response, body: Json, facet: Facet | None) -> GapRecord:
    # Messages may name somebody, so only what is known of them is passed on.
    message = f"{text(body.get('error'))} {text(body.get('error_description'))}"
    for form, kind, reason in MESSAGES:
        if form.search(message) and response.status not in (429, 410):
            return gaps.gap(response, kind, reason, facet)
    if response.status == 410:
        # Before Mastodon 3.3, a suspended account: github.com/mastodon/mastodon/pull/7287.
        found = gaps.by_status(response, "the account is gone from the server", facet)
        return replace(found, account_state=AccountState.SUSPENDED)
    if response.status == 429:
        return gaps.by_status(response, "too many calls", facet)
    return gaps.by_status(response, "the server answered with an error", facet)
