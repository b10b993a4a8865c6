"""The mail to one owner over all of the owner's accounts."""

from __future__ import annotations

from collections.abc import Sequence

from audit.model.account import Account
from audit.model.finding import State
from audit.model.verdict import Severity
from reports import words
from reports.compliance import cards, frame, lives, reading
from reports.compliance import owner_words as say
from reports.compliance.owner_facts import OwnerFacts, facts_of, weekly, worth_a_mail
from reports.model.owner import OwnerReport
from reports.model.parts import Frame, Step
from reports.night import FindingTonight, Night

MOST_STEPS = 3
MOST_REST = 25
MOST_RESOLVED = 10
MOST_HINTS = 8
MOST_COVERAGE = 25
CARD_SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)
"""Milder ones get a card in the weekly mail, or when they came back."""
ANSWER = (
    "Reply to this mail to say that an item is fixed, to dispute it, or to ask University "
    "Relations; please give its finding number. What you fixed shows as resolved after the next "
    "check has seen it."
)


def owner_report(
    night: Night, accounts: Sequence[Account], name: str | None = None
) -> OwnerReport | None:
    """Write the mail to the owner of some accounts; ``None`` when it would say nothing.

    Every open item is either on a card or counted in a line below the cards.

    Args:
        night: everything known of the night.
        accounts: the owner's.
        name: the owner's, as in the staff directory.
    """
    facts = facts_of(night, accounts, name)
    if not worth_a_mail(facts):
        return None
    chosen, rest = cards.choose([one for one in facts.open if _has_card(one, night)])
    rest = [one for one in facts.open if one not in chosen]
    steps = say.steps(facts, chosen, MOST_STEPS)
    resolved = [say.resolved(one, facts) for one in facts.resolved]
    hints = cards.rest_lines(facts.hints, night) if weekly(night) else ()
    return OwnerReport(
        frame=_frame(facts, steps),
        unit=say.unit(facts.accounts),
        do_first=steps,
        do_first_rest=f"Not sure? Please {frame.ask(night)}. Asking is always fine.",
        accounts=tuple(lives.owner_words(night, one) for one in lives.told(night, accounts)),
        since=words.heading(frame.since(night) or "where things stand"),
        counts=facts.counts,
        counts_words=(say.counts_words(facts, len(chosen)),),
        chart=frame.chart(night, facts.ids),
        cards=cards.cards(chosen, rest, night),
        rest=cards.rest_lines(rest, night, most=MOST_REST),
        coaching=hints[:MOST_HINTS],
        resolved=tuple(resolved[:MOST_RESOLVED]),
        resolved_more=max(0, len(resolved) - MOST_RESOLVED),
        decided=say.decided(facts),
        coverage=reading.lines(night, facts.readings, MOST_COVERAGE),
        how_to_answer=ANSWER,
    )


def _has_card(one: FindingTonight, night: Night) -> bool:
    if one.finding.severity in CARD_SEVERITIES or one.state is State.REOPENED:
        return True
    return weekly(night)


def _frame(facts: OwnerFacts, steps: tuple[Step, ...]) -> Frame:
    night = facts.night
    covered = [one for one in night.covered if one.account_id in facts.ids]
    moments = [one.fetched_at for read in facts.readings for one in read.reads]
    were = (
        f"Checked: {reading.totals(facts.readings)}; {reading.check_words(covered)}",
        reading.reason_words(covered),
        f"Private messages are never read. {frame.fetched_words(night, moments)}",
        frame.NO_MONITOR,
    )
    return Frame(
        institution=frame.institution(night),
        date=words.long_day(night.date),
        short_date=words.short_day(night.date),
        headline=say.headline(facts),
        lead=say.lead(facts),
        preheader=say.preheader(facts, steps),
        subject=say.subject(facts),
        contact=frame.contact(night),
        coverage_words=tuple(one for one in were if one),
        why=say.why(facts),
        run=frame.run_words(night),
    )
