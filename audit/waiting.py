"""How long a server asks its callers to wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

RESETS = ("ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset")
"""Sources: AT Protocol, X (docs.x.com, rate limits) and Mastodon (docs.joinmastodon.org,
api/rate-limits), in this order."""
LONGEST = dt.timedelta(days=31).total_seconds()
"""Seconds. No platform has a limit that lasts longer than a month; what names a later time comes
from a clock that is wrong, and says nothing."""
DIGITS = 11
"""Of the longest number that is read; in epoch seconds, the year 5138."""


def seconds(headers: Mapping[str, str], *, limited: bool) -> float | None:
    """Return the seconds to wait, from 0 to ``LONGEST``; ``None`` where nothing usable is said.

    ``Retry-After`` in seconds or as a date (RFC 9110, 10.2.3); else, of an answer that tells of
    a limit, the reset that some platforms give, in epoch seconds (AT Protocol, X) or as ISO 8601
    (Mastodon). Times count from the answer's own ``Date``: neither clock need be right, and a
    recording reads the same on any day.

    Args:
        headers: with names in lower case.
        limited: whether the status is 429.
    """
    value = headers.get("retry-after", "").strip()
    if _number(value) is not None:
        return _sane(_number(value))
    answered = _date(headers.get("date", ""))
    until = _date(value) or (_reset(headers) if limited else None)
    if answered is None or until is None:
        return None
    return _sane((until - answered).total_seconds())


def _sane(wait: float | None) -> float | None:
    return None if wait is None or wait > LONGEST else max(0.0, float(wait))


def _number(value: str) -> int | None:
    usable = value.isascii() and value.isdigit() and len(value) <= DIGITS
    return int(value) if usable else None


def _reset(headers: Mapping[str, str]) -> dt.datetime | None:
    value = next((headers[one] for one in RESETS if one in headers), "").strip()
    number = _number(value)
    if number is not None:
        return dt.datetime.fromtimestamp(number, dt.UTC)
    try:
        parsed = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None


def _date(value: str) -> dt.datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)
