"""The note to the operators: access that ends, limits that are reached, mails that are stuck."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from audit.model.notice import Notice, NoticeKind
from reports import words
from reports.compliance import frame
from reports.model.digest import Note, Notes
from reports.model.operations import OperatorsNote
from reports.model.parts import Frame
from reports.night import Night

REMINDER = 0
"""The weekday, Monday, on which what is not mended yet is told again."""
ABOUT = {
    NoticeKind.CREDENTIAL: "Access",
    NoticeKind.ENDING: "Access",
    NoticeKind.LIMIT: "Limit",
    NoticeKind.FORECAST: "Limit",
    NoticeKind.MAIL: "Mail",
}


def operators_note(night: Night) -> OperatorsNote | None:
    """Write the note; ``None`` when there is nothing new and it is no day for a reminder."""
    today = night.date.isoformat()
    fresh = [one for one in night.notices if one.since == today]
    earlier = [one for one in night.notices if one.since != today]
    if not fresh and not (earlier and night.date.weekday() == REMINDER):
        return None
    return OperatorsNote(
        frame=_frame(night, fresh, earlier),
        fresh=notes(fresh),
        earlier=notes(earlier, dated=True),
    )


def notes(found: Iterable[Notice], *, dated: bool = False) -> Notes:
    """Return notices as lines; with ``dated``, each says since when it has been told."""
    lines = tuple(
        Note(
            name=f"{ABOUT[one.kind]}, {one.subject}",
            text=words.sentence(one.detail) + (f" Told since {_day(one)}." if dated else ""),
        )
        for one in found
    )
    return Notes(total=len(lines), lines=lines)


def _day(notice: Notice) -> str:
    return words.short_day(dt.date.fromisoformat(notice.since))


def _frame(night: Night, fresh: list[Notice], earlier: list[Notice]) -> Frame:
    first = (fresh or earlier)[0]
    number = len(night.notices)
    said = f"{words.number(number)} {words.plural(number, 'thing needs', 'things need')}"
    said = f"{said[0].upper()}{said[1:]} an operator"
    return Frame(
        institution=frame.institution(night),
        date=words.long_day(night.date),
        short_date=words.short_day(night.date),
        headline=said,
        lead=(
            f"{words.count(len(fresh), 'thing')} new"
            + (f", {words.count(len(earlier), 'thing')} told before." if earlier else ".")
        ),
        preheader=f"{ABOUT[first.kind]}, {first.subject}: {words.sentence(first.detail)}",
        subject=said,
        contact=frame.contact(night),
        coverage_words=(frame.NO_MONITOR,),
        why="You are on the list of operators in the policy pack. The next note comes when there "
        "is something new, and on Mondays while something is left. "
        '"account-audit doctor" looks at everything now.',
        run=frame.run_words(night),
    )
