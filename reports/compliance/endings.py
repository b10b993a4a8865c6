"""How findings ended, in words: removed, edited, or no longer found."""

from __future__ import annotations

from collections.abc import Sequence

from audit.model.item import ItemKind
from audit.model.verdict import ITEM_LEVELS, Level
from reports import words
from reports.compliance import cards
from reports.compliance.decisions import unit
from reports.endings import Ending, How
from reports.model.digest import Note
from reports.night import FindingTonight, Night


def how(one: FindingTonight) -> str:
    """Say how a finding ended, and when: ``Removed by the account, noticed May 18``."""
    level = one.finding.subject.level
    ending = one.ending or Ending(how=How.REMOVED if one.standing.gone else How.CLEARED)
    day = words.short_day(ending.on) if ending.on else None
    match ending.how:
        case How.REMOVED:
            said = _removed(level, ending.reason)
            return f"{said}, noticed {day}" if day else said
        case How.EDITED if ending.noticed:
            return f"Edited, other words first seen {day}"
        case How.EDITED:
            return f"Edited {day}"
        case How.CLEARED:
            return "No longer found" if level in ITEM_LEVELS else "Fixed"


def note(one: FindingTonight, night: Night) -> Note:
    """Name a finding and how it ended: check, account, dates; no word of what was published."""
    place = f"{unit(one, night)}, {cards.account_words(one, night)}"
    posted = ""
    if one.item is not None and one.item.created_at is not None:
        local = one.item.created_at.astimezone(night.policy.zone)
        posted = f", {one.finding.subject.level.value} of {words.short_day(local)}"
    return Note(
        name=f"{one.finding.code} {one.words.title}",
        text=words.sentence(f"{place}{posted}. {how(one)}. {cards.reference(one)}"),
    )


def by_date(found: Sequence[FindingTonight]) -> list[FindingTonight]:
    """Put findings into the order in which their ends were noticed."""
    return sorted(found, key=lambda one: (_noticed(one), one.finding.code, cards.reference(one)))


def removed_words(night: Night, found: int) -> tuple[str, ...]:
    """Count what this night was the first to miss.

    Args:
        night: the night.
        found: how many findings disappeared with it.
    """
    public = sum(one.kind is ItemKind.COMMENT for one in night.gone)
    own = len(night.gone) - public
    with_them = f"{words.count(found, 'finding')} disappeared with what was removed."
    said = []
    if own:
        items = words.count(own, "post or answer", "posts and answers")
        are = words.plural(own, "is", "are")
        said.append(f"{items} of the accounts {are} no longer public; {with_them}")
    if public:
        comments = words.count(public, "comment")
        are = words.plural(public, "is", "are")
        said.append(f"{comments} of the public {are} gone; by whose doing is not known.")
    if found and not own:
        said.append(with_them)
    return tuple(said)


def _noticed(one: FindingTonight) -> str:
    return one.ending.on.isoformat() if one.ending and one.ending.on else ""


def _removed(level: Level, reason: str) -> str:
    if level is Level.COMMENT:
        return f"The comment is gone ({reason or 'no reason given'}); by whose doing is not known"
    match reason:
        case "deleted":
            return "Removed by the account"
        case "private":
            return "Made private by the account"
        case "":
            return "No longer public"
        case _:
            return f"No longer public ({reason})"
