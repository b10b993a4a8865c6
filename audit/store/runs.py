"""Nights: when, under which pack, what was read, and what each check could say."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from audit.model.finding import Result
from audit.model.item import Facet, Gap, GapKind
from audit.model.verdict import Level
from audit.store.database import Session
from audit.store.schema import coverage, fetch, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One night."""

    night: str
    as_of: dt.datetime
    backfill: bool
    """Re-judges what was fetched by then; fetches and mails nothing."""
    baseline: bool
    """The first night of an installation that read something and came to its end, and those
    before it: what they find is no news."""
    policy_version: str
    code_version: str
    window_start: dt.datetime
    closed: bool

    @property
    def date(self) -> dt.date:
        """The institution's local date, after which the night is named."""
        return dt.date.fromisoformat(self.night)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a night read of one facet of an account."""

    account_id: str
    facet: Facet
    fetched_at: dt.datetime
    items: int
    gap: Gap | None


def open_run(session: Session, new: Run) -> Run:
    """Begin a night, or return it as it was begun, under the pack and code of today."""
    current = find(session, new.night)
    if current is None:
        values = {name: getattr(new, name) for name in Run.__slots__}
        session.upsert(run, [values])
        return new
    session.connection.execute(
        update(run)
        .where(run.c.night == new.night)
        .values(policy_version=new.policy_version, code_version=new.code_version)
    )
    found = find(session, new.night)
    assert found is not None  # noqa: S101  (just updated in this transaction)
    return found


def find(session: Session, night: str) -> Run | None:
    """Return a night, or ``None``."""
    row = session.connection.execute(select(run).where(run.c.night == night)).mappings().first()
    return Run(**row) if row else None


def newest(session: Session) -> Run | None:
    """Return the latest night, or ``None`` before the first."""
    query = select(run).order_by(run.c.as_of.desc()).limit(1)
    row = session.connection.execute(query).mappings().first()
    return Run(**row) if row else None


def nights(session: Session) -> tuple[Run, ...]:
    """Return all nights, oldest first."""
    rows = session.connection.execute(select(run).order_by(run.c.as_of)).mappings()
    return tuple(Run(**row) for row in rows)


def close_run(session: Session, night: str) -> None:
    """Mark a night as judged to the end."""
    session.connection.execute(update(run).where(run.c.night == night).values(closed=True))


def saw_something(session: Session, night: str) -> bool:
    """Return whether a night read anything at all: one facet of one account is enough."""
    read = exists().where(
        fetch.c.night == night, or_(fetch.c.gap_kind.is_(None), fetch.c.partial.is_(True))
    )
    return bool(session.connection.scalar(select(read)))


def save_fetched(session: Session, night: str, rows: Iterable[Fetched]) -> None:
    """Keep what was read, replacing what an earlier try of the night kept."""
    session.upsert(
        fetch,
        [
            {
                "night": night,
                "account_id": one.account_id,
                "facet": one.facet.value,
                "fetched_at": one.fetched_at,
                "items": one.items,
                "gap_kind": one.gap.kind.value if one.gap else None,
                "gap_reason": one.gap.reason if one.gap else None,
                "partial": bool(one.gap and one.gap.partial),
            }
            for one in rows
        ],
    )


def fetched(session: Session, night: str, account_id: str | None = None) -> tuple[Fetched, ...]:
    """Return what a night read, of one account or of all."""
    query = select(fetch).where(fetch.c.night == night)
    if account_id is not None:
        query = query.where(fetch.c.account_id == account_id)
    rows = session.connection.execute(query.order_by(fetch.c.account_id, fetch.c.facet)).mappings()
    return tuple(_fetched(row) for row in rows)


def save_coverage(
    session: Session, night: str, levels: Sequence[str], account_id: str, results: Sequence[Result]
) -> None:
    """Count outcomes per check, replacing the night's earlier counts at these levels."""
    counts = Counter(
        (one.check_id, one.subject.level.value, one.outcome.value, one.reason or "")
        for one in results
    )
    session.connection.execute(
        delete(coverage).where(
            coverage.c.night == night,
            coverage.c.account_id == account_id,
            coverage.c.level.in_(levels),
        )
    )
    session.add(
        coverage,
        [
            {
                "night": night,
                "account_id": account_id,
                "check_id": check_id,
                "level": level,
                "outcome": outcome,
                "reason": reason,
                "subjects": number,
            }
            for (check_id, level, outcome, reason), number in sorted(counts.items())
        ],
    )


def covered(session: Session, night: str | None = None) -> list[dict[str, Any]]:
    """Return outcome counts, of one night or of all.

    One dict per (night, account_id, check_id, level, outcome, reason), with ``subjects``.
    """
    query = select(coverage).order_by(*coverage.primary_key)
    if night is not None:
        query = query.where(coverage.c.night == night)
    return [dict(row) for row in session.connection.execute(query).mappings()]


def gaps(session: Session) -> list[dict[str, Any]]:
    """Return the gaps of all nights: night, account_id, facet, gap_kind, gap_reason, partial."""
    columns = fetch.c
    query = (
        select(
            columns.night,
            columns.account_id,
            columns.facet,
            columns.gap_kind,
            columns.gap_reason,
            columns.partial,
        )
        .where(columns.gap_kind.is_not(None))
        .order_by(*fetch.primary_key)
    )
    return [dict(row) for row in session.connection.execute(query).mappings()]


def judged_accounts(session: Session, night: str) -> set[str]:
    """Return the accounts that a night has judged by what they published.

    What owners filed is judged for all accounts at once, also for those that no shard reached.
    """
    query = select(func.distinct(coverage.c.account_id)).where(
        coverage.c.night == night, coverage.c.level != Level.REGISTRY.value
    )
    return set(session.connection.scalars(query))


def _fetched(row: Any) -> Fetched:
    facet = Facet(row["facet"])
    gap = None
    if row["gap_kind"] is not None:
        gap = Gap(
            facet=facet,
            kind=GapKind(row["gap_kind"]),
            reason=row["gap_reason"],
            partial=row["partial"],
        )
    return Fetched(
        account_id=row["account_id"],
        facet=facet,
        fetched_at=row["fetched_at"],
        items=row["items"],
        gap=gap,
    )
