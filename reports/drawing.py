"""What all charts share: the size, the axis of nights, marks, and how a chart becomes SVG.

Fills and strokes are CSS variables and patterns that the page defines, so one drawing serves
light, dark and print.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from markupsafe import Markup

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    Drawing: TypeAlias = alt.LayerChart | alt.FacetChart | alt.VConcatChart

WIDTH, HEIGHT = 880, 230
"""Pixels of a drawing; narrower screens scroll inside its frame."""
PAD = 24
"""Pixels between the frame and the first and last night; more than half a bar."""
LABELS = 100
"""Pixels kept free where labels stand: browsers have wider letters than the ones measured."""
LABEL = 64
"""Pixels that the name of a night needs."""
BROKEN: Final = "break-paths-show-domains"
"""How a line treats a missing value: it stops, and the axis still shows the night."""
FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that explains a change: another rule, or accounts that could not be read."""

    name: str
    """``R1`` for a rule, ``O1`` for an outage."""
    night: str
    """ISO date."""
    words: str


def svg(chart: Drawing, name: str, title: str, words: str) -> Markup:
    """Draw a chart.

    Args:
        chart: what a function of ``reports.charts`` returns.
        name: starts the ids in the drawing; unique on the page.
        title: what is shown.
        words: what it says, with figures, for whoever does not see it.
    """
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(_themed(chart).to_dict())
    width, height = re.findall(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', drawn)[0]
    body = drawn[drawn.index(">") + 1 :]
    head = Markup(
        '<svg class="chart" role="img" aria-labelledby="{name}-t {name}-d" '
        'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{words}</desc>'
    ).format(name=name, width=width, height=height, title=title, words=words)
    # Altair escapes what it draws; roles inside an image would only be read twice.
    return head + Markup(re.sub(r' (?:aria-\w+|role)="[^"]*"', "", body))  # noqa: S704


def _themed(chart: Drawing) -> Drawing:
    axis = {
        "labelColor": "var(--muted)",
        "labelFontSize": 13,
        "labelPadding": 8,
        "titleColor": "var(--muted)",
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "domainColor": "var(--control)",
        "tickColor": "var(--control)",
        "gridColor": "var(--grid)",
    }
    themed: Drawing = chart.configure(
        aria=False, font=FONT, background="transparent", view={"stroke": None}, axis=axis
    )
    return themed


def layered(layers: Sequence[Any]) -> Drawing:
    """Lay charts of nights over each other, at full size."""
    import altair as alt

    room = {"left": 5, "right": LABELS, "top": 5, "bottom": 5}
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, padding=room)


def nights(index: pd.Index[Any], *, ends_only: bool = False, shown: bool = True) -> alt.X:
    """Return the axis of nights, true to time, with as many names as there is room for."""
    import altair as alt

    chosen = [index[0], index[-1]] if ends_only else _named(index)
    outward = alt.ExprRef("datum.index === 0 ? 'left' : 'right'")
    aligned: Any = outward if ends_only else alt.Undefined
    axis = alt.Axis(
        title=None,
        values=[_millis(night) for night in chosen],
        labelExpr="utcFormat(datum.value, '%b ') + utcdate(datum.value)",
        grid=False,
        labelOverlap=False,
        labelAlign=aligned,
    )
    scale = alt.Scale(type="utc", padding=8 if ends_only else PAD)
    return alt.X("night:T", scale=scale, axis=axis if shown else None)


def counts(field: str) -> alt.Y:
    """Return an axis of counts, from zero."""
    import altair as alt

    axis = alt.Axis(title=None, format=",d", tickCount=5, tickMinStep=1)
    return alt.Y(f"{field}:Q", scale=alt.Scale(zero=True), axis=axis)


def steps(names: Sequence[str], values: Sequence[Any]) -> alt.Scale:
    """Return a scale that gives each name its value."""
    import altair as alt

    return alt.Scale(domain=list(names), range=list(values)[: len(names)])


def marked(marks: Sequence[Mark], index: pd.Index[Any]) -> list[Any]:
    """Draw marks as dashed lines with their names on top."""
    import altair as alt

    if not marks:
        return []
    rows = [{"night": f"{mark.night}T00:00:00Z", "name": mark.name} for mark in marks]
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=nights(index))
    rule = base.mark_rule(stroke="var(--text)", strokeDash=[3, 3], strokeWidth=1.5)
    name = base.mark_text(
        fontSize=12, fontWeight=700, fill="var(--text)", dy=-8, baseline="bottom"
    ).encode(y=alt.value(0), text="name:N")
    return [rule, name]


def bar(index: pd.Index[Any]) -> float:
    """Return how wide a bar may be, so that neighbours do not touch."""
    nearest = min((_pixels(later - first, index) for first, later in pairwise(index)), default=36)
    return max(3, min(36, 0.8 * nearest))


def iso(night: Any) -> str:
    """Return a night as the drawing reads it."""
    return f"{night:%Y-%m-%d}T00:00:00Z"


def number(value: Any) -> float | None:
    """Return a number, or ``None`` for a missing one."""
    import pandas as pd

    return None if pd.isna(value) else float(value)


def _named(index: pd.Index[Any]) -> list[Any]:
    """Choose the nights whose names have room, from the newest backwards."""
    chosen = [index[-1]]
    for night in reversed(index[:-1]):
        if _pixels(chosen[-1] - night, index) >= LABEL:
            chosen.append(night)
    return chosen


def _pixels(span: Any, index: pd.Index[Any]) -> float:
    whole = index[-1] - index[0]
    return float(span / whole) * (WIDTH - 2 * PAD) if whole else float(WIDTH)


def _millis(night: Any) -> int:
    return int(dt.datetime.fromisoformat(iso(night)).timestamp() * 1000)
