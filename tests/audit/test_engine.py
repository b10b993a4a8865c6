"""What the engine makes of checks, whatever they check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from audit import engine
from audit.checks.base import Check, Context, ItemContext, NoParams, StaffMember
from audit.language.facts import Fact, Lexicon, Text
from audit.model.account import Account
from audit.model.finding import Result
from audit.model.item import Capture, Facet, Gap, GapKind, Item, ItemKind, Window
from audit.model.verdict import PASSED, Hit, Kind, Level, Outcome, Severity, Verdict
from audit.policy import BoundCheck
from audit.results import waive
from audit.threads import threads
from tests.factories import at, make_account, make_finding, make_item, make_result

HIT = Hit(message="Found it.", evidence="words", suggestion="other words")


def bind(
    judge: Callable[..., Any],
    levels: Sequence[Level] = (Level.POST,),
    kind: Kind = Kind.DIRECT,
    severity: Severity = Severity.HIGH,
    **more: Any,
) -> BoundCheck:
    check = Check(
        id="test-check",
        code="BP99.1",
        clause="BP99",
        title="Title",
        levels=tuple(levels),
        kind=kind,
        severity=severity,
        remedy="Remedy.",
        judge=judge,
        **more,
    )
    return BoundCheck(check=check, params=NoParams(), severity=severity)


def make_bench(*checks: BoundCheck, **more: Any) -> engine.Bench:
    values: dict[str, Any] = {
        "as_of": at(5),
        "today": dt.date(2026, 10, 5),
        "fingerprint": lambda check, subject, anchor: f"{check}/{subject.subject_id}/{anchor}",
    }
    return engine.Bench(checks=checks, **{**values, **more})


def judge_one(bound: BoundCheck, item: Item | None = None, **more: Any) -> Result:
    (result,) = engine.judge_items(make_bench(bound, **more), make_account(), [item or make_item()])
    return result


def always(*hits: Hit) -> Callable[..., Verdict]:
    return lambda item, params, context: Verdict(hits=hits)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (Kind.DIRECT, Outcome.FAIL),
        (Kind.HUMAN, Outcome.FAIL),
        (Kind.PROXY, Outcome.REVIEW),
        (Kind.WEAK, Outcome.REVIEW),
    ],
)
def test_the_kind_decides_between_fail_and_review(kind: Kind, outcome: Outcome) -> None:
    result = judge_one(bind(always(HIT), kind=kind))
    assert result.outcome is outcome
    assert [one.outcome for one in result.findings] == [outcome]


def test_no_hit_is_a_pass() -> None:
    assert judge_one(bind(always())).outcome is Outcome.PASS


def test_a_hit_may_be_milder_than_its_check_but_never_stronger() -> None:
    milder = replace(HIT, kind=Kind.PROXY, severity=Severity.LOW)
    stronger = replace(HIT, kind=Kind.DIRECT, severity=Severity.CRITICAL)
    check = {"kind": Kind.DIRECT, "severity": Severity.MEDIUM}
    (finding,) = judge_one(bind(always(milder), **check)).findings
    assert (finding.kind, finding.severity) == (Kind.PROXY, Severity.LOW)
    check = {"kind": Kind.WEAK, "severity": Severity.MEDIUM}
    (finding,) = judge_one(bind(always(stronger), **check)).findings
    assert (finding.kind, finding.severity) == (Kind.WEAK, Severity.MEDIUM)


def test_hits_without_an_anchor_are_one_finding_the_gravest() -> None:
    mild = Hit(message="Mild.", severity=Severity.LOW)
    result = judge_one(bind(always(mild, HIT)))
    assert [one.message for one in result.findings] == ["Found it."]
    anchored = judge_one(bind(always(replace(HIT, anchor="a"), replace(HIT, anchor="b"))))
    assert len(anchored.findings) == 2


def test_not_applicable_and_not_assessed_are_told_apart() -> None:
    for verdict, outcome in (
        (Verdict(not_applicable="no picture"), Outcome.NOT_APPLICABLE),
        (Verdict(not_assessed="not offered"), Outcome.NOT_ASSESSED),
    ):
        result = judge_one(bind(lambda *_, verdict=verdict: verdict))
        assert (result.outcome, result.reason is None) == (outcome, False)


def test_an_exception_is_an_error_of_that_check_alone_and_is_not_quoted() -> None:
    def fail(item: Item, params: Any, context: ItemContext) -> Verdict:
        raise ValueError("canary text of a patient")

    bench = make_bench(bind(fail), bind(always(HIT)))
    broken, fine = engine.judge_items(bench, make_account(), [make_item()])
    assert broken.outcome is Outcome.ERROR
    assert broken.reason == "the check failed (ValueError)"
    assert fine.outcome is Outcome.FAIL


def test_items_are_judged_at_their_level_only() -> None:
    bound = bind(always(HIT), levels=(Level.REPLY, Level.COMMENT))
    items = [make_item(kind.value, kind=kind) for kind in ItemKind]
    results = engine.judge_items(make_bench(bound), make_account(), items)
    assert [one.subject.subject_id for one in results] == ["reply", "comment"]


@pytest.mark.parametrize(
    ("language", "outcome"),
    [
        (None, Outcome.PASS),
        ("en", Outcome.PASS),
        ("en_US", Outcome.PASS),
        ("EN-gb", Outcome.PASS),
        ("es", Outcome.NOT_ASSESSED),
    ],
)
def test_nothing_found_in_a_foreign_language_is_no_pass(
    language: str | None, outcome: Outcome
) -> None:
    item = make_item(language=language)
    english = {"languages": frozenset({"en"})}
    assert judge_one(bind(always(), **english), item).outcome is outcome
    assert judge_one(bind(always(HIT), **english), item).outcome is Outcome.FAIL
    assert judge_one(bind(always()), item).outcome is Outcome.PASS


def test_the_public_is_never_quoted() -> None:
    comment = make_item(kind=ItemKind.COMMENT)
    (finding,) = judge_one(bind(always(HIT), levels=(Level.COMMENT,)), comment).findings
    assert (finding.evidence, finding.suggestion) == (None, None)


def test_what_is_passed_on_without_a_word_is_not_judged() -> None:
    result = judge_one(bind(always(HIT)), make_item(repost=True))
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_a_missing_register_is_not_assessed_and_the_check_is_not_called() -> None:
    def fail(*_: Any) -> Verdict:
        raise AssertionError("must not be called")

    missing = {Facet.DIRECTORY: "the directory is stale"}
    needs = {"needs": frozenset({Facet.DIRECTORY})}
    result = judge_one(bind(fail, **needs), missing=missing)
    assert (result.outcome, result.reason) == (Outcome.NOT_ASSESSED, "the directory is stale")
    bench = make_bench(bind(fail, levels=(Level.REGISTRY,), **needs), missing=missing)
    (result,) = engine.judge_registry(bench, [make_account()])
    assert result.outcome is Outcome.NOT_ASSESSED


def make_capture(*gaps: Gap) -> Capture:
    return Capture(
        account_id="library", as_of=at(5), window=Window(start=at(1), end=at(5)), gaps=gaps
    )


BROKEN = Gap(facet=Facet.POSTS, kind=GapKind.BROKEN, reason="no answer")


def test_a_gap_is_not_assessed_at_the_account_level() -> None:
    def quiet(account: Account, capture: Capture, params: Any, context: Context) -> Verdict:
        return Verdict(hits=(HIT,))

    bound = bind(quiet, levels=(Level.ACCOUNT,), needs=frozenset({Facet.POSTS}))
    bench = make_bench(bound)
    (seen,) = engine.judge_account(bench, make_account(), make_capture())
    (unseen,) = engine.judge_account(bench, make_account(), make_capture(BROKEN))
    assert (seen.outcome, unseen.outcome) == (Outcome.FAIL, Outcome.NOT_ASSESSED)
    assert unseen.reason == "no answer"


def test_a_gap_hides_every_item_check_of_its_facet() -> None:
    bench = make_bench(
        bind(always(), levels=(Level.POST, Level.COMMENT)),
        bind(always(), levels=(Level.PROFILE,)),
    )
    results = engine.unread(bench, make_account(), make_capture(BROKEN))
    assert [(one.subject.level, one.outcome) for one in results] == [
        (Level.POST, Outcome.NOT_ASSESSED)
    ]


def test_the_registry_is_judged_for_all_accounts_at_once() -> None:
    def judge(accounts: Sequence[Account], params: Any, context: Context) -> Mapping[str, Verdict]:
        first = min(one.account_id for one in accounts)
        return {
            one.account_id: Verdict(hits=(HIT,)) if one.account_id == first else PASSED
            for one in accounts
        }

    bench = make_bench(bind(judge, levels=(Level.REGISTRY,)))
    results = engine.judge_registry(bench, [make_account("b"), make_account("a")])
    assert {one.subject.account_id: one.outcome for one in results} == {
        "a": Outcome.FAIL,
        "b": Outcome.PASS,
    }


def test_an_account_that_a_registry_check_forgot_is_an_error() -> None:
    bench = make_bench(bind(lambda *_: {}, levels=(Level.REGISTRY,)))
    (result,) = engine.judge_registry(bench, [make_account()])
    assert result.outcome is Outcome.ERROR


def test_facts_are_computed_once_in_a_batch_and_only_if_used() -> None:
    calls: list[int] = []

    def lengths(texts: Sequence[Text], lexicon: Lexicon) -> list[int]:
        calls.append(len(texts))
        return [len(text.raw) for text in texts]

    def unused(texts: Sequence[Text], lexicon: Lexicon) -> list[int]:
        raise AssertionError("nobody uses it")

    length = Fact(name="length", compute=lengths)
    double = Fact(
        name="double",
        compute=lambda texts, _: [2 * text[length] for text in texts],
        after=(length,),
    )
    other = Fact(name="other", compute=unused)
    assert other.name == "other"

    def judge(item: Item, params: Any, context: ItemContext) -> Verdict:
        (text,) = context.texts
        return Verdict(hits=(replace(HIT, message=f"{text[double]}"),))

    bench = make_bench(bind(judge, uses=frozenset({double})), bind(judge, uses=frozenset({double})))
    items = [make_item("a", "one"), make_item("b", "three")]
    results = engine.judge_items(bench, make_account(), items)
    assert [one.findings[0].message for one in results] == ["6", "6", "10", "10"]
    assert calls == [2]


def test_a_fact_that_was_not_declared_cannot_be_read() -> None:
    fact = Fact(name="secret", compute=lambda texts, _: [1 for _ in texts])

    def judge(item: Item, params: Any, context: ItemContext) -> Verdict:
        return Verdict(hits=(replace(HIT, message=str(context.texts[0][fact])),))

    assert judge_one(bind(judge)).outcome is Outcome.ERROR
    assert judge_one(bind(judge, uses=frozenset({fact}))).outcome is Outcome.FAIL


def test_a_broken_fact_spoils_only_the_checks_that_use_it() -> None:
    def fail(texts: Sequence[Text], lexicon: Lexicon) -> list[int]:
        raise RuntimeError

    fact = Fact(name="broken", compute=fail)
    bench = make_bench(bind(always(), uses=frozenset({fact})), bind(always()))
    results = engine.judge_items(bench, make_account(), [make_item()])
    assert [one.outcome for one in results] == [Outcome.ERROR, Outcome.PASS]


def test_results_do_not_depend_on_the_order_of_items() -> None:
    bench = make_bench(bind(always(HIT)))
    items = [make_item(name) for name in "abc"]
    there = engine.judge_items(bench, make_account(), items)
    back = engine.judge_items(bench, make_account(), items[::-1])
    assert there == back[::-1]


def test_a_waived_finding_is_kept_and_marked() -> None:
    one, two = make_finding("f1"), make_finding("f2")
    (both,) = waive([make_result(one, two)], frozenset({"f1", "f2"}))
    assert both.outcome is Outcome.WAIVED
    (half,) = waive([make_result(one, two)], frozenset({"f1"}))
    assert half.outcome is Outcome.FAIL
    assert [one.outcome for one in half.findings] == [Outcome.WAIVED, Outcome.FAIL]


def test_threads_lead_back_to_the_root() -> None:
    post = make_item("p", "Open late.")
    question = make_item("q", "How late?", kind=ItemKind.COMMENT, parent_id="p")
    answer = make_item("a", "Until nine.", kind=ItemKind.REPLY, parent_id="q")
    orphan = make_item("o", "Why?", kind=ItemKind.COMMENT, parent_id="gone")
    circle = make_item("c", "Me.", kind=ItemKind.COMMENT, parent_id="c")
    found = threads([post, question, answer, orphan, circle])
    turns = found["a"]
    assert turns is not None
    assert [(one.by_account, one.text) for one in turns] == [
        (True, "Open late."),
        (False, "How late?"),
    ]
    assert found["o"] is None
    assert found["c"] is None
    assert "p" not in found


def test_the_directory_reaches_the_checks() -> None:
    staff = {"a@b.example": StaffMember(email="a@b.example", name="A")}

    def judge(item: Item, params: Any, context: ItemContext) -> Verdict:
        assert context.directory is not None
        return Verdict(hits=tuple(replace(HIT, message=one) for one in context.directory))

    (finding,) = judge_one(bind(judge), directory=staff).findings
    assert finding.message == "a@b.example"
