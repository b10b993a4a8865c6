"""The sentences of an owner's mail."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from audit.model.account import Account
from audit.model.finding import State
from reports import words
from reports.compliance import cards, endings, frame, lives
from reports.compliance.owner_facts import OwnerFacts
from reports.compliance.reading import Extent
from reports.model.parts import Step
from reports.night import FindingTonight, Night


def unit(accounts: Sequence[Account]) -> str:
    """Name the units that some accounts belong to, short enough for a subject."""
    units = list(dict.fromkeys(one.unit for one in accounts))
    if len(units) == 1:
        return words.cut(units[0], 40)
    return f"{words.cut(units[0], 28)} and {len(units) - 1} more"


def subject(facts: OwnerFacts) -> str:
    """Say what to do and how things stand, without a word about any finding."""
    counts, number = facts.counts, len(facts.accounts)
    if facts.night.baseline:
        return "Where your account stands" if number == 1 else f"Where your {number} accounts stand"
    if facts.urgent:
        return f"{len(facts.urgent)} to do today, {counts.open} open"
    if counts.open:
        changed = ((counts.new, "new"), (counts.reopened, "reopened"), (_unread(facts), "not read"))
        parts = [f"{value} {what}" for value, what in changed if value]
        if not parts and counts.resolved:
            parts = [f"{counts.resolved} resolved"]
        return ", ".join([*parts, f"{counts.open} open"])
    if facts.unread:
        return f"Nothing open, {words.count(facts.unread, 'account')} not read"
    return f"Nothing open, {words.count(number, 'account')} checked"


def headline(facts: OwnerFacts) -> str:
    """Say the one thing that matters."""
    counts, urgent = facts.counts, len(facts.urgent)
    came = counts.new + counts.reopened
    if urgent:
        return f"{_many(urgent, 'item', 'needs', 'need')} you today"
    if facts.night.baseline:
        return f"Where your {words.plural(len(facts.accounts), 'account stands', 'accounts stand')}"
    if came:
        return f"{_many(came, 'item', 'came', 'came')} in, with nothing due today"
    if _unread(facts):
        return f"{_many(_unread(facts), 'account', 'was', 'were')} not read"
    if facts.changed:
        return f"{_many(len(facts.changed), 'account', 'has', 'have')} changed"
    if counts.resolved and counts.open:
        resolved = _many(counts.resolved, "item", "is", "are")
        return f"{resolved} resolved, {words.number(counts.open)} open"
    if counts.open:
        return f"{_many(counts.open, 'item', 'is', 'are')} open"
    return "Nothing is open"


def lead(facts: OwnerFacts) -> str:
    """Say what was looked at, and what the mail shows."""
    number, units = len(facts.accounts), {one.unit for one in facts.accounts}
    whose = "account" if number == 1 else f"{words.number(number)} accounts"
    of = f" of {facts.accounts[0].unit}" if len(units) == 1 else f" in {len(units)} units"
    hello = f"Hello {facts.name}. " if facts.name else ""
    looked = f"{hello}Last night's check looked at your {whose}{of}."
    since = frame.since(facts.night)
    if facts.night.baseline or since is None:
        return (
            f"{looked} It was the first one: this mail shows what was already there and counts "
            "none of it as new."
        )
    return f"{looked} Here is what changed {since}."


def preheader(facts: OwnerFacts, steps: Sequence[Step]) -> str:
    """Say what a mail program may show beside the subject."""
    if steps:
        return steps[0].action + steps[0].rest
    full = sum(one.extent is Extent.FULL for one in facts.readings)
    read = "was" if 1 in (full, len(facts.readings)) else "were"
    return f"{full} of {words.count(len(facts.readings), 'account')} {read} read in full."


def steps(facts: OwnerFacts, chosen: Sequence[FindingTonight], most: int) -> tuple[Step, ...]:
    """Write one step for each thing to do among the urgent items, and one for what is unread."""
    numbers: dict[tuple[str, str], list[str]] = {}
    for number, one in enumerate(chosen, start=1):
        if one in facts.urgent:
            key = (one.words.title, _first_sentence(one.words.remedy))
            numbers.setdefault(key, []).append(str(number))
    urgent = [
        Step(
            action=f"{title} ({words.plural(len(of), 'item')} {words.listing(of)}):",
            rest=f" {action}",
        )
        for (title, action), of in list(numbers.items())[:most]
    ]
    told = [one for one in facts.accounts if lives.unusual(facts.night, one)]
    if told:
        names = words.listing([_named(one, facts.night) for one in told[:3]])
        urgent.append(Step(action="Tell University Relations about an account:", rest=f" {names}."))
    unread = [
        one
        for one in facts.readings
        if one.extent is Extent.NOT and not one.known and one.account not in told
    ]
    if not unread:
        return tuple(urgent)
    names = words.listing([f"{cards.place(one.account)} ({one.reason})" for one in unread[:3]])
    asked = Step(action="See why we could not read an account:", rest=f" {names}.")
    return (*urgent, asked)


def counts_words(facts: OwnerFacts, shown: int) -> str:
    """Say how many items are open and where in the mail they stand."""
    counts = facts.counts
    if not counts.open:
        return "Nothing is open on what we could read."
    said = [f"{words.count(counts.open, 'item')} {words.plural(counts.open, 'is', 'are')} open."]
    left = counts.open - shown
    if left and shown:
        stand = words.plural(left, "stands", "stand")
        said.append(
            f"{words.number(shown).capitalize()} {words.plural(shown, 'is', 'are')} described "
            f'below; {words.number(left)} more {stand} under "Also open".'
        )
    if facts.night.baseline:
        said.append("All of it was there before the first check, so nothing counts as new.")
    if facts.unread:
        said.append("Items of an account that could not be read stay open until it can.")
    return " ".join(said)


def resolved(one: FindingTonight, facts: OwnerFacts) -> str:
    """Name something that is resolved, and how."""
    said = f'{endings.how(one)}: "{one.words.title}". {cards.account_words(one, facts.night)}'
    if one.item is not None and one.item.created_at is not None:
        local: dt.datetime = one.item.created_at.astimezone(facts.night.policy.zone)
        said += f", {one.finding.subject.level.value} of {words.short_day(local)}"
    return said


def decided(facts: OwnerFacts) -> tuple[str, ...]:
    """Count what people set aside, by check and account."""
    lines: Counter[str] = Counter()
    for one in facts.decided:
        decision = one.standing.decision
        if one.state is State.WAIVED and decision is not None and decision.expires_on is not None:
            what = f"Waived until {words.short_day(decision.expires_on)}"
        else:
            what = "Marked as a false positive"
        lines[f"{what}: {one.words.title}. {cards.account_words(one, facts.night)}"] += 1
    return tuple(f"{line} ({n} items)" if n > 1 else line for line, n in sorted(lines.items()))


def why(facts: OwnerFacts) -> str:
    """Say why this reader gets the mail."""
    number = len(facts.accounts)
    these = "this account" if number == 1 else f"these {words.number(number)} accounts"
    return (
        f"The account registry lists you as an owner of {these}. A nightly mail comes only when "
        f"there is something to say. Questions? Reply to this mail or {frame.ask(facts.night)}."
    )


def _named(account: Account, night: Night) -> str:
    state = lives.NAMES[night.lives[account.account_id].state]
    return f"{cards.place(account)} ({state})"


def _unread(facts: OwnerFacts) -> int:
    """How many accounts could not be read without anybody knowing."""
    return sum(one.extent is Extent.NOT and not one.known for one in facts.readings)


def _many(value: int, noun: str, one: str, more: str) -> str:
    said = f"{words.number(value)} {words.plural(value, noun)} {words.plural(value, one, more)}"
    return said[0].upper() + said[1:]


def _first_sentence(text: str) -> str:
    head = text.strip().partition(". ")[0]
    return words.sentence(words.cut(head, 160))
