"""What a night could read of each account, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from audit.model.account import Account
from audit.model.item import Facet, Gap, GapKind
from audit.model.verdict import Outcome
from audit.store.runs import Fetched
from reports import words
from reports.model.parts import CoverageLine
from reports.night import Covered, Night

NO_LOSS = (GapKind.UNSUPPORTED, GapKind.END)
"""Gaps that a platform has by nature."""
ASSESSED = (Outcome.PASS, Outcome.FAIL, Outcome.REVIEW, Outcome.WAIVED)

ORDER = (Facet.POSTS, Facet.COMMENTS, Facet.PROFILE)
NOT_REACHED = "the check did not get to this account"
NEXT = {
    GapKind.DENIED: "University Relations is asked to renew the access.",
    GapKind.NOT_FOUND: "Please check the address in the account registry.",
    GapKind.RATE_LIMITED: "We try again the next night.",
    GapKind.BROKEN: "We try again the next night.",
    GapKind.BUDGET: "We try again once the limit begins anew.",
}


class Extent(StrEnum):
    """How much of an account was read."""

    FULL = "full"
    PART = "part"
    NOT = "not"


_ALARM = (Extent.NOT, Extent.PART, Extent.FULL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of one account."""

    account: Account
    reads: tuple[Fetched, ...]
    extent: Extent
    known: bool
    """Whether a person knows of every gap and accepts it for now."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing and could have been there."""
        gaps = (one.gap for one in self.reads)
        return tuple(gap for gap in gaps if gap is not None and gap.kind not in NO_LOSS)

    @property
    def reason(self) -> str:
        """Why it was not read, or not in full."""
        reasons = dict.fromkeys(gap.reason.rstrip(".") for gap in self.gaps)
        return "; ".join(reasons) or NOT_REACHED

    def count(self, facet: Facet) -> int:
        """How many items of a facet were read."""
        return sum(one.items for one in self.reads if one.facet is facet)


def readings(night: Night, accounts: Iterable[Account] | None = None) -> tuple[Reading, ...]:
    """Say how much was read, of all accounts or of some."""
    return tuple(_reading(night, one) for one in accounts or night.accounts)


def _reading(night: Night, account: Account) -> Reading:
    reads = tuple(one for one in night.fetched if one.account_id == account.account_id)
    lost = [one.gap for one in reads if one.gap is not None and one.gap.kind not in NO_LOSS]
    seen = any(one.gap is None or one.gap.partial for one in reads)
    known = bool(lost) and all(
        (account.account_id, gap.facet.value, gap.kind.value) in night.acknowledged for gap in lost
    )
    extent = Extent.NOT if not seen else Extent.PART if lost else Extent.FULL
    return Reading(account=account, reads=reads, extent=extent, known=known)


def lines(night: Night, readings: Sequence[Reading], most: int) -> tuple[CoverageLine, ...]:
    """Put each account into a line; with more than ``most``, the last one sums up the others.

    Accounts that were not read in full come first then.
    """
    if len(readings) <= most:
        return tuple(line(night, one) for one in readings)
    ordered = sorted(readings, key=lambda one: _ALARM.index(one.extent))
    shown, left = ordered[: most - 1], ordered[most - 1 :]
    lost = sum(one.extent is not Extent.FULL for one in left)
    others = CoverageLine(
        platform="All others",
        account=words.count(len(left), "account"),
        fetched=f"{len(left) - lost:,} read in full",
        checked=f"{totals(left)}.",
        not_assessed=(f"{words.count(lost, 'account')} not, or not in full.",) if lost else (),
    )
    return (*(line(night, one) for one in shown), others)


def line(night: Night, reading: Reading) -> CoverageLine:
    """Put into words what was read of one account."""
    account = reading.account
    times = [one.fetched_at for one in reading.reads]
    if reading.extent is Extent.NOT:
        fetched = "not read"
    else:
        fetched = words.clock(min(times).astimezone(night.policy.zone))
    reads = sorted(reading.reads, key=_place)
    checked = [_checked(one) for one in reads if one.gap is None or one.gap.partial]
    platform = words.platform(account.platform)
    missing = _missing([one.gap for one in reads if one.gap is not None], platform)
    return CoverageLine(
        platform=platform,
        account=words.handle(account.platform, account.handle),
        fetched=fetched,
        checked=f"{', '.join(checked)}." if checked else None,
        not_assessed=tuple(missing) or (() if checked else (f"{NOT_REACHED}.",)),
    )


def _place(one: Fetched) -> int:
    return ORDER.index(one.facet) if one.facet in ORDER else len(ORDER)


def _checked(one: Fetched) -> str:
    if one.facet is Facet.PROFILE:
        return "profile"
    return words.count(one.items, one.facet.value.removesuffix("s"))


def _missing(gaps: Sequence[Gap], platform: str) -> list[str]:
    """Say what is missing and why, once for each reason."""
    parts: dict[tuple[GapKind, str], list[str]] = {}
    for gap in gaps:
        if gap.kind is not GapKind.END:
            reason = gap.reason.rstrip(".")
            if gap.kind is GapKind.UNSUPPORTED:
                reason = f"{platform} does not offer this"
            what = f"some {gap.facet.value}" if gap.partial else gap.facet.value
            parts.setdefault((gap.kind, reason), []).append(what)
    return [
        f"{words.listing(what)}: {reason}." + (f" {NEXT[kind]}" if kind in NEXT else "")
        for (kind, reason), what in parts.items()
    ]


def totals(readings: Sequence[Reading]) -> str:
    """Return ``51 posts, 173 comments and 3 profiles``, or ``nothing that was published``."""
    posts = sum(one.count(Facet.POSTS) for one in readings)
    comments = sum(one.count(Facet.COMMENTS) for one in readings)
    profiles = sum(
        any(read.facet is Facet.PROFILE and read.gap is None for read in one.reads)
        for one in readings
    )
    if not posts + comments + profiles:
        return "nothing that was published"
    return words.listing(
        [
            words.count(posts, "post"),
            words.count(comments, "comment"),
            words.count(profiles, "profile"),
        ]
    )


def check_words(covered: Sequence[Covered]) -> str:
    """Say how many checks ran, and how many could not everywhere."""
    ran = {one.check_id for one in covered if one.outcome in ASSESSED}
    stuck = {
        one.check_id for one in covered if one.outcome in (Outcome.NOT_ASSESSED, Outcome.ERROR)
    }
    said = f"{words.count(len(ran), 'check')} ran"
    if stuck:
        said += f"; {words.count(len(stuck), 'check')} could not run on at least one account"
    return f"{said}."


def reason_words(covered: Sequence[Covered], most: int = 4) -> str | None:
    """Say why checks could not run, the most frequent reason first."""
    checks: dict[str, set[str]] = {}
    for one in covered:
        if one.outcome == Outcome.NOT_ASSESSED:
            checks.setdefault(one.reason.rstrip("."), set()).add(one.check_id)
    if not checks:
        return None
    ordered = sorted(checks.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    parts = [f"{reason} ({words.count(len(ids), 'check')})" for reason, ids in ordered[:most]]
    rest = len(ordered) - most
    if rest > 0:
        parts.append(words.count(rest, "other reason"))
    return f"Why: {'; '.join(parts)}."
