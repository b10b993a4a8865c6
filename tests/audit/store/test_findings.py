"""Findings across nights: sightings, clearing, back-fills."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.model.finding import Decision, Finding, Result, Review, Sight
from audit.model.verdict import Level, Outcome
from audit.store import accounts, findings, runs
from audit.store.database import Session, Store
from tests.factories import at, make_account, make_finding, make_result, make_run, make_subject

POST = (Level.POST,)


@pytest.fixture
def library(store: Store) -> Store:
    """A store with one account and nights 1 to 9."""
    with store.write() as session:
        accounts.replace_all(session, [make_account()], at(1))
        for day in range(1, 10):
            runs.open_run(session, make_run(day))
    return store


def record(
    session: Session, day: int, *results: Result, gone: dict[str, str] | None = None
) -> None:
    findings.record(session, f"2026-10-{day:02}", "library", POST, results, gone or {})


def sights(session: Session) -> dict[str, str]:
    """The days of October with what they saw."""
    return {one.night[-2:]: one.sight.value for one in findings.sightings(session)}


def test_a_finding_comes_back_with_its_words(library: Store) -> None:
    one = make_finding(suggestion="Edit it.")
    with library.write() as session:
        record(session, 1, make_result(one))
        assert findings.read(session) == {"f1": one}


def test_judged_again_without_it_is_cleared(library: Store) -> None:
    with library.write() as session:
        record(session, 1, make_result(make_finding()))
        record(session, 2, make_result())
        assert sights(session) == {"01": "seen", "02": "cleared"}
        record(session, 3, make_result())
        assert sights(session) == {"01": "seen", "02": "cleared"}, "cleared once, not every night"


@pytest.mark.parametrize("outcome", [Outcome.NOT_ASSESSED, Outcome.ERROR])
def test_what_could_not_be_judged_is_not_cleared(library: Store, outcome: Outcome) -> None:
    with library.write() as session:
        record(session, 1, make_result(make_finding()))
        record(session, 2, make_result(outcome=outcome))
        assert sights(session) == {"01": "seen"}


def test_what_left_the_window_is_not_cleared(library: Store) -> None:
    with library.write() as session:
        record(session, 1, make_result(make_finding()))
        record(session, 2)
        assert sights(session) == {"01": "seen"}


def test_another_check_on_the_subject_clears_nothing(library: Store) -> None:
    with library.write() as session:
        record(session, 1, make_result(make_finding()))
        record(session, 2, make_result(check_id="alt-text-present", code="A.1"))
        assert sights(session) == {"01": "seen"}


def test_taken_down_is_told_from_cleared(library: Store) -> None:
    with library.write() as session:
        record(session, 1, make_result(make_finding()))
        record(session, 2, gone={"p1": "deleted"})
        assert sights(session) == {"01": "seen", "02": Sight.GONE}


def test_one_of_two_findings_of_a_subject_is_cleared(library: Store) -> None:
    one, two = make_finding("f1"), make_finding("f2")
    with library.write() as session:
        record(session, 1, make_result(one, two))
        record(session, 2, make_result(two))
        seen = {(s.fingerprint, s.night[-2:]): s.sight for s in findings.sightings(session)}
    assert seen[("f1", "02")] is Sight.CLEARED
    assert seen[("f2", "02")] is Sight.SEEN


def test_recorded_twice_is_recorded_once(library: Store) -> None:
    with library.write() as session:
        for _ in range(2):
            record(session, 1, make_result(make_finding()))
        assert len(findings.sightings(session)) == 1
        record(session, 1, make_result())
        assert findings.sightings(session) == [], "the second try of a night replaces the first"


def test_another_level_is_left_alone(library: Store) -> None:
    with library.write() as session:
        record(session, 1, make_result(make_finding()))
        findings.record(session, "2026-10-01", "library", (Level.PROFILE,), [], {})
        assert len(findings.sightings(session)) == 1


def test_a_back_fill_neither_rewords_nor_disturbs_later_nights(library: Store) -> None:
    later = make_finding(message="Later wording.")
    with library.write() as session:
        record(session, 3, make_result(later))
        record(session, 5, make_result())
        before = [one for one in findings.sightings(session) if one.night > "2026-10-02"]
        record(session, 2, make_result(replace(later, message="Earlier wording.")))
        after = [one for one in findings.sightings(session) if one.night > "2026-10-02"]
        assert after == before
        assert findings.read(session)["f1"].message == "Later wording."


def test_the_latest_kind_and_severity_count(library: Store) -> None:
    from audit.model.verdict import Severity

    def graver(finding: Finding) -> Finding:
        return replace(finding, severity=Severity.CRITICAL)

    with library.write() as session:
        record(session, 1, make_result(make_finding()))
        record(session, 2, make_result(graver(make_finding())))
        assert findings.read(session)["f1"].severity is Severity.CRITICAL


def test_decisions_are_only_added(library: Store) -> None:
    one = Review(
        fingerprint="f1",
        decision=Decision.DISPUTE,
        reviewer="r",
        reason="no",
        decided_at=at(2),
    )
    two = replace(one, decision=Decision.CONFIRM, decided_at=at(3))
    with library.write() as session:
        record(session, 1, make_result(make_finding()))
        findings.add_review(session, one)
        findings.add_review(session, two)
        assert findings.reviews(session) == [one, two]
        assert findings.reviews(session, until=at(2)) == [one]


def test_subjects_of_other_accounts_are_not_touched(library: Store) -> None:
    other = make_finding("f9", subject=make_subject(account_id="museum"))
    with library.write() as session:
        accounts.replace_all(session, [make_account(), make_account("museum")], at(2))
        findings.record(session, "2026-10-01", "museum", POST, [make_result(other)], {})
        record(session, 2, make_result())
        assert sights(session) == {"01": "seen"}
