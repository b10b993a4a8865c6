"""The morning mail to University Relations over all accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from audit.model.finding import State
from audit.model.verdict import Outcome, Severity
from reports import words
from reports.compliance import (
    cards,
    decisions,
    endings,
    frame,
    lives,
    notes,
    operations,
    reading,
    tables,
)
from reports.compliance.reading import ASSESSED, Extent, Reading
from reports.model.digest import AccountLines, Clocks, Digest, Notes
from reports.model.parts import Counts, Frame, Step
from reports.night import Covered, FindingTonight, Night

MOST_STEPS = 4


def digest(night: Night, *, held: int = 0) -> Digest:
    """Write the digest.

    Args:
        night: everything known of the night.
        held: how many mails to owners wait to be released.
    """
    counted = frame.counted(night.findings)
    still = [one for one in counted if one.state.open]
    found = decisions.waiting(night)
    clocks = decisions.clocks(found, night)
    readings = reading.readings(night)
    unread = notes.accounts(readings, Extent.NOT)
    ownerless = notes.ownerless(night, still)
    counts = frame.counts(counted, baseline=night.baseline)
    accounts = lives.table(night)
    removed = [one for one in counted if one.state is State.RESOLVED and one.standing.gone]
    # An account that changed tonight is one thing to see to, not two.
    others = [one for one in readings if not lives.changed(night, one.account)]
    steps = _steps(held, clocks, accounts, notes.accounts(others, Extent.NOT), ownerless)
    ids = frozenset(one.account_id for one in night.accounts)
    return Digest(
        frame=_frame(night, clocks, readings, unread, steps),
        do_first=steps,
        do_first_rest="",
        clocks=clocks,
        clocks_words=decisions.clocks_words(found),
        decisions=decisions.lists(found, night),
        accounts=accounts,
        unread=unread,
        partial=notes.accounts(readings, Extent.PART),
        known_gaps=notes.shown(
            [notes.account(one) for one in readings if one.known and one.extent is not Extent.FULL]
        ),
        ownerless=ownerless,
        ownerless_items=decisions.listed(
            "Open items that no owner was told of", _without_owner(night, still), night
        ),
        waivers=notes.waivers(night),
        errors=notes.errors(night),
        operations=operations.notes(night.notices),
        removed=notes.shown([endings.note(one, night) for one in removed if not one.evidence]),
        removed_words=endings.removed_words(night, len(removed)),
        evidence=notes.shown([endings.note(one, night) for one in endings.by_date(night.evidence)]),
        since=" ".join(("Totals", frame.since(night) or "")).strip(),
        counts=counts,
        counts_words=_counts_words(night, still, counts),
        chart=frame.chart(night, ids),
        tables=(
            tables.by_clause(still, night),
            tables.by_unit(still, readings, night),
            tables.by_platform(still, readings, night),
        ),
    )


def _steps(
    held: int, clocks: Clocks, accounts: AccountLines, unread: Notes, ownerless: Notes
) -> tuple[Step, ...]:
    steps = []
    if held:
        steps.append(
            Step(
                action="Release the first mails to owners:",
                rest=f" {words.count(held, 'mail')} {words.plural(held, 'waits', 'wait')} until "
                'you have seen them. "account-audit mail list" shows them, '
                '"account-audit mail release" lets them go.',
            )
        )
    if clocks.overdue or clocks.today:
        parts = [(clocks.overdue, "overdue"), (clocks.today, "due today")]
        said = words.listing([f"{number} {what}" for number, what in parts if number])
        steps.append(Step(action="Decide what is due:", rest=f" {said}."))
    new = [one for one in accounts.lines if one.new]
    if new:
        more = f", and {len(new) - 1} more" if len(new) > 1 else ""
        rest = f" {new[0].name} ({new[0].state}){more}."
        steps.append(Step(action="See to accounts that changed:", rest=rest))
    if unread.total:
        first = unread.lines[0]
        more = f", and {unread.total - 1} more" if unread.total > 1 else ""
        steps.append(
            Step(action="See to accounts that could not be read:", rest=f" {first.name}{more}.")
        )
    if ownerless.total:
        first = ownerless.lines[0]
        more = f", and {ownerless.total - 1} more" if ownerless.total > 1 else ""
        steps.append(
            Step(action="Name an owner for accounts without one:", rest=f" {first.name}{more}.")
        )
    return tuple(steps[:MOST_STEPS])


def _frame(
    night: Night,
    clocks: Clocks,
    readings: Sequence[Reading],
    unread: Notes,
    steps: tuple[Step, ...],
) -> Frame:
    due = clocks.overdue + clocks.today
    known = sum(one.known and one.extent is Extent.NOT for one in readings)
    said = _unread_words(unread, known)
    lead = [said]
    if night.baseline:
        lead.insert(
            0,
            "This was the first night. What it found was there before and counts as a baseline, "
            "not as news.",
        )
    return Frame(
        institution=frame.institution(night),
        date=words.long_day(night.date),
        short_date=words.short_day(night.date),
        headline=_headline(due),
        lead=" ".join(lead),
        preheader=steps[0].action + steps[0].rest if steps else said,
        subject=_subject(due, unread.total),
        contact=frame.contact(night),
        coverage_words=_coverage(night, readings),
        why="You are on the list of University Relations in the policy pack.",
        run=frame.run_words(night),
    )


def _headline(due: int) -> str:
    if not due:
        return "No decision is due today"
    said = f"{words.number(due)} {words.plural(due, 'decision needs', 'decisions need')}"
    return f"{said[0].upper()}{said[1:]} a person today"


def _subject(due: int, unread: int) -> str:
    first = f"{words.count(due, 'decision')} today" if due else "Nothing due today"
    return f"{first}, {words.count(unread, 'account')} not read" if unread else first


def _unread_words(unread: Notes, known: int) -> str:
    if not unread.total:
        rest = f", but for {words.number(known)} that you know of" if known else ""
        return f"Every account could be read{rest}."
    were = words.plural(unread.total, "account", "accounts")
    verb = words.plural(unread.total, "Its earlier findings stay", "Their earlier findings stay")
    number = words.number(unread.total)
    return f"{number[0].upper()}{number[1:]} {were} could not be read. {verb} open."


def _coverage(night: Night, readings: Sequence[Reading]) -> tuple[str, ...]:
    numbers = Counter(one.extent for one in readings)
    were = words.plural(len(readings), "was", "were")
    full = (
        f"{numbers[Extent.FULL]} of {words.count(len(readings), 'account')} {were} read in full, "
        f"{numbers[Extent.PART]} in part, {numbers[Extent.NOT]} not at all. "
        f"Checked: {reading.totals(readings)}."
    )
    moments = [one.fetched_at for read in readings for one in read.reads]
    said = (
        full,
        _assessed(night.covered),
        reading.reason_words(night.covered, most=6),
        f"{frame.fetched_words(night, moments)} {frame.NO_MONITOR}",
    )
    return tuple(one for one in said if one)


def _assessed(covered: Sequence[Covered]) -> str | None:
    """Say which part of the results that were due could be given."""
    assessed = sum(one.subjects for one in covered if one.outcome in ASSESSED)
    missing = sum(one.subjects for one in covered if one.outcome == Outcome.NOT_ASSESSED)
    wrong = sum(one.subjects for one in covered if one.outcome == Outcome.ERROR)
    whole = assessed + missing + wrong
    share = words.share(assessed, whole)
    if share is None:
        return None
    said = f"{share} of the {whole:,} check results that were due could be given"
    missed = [(missing, "not assessed"), (wrong, "ended in an error")]
    rest = [f"{number:,} {what}" for number, what in missed if number]
    return f"{said}; {words.listing(rest)}." if rest else f"{said}."


def _without_owner(night: Night, still: Sequence[FindingTonight]) -> list[FindingTonight]:
    found = [one for one in still if one.finding.subject.account_id in night.ownerless]
    return sorted(found, key=lambda one: cards.urgency(one, night))


def _counts_words(night: Night, still: Sequence[FindingTonight], counts: Counts) -> tuple[str, ...]:
    numbers = Counter(one.finding.severity for one in still)
    parts = [f"{numbers[one]} {one.value}" for one in Severity if numbers[one]]
    said = f"{words.count(counts.open, 'open item')}"
    first = f"{said}: {words.listing(parts)}." if parts else f"{said}."
    aside = sum(one.state in (State.WAIVED, State.FALSE_POSITIVE) for one in night.findings)
    if not aside:
        return (first,)
    return (
        first,
        f"{words.count(aside, 'item')} {words.plural(aside, 'is', 'are')} set aside by a person.",
    )
