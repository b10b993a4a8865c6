"""Opens a night and divides its accounts into shards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypedDict

from audit import registers
from audit.clock import moment, night_of
from audit.errors import ConfigError
from audit.installation import Installation
from audit.model.account import Account
from audit.store import accounts, runs
from audit.store.database import Session
from audit.store.runs import Run
from audit.version import code_version

SHARD_SIZE = 25
"""Accounts of one platform that one task works through; a mapped task costs about 0.3 CPU
seconds and a row in Airflow's interface, and 5,000 accounts must stay under 1,024 tasks."""


class Shard(TypedDict):
    """Accounts of one platform; plain JSON, and no name of a person in it."""

    night: str
    platform: str
    accounts: list[str]
    backfill: bool
    """Whether this run of the night only re-judges, even where the night itself fetched."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A night, ready to be worked through."""

    run: Run
    shards: list[Shard]


def plan(
    installation: Installation, as_of: dt.datetime | str | None = None, *, backfill: bool = False
) -> Plan:
    """Open a night.

    A night that has been opened before keeps its moment, and its row stays as it was when it is
    back-filled later. One that lies before the newest night is a back-fill, whether or not the
    caller says so.

    Args:
        installation: the installation.
        as_of: the moment, as an instant or in words (see ``audit.clock.moment``); without it, now.
        backfill: re-judge what was fetched by then; fetch and mail nothing.

    Raises:
        ConfigError: no account is registered, or ``as_of`` lies in the future or is no date.
    """
    zone = installation.policy.zone
    now = dt.datetime.now(dt.UTC)
    instant = moment(as_of, zone) if isinstance(as_of, str) else as_of or now
    if instant > now and installation.settings.recordings is None:
        raise ConfigError(f"as_of {instant.isoformat()} lies in the future")
    window = installation.policy.pack.window
    with installation.store.write() as session:
        registered = everyone(session)
        run = runs.open_run(
            session,
            Run(
                night=night_of(instant, zone),
                as_of=instant,
                backfill=backfill,
                baseline=not any(
                    one.closed and not one.backfill and runs.saw_something(session, one.night)
                    for one in runs.nights(session)
                ),
                policy_version=installation.policy.version,
                code_version=code_version(),
                window_start=instant - dt.timedelta(days=window.lookback_days),
                closed=False,
            ),
        )
        run = _past(session, run)
        run = replace(run, backfill=run.backfill or backfill)
        if not run.backfill and installation.settings.registers is not None:
            for one in registers.read_folder(installation.settings.registers):
                accounts.save_register(session, one.name, one.as_of, one.rows)
    return Plan(run=run, shards=_shards(run, registered))


def everyone(session: Session) -> tuple[Account, ...]:
    """Return the registered accounts.

    Raises:
        ConfigError: there are none.
    """
    registered = accounts.registered(session)
    if not registered:
        raise ConfigError(
            "no account is registered; import the registry first: "
            "account-audit registry import FILE"
        )
    return registered


def opened(installation: Installation, night: str) -> Run:
    """Return a night that ``plan`` has opened.

    Raises:
        ConfigError: nobody has.
    """
    with installation.store.read() as session:
        run = runs.find(session, night)
        if run is None:
            raise ConfigError(f"night {night} has not been opened; begin with: account-audit fetch")
        return _past(session, run)


def _past(session: Session, run: Run) -> Run:
    """Make a night that lies before the newest one a back-fill.

    Reading now for a night of the past would tell it what it could not have seen.
    """
    newest = runs.newest(session)
    return replace(run, backfill=run.backfill or (newest is not None and run.night < newest.night))


def _shards(run: Run, registered: Sequence[Account]) -> list[Shard]:
    ordered = sorted(registered, key=lambda one: (one.platform, one.account_id))
    shards: list[Shard] = []
    for platform, group in groupby(ordered, key=lambda one: one.platform):
        ids = [one.account_id for one in group]
        shards += [
            Shard(
                night=run.night,
                platform=platform,
                accounts=ids[start : start + SHARD_SIZE],
                backfill=run.backfill,
            )
            for start in range(0, len(ids), SHARD_SIZE)
        ]
    return shards
