"""Reads an account for a night and keeps what it published."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from audit import catalogue
from audit.client import Client
from audit.errors import BudgetSpent, ConfigError, FetchError, StoreError
from audit.installation import Installation
from audit.intake import Intake, own_ids
from audit.jobs.reading import read_with_credential
from audit.metering import Meter, Time, tightened
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, Gap, GapKind, Item, ItemKind, Window
from audit.model.record import Checked, GapRecord, Gone, Record, Validator
from audit.platforms.base import Known, Platform, Target
from audit.store import accounts, allowances, items, runs
from audit.store.database import Session
from audit.store.runs import Fetched, Run

log = logging.getLogger(__name__)

CLOCK = Time()
"""What budgets are counted by."""

FACET_OF = {
    ItemKind.PROFILE: Facet.PROFILE,
    ItemKind.POST: Facet.POSTS,
    ItemKind.REPLY: Facet.POSTS,
    ItemKind.COMMENT: Facet.COMMENTS,
}


def fetch_account(
    installation: Installation, run: Run, account_id: str, client: Client
) -> tuple[Fetched, ...]:
    """Read one account, unless this night already has; returns what was read of each facet.

    Nothing is held open in the database while the network is used. What cannot be read is a
    gap, never an exception. A facet that an earlier try of this night could not read is tried
    again; a back-fill reads nothing.

    Raises:
        ConfigError: the account is not registered.
        StoreError: the database failed.
    """
    with installation.store.read() as session:
        done = runs.fetched(session, run.night, account_id)
        if run.backfill or (done and not any(_again(one.gap) for one in done)):
            return done
        account = find(accounts.registered(session), account_id)
        stored = items.read(session, account_id, as_of=run.as_of, since=run.window_start)
        own = items.own_ids(session, account_id)
        target = Target(
            account=account,
            window=Window(start=run.window_start, end=run.as_of),
            known=_known(session, account_id, stored),
            validators=items.validators(session, account_id),
        )
    platform = catalogue.platform(account.platform)
    meter = _metered(installation, platform, account, client)
    records, failure = read_with_credential(installation, platform, target, client, _gather)
    intake = Intake(account, installation.store.vault, own_ids(records) | own)
    found = intake.items(records)
    gaps = _gaps(platform, records, failure, found)
    rows = _kept(done, _rows(installation, run, account, found, gaps))
    checked = [intake.item_id(one.record_id) for one in records if isinstance(one, Checked)]
    vanished = {
        intake.item_id(one.record_id): one.reason for one in records if isinstance(one, Gone)
    }
    with installation.store.write() as session:
        session.lock(account_id)
        items.save(session, account_id, found, run.as_of)
        items.mark_seen(session, account_id, checked, run.as_of)
        items.mark_gone(session, account_id, vanished, run.as_of)
        items.save_validators(
            session, account_id, [one for one in records if isinstance(one, Validator)]
        )
        runs.save_fetched(session, run.night, rows)
        allowances.add_usage(session, run.night, account_id, meter.used)
    return rows


def find(registered: tuple[Account, ...], account_id: str) -> Account:
    """Return the account of that id.

    Raises:
        ConfigError: it is not, or no longer, in the registry.
    """
    for account in registered:
        if account.account_id == account_id:
            return account
    raise ConfigError(f"account {account_id!r} is not in the registry")


def _again(gap: Gap | None) -> bool:
    return gap is not None and gap.kind is not GapKind.UNSUPPORTED


def _known(session: Session, account_id: str, stored: Sequence[Item]) -> tuple[Known, ...]:
    """Return what to look at again: what was seen at the address that the account has now.

    Elsewhere it would be missing for no fault of the account's, and count as taken down.
    """
    moved = accounts.moved_at(session, account_id)
    here = None if moved is None else items.seen(session, account_id, moved)
    return tuple(
        Known(
            record_id=one.source_id or one.item_id,
            created_at=one.created_at,
            comment=one.kind is ItemKind.COMMENT,
        )
        for one in stored
        if one.kind is not ItemKind.PROFILE and (here is None or one.item_id in here)
    )


def _metered(
    installation: Installation, platform: Platform, account: Account, client: Client
) -> Meter:
    """Let the client count this account's calls.

    What stopped the platform at the account before stops it here without another call. Recorded
    answers are counted and cost nothing.
    """
    table = installation.policy.pack.platforms.get(platform.name)
    limits = tightened(platform.tariff, table.amounts() if table else {})
    meter = Meter(
        None if installation.settings.recordings else installation.store,
        replace(platform.tariff, limits=limits),
        platform=platform.name,
        account_id=account.account_id,
        stops=client.meter.stops if isinstance(client.meter, Meter) else None,
        clock=CLOCK,
    )
    client.meter = meter
    return meter


def _gather(
    platform: Platform, target: Target, client: Client
) -> tuple[list[Record], GapRecord | None]:
    """Read all that can be read; the second value says why it stopped early."""
    records: list[Record] = []
    try:
        for record in platform.gather(target, client):
            records.append(record)  # noqa: PERF402  (keeps what came before a failure)
    except FetchError as error:
        kind = GapKind.BUDGET if isinstance(error, BudgetSpent) else GapKind.BROKEN
        return records, GapRecord(facet=None, kind=kind, reason=str(error))
    except StoreError:
        raise  # no fault of the account's
    except Exception as error:  # noqa: BLE001  (one account must not stop the night)
        # Only the type: the text of a parser's error may quote what somebody wrote.
        log.error("%s: reading failed with %s", target.account.account_id, type(error).__name__)
        reason = f"its answer could not be read ({type(error).__name__})"
        return records, GapRecord(facet=None, kind=GapKind.BROKEN, reason=reason)
    return records, None


def _gaps(
    platform: Platform, records: list[Record], failure: GapRecord | None, found: list[Item]
) -> dict[Facet, Gap]:
    counts = Counter(FACET_OF[one.kind] for one in found)
    gaps = {
        facet: Gap(
            facet=facet,
            kind=GapKind.UNSUPPORTED,
            reason=f"{platform.name} does not offer {facet.value}",
        )
        for facet in FETCHED_FACETS
        if facet not in platform.provides
    }
    for record in records:
        if isinstance(record, GapRecord) and record.kind is not GapKind.END:
            for facet in [record.facet] if record.facet else platform.provides:
                gap = Gap(facet=facet, kind=record.kind, reason=record.reason)
                gaps[facet] = replace(gap, partial=counts[facet] > 0)
    posts = gaps.get(Facet.POSTS)
    if posts and posts.kind is GapKind.BUDGET and Facet.COMMENTS not in gaps:
        # Of posts that were not listed nobody asked for comments.
        gaps[Facet.COMMENTS] = replace(
            posts, facet=Facet.COMMENTS, partial=counts[Facet.COMMENTS] > 0
        )
    if failure is not None:
        for facet in platform.provides - gaps.keys():
            gap = Gap(facet=facet, kind=failure.kind, reason=failure.reason)
            gaps[facet] = replace(gap, partial=counts[facet] > 0)
    return gaps


def _kept(done: Sequence[Fetched], rows: tuple[Fetched, ...]) -> tuple[Fetched, ...]:
    """Return what this try read, but for what an earlier one could still afford to read."""
    before = {one.facet: one for one in done if one.gap is None or one.gap.partial}
    return tuple(
        before.get(one.facet, one)
        if one.gap and one.gap.kind is GapKind.BUDGET and not one.items
        else one
        for one in rows
    )


def _rows(
    installation: Installation,
    run: Run,
    account: Account,
    found: list[Item],
    gaps: dict[Facet, Gap],
) -> tuple[Fetched, ...]:
    counts = Counter(FACET_OF[one.kind] for one in found)
    recorded = installation.settings.recordings is not None
    return tuple(
        Fetched(
            account_id=account.account_id,
            facet=facet,
            fetched_at=run.as_of if recorded else dt.datetime.now(dt.UTC),
            items=counts[facet],
            gap=gaps.get(facet),
        )
        for facet in FETCHED_FACETS
    )
