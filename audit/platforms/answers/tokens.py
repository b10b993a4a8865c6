"""What answers about tokens say, in the shapes in which platforms say it.

The forms are those of RFC 6749, 5, with what platforms made of them: scopes separated by commas
(LinkedIn, TikTok), ``refresh_expires_in`` (TikTok) beside ``refresh_token_expires_in`` (Google,
LinkedIn), a list under ``data`` with ``permissions`` (Instagram), errors with a number (Graph).
Nothing that a server wrote is passed on in words; its description may quote a token.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.model.item import GapKind
from audit.platforms.answers.loose import count, filled, mapping, objects, words
from audit.response import Response

ERRORS = frozenset(
    {
        "access_denied",
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)
"""Source: RFC 6749, 4.1.2.1 and 5.2."""
TOKEN = re.compile(r"[\x21-\x7e]{4,8192}")
"""What can stand in a header; RFC 6750, 2.1 allows less, and platforms use more."""
ENDED = re.compile(r"\b(?:token|grant)\b.*\b(?:invalid|expired|revoked)\b", re.IGNORECASE)
"""How X and LinkedIn describe, under ``invalid_request``, a refresh token that is no more."""
DEAD_TOKEN = 190
"""Source: https://developers.facebook.com/docs/graph-api/guides/error-handling"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A token that was given out."""

    token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    """``None``: none came; after a renewal the one before goes on (RFC 6749, 6)."""
    scopes: tuple[str, ...] | None = None
    """``None``: not told."""
    expires_at: dt.datetime | None = None
    """``None``: not told."""
    refresh_expires_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why no token came."""

    kind: GapKind
    """``denied`` when asking again changes nothing."""
    reason: str
    dead: bool = False
    """Whether what was shown, a refresh token or a code, is of no use any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a platform knows of a token. ``None``: it does not say."""

    valid: bool
    scopes: tuple[str, ...] | None = None
    expires_at: dt.datetime | None = None
    endless: bool = False
    """Whether it says that the token has no date."""


def granted(response: Response, now: dt.datetime) -> Grant | Refusal:
    """Map the answer to a call for a token."""
    try:
        body = mapping(response.json())
    except ValueError:
        body = {}
    if response.status < 400 and (found := grant(body, now)):
        return found
    return _refusal(response, body)


def grant(body: Mapping[str, Any], now: dt.datetime) -> Grant | None:
    """Map the body of a platform's token answer; ``None`` when it holds no access token."""
    listed = list(objects(body.get("data")))
    found = listed[0] if listed else mapping(body, "data") or body
    token = filled(found.get("access_token"))
    if token is None or not TOKEN.fullmatch(token):
        return None
    refresh = filled(found.get("refresh_token"))
    lasting = found.get("refresh_token_expires_in", found.get("refresh_expires_in"))
    return Grant(
        token=token,
        refresh_token=refresh if refresh and TOKEN.fullmatch(refresh) else None,
        scopes=_scopes(found),
        expires_at=_after(now, found.get("expires_in")) or _at(found.get("expires_at")),
        refresh_expires_at=_after(now, lasting),
    )


def told(response: Response) -> Told | None:
    """Map what a platform says about a token; ``None`` when the answer tells nothing.

    Graph: ``{"data": {"is_valid", "scopes", "expires_at"}}``, 0 without date; LinkedIn:
    ``{"active", "scope", "expires_at"}``; Google: ``{"scope", "exp"}``, numbers as texts, and
    ``{"error": "invalid_token"}``.
    """
    try:
        body = mapping(response.json())
    except ValueError:
        return None
    found = mapping(body, "data") or body
    if response.status >= 400:
        return Told(valid=False) if body.get("error") == "invalid_token" else None
    valid = found.get("is_valid", found.get("active", "scope" in found or "scopes" in found))
    if not isinstance(valid, bool) or (not valid and not {"is_valid", "active"} & set(found)):
        return None
    ends = found.get("expires_at", found.get("exp"))
    return Told(valid=valid, scopes=_scopes(found), expires_at=_at(ends), endless=count(ends) == 0)


def _scopes(found: Mapping[str, Any]) -> tuple[str, ...] | None:
    for name in ("scope", "scopes", "permissions"):
        value = found.get(name)
        if isinstance(value, str):
            return tuple(sorted(set(re.split(r"[\s,]+", value.strip())) - {""}))
        if isinstance(value, list):
            return tuple(sorted(set(words(value))))
    return None


def _after(now: dt.datetime, value: object) -> dt.datetime | None:
    seconds = count(value)
    if seconds is None or seconds <= 0 or seconds > 10**9:
        return None
    return now + dt.timedelta(seconds=seconds)


def _at(value: object) -> dt.datetime | None:
    seconds = count(value)
    if not seconds or seconds > 10**11:
        return None
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _refusal(response: Response, body: Mapping[str, Any]) -> Refusal:
    error = body.get("error")
    code = error if isinstance(error, str) else ""
    number = count(mapping(body, "error").get("code"))
    said = filled(body.get("error_description")) or ""
    if code == "invalid_grant" or (code == "invalid_request" and ENDED.search(said)):
        return Refusal(kind=GapKind.DENIED, reason=f"the platform answers {code}", dead=True)
    if number == DEAD_TOKEN:
        return Refusal(kind=GapKind.DENIED, reason=f"the platform answers {number}", dead=True)
    if response.status == 429:
        return Refusal(kind=GapKind.RATE_LIMITED, reason="the platform got too many calls")
    if 400 <= response.status < 500 or code in ERRORS:
        name = code if code in ERRORS else f"HTTP {response.status}"
        name = f"error {number}" if number is not None else name
        return Refusal(kind=GapKind.DENIED, reason=f"the platform answers {name}")
    if response.status >= 500:
        return Refusal(kind=GapKind.BROKEN, reason=f"the platform answers HTTP {response.status}")
    return Refusal(kind=GapKind.BROKEN, reason="the platform's answer holds no token")
