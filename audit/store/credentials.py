"""What lets accounts be read: tokens, sealed, with all that may be known of them in the clear.

A row of a platform without an account serves all accounts of that platform that have no row of
their own. A renewal is guarded by a lease in the row: taken in one transaction, given back with
the new tokens in another, so that nothing is held open while the platform is asked. Who finds a
lease that has ended, finds a renewal whose end nobody knows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from audit.store.database import Session
from audit.store.schema_upkeep import credential
from audit.vault import Purpose

MAX_ATTEMPTS = 2
"""Renewals of the same tokens that may end without anybody knowing how: the first call may
never have left, so that the old refresh token is tried once more, and not again."""


class State(StrEnum):
    """Where a credential stands."""

    VALID = "valid"
    RENEWING = "renewing"
    LOST = "lost"
    """Only a person can help: the platform does not take the refresh token any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A credential without its secrets."""

    platform: str
    account_id: str
    """Empty: serves the whole platform."""
    state: State = State.VALID
    generation: int = 1
    """Grows with each pair of tokens."""
    scopes: tuple[str, ...] | None = None
    """``None``: the platform does not tell."""
    expires_at: dt.datetime | None = None
    """Of the access token; ``None``: not known, or it has no date."""
    renewable_until: dt.datetime | None = None
    """Of the refresh token; likewise."""
    renewable: bool = False
    """Whether it is renewed without a person."""
    saved_at: dt.datetime
    """When these tokens were stored."""
    renewed_at: dt.datetime | None = None
    """The same, where they came by a renewal."""
    lease: str | None = None
    leased_at: dt.datetime | None = None
    lease_until: dt.datetime | None = None
    attempts: int = 0
    """Renewals of these tokens that began and whose end is not known."""
    problem: str | None = None
    """Why the last renewal failed; for people to read, holds no secret."""

    @property
    def holder(self) -> str:
        """What it serves, as people call it."""
        return self.account_id or f"all accounts of {self.platform}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The tokens; never shown."""

    token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A credential with its secrets."""

    standing: Standing
    secrets: Secrets


def standings(session: Session) -> tuple[Standing, ...]:
    """Return all credentials by platform and account."""
    query = select(credential).order_by(credential.c.platform, credential.c.account_id)
    return tuple(_standing(row) for row in session.connection.execute(query).mappings())


def find(session: Session, platform: str, account_id: str) -> Held | None:
    """Return one credential, exactly that one."""
    query = select(credential).where(_is(platform, account_id))
    row = session.connection.execute(query).mappings().one_or_none()
    return _held(session, row) if row else None


def serving(session: Session, platform: str, account_id: str) -> Held | None:
    """Return what an account is read with: its own credential, else its platform's."""
    return find(session, platform, account_id) or find(session, platform, "")


def save(session: Session, new: Standing, secrets: Secrets) -> Standing:
    """Store tokens in place of those before, whatever became of them."""
    _lock(session, new.platform, new.account_id)
    old = session.connection.scalar(
        select(func.max(credential.c.generation)).where(_is(new.platform, new.account_id))
    )
    new = replace(new, generation=(old or 0) + 1)
    session.upsert(credential, [_row(session, new, secrets)])
    return new


def remove(session: Session, platform: str, account_id: str) -> bool:
    """Forget a credential; returns whether there was one."""
    _lock(session, platform, account_id)
    done = session.connection.execute(delete(credential).where(_is(platform, account_id)))
    return done.rowcount == 1


def take(
    session: Session,
    seen: Standing,
    lease: str,
    now: dt.datetime,
    until: dt.datetime,
    *,
    spends: bool = True,
) -> Held | None:
    """Take the lease for a renewal of the tokens that were seen, if it is to be had.

    Args:
        session: a transaction that writes.
        seen: the tokens.
        lease: a name for this renewal.
        now: the time.
        until: when the lease ends.
        spends: whether a renewal may spend what is shown. Then ``MAX_ATTEMPTS`` whose end nobody
            knows make the credential lost; a token that only lives on can be shown again.

    Returns:
        The credential as it is now; the lease is taken when it holds ``lease``. Otherwise
        somebody else holds it, or has renewed, or it is lost. ``None``: it was removed.
    """
    _lock(session, seen.platform, seen.account_id)
    held = find(session, seen.platform, seen.account_id)
    if held is None or _differs(held.standing, seen) or held.standing.state is State.LOST:
        return held
    found = held.standing
    if found.state is State.RENEWING and found.lease_until and found.lease_until > now:
        return held
    if spends and found.attempts >= MAX_ATTEMPTS:
        problem = f"{found.attempts} renewals ended without anybody knowing how"
        taken = replace(found, state=State.LOST, lease=None, lease_until=None, problem=problem)
    else:
        taken = replace(
            found,
            state=State.RENEWING,
            lease=lease,
            leased_at=now,
            lease_until=until,
            attempts=found.attempts + 1,
        )
    _set(session, taken, _is(seen.platform, seen.account_id))
    return replace(held, standing=taken)


def renewed(session: Session, seen: Standing, new: Standing, secrets: Secrets) -> bool:
    """Store the tokens that a renewal brought; returns whether they are the ones in force.

    They are stored also when the lease has ended in the meantime: the platform has made them,
    and whoever took the lease over holds tokens that are no more.
    """
    _lock(session, seen.platform, seen.account_id)
    held = find(session, seen.platform, seen.account_id)
    if held is None or _differs(held.standing, seen):
        return False
    new = replace(new, generation=seen.generation + 1)
    session.upsert(credential, [_row(session, new, secrets)])
    return True


def give_back(session: Session, taken: Standing, *, lost: bool, problem: str) -> None:
    """End a renewal that brought no tokens, unless somebody else has gone on with it."""
    _lock(session, taken.platform, taken.account_id)
    state = State.LOST if lost else State.VALID
    ended = replace(
        taken, state=state, lease=None, leased_at=None, lease_until=None, attempts=0,
        problem=problem,
    )  # fmt: skip
    mine = and_(_is(taken.platform, taken.account_id), credential.c.lease == taken.lease)
    _set(session, ended, mine)


def learn(session: Session, seen: Standing, **facts: Any) -> None:
    """Note what the platform told about tokens, unless they were replaced in the meantime."""
    same = credential.c.generation == seen.generation
    where = and_(_is(seen.platform, seen.account_id), same)
    session.connection.execute(update(credential).where(where).values(**facts))


def _differs(found: Standing, seen: Standing) -> bool:
    """Whether other tokens stand there now; removed and set anew, they count from 1 again."""
    return (found.generation, found.saved_at) != (seen.generation, seen.saved_at)


def _is(platform: str, account_id: str) -> ColumnElement[bool]:
    return and_(credential.c.platform == platform, credential.c.account_id == account_id)


def _lock(session: Session, platform: str, account_id: str) -> None:
    session.lock(f"credential:{platform}:{account_id}")


def _name(one: Standing) -> str:
    return f"credential:{one.platform}:{one.account_id}:{one.generation}"


def _row(session: Session, one: Standing, secrets: Secrets) -> dict[str, Any]:
    text = json.dumps({"token": secrets.token, "refresh_token": secrets.refresh_token})
    sealed = session.vault.seal(Purpose.TOKENS, text, row=_name(one))
    return {**_columns(one), "sealed": sealed}


def _columns(one: Standing) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in Standing.__slots__}
    values["scopes"] = None if one.scopes is None else list(one.scopes)
    return {**values, "state": one.state.value}


def _set(session: Session, one: Standing, where: ColumnElement[bool]) -> None:
    session.connection.execute(update(credential).where(where).values(**_columns(one)))


def _standing(row: Any) -> Standing:
    values = {name: row[name] for name in Standing.__slots__}
    scopes: Sequence[str] | None = row["scopes"]
    values["scopes"] = None if scopes is None else tuple(scopes)
    return Standing(**{**values, "state": State(row["state"])})


def _held(session: Session, row: Any) -> Held:
    standing = _standing(row)
    opened = json.loads(session.vault.open(Purpose.TOKENS, row["sealed"], row=_name(standing)))
    return Held(standing=standing, secrets=Secrets(**opened))
