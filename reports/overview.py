"""The trends page and the page that leads to it, from all nights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from audit.policy import Policy
from reports import words
from reports.figures.build import grid
from reports.figures.page import figures
from reports.history import History
from reports.marks import marks
from reports.model.parts import Link
from reports.page import Figure, Note, Page
from reports.trends.points import points

if TYPE_CHECKING:
    import pandas as pd

MOST_NIGHTS = 14
READING = (
    "Every figure is of one night, or of the last night of each week once there are many nights, "
    "and comes from the same records as the mails of that night.",
    "Units are compared on direct checks only, and people never. Small numbers are given as "
    "counts, because a share of fewer than 10 would mislead.",
    "What could not be assessed is neither passed nor failed: it is in no share, it is always "
    "hatched, and a night of which nothing is known breaks the line.",
    "Findings that a person waived or called false are in no chart while that holds.",
)


def overview(history: History, policy: Policy, mails: tuple[Link, ...] = ()) -> Page:
    """Build everything that the two pages show."""
    shown = points(history.nights)
    marked = marks(history, shown)
    drawn = figures(history, policy, shown, marked)
    by_name = {one.name: one for one in drawn}
    table = _one_table(by_name)
    first, last = shown["night"].iloc[0], shown["night"].iloc[-1]
    units = {one.unit for one in history.accounts}
    platforms = {one.platform for one in history.accounts}
    return Page(
        institution=policy.pack.institution.names[0],
        span=(
            f"{words.count(len(shown), 'night')}, {words.day(first)}, {first.year} to "
            f"{words.day(last)}, {last.year}; {words.count(len(history.accounts), 'account')}, "
            f"{words.count(len(units), 'unit')}, {words.count(len(platforms), 'platform')}"
        ),
        run=f"Night of {last:%Y-%m-%d}, policy pack {history.nights['policy_version'].iloc[-1]}",
        figures_of_note=_notes(by_name),
        marks=marked,
        figures=drawn,
        reading=READING,
        nights=grid(
            table.iloc[::-1].head(MOST_NIGHTS),
            {
                "open_n": "Open",
                "counted_n": "Counted",
                "to_review_n": "To review",
                "fail_n": "Direct checks failed",
                "n": "Of results",
                "assessed_share": "Assessed",
            },
        ),
        frame=table,
        mails=mails,
    )


def _one_table(by_name: Mapping[str, Figure]) -> pd.DataFrame:
    """Join the figures that have one row per night.

    Shapes:
        returns: index night (datetime64); the columns of ``open_by_night``,
            ``coverage_by_night`` and ``failing_by_night``.
    """
    open_, coverage, failing = (
        by_name[name].frame for name in ("open-findings", "coverage", "failing")
    )
    return open_.join(coverage).join(failing)


def _notes(by_name: Mapping[str, Figure]) -> tuple[Note, ...]:
    import pandas as pd

    open_ = by_name["open-findings"].frame.iloc[-1]
    coverage = by_name["coverage"].frame.iloc[-1]
    failing = by_name["failing"].frame.iloc[-1]
    fixing = by_name["time-to-fix"].frame
    most = fixing.sort_values("fixed_n").tail(1)
    return (
        Note(
            label="Open findings",
            value="not known" if pd.isna(open_.open_n) else f"{open_.open_n:,}",
            words=""
            if pd.isna(open_.open_n)
            else f"{open_.counted_n:,} counted, {open_.to_review_n:,} to review",
        ),
        Note(
            label="Assessed",
            value=words.share(int(coverage.assessed_n), int(coverage.due_n)) or "too few",
            words=f"of {words.count(int(coverage.due_n), 'result')} due",
        ),
        Note(
            label="Direct checks that failed",
            value=words.share(int(failing.fail_n), int(failing.n)) or f"{int(failing.fail_n)}",
            words=f"{int(failing.fail_n):,} of {words.count(int(failing.n), 'result')}",
        ),
        Note(
            label="Median time to fix",
            value=f"{most['median_days'].iloc[0]:g} days" if most["fixed_n"].any() else "not yet",
            words=f"{most.index[0]}: {most['fixed_n'].iloc[0]} fixed, {most['open_n'].iloc[0]} open"
            if len(most)
            else "nothing to measure so far",
        ),
    )
