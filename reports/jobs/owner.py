"""Writes the mails of some owners into the outbox."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from audit.errors import AuditError, IncompleteRun
from audit.installation import Installation
from audit.owners import Owner
from audit.store import outbox
from audit.store.runs import Run
from reports.compliance.owner import owner_report as write
from reports.jobs.outgoing import OWNER, known, message_key, put
from reports.night import Night, read
from reports.render import message


def owner_report(
    installation: Installation, run: Run, keys: Sequence[str] | None = None
) -> dict[str, int]:
    """Write one mail for each owner who has something to hear; a back-fill writes none.

    What the first night of an installation finds was there before and nobody expects a mail:
    its mails are held until University Relations releases them, and so is every later mail to
    an owner who still has one held.

    Called again for the same night, it changes nothing: the outbox knows each mail by its key.

    Args:
        installation: the installation.
        run: the night, judged to the end.
        keys: the owners, as ``audit.jobs.reconcile`` names them; without, all of them.

    Returns:
        How many mails were ``written`` now, ``known`` before, or had nothing to say (``silent``).

    Raises:
        IncompleteRun: some mails could not be written; the others are.
    """
    counts = Counter({"written": 0, "known": 0, "silent": 0})
    failed: list[str] = []
    if run.backfill:
        return dict(counts)
    night = read(installation, run, keys)
    people = [night.owners[key] for key in night.owners if keys is None or key in keys]
    done = known(installation, [message_key(OWNER, run, one.key) for one in people])
    with installation.store.read() as session:
        held = outbox.held_for(session, OWNER)
    first = night.baseline and not installation.settings.release_baseline
    for owner in people:
        if message_key(OWNER, run, owner.key) in done:
            counts["known"] += 1
            continue
        hold = first or owner.address in held
        try:
            written = _write(installation, run, night, owner, hold=hold)
        except AuditError as error:
            failed.append(f"owner {owner.key[:8]}: {error}")
            continue
        counts["written" if written else "silent"] += 1
    if failed:
        raise IncompleteRun("\n".join(["these mails could not be written:", *failed]))
    return dict(counts)


def _write(installation: Installation, run: Run, night: Night, owner: Owner, *, hold: bool) -> bool:
    report = write(night, owner.accounts, owner.name)
    if report is None:
        return False
    mail = message(
        OWNER,
        report,
        message_key=message_key(OWNER, run, owner.key),
        label=f"{_slug(report.unit)}-{owner.key[:8]}",
        recipient=owner.address,
        critical=any(card.critical for card in report.cards),
    )
    return put(installation, run, mail, hold=hold)


def _slug(unit: str) -> str:
    """Return a unit's name as it can stand in a file name."""
    return re.sub(r"[^a-z0-9]+", "-", unit.lower()).strip("-")[:40] or "unit"
