"""What a platform allows, and what reading it costs: declared per platform, counted elsewhere.

A limit counts one unit in one period for one holder. Money is counted in millionths of a US
dollar, as whole numbers. Short limits (minutes) are waited for; those of a day or a month end
the reading of the platform until the next one begins.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from audit.response import Response

MICRO = 1_000_000
"""Micro-dollars in a dollar."""
SLICES = 5
"""Into how many slices a short limit is cut."""


class Unit(StrEnum):
    """What is counted."""

    CALLS = "calls"
    """Requests, retries and redirects included."""
    QUOTA = "quota"
    """Units of a platform's own quota."""
    MICRO_USD = "micro_usd"


class Scope(StrEnum):
    """Whom a limit is shared by."""

    PLATFORM = "platform"
    HOST = "host"
    """All calls to one server."""
    ACCOUNT = "account"
    """All calls with one account's credential."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a short limit, counted from the beginning of 1970."""

    seconds: int

    def key(self, at: dt.datetime) -> str:
        """Name the slice that holds ``at``."""
        return f"{self.prefix}{self._begin(at).strftime('%Y-%m-%dT%H:%M:%SZ')}"

    @property
    def prefix(self) -> str:
        """What the names of all slices of this length begin with; they sort by time."""
        return f"{self.seconds}s "

    def ends(self, at: dt.datetime) -> dt.datetime:
        """Return when the next slice begins."""
        return self._begin(at) + dt.timedelta(seconds=self.seconds)

    def _begin(self, at: dt.datetime) -> dt.datetime:
        whole = int(at.timestamp()) // self.seconds * self.seconds
        return dt.datetime.fromtimestamp(whole, dt.UTC)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, from midnight to midnight in ``zone``, however many hours it has."""

    zone: str = "UTC"

    def key(self, at: dt.datetime) -> str:
        """Name the day that holds ``at``."""
        return at.astimezone(ZoneInfo(self.zone)).date().isoformat()

    def ends(self, at: dt.datetime) -> dt.datetime:
        """Return when the next day begins."""
        zone = ZoneInfo(self.zone)
        tomorrow = at.astimezone(zone).date() + dt.timedelta(days=1)
        return dt.datetime.combine(tomorrow, dt.time(), zone).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in UTC."""

    def key(self, at: dt.datetime) -> str:
        """Name the month that holds ``at``."""
        return at.astimezone(dt.UTC).strftime("%Y-%m")

    def ends(self, at: dt.datetime) -> dt.datetime:
        """Return when the next month begins."""
        first = at.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return (first + dt.timedelta(days=32)).replace(day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How much of a unit may be used in a period."""

    unit: Unit
    amount: int
    period: Slice | Day | Month
    scope: Scope = Scope.PLATFORM
    group: str = ""
    """Names the calls that share it, where it is not all of them."""
    paths: str = ""
    """A pattern that is found in the addresses of these calls."""
    ours: bool = False
    """Our own choice: the policy may put any other in its place. What is the platform's own can
    only be lowered."""

    @property
    def waits(self) -> bool:
        """Whether the next period is near enough to wait for."""
        return isinstance(self.period, Slice)

    @property
    def key(self) -> str | None:
        """What the policy calls it, such as ``monthly_usd``; ``None``: it cannot be set there."""
        if self.scope is not Scope.PLATFORM or self.waits:
            return None
        return _KEYS.get((self.unit, type(self.period)))

    def counts(self, url: str) -> bool:
        """Whether a call to ``url`` counts."""
        return not self.paths or re.search(self.paths, url) is not None


_KEYS: dict[tuple[Unit, type], str] = {
    (Unit.CALLS, Day): "daily_calls",
    (Unit.QUOTA, Day): "daily_units",
    (Unit.MICRO_USD, Month): "monthly_usd",
}


def paced(amount: int, seconds: int, **more: object) -> Limit:
    """Return a limit of ``amount`` calls in any ``seconds``, kept without knowing when it began.

    The time is cut into slices of a fifth. Any stretch of ``seconds`` touches six of them at
    most, so a sixth of the amount in each never exceeds it, wherever the platform begins to
    count, and a wait is never longer than a slice.
    """
    return Limit(
        unit=Unit.CALLS,
        amount=amount // (SLICES + 1),
        period=Slice(seconds // SLICES),
        **more,  # type: ignore[arg-type]
    )


Cost = Mapping[Unit, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What reading an account has to bring, as stored or as assumed."""

    posts: int
    """Posts and own answers of the window."""
    comments: int
    """Comments of others on them."""
    threads: int
    """Posts that have comments."""


def one_call(_url: str) -> Cost:
    """Cost a call."""
    return {Unit.CALLS: 1}


def nothing(_size: Size) -> Cost:
    """Expect no calls."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The limits of a platform and the prices of its calls."""

    limits: tuple[Limit, ...] = ()
    most: Callable[[str], Cost] = one_call
    """What a call to an address may cost at the very most; reserved before it is made."""
    spent: Callable[[str, Response], Cost] | None = None
    """What it did cost, by its answer; ``None``: what it may cost."""
    expected: Callable[[Size], Cost] = nothing
    """What a night of an account costs, roughly."""
    assumes: Mapping[str, object] = field(default_factory=dict)
    """What ``expected`` rests on besides the size, by name; shown beside a forecast."""


def pages(number: int, page: int) -> int:
    """Return how many pages bring ``number`` entries, with the one on which older ones begin."""
    return number // page + 1
