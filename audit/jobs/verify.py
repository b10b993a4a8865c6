"""Says whether a night saw enough; the last step of a run, which fails it if not."""

from __future__ import annotations

from collections.abc import Sequence

from audit.errors import IncompleteRun
from audit.installation import Installation
from audit.model.item import GapKind
from audit.model.verdict import Outcome
from audit.store import accounts, runs
from audit.store.runs import Fetched, Run

ALARMING = frozenset({GapKind.DENIED, GapKind.NOT_FOUND, GapKind.BROKEN, GapKind.BUDGET})


def verify(
    installation: Installation,
    run: Run,
    *,
    failed: Sequence[str] = (),
    problems: Sequence[str] = (),
) -> None:
    """Check that a night is complete.

    Gaps that a platform does not offer to close, and gaps that a person has acknowledged, never
    fail a run. A back-fill reads nothing and is measured only by what it judged.

    Args:
        installation: the installation.
        run: the night.
        failed: earlier steps of the same run that failed, by name.
        problems: what else went wrong in the same run, in words.

    Raises:
        IncompleteRun: names accounts and reasons.
    """
    with installation.store.read() as session:
        registered = {one.account_id for one in accounts.registered(session)}
        judged = runs.judged_accounts(session, run.night)
        fetched = runs.fetched(session, run.night)
        known = accounts.acknowledged(session, run.date)
        covered = runs.covered(session, run.night)
    said = [*problems, *(f"the step {step} failed" for step in failed)]
    said += [f"{account_id}: was not judged" for account_id in sorted(registered - judged)]
    said += sorted(
        {
            f"{row['account_id']}: {row['check_id']}: {row['reason']}"
            for row in covered
            if row["outcome"] == Outcome.ERROR
        }
    )
    if not run.backfill:
        said += _gaps(installation, registered, fetched, known)
    if said:
        raise IncompleteRun("\n".join([f"night {run.night} is incomplete:", *said]))


def _gaps(
    installation: Installation,
    registered: set[str],
    fetched: tuple[Fetched, ...],
    known: set[tuple[str, str, str]],
) -> list[str]:
    open_gaps = [
        (one.account_id, one.gap)
        for one in fetched
        if one.gap is not None
        and one.gap.kind is not GapKind.UNSUPPORTED
        and (one.account_id, one.facet.value, one.gap.kind.value) not in known
    ]
    facets: dict[tuple[str, GapKind, str], list[str]] = {}
    for account_id, gap in open_gaps:
        if gap.kind in ALARMING:
            facets.setdefault((account_id, gap.kind, gap.reason), []).append(gap.facet.value)
    problems = [
        f"{account_id}: {', '.join(names)}: {kind.value.replace('_', ' ')}: {reason}"
        for (account_id, kind, reason), names in facets.items()
    ]
    whole = registered - {account_id for account_id, _ in open_gaps}
    whole &= {one.account_id for one in fetched}
    floor = installation.policy.pack.coverage.floor
    if registered and len(whole) / len(registered) < floor:
        problems.append(
            f"{len(whole)} of {len(registered)} accounts were read in full; "
            f"the policy asks for {floor:.0%}"
        )
    return problems
