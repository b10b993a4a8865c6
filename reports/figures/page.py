"""All figures of the page, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from audit.policy import Policy
from reports.drawing import Mark
from reports.history import History
from reports.page import Figure
from reports.trends.coverage import (
    coverage_by_night,
    failing_by_night,
    not_assessed_by_reason,
)
from reports.trends.standing import open_by_clause, open_by_night, open_findings

if TYPE_CHECKING:
    import pandas as pd

from reports.figures import compared, over_time


def figures(
    history: History, policy: Policy, shown: pd.DataFrame, marks: Sequence[Mark]
) -> tuple[Figure, ...]:
    """Draw all figures, for the nights shown."""
    coverage = coverage_by_night(history.outcomes, shown)
    open_ = open_findings(shown, history.sightings, history.reviews)
    return (
        over_time.open_(open_by_night(open_, shown, coverage), marks),
        over_time.coverage(coverage, marks),
        over_time.reasons(not_assessed_by_reason(history.outcomes, history.gaps, shown), marks),
        over_time.failing(failing_by_night(history.outcomes, shown), marks),
        compared.clauses(open_by_clause(open_, shown), policy),
        compared.units(history, shown),
        compared.fixing(history),
        compared.precision(history, policy),
    )
