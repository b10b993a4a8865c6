"""Says what reading the registry tonight will take, per platform; asks nothing, writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_high

from audit import catalogue
from audit.installation import Installation
from audit.jobs.plan import everyone
from audit.metering import taken, tightened
from audit.model.account import Account
from audit.model.item import ItemKind
from audit.platforms.limits import Limit, Month, Scope, Size, Tariff, Unit
from audit.store import allowances, items
from audit.store.database import Session

NIGHTS = 7
"""Of so many nights the median is taken."""
POSTS_PER_DAY = 1.0
COMMENTS_PER_POST = 2.0
COMMENTED = 0.5
"""Share of posts that have comments. These three are assumed of accounts that were never read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUse:
    """One limit of a platform as a whole, and what the night will take of it."""

    key: str
    """What the policy calls it."""
    unit: Unit
    amount: int
    used: int
    """In the period that runs now."""
    left: int
    tonight: int
    share: float
    """Of the period's amount that the night takes; 1 is all of it."""
    by_end: float
    """Of the amount that will be used when the period ends, with a night like this on each day
    that is left."""
    ends: dt.datetime

    @property
    def enough(self) -> bool:
        """Whether what is left is enough for tonight."""
        return self.tonight <= self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformForecast:
    """What a night takes of one platform."""

    platform: str
    accounts: int
    measured: int
    """Accounts estimated from what earlier nights took."""
    stored: int
    """Accounts estimated from the number of stored items."""
    assumed: int
    """Accounts of which nothing is known."""
    calls: int
    quota_units: int | None
    """``None``: the platform has no quota of its own."""
    micro_usd: int | None
    """``None``: reading costs no money."""
    limits: tuple[LimitUse, ...]
    assumptions: Mapping[str, object]
    """What the estimate rests on where it is not measured."""


def forecast(
    installation: Installation, at: dt.datetime | None = None, *, over: bool = False
) -> list[PlatformForecast]:
    """Return what a night would take of each platform that the registry names.

    Args:
        installation: the installation.
        at: by default now.
        over: whether tonight has been read, so that it is among what is used and only the nights
            after it are to come.

    Raises:
        ConfigError: no account is registered.
    """
    now = at or dt.datetime.now(dt.UTC)
    days = installation.policy.pack.window.lookback_days
    with installation.store.read() as session:
        registered = everyone(session)
        past = allowances.usages(session, NIGHTS)
        known = items.counts(session, now - dt.timedelta(days=days))
        return [
            _platform(
                installation,
                session,
                name,
                [_estimate(one, past, known, days) for one in registered if one.platform == name],
                now,
                over,
            )
            for name in sorted({one.platform for one in registered})
        ]


@dataclass(frozen=True, slots=True)
class _Estimate:
    basis: str
    cost: Mapping[Unit, int]


def _estimate(
    account: Account,
    past: Mapping[str, Sequence[Mapping[str, int]]],
    known: Mapping[str, Counter[ItemKind]],
    days: int,
) -> _Estimate:
    nights = past.get(account.account_id)
    if nights:
        units = {unit for night in nights for unit in night}
        cost = {Unit(one): median_high([night.get(one, 0) for night in nights]) for one in units}
        return _Estimate("measured", cost)
    tariff = catalogue.platform(account.platform).tariff
    found = known.get(account.account_id)
    if found:
        posts = found[ItemKind.POST] + found[ItemKind.REPLY]
        comments = found[ItemKind.COMMENT]
        size = Size(posts=posts, comments=comments, threads=min(posts, comments))
        return _Estimate("stored", tariff.expected(size))
    posts = round(days * POSTS_PER_DAY)
    size = Size(
        posts=posts, comments=round(posts * COMMENTS_PER_POST), threads=round(posts * COMMENTED)
    )
    return _Estimate("assumed", tariff.expected(size))


def _platform(
    installation: Installation,
    session: Session,
    name: str,
    estimates: Sequence[_Estimate],
    now: dt.datetime,
    over: bool,
) -> PlatformForecast:
    tariff = catalogue.platform(name).tariff
    table = installation.policy.pack.platforms.get(name)
    tariff = replace(tariff, limits=tightened(tariff, table.amounts() if table else {}))
    total: Counter[Unit] = Counter()
    for one in estimates:
        total.update(one.cost)
    bases = Counter(one.basis for one in estimates)
    units = {one.unit for one in tariff.limits}
    return PlatformForecast(
        platform=name,
        accounts=len(estimates),
        measured=bases["measured"],
        stored=bases["stored"],
        assumed=bases["assumed"],
        calls=total[Unit.CALLS],
        quota_units=total[Unit.QUOTA] if Unit.QUOTA in units else None,
        micro_usd=total[Unit.MICRO_USD] if Unit.MICRO_USD in units else None,
        limits=tuple(
            _use(limit, taken(session, limit, name, now), total[limit.unit], now, over)
            for limit in tariff.limits
            if limit.scope is Scope.PLATFORM and limit.key
        ),
        assumptions=_assumptions(tariff, bases),
    )


def _use(limit: Limit, used: int, tonight: int, now: dt.datetime, over: bool) -> LimitUse:
    ends = limit.period.ends(now)
    nights = -(-(ends - now) // dt.timedelta(days=1)) if isinstance(limit.period, Month) else 1
    nights -= over
    return LimitUse(
        key=limit.key or "",
        unit=limit.unit,
        amount=limit.amount,
        used=used,
        left=max(0, limit.amount - used),
        tonight=tonight,
        share=_share(tonight, limit.amount),
        by_end=_share(used + nights * tonight, limit.amount),
        ends=ends,
    )


def _share(part: int, whole: int) -> float:
    """Return a share; of nothing allowed, whatever is needed is all of it."""
    return round(part / whole, 4) if whole else float(part > 0)


def _assumptions(tariff: Tariff, bases: Counter[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    if not tariff.limits or bases.keys() == {"measured"}:
        return found
    if bases["assumed"]:
        found = {
            "posts per day": POSTS_PER_DAY,
            "comments per post": COMMENTS_PER_POST,
            "share of posts with comments": COMMENTED,
        }
    return {**found, **tariff.assumes}
