"""What an answer that brings nothing means, as far as HTTP itself says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime

from audit.client import Response
from audit.errors import BudgetSpent, FetchError
from audit.model.item import Facet, GapKind
from audit.model.record import GapRecord
from audit.platforms.answers.loose import moment

KINDS = {
    401: GapKind.DENIED,
    402: GapKind.RATE_LIMITED,
    403: GapKind.DENIED,
    404: GapKind.NOT_FOUND,
    410: GapKind.NOT_FOUND,
    429: GapKind.RATE_LIMITED,
    451: GapKind.DENIED,
}
"""Source: RFC 9110, 15; RFC 6585, 4; RFC 7725. All others leave the answer broken."""

RESETS = ("ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset")
"""Sources: AT Protocol, X (docs.x.com, rate limits) and Mastodon (docs.joinmastodon.org,
api/rate-limits), in this order."""


def by_status(response: Response, reason: str, facet: Facet | None = None) -> GapRecord:
    """Return the gap that the status stands for."""
    return gap(response, KINDS.get(response.status, GapKind.BROKEN), reason, facet)


def gap(response: Response, kind: GapKind, reason: str, facet: Facet | None = None) -> GapRecord:
    """Return a gap with what the answer says about status and waiting."""
    return GapRecord(
        facet=facet,
        kind=kind,
        reason=reason,
        status=response.status or None,
        retry_after=retry_after(response),
    )


def unreadable(response: Response, expected: str, facet: Facet | None = None) -> GapRecord:
    """Return the gap for a body that is not what the platform answers with."""
    if response.status >= 400:
        return by_status(response, f"HTTP {response.status} without a readable reason", facet)
    return gap(response, GapKind.BROKEN, f"the answer is not {expected}", facet)


def failed(error: FetchError, facet: Facet) -> GapRecord:
    """Return the gap for a call that brought no answer at all."""
    kind = GapKind.BUDGET if isinstance(error, BudgetSpent) else GapKind.BROKEN
    return GapRecord(facet=facet, kind=kind, reason=str(error))


def everywhere(gap: GapRecord, facets: Iterable[Facet]) -> Iterator[GapRecord]:
    """Yield the gap once for each facet."""
    yield from (replace(gap, facet=facet) for facet in facets)


def without_credential(platform: str, facets: Iterable[Facet]) -> Iterator[GapRecord]:
    """Yield what there is to say where nothing may be asked for want of a credential."""
    reason = f"{platform} answers only with a credential, and none is configured"
    yield from everywhere(GapRecord(facet=None, kind=GapKind.DENIED, reason=reason), facets)


def retry_after(response: Response) -> float | None:
    """Return the seconds to wait, where the headers say so.

    ``Retry-After`` in seconds or as a date; else the reset that some platforms give, in epoch
    seconds (AT Protocol, X) or as ISO 8601 (Mastodon). Dates count from the answer's own
    ``Date``, so that a recording reads the same on any day.
    """
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    answered = _date(response.headers.get("date"))
    until = _date(value) or (_reset(response) if response.status == 429 else None)
    if answered is None or until is None:
        return None
    return max(0.0, (until - answered).total_seconds())


def _reset(response: Response) -> dt.datetime | None:
    value = next((response.headers[one] for one in RESETS if one in response.headers), "").strip()
    if value.isascii() and value.isdigit():
        return dt.datetime.fromtimestamp(int(value), dt.UTC) if len(value) <= 11 else None
    return moment(value)


def _date(value: str | None) -> dt.datetime | None:
    if not value:
        return None
    try:
        parsed = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)
