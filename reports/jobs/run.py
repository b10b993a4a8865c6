"""A whole night without Airflow: the same steps as the DAG's, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from audit.errors import AuditError, DeliveryError, IncompleteRun, StoreError
from audit.installation import Installation
from audit.jobs.plan import plan
from audit.jobs.reconcile import reconcile
from audit.jobs.shard import Progress, audit_shard
from audit.jobs.verify import verify
from audit.store.runs import Run
from reports.jobs.digest import digest
from reports.jobs.owner import owner_report
from reports.jobs.send import send
from reports.mail import ready


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a night came to."""

    run: Run
    problem: AuditError | None
    """Why it is incomplete; everything that could be done is done all the same."""


def run_night(
    installation: Installation,
    as_of: str | None = None,
    *,
    begin: Callable[[int], None] = lambda accounts: None,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Done:
    """Read, judge, report and send one night.

    Args:
        installation: the installation.
        as_of: see ``audit.jobs.plan.plan``.
        begin: called once with the number of accounts.
        tell: called after each account.

    Raises:
        ConfigError: nothing can be done at all.
    """
    ready(installation.settings)
    planned = plan(installation, as_of)
    begin(sum(len(shard["accounts"]) for shard in planned.shards))
    problems: list[str] = []
    for shard in planned.shards:
        try:
            audit_shard(installation, shard, tell=tell)
        except StoreError as error:
            problems.append(str(error))
    reconcile(installation, planned.run)
    for step in (owner_report, digest, send):
        try:
            step(installation, planned.run)
        except (DeliveryError, IncompleteRun) as error:
            problems.append(str(error))
    return Done(run=planned.run, problem=_problem(installation, planned.run, problems))


def _problem(installation: Installation, run: Run, problems: list[str]) -> AuditError | None:
    try:
        verify(installation, run, problems=problems)
    except IncompleteRun as error:
        return error
    return None
