"""What has been used of the limits that all workers of an installation share.

Amounts are taken before a call is made, in one statement that takes nothing when it would be
too much: two workers cannot overspend, on either database. What a crash leaves behind stays
taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, select, update

from audit.model.item import GapKind
from audit.store.database import Session
from audit.store.schema import fetch, run
from audit.store.schema_upkeep import allowance, usage

PASSING = tuple(one.value for one in GapKind if one.transient)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Charge:
    """An amount of one unit in one period, to be taken from one holder's limit."""

    platform: str
    holder: str
    unit: str
    period: str
    amount: int
    limit: int
    stale: tuple[str, ...] = ()
    """Of a short period: what the names of all such periods begin with, and the first of them
    that is still of use; rows of those before it are deleted."""


class Refused(Exception):  # noqa: N818  (it is an answer; the transaction has to be undone)
    """A charge would exceed its limit."""

    def __init__(self, charge: Charge, used: int) -> None:
        super().__init__("refused")
        self.charge, self.used = charge, used


def take(session: Session, charges: Iterable[Charge]) -> None:
    """Take all of the charges, or none.

    Raises:
        Refused: one would exceed its limit; leave the transaction by it.
    """
    # In a fixed order, so that two workers never wait for each other.
    for one in sorted(charges):
        fresh = session.add_missing(allowance, {**_key(one), "used": 0})
        if fresh and one.stale:
            session.connection.execute(delete(allowance).where(_past(one)))
        taken = session.connection.execute(
            update(allowance)
            .where(_row(one), allowance.c.used + one.amount <= one.limit)
            .values(used=allowance.c.used + one.amount)
        )
        if taken.rowcount != 1:
            raise Refused(one, used(session, one))


def settle(session: Session, charges: Sequence[tuple[Charge, int]]) -> None:
    """Put what a call really cost in place of what was taken for it, more or less."""
    for one, cost in sorted(charges):
        if cost != one.amount:
            session.connection.execute(
                update(allowance)
                .where(_row(one))
                .values(used=allowance.c.used + (cost - one.amount))
            )


def used(session: Session, charge: Charge) -> int:
    """Return how much has been taken from the limit that a charge is about."""
    return session.connection.scalar(select(allowance.c.used).where(_row(charge))) or 0


def add_usage(session: Session, night: str, account_id: str, spent: Mapping[str, int]) -> None:
    """Add to what reading an account has cost in a night."""
    for unit, amount in sorted(spent.items()):
        row = {"night": night, "account_id": account_id, "unit": unit}
        session.add_missing(usage, {**row, "used": 0})
        session.connection.execute(
            update(usage)
            .where(*(usage.c[name] == value for name, value in row.items()))
            .values(used=usage.c.used + amount)
        )


def usages(session: Session, nights: int) -> dict[str, list[dict[str, int]]]:
    """Return by account what reading cost, for each of the last nights that read anything.

    Nights in which a limit of ours cut an account short, or the platform gave nothing of a facet
    for now, say nothing of what it costs.
    """
    recent = select(run.c.night).where(run.c.night.in_(select(usage.c.night)))
    newest = recent.order_by(run.c.as_of.desc()).limit(nights)
    cut = (
        select(fetch.c.night)
        .where(fetch.c.night == usage.c.night, fetch.c.account_id == usage.c.account_id)
        .where(
            (fetch.c.gap_kind == GapKind.BUDGET.value)
            | (fetch.c.gap_kind.in_(PASSING) & ~fetch.c.partial)
        )
    )
    rows = session.connection.execute(
        select(usage).where(usage.c.night.in_(newest), ~cut.exists())
    ).mappings()
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in rows:
        by_night = found.setdefault(row["account_id"], {})
        by_night.setdefault(row["night"], {})[row["unit"]] = row["used"]
    return {account_id: list(by_night.values()) for account_id, by_night in found.items()}


def _key(charge: Charge) -> dict[str, str]:
    return {name: getattr(charge, name) for name in ("platform", "holder", "unit", "period")}


def _row(charge: Charge) -> ColumnElement[bool]:
    return and_(*(allowance.c[name] == value for name, value in _key(charge).items()))


def _past(charge: Charge) -> ColumnElement[bool]:
    columns, (prefix, oldest) = allowance.c, charge.stale
    return and_(
        columns.platform == charge.platform,
        columns.holder == charge.holder,
        columns.unit == charge.unit,
        columns.period.startswith(prefix, autoescape=True),
        columns.period < oldest,
    )
