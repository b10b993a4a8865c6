"""What a person can see of the outbox and do to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from audit.errors import ConfigError, suggest
from audit.installation import Installation
from audit.jobs.plan import opened
from audit.store import outbox
from audit.store.outbox import Mail, MailState

OPEN = (MailState.HELD, MailState.QUEUED, MailState.SENDING, MailState.FAILED)


def listing(installation: Installation, night: str | None = None) -> list[dict[str, Any]]:
    """List mails that somebody may have to see to, or all of one night; without addresses.

    Raises:
        ConfigError: there was no such night.
    """
    if night is not None:
        opened(installation, night)
    with installation.store.read() as session:
        mails = outbox.read(session, None if night else OPEN, night)
    return [
        {
            "key": mail.message_key,
            "night": mail.night,
            "kind": mail.kind,
            "state": mail.state.value,
            "critical": mail.critical,
            "label": mail.content.get("label"),
            "attempts": mail.attempts,
            "error": mail.error,
            "queued_at": mail.queued_at,
            "sent_at": mail.sent_at,
        }
        for mail in mails
    ]


def show(installation: Installation, key: str) -> str:
    """Return subject and plain text of a mail, or what has become of it.

    Raises:
        ConfigError: there is no such mail.
    """
    mail = _find(installation, key)
    content = mail.content
    if not content:
        days = installation.policy.pack.retention.mail_days
        return (
            f"The text of this mail was deleted: texts of mails are kept {days} days "
            f"([retention] mail_days of the policy). State: {mail.state.value}."
        )
    return f"Subject: {content['subject']}\n\n{content['text']}"


def release(installation: Installation, night: str | None = None) -> int:
    """Queue held mails; returns how many.

    Raises:
        ConfigError: there was no such night.
    """
    if night is not None:
        opened(installation, night)
    with installation.store.write() as session:
        return outbox.release(session, night)


def settle(installation: Installation, key: str, *, arrived: bool) -> None:
    """Note what became of a mail of unknown fate, or queue a refused one again.

    Raises:
        ConfigError: there is no such mail, or there is nothing to settle about it.
    """
    mail = _find(installation, key)
    refused = mail.state is MailState.FAILED and not arrived
    if mail.state is not MailState.SENDING and not refused:
        raise ConfigError(
            f"mail {key}: it is {mail.state.value}; only one of unknown fate can be settled, "
            "and a failed one sent again"
        )
    if not mail.content:
        raise ConfigError(f"mail {key}: its text was deleted; there is nothing left to send")
    with installation.store.write() as session:
        if refused:
            outbox.queue_again(session, key, "queued again by a person")
        elif arrived:
            outbox.mark_sent(session, key, dt.datetime.now(dt.UTC))
        else:
            outbox.put_back(session, key, "queued again by a person")


def _find(installation: Installation, key: str) -> Mail:
    with installation.store.read() as session:
        found = outbox.read(session)
    for mail in found:
        if mail.message_key == key:
            return mail
    raise ConfigError(
        f"mail {key!r}: no such mail{suggest(key, [one.message_key for one in found])}; "
        "see: account-audit mail list"
    )
