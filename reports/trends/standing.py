"""How many findings stood open on each night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.model.finding import Decision, Sight
from audit.model.verdict import Kind

if TYPE_CHECKING:
    import pandas as pd

ASIDE = (Decision.WAIVE, Decision.FALSE_POSITIVE)


def open_findings(
    nights: pd.DataFrame, sightings: pd.DataFrame, reviews: pd.DataFrame
) -> pd.DataFrame:
    """List which findings stood open on which night, by the rules of ``audit.states``.

    A finding stays open on nights that did not look at it again, and is set aside while the
    newest decision about it is a waiver in force or "false positive".

    Shapes:
        nights: one row per night, in order; columns night (datetime64), as_of (datetime64, UTC).
        sightings: one row per (night, fingerprint); columns night (datetime64), fingerprint,
            sight, kind, severity, clause, unit, platform (str).
        reviews: one row per decision; columns fingerprint, decision (str), decided_at
            (datetime64, UTC), expires_on (datetime64, NaT where it does not end).
        returns: one row per (night, fingerprint) open after that night; columns night,
            fingerprint, kind, severity, clause, unit, platform, counted (bool: a direct check,
            or a finding that a person confirmed by then).
    """
    import pandas as pd

    columns = ["night", "fingerprint", "kind", "severity", "clause", "unit", "platform", "counted"]
    grid = pd.MultiIndex.from_product(
        [nights["night"], sightings["fingerprint"].unique()], names=["night", "fingerprint"]
    )
    last = (
        sightings.set_index(["night", "fingerprint"])
        .reindex(grid)
        .groupby(level="fingerprint", sort=False)
        .ffill()
        .reset_index()
        .merge(nights, on="night")
    )
    seen = last[(last["sight"] == Sight.SEEN) & (last["kind"] != Kind.WEAK)].copy()
    seen["counted"] = seen["kind"].isin([Kind.DIRECT, Kind.HUMAN]) | _confirmed(seen, reviews)
    return seen.loc[~_aside(seen, reviews), columns].reset_index(drop=True)


def _confirmed(seen: pd.DataFrame, reviews: pd.DataFrame) -> pd.Series[bool]:
    """Whether a person had confirmed the finding by the night."""
    confirmed = reviews[reviews["decision"] == Decision.CONFIRM]
    first = confirmed.groupby("fingerprint")["decided_at"].min().reindex(seen["fingerprint"])
    return first.set_axis(seen.index) <= seen["as_of"]


def _aside(seen: pd.DataFrame, reviews: pd.DataFrame) -> pd.Series[bool]:
    """Whether the newest decision by the night set the finding aside."""
    import pandas as pd

    decisions = reviews[reviews["decision"] != Decision.CONFIRM].sort_values("decided_at")
    if decisions.empty or seen.empty:
        return pd.Series(data=False, index=seen.index, dtype=bool)
    newest = pd.merge_asof(
        seen.reset_index().sort_values("as_of"),
        decisions,
        left_on="as_of",
        right_on="decided_at",
        by="fingerprint",
    ).set_index("index")
    expired = newest["expires_on"] < newest["night"]
    return (newest["decision"].isin(ASIDE) & ~expired).reindex(seen.index)


def open_by_night(
    open_: pd.DataFrame, nights: pd.DataFrame, coverage: pd.DataFrame
) -> pd.DataFrame:
    """Count open findings per night.

    Shapes:
        open_: what ``open_findings`` returns.
        nights: as there.
        coverage: what ``coverage_by_night`` returns.
        returns: index night (datetime64, every night); columns counted_n, to_review_n, open_n
            (Int64; missing on a night that could assess nothing).
    """
    groups = open_.groupby("night")["counted"].agg(["sum", "size"])
    table = groups.reindex(nights["night"], fill_value=0).astype("Int64")
    found = table.assign(
        counted_n=table["sum"], to_review_n=table["size"] - table["sum"], open_n=table["size"]
    )[["counted_n", "to_review_n", "open_n"]]
    blind = coverage["assessed_n"].reindex(found.index, fill_value=0) == 0
    return found.mask(blind)


def open_by_clause(open_: pd.DataFrame, nights: pd.DataFrame) -> pd.DataFrame:
    """Count open findings per night and clause.

    Shapes:
        open_, nights: as for ``open_by_night``.
        returns: index night (datetime64, every night); one column per clause that was ever
            found (int64), in natural order of the codes.
    """
    table = open_.groupby(["night", "clause"]).size().unstack(fill_value=0)
    table = table.reindex(nights["night"], fill_value=0).astype("int64")
    # The preamble stands before the practices, whatever the alphabet says.
    return table.sort_index(axis="columns", key=lambda codes: codes.str.replace("P0", "AP0"))
