"""The registry and the registers, as the store keeps them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import and_, func, select, update

from audit.errors import ConfigError
from audit.model.account import Account
from audit.store.database import Session
from audit.store.schema import account, account_change, acknowledged_gap, register

_ACCOUNT = TypeAdapter(Account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What an import of the registry did, as account ids."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A list that University Relations keeps, as last imported."""

    name: str
    as_of: dt.date
    rows: tuple[Mapping[str, Any], ...]
    digest: str


def replace_all(session: Session, accounts: Sequence[Account], now: dt.datetime) -> Import:
    """Make ``accounts`` the registry; accounts that are no longer in it become inactive.

    Raises:
        ConfigError: an id stood for an account of another platform before.
    """
    table = session.connection.execute(select(account)).mappings().all()
    before = {row["account_id"]: row for row in table}
    after = {one.account_id: _ACCOUNT.dump_python(one, mode="json") for one in accounts}
    for key, data in after.items():
        if key in before and before[key]["platform"] != data["platform"]:
            raise ConfigError(
                f"account_id {key!r} stands for an account of {before[key]['platform']}; "
                f"give the one of {data['platform']} an id of its own"
            )
    active = {key for key, row in before.items() if row["active"]}
    added = tuple(key for key in after if key not in active)
    removed = tuple(sorted(active - set(after)))
    changed = tuple(
        key for key, data in after.items() if key in active and before[key]["data"] != data
    )
    session.upsert(
        account,
        [
            {
                "account_id": key,
                "platform": data["platform"],
                "data": data,
                "active": True,
                "registered_at": before[key]["registered_at"] if key in before else now,
            }
            for key, data in after.items()
        ],
    )
    if removed:
        gone = account.c.account_id.in_(removed)
        session.connection.execute(update(account).where(gone).values(active=False))
    session.add(
        account_change,
        [
            {
                "account_id": key,
                "changed_at": now,
                "before": before[key]["data"] if key in active else None,
                "after": after.get(key),
            }
            for key in (*added, *changed, *removed)
        ],
    )
    return Import(added=added, changed=changed, removed=removed)


def registered(session: Session) -> tuple[Account, ...]:
    """Return the active accounts by id."""
    rows = session.connection.scalars(
        select(account.c.data).where(account.c.active).order_by(account.c.account_id)
    )
    return tuple(_ACCOUNT.validate_python(row) for row in rows)


def one(session: Session, account_id: str) -> Account:
    """Return an active account.

    Raises:
        ConfigError: it is not, or no longer, in the registry.
    """
    query = select(account.c.data).where(account.c.active, account.c.account_id == account_id)
    row = session.connection.scalar(query)
    if row is None:
        raise ConfigError(f"account {account_id!r} is not in the registry")
    return _ACCOUNT.validate_python(row)


def changes(session: Session) -> list[dict[str, Any]]:
    """Return the history of the registry, oldest first.

    One dict per change: account_id, changed_at, before, after, note.
    """
    rows = session.connection.execute(select(account_change).order_by(account_change.c.change_id))
    return [dict(row) for row in rows.mappings()]


def confirm(session: Session, account_id: str, note: str, now: dt.datetime) -> None:
    """Record that whatever account has the registered name now is the registered one."""
    query = select(account.c.data).where(account.c.account_id == account_id)
    data = session.connection.scalar(query)
    row = {"account_id": account_id, "changed_at": now, "before": data, "after": data}
    session.add(account_change, [{**row, "note": note}])


def moved_at(session: Session, account_id: str) -> dt.datetime | None:
    """Return when the registry last began to mean another account of the platform.

    That is when it got another address or handle, also by leaving the registry and coming back,
    or when somebody confirmed that the account of the same name is another one. ``None``: never.
    """
    query = (
        select(account_change)
        .where(account_change.c.account_id == account_id)
        .order_by(account_change.c.change_id)
    )
    moment: dt.datetime | None = None
    known: Mapping[str, Any] = {}
    for row in session.connection.execute(query).mappings():
        after = row["after"] or known
        renamed = known and any(known[x] != after[x] for x in ("url", "handle"))
        if renamed or row["note"] is not None:
            moment = row["changed_at"]
        known = after
    return moment


def save_register(
    session: Session, name: str, as_of: dt.date, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Keep a register; one drawn up on another day does not replace it."""
    digest = hashlib.sha256(json.dumps([*rows], sort_keys=True).encode()).hexdigest()[:16]
    session.upsert(register, [{"name": name, "as_of": as_of, "digest": digest, "rows": [*rows]}])


def registers(session: Session, day: dt.date) -> dict[str, Register]:
    """Return by name the newest registers that were drawn up on ``day`` or before."""
    newest = (
        select(register.c.name, func.max(register.c.as_of).label("as_of"))
        .where(register.c.as_of <= day)
        .group_by(register.c.name)
        .subquery()
    )
    query = select(register).join(
        newest, and_(register.c.name == newest.c.name, register.c.as_of == newest.c.as_of)
    )
    rows = session.connection.execute(query).mappings()
    return {
        row["name"]: Register(
            name=row["name"], as_of=row["as_of"], rows=tuple(row["rows"]), digest=row["digest"]
        )
        for row in rows
    }


def acknowledge(session: Session, row: Mapping[str, Any]) -> None:
    """Record that a person knows of a gap: account_id, facet, gap_kind, by, reason, until."""
    session.upsert(acknowledged_gap, [row])


def acknowledged(session: Session, today: dt.date) -> set[tuple[str, str, str]]:
    """Return (account_id, facet, gap_kind) of the gaps that are accepted today."""
    columns = acknowledged_gap.c
    rows = session.connection.execute(
        select(columns.account_id, columns.facet, columns.gap_kind).where(columns.until >= today)
    )
    return {(row[0], row[1], row[2]) for row in rows}
