"""Reads an account for a night and keeps what it published."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from audit import catalogue
from audit.account_sight import sight
from audit.client import Client
from audit.errors import BudgetSpent, FetchError, StoreError
from audit.installation import Installation
from audit.intake import Intake, own_ids
from audit.jobs.reading import metered, read_with_credential
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, Facet, Gap, GapKind, Item, ItemKind, Window
from audit.model.life import AccountSight, AccountState
from audit.model.record import Checked, GapRecord, Gone, Record, Validator
from audit.platforms.base import Known, Platform, Target
from audit.store import accounts, allowances, items, runs, sights
from audit.store.database import Session
from audit.store.runs import Fetched, Run

log = logging.getLogger(__name__)

FACET_OF = {
    ItemKind.PROFILE: Facet.PROFILE,
    ItemKind.POST: Facet.POSTS,
    ItemKind.REPLY: Facet.POSTS,
    ItemKind.COMMENT: Facet.COMMENTS,
}


RANK = {GapKind.DENIED: 1, GapKind.NOT_FOUND: 1, GapKind.UNSUPPORTED: 2}


def fetch_account(
    installation: Installation, run: Run, account_id: str, client: Client
) -> tuple[Fetched, ...]:
    """Read one account, unless this night already has; returns what was read of each facet.

    Nothing is held open in the database while the network is used. What cannot be read is a
    gap, never an exception. All of an account is stored at once, or nothing. An account that an
    earlier try of this night could not read in full is read again where that may help, as a
    whole (docs/adr/0023-what-a-night-repeats.md); a back-fill reads nothing.

    Raises:
        ConfigError: the account is not registered.
        StoreError: the database failed.
    """
    with installation.store.read() as session:
        done = runs.fetched(session, run.night, account_id)
        if run.backfill or (done and not _again(done)):
            return done
        account = accounts.one(session, account_id)
        stored = items.read(session, account_id, as_of=run.as_of, since=run.window_start)
        own = items.own_ids(session, account_id)
        target = Target(
            account=account,
            window=Window(start=run.window_start, end=run.as_of),
            platform_id=_platform_id(session, run, account_id),
            known=_known(session, account_id, stored),
            validators=items.validators(session, account_id),
        )
    platform = catalogue.platform(account.platform)
    meter = metered(installation, platform, account, client)
    records, failure = read_with_credential(installation, platform, target, client, _gather)
    intake = Intake(account, installation.store.vault, own_ids(records) | own)
    found = intake.items(records)
    seen = None if platform.local else sight(account, run.night, records, hides=platform.hides)
    gaps = _hidden(platform, seen, found, _gaps(platform, records, failure, found))
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
        if seen is not None:
            sights.save(session, seen)
    return rows


def _again(done: Sequence[Fetched]) -> bool:
    """Whether a further try of the night may bring more than it asks for twice.

    A lasting gap beside what was read would be met again, after all the rest had been asked for
    again. Where nothing at all was read it costs one call, and somebody may have mended it. A
    limit of ours costs no call while it stands, and may have been raised.
    """
    gaps = [one.gap for one in done if one.gap and one.gap.kind is not GapKind.UNSUPPORTED]
    nothing = all(one.gap and not one.items for one in done)
    return any(map(_passing, gaps)) or (nothing and bool(gaps))


def _passing(gap: Gap) -> bool:
    return gap.kind.transient or gap.kind is GapKind.BUDGET


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


def _platform_id(session: Session, run: Run, account_id: str) -> str | None:
    """Return the platform's own id, if it was seen at the address that the account has now."""
    moved = accounts.moved_at(session, account_id)
    return sights.platform_id(session, account_id, run.night, since=moved)


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
    told = [one for one in records if isinstance(one, GapRecord) and one.kind is not GapKind.END]
    # Of several gaps in a facet the first that may close by itself counts: else a lasting one
    # that came later would keep the account from being tried again.
    for record in sorted(told, key=lambda one: RANK.get(one.kind, 0)):
        for facet in [record.facet] if record.facet else platform.provides:
            gaps.setdefault(facet, Gap(facet=facet, kind=record.kind, reason=record.reason))
    if failure is not None:
        for facet in platform.provides - gaps.keys():
            gaps[facet] = Gap(facet=facet, kind=failure.kind, reason=failure.reason)
    unread = gaps.get(Facet.POSTS)
    if unread and Facet.COMMENTS not in gaps and not platform.comments_apart:
        reason = f"comments under posts that were not read are missing: {unread.reason}"
        gaps[Facet.COMMENTS] = replace(unread, facet=Facet.COMMENTS, reason=reason)
    return {facet: replace(gap, partial=counts[facet] > 0) for facet, gap in gaps.items()}


def _kept(done: Sequence[Fetched], rows: tuple[Fetched, ...]) -> tuple[Fetched, ...]:
    """Return what this try read, and what an earlier one read where this one got nothing for now.

    The platform was down, or a limit of ours was met; what the earlier try read is stored.
    """
    before = {one.facet: one for one in done if one.gap is None or one.gap.partial}
    return tuple(
        before.get(one.facet, one) if one.gap and _passing(one.gap) and not one.items else one
        for one in rows
    )


def _hidden(
    platform: Platform, seen: AccountSight | None, found: list[Item], gaps: dict[Facet, Gap]
) -> dict[Facet, Gap]:
    """Say of a private account that nothing is seen, where its platform lists nothing instead."""
    if seen is None or seen.state is not AccountState.PRIVATE:
        return gaps
    there = {FACET_OF[one.kind] for one in found}
    hidden: dict[Facet, Gap] = {
        facet: Gap(facet=facet, kind=GapKind.DENIED, reason="the account is private")
        for facet in (Facet.POSTS, Facet.COMMENTS)
        if facet in platform.provides and facet not in there
    }
    return {**hidden, **gaps}


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
