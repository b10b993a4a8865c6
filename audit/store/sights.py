"""What nights saw of accounts themselves; how they stand is derived, see ``audit.lifecycle``."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy import select

from audit.model.life import AccountSight, AccountState
from audit.store.database import Session
from audit.store.schema import run
from audit.store.schema_upkeep import account_sight


def save(session: Session, one: AccountSight) -> None:
    """Keep what a night saw, in place of what an earlier try of it did.

    A try that learnt nothing leaves what there is: it is no sight.
    """
    if one.state is AccountState.UNCLEAR:
        return
    values = {name: getattr(one, name) for name in AccountSight.__slots__}
    sight = values.pop("state").value
    session.upsert(account_sight, [{**values, "sight": sight}])


def read(
    session: Session, until: str | None = None, account_id: str | None = None
) -> dict[str, list[AccountSight]]:
    """Return sights by account, in the order of the nights, up to and with ``until``."""
    query = select(account_sight).order_by(account_sight.c.night)
    if until is not None:
        query = query.where(account_sight.c.night <= until)
    if account_id is not None:
        query = query.where(account_sight.c.account_id == account_id)
    found: defaultdict[str, list[AccountSight]] = defaultdict(list)
    for row in session.connection.execute(query).mappings():
        values = {name: row[name] for name in AccountSight.__slots__ if name != "state"}
        sight = AccountSight(**values, state=AccountState(row["sight"]))
        found[sight.account_id].append(sight)
    return dict(found)


def platform_id(
    session: Session, account_id: str, night: str, since: dt.datetime | None
) -> str | None:
    """Return the platform's own id of an account, as the last night before ``night`` saw it.

    Args:
        session: an open transaction.
        account_id: whose.
        night: itself left out, so that each of its tries knows the same.
        since: when the registry gave the account another name or address; what was seen
            before that was at another place.
    """
    columns = account_sight.c
    query = (
        select(columns.platform_id)
        .join(run, run.c.night == columns.night)
        .where(columns.account_id == account_id, columns.night < night)
        .where(columns.platform_id.is_not(None))
        .order_by(columns.night.desc())
        .limit(1)
    )
    if since is not None:
        query = query.where(run.c.as_of >= since)
    return session.connection.scalar(query)
