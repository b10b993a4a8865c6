"""The whole purge: what was read and found, and the mails that quote it."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import asdict
from typing import Any

from audit.installation import Installation
from audit.jobs import purge as audit
from audit.store import outbox
from audit.store.outbox import Mail
from reports.mail import FOLDER, file_of

log = logging.getLogger(__name__)

COUNTS = ("posts", "comments", "profiles", "wordings", "evidence", "traces")
LATER = "the database file still holds deleted rows; the next purge writes it anew"


def purge(
    installation: Installation, as_of: str | dt.datetime | None = None, *, dry_run: bool = False
) -> dict[str, Any]:
    """Delete what the retention rules no longer let stand; called again, it deletes nothing more.

    Args:
        installation: the installation.
        as_of: the moment whose local date counts; without it, now.
        dry_run: only count.

    Returns:
        ``date``, ``dry_run``, ``accounts`` (counts for each account of which something was
        deleted), ``totals``, ``mails`` (texts of mails, with their files), ``notes``.

    Raises:
        ConfigError: ``as_of`` lies in the future, or is no date.
    """
    today = audit.when(installation, as_of, dry_run=dry_run)
    done = audit.purge(installation, today, dry_run=dry_run)
    mails = _mails(installation, today, dry_run=dry_run)
    notes = list(done.notes)
    if not dry_run and not installation.store.scrub():
        notes.append(LATER)
    for note in notes:
        log.info("%s", note)
    rows = [asdict(one) for one in done.accounts]
    return {
        "date": today.isoformat(),
        "dry_run": dry_run,
        "accounts": rows,
        "totals": {name: sum(row[name] for row in rows) for name in COUNTS},
        "mails": mails,
        "notes": notes,
    }


def _mails(installation: Installation, today: dt.date, *, dry_run: bool) -> int:
    """Delete the content of mails that are old enough, and their files first."""
    days = installation.policy.pack.retention.mail_days
    with installation.store.read() as session:
        found = [mail for mail in outbox.read(session) if mail.content]
    zone = installation.policy.zone
    ended = [mail for mail in found if (today - _left(mail).astimezone(zone).date()).days >= days]
    if dry_run:
        return len(ended)
    for mail in ended:
        path = file_of(installation.settings.home / FOLDER, mail.night, mail.kind, mail.content)
        for file in (path, path.with_suffix(".html")):
            file.unlink(missing_ok=True)
        with installation.store.write() as session:
            outbox.forget(session, mail.message_key)
    return len(ended)


def _left(mail: Mail) -> dt.datetime:
    """Return when a mail was last of use."""
    return mail.sent_at or mail.claimed_at or mail.queued_at
