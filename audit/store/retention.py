"""What is held of each account, without opening it, and how it is taken away.

An item whose wordings are gone keeps its row: id, kind, times, and whether the account took it
down. Without it, a comment on it would change its id, and what was merely deleted here would
look as if it had never been there, or as if the account had removed it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from audit.model.item import ItemKind
from audit.model.verdict import Level
from audit.retention import Holding, Quotation, Removal, Wording
from audit.store.database import Session
from audit.store.schema import account, finding, item, item_version, judgement, run, validator

EMPTY = b""
"""Stands in a ``sealed`` column whose content was deleted."""


def platforms(session: Session) -> dict[str, str]:
    """Return the platform of every account that was ever registered, by account id."""
    query = select(account.c.account_id, account.c.platform).order_by(account.c.account_id)
    return {row[0]: row[1] for row in session.connection.execute(query)}


def holdings(session: Session, account_id: str) -> list[Holding]:
    """Return every item of an account, with the wordings that are kept."""
    same = (item_version.c.account_id == item.c.account_id) & (
        item_version.c.item_id == item.c.item_id
    )
    columns = (item.c.item_id, item.c.kind, item.c.last_seen, item.c.gone_at)
    rows = session.connection.execute(
        select(*columns, item_version.c.version, item_version.c.first_seen)
        .join(item_version, same, isouter=True)
        .where(item.c.account_id == account_id)
        .order_by(item.c.item_id, item_version.c.version)
    )
    return [
        Holding(
            item_id=key[0],
            kind=ItemKind(key[1]),
            last_seen=key[2],
            gone_at=key[3],
            wordings=tuple(
                Wording(version=row.version, first_seen=row.first_seen)
                for row in group
                if row.version is not None
            ),
        )
        for key, group in groupby(rows, key=lambda row: tuple(row[:4]))
    ]


def quotations(session: Session, account_id: str) -> list[Quotation]:
    """Return the findings of an account that still have their evidence."""
    rows = session.connection.execute(
        select(finding.c.fingerprint, finding.c.level, finding.c.subject_id, run.c.as_of)
        .join(run, run.c.night == finding.c.night)
        .where(finding.c.account_id == account_id, finding.c.sealed != EMPTY)
        # What owners filed themselves is no content of a platform.
        .where(finding.c.level != Level.REGISTRY.value)
        .order_by(finding.c.fingerprint)
    )
    return [
        Quotation(fingerprint=row[0], level=Level(row[1]), subject_id=row[2], worded_at=row[3])
        for row in rows
    ]


def remove(session: Session, account_id: str, what: Removal) -> None:
    """Take it away, with the results judged on it and what would hide it from a next reading."""
    session.scrub_later()
    touched = dict.fromkeys(item_id for item_id, _ in what.wordings)
    _delete(
        session,
        item_version,
        account_id,
        [{"b_item_id": item_id, "b_version": version} for item_id, version in what.wordings],
    )
    # Judged again, they say the same; a result taken over might quote what is gone.
    _delete(session, judgement, account_id, [{"b_item_id": item_id} for item_id in touched])
    _each(
        session,
        update(item)
        .where(item.c.account_id == account_id, item.c.item_id == bindparam("b_item_id"))
        .values(metrics={}),
        [{"b_item_id": item_id} for item_id in what.emptied],
    )
    _each(
        session,
        update(finding)
        .where(finding.c.fingerprint == bindparam("b_fingerprint"))
        .values(sealed=EMPTY),
        [{"b_fingerprint": one} for one in what.evidence],
    )
    _delete(session, item, account_id, [{"b_item_id": item_id} for item_id in what.traces])
    if touched:
        # "Not changed since" would keep what is deleted here, and still online, from coming again.
        session.connection.execute(delete(validator).where(validator.c.account_id == account_id))


def readable(session: Session, account_id: str, as_of: dt.datetime) -> frozenset[str]:
    """Return the ids of the items of which a wording of that moment is kept."""
    query = (
        select(item_version.c.item_id)
        .where(item_version.c.account_id == account_id, item_version.c.first_seen <= as_of)
        .distinct()
    )
    return frozenset(session.connection.scalars(query))


def lost(
    session: Session, account_id: str, as_of: dt.datetime, kept: Collection[str]
) -> dict[str, ItemKind]:
    """Return the items that the night at ``as_of`` saw and that are not ``kept``, by id."""
    rows = session.connection.execute(
        select(item.c.item_id, item.c.kind).where(
            item.c.account_id == account_id,
            item.c.first_seen <= as_of,
            item.c.last_seen >= as_of,
        )
    )
    return {row[0]: ItemKind(row[1]) for row in rows if row[0] not in kept}


def _delete(
    session: Session, table: Table, account_id: str, keys: Sequence[Mapping[str, Any]]
) -> None:
    if keys:
        names = [name.removeprefix("b_") for name in keys[0]]
        statement = delete(table).where(table.c.account_id == account_id)
        for name in names:
            statement = statement.where(table.c[name] == bindparam(f"b_{name}"))
        _each(session, statement, keys)


def _each(session: Session, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    wanted = [dict(row) for row in rows]
    if wanted:
        session.connection.execute(statement, wanted)
