"""What each night had to tell the operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, func, select

from audit.model.notice import Notice, NoticeKind
from audit.store.database import Session
from audit.store.schema import run
from audit.store.schema_upkeep import notice


def save(session: Session, night: str, found: Sequence[Notice]) -> tuple[Notice, ...]:
    """Keep a night's notices in place of those that it had; returns them with their ``since``.

    Two of one kind about one subject become one.
    What the night before told already goes on. Nights that told nobody anything are passed over:
    back-fills, and those that never came to their end.
    """
    told = run.c.closed & ~run.c.backfill
    query = select(func.max(run.c.night)).where(run.c.night < night, told)
    before = session.connection.scalar(query)
    earlier = {(one.kind, one.subject): one for one in read(session, before)} if before else {}
    session.connection.execute(delete(notice).where(notice.c.night == night))
    kept: dict[tuple[NoticeKind, str], Notice] = {}
    for one in found:
        key = (one.kind, one.subject)
        known, first = earlier.get(key), kept.get(key)
        detail = f"{first.detail}; {one.detail}" if first else one.detail
        kept[key] = replace(one, detail=detail, since=known.since if known else night)
    rows = [
        {
            "night": night,
            "kind": one.kind.value,
            "subject": one.subject,
            "detail": one.detail,
            "since": one.since,
        }
        for one in kept.values()
    ]
    session.add(notice, rows)
    return tuple(kept.values())


def read(session: Session, night: str) -> tuple[Notice, ...]:
    """Return what a night had to tell."""
    columns = notice.c
    query = (
        select(columns.kind, columns.subject, columns.detail, columns.since)
        .where(columns.night == night)
        .order_by(columns.kind, columns.subject)
    )
    rows = session.connection.execute(query).mappings()
    return tuple(Notice(**{**row, "kind": NoticeKind(row["kind"])}) for row in rows)
