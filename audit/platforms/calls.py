"""Calls about one account with one token, page after page; shared by platforms that ask so.

A limit that was met ends the calls of the night: what is asked after it is the same gap at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from audit.client import Client, Params
from audit.errors import FetchError
from audit.model.item import FETCHED_FACETS, Facet, GapKind
from audit.model.record import (
    Checked,
    CommentRecord,
    GapRecord,
    Gone,
    NextPage,
    NoRecord,
    PostRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.loose import identity, mapping
from audit.response import Response

MAX_PAGES = 100
MAX_ALONE = 25
"""Vanished items that are asked for one by one in a night."""
MAX_FAILURES = 3
"""Threads that may fail before the rest is left for the next night."""

Read = Callable[[Response], Iterable[Record]]
Ask = tuple[str, Params]
"""Address and parameters; neither holds the token."""


def everywhere(gap: GapRecord, facets: Sequence[Facet] = FETCHED_FACETS) -> Iterator[GapRecord]:
    """Yield a gap for each facet."""
    return (replace(gap, facet=facet) for facet in facets)


def without_token(platform: str) -> Iterator[GapRecord]:
    """Yield the gaps of an account that nobody gave a token for."""
    reason = f"no token for this account is stored, and {platform} answers nobody without one"
    return everywhere(GapRecord(facet=None, kind=GapKind.DENIED, reason=reason))


def record_id(record: Record) -> str | None:
    """Return the id of a post or comment."""
    if isinstance(record, PostRecord):
        return record.post_id
    return record.comment_id if isinstance(record, CommentRecord) else None


def named(response: Response) -> str | None:
    """Return the id of the one object that an answer holds."""
    try:
        body = response.json()
    except ValueError:
        return None
    return identity(mapping(body).get("id")) if response.status < 400 else None


class Calls:
    """What is asked, and what came back, as records."""

    def __init__(self, client: Client, read: Read, headers: Mapping[str, str]) -> None:
        """Take the client and what goes with each call; ``headers`` hold the token."""
        self.client, self.read, self._headers = client, read, dict(headers)
        self.halted: GapRecord | None = None

    def answer(self, facet: Facet, ask: Ask, **headers: str) -> Response | GapRecord:
        """Ask; what brings no answer at all is a gap."""
        if self.halted:
            return replace(self.halted, facet=facet)
        sent = {**self._headers, **{name.replace("_", "-"): headers[name] for name in headers}}
        try:
            return self.client.get(*ask, sent)
        except FetchError as error:
            return gaps.failed(error, facet)

    def records(self, facet: Facet, ask: Ask, read: Read | None = None) -> list[Record]:
        """Ask and map; what goes wrong is a gap of ``facet``."""
        answer = self.answer(facet, ask)
        if isinstance(answer, GapRecord):
            return [answer]
        return self.mapped(facet, answer, read)

    def mapped(self, facet: Facet, answer: Response, read: Read | None = None) -> list[Record]:
        """Map an answer, and remember a limit that it tells of."""
        found = list(gaps.asked_for((read or self.read)(answer), facet))
        for one in found:
            if isinstance(one, GapRecord) and one.kind is GapKind.RATE_LIMITED:
                self.halted = one
        return found

    def pages(
        self, facet: Facet, ask: Callable[[str], Ask], read: Read | None = None
    ) -> Iterator[list[Record]]:
        """Yield the records of page after page; a gap is in the last one.

        Args:
            facet: what is read.
            ask: says how to ask for a page from its cursor; of the first it is empty.
            read: maps in place of the usual mapping.
        """
        cursor, seen = "", {""}
        for _ in range(MAX_PAGES):
            page = self.records(facet, ask(cursor), read)
            yield [one for one in page if not _aside(one)]
            further = [one.cursor for one in page if isinstance(one, NextPage)]
            if not further or any(isinstance(x, GapRecord) for x in page):
                return
            cursor = further[0]
            if cursor in seen:
                yield [gaps.repeated(facet)]
                return
            seen.add(cursor)
        reason = f"the list goes on after {MAX_PAGES} pages"
        yield [GapRecord(facet=facet, kind=GapKind.BROKEN, reason=reason)]

    def again(
        self,
        facet: Facet,
        known: Sequence[str],
        ask: Callable[[str], Ask],
        gone: Callable[[GapRecord], str | None],
    ) -> Iterator[Record]:
        """Ask for known items one by one, as many as one night asks for.

        Args:
            facet: what they are.
            known: their ids.
            ask: says how to ask for one.
            gone: why an item counts as gone, from the gap that came in its place; ``None``
                when the gap says no such thing.
        """
        for one in known[:MAX_ALONE]:
            answer = self.answer(facet, ask(one))
            found: list[Record]
            found = [answer] if isinstance(answer, GapRecord) else self.mapped(facet, answer)
            if isinstance(answer, Response) and named(answer) == one:
                # Only its id was asked for: it is there.
                found = [x for x in found if not isinstance(x, GapRecord)]
            problem = next((x for x in found if isinstance(x, GapRecord)), None)
            reason = gone(problem) if problem else None
            if reason:
                yield Gone(record_id=one, reason=reason)
            elif problem:
                yield problem
                return
            else:
                told = [x for x in found if record_id(x) is not None]
                yield from told or [Checked(record_id=one)]


def _aside(record: Record) -> bool:
    return isinstance(record, NextPage | NoRecord) or (
        isinstance(record, GapRecord) and record.kind is GapKind.END
    )
