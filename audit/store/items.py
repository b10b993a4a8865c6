"""Published items: each once, with its wordings, and when each was first and last seen."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, func, or_, select, update

from audit.model.item import Item, ItemKind
from audit.model.record import Validator
from audit.store.database import Session
from audit.store.schema import item, item_version, validator
from audit.vault import Purpose

_ITEM = TypeAdapter(Item)
METRICS = ("likes", "comments", "shares")
UNHASHED: dict[str, Any] = {
    **dict.fromkeys((*METRICS, "permalink", "source_id", "edited_at"), True),
    "profile": {"followers"},
}
"""Fields whose change is no edit: counts, addresses, and a platform's own edit mark, which
some platforms also move for a new comment."""


def save(session: Session, account_id: str, items: Sequence[Item], seen_at: dt.datetime) -> int:
    """Keep what a night saw of an account; returns how many items are new or edited.

    An item that is seen again unchanged costs an update of one row. Items are seen at the
    night's ``as_of``, so that the same night told twice leaves the same rows.
    """
    known = _newest(session, account_id, [one.item_id for one in items])
    versions = []
    for one in items:
        payload = _ITEM.dump_json(replace(one, likes=None, comments=None, shares=None)).decode()
        digest = _content_hash(session, one)
        number, old = known.get(one.item_id, (0, None))
        if digest == old:
            continue
        row = f"item_version:{account_id}:{one.item_id}:{number + 1}"
        versions.append(
            {
                "account_id": account_id,
                "item_id": one.item_id,
                "version": number + 1,
                "content_hash": digest,
                "first_seen": seen_at,
                "sealed": session.vault.seal(Purpose.TEXTS, payload, row=row),
            }
        )
    first = _first_seen(session, account_id)
    session.upsert(
        item,
        [
            {
                "account_id": account_id,
                "item_id": one.item_id,
                "kind": one.kind.value,
                "created_at": one.created_at,
                "first_seen": first.get(one.item_id, seen_at),
                "last_seen": seen_at,
                "gone_at": None,
                "gone_reason": None,
                "metrics": {name: getattr(one, name) for name in METRICS},
            }
            for one in items
        ],
    )
    session.add(item_version, versions)
    return len(versions)


def mark_seen(session: Session, account_id: str, ids: Iterable[str], at: dt.datetime) -> None:
    """Note that known items are still there, unchanged."""
    _update(session, account_id, ids, {"last_seen": at})


def mark_gone(
    session: Session, account_id: str, reasons: Mapping[str, str], at: dt.datetime
) -> None:
    """Note that items have vanished; their last wording is kept until it is purged."""
    for item_id, reason in reasons.items():
        columns = item.c
        session.connection.execute(
            update(item)
            .where(columns.account_id == account_id, columns.item_id == item_id)
            .where(columns.gone_at.is_(None))
            .values(gone_at=at, gone_reason=reason)
        )


def read(
    session: Session, account_id: str, *, as_of: dt.datetime, since: dt.datetime
) -> tuple[Item, ...]:
    """Return an account's items as they stood at ``as_of``, oldest first.

    Items written before ``since`` are left out, the profile and undated items are not. What
    had vanished by then is left out as well.
    """
    rows = session.connection.execute(
        _as_of_query(account_id, as_of)
        .where(or_(item.c.created_at.is_(None), item.c.created_at >= since))
        .where(or_(item.c.gone_at.is_(None), item.c.gone_at > as_of))
    ).mappings()
    items = [_open(session, row) for row in rows]
    return tuple(sorted(items, key=_by_age))


def seen(session: Session, account_id: str, as_of: dt.datetime) -> frozenset[str]:
    """Return the ids of the items that the night at ``as_of``, or a later one, saw."""
    query = select(item.c.item_id).where(item.c.account_id == account_id, item.c.last_seen >= as_of)
    return frozenset(session.connection.scalars(query))


def counts(session: Session, since: dt.datetime) -> dict[str, Counter[ItemKind]]:
    """Return by account how many items of each kind were written since, gone ones left out."""
    columns = item.c
    rows = session.connection.execute(
        select(columns.account_id, columns.kind, func.count())
        .where(columns.created_at >= since, columns.gone_at.is_(None))
        .group_by(columns.account_id, columns.kind)
    )
    found: dict[str, Counter[ItemKind]] = {}
    for account_id, kind, number in rows:
        found.setdefault(account_id, Counter())[ItemKind(kind)] = number
    return found


def own_ids(session: Session, account_id: str) -> frozenset[str]:
    """Return the ids of everything that the account itself ever wrote."""
    query = select(item.c.item_id).where(
        item.c.account_id == account_id, item.c.kind.in_([ItemKind.POST, ItemKind.REPLY])
    )
    return frozenset(session.connection.scalars(query))


def one(session: Session, account_id: str, item_id: str, as_of: dt.datetime) -> Item | None:
    """Return one item as it stood at ``as_of``, also when it is gone."""
    query = _as_of_query(account_id, as_of).where(item.c.item_id == item_id)
    row = session.connection.execute(query).mappings().one_or_none()
    return _open(session, row) if row else None


def gone(session: Session, account_id: str, as_of: dt.datetime) -> dict[str, str]:
    """Return the ids of items that had vanished by ``as_of``, with the reasons."""
    rows = session.connection.execute(
        select(item.c.item_id, item.c.gone_reason).where(
            item.c.account_id == account_id, item.c.gone_at <= as_of
        )
    )
    return {row[0]: row[1] for row in rows}


def save_validators(session: Session, account_id: str, found: Sequence[Validator]) -> None:
    """Keep what to send with the next conditional requests."""
    session.upsert(
        validator,
        [
            {
                "account_id": account_id,
                "url": one.url,
                "etag": one.etag,
                "last_modified": one.last_modified,
            }
            for one in found
        ],
    )


def validators(session: Session, account_id: str) -> dict[str, Validator]:
    """Return the validators of an account by address."""
    rows = session.connection.execute(
        select(validator).where(validator.c.account_id == account_id)
    ).mappings()
    return {
        row["url"]: Validator(url=row["url"], etag=row["etag"], last_modified=row["last_modified"])
        for row in rows
    }


def _content_hash(session: Session, one: Item) -> str:
    content = _ITEM.dump_python(one, mode="json", exclude=UNHASHED)
    return session.vault.digest(Purpose.CONTENT, json.dumps(content, sort_keys=True))


def _newest(session: Session, account_id: str, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    newest = (
        select(item_version.c.item_id, func.max(item_version.c.version).label("version"))
        .where(item_version.c.account_id == account_id)
        .group_by(item_version.c.item_id)
        .subquery()
    )
    rows = session.connection.execute(
        select(item_version.c.item_id, item_version.c.version, item_version.c.content_hash).join(
            newest,
            and_(
                item_version.c.item_id == newest.c.item_id,
                item_version.c.version == newest.c.version,
                item_version.c.account_id == account_id,
            ),
        )
    )
    wanted = set(ids)
    return {row[0]: (row[1], row[2]) for row in rows if row[0] in wanted}


def _first_seen(session: Session, account_id: str) -> dict[str, dt.datetime]:
    rows = session.connection.execute(
        select(item.c.item_id, item.c.first_seen).where(item.c.account_id == account_id)
    )
    return {row[0]: row[1] for row in rows}


def _as_of_query(account_id: str, as_of: dt.datetime) -> Any:
    then = (
        select(item_version.c.item_id, func.max(item_version.c.version).label("version"))
        .where(item_version.c.account_id == account_id, item_version.c.first_seen <= as_of)
        .group_by(item_version.c.item_id)
        .subquery()
    )
    same: ColumnElement[bool] = and_(
        item_version.c.item_id == then.c.item_id, item_version.c.version == then.c.version
    )
    return (
        select(
            item.c.account_id,
            item.c.item_id,
            item.c.metrics,
            item_version.c.version,
            item_version.c.sealed,
        )
        .join(item_version, item.c.item_id == item_version.c.item_id)
        .join(then, same)
        .where(item.c.account_id == account_id, item_version.c.account_id == account_id)
    )


def _open(session: Session, row: Any) -> Item:
    name = f"item_version:{row['account_id']}:{row['item_id']}:{row['version']}"
    payload = session.vault.open(Purpose.TEXTS, row["sealed"], row=name)
    return replace(_ITEM.validate_json(payload), **row["metrics"])


def _by_age(one: Item) -> tuple[bool, dt.datetime, str]:
    profile = one.kind is ItemKind.PROFILE
    return not profile, one.created_at or dt.datetime.min.replace(tzinfo=dt.UTC), one.item_id


def _update(
    session: Session, account_id: str, ids: Iterable[str], values: Mapping[str, Any]
) -> None:
    wanted = list(ids)
    if wanted:
        session.connection.execute(
            update(item)
            .where(item.c.account_id == account_id, item.c.item_id.in_(wanted))
            .values(**values)
        )
