"""Figures that compare clauses, units, severities and checks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audit.model.verdict import Severity
from audit.policy import Policy
from reports import charts, words
from reports.drawing import svg
from reports.history import History
from reports.page import Entry, Figure, Small
from reports.trends.coverage import (
    failing_by_unit,
)
from reports.trends.decided import precision_by_check, time_to_fix

if TYPE_CHECKING:
    import pandas as pd

from reports.figures.build import ENOUGH, day, figure, hollow

FLOORS = {Severity.CRITICAL: 0.8, Severity.HIGH: 0.8, Severity.MEDIUM: 0.6}
"""How often a check has to be right, by severity; a proposal, see the catalogue of checks."""


def clauses(table: pd.DataFrame, policy: Policy) -> Figure:
    """Draw the open findings of each clause, all on one scale."""
    titles = {code: one.title for code, one in policy.pack.clauses.items() if code in table.columns}
    checked = {one.check.clause for one in policy.checks}
    quiet = [code for code in policy.pack.clauses if code in checked and code not in titles]
    unchecked = [code for code in policy.pack.clauses if code not in checked]
    top = int(table.max().max()) if titles else 0
    said = f"Open findings, the same scale in every panel (0 to {top})."
    if quiet:
        said += f" Nothing was found in these nights for {words.listing(quiet)}."
    if unchecked:
        said += f" No check looks at {words.listing(unchecked)} yet."
    smalls = tuple(
        Small(
            code=code,
            title=titles[code],
            drawing=svg(
                chart,
                f"clause-{code}",
                f"{code} {titles[code]}",
                f"{table[code].iloc[0]} open on {day(table.index[0])}, "
                f"{table[code].iloc[-1]} on {day(table.index[-1])}.",
            ),
        )
        for code, chart in charts.small(table, list(titles)).items()
    )
    return figure(
        "by-clause",
        "Open findings by clause",
        said,
        table,
        {code: code for code in titles},
        key=(Entry(kind="line", label="Open findings"),) if titles else (),
        smalls=smalls,
    )


def units(history: History, shown: pd.DataFrame) -> Figure:
    """Draw the share of direct checks that failed, unit by unit."""
    night = shown["night"].iloc[-1]
    table = failing_by_unit(history.outcomes[history.outcomes["night"] == night])
    drawn = table[table["n"] > 0].assign(enough=table["n"] >= ENOUGH)
    few = int((~drawn["enough"]).sum())
    said = (
        f"Share of direct checks' results that failed on {day(night)}, with its 95% interval, in "
        "alphabetical order. Units differ in size and platforms, so this is no ranking."
    )
    if few:
        said += f" {words.count(few, 'unit')} with fewer than {ENOUGH} results: hollow point."
    columns = {"value": "rate", "low": "low", "high": "high"}
    return figure(
        "by-unit",
        "Direct checks that fail, by unit",
        said,
        table,
        {"fail_n": "Failed", "n": "Results", "rate": "Share", "low": "From", "high": "To"},
        chart=(lambda: charts.intervals(drawn, columns, ".0%")) if len(drawn) else None,
        key=(
            Entry(kind="interval", label="Share, 95% interval"),
            *hollow(drawn, "results"),
        ),
    )


def fixing(history: History) -> Figure:
    """Draw how long findings stayed open."""
    first = history.nights.loc[[one.baseline for one in history.runs], "night"]
    table = time_to_fix(history.sightings, None if first.empty else first.max())
    fixed = table[table["fixed_n"] > 0].assign(enough=table["fixed_n"] >= ENOUGH)
    fixed.index = [
        f"{str(name).capitalize()} ({int(row.fixed_n)} fixed)" for name, row in fixed.iterrows()
    ]
    said = (
        "Calendar days from the night that first saw a finding to the night that saw it fixed: "
        "the median, and the middle half of all fixes. Findings that are still open are in no "
        "median, and those of the first night are left out, because nobody knows their age."
    )
    if fixed.empty:
        said += " Nothing has been fixed yet."
    columns = {"value": "median_days", "low": "first_quarter_days", "high": "third_quarter_days"}
    return figure(
        "time-to-fix",
        "Time to fix",
        said,
        table,
        {
            "fixed_n": "Fixed",
            "open_n": "Still open",
            "median_days": "Median days",
            "first_quarter_days": "A quarter within",
            "third_quarter_days": "Three quarters within",
        },
        chart=(lambda: charts.intervals(fixed, columns, "d", unit="days")) if len(fixed) else None,
        key=(
            Entry(kind="interval", label="Median, middle half"),
            *hollow(fixed, "fixes"),
        ),
    )


def precision(history: History, policy: Policy) -> Figure:
    """Draw how often each check was right."""
    table = precision_by_check(history.reviews)
    severity = {one.check.code: one.severity for one in policy.checks}
    floors = [FLOORS.get(severity[str(code)], math.nan) for code in table.index]
    drawn = table.assign(enough=table["n"] >= ENOUGH, floor=floors)
    columns = {"value": "rate", "low": "low", "high": "high", "floor": "floor"}
    said = (
        "How often people agreed with a check, of all findings they decided, with the 95% Wilson "
        f"interval. Fewer than {ENOUGH} decisions say little."
        if len(table)
        else "Not yet measured: nobody has confirmed a finding or called one false so far."
    )
    return figure(
        "precision",
        "Precision per check",
        said,
        table,
        {"right_n": "Right", "n": "Decided", "rate": "Share", "low": "From", "high": "To"},
        chart=(lambda: charts.intervals(drawn, columns, ".0%", 1)) if len(table) else None,
        key=(
            Entry(kind="interval", label="Share that was right, 95% interval"),
            *hollow(drawn, "decisions"),
            Entry(kind="floor", label="Floor"),
        )
        if len(table)
        else (),
    )
