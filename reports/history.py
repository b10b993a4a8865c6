"""All nights of the store as data frames, for ``reports.trends``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.installation import Installation
from audit.model.account import Account
from audit.policy import BoundCheck
from audit.store import accounts as registry
from audit.store import findings, runs
from audit.store.database import Session
from audit.store.runs import Run
from reports.trends.frames import frame

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "Not registered"


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything up to one night; the columns are those of ``reports.trends.frames``."""

    runs: tuple[Run, ...]
    accounts: tuple[Account, ...]
    nights: pd.DataFrame
    sightings: pd.DataFrame
    reviews: pd.DataFrame
    outcomes: pd.DataFrame
    gaps: pd.DataFrame


def read(installation: Installation, run: Run) -> History:
    """Read all nights up to and with one.

    Checks that the policy has switched off or runs in shadow are left out.
    """
    checks = {one.check.id: one for one in installation.policy.checks if not one.shadow}
    with installation.store.read() as session:
        nights = tuple(one for one in runs.nights(session) if one.as_of <= run.as_of)
        registered = registry.registered(session)
        names = {one.night for one in nights}
        units = {one.account_id: one.unit for one in registered}
        return History(
            runs=nights,
            accounts=registered,
            nights=frame("nights", [_night(one) for one in nights]),
            sightings=frame("sightings", _sightings(session, run, checks, registered)),
            reviews=frame("reviews", _reviews(session, checks)),
            outcomes=frame("outcomes", _outcomes(runs.covered(session), names, checks, units)),
            gaps=frame("gaps", [one for one in runs.gaps(session) if one["night"] in names]),
        )


def _night(run: Run) -> dict[str, Any]:
    return {"night": run.night, "as_of": run.as_of, "policy_version": run.policy_version}


def _sightings(
    session: Session, run: Run, checks: Mapping[str, BoundCheck], accounts: Iterable[Account]
) -> list[dict[str, Any]]:
    known = findings.read(session)
    where = {one.account_id: one for one in accounts}
    rows = []
    for one in findings.sightings(session, until=run.night):
        finding = known.get(one.fingerprint)
        if finding is None or finding.check_id not in checks:
            continue
        account = where.get(finding.subject.account_id)
        rows.append(
            {
                "night": one.night,
                "fingerprint": one.fingerprint,
                "sight": one.sight.value,
                "kind": one.kind.value,
                "severity": one.severity.value,
                "clause": checks[finding.check_id].check.clause,
                "unit": account.unit if account else UNKNOWN,
                "platform": account.platform if account else UNKNOWN,
            }
        )
    return rows


def _reviews(session: Session, checks: Mapping[str, BoundCheck]) -> list[dict[str, Any]]:
    reviews = findings.reviews(session)
    known = findings.read(session, [one.fingerprint for one in reviews]) if reviews else {}
    return [
        {
            "fingerprint": one.fingerprint,
            "code": known[one.fingerprint].code,
            "decision": one.decision.value,
            "decided_at": one.decided_at,
            "expires_on": one.expires_on,
        }
        for one in reviews
        if one.fingerprint in known and known[one.fingerprint].check_id in checks
    ]


def _outcomes(
    rows: Iterable[Mapping[str, Any]],
    nights: set[str],
    checks: Mapping[str, BoundCheck],
    units: Mapping[str, str],
) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "kind": checks[row["check_id"]].check.kind.value,
            "unit": units.get(row["account_id"], UNKNOWN),
        }
        for row in rows
        if row["night"] in nights and row["check_id"] in checks
    ]
