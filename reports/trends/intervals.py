"""How sure a share is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Z95 = 1.959963984540054
"""The 97.5% quantile of the normal distribution."""


def wilson(part: pd.Series[int], whole: pd.Series[int]) -> dict[str, pd.Series[float]]:
    """Return share and 95% interval of counts.

    Shapes:
        part, whole: counts (int64) with the same index.
        returns: three series with that index: rate, low, high (float64).
    Units: 0..1; NaN where whole is 0.
    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    n = whole.where(whole > 0).astype("float64")
    share = part / n
    spread = 1 + Z95**2 / n
    middle = (share + Z95**2 / (2 * n)) / spread
    half = Z95 * (share * (1 - share) / n + Z95**2 / (4 * n**2)) ** 0.5 / spread
    return {
        "rate": share,
        "low": (middle - half).clip(lower=0),
        "high": (middle + half).clip(upper=1),
    }
