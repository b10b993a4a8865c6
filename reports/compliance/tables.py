"""The digest's tables: open items by clause, by unit and by platform."""

from __future__ import annotations

from collections.abc import Sequence

from audit.model.item import Facet
from audit.model.verdict import Kind
from reports import words
from reports.compliance.decisions import unit
from reports.compliance.reading import Extent, Reading
from reports.model.digest import Numbers, Row
from reports.night import FindingTonight, Night

MOST_UNITS = 25


def by_clause(found: Sequence[FindingTonight], night: Night) -> Numbers:
    """Count open items by clause, in the order of the policy pack."""
    rows, all_counted, all_review = [], 0, 0
    for code, table in night.policy.pack.clauses.items():
        here = [one for one in found if one.words.clause == code]
        if not here:
            continue
        review = sum(not is_counted(one) for one in here)
        counted = len(here) - review
        all_counted, all_review = all_counted + counted, all_review + review
        rows.append(Row(code=code, label=table.title, cells=_cells(counted, review, len(here))))
    return Numbers(
        caption="By clause",
        head=("Clause", "Counted", "To review", "Open"),
        rows=tuple(rows),
        total=Row(label="All", cells=_cells(all_counted, all_review, len(found))),
        words="Counted: direct checks, and possible findings that a person has confirmed.",
    )


def by_unit(found: Sequence[FindingTonight], readings: Sequence[Reading], night: Night) -> Numbers:
    """Compare units on counted items only, in alphabetical order."""
    counted = [one for one in found if is_counted(one)]
    rows = []
    for name in sorted({one.account.unit for one in readings}, key=str.casefold):
        here = [one for one in readings if one.account.unit == name]
        posts = sum(one.count(Facet.POSTS) for one in here)
        still = sum(unit(one, night) == name for one in counted)
        rows.append(Row(label=name, cells=_cells(len(here), posts, still)))
    total = _cells(len(readings), sum(one.count(Facet.POSTS) for one in readings), len(counted))
    return Numbers(
        caption="By unit, in alphabetical order (counted items only)",
        head=("Unit", "Accounts", "Posts read", "Open"),
        rows=_fold(rows),
        total=Row(label=f"All {words.count(len(rows), 'unit')}", cells=total),
        words="Units differ in size; read the last column with the one before it.",
    )


def by_platform(
    found: Sequence[FindingTonight], readings: Sequence[Reading], night: Night
) -> Numbers:
    """Count accounts and open items by platform."""
    platform = {one.account_id: one.platform for one in night.accounts}
    rows = []
    for name in sorted({one.account.platform for one in readings}):
        here = [one for one in readings if one.account.platform == name]
        partly = sum(one.extent is not Extent.FULL for one in here)
        still = sum(platform.get(one.finding.subject.account_id) == name for one in found)
        rows.append(Row(label=words.platform(name), cells=_cells(len(here), partly, still)))
    partly = sum(one.extent is not Extent.FULL for one in readings)
    return Numbers(
        caption="By platform",
        head=("Platform", "Accounts", "Not fully read", "Open"),
        rows=tuple(rows),
        total=Row(label="All", cells=_cells(len(readings), partly, len(found))),
    )


def is_counted(one: FindingTonight) -> bool:
    """Whether an item may count against a unit."""
    return one.finding.kind in (Kind.DIRECT, Kind.HUMAN) or one.standing.confirmed


def _cells(*values: int) -> tuple[str, ...]:
    return tuple(f"{value:,}" for value in values)


def _fold(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Sum up what a mail has no room for."""
    if len(rows) <= MOST_UNITS:
        return tuple(rows)
    shown, left = rows[: MOST_UNITS - 1], rows[MOST_UNITS - 1 :]
    sums = (
        sum(int(row.cells[at].replace(",", "")) for row in left) for at in range(len(left[0].cells))
    )
    return (*shown, Row(label=f"{len(left)} other units", cells=_cells(*sums)))
