"""Works through the accounts of one shard: read, then judge, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from audit.client import Client
from audit.errors import AuditError, StoreError, TransientFetchError
from audit.installation import Installation
from audit.jobs.bench import lay_out
from audit.jobs.check import check_account
from audit.jobs.fetch import fetch_account
from audit.jobs.plan import Shard, opened
from audit.model.item import GapKind
from audit.store.runs import Fetched

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is told after each account."""

    account_id: str
    items: int
    findings: int
    gaps: tuple[str, ...]
    """In words, without those that the platform does not offer to close."""


def audit_shard(
    installation: Installation,
    shard: Shard,
    *,
    last_try: bool = True,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> dict[str, int]:
    """Read and judge every account of a shard; one that fails does not stop the next.

    Args:
        installation: the installation.
        shard: see ``audit.jobs.plan``.
        last_try: whether a gap that may close by itself has to be accepted now.
        tell: called after each account.

    Returns:
        Counts: ``accounts``, ``findings``, ``gaps``.

    Raises:
        TransientFetchError: a gap may close by itself, and there is another try.
        StoreError: accounts could not be worked through; the others are done.
    """
    run = opened(installation, shard["night"])
    # Cleared when the next night has begun, the shard must not read for a night of the past.
    run = replace(run, backfill=run.backfill or shard["backfill"])
    counts = {"accounts": 0, "findings": 0, "gaps": 0}
    failed: list[str] = []
    retry: list[str] = []
    with installation.store.read() as session:
        bench = lay_out(installation, session, run)
    with Client(installation.settings, as_of=run.date) as client:
        for account_id in shard["accounts"]:
            try:
                fetched = fetch_account(installation, run, account_id, client)
                results = check_account(installation, run, account_id, bench)
            except AuditError as error:
                failed.append(f"{account_id}: {error}")
                continue
            except Exception as fault:  # noqa: BLE001  (one account must not stop the others)
                # Only the type: the text of a fault may quote what was judged.
                failed.append(f"{account_id}: unexpected {type(fault).__name__}")
                continue
            done = _progress(account_id, fetched, sum(len(one.findings) for one in results))
            retry += (
                [account_id] if any(one.gap and one.gap.kind.transient for one in fetched) else []
            )
            counts["accounts"] += 1
            counts["findings"] += done.findings
            counts["gaps"] += len(done.gaps)
            tell(done)
    if failed:
        raise StoreError("\n".join(["these accounts could not be worked through:", *failed]))
    if retry and not last_try and not run.backfill:
        raise TransientFetchError(f"not read in full for now: {', '.join(retry)}")
    return counts


def _progress(account_id: str, fetched: tuple[Fetched, ...], findings: int) -> Progress:
    gaps = tuple(
        f"{one.facet.value}: {one.gap.reason}"
        for one in fetched
        if one.gap and one.gap.kind is not GapKind.UNSUPPORTED
    )
    return Progress(
        account_id=account_id,
        items=sum(one.items for one in fetched),
        findings=findings,
        gaps=gaps,
    )
