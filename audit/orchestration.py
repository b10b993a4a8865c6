"""What lies between Airflow and the jobs: a task's surroundings become plain arguments.

DAG files hold schedules and arrows, and the jobs know nothing of Airflow; whatever both need is
here, once. DAG files import this module whenever they are parsed, so it imports neither Airflow
nor the jobs at its top: both are there by the time a task runs.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from pydantic import SecretStr

from audit import pack
from audit.clock import NIGHT_HOUR, moment, night_of
from audit.errors import IncompleteRun
from audit.settings import OAuthClient, Settings

if TYPE_CHECKING:
    from audit.installation import Installation
    from audit.jobs.plan import Plan, Shard
    from audit.jobs.shard import Progress
    from audit.store.runs import Run

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

CRON = f"0 {NIGHT_HOUR} * * *"
PURGE_CRON = "0 5 * * *"
"""Three hours after the night: whatever a night still sees has been seen by then."""
KEY = "%Y-%m-%d"
"""A partition is called what the night is called, so that a change of clocks cannot move it."""
RESULTS = "audit_results"
"""The asset that a night hands over once it is judged."""
RETRIES = 2
LABEL = "{{ task.op_kwargs.shard.platform }} from {{ task.op_kwargs.shard.accounts[0] }}"
EXECUTION_TIMEOUT = dt.timedelta(hours=3)
"""A task that hangs must not keep the night's mails back until somebody looks."""
FAILED = frozenset({"failed", "upstream_failed"})


def time_zone() -> str:
    """Return the name of the institution's time zone, in which nights are counted.

    Raises:
        ConfigError: the settings or the policy pack are wrong; Airflow shows it as an import error.
    """
    return pack.time_zone(Settings.from_env(os.environ).policy).key


def default_args() -> dict[str, Any]:
    """Return what all tasks share: how often they are tried, and after which errors.

    The client has waited for seconds already; these waits are for what takes minutes.
    """
    from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

    def rule(error: str, minutes: int | None, reason: str) -> RetryRule:
        return RetryRule(
            exception=f"audit.errors.{error}",
            action=RetryAction.FAIL if minutes is None else RetryAction.RETRY,
            retry_delay=None if minutes is None else dt.timedelta(minutes=minutes),
            reason=reason,
        )

    return {
        "owner": "social-account-audit",
        "retries": RETRIES,
        "retry_delay": dt.timedelta(minutes=5),
        "retry_policy": ExceptionRetryPolicy(
            [
                rule("TransientFetchError", 10, "a platform did not answer; it may soon"),
                rule("DeliveryError", 15, "the mail server did not take a message"),
                rule("StoreError", 2, "the database could not be used"),
                rule("ConfigError", None, "somebody has to correct the configuration"),
                rule("IncompleteRun", None, "somebody has to look; trying again changes nothing"),
            ]
        ),
        "execution_timeout": EXECUTION_TIMEOUT,
    }


def named(context: Mapping[str, Any]) -> str | dt.datetime:
    """Return what names the night of a run: its partition, else ``as_of``, else when it was due."""
    run = context["dag_run"]
    return cast(
        "str | dt.datetime",
        run.partition_key or (context.get("params") or {}).get("as_of") or run.run_after,
    )


def backfill(context: Mapping[str, Any]) -> bool:
    """Whether a run repeats a night, and so fetches and mails nothing."""
    return str(getattr(context["dag_run"].run_type, "value", None)) == "backfill"


def last_try(context: Mapping[str, Any]) -> bool:
    """Whether the task will not be tried again."""
    instance = context["ti"]
    return bool(instance.try_number > instance.max_tries)


def failed_steps() -> list[str]:
    """Return the other tasks of this run that failed, by name, mapped ones with their index."""
    instance = _context()["ti"]
    states = instance.get_task_states(dag_id=instance.dag_id, run_ids=[instance.run_id])
    return sorted(
        task
        for task, state in states.get(instance.run_id, {}).items()
        if task != instance.task_id and state in FAILED
    )


@contextlib.contextmanager
def installation() -> Iterator[Installation]:
    """Open the installation of this environment, with its secrets masked in the task's log.

    Raises:
        ConfigError: settings or policy are wrong.
        StoreError: the database cannot be used.
    """
    from audit.installation import open_installation

    settings = Settings.from_env(os.environ)
    _mask(settings)
    # It says on every connection that nothing has to be migrated.
    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)
    with open_installation(settings) as opened:
        yield _connected(opened)


def opening(job: Callable[..., Plan]) -> list[Shard]:
    """Open the night of the current run; returns the shards into which it is divided."""
    context = _context()
    with installation() as here:
        return job(here, named(context), backfill=backfill(context)).shards


def at_moment(
    job: Callable[Concatenate[Installation, str | dt.datetime, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Do a job that is about a moment, whether or not a night of that date was opened."""
    with installation() as here:
        return job(here, named(_context()), *args, **kwargs)


def on_shard(job: Callable[..., T], shard: object) -> T:
    """Work through a shard, with a line in the task's log for each account."""
    with installation() as here:
        return job(here, shard, last_try=last_try(_context()), tell=_tell)


def on_judged_night(
    job: Callable[Concatenate[Installation, Run, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """As ``on_night``, for what must not be told before everything is judged.

    Raises:
        IncompleteRun: the night's results have not been reconciled.
    """

    def judged(
        here: Installation, run: Run, /, *arguments: P.args, **named_arguments: P.kwargs
    ) -> T:
        if not run.closed:
            raise IncompleteRun(f"night {run.night} is not judged to the end; see reconcile")
        return job(here, run, *arguments, **named_arguments)

    return on_night(judged, *args, **kwargs)


def on_night(
    job: Callable[Concatenate[Installation, Run, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Do a job for the night that the current task is about.

    The task's outlets are handed over under the night's name, also when somebody started the
    run by hand; what listens to them could not tell otherwise which night it was.

    Raises:
        ConfigError: nobody has opened that night.
    """
    from audit.jobs.plan import opened

    context = _context()
    with installation() as here:
        zone = here.policy.zone
        name = named(context)
        instant = moment(name, zone) if isinstance(name, str) else name
        run = opened(here, night_of(instant, zone))
        result = job(
            here, replace(run, backfill=run.backfill or backfill(context)), *args, **kwargs
        )
    for asset in context["ti"].task.outlets:
        context["outlet_events"][asset].add_partitions(run.night)
    return result


def _tell(progress: Progress) -> None:
    """Write an account's progress to the task's log."""
    log.info(
        "%s: %d items read, %d findings%s",
        progress.account_id,
        progress.items,
        progress.findings,
        "".join(f"; {gap}" for gap in progress.gaps),
    )


def _context() -> Mapping[str, Any]:
    from airflow.sdk import get_current_context

    return cast("Mapping[str, Any]", get_current_context())


def _connected(opened: Installation) -> Installation:
    """Add the apps that Airflow's connections name, of platforms whose tokens are renewed.

    ``audit_<platform>`` holds the app's id as login and its secret as password; it wins over
    the environment.
    """
    from audit.store import credentials

    with opened.store.read() as session:
        wanted = sorted({one.platform for one in credentials.standings(session) if one.renewable})
    apps = {name: app for name in wanted if (app := _app(f"audit_{name}"))}
    if not apps:
        return opened
    clients = {**opened.settings.oauth_clients, **apps}
    settings = opened.settings.model_copy(update={"oauth_clients": clients})
    _mask(settings)
    return replace(opened, settings=settings)


def _app(connection_id: str) -> OAuthClient | None:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        found = Connection.get(connection_id)
    except AirflowNotFoundException:
        return None
    if not found.login:
        log.warning("the connection %s names no app: its login is empty", connection_id)
        return None
    return OAuthClient(id=found.login, secret=SecretStr(found.password) if found.password else None)


def _mask(settings: Settings) -> None:
    from airflow.sdk.log import mask_secret
    from sqlalchemy.engine import make_url

    for secret in settings.secrets():
        mask_secret(secret)
    password = make_url(settings.database).password
    if password:
        mask_secret(str(password))
