"""The morning mail to University Relations over all accounts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from audit.model.finding import State
from audit.model.verdict import Outcome, Severity
from reports import words
from reports.compliance import cards, decisions, frame, operations, reading, tables
from reports.compliance.reading import ASSESSED, Extent, Reading
from reports.model.digest import Clocks, Digest, Note, Notes
from reports.model.parts import Counts, Frame, Step
from reports.night import Covered, FindingTonight, Night

MOST_NOTES = 15
MOST_STEPS = 4
ENDING_DAYS = 14
"""How long before its end a waiver is spoken of."""


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
    unread = _accounts(readings, Extent.NOT)
    ownerless = _ownerless(night, still)
    counts = frame.counts(counted, baseline=night.baseline)
    steps = _steps(held, clocks, unread, ownerless)
    ids = frozenset(one.account_id for one in night.accounts)
    return Digest(
        frame=_frame(night, clocks, readings, unread, steps),
        do_first=steps,
        do_first_rest="",
        clocks=clocks,
        clocks_words=decisions.clocks_words(found),
        decisions=decisions.lists(found, night),
        unread=unread,
        partial=_accounts(readings, Extent.PART),
        known_gaps=_notes(
            [_account_note(one) for one in readings if one.known and one.extent is not Extent.FULL]
        ),
        ownerless=ownerless,
        ownerless_items=decisions.listed(
            "Open items that no owner was told of", _without_owner(night, still), night
        ),
        waivers=_waivers(night),
        errors=_errors(night),
        operations=operations.notes(night.notices),
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


def _steps(held: int, clocks: Clocks, unread: Notes, ownerless: Notes) -> tuple[Step, ...]:
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
    lead = [_unread_words(unread)]
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
        preheader=steps[0].action + steps[0].rest if steps else _unread_words(unread),
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


def _unread_words(unread: Notes) -> str:
    if not unread.total:
        return "Every account could be read."
    were = words.plural(unread.total, "account", "accounts")
    verb = words.plural(unread.total, "Its earlier findings stay", "Their earlier findings stay")
    number = words.number(unread.total)
    return f"{number[0].upper()}{number[1:]} {were} could not be read. {verb} open."


def _coverage(night: Night, readings: Sequence[Reading]) -> tuple[str, ...]:
    numbers = Counter(one.extent for one in readings)
    full = (
        f"{numbers[Extent.FULL]} of {words.count(len(readings), 'account')} were read in full, "
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


def _accounts(readings: Sequence[Reading], extent: Extent) -> Notes:
    return _notes(
        [_account_note(one) for one in readings if one.extent is extent and not one.known]
    )


def _account_note(one: Reading) -> Note:
    place = f"{one.account.unit}, {words.platform(one.account.platform)}"
    what = "" if one.extent is Extent.NOT else f"{_missing(one)}: "
    return Note(
        name=f"{place} ({words.handle(one.account.platform, one.account.handle)})",
        text=words.sentence(f"{what}{one.reason}"),
    )


def _missing(one: Reading) -> str:
    return words.listing(list(dict.fromkeys(gap.facet.value for gap in one.gaps)))


def _without_owner(night: Night, still: Sequence[FindingTonight]) -> list[FindingTonight]:
    found = [one for one in still if one.finding.subject.account_id in night.ownerless]
    return sorted(found, key=lambda one: cards.urgency(one, night))


def _ownerless(night: Night, still: Sequence[FindingTonight]) -> Notes:
    numbers = Counter(one.finding.subject.account_id for one in still)
    return _notes(
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


def _waivers(night: Night) -> Notes:
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
    return _notes(
        [
            Note(
                name=words.short_day(ends),
                text=f"{one.finding.code} {one.words.title}, {decisions.unit(one, night)}.",
            )
            for ends, one in found
        ]
    )


def _errors(night: Night) -> Notes:
    codes = {one.check.id: one.check.code for one in night.policy.checks}
    found: dict[str, set[str]] = {}
    for one in night.covered:
        if one.outcome == Outcome.ERROR:
            found.setdefault(one.check_id, set()).add(one.account_id)
    return _notes(
        [
            Note(
                name=f"{codes.get(check_id, '')} {check_id}".strip(),
                text=f"on {words.count(len(accounts), 'account')}; what it would have said there "
                "is not known.",
            )
            for check_id, accounts in sorted(found.items())
        ]
    )


def _notes(lines: list[Note]) -> Notes:
    return Notes(total=len(lines), lines=tuple(lines[:MOST_NOTES]))


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
