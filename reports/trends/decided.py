"""How long findings took to be fixed, and how often people agreed with a check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.model.finding import Decision, Sight
from audit.model.verdict import Kind, Severity
from reports.trends.intervals import wilson

if TYPE_CHECKING:
    import pandas as pd


def time_to_fix(sightings: pd.DataFrame, baseline: pd.Timestamp | None) -> pd.DataFrame:
    """Say how long resolved findings took, by severity.

    A finding that came back counts from its first night to its last fix. Findings of the first
    night are left out: how old they were is not known.

    Shapes:
        sightings: as for ``open_findings``.
        baseline: the first night that came to its end; ``None`` when all ages are known.
        returns: index severity (str, gravest first, every one that occurs); columns fixed_n,
            open_n (int64), median_days, first_quarter_days, third_quarter_days (float64).
    Units: calendar days between the first night that saw a finding and the night that saw it
        fixed; NaN while none is fixed. The open ones are in no median.
    """
    import pandas as pd

    ours = sightings[sightings["kind"] != Kind.WEAK].sort_values("night")
    groups = ours.groupby("fingerprint")
    spans = pd.DataFrame(
        {
            "first": groups["night"].first(),
            "last": groups["night"].last(),
            "sight": groups["sight"].last(),
            "severity": groups["severity"].last(),
        }
    )
    if baseline is not None:
        spans = spans[spans["first"] > baseline]
    fixed = spans["sight"] != Sight.SEEN
    spans["days"] = (spans["last"] - spans["first"]).dt.days.where(fixed).astype("float64")
    groups_ = spans.groupby("severity")["days"]
    found = pd.DataFrame(
        {
            "fixed_n": groups_.count(),
            "open_n": groups_.size() - groups_.count(),
            "median_days": groups_.median(),
            "first_quarter_days": groups_.quantile(0.25),
            "third_quarter_days": groups_.quantile(0.75),
        }
    )
    return found.reindex([one.value for one in Severity if one.value in found.index])


def precision_by_check(reviews: pd.DataFrame) -> pd.DataFrame:
    """Say how often people agreed with each check.

    The newest of "confirm" and "false positive" about a finding counts; other decisions say
    nothing about whether the check was right.

    Shapes:
        reviews: as for ``open_findings``, with a column code (str, the check's).
        returns: index code (str); columns right_n, n (int64), rate, low, high (float64).
    Units: rate in 0..1 = right_n / n; low and high bound its 95% Wilson interval.
    """
    verdicts = [Decision.CONFIRM, Decision.FALSE_POSITIVE]
    decided = reviews[reviews["decision"].isin(verdicts)].sort_values("decided_at")
    newest = decided.drop_duplicates("fingerprint", keep="last")
    right = newest.assign(right=newest["decision"] == Decision.CONFIRM).groupby("code")["right"]
    table = right.agg(["sum", "size"]).set_axis(["right_n", "n"], axis="columns").astype("int64")
    return table.assign(**wilson(table["right_n"], table["n"])).sort_index()
