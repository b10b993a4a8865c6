"""The charts of the trends page, in Altair.

Series differ in line and point as well as in colour; what could not be assessed is always
hatched; an axis always starts at zero; a missing value breaks a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reports.drawing import (
    BROKEN,
    HEIGHT,
    LABELS,
    WIDTH,
    Mark,
    bar,
    counts,
    iso,
    layered,
    marked,
    nights,
    number,
    steps,
)

if TYPE_CHECKING:
    import pandas as pd

    from reports.drawing import Drawing

HATCH, DOTS, CROSS = "url(#hatch)", "url(#dots)", "url(#cross)"
"""Patterns that the page defines."""
FILLS = (HATCH, "var(--s2)", DOTS, CROSS, "var(--text)", "var(--s1-soft)")
SERIES = ("var(--s1)", "var(--s2)")
NEAR = 18
"""Pixels below which two labels would touch."""


def lines(table: pd.DataFrame, series: Mapping[str, str], marks: Sequence[Mark] = ()) -> Drawing:
    """Draw one or two series of counts as lines, each with its name at its end.

    Args:
        table: index night (datetime64); columns as named in ``series``; missing breaks a line.
        series: the name to show, by column.
        marks: drawn behind the lines.
    """
    import altair as alt

    names = list(series.values())
    rows = [
        {"night": iso(night), "series": label, "value": number(table.loc[night, column])}
        for column, label in series.items()
        for night in table.index
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=nights(table.index), y=counts("value"))
    drawn = base.mark_line(strokeWidth=2.5, invalid=BROKEN).encode(
        stroke=alt.Color("series:N", scale=steps(names, SERIES), legend=None),
        strokeDash=alt.StrokeDash("series:N", scale=steps(names, ([1, 0], [7, 4])), legend=None),
    )
    dots = base.mark_point(size=45, opacity=1, filled=True).encode(
        fill=alt.Fill("series:N", scale=steps(names, SERIES), legend=None),
        shape=alt.Shape("series:N", scale=steps(names, ("circle", "square")), legend=None),
    )
    ends = [
        row for row in rows if row["night"] == iso(table.index[-1]) and row["value"] is not None
    ]
    values = [number(table.loc[night, column]) for column in series for night in table.index]
    top = max((value for value in values if value is not None), default=0.0) or 1.0
    return layered(
        [*marked(marks, table.index), drawn, dots, *_names(ends, names, top, table.index)]
    )


def _names(
    ends: Sequence[Mapping[str, Any]], names: Sequence[str], top: float, index: pd.Index[Any]
) -> list[Any]:
    """Write each series' name and last value at its end, apart from the other's."""
    import altair as alt

    values = [end["value"] for end in ends]
    apart = (max(values) - min(values)) / top * HEIGHT if values else 0
    shift = NEAR / 2 if len(values) > 1 and apart < NEAR else 0
    found = []
    for end in ends:
        row = {"night": end["night"], "value": end["value"]}
        upper = end["value"] == max(values) and end["series"] == names[0]
        upper = upper or end["value"] > min(values)
        found.append(
            alt.Chart(alt.InlineData(values=[row]))
            .mark_text(
                text=f"{end['series']} {end['value']:,.0f}",
                fill=SERIES[names.index(end["series"])],
                align="left",
                dx=10,
                dy=-shift if upper else shift,
                fontSize=13,
                fontWeight=600,
            )
            .encode(x=nights(index), y=counts("value"))
        )
    return found


def stacks(
    table: pd.DataFrame,
    fills: Mapping[str, str],
    marks: Sequence[Mark] = (),
    *,
    share: bool = False,
) -> Drawing:
    """Draw counts as bars, one stack a night.

    Args:
        table: index night (datetime64); one column of counts per part, the lowest first.
        fills: how each part is filled, by column.
        marks: drawn over the bars.
        share: whether every bar is as high as the whole.
    """
    import altair as alt

    rows = [
        {"night": iso(night), "part": column, "value": int(table.loc[night, column]), "order": at}
        for at, column in enumerate(fills)
        for night in table.index
    ]
    axis = alt.Axis(
        title=None, format="%" if share else ",d", tickCount=5, tickMinStep=0 if share else 1
    )
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(size=bar(table.index), strokeWidth=1)
        .encode(
            x=nights(table.index),
            y=alt.Y("value:Q", stack="normalize" if share else "zero", axis=axis),
            fill=alt.Fill("part:N", scale=steps(list(fills), list(fills.values())), legend=None),
            stroke=alt.value("var(--s3)"),
            order=alt.Order("order:Q"),
        )
    )
    return layered([bars, *marked(marks, table.index)])


def rates(table: pd.DataFrame, marks: Sequence[Mark] = ()) -> Drawing:
    """Draw a share with its interval, and below it the number it was taken of.

    Args:
        table: index night (datetime64); columns rate, low, high (0..1), n (counts).
        marks: drawn behind the line.
    """
    import altair as alt

    columns = ("rate", "low", "high", "n")
    rows = [
        {"night": iso(night), **{name: number(table.loc[night, name]) for name in columns}}
        for night in table.index
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=nights(table.index))
    percent = alt.Axis(title=None, format=".0%", tickCount=4)
    y = alt.Y("rate:Q", axis=percent, scale=alt.Scale(zero=True))
    band = base.mark_area(fill="var(--s1-soft)", invalid=BROKEN).encode(
        y=alt.Y("low:Q", axis=percent), y2="high:Q"
    )
    line = base.mark_line(stroke="var(--s1)", strokeWidth=2.5, invalid=BROKEN).encode(y=y)
    dots = base.mark_point(fill="var(--s1)", size=45, opacity=1, filled=True).encode(y=y)
    upper = alt.layer(band, *marked(marks, table.index), line, dots)
    lower = base.mark_bar(fill="var(--s3)", size=bar(table.index)).encode(
        x=nights(table.index, shown=False),
        y=alt.Y("n:Q", axis=alt.Axis(title=None, format=",d", tickCount=2)),
    )
    return alt.vconcat(
        upper.properties(width=WIDTH, height=HEIGHT - 50),
        lower.properties(width=WIDTH, height=50),
        spacing=8,
    )


def small(table: pd.DataFrame, columns: Sequence[str]) -> dict[str, Drawing]:
    """Draw one small chart per column, all on one scale.

    Args:
        table: index night (datetime64); columns of counts.
        columns: those to draw.
    """
    import altair as alt

    top = max(1, int(table.max().max())) if len(columns) else 1
    axis = alt.Axis(title=None, values=[0, top], format=",d")
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, top]), axis=axis)
    x = nights(table.index, ends_only=True)
    found: dict[str, Drawing] = {}
    for column in columns:
        rows = [{"night": iso(at), "value": int(table.loc[at, column])} for at in table.index]
        line = alt.Chart(alt.InlineData(values=rows)).mark_line(stroke="var(--s1)", strokeWidth=2.5)
        last = alt.Chart(alt.InlineData(values=rows[-1:])).mark_point(
            fill="var(--s1)", size=45, opacity=1, filled=True
        )
        both = alt.layer(line.encode(x=x, y=y), last.encode(x=x, y=y))
        found[column] = both.properties(width=170, height=60)
    return found


def intervals(
    table: pd.DataFrame,
    columns: Mapping[str, str],
    form: str,
    top: float | None = None,
    unit: str | None = None,
) -> Drawing:
    """Draw one row per entry: a point, its interval, and a tick for a floor if there is one.

    Args:
        table: index the names to show; columns as named in ``columns``, and ``enough`` (bool):
            a point that stands on too little is hollow.
        columns: which column is ``value``, ``low``, ``high`` and, where there is one, ``floor``.
        form: a d3 number format.
        top: end of the axis; ``None``: as far as the data goes.
        unit: what the axis counts.
    """
    import altair as alt

    rows = [
        {
            "name": str(name),
            "enough": bool(row["enough"]),
            **{role: number(row[column]) for role, column in columns.items()},
        }
        for name, row in table.iterrows()
    ]
    names = alt.Axis(
        title=None, labelLimit=260, labelColor="var(--text)", ticks=False, domain=False
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("name:N", sort=None, axis=names))
    whole: Any = alt.Undefined if top is None else top
    scale = alt.Scale(domainMin=0, domainMax=whole, nice=top is None)
    axis = alt.Axis(title=unit, format=form, tickCount=6)
    span = base.mark_rule(stroke="var(--s1)", strokeWidth=3).encode(
        x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q"
    )
    filled = alt.Scale(domain=[True, False], range=["var(--s1)", "var(--surface)"])
    dots = base.mark_point(size=80, opacity=1, stroke="var(--s1)", strokeWidth=2).encode(
        x=alt.X("value:Q", axis=axis, scale=scale),
        fill=alt.Fill("enough:N", scale=filled, legend=None),
    )
    floor = base.mark_tick(color="var(--text)", thickness=2.5, size=18)
    layers: list[Any] = [span, dots]
    if "floor" in columns:
        layers = [floor.encode(x=alt.X("floor:Q", axis=axis, scale=scale)), span, dots]
    room = {"left": LABELS, "right": 20, "top": 5, "bottom": 5}
    return alt.layer(*layers).properties(width=WIDTH - 280, height=alt.Step(30), padding=room)
