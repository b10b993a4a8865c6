"""Judges: applies bound checks to what was captured.

Pure: no network, no store, no clock. A check that fails with an exception fails alone, and
what could not be judged is ``not_assessed`` or ``error``, never a pass.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from audit.checks.base import Context, ItemContext, StaffMember
from audit.language import facts
from audit.language.facts import Fact, Lexicon, Text
from audit.model.account import Account
from audit.model.finding import Result, Subject
from audit.model.item import Capture, Facet, Item, ItemKind
from audit.model.verdict import ITEM_LEVELS, Level, Outcome, Verdict
from audit.policy import BoundCheck
from audit.results import Fingerprint, error, guarded, plain, result, unassessed
from audit.threads import Threads

FACET_OF = {
    Level.POST: Facet.POSTS,
    Level.REPLY: Facet.POSTS,
    Level.COMMENT: Facet.COMMENTS,
    Level.PROFILE: Facet.PROFILE,
}
WHOLE = "*"
"""The subject of a result that stands for everything of a level that could not be read."""
REPOST = "passed on without a word of its own"

Wanted = Callable[[Item, BoundCheck], bool]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Everything that judging one night needs besides what is judged."""

    checks: tuple[BoundCheck, ...]
    as_of: dt.datetime
    today: dt.date
    fingerprint: Fingerprint
    lexicon: Lexicon = field(default_factory=Lexicon)
    directory: Mapping[str, StaffMember] | None = None
    missing: Mapping[Facet, str] = field(default_factory=dict)
    """Registers that are absent or stale, with the reason."""

    def at(self, level: Level) -> list[BoundCheck]:
        """Return the checks of a level."""
        return [bound for bound in self.checks if level in bound.check.levels]

    def lacks(self, bound: BoundCheck) -> str | None:
        """Return why a register that the check needs is missing."""
        needed = sorted(bound.check.needs & self.missing.keys())
        return self.missing[needed[0]] if needed else None

    def context(self) -> Context:
        """Return what every check may know."""
        return Context(
            as_of=self.as_of, today=self.today, lexicon=self.lexicon, directory=self.directory
        )


def judge_items(
    bench: Bench,
    account: Account,
    items: Sequence[Item],
    threads: Threads | None = None,
    wanted: Wanted = lambda item, bound: True,
) -> list[Result]:
    """Judge items, profiles among them, each by the checks of its level.

    Args:
        bench: the checks and what they may know.
        account: whose items these are.
        items: each in one version.
        threads: an item without an entry answers nobody.
        wanted: leaves out what need not be judged again.

    Returns:
        One result for each wanted item and check, in the order of items, then of checks.
    """
    work = [
        (item, bound)
        for item in items
        for bound in bench.at(Level(item.kind.value))
        if wanted(item, bound)
    ]
    texts = {
        item.item_id: tuple(Text(one.text, one.source) for one in item.texts) for item, _ in work
    }
    broken = _learn(work, texts, bench.lexicon)
    results = []
    for item, bound in work:
        context = ItemContext(
            as_of=bench.as_of,
            today=bench.today,
            lexicon=bench.lexicon,
            directory=bench.directory,
            account=account,
            texts=texts[item.item_id],
            thread=(threads or {}).get(item.item_id, ()),
        )
        results.append(_judge_item(bench, bound, item, context, broken))
    return results


def judge_account(bench: Bench, account: Account, capture: Capture) -> list[Result]:
    """Judge what an account did over time; one result for each check of that level."""
    subject = Subject(account_id=account.account_id, level=Level.ACCOUNT, subject_id="account")
    results = []
    for bound in bench.at(Level.ACCOUNT):
        gap = next((gap for gap in capture.gaps if gap.facet in bound.check.needs), None)
        reason = gap.reason if gap else bench.lacks(bound)
        judge: Any = bound.check.judge
        verdict = partial(judge, account, capture, bound.params, bench.context())
        results.append(
            unassessed(bound, subject, reason)
            if reason
            else guarded(bound, subject, verdict, bench.fingerprint)
        )
    return results


def judge_registry(bench: Bench, accounts: Sequence[Account]) -> list[Result]:
    """Judge what owners filed; one result for each account and check of that level."""
    results: list[Result] = []
    for bound in bench.at(Level.REGISTRY):
        results += _judge_filed(bench, bound, accounts)
    return results


def unread(bench: Bench, account: Account, capture: Capture) -> list[Result]:
    """Return a ``not_assessed`` for each check and level that a gap hides, wholly or in part."""
    return [
        unassessed(
            bound,
            Subject(account_id=account.account_id, level=level, subject_id=WHOLE),
            gap.reason,
        )
        for bound in bench.checks
        for level in bound.check.levels
        if level in ITEM_LEVELS and (gap := capture.gap(FACET_OF[level])) is not None
    ]


def deleted(bench: Bench, account: Account, lost: Mapping[str, ItemKind]) -> list[Result]:
    """Return a ``not_assessed`` for each check on items whose words are no longer kept."""
    return [
        unassessed(
            bound,
            Subject(account_id=account.account_id, level=Level(kind.value), subject_id=item_id),
            "deleted under the retention rules",
        )
        for item_id, kind in lost.items()
        for bound in bench.at(Level(kind.value))
    ]


def _learn(
    work: Sequence[tuple[Item, BoundCheck]], texts: Mapping[str, tuple[Text, ...]], lexicon: Lexicon
) -> dict[Fact[Any], Exception]:
    """Compute the facts that the work uses; returns those that failed, with the reason."""
    users: dict[Fact[Any], list[Text]] = {}
    for item, bound in work:
        for fact in bound.check.uses:
            users.setdefault(fact, []).extend(texts[item.item_id])
    broken = {}
    for fact, wanted in users.items():
        try:
            facts.learn(list(dict.fromkeys(wanted)), [fact], lexicon)
        except Exception as fault:  # noqa: BLE001  (a fault in one layer spoils its checks alone)
            broken[fact] = fault
    return broken


def _judge_item(
    bench: Bench,
    bound: BoundCheck,
    item: Item,
    context: ItemContext,
    broken: Mapping[Fact[Any], Exception],
) -> Result:
    subject = Subject(
        account_id=context.account.account_id,
        level=Level(item.kind.value),
        subject_id=item.item_id,
    )
    fault = next((broken[fact] for fact in bound.check.uses if fact in broken), None)
    if fault is not None:
        return error(bound, subject, fault)
    if item.repost:
        return plain(bound, subject, Outcome.NOT_APPLICABLE, REPOST)
    reason = bench.lacks(bound)
    if reason is not None:
        return unassessed(bound, subject, reason)
    judge: Any = bound.check.judge
    verdict = partial(judge, item, bound.params, context)
    judged = guarded(bound, subject, verdict, bench.fingerprint)
    foreign = judged.outcome is Outcome.PASS and not _reads(bound, item)
    reason = f"written in {item.language}, which this check does not read"
    return unassessed(bound, subject, reason) if foreign else judged


def _reads(bound: BoundCheck, item: Item) -> bool:
    """Whether the check knows the item's language; one that says nothing is taken to be known."""
    if bound.check.languages is None or not item.language:
        return True
    return item.language.replace("_", "-").partition("-")[0].lower() in bound.check.languages


def _judge_filed(bench: Bench, bound: BoundCheck, accounts: Sequence[Account]) -> list[Result]:
    subjects = [
        Subject(account_id=one.account_id, level=Level.REGISTRY, subject_id="registry")
        for one in accounts
    ]
    reason = bench.lacks(bound)
    if reason is not None:
        return [unassessed(bound, subject, reason) for subject in subjects]
    judge: Any = bound.check.judge
    try:
        verdicts: Mapping[str, Verdict] = judge(accounts, bound.params, bench.context())
        return [
            result(bound, subject, verdicts[subject.account_id], bench.fingerprint)
            for subject in subjects
        ]
    except Exception as fault:  # noqa: BLE001  (one check's fault must not stop the others)
        return [error(bound, subject, fault) for subject in subjects]
