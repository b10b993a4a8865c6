"""What has been kept long enough: which wordings, evidence and traces a purge takes away.

Days are those of the institution's calendar. A rule of 30 days takes away on 31 January what was
last seen on 1 January, whatever the hour. Nothing here reads a database or a clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from audit.model.item import ItemKind
from audit.model.life import AccountState
from audit.model.verdict import ITEM_LEVELS, Level
from audit.pack import ClassesTable, RetentionTable, RuleTable, WindowTable

DEFAULT_DAYS = 90
"""For a class of which no table says anything."""


class Content(StrEnum):
    """A class of content, as the policy names it."""

    POSTS = "posts"
    COMMENTS = "comments"
    PROFILES = "profiles"


CLASS_OF: Mapping[ItemKind, Content] = {
    ItemKind.POST: Content.POSTS,
    ItemKind.REPLY: Content.POSTS,
    ItemKind.COMMENT: Content.COMMENTS,
    ItemKind.PROFILE: Content.PROFILES,
}


AWAY = (
    AccountState.PRIVATE,
    AccountState.DEACTIVATED,
    AccountState.SUSPENDED,
    AccountState.DELETED,
    AccountState.REPLACED,
)
"""States of an account in which the public sees nothing of what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How long one class of content of one platform is kept."""

    days: int
    gone_days: int | None
    """``None``: what is gone is kept as long as what is not."""

    def ended(self, today: dt.date, seen: dt.date, gone: dt.date | None) -> bool:
        """Whether something last seen, and perhaps found gone, on these days has to go."""
        aged = (today - seen).days >= self.days
        if gone is None or self.gone_days is None:
            return aged
        return aged or (today - gone).days >= self.gone_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One version of an item."""

    version: int
    first_seen: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What is known of a stored item without opening it."""

    item_id: str
    kind: ItemKind
    last_seen: dt.datetime
    gone_at: dt.datetime | None
    wordings: tuple[Wording, ...]
    """Those that are kept, the first one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A finding that still has its evidence."""

    fingerprint: str
    level: Level
    subject_id: str
    worded_at: dt.datetime
    """Moment of the night that worded it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What a purge takes away from one account."""

    wordings: tuple[tuple[str, int], ...] = ()
    """By item id and version."""
    emptied: Mapping[str, Content] = field(default_factory=dict)
    """Items of which no wording is left."""
    evidence: tuple[str, ...] = ()
    """Fingerprints of findings that lose their evidence; the finding itself stays."""
    traces: tuple[str, ...] = ()
    """Ids of the public's comments whose last trace goes: hashes, times, counts."""

    def __bool__(self) -> bool:
        return bool(self.wordings or self.evidence or self.traces)


def rules(retention: RetentionTable, platform: str) -> dict[Content, Rule]:
    """Return the rules of a platform: its own where it has some, else the general ones."""
    own = retention.platforms.get(platform)
    return {
        one: _rule(_table(own, one) if own else RuleTable(), _table(retention, one))
        for one in Content
    }


def removal(
    holdings: Sequence[Holding],
    quotations: Sequence[Quotation],
    by_class: Mapping[Content, Rule],
    *,
    today: dt.date,
    zone: ZoneInfo,
    lookback_days: int,
    away: dt.datetime | None = None,
) -> Removal:
    """Say what of an account has been kept long enough.

    Evidence goes with the wording that it was taken from, even where a later one stays. What is
    not about a single item may quote many of them; it goes by the rule for posts, counted from
    the night that worded it. The hashed id and the times of a comment outlive its text by the
    look-back window, so that nights which still see it know it again.

    What the account wrote counts as gone since ``away``, the moment of the night from which on it
    stands as in ``AWAY``, unless a night has seen it since.
    """
    ended: list[tuple[str, int]] = []
    emptied: dict[str, Content] = {}
    traces: list[str] = []
    kept: dict[str, list[dt.datetime]] = {}
    for held in holdings:
        one = _gone(held, away)
        rule = by_class[CLASS_OF[one.kind]]
        old = set(_ended(one, rule, today, zone))
        ended += [(one.item_id, version) for version in sorted(old)]
        left = [word.first_seen for word in one.wordings if word.version not in old]
        kept[one.item_id] = left
        if left:
            continue
        if old:
            emptied[one.item_id] = CLASS_OF[one.kind]
        last = _day(max(one.last_seen, one.gone_at or one.last_seen), zone)
        if one.kind is ItemKind.COMMENT and (today - last).days > lookback_days:
            traces.append(one.item_id)
    posts = by_class[Content.POSTS]
    evidence = [
        one.fingerprint
        for one in quotations
        if (
            not any(moment <= one.worded_at for moment in kept.get(one.subject_id, ()))
            if one.level in ITEM_LEVELS
            else posts.ended(today, _day(one.worded_at, zone), None)
        )
    ]
    return Removal(
        wordings=tuple(ended),
        emptied=emptied,
        evidence=tuple(evidence),
        traces=tuple(traces),
    )


def blind_spots(retention: RetentionTable, window: WindowTable, platform: str) -> str | None:
    """Say how much less checks over time see of a platform than the policy lets them."""
    days = rules(retention, platform)[Content.POSTS].days
    seen = window.lookback_days + days
    if seen >= window.history_days:
        return None
    return (
        f"{platform}: posts are deleted {days} days after a night last saw them, so checks over "
        f"time see about {seen} days instead of the {window.history_days} of history_days"
    )


def _gone(one: Holding, away: dt.datetime | None) -> Holding:
    own = one.kind is not ItemKind.COMMENT
    lost = own and away is not None and one.gone_at is None and one.last_seen < away
    return replace(one, gone_at=away) if lost else one


def _ended(one: Holding, rule: Rule, today: dt.date, zone: ZoneInfo) -> list[int]:
    """Return the versions of an item that have to go."""
    found = []
    for word, later in pairwise(one.wordings):
        replaced = _day(later.first_seen, zone)
        if rule.ended(today, replaced, replaced):
            found.append(word.version)
    if one.wordings:
        gone = None if one.gone_at is None else _day(one.gone_at, zone)
        if rule.ended(today, _day(one.last_seen, zone), gone):
            # With the last wording all go: none outlives a later one.
            return [word.version for word in one.wordings]
    return found


def _rule(own: RuleTable, general: RuleTable) -> Rule:
    days = own.days or general.days or DEFAULT_DAYS
    gone = own.gone_days if own.gone_days is not None else general.gone_days
    return Rule(days=days, gone_days=gone)


def _table(tables: ClassesTable, one: Content) -> RuleTable:
    table: RuleTable = getattr(tables, one.value)
    return table


def _day(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    return moment.astimezone(zone).date()
