"""Writes the mails about the whole: University Relations' digest, and the note to the operators."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from audit.installation import Installation
from audit.store import outbox
from audit.store.outbox import MailState
from audit.store.runs import Run
from reports.compliance.digest import digest as write
from reports.compliance.operations import operators_note
from reports.jobs.outgoing import (
    OPERATIONS,
    OWNER,
    RELATIONS,
    known,
    message_key,
    put,
    recipient_key,
)
from reports.model.digest import Digest
from reports.model.operations import OperatorsNote
from reports.night import read
from reports.render import message

NOBODY = ""
"""Stands for the recipient while the policy names none; such a mail is never sent."""
LABELS = {RELATIONS: "digest", OPERATIONS: "operators"}


def digest(installation: Installation, run: Run) -> dict[str, int]:
    """Write both, once for each address; a back-fill writes none.

    The operators' note is written when there is something new to tell, see
    ``reports.compliance.operations``. While the policy names no operator, University Relations
    reads the same in its digest.

    Returns:
        How many mails were ``written`` now, or ``known`` before.
    """
    if run.backfill:
        return {"written": 0, "known": 0}
    night = functools.cache(lambda: read(installation, run))
    people = installation.policy.pack.people

    def relations() -> Digest:
        return write(night(), held=_held(installation, run))

    def operators() -> OperatorsNote | None:
        return operators_note(night())

    counts = [
        _write(installation, run, RELATIONS, people.university_relations or (NOBODY,), relations),
        _write(installation, run, OPERATIONS, people.operators, operators),
    ]
    return {name: sum(one[name] for one in counts) for name in counts[0]}


def _write(
    installation: Installation,
    run: Run,
    kind: str,
    addresses: Sequence[str],
    build: Callable[[], Digest | OperatorsNote | None],
) -> dict[str, int]:
    """Write one kind of mail, once for each address."""
    keys = {
        message_key(kind, run, recipient_key(installation, address)): address
        for address in addresses
    }
    done = known(installation, list(keys))
    report = build() if len(done) < len(keys) else None
    written = 0
    if report is not None:
        for number, (key, address) in enumerate(keys.items(), start=1):
            mail = message(
                kind,
                report,
                message_key=key,
                label=LABELS[kind] if number == 1 else f"{LABELS[kind]}-{number}",
                recipient=address,
                critical=False,
            )
            written += put(installation, run, mail, hold=False)
    return {"written": written, "known": len(done)}


def _held(installation: Installation, run: Run) -> int:
    with installation.store.read() as session:
        held = outbox.read(session, [MailState.HELD], run.night)
    return sum(mail.kind == OWNER for mail in held)
