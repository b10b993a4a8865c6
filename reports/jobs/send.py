"""Empties the outbox: into the mail server, or into files while sending is off."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage

from audit.errors import ConfigError, DeliveryError, IncompleteRun
from audit.installation import Installation
from audit.store import outbox
from audit.store.outbox import Mail, MailState
from audit.store.runs import Run
from reports.jobs.outgoing import message_of
from reports.mail import FOLDER, Fate, NotDelivered, Smtp, to_email, write

log = logging.getLogger(__name__)

DEAD_AFTER = dt.timedelta(minutes=10)
"""A sender that took a mail this long ago has died: one mail takes seconds."""
COUNTS = ("sent", "written", "held", "waiting", "refused", "replaced", "unknown")


def send(installation: Installation, run: Run) -> dict[str, int]:
    """Send what is queued; while sending is off, write it to ``home``/mail instead.

    Mail that was written to files is sent only when this night's sending is switched on
    afterwards, so that switching it on does not release the nights before. Of two queued mails
    of one kind to one recipient only the newer goes: it repeats whatever is still open.

    A mail that a sender had taken when it died may have been sent. A critical one is sent
    again, with the same Message-ID; another waits for a person.

    Returns:
        Counts by what became of the mails; see ``COUNTS``.

    Raises:
        DeliveryError: something is still waiting; calling again may help.
        IncompleteRun: something was refused for good, or may or may not have been sent.
        ConfigError: the settings of the mail server or the sender are wrong.
    """
    counts = Counter(dict.fromkeys(COUNTS, 0))
    if run.backfill:
        return dict(counts)
    if installation.settings.send:
        problems = _send_all(installation, run, counts)
        _complain(problems, counts)
    else:
        _write_all(installation, counts)
    counts["held"] = len(_read(installation, MailState.HELD))
    return dict(counts)


def _write_all(installation: Installation, counts: Counter[str]) -> None:
    for mail in _read(installation, MailState.QUEUED):
        message = message_of(mail)
        try:
            built = _build(installation, mail)
        except NotDelivered:
            # A file needs no address; whoever reads it shall see that there was none.
            built = _build(installation, replace(mail, recipient=""))
        write(installation.settings.home / FOLDER, mail.night, message, built)
        with installation.store.write() as session:
            outbox.mark_written(session, mail.message_key)
        counts["written"] += 1


def _build(installation: Installation, mail: Mail) -> EmailMessage:
    """Build a mail; answers go to University Relations unless the settings say otherwise."""
    addresses = installation.policy.pack.people.university_relations
    reply_to = addresses[0] if addresses else None
    return to_email(message_of(mail), installation.settings, mail.queued_at, reply_to)


def _send_all(installation: Installation, run: Run, counts: Counter[str]) -> list[str]:
    problems = _recover(installation, run, counts)
    ready = _read(installation, MailState.QUEUED)
    ready += _read(installation, MailState.WRITTEN, night=run.night)
    with installation.store.read() as session:
        newest = outbox.newest_nights(session)
    with Smtp(installation.settings) as server:
        for mail in sorted(ready, key=lambda one: (not one.critical, one.night)):
            newer = newest[mail.kind, mail.recipient]
            if newer > mail.night:
                with installation.store.write() as session:
                    outbox.mark_replaced(session, mail.message_key, f"by the mail of {newer}")
                counts["replaced"] += 1
                continue
            problem = _send_one(installation, server, mail, counts)
            if problem is not None:
                problems.append(f"{mail.kind} mail of {mail.night}: {problem}")
    return problems


def _send_one(
    installation: Installation, server: Smtp, mail: Mail, counts: Counter[str]
) -> str | None:
    """Claim, send, mark, each in a transaction of its own; returns what went wrong."""
    with installation.store.write() as session:
        if not outbox.claim(session, mail.message_key, dt.datetime.now(dt.UTC)):
            return None
    try:
        if not mail.recipient:
            raise NotDelivered(
                Fate.REFUSED,
                "nobody is on file; name [people] university_relations in the policy pack",
            )
        server.send(_build(installation, mail))
    except NotDelivered as error:
        _mark(installation, mail, error, counts)
        return str(error)
    except ConfigError as error:
        with installation.store.write() as session:
            outbox.put_back(session, mail.message_key, str(error))
        raise
    with installation.store.write() as session:
        outbox.mark_sent(session, mail.message_key, dt.datetime.now(dt.UTC))
    counts["sent"] += 1
    return None


def _mark(
    installation: Installation, mail: Mail, error: NotDelivered, counts: Counter[str]
) -> None:
    with installation.store.write() as session:
        match error.fate:
            case Fate.AGAIN:
                outbox.put_back(session, mail.message_key, str(error))
                counts["waiting"] += 1
            case Fate.REFUSED:
                outbox.mark_failed(session, mail.message_key, str(error))
                counts["refused"] += 1
            case Fate.UNKNOWN:
                counts["unknown"] += 1


def _recover(installation: Installation, run: Run, counts: Counter[str]) -> list[str]:
    """See to mails that a sender had taken when it died; returns what went wrong."""
    now = dt.datetime.now(dt.UTC)
    problems = []
    for mail in _read(installation, MailState.SENDING):
        if mail.claimed_at is not None and now - mail.claimed_at < DEAD_AFTER:
            counts["waiting"] += 1
            problems.append(f"{mail.kind} mail of {mail.night}: another sender has it, or died")
        elif mail.critical:
            with installation.store.write() as session:
                why = "sent again: it may have been sent before"
                outbox.put_back(session, mail.message_key, why)
        elif mail.night == run.night:
            counts["unknown"] += 1
            problems.append(f"{mail.kind} mail of {mail.night}: it may have been sent, or not")
    return problems


def _read(installation: Installation, state: MailState, night: str | None = None) -> list[Mail]:
    with installation.store.read() as session:
        return outbox.read(session, [state], night)


def _complain(problems: Sequence[str], counts: Counter[str]) -> None:
    for problem in problems:
        log.warning("%s", problem)
    reasons = "; ".join(dict.fromkeys(problems))
    if counts["waiting"]:
        raise DeliveryError(f"{counts['waiting']} mails could not be sent yet: {reasons}")
    if counts["refused"] or counts["unknown"]:
        parts = [
            f"{counts['refused']} refused for good" if counts["refused"] else "",
            f"{counts['unknown']} of unknown fate" if counts["unknown"] else "",
        ]
        said = ", ".join(part for part in parts if part)
        raise IncompleteRun(
            f"mail: {said}{f': {reasons}' if reasons else ''}; see: account-audit mail list"
        )
