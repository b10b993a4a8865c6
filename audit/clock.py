"""How a night gets its name and its moment.

A night is named by the institution's local date. Its moment, ``as_of``, is the end of the
window that it looks at; everything later is tomorrow's.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from audit.errors import ConfigError

NIGHT_HOUR = 2
"""Local hour of a night of which only the date is given; the hour at which the DAG runs."""

YEARS = range(1990, 9000)
"""Before the first there was nothing to audit; after the last, reckoning with days ends."""


def moment(text: str, zone: ZoneInfo) -> dt.datetime:
    """Read a date, or a date and time, as an instant in UTC.

    A date alone means two o'clock local time; a time without a zone is local.

    Raises:
        ConfigError: anything else, or a year beyond ``YEARS``.
    """
    try:
        if len(text) == len("2026-01-31"):
            day = dt.date.fromisoformat(text)
            local = dt.datetime.combine(day, dt.time(NIGHT_HOUR), zone)
        else:
            local = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"{text!r} is no date; write 2026-01-31 or 2026-01-31T02:00:00-08:00"
        ) from None
    if local.year not in YEARS:
        raise ConfigError(f"{text!r}: the year must be from {YEARS[0]} to {YEARS[-1]}")
    if local.tzinfo is None:
        local = local.replace(tzinfo=zone)
    return local.astimezone(dt.UTC)


def date_of(text: str) -> str:
    """Return the name of a night as a person wrote it.

    Raises:
        ConfigError: it is no date.
    """
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ConfigError(f"{text!r} is no date; write 2026-01-31") from None


def night_of(as_of: dt.datetime, zone: ZoneInfo) -> str:
    """Return the name of the night: the local date, such as ``2026-01-31``."""
    return as_of.astimezone(zone).date().isoformat()
