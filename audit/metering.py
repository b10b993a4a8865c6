"""Counts what an account's calls cost, and lets none go that a limit does not allow.

What a call may cost at most is taken from every limit that it counts for before it is made, and
what it did cost is put in its place after the answer. Limits of minutes are waited for; at those
of a day or a month the platform is not asked again before the next one begins.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from audit.errors import BudgetSpent, TransientFetchError
from audit.platforms.limits import MICRO, Cost, Day, Limit, Scope, Slice, Tariff, Unit
from audit.response import Response
from audit.store import allowances
from audit.store.allowances import Charge, Refused
from audit.store.database import Session, Store

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 900.0
"""For one call, when other workers use up slice after slice; then the account is left for now."""
MARGIN_S = 0.05
"""Waited beyond the end of a slice, so that a wait never ends within it."""
KEPT = dt.timedelta(minutes=10)
"""How long a slice that is over is remembered: a machine whose clock is behind is still in it,
and would find it unused."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The clock that periods are counted by, and how to wait; tests put their own in place."""

    now: Callable[[], dt.datetime] = _now
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a platform is no longer asked, and until when."""

    reason: str
    until: dt.datetime


class Meter:
    """Counts the calls of one account; what stopped its platform is shared through ``stops``."""

    def __init__(
        self,
        store: Store | None,
        tariff: Tariff,
        *,
        platform: str,
        account_id: str,
        stops: dict[str, Stop] | None = None,
        clock: Time | None = None,
    ) -> None:
        """Begin to count.

        Args:
            store: where all workers' use is kept; without one it is counted, not limited.
            tariff: the limits in force, see ``audit.platforms.limits`` and ``tightened``.
            platform: its name.
            account_id: whose calls.
            stops: by platform, from the meter of the account before.
            clock: of the machine, unless a test gives another.
        """
        self._store, self._tariff = store, tariff
        self._platform, self._account_id = platform, account_id
        self._clock = clock or Time()
        self._taken: list[Charge] = []
        self._cost: Cost | None = None
        self.stops = {} if stops is None else stops
        self.used: Counter[str] = Counter()
        """What the calls so far have cost, by unit."""

    def before(self, url: str) -> None:
        """Take what a call may cost, waiting for the next slice where need be.

        Raises:
            BudgetSpent: the limit of a day or a month does not allow it.
            TransientFetchError: others have used up every slice of a long time.
        """
        cost = self._tariff.most(url)
        waited = 0.0
        while self._store and self._tariff.limits:
            now = self._clock.now()
            stop = self.stops.get(self._platform)
            if stop and now < stop.until:
                raise BudgetSpent(stop.reason)
            charges = {
                charge(one, self._platform, holder(one, url, self._account_id), now, amount): one
                for one in self._tariff.limits
                if one.counts(url) and (amount := cost.get(one.unit, 0))
            }
            try:
                with self._store.write() as session:
                    allowances.take(session, charges)
            except Refused as refused:
                limit = charges[refused.charge]
                if not limit.waits:
                    raise self._stopped(limit, refused, now) from None
                waited += self._wait(limit, now, waited)
                continue
            self._taken = list(charges)
            break
        self._cost = cost

    def after(self, url: str, response: Response | None) -> None:
        """Put what the call cost in place of what was taken; without an answer all of it stays."""
        taken, most = self._taken, self._cost
        self._taken, self._cost = [], None
        if most is None:
            return
        cost = most
        if response is not None and self._tariff.spent:
            cost = self._tariff.spent(url, response)
        self.used.update({str(unit): amount for unit, amount in cost.items() if amount})
        differing = [(one, cost.get(Unit(one.unit), 0)) for one in taken]
        differing = [(one, real) for one, real in differing if real != one.amount]
        if self._store and differing:
            with self._store.write() as session:
                allowances.settle(session, differing)

    def _stopped(self, limit: Limit, refused: Refused, now: dt.datetime) -> BudgetSpent:
        until = limit.period.ends(now)
        reason = spent_words(limit, refused.used, refused.charge.amount, until)
        if limit.scope is Scope.PLATFORM:
            self.stops[self._platform] = Stop(reason, until)
        log.error("%s: %s: %s", self._platform, self._account_id, reason)
        return BudgetSpent(reason)

    def _wait(self, limit: Limit, now: dt.datetime, waited: float) -> float:
        seconds = (limit.period.ends(now) - now).total_seconds() + MARGIN_S
        if waited + seconds > LONGEST_WAIT_S:
            raise TransientFetchError(
                f"after {waited:.0f} s other workers still use up the calls that may be made to "
                f"{limit.group or 'this platform'}"
            )
        self._clock.sleep(seconds)
        return seconds


def charge(limit: Limit, platform: str, whose: str, at: dt.datetime, amount: int) -> Charge:
    """Return what a call takes from a limit."""
    period = limit.period
    return Charge(
        platform=platform,
        holder=f"{limit.group}:{whose}" if limit.group and whose else limit.group or whose,
        unit=limit.unit.value,
        period=period.key(at),
        amount=amount,
        limit=limit.amount,
        stale=(period.prefix, period.key(at - KEPT)) if isinstance(period, Slice) else (),
    )


def holder(limit: Limit, url: str, account_id: str) -> str:
    """Return whose limit it is: a server's, an account's, or the platform's as a whole."""
    if limit.scope is Scope.HOST:
        return urlsplit(url).netloc.lower()
    return account_id if limit.scope is Scope.ACCOUNT else ""


def tightened(tariff: Tariff, policy: Mapping[str, int]) -> tuple[Limit, ...]:
    """Return the limits in force: the platform's own, and what the policy says by their keys.

    A key that no limit of the tariff has adds one of its own.
    """
    limits = [_replaced(one, policy.get(one.key or "")) for one in tariff.limits]
    known = {one.key for one in tariff.limits}
    if "daily_calls" in policy and "daily_calls" not in known:
        limits.append(Limit(unit=Unit.CALLS, amount=policy["daily_calls"], period=Day(), ours=True))
    return tuple(limits)


def _replaced(limit: Limit, amount: int | None) -> Limit:
    if amount is None:
        return limit
    return replace(limit, amount=amount if limit.ours else min(limit.amount, amount))


def taken(session: Session, limit: Limit, platform: str, at: dt.datetime) -> int:
    """Return what has been taken of a limit of the platform as a whole."""
    return allowances.used(session, charge(limit, platform, "", at, 0))


def amount_words(unit: Unit, amount: int) -> str:
    """Return ``$1.25``, ``1,200 calls`` or ``80 quota units``."""
    if unit is Unit.MICRO_USD:
        cents = f"{amount / MICRO:,.2f}"
        return f"${cents}" if amount % 10_000 == 0 else f"${amount / MICRO:,.3f}"
    return f"{amount:,} {'calls' if unit is Unit.CALLS else 'quota units'}"


def limit_words(limit: Limit) -> str:
    """Return ``$50.00 a month`` or ``10,000 quota units a day``."""
    span = "a day" if isinstance(limit.period, Day) else "a month"
    return f"{amount_words(limit.unit, limit.amount)} {span}"


def spent_words(limit: Limit, used: int, wanted: int, until: dt.datetime) -> str:
    """Say which limit stopped reading, what is left of it, and when reading goes on."""
    shared = " of this account" if limit.scope is Scope.ACCOUNT else ""
    left = amount_words(limit.unit, max(0, limit.amount - used))
    words = (
        f"our limit{shared} of {limit_words(limit)} does not allow the next call, which may take "
        f"{amount_words(limit.unit, wanted)}"
    )
    if wanted > limit.amount:
        remedy = f"; raise {limit.key} in the policy" if limit.key else ""
        return f"{words}: more than all of it{remedy}"
    return (
        f"{words} of the {left} that are left; reading goes on after "
        f"{until.strftime('%Y-%m-%d %H:%M')} UTC"
    )
