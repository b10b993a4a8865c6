"""Notes about accounts, waivers and checks, each with a name and a sentence."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from audit.model.finding import State
from audit.model.verdict import Outcome
from reports import words
from reports.compliance import (
    decisions,
)
from reports.compliance.reading import Extent, Reading
from reports.model.digest import Note, Notes
from reports.night import FindingTonight, Night

MOST_NOTES = 15
ENDING_DAYS = 14
"""How long before its end a waiver is spoken of."""


def accounts(readings: Sequence[Reading], extent: Extent) -> Notes:
    """Return the accounts that were read to this extent, without those whose gaps are known."""
    return shown([account(one) for one in readings if one.extent is extent and not one.known])


def account(one: Reading) -> Note:
    """Return an account, with what of it is missing and why."""
    place = f"{one.account.unit}, {words.platform(one.account.platform)}"
    what = "" if one.extent is Extent.NOT else f"{_missing(one)}: "
    return Note(
        name=f"{place} ({words.handle(one.account.platform, one.account.handle)})",
        text=words.sentence(f"{what}{one.reason}"),
    )


def _missing(one: Reading) -> str:
    return words.listing(list(dict.fromkeys(gap.facet.value for gap in one.gaps)))


def ownerless(night: Night, still: Sequence[FindingTonight]) -> Notes:
    """Return the accounts without an owner, with their number of open items."""
    numbers = Counter(one.finding.subject.account_id for one in still)
    return shown(
        [
            Note(
                name=f"{one.unit}, {words.platform(one.platform)} "
                f"({words.handle(one.platform, one.handle)})",
                text=f"{words.count(numbers[one.account_id], 'open item')}, told to you only.",
            )
            for one in night.accounts
            if one.account_id in night.ownerless
        ]
    )


def waivers(night: Night) -> Notes:
    """Return the waivers that end soon, the next one first."""
    last = night.date + dt.timedelta(days=ENDING_DAYS)
    found = [
        (one.standing.decision.expires_on, one)
        for one in night.findings
        if one.state is State.WAIVED
        and one.standing.decision is not None
        and one.standing.decision.expires_on is not None
        and one.standing.decision.expires_on <= last
    ]
    found.sort(key=lambda pair: (pair[0], pair[1].finding.fingerprint))
    return shown(
        [
            Note(
                name=words.short_day(ends),
                text=f"{one.finding.code} {one.words.title}, {decisions.unit(one, night)}.",
            )
            for ends, one in found
        ]
    )


def errors(night: Night) -> Notes:
    """Return the checks that ended in an error, with the number of accounts."""
    codes = {one.check.id: one.check.code for one in night.policy.checks}
    found: dict[str, set[str]] = {}
    for one in night.covered:
        if one.outcome == Outcome.ERROR:
            found.setdefault(one.check_id, set()).add(one.account_id)
    return shown(
        [
            Note(
                name=f"{codes.get(check_id, '')} {check_id}".strip(),
                text=f"on {words.count(len(accounts), 'account')}; what it would have said there "
                "is not known.",
            )
            for check_id, accounts in sorted(found.items())
        ]
    )


def shown(lines: list[Note]) -> Notes:
    """Return the first of some notes, with the number of all."""
    return Notes(total=len(lines), lines=tuple(lines[:MOST_NOTES]))
