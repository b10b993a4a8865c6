"""Lays out what judging a night needs: the bound checks and the registers of that day."""

from __future__ import annotations

from functools import partial

from audit import registers
from audit.engine import Bench
from audit.fingerprint import fingerprint
from audit.installation import Installation
from audit.model.item import Facet
from audit.pack import RegisterTable
from audit.store import accounts
from audit.store.database import Session
from audit.store.runs import Run


def lay_out(installation: Installation, session: Session, run: Run) -> Bench:
    """Return the bench of a night."""
    policy, today = installation.policy, run.date
    known = accounts.registers(session, today)
    missing = {}
    for name in registers.SCHEMAS:
        limit = policy.pack.registers.get(name, RegisterTable()).max_age_days
        found = known.get(name)
        if found is None:
            missing[Facet(name)] = f"the register {name} is not on file"
        elif registers.stale(found.as_of, today, limit):
            missing[Facet(name)] = (
                f"the register {name} is of {found.as_of.isoformat()}, older than {limit} days"
            )
    directory = None
    if Facet.DIRECTORY not in missing:
        directory = registers.directory(known[Facet.DIRECTORY].rows)
    staff = frozenset(member.name.casefold() for member in (directory or {}).values())
    return Bench(
        checks=policy.checks,
        as_of=run.as_of,
        today=today,
        fingerprint=partial(fingerprint, installation.store.vault),
        lexicon=policy.lexicon(staff),
        directory=directory,
        missing=missing,
    )
