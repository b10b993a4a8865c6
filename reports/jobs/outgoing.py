"""Puts a rendered mail into the outbox, once."""

from __future__ import annotations

import datetime as dt

from audit.installation import Installation
from audit.store import outbox
from audit.store.outbox import Mail, MailState
from audit.store.runs import Run
from audit.vault import Purpose
from reports.model.message import Message

OWNER, RELATIONS, OPERATIONS = "owner", "relations", "operations"
"""Kinds of mail; each has a folder of templates."""


def message_key(kind: str, run: Run, recipient_key: str) -> str:
    """Return the natural key of a mail: one kind, one night, one recipient."""
    return f"{kind}/{run.night}/{recipient_key}"


def recipient_key(installation: Installation, address: str) -> str:
    """Return a keyed hash that stands for somebody who is no owner."""
    return installation.store.vault.digest(Purpose.HANDLES, "recipient", address.lower())


def known(installation: Installation, keys: list[str]) -> set[str]:
    """Return those of some message keys that are in the outbox already."""
    with installation.store.read() as session:
        return outbox.known(session, keys)


def put(installation: Installation, run: Run, message: Message, *, hold: bool) -> bool:
    """Queue or hold a mail; returns whether it was new."""
    recorded = installation.settings.recordings is not None
    mail = Mail(
        message_key=message.message_key,
        night=run.night,
        kind=message.kind,
        recipient=message.recipient,
        critical=message.critical,
        content={
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "label": message.label,
            "language": message.language,
        },
        state=MailState.HELD if hold else MailState.QUEUED,
        queued_at=run.as_of if recorded else dt.datetime.now(dt.UTC),
    )
    with installation.store.write() as session:
        return outbox.put(session, mail)


def message_of(mail: Mail) -> Message:
    """Return the message that ``put`` has kept."""
    return Message(
        kind=mail.kind,
        message_key=mail.message_key,
        label=mail.content["label"],
        recipient=mail.recipient,
        subject=mail.content["subject"],
        text=mail.content["text"],
        html=mail.content["html"],
        critical=mail.critical,
        language=mail.content["language"],
    )
