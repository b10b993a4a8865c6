"""What owner mail and digest say about themselves in the same words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from audit.model.finding import State
from audit.model.verdict import Kind
from reports import words
from reports.model.parts import Bar, Chart, Contact, Counts
from reports.night import FindingTonight, Night, Point

BAR = 56
"""Height of the highest bar, in pixels."""
FEWEST = 3
"""Nights below which a chart says nothing."""
NO_MONITOR = (
    "This nightly check is not a crisis monitor, and nobody watches the accounts between "
    "two nights: for anything urgent, call."
)


def counted(findings: Iterable[FindingTonight]) -> list[FindingTonight]:
    """Leave out hints of weak checks: they are shown, never counted."""
    return [one for one in findings if one.finding.kind is not Kind.WEAK]


def counts(findings: Iterable[FindingTonight], *, baseline: bool) -> Counts:
    """Count by what changed; what the first night finds is a baseline and not new."""
    number = {"new": 0, "reopened": 0, "still_open": 0, "resolved": 0}
    for one in findings:
        match one.state:
            case State.NEW:
                number["still_open" if baseline else "new"] += 1
            case State.REOPENED:
                number["reopened"] += 1
            case State.RESOLVED:
                number["resolved"] += 1
            case state if state.open:
                number["still_open"] += 1
    return Counts(**number)


def since(night: Night) -> str | None:
    """Return ``since yesterday`` or ``since Tue, May 11``; ``None`` on the first night."""
    if night.previous is None:
        return None
    if night.previous == night.date - dt.timedelta(days=1):
        return "since yesterday"
    return f"since {words.day(night.previous)}"


def contact(night: Night) -> Contact:
    """Return whom readers may ask."""
    return Contact(
        office="University Relations", phone=night.policy.pack.people.university_relations_phone
    )


def ask(night: Night) -> str:
    """Return ``ask University Relations`` with the number, where there is one."""
    whom = contact(night)
    return f"call {whom.office} at {whom.phone}" if whom.phone else f"ask {whom.office}"


def institution(night: Night) -> str:
    """Return the institution's short name."""
    return night.policy.pack.institution.names[0]


def fetched_words(night: Night, moments: Iterable[dt.datetime]) -> str:
    """Say when the data was read."""
    span = words.span(moments, night.policy.zone)
    if span is None:
        return "No data was fetched."
    return f"Data was fetched {span}, so what changed after that shows in the next mail."


def run_words(night: Night) -> str:
    """Name night and policy pack."""
    return f"Night of {night.date.isoformat()}, policy pack {night.policy.version}"


def chart(night: Night, ids: frozenset[str]) -> Chart | None:
    """Draw how many items of some accounts were open on the last nights."""
    points = night.history
    if len(points) < FEWEST:
        return None
    values = [_value(point, ids) for point in points]
    top = max((value for value in values if value is not None), default=0)
    bars = tuple(
        Bar(
            date=words.short_day(point.date),
            label=words.short_day(point.date) if _labelled(at, len(points)) else "",
            value=value,
            height=round(BAR * value / top) if value and top else 0,
        )
        for at, (point, value) in enumerate(zip(points, values, strict=True))
    )
    title = f"Open items, last {words.count(len(points), 'night')}"
    return Chart(title=title, bars=bars, words=_chart_words(points, values))


def _value(point: Point, ids: frozenset[str]) -> int | None:
    if not point.read & ids:
        return None
    return sum(number for account, number in point.open.items() if account in ids)


def _labelled(at: int, total: int) -> bool:
    """Label the first and last bar, and so many between that labels do not touch."""
    step = 1 if total <= 5 else 3
    return (total - 1 - at) % step == 0


def _chart_words(points: Sequence[Point], values: Sequence[int | None]) -> str:
    known = [
        (point, value) for point, value in zip(points, values, strict=True) if value is not None
    ]
    if not known:
        return "None of these nights could be assessed."
    (first, start), (last, end) = known[0], known[-1]
    said = f"{start} on {words.short_day(first.date)}, {end} on {words.short_day(last.date)}."
    gone = [words.short_day(p.date) for p, v in zip(points, values, strict=True) if v is None]
    if gone:
        said += f" Not assessed: {words.listing(gone)}."
    return said
