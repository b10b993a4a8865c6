"""What a night means for one owner: which items, how urgent, and whether to write at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from audit.model.account import Account
from audit.model.finding import State
from audit.model.verdict import Kind, Severity
from reports.compliance import cards, frame, lives, reading
from reports.compliance.due import WAITING, Clock, clock_of, due_on
from reports.compliance.reading import Extent, Reading
from reports.model.parts import Counts
from reports.night import FindingTonight, Night

FRIDAY = 4
"""The day of the weekly mail, with what other nights only count; a night that is missed on it
leaves it to the next one."""


@dataclass(frozen=True, kw_only=True)
class OwnerFacts:
    """What the parts of the mail are written from."""

    night: Night
    name: str | None
    accounts: tuple[Account, ...]
    readings: tuple[Reading, ...]
    open: tuple[FindingTonight, ...]
    """Most urgent first."""
    urgent: tuple[FindingTonight, ...]
    """Due today or before."""
    resolved: tuple[FindingTonight, ...]
    decided: tuple[FindingTonight, ...]
    """Set aside by a person."""
    hints: tuple[FindingTonight, ...]
    counts: Counts
    changed: tuple[Account, ...] = ()
    """Accounts that stand differently since this night."""

    @property
    def ids(self) -> frozenset[str]:
        """The owner's account ids."""
        return frozenset(one.account_id for one in self.accounts)

    @property
    def unread(self) -> int:
        """How many accounts could not be read at all."""
        return sum(one.extent is Extent.NOT for one in self.readings)


def facts_of(night: Night, accounts: Sequence[Account], name: str | None = None) -> OwnerFacts:
    """Sort out what belongs to the owner of some accounts."""
    ids = {one.account_id for one in accounts}
    ours = [one for one in night.findings if one.finding.subject.account_id in ids]
    counted = frame.counted(ours)
    still = sorted(
        (one for one in counted if one.state.open), key=lambda one: cards.urgency(one, night)
    )
    return OwnerFacts(
        night=night,
        name=name,
        accounts=tuple(accounts),
        readings=reading.readings(night, accounts),
        open=tuple(still),
        urgent=tuple(one for one in still if _urgent(one, night)),
        resolved=tuple(one for one in counted if one.state is State.RESOLVED),
        decided=tuple(one for one in counted if one.state in (State.WAIVED, State.FALSE_POSITIVE)),
        hints=tuple(one for one in ours if one.finding.kind is Kind.WEAK and one.state.open),
        counts=frame.counts(counted, baseline=night.baseline),
        changed=tuple(one for one in accounts if lives.changed(night, one)),
    )


def weekly(night: Night) -> bool:
    """Whether this night's mail is the weekly one, with everything in it."""
    if night.previous is None:
        return True
    since_friday = dt.timedelta(days=(night.date.weekday() - FRIDAY) % 7)
    return night.previous < night.date - since_friday


def worth_a_mail(facts: OwnerFacts) -> bool:
    """Whether there is anything to say.

    Something changed, an account stands differently or could not be read, an item is critical
    or reaches its date; or it is the weekly mail's turn and anything at all is open.
    """
    changed = facts.counts.new + facts.counts.reopened + facts.counts.resolved
    unread = any(one.extent is Extent.NOT and not one.known for one in facts.readings)
    if changed or facts.changed or unread or any(_calls(one, facts.night) for one in facts.open):
        return True
    return weekly(facts.night) and bool(facts.open or facts.hints)


def _urgent(one: FindingTonight, night: Night) -> bool:
    if one.state in WAITING:
        return False
    due = due_on(one, night.policy.pack.clock)
    return clock_of(due, night.date) in (Clock.OVERDUE, Clock.TODAY)


def _calls(one: FindingTonight, night: Night) -> bool:
    if one.state in WAITING:
        return False
    if one.finding.severity is Severity.CRITICAL:
        return True
    due = due_on(one, night.policy.pack.clock)
    return due is not None and (night.previous or night.date) <= due <= night.date
