"""The figures of the trends page: chart, words and table of each, from the same frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from audit.model.verdict import Severity
from audit.policy import Policy
from reports import charts, words
from reports.drawing import Mark, svg
from reports.history import History
from reports.page import Entry, Figure, Grid, Small
from reports.trends.coverage import (
    coverage_by_night,
    failing_by_night,
    failing_by_unit,
    not_assessed_by_reason,
)
from reports.trends.decided import precision_by_check, time_to_fix
from reports.trends.standing import open_by_clause, open_by_night, open_findings

if TYPE_CHECKING:
    import pandas as pd

MARK = Entry(kind="mark", label="Rule change (R), account not read (O)")
ENOUGH = 10
"""Below this number a share would mislead; counts are said instead, and points are hollow."""
FLOORS = {Severity.CRITICAL: 0.8, Severity.HIGH: 0.8, Severity.MEDIUM: 0.6}
"""How often a check has to be right, by severity; a proposal, see the catalogue of checks."""
MISSING = "not assessed"


def figures(
    history: History, policy: Policy, shown: pd.DataFrame, marks: Sequence[Mark]
) -> tuple[Figure, ...]:
    """Draw all figures, for the nights shown."""
    coverage = coverage_by_night(history.outcomes, shown)
    open_ = open_findings(shown, history.sightings, history.reviews)
    return (
        _open(open_by_night(open_, shown, coverage), marks),
        _coverage(coverage, marks),
        _reasons(not_assessed_by_reason(history.outcomes, history.gaps, shown), marks),
        _failing(failing_by_night(history.outcomes, shown), marks),
        _clauses(open_by_clause(open_, shown), policy),
        _units(history, shown),
        _fixing(history),
        _precision(history, policy),
    )


def _open(table: pd.DataFrame, marks: Sequence[Mark]) -> Figure:
    series = {"counted_n": "Counted", "to_review_n": "To review"}
    known = table.dropna()
    said = "No night could be assessed yet."
    if not known.empty:
        first, last = known.iloc[0], known.iloc[-1]
        said = (
            f"{words.count(int(last.open_n), 'finding')} open on {_day(known.index[-1])}: "
            f"{last.counted_n} counted, {last.to_review_n} to review; "
            f"{first.open_n} on {_day(known.index[0])}. Counted means direct checks, and possible "
            "findings that a person has confirmed."
        )
    return _figure(
        "open-findings",
        "Open findings",
        said,
        table,
        {"counted_n": "Counted", "to_review_n": "To review", "open_n": "Open"},
        chart=lambda: charts.lines(table, series, marks),
        key=(
            Entry(kind="line", label="Counted"),
            Entry(kind="dashes", label="To review (possible findings)"),
            *_marked(marks),
        ),
    )


def _coverage(table: pd.DataFrame, marks: Sequence[Mark]) -> Figure:
    last = table.iloc[-1]
    share = words.share(int(last.assessed_n), int(last.due_n))
    said = (
        f"{share or int(last.assessed_n)} of the {int(last.due_n):,} check results that were due "
    )
    said += f"on {_day(table.index[-1])} could be given. What we cannot see, we cannot find."
    fills = {
        "assessed_n": "var(--s1-soft)",
        "not_assessed_n": charts.HATCH,
        "error_n": "var(--text)",
    }
    return _figure(
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
            *_marked(marks),
        ),
    )


def _reasons(table: pd.DataFrame, marks: Sequence[Mark]) -> Figure:
    last = table.iloc[-1] if len(table.columns) else None
    if last is None or not last.sum():
        said = f"Everything that was due on {_day(table.index[-1])} could be assessed."
    else:
        top = str(last.idxmax())
        said = (
            f"{words.count(int(last.sum()), 'result')} could not be given on "
            f"{_day(table.index[-1])}; the most frequent reason ({int(last.max()):,}): "
            f"{top[0].lower()}{top[1:]}."
        )
    fills = dict(zip([str(name) for name in table.columns], charts.FILLS, strict=False))
    return _figure(
        "not-assessed",
        "Not assessed, by reason",
        f"{said} Findings on what was not assessed stay open; none counts as resolved.",
        table,
        {name: name for name in fills},
        chart=(lambda: charts.stacks(table, fills, marks)) if fills else None,
        key=(*(Entry(kind=fill, label=name) for name, fill in fills.items()), *_marked(marks)),
    )


def _failing(table: pd.DataFrame, marks: Sequence[Mark]) -> Figure:
    last = table.iloc[-1]
    share = words.share(int(last.fail_n), int(last.n))
    said = (
        f"{int(last.fail_n):,} of {words.count(int(last.n), 'result')} of direct checks failed on "
        f"{_day(table.index[-1])}{f' ({share})' if share else ''}. The band is the 95% Wilson "
        "interval; the bars below count the results. What was not assessed is in neither."
    )
    return _figure(
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
            *_marked(marks),
        ),
    )


def _clauses(table: pd.DataFrame, policy: Policy) -> Figure:
    titles = {code: one.title for code, one in policy.pack.clauses.items() if code in table.columns}
    quiet = [code for code in policy.pack.clauses if code not in titles]
    top = int(table.max().max()) if titles else 0
    said = f"Open findings, the same scale in every panel (0 to {top})."
    if quiet:
        said += f" Nothing was found in these nights for {words.listing(quiet)}."
    smalls = tuple(
        Small(
            code=code,
            title=titles[code],
            drawing=svg(
                chart,
                f"clause-{code}",
                f"{code} {titles[code]}",
                f"{table[code].iloc[0]} open on {_day(table.index[0])}, "
                f"{table[code].iloc[-1]} on {_day(table.index[-1])}.",
            ),
        )
        for code, chart in charts.small(table, list(titles)).items()
    )
    return _figure(
        "by-clause",
        "Open findings by clause",
        said,
        table,
        {code: code for code in titles},
        key=(Entry(kind="line", label="Open findings"),) if titles else (),
        smalls=smalls,
    )


def _units(history: History, shown: pd.DataFrame) -> Figure:
    night = shown["night"].iloc[-1]
    table = failing_by_unit(history.outcomes[history.outcomes["night"] == night])
    drawn = table[table["n"] > 0].assign(enough=table["n"] >= ENOUGH)
    few = int((~drawn["enough"]).sum())
    said = (
        f"Share of direct checks' results that failed on {_day(night)}, with its 95% interval, in "
        "alphabetical order. Units differ in size and platforms, so this is no ranking."
    )
    if few:
        said += f" {words.count(few, 'unit')} with fewer than {ENOUGH} results: hollow point."
    columns = {"value": "rate", "low": "low", "high": "high"}
    return _figure(
        "by-unit",
        "Direct checks that fail, by unit",
        said,
        table,
        {"fail_n": "Failed", "n": "Results", "rate": "Share", "low": "From", "high": "To"},
        chart=(lambda: charts.intervals(drawn, columns, ".0%")) if len(drawn) else None,
        key=(
            Entry(kind="interval", label="Share, 95% interval"),
            *_hollow(drawn, "results"),
        ),
    )


def _fixing(history: History) -> Figure:
    baseline = next((one.night for one in history.runs if one.baseline), None)
    first = history.nights["night"].iloc[0] if baseline is not None else None
    table = time_to_fix(history.sightings, first)
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
    return _figure(
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
            *_hollow(fixed, "fixes"),
        ),
    )


def _precision(history: History, policy: Policy) -> Figure:
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
    return _figure(
        "precision",
        "Precision per check",
        said,
        table,
        {"right_n": "Right", "n": "Decided", "rate": "Share", "low": "From", "high": "To"},
        chart=(lambda: charts.intervals(drawn, columns, ".0%", 1)) if len(table) else None,
        key=(
            Entry(kind="interval", label="Share that was right, 95% interval"),
            *_hollow(drawn, "decisions"),
            Entry(kind="floor", label="Floor"),
        )
        if len(table)
        else (),
    )


def _marked(marks: Sequence[Mark]) -> tuple[Entry, ...]:
    return (MARK,) if marks else ()


def _hollow(drawn: pd.DataFrame, what: str) -> tuple[Entry, ...]:
    few = not drawn["enough"].all()
    return (Entry(kind="hollow", label=f"Fewer than {ENOUGH} {what}"),) if few else ()


def _figure(
    name: str,
    title: str,
    said: str,
    table: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    chart: Callable[[], Any] | None = None,
    key: tuple[Entry, ...] = (),
    smalls: tuple[Small, ...] = (),
) -> Figure:
    return Figure(
        name=name,
        title=title,
        words=said,
        key=key if chart or smalls else (),
        drawing=svg(chart(), name, title, said) if chart else None,
        smalls=smalls,
        table=grid(table, columns),
        frame=table,
    )


def grid(table: pd.DataFrame, columns: Mapping[str, str]) -> Grid:
    """Put a frame into words: dates, counts, shares; a missing value says so."""
    shares = {"rate", "low", "high", "assessed_share"}
    rows = [
        (_day(index), *(_cell(table.loc[index, name], share=name in shares) for name in columns))
        for index in table.index
    ]
    head = str(table.index.name).capitalize()
    return Grid(head=(head, *columns.values()), rows=tuple(rows))


def _cell(value: Any, *, share: bool) -> str:
    import pandas as pd

    if pd.isna(value):
        return MISSING
    if share:
        return f"{value:.1%}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _day(value: Any) -> str:
    return words.day(value) if hasattr(value, "year") else str(value)
