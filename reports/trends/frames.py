"""The data frames that trends start from: their columns and types, also when they are empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NIGHT, MOMENT, TEXT, NUMBER = "datetime64[us]", "datetime64[us, UTC]", "str", "int64"

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "nights": {"night": NIGHT, "as_of": MOMENT, "policy_version": TEXT},
    "sightings": {
        "night": NIGHT,
        "fingerprint": TEXT,
        "sight": TEXT,
        "kind": TEXT,
        "severity": TEXT,
        "clause": TEXT,
        "unit": TEXT,
        "platform": TEXT,
    },
    "reviews": {
        "fingerprint": TEXT,
        "code": TEXT,
        "decision": TEXT,
        "decided_at": MOMENT,
        "expires_on": NIGHT,
    },
    "outcomes": {
        "night": NIGHT,
        "account_id": TEXT,
        "kind": TEXT,
        "outcome": TEXT,
        "reason": TEXT,
        "unit": TEXT,
        "subjects": NUMBER,
    },
    "gaps": {"night": NIGHT, "account_id": TEXT, "gap_kind": TEXT, "gap_reason": TEXT},
}


def frame(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Build one of the frames; keys that it has no column for are left out."""
    import pandas as pd

    columns = COLUMNS[name]
    return pd.DataFrame(list(rows), columns=list(columns)).astype(dict(columns))
