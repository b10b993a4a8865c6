"""What all figures are built with: the figure itself, its key, its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reports import words
from reports.drawing import Mark, svg
from reports.page import Entry, Figure, Grid, Small

if TYPE_CHECKING:
    import pandas as pd

MARK = Entry(kind="mark", label="Rule change (R), account not read (O)")
ENOUGH = 10
"""Below this number a share would mislead; counts are said instead, and points are hollow."""
MISSING = "not assessed"


def marked(marks: Sequence[Mark]) -> tuple[Entry, ...]:
    """Explain the marks on the axis, where there are any."""
    return (MARK,) if marks else ()


def hollow(drawn: pd.DataFrame, what: str) -> tuple[Entry, ...]:
    """Explain hollow points, where a share rests on too little."""
    few = not drawn["enough"].all()
    return (Entry(kind="hollow", label=f"Fewer than {ENOUGH} {what}"),) if few else ()


def figure(
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
    """Put a figure together; without a chart it is words and a table."""
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
        (day(index), *(_cell(table.loc[index, name], share=name in shares) for name in columns))
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


def day(value: Any) -> str:
    """Return a night as readers know it; anything else in its own words."""
    return words.day(value) if hasattr(value, "year") else str(value)
