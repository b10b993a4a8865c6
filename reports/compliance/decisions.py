"""What waits for a decision of University Relations, by its clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from audit.model.finding import State
from audit.model.verdict import Kind, Severity
from reports import words
from reports.compliance import cards
from reports.compliance.due import WAITING, Clock, clock_of, due_on
from reports.model.digest import Clocks, DecisionLine, DecisionList
from reports.night import FindingTonight, Night

MOST_LINES = 12
TITLES = {Clock.OVERDUE: "Overdue", Clock.TODAY: "Today", Clock.WEEK: "This week"}


def waiting(night: Night) -> tuple[FindingTonight, ...]:
    """Return what a person has to decide or to see to, the most urgent first.

    Proxies that nobody has confirmed, disputes, questions, and whatever is critical.
    """
    found = [
        one
        for one in night.findings
        if one.state.open
        and one.finding.kind is not Kind.WEAK
        and (
            one.state in WAITING
            or one.finding.severity is Severity.CRITICAL
            or (one.finding.kind is Kind.PROXY and not one.standing.confirmed)
        )
    ]
    return tuple(sorted(found, key=lambda one: cards.urgency(one, night)))


def clock(one: FindingTonight, night: Night) -> Clock:
    """Say how soon University Relations should decide."""
    return clock_of(due_on(one, night.policy.pack.clock), night.date)


def clocks(found: Sequence[FindingTonight], night: Night) -> Clocks:
    """Count decisions by their clock."""
    numbers = Counter(clock(one, night).value for one in found)
    return Clocks(**{one.value: numbers[one.value] for one in Clock})


def clocks_words(found: Sequence[FindingTonight]) -> str:
    """Say what kinds of decisions wait."""
    disputes = sum(one.state is State.DISPUTED for one in found)
    questions = sum(one.state is State.NEEDS_UR for one in found)
    rest = [one for one in found if one.state not in WAITING]
    proxies = sum(cards.kind_tag(one) == cards.NEEDS_REVIEW for one in rest)
    parts = [
        (proxies, "possible finding to review", "possible findings to review"),
        (len(rest) - proxies, "critical finding to see to", "critical findings to see to"),
        (disputes, "dispute", "disputes"),
        (questions, "question from owners", "questions from owners"),
    ]
    said = [words.count(number, one, many) for number, one, many in parts if number]
    if not said:
        return "Nothing waits for a decision."
    return f"{words.count(len(found), 'decision')}: {words.listing(said)}."


def lists(found: Sequence[FindingTonight], night: Night) -> tuple[DecisionList, ...]:
    """List what is due, one list for each clock but the last."""
    return tuple(
        listed(title, [one for one in found if clock(one, night) is of], night)
        for of, title in TITLES.items()
    )


def listed(title: str, found: Sequence[FindingTonight], night: Night) -> DecisionList:
    """List findings, as many as a mail can hold."""
    return DecisionList(
        title=title,
        total=len(found),
        lines=tuple(_line(one, night) for one in found[:MOST_LINES]),
    )


def _line(one: FindingTonight, night: Night) -> DecisionLine:
    return DecisionLine(
        severity=one.finding.severity,
        title=one.words.title,
        where=f"{unit(one, night)}, {cards.account_words(one, night)}",
        state=_state(one, night),
        reference=cards.reference(one),
    )


def unit(one: FindingTonight, night: Night) -> str:
    """Return the unit of a finding's account."""
    accounts = (acc for acc in night.accounts if acc.account_id == one.finding.subject.account_id)
    return next((acc.unit for acc in accounts), "Not registered")


def _state(one: FindingTonight, night: Night) -> str:
    if night.baseline and one.state is State.NEW:
        state = "open at the first check"
    else:
        state = cards.STATES[one.state].lower().replace("university relations", "you")
    kind = cards.kind_tag(one)
    due = due_on(one, night.policy.pack.clock)
    parts = [state, kind.lower() if kind else None, f"due {words.day(due)}" if due else None]
    return ", ".join(part for part in parts if part)
