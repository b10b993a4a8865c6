"""Judges one labelled case, as the night would judge the same words."""

from __future__ import annotations

from audit import engine
from audit.cases import Case
from audit.model.finding import Result, Subject
from audit.model.item import Facet
from audit.model.verdict import Level
from audit.policy import Policy


def results(case: Case, policy: Policy) -> list[Result]:
    """Return a result for each check of the case's level; shadow checks are included."""
    staff = frozenset(one.name.casefold() for one in (case.directory or {}).values() if one.name)
    bench = engine.Bench(
        checks=policy.checks,
        as_of=case.as_of,
        today=case.as_of.astimezone(policy.zone).date(),
        fingerprint=_plain,
        lexicon=policy.lexicon(staff),
        directory=case.directory,
        missing={} if case.directory is not None else {Facet.DIRECTORY: "no staff directory given"},
    )
    if case.level is Level.REGISTRY:
        return engine.judge_registry(bench, case.accounts)
    if case.capture is not None:
        return engine.judge_account(bench, case.account, case.capture)
    if case.item is None:
        return []
    return engine.judge_items(bench, case.account, [case.item], {case.item.item_id: case.thread})


def _plain(check_id: str, subject: Subject, anchor: str | None) -> str:
    """A case is not remembered, so its findings need no keyed identity."""
    return "/".join((check_id, subject.account_id, subject.subject_id, anchor or ""))
