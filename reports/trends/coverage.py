"""How much could be assessed, why not, and how often direct checks failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.model.item import GapKind
from audit.model.verdict import Kind, Outcome
from reports.trends.intervals import wilson

if TYPE_CHECKING:
    import pandas as pd

ASSESSED = (Outcome.PASS, Outcome.FAIL, Outcome.REVIEW, Outcome.WAIVED)
REASONS = {
    GapKind.UNSUPPORTED: "Not offered by the platform",
    GapKind.DENIED: "Access refused or expired",
    GapKind.NOT_FOUND: "Account not found",
    GapKind.RATE_LIMITED: "Platform limit or outage",
    GapKind.BROKEN: "Platform limit or outage",
    GapKind.BUDGET: "Own limit of calls or cost",
}
OTHER = "Another source is missing"
"""A list that University Relations keeps, a language, or something an item lacks."""


def coverage_by_night(outcomes: pd.DataFrame, nights: pd.DataFrame) -> pd.DataFrame:
    """Count the check results that were due, and those that could be given.

    Shapes:
        outcomes: one row per (night, account_id, check_id, level, outcome, reason); columns
            night (datetime64), account_id, kind, outcome, reason, unit (str), subjects (int64).
        nights: one row per night, in order; column night (datetime64).
        returns: index night (datetime64, every night); columns assessed_n, not_assessed_n,
            error_n, due_n (int64), assessed_share (float64).
    Units: assessed_share in 0..1 = assessed_n / due_n; NaN when nothing was due. Results that
        are not applicable are in neither.
    """
    kinds = {
        "assessed_n": ASSESSED,
        "not_assessed_n": (Outcome.NOT_ASSESSED,),
        "error_n": (Outcome.ERROR,),
    }
    table = nights.set_index("night")[[]].assign(
        **{name: _sum(outcomes[outcomes["outcome"].isin(of)], nights) for name, of in kinds.items()}
    )
    table["due_n"] = table[list(kinds)].sum(axis="columns")
    table["assessed_share"] = table["assessed_n"] / table["due_n"]
    return table


def not_assessed_by_reason(
    outcomes: pd.DataFrame, gaps: pd.DataFrame, nights: pd.DataFrame
) -> pd.DataFrame:
    """Count results that could not be given, by the kind of reason.

    Shapes:
        outcomes, nights: as for ``coverage_by_night``.
        gaps: one row per (night, account_id, facet) that was missing; columns night
            (datetime64), account_id, gap_kind, gap_reason (str).
        returns: index night (datetime64, every night); one column per reason that occurs
            (int64), in a fixed order.
    """
    missing = outcomes[outcomes["outcome"] == Outcome.NOT_ASSESSED]
    known = gaps.rename(columns={"gap_reason": "reason"})
    known = known.drop_duplicates(["night", "account_id", "reason"])
    joined = missing.merge(
        known[["night", "account_id", "reason", "gap_kind"]],
        on=["night", "account_id", "reason"],
        how="left",
    )
    joined["why"] = joined["gap_kind"].map(REASONS).fillna(OTHER)
    table = joined.pivot_table(
        index="night", columns="why", values="subjects", aggfunc="sum", fill_value=0
    ).reindex(nights["night"], fill_value=0)
    order = dict.fromkeys([*REASONS.values(), OTHER])
    return table[[name for name in order if name in table.columns]].astype("int64")


def failing_by_night(outcomes: pd.DataFrame, nights: pd.DataFrame) -> pd.DataFrame:
    """Say how often direct checks failed.

    Shapes:
        outcomes, nights: as for ``coverage_by_night``.
        returns: index night (datetime64, every night); columns fail_n, pass_n, n (int64),
            rate, low, high (float64).
    Units: rate in 0..1 = fail_n / n, n = fail_n + pass_n; low and high bound its 95% Wilson
        interval; NaN when n is 0.
    """
    return _failing(outcomes, "night").reindex(nights["night"], fill_value=0).pipe(_rates)


def failing_by_unit(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Say how often direct checks failed in each unit; units in alphabetical order.

    Shapes:
        outcomes: as for ``coverage_by_night``, usually of one night.
        returns: index unit (str); columns as in ``failing_by_night``.
    Units: as in ``failing_by_night``.
    """
    return _failing(outcomes, "unit").pipe(_rates).sort_index(key=lambda name: name.str.casefold())


def _failing(outcomes: pd.DataFrame, by: str) -> pd.DataFrame:
    direct = outcomes[outcomes["kind"] == Kind.DIRECT]
    table = direct.groupby([by, "outcome"])["subjects"].sum().unstack(fill_value=0)
    table = table.reindex(columns=[Outcome.FAIL, Outcome.PASS], fill_value=0)
    return table.set_axis(["fail_n", "pass_n"], axis="columns")


def _rates(table: pd.DataFrame) -> pd.DataFrame:
    table = table.astype("int64").assign(n=table["fail_n"] + table["pass_n"])
    return table.assign(**wilson(table["fail_n"], table["n"]))


def _sum(rows: pd.DataFrame, nights: pd.DataFrame) -> pd.Series[int]:
    return rows.groupby("night")["subjects"].sum().reindex(nights["night"], fill_value=0)
