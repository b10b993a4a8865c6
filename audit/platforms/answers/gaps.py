"""What an answer that brings nothing means, as far as HTTP itself says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from audit import waiting
from audit.errors import BudgetSpent, FetchError
from audit.model.item import Facet, GapKind
from audit.model.life import AccountState
from audit.model.record import GapRecord, NoRecord, Record
from audit.platforms.answers.tokens import ERRORS
from audit.response import Response

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

NOTHING = "nothing of an account"
"""What a well-formed answer holds that is of no known shape."""


def by_status(response: Response, reason: str, facet: Facet | None = None) -> GapRecord:
    """Return the gap that the status stands for."""
    return gap(response, KINDS.get(response.status, GapKind.BROKEN), reason, facet)


def oauth(response: Response, body: Mapping[str, Any], facet: Facet | None) -> GapRecord | None:
    """Return the gap for an error about a login, in the form of RFC 6749, 5.2."""
    code = body.get("error")
    if not isinstance(code, str) or code not in ERRORS:
        return None
    return gap(response, GapKind.DENIED, f"the login is refused ({code})", facet)


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


def asked_for(records: Iterable[Record], facet: Facet) -> Iterator[Record]:
    """Yield the records of an answer to a question: its gaps are those of ``facet``.

    An answer of no known shape (an empty object, a number, something of another API) tells
    nothing, least of all that there is nothing; so it is a gap.
    """
    for record in records:
        if isinstance(record, NoRecord) and record.what == NOTHING:
            yield strange(facet)
        elif isinstance(record, GapRecord):
            yield replace(record, facet=facet)
        else:
            yield record


def strange(facet: Facet) -> GapRecord:
    """Return the gap for an answer that holds nothing of what was asked for."""
    reason = "the answer holds nothing that is known of this platform"
    return GapRecord(facet=facet, kind=GapKind.BROKEN, reason=reason)


def repeated(facet: Facet) -> GapRecord:
    """Return the gap for a list that names a page as the next one that it has named before."""
    reason = "the list leads back to a page that was read already; what lies beyond is missing"
    return GapRecord(facet=facet, kind=GapKind.BROKEN, reason=reason)


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


def replaced(facets: Iterable[Facet]) -> Iterator[GapRecord]:
    """Yield what there is to say where somebody else has the registered name now."""
    found = GapRecord(
        facet=None,
        kind=GapKind.DENIED,
        reason="the registered account is no longer found, and its name belongs to another "
        "account now, which was not read",
        account_state=AccountState.REPLACED,
    )
    yield from everywhere(found, facets)


def retry_after(response: Response) -> float | None:
    """Return the seconds to wait, where the headers say so; see ``audit.waiting``."""
    return waiting.seconds(response.headers, limited=response.status == 429)
