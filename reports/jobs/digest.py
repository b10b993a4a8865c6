"""Writes University Relations' digest into the outbox."""

from __future__ import annotations

from audit.installation import Installation
from audit.store import outbox
from audit.store.outbox import MailState
from audit.store.runs import Run
from reports.compliance.digest import digest as write
from reports.jobs.outgoing import OWNER, RELATIONS, known, message_key, put, recipient_key
from reports.night import read
from reports.render import message

NOBODY = ""
"""Stands for the recipient while the policy names none; such a mail is never sent."""


def digest(installation: Installation, run: Run) -> dict[str, int]:
    """Write the digest, once for each address of University Relations; a back-fill writes none.

    Returns:
        How many mails were ``written`` now, or ``known`` before.
    """
    if run.backfill:
        return {"written": 0, "known": 0}
    addresses = installation.policy.pack.people.university_relations or (NOBODY,)
    keys = {
        message_key(RELATIONS, run, recipient_key(installation, address)): address
        for address in addresses
    }
    done = known(installation, list(keys))
    written = 0
    if len(done) < len(keys):
        report = write(read(installation, run), held=_held(installation, run))
        for number, (key, address) in enumerate(keys.items(), start=1):
            mail = message(
                RELATIONS,
                report,
                message_key=key,
                label="digest" if number == 1 else f"digest-{number}",
                recipient=address,
                critical=False,
            )
            written += put(installation, run, mail, hold=False)
    return {"written": written, "known": len(done)}


def _held(installation: Installation, run: Run) -> int:
    with installation.store.read() as session:
        held = outbox.read(session, [MailState.HELD], run.night)
    return sum(mail.kind == OWNER for mail in held)
