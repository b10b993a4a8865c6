"""Figures along the nights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports import charts, words
from reports.drawing import Mark
from reports.page import Entry, Figure

if TYPE_CHECKING:
    import pandas as pd

from reports.figures.build import day, figure, marked


def open_(table: pd.DataFrame, marks: Sequence[Mark]) -> Figure:
    """Draw the open findings, night by night."""
    series = {"counted_n": "Counted", "to_review_n": "To review"}
    known = table.dropna()
    said = "No night could be assessed yet."
    if not known.empty:
        first, last = known.iloc[0], known.iloc[-1]
        said = (
            f"{words.count(int(last.open_n), 'finding')} open on {day(known.index[-1])}: "
            f"{last.counted_n} counted, {last.to_review_n} to review; "
            f"{first.open_n} on {day(known.index[0])}. Counted means direct checks, and possible "
            "findings that a person has confirmed."
        )
    return figure(
        "open-findings",
        "Open findings",
        said,
        table,
        {"counted_n": "Counted", "to_review_n": "To review", "open_n": "Open"},
        chart=lambda: charts.lines(table, series, marks),
        key=(
            Entry(kind="line", label="Counted"),
            Entry(kind="dashes", label="To review (possible findings)"),
            *marked(marks),
        ),
    )


def coverage(table: pd.DataFrame, marks: Sequence[Mark]) -> Figure:
    """Draw how much could be assessed."""
    last = table.iloc[-1]
    share = words.share(int(last.assessed_n), int(last.due_n))
    said = (
        f"{share or int(last.assessed_n)} of the {int(last.due_n):,} check results that were due "
    )
    said += f"on {day(table.index[-1])} could be given. What we cannot see, we cannot find."
    fills = {
        "assessed_n": "var(--s1-soft)",
        "not_assessed_n": charts.HATCH,
        "error_n": "var(--text)",
    }
    return figure(
        "coverage",
        "Coverage",
        said,
        table,
        {
            "assessed_n": "Assessed",
            "not_assessed_n": "Not assessed",
            "error_n": "Error",
            "due_n": "Due",
            "assessed_share": "Assessed share",
        },
        chart=lambda: charts.stacks(table, fills, marks, share=True),
        key=(
            Entry(kind="var(--s1-soft)", label="Assessed"),
            Entry(kind=charts.HATCH, label="Not assessed"),
            Entry(kind="var(--text)", label="Ended in an error"),
            *marked(marks),
        ),
    )


def reasons(table: pd.DataFrame, marks: Sequence[Mark]) -> Figure:
    """Draw why the rest could not be assessed."""
    last = table.iloc[-1] if len(table.columns) else None
    if last is None or not last.sum():
        said = f"Everything that was due on {day(table.index[-1])} could be assessed."
    else:
        top = str(last.idxmax())
        said = (
            f"{words.count(int(last.sum()), 'result')} could not be given on "
            f"{day(table.index[-1])}; the most frequent reason ({int(last.max()):,}): "
            f"{top[0].lower()}{top[1:]}."
        )
    fills = dict(zip([str(name) for name in table.columns], charts.FILLS, strict=False))
    return figure(
        "not-assessed",
        "Not assessed, by reason",
        f"{said} Findings on what was not assessed stay open; none counts as resolved.",
        table,
        {name: name for name in fills},
        chart=(lambda: charts.stacks(table, fills, marks)) if fills else None,
        key=(*(Entry(kind=fill, label=name) for name, fill in fills.items()), *marked(marks)),
    )


def failing(table: pd.DataFrame, marks: Sequence[Mark]) -> Figure:
    """Draw the share of direct checks that failed, with its denominator."""
    last = table.iloc[-1]
    share = words.share(int(last.fail_n), int(last.n))
    said = (
        f"{int(last.fail_n):,} of {words.count(int(last.n), 'result')} of direct checks failed on "
        f"{day(table.index[-1])}{f' ({share})' if share else ''}. The band is the 95% Wilson "
        "interval; the bars below count the results. What was not assessed is in neither."
    )
    return figure(
        "failing",
        "Direct checks that fail, with their denominator",
        said,
        table,
        {
            "fail_n": "Failed",
            "pass_n": "Passed",
            "n": "Results",
            "rate": "Share",
            "low": "From",
            "high": "To",
        },
        chart=lambda: charts.rates(table, marks),
        key=(
            Entry(kind="line", label="Share that failed"),
            Entry(kind="var(--s1-soft)", label="95% interval"),
            Entry(kind="var(--s3)", label="Results (bars below)"),
            *marked(marks),
        ),
    )
