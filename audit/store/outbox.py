"""Mails between being written and being sent.

A message is claimed in one transaction before it goes to the mail server and marked in
another one afterwards. What stays claimed after a crash has an unknown fate.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from audit.store.database import Session
from audit.store.schema import outbox
from audit.vault import Purpose


class MailState(StrEnum):
    """Where a mail stands."""

    HELD = "held"
    """Waits for a person to release it."""
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """The server refused it for good."""
    REPLACED = "replaced"
    """A newer mail of its kind to the same recipient goes in its place."""
    WRITTEN = "written"
    """Went to a file, because sending was off; sent later only if somebody asks that same night."""


FORGOTTEN = "not sent in time: its text was deleted under the retention rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one recipient."""

    message_key: str
    """Natural key; the same report of the same night never makes a second mail."""
    night: str
    kind: str
    recipient: str
    critical: bool
    content: Mapping[str, str]
    """Subject, text, html and whatever else ``reports.mail`` needs to build it again; empty
    once it was deleted under the retention rules."""
    state: MailState
    attempts: int = 0
    error: str | None = None
    queued_at: dt.datetime
    claimed_at: dt.datetime | None = None
    """When a sender took it; tells one at work from one that died."""
    sent_at: dt.datetime | None = None


def put(session: Session, mail: Mail) -> bool:
    """Queue or hold a mail, unless its key is known; returns whether it was new."""
    sealed = session.vault.seal(
        Purpose.TEXTS, json.dumps(dict(mail.content)), row=f"outbox:{mail.message_key}"
    )
    values = {
        name: getattr(mail, name) for name in Mail.__slots__ if name not in ("content", "state")
    }
    return session.add_missing(outbox, {**values, "state": mail.state.value, "sealed": sealed})


def read(
    session: Session, states: Sequence[MailState] | None = None, night: str | None = None
) -> list[Mail]:
    """Return mails, oldest night first, the critical ones of a night before the others."""
    query = select(outbox).order_by(outbox.c.night, outbox.c.critical.desc(), outbox.c.message_key)
    if states is not None:
        query = query.where(outbox.c.state.in_([state.value for state in states]))
    if night is not None:
        query = query.where(outbox.c.night == night)
    return [_open(session, row) for row in session.connection.execute(query).mappings()]


def known(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of some keys that have a mail."""
    query = select(outbox.c.message_key).where(outbox.c.message_key.in_(keys))
    return set(session.connection.scalars(query))


def held_for(session: Session, kind: str) -> set[str]:
    """Return the recipients for whom a mail of a kind waits to be released."""
    held = outbox.c.state == MailState.HELD.value
    query = select(outbox.c.recipient).where(held, outbox.c.kind == kind).distinct()
    return set(session.connection.scalars(query))


def newest_nights(session: Session) -> dict[tuple[str, str], str]:
    """Return the night of the newest mail by kind and recipient, of those that are not held."""
    columns = outbox.c
    query = (
        select(columns.kind, columns.recipient, func.max(columns.night))
        .where(columns.state != MailState.HELD.value)
        .group_by(columns.kind, columns.recipient)
    )
    return {(row[0], row[1]): row[2] for row in session.connection.execute(query)}


def stuck(session: Session, claimed_before: dt.datetime) -> dict[MailState, int]:
    """Count mails that did not go out and that no later one made up for, by state.

    Those whose text a purge has deleted are left out: nobody can do anything about them.

    Args:
        session: a transaction.
        claimed_before: a mail that is being sent counts when it was taken before this.
    """
    columns = outbox.c
    sent = (
        select(columns.kind, columns.recipient, func.max(columns.night).label("night"))
        .where(columns.state == MailState.SENT.value)
        .group_by(columns.kind, columns.recipient)
        .subquery()
    )
    lost = or_(
        columns.state == MailState.FAILED.value,
        and_(columns.state == MailState.SENDING.value, columns.claimed_at < claimed_before),
    )
    same = and_(columns.kind == sent.c.kind, columns.recipient == sent.c.recipient)
    query = (
        select(columns.state, func.count())
        .select_from(outbox.outerjoin(sent, same))
        .where(lost, columns.sealed != b"")
        .where(or_(sent.c.night.is_(None), sent.c.night < columns.night))
        .group_by(columns.state)
    )
    return {MailState(row[0]): row[1] for row in session.connection.execute(query)}


def claim(session: Session, message_key: str, at: dt.datetime) -> bool:
    """Take a mail for sending; False when somebody else took it."""
    return any(
        _move(session, message_key, old, MailState.SENDING, claimed_at=at)
        for old in (MailState.QUEUED, MailState.WRITTEN)
    )


def mark_written(session: Session, message_key: str) -> None:
    """Note that a queued mail went to a file."""
    _move(session, message_key, MailState.QUEUED, MailState.WRITTEN)


def mark_sent(session: Session, message_key: str, at: dt.datetime) -> None:
    """Note that the server took a claimed mail."""
    _move(session, message_key, MailState.SENDING, MailState.SENT, sent_at=at, error=None)


def mark_failed(session: Session, message_key: str, error: str) -> None:
    """Note that the server refused a claimed mail for good."""
    _move(session, message_key, MailState.SENDING, MailState.FAILED, error=error)


def mark_replaced(session: Session, message_key: str, why: str) -> None:
    """Note that a mail is not sent, because a newer one repeats whatever is still open."""
    for old in (MailState.QUEUED, MailState.WRITTEN):
        _move(session, message_key, old, MailState.REPLACED, error=why)


def queue_again(session: Session, message_key: str, why: str) -> None:
    """Queue a mail that the server refused, after a person has seen to the reason."""
    _move(session, message_key, MailState.FAILED, MailState.QUEUED, error=why)


def put_back(session: Session, message_key: str, error: str) -> None:
    """Queue a claimed mail again, after a failure in which it surely was not sent."""
    _move(session, message_key, MailState.SENDING, MailState.QUEUED, error=error)


def forget(session: Session, message_key: str) -> None:
    """Delete the content of a mail; its key stays, so that it is never written anew.

    One that waits for the server, or has an unknown fate, has failed: it can no longer be sent.
    One that is held stays held, so that what waits behind it is not let go.
    """
    session.scrub_later()
    for state in (MailState.QUEUED, MailState.SENDING):
        _move(session, message_key, state, MailState.FAILED, error=FORGOTTEN)
    session.connection.execute(
        update(outbox).where(outbox.c.message_key == message_key).values(sealed=b"")
    )


def release(session: Session, night: str | None = None) -> int:
    """Let held mails go, of one night or all; returns how many."""
    query = update(outbox).where(outbox.c.state == MailState.HELD.value)
    if night is not None:
        query = query.where(outbox.c.night == night)
    failed = {"state": MailState.FAILED.value, "error": FORGOTTEN}
    session.connection.execute(query.where(outbox.c.sealed == b"").values(**failed))
    return session.connection.execute(query.values(state=MailState.QUEUED.value)).rowcount


def _move(session: Session, message_key: str, old: MailState, new: MailState, **values: Any) -> int:
    if new is MailState.SENDING:
        values["attempts"] = outbox.c.attempts + 1
    return session.connection.execute(
        update(outbox)
        .where(outbox.c.message_key == message_key, outbox.c.state == old.value)
        .values(state=new.value, **values)
    ).rowcount


def _open(session: Session, row: Any) -> Mail:
    name = f"outbox:{row['message_key']}"
    sealed = row["sealed"]
    content = json.loads(session.vault.open(Purpose.TEXTS, sealed, row=name)) if sealed else {}
    fields = {key: row[key] for key in Mail.__slots__ if key not in ("content", "state")}
    return Mail(**fields, content=content, state=MailState(row["state"]))
