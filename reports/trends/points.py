"""Which nights a chart shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOST = 60
"""Nights that can stand side by side; more of them are shown week by week."""


def points(nights: pd.DataFrame) -> pd.DataFrame:
    """Choose the nights to show: all of them, or the last one of each week.

    Shapes:
        nights: one row per night, in order; column night (datetime64).
        returns: some of these rows.
    """
    if len(nights) <= MOST:
        return nights
    weeks = nights["night"].dt.to_period("W-SUN")
    chosen: pd.DataFrame = nights[~weeks.duplicated(keep="last")]
    return chosen
