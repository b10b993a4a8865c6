"""What became of items: their wordings, one after the other, and what is no longer given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from audit.model.item import Item, ItemKind
from audit.store.database import Session
from audit.store.items import unsealed
from audit.store.schema import item, item_version

Key = tuple[str, str]
"""Account and item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One wording of an item; the words themselves are opened by ``wording``."""

    number: int
    """From 1."""
    first_seen: dt.datetime
    """``as_of`` of the night that first saw it."""
    edited_at: dt.datetime | None
    """When it was edited, as the platform said then; ``None``: it did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """An item that is no longer given."""

    account_id: str
    item_id: str
    kind: ItemKind
    gone_at: dt.datetime
    """``as_of`` of the night that first missed it."""
    reason: str
    """``deleted``, ``private``, or what the platform says; by whom, it does not."""


def departed(
    session: Session, as_of: dt.datetime, accounts: Collection[str] | None = None
) -> dict[Key, Departed]:
    """Return what had vanished by ``as_of``, of some accounts or of all."""
    names = ("account_id", "item_id", "kind", "gone_at")
    query = select(*(item.c[name] for name in names), item.c.gone_reason.label("reason")).where(
        item.c.gone_at <= as_of
    )
    if accounts is not None:
        query = query.where(item.c.account_id.in_(accounts))
    rows = session.connection.execute(query.order_by(*item.primary_key)).mappings()
    found = (Departed(**{**row, "kind": ItemKind(row["kind"])}) for row in rows)
    return {(one.account_id, one.item_id): one for one in found}


def versions(
    session: Session, account_id: str, item_id: str, until: dt.datetime | None = None
) -> tuple[Version, ...]:
    """Return the wordings of an item that were seen by ``until``, oldest first; no words."""
    query = select(item_version).where(
        item_version.c.account_id == account_id, item_version.c.item_id == item_id
    )
    if until is not None:
        query = query.where(item_version.c.first_seen <= until)
    rows = session.connection.execute(query.order_by(item_version.c.version)).mappings()
    return tuple(
        Version(
            number=row["version"],
            first_seen=row["first_seen"],
            edited_at=unsealed(session, row).edited_at,
        )
        for row in rows
    )


def wording(session: Session, account_id: str, item_id: str, number: int) -> Item | None:
    """Open one wording of an item; ``None`` when there is none of that number."""
    row = (
        session.connection.execute(
            select(item_version).where(
                item_version.c.account_id == account_id,
                item_version.c.item_id == item_id,
                item_version.c.version == number,
            )
        )
        .mappings()
        .one_or_none()
    )
    return unsealed(session, row) if row else None
