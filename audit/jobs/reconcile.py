"""Closes the judging of a night: what concerns all accounts, and who is to be told."""

from __future__ import annotations

from audit.installation import Installation
from audit.jobs.bench import lay_out
from audit.jobs.check import check_registry
from audit.jobs.notices import collect
from audit.owners import owners
from audit.store import accounts, runs
from audit.store.runs import Run

OWNERS_PER_TASK = 25
"""Owners whose mails one mapped task writes; see ``audit.jobs.plan.SHARD_SIZE``."""


def reconcile(installation: Installation, run: Run) -> list[list[str]]:
    """Judge the registry and return the owners' keys, in groups for mapped tasks.

    Works also when shards have failed: what they left out is a gap that ``verify`` reports.
    """
    check_registry(installation, run)
    with installation.store.write() as session:
        runs.close_run(session, run.night)
    collect(installation, run)
    with installation.store.read() as session:
        bench = lay_out(installation, session, run)
        registered = accounts.registered(session)
    keys = list(owners(registered, bench.directory, installation.store.vault))
    return [keys[start : start + OWNERS_PER_TASK] for start in range(0, len(keys), OWNERS_PER_TASK)]
