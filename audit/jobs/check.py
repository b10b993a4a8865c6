"""Judges an account for a night and keeps what was found."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from pydantic import TypeAdapter

from audit import engine
from audit.engine import Bench
from audit.installation import Installation
from audit.jobs.bench import lay_out
from audit.model.account import Account
from audit.model.finding import Decision, Result, Review
from audit.model.item import FETCHED_FACETS, Capture, Gap, GapKind, Item, Window
from audit.model.verdict import Level
from audit.policy import BoundCheck
from audit.results import waive
from audit.states import in_force
from audit.store import accounts, findings, items, judgements, retention, runs
from audit.store.database import Session
from audit.store.judgements import Key
from audit.store.runs import Run
from audit.threads import Threads, threads
from audit.version import code_version

LEVELS = tuple(level for level in Level if level is not Level.REGISTRY)
_ITEM, _ACCOUNT = TypeAdapter(Item), TypeAdapter(Account)


def check_account(
    installation: Installation, run: Run, account_id: str, bench: Bench | None = None
) -> list[Result]:
    """Judge one account on what its night saw of it; judged again, it says the same.

    Only items that the night itself saw are judged: what was not looked at again stays as it
    was. A result from an earlier night is taken over when nothing that it rests on changed.

    Args:
        installation: the installation.
        run: the night.
        account_id: which account.
        bench: the night's; laid out for this account alone without it.

    Raises:
        ConfigError: the account is not registered.
        StoreError: the database failed.
    """
    with installation.store.read() as session:
        bench = bench or lay_out(installation, session, run)
        account = accounts.one(session, account_id)
        capture = _capture(installation, session, run, account)
        seen = items.seen(session, account_id, run.as_of)
        gone = items.gone(session, account_id, run.as_of)
        if run.backfill:  # what has come back since was missing that night all the same
            gone = {**findings.missed(session, run.night, account_id), **gone}
        readable = retention.readable(session, account_id, run.as_of)
        lost = retention.lost(session, account_id, run.as_of, readable)
        conversation = threads((*capture.history, *capture.items))
        fresh = [one for one in capture.items if one.item_id in seen - gone.keys()]
        bases = _bases(bench, installation.policy.version, account, fresh, conversation)
        cached = judgements.read(session, account_id, bases)
        waived = _waived(session, run)
    new = engine.judge_items(
        bench, account, fresh, conversation, lambda item, bound: _key(item, bound) not in cached
    )
    whole = [
        *cached.values(),
        *new,
        *engine.judge_account(bench, account, capture),
        *engine.unread(bench, account, capture),
        *engine.deleted(bench, account, lost),
    ]
    results = waive(sorted(whole, key=_order), waived)
    with installation.store.write() as session:
        session.lock(account_id)
        judgements.save(session, account_id, new, bases)
        findings.record(session, run.night, account_id, LEVELS, results, gone, readable)
        runs.save_coverage(session, run.night, LEVELS, account_id, results)
    return results


def check_registry(installation: Installation, run: Run) -> list[Result]:
    """Judge what the owners of all accounts filed."""
    with installation.store.read() as session:
        bench = lay_out(installation, session, run)
        registered = accounts.registered(session)
        waived = _waived(session, run)
    results = waive(engine.judge_registry(bench, registered), waived)
    level = (Level.REGISTRY,)
    with installation.store.write() as session:
        for account in registered:
            session.lock(account.account_id)
            ours = [one for one in results if one.subject.account_id == account.account_id]
            findings.record(session, run.night, account.account_id, level, ours, {})
            runs.save_coverage(session, run.night, level, account.account_id, ours)
    return results


def _capture(installation: Installation, session: Session, run: Run, account: Account) -> Capture:
    days = installation.policy.pack.window.history_days
    since = min(run.window_start, run.as_of - dt.timedelta(days=days))
    stored = items.read(session, account.account_id, as_of=run.as_of, since=since)
    # Only what this night read itself: since an earlier one, anything may have been published.
    fetched = runs.fetched(session, run.night, account.account_id)
    read = {one.facet for one in fetched}
    never = tuple(
        Gap(facet=facet, kind=GapKind.BROKEN, reason="this night has not read it")
        for facet in FETCHED_FACETS
        if facet not in read
    )
    older = [one for one in stored if one.created_at and one.created_at < run.window_start]
    return Capture(
        account_id=account.account_id,
        as_of=run.as_of,
        window=Window(start=run.window_start, end=run.as_of),
        items=tuple(one for one in stored if one not in older),
        gaps=(*(one.gap for one in fetched if one.gap), *never),
        fetched_at=max((one.fetched_at for one in fetched), default=None),
        history=tuple(older),
    )


def _bases(
    bench: Bench, policy: str, account: Account, fresh: list[Item], conversation: Threads
) -> dict[Key, str]:
    """Hash, for each item and check, everything that the result rests on."""
    # Not the versions that the night was opened under: the pack may have changed since.
    common = [policy, code_version(), _ACCOUNT.dump_python(account, mode="json")]
    staff = sorted(bench.directory.items()) if bench.directory is not None else None
    people = hashlib.sha256(repr((staff, sorted(bench.missing.items()))).encode()).hexdigest()
    bases = {}
    for item in fresh:
        bare = replace(item, likes=None, comments=None, shares=None)
        turns = [(turn.by_account, turn.text) for turn in conversation.get(item.item_id, ()) or ()]
        unread = item.item_id in conversation and conversation[item.item_id] is None
        content = [_ITEM.dump_python(bare, mode="json"), turns, unread, people, *common]
        text = json.dumps(content, sort_keys=True)
        for bound in bench.at(Level(item.kind.value)):
            day = bench.today.isoformat() if bound.check.dated else ""
            bases[_key(item, bound)] = hashlib.sha256(f"{day}{text}".encode()).hexdigest()
    return bases


def _key(item: Item, bound: BoundCheck) -> Key:
    return item.item_id, bound.check.id


def _waived(session: Session, run: Run) -> frozenset[str]:
    by_finding: dict[str, list[Review]] = {}
    for review in findings.reviews(session, until=run.as_of):
        by_finding.setdefault(review.fingerprint, []).append(review)
    decided: Mapping[str, Review | None] = {
        key: in_force(reviews, run.date) for key, reviews in by_finding.items()
    }
    return frozenset(key for key, one in decided.items() if one and one.decision is Decision.WAIVE)


def _order(result: Result) -> tuple[str, str, str]:
    return result.check_id, result.subject.level.value, result.subject.subject_id
