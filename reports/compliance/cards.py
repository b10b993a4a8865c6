"""Single items as their account's owner reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from audit.model.account import Account
from audit.model.finding import State
from audit.model.item import Item, ItemKind
from audit.model.verdict import Kind, Level, Severity
from reports import words
from reports.compliance.due import due_on, due_words
from reports.model.owner import ItemCard, RestLine
from reports.model.parts import Clause, Link
from reports.night import CheckWords, FindingTonight, Night

MOST_CARDS = 10
MOST_ALIKE = 3
"""Cards for one check on one account; the fourth would say nothing that the others do not."""

WITHHELD = frozenset({"BP02.1", "BP04.4", "BP10.1", "BP10.2", "BP12.1", "BP12.2", "HC01.4"})
"""Privacy and crisis checks: a mail tells that something was found, where and when, no more."""
UNQUOTED = frozenset({"BP02.2"})
UNQUOTED_CLAUSES = frozenset({"BP10", "BP12"})
"""Checks whose evidence never leaves the store, whatever they say about excerpts themselves."""
UNTAGGED = frozenset({"BP10.1"})
"""Where the kind of check would give away what kind of thing was found."""
MOST_WORDS = 12
"""Of an excerpt."""
PRIVACY = frozenset({"BP02.1", "BP10.1", "BP10.2", "HC01.4"})
"""Checks after which the Privacy Office should be called."""

NEEDS_REVIEW = "Needs review"
STATES = {
    State.NEW: "New",
    State.OPEN: "Still open",
    State.REOPENED: "Reopened",
    State.NOT_RECHECKED: "Still open",
    State.ACKNOWLEDGED: "Acknowledged",
    State.NEEDS_UR: "With University Relations",
    State.DISPUTED: "Disputed",
}
VERBS = {Level.POST: "posted", Level.REPLY: "replied"}
WHOLE = {
    Level.PROFILE: "profile",
    Level.ACCOUNT: "the account as a whole",
    Level.REGISTRY: "entry in the account registry",
    Level.COMMENT: "a comment by a member of the public",
}
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that could make a quotation read in another order than it is written."""


def urgency(one: FindingTonight, night: Night) -> tuple[int, str, int, str, str]:
    """Sort key: the most urgent first."""
    due = due_on(one, night.policy.pack.clock)
    fresh = one.state in (State.NEW, State.REOPENED)
    return (
        one.finding.severity.rank,
        due.isoformat() if due else "9999",
        0 if fresh else 1,
        one.finding.code,
        one.finding.fingerprint,
    )


def choose(
    ordered: Sequence[FindingTonight], most: int = MOST_CARDS
) -> tuple[list[FindingTonight], list[FindingTonight]]:
    """Split items, the most urgent first, into those with a card and the rest."""
    chosen: list[FindingTonight] = []
    rest: list[FindingTonight] = []
    alike: Counter[tuple[str, str]] = Counter()
    for one in ordered:
        key = _alike(one)
        if len(chosen) < most and alike[key] < MOST_ALIKE:
            alike[key] += 1
            chosen.append(one)
        else:
            rest.append(one)
    return chosen, rest


def cards(
    chosen: Sequence[FindingTonight], rest: Sequence[FindingTonight], night: Night
) -> tuple[ItemCard, ...]:
    """Write the cards; the last of several alike tells how many more there are."""
    left = Counter(_alike(one) for one in rest)
    last = {_alike(one): number for number, one in enumerate(chosen, start=1)}
    return tuple(
        _card(one, night, number, alike=left[_alike(one)] if last[_alike(one)] == number else 0)
        for number, one in enumerate(chosen, start=1)
    )


def rest_lines(
    rest: Sequence[FindingTonight], night: Night, most: int | None = None
) -> tuple[RestLine, ...]:
    """Count items by check, account and severity, in the order given.

    With more than ``most`` lines, the last one counts everything that has no line of its own.
    """
    counts: Counter[tuple[Severity, str, str]] = Counter()
    for one in rest:
        counts[(one.finding.severity, one.words.title, account_words(one, night))] += 1
    lines = [
        RestLine(severity=severity, title=title, account=account, count=number)
        for (severity, title, account), number in counts.items()
    ]
    if most is None or len(lines) <= most:
        return tuple(lines)
    shown, left = lines[: most - 1], lines[most - 1 :]
    return (
        *shown,
        RestLine(
            severity=left[0].severity,
            title="Everything else, at most as severe",
            account=f"{len({one.account for one in left})} accounts",
            count=sum(one.count for one in left),
        ),
    )


def account_words(one: FindingTonight, night: Night) -> str:
    """Return ``Instagram, @name``."""
    account = next(
        (acc for acc in night.accounts if acc.account_id == one.finding.subject.account_id), None
    )
    if account is None:
        return "an account that is no longer registered"
    return place(account)


def place(account: Account) -> str:
    """Return ``Instagram, @name``."""
    name = words.handle(account.platform, account.handle)
    return f"{words.platform(account.platform)}, {name}"


def where(one: FindingTonight, night: Night) -> str:
    """Return ``Instagram, @name, posted Mon, May 17, 8:12 pm``."""
    return f"{account_words(one, night)}, {_when(one.finding.subject.level, one.item, night)}"


def reference(one: FindingTonight) -> str:
    """Return the short name of a finding; long enough to be told from its neighbours."""
    return f"F-{one.finding.fingerprint[:8]}"


def clause(check: CheckWords, night: Night) -> Clause:
    """Return what the policy says about a check's clause."""
    table = night.policy.pack.clauses[check.clause]
    return Clause(
        code=check.clause,
        title=table.title.rstrip("."),
        summary=words.sentence(table.summary),
        wording=table.wording.strip() or None,
    )


def kind_tag(one: FindingTonight) -> str | None:
    """Say whether the check states or asks."""
    if one.finding.code in UNTAGGED:
        return None
    match one.finding.kind:
        case Kind.DIRECT:
            return "Direct check"
        case Kind.HUMAN:
            return "Attestation"
        case Kind.WEAK:
            return "Hint"
        case Kind.PROXY:
            return "Confirmed by a person" if one.standing.confirmed else NEEDS_REVIEW


def _card(one: FindingTonight, night: Night, number: int, alike: int) -> ItemCard:
    finding = one.finding
    withheld = _withheld(one)
    quoted = withheld is None and _quotable(one)
    return ItemCard(
        number=number,
        severity=finding.severity,
        state="Open" if night.baseline and one.state is State.NEW else STATES[one.state],
        kind=kind_tag(one),
        title=one.words.title,
        where=where(one, night),
        due=due_words(one, night.policy.pack.clock, night.date),
        to_do=_to_do(one, night),
        withheld=withheld,
        found=None if withheld else words.sentence(finding.message),
        excerpt=_excerpt(finding.evidence) if quoted else None,
        suggestion=_clean(finding.suggestion) if quoted else None,
        clause=clause(one.words, night),
        note=_note(one, night),
        alike=alike,
        post=_post(one.item),
        reference=f"Finding {reference(one)}",
    )


def _alike(one: FindingTonight) -> tuple[str, str]:
    return one.finding.check_id, one.finding.subject.account_id


def _withheld(one: FindingTonight) -> str | None:
    if one.finding.code not in WITHHELD:
        return None
    match one.finding.subject.level:
        case Level.COMMENT:
            return "Nothing from the comment is repeated in this mail."
        case Level.REPLY:
            return "Nothing from the conversation is repeated in this mail."
        case _:
            return "Nothing from the post is repeated in this mail."


def _quotable(one: FindingTonight) -> bool:
    return (
        one.words.excerpt
        and one.finding.code not in UNQUOTED
        and one.words.clause not in UNQUOTED_CLAUSES
        and one.finding.subject.level is not Level.COMMENT
    )


def _excerpt(evidence: str | None) -> str | None:
    text = _clean(evidence)
    if text is None:
        return None
    parts = text.split()
    return " ".join(parts[:MOST_WORDS]) + (" ..." if len(parts) > MOST_WORDS else "")


def _clean(text: str | None) -> str | None:
    return " ".join(_BIDI.sub("", text).split()) or None if text else None


def _to_do(one: FindingTonight, night: Night) -> str:
    remedy = words.sentence(one.words.remedy)
    phone = night.policy.pack.people.privacy_office_phone
    if one.finding.code in PRIVACY and phone and phone not in remedy:
        return f"{remedy} Privacy Office: {phone}."
    return remedy


def _when(level: Level, item: Item | None, night: Night) -> str:
    if level in WHOLE:
        return WHOLE[level]
    if item is None or item.created_at is None:
        return "a post" if level is Level.POST else "a reply"
    said = f"{VERBS[level]} {words.moment(item.created_at, night.policy.zone)}"
    if item.edited_at is not None and item.edited_at > item.created_at:
        said += f", edited {words.moment(item.edited_at, night.policy.zone)}"
    return said


def _note(one: FindingTonight, night: Night) -> str | None:
    notes = []
    if one.state is State.REOPENED:
        notes.append("This was resolved before and has come back.")
    if one.state is State.NOT_RECHECKED:
        notes.append("It could not be looked at again last night, so it stays open.")
    asks = one.finding.kind is Kind.PROXY and not one.standing.confirmed
    if asks and one.finding.code not in UNTAGGED:
        notes.append(_precision(*night.precision.get(one.finding.check_id, (0, 0))))
    return " ".join(notes) or None


def _precision(right: int, decided: int) -> str:
    if decided == 0:
        return (
            "The check can be wrong, so a person decides. How often it is right has not been "
            "measured here."
        )
    share = words.share(right, decided)
    times = words.count(right, "time")
    return (
        f"The check can be wrong, so a person decides. It has been right {times} out of "
        f"{decided:,} reviewed{f' ({share})' if share else ''}."
    )


def _post(item: Item | None) -> Link | None:
    """Link the account's own item; only addresses that a mail may carry."""
    if item is None or not item.kind.own or not item.permalink:
        return None
    try:
        parts = urlsplit(item.permalink)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        return None
    label = "Open profile" if item.kind is ItemKind.PROFILE else "Open post"
    return Link(label=label, url=item.permalink)
