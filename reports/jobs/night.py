"""Finds the night that a command is about."""

from __future__ import annotations

from audit.clock import moment, night_of
from audit.errors import ConfigError
from audit.installation import Installation
from audit.jobs.plan import opened
from audit.store import runs
from audit.store.runs import Run


def judged(installation: Installation, as_of: str | None) -> Run:
    """Return the night as ``chosen`` does, for what must not be told before all is judged.

    Raises:
        ConfigError: there is none, or it is not judged to its end.
    """
    run = chosen(installation, as_of)
    if not run.closed:
        raise ConfigError(
            f"night {run.night} is not judged to its end; first: account-audit check "
            f"--as-of {run.night}"
        )
    return run


def chosen(installation: Installation, as_of: str | None) -> Run:
    """Return the night that a moment names, or the newest one.

    Raises:
        ConfigError: there is none, or the text is no date.
    """
    if as_of is not None:
        zone = installation.policy.zone
        return opened(installation, night_of(moment(as_of, zone), zone))
    with installation.store.read() as session:
        newest = runs.newest(session)
    if newest is None:
        raise ConfigError("no night is in the store yet; begin with: account-audit fetch")
    return opened(installation, newest.night)
