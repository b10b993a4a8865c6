"""Frames whose right answers are known, because a person counted them."""

import datetime as dt
import itertools
import math
from collections import defaultdict

import pandas as pd
import pytest

from audit.model.finding import Decision, Review, Sight
from audit.model.item import GapKind
from audit.model.verdict import Kind, Outcome, Severity
from audit.states import standing
from audit.store.findings import Sighting
from reports.trends.coverage import (
    OTHER,
    coverage_by_night,
    failing_by_night,
    failing_by_unit,
    not_assessed_by_reason,
)
from reports.trends.decided import precision_by_check, time_to_fix
from reports.trends.frames import frame
from reports.trends.intervals import wilson
from reports.trends.standing import open_by_clause, open_by_night, open_findings
from tests.reports.histories import DAYS, NIGHTS, outcomes, reviews, row, sightings


def full(days=DAYS):
    """Coverage in which every night assessed something."""
    return pd.DataFrame({"assessed_n": 1}, index=pd.DatetimeIndex(days, name="night"))


def opened(seen, decisions=None):
    decisions = reviews() if decisions is None else decisions
    return open_findings(NIGHTS, seen, decisions)


def counts(seen, decisions=None, column="open_n"):
    table = open_by_night(opened(seen, decisions), NIGHTS, full())
    return table[column].tolist()


def test_a_finding_is_open_from_its_first_sight_to_the_night_that_saw_it_fixed():
    assert counts(sightings(row("a", "--sssc---"))) == [0, 0, 1, 1, 1, 0, 0, 0, 0]


def test_a_finding_that_was_not_looked_at_again_stays_open():
    assert counts(sightings(row("a", "s---s--g-"))) == [1, 1, 1, 1, 1, 1, 1, 0, 0]


def test_a_finding_that_came_back_is_open_again():
    assert counts(sightings(row("a", "scs------"))) == [1, 0, 1, 1, 1, 1, 1, 1, 1]


def test_hints_are_in_no_count():
    assert counts(sightings(row("a", "s", Kind.WEAK))) == [0] * 9


def test_a_proxy_counts_from_the_night_after_a_person_confirmed_it():
    seen = sightings(row("a", "s", Kind.PROXY), row("b", "s"))
    confirm = reviews(("a", Decision.CONFIRM, DAYS[3]))
    assert counts(seen, confirm, "counted_n") == [1, 1, 1, 1, 2, 2, 2, 2, 2]
    assert counts(seen, confirm, "to_review_n") == [1, 1, 1, 1, 0, 0, 0, 0, 0]


def test_a_waiver_sets_aside_until_its_last_day():
    seen = sightings(row("a", "sssssssss"))
    waiver = reviews(("a", Decision.WAIVE, DAYS[2], DAYS[5]))
    assert counts(seen, waiver) == [1, 1, 1, 0, 0, 0, 1, 1, 1]


def test_a_false_positive_can_be_taken_back_by_a_later_decision():
    seen = sightings(row("a", "sssssssss"))
    both = reviews(("a", Decision.FALSE_POSITIVE, DAYS[1]), ("a", Decision.ACKNOWLEDGE, DAYS[4]))
    assert counts(seen, both) == [1, 1, 0, 0, 0, 1, 1, 1, 1]


def test_a_night_that_could_assess_nothing_has_no_value():
    seen = sightings(row("a", "sssssssss"))
    blind = full()
    blind.loc[pd.Timestamp(DAYS[4]), "assessed_n"] = 0
    table = open_by_night(opened(seen), NIGHTS, blind)
    assert table["open_n"].isna().tolist() == [False] * 4 + [True] + [False] * 4


def test_nothing_found_is_zero_on_every_night():
    assert counts(sightings()) == [0] * 9


def test_clauses_stand_in_the_order_of_the_catalogue():
    seen = sightings(
        row("a", "s", clause="HC01"), row("b", "s", clause="BP10"), row("c", "-s", clause="P0")
    )
    table = open_by_clause(opened(seen), NIGHTS)
    assert list(table.columns) == ["P0", "BP10", "HC01"]
    assert table["P0"].tolist() == [0] + [1] * 8


def test_frames_agree_with_the_states_that_mails_are_written_from():
    """Every history of four nights, with and without each decision, told by both."""
    decided = [None, Decision.WAIVE, Decision.FALSE_POSITIVE, Decision.DISPUTE]
    cases = {
        f"{''.join(letters)} {decision}": (letters, decision)
        for letters in itertools.product("-scg", repeat=4)
        for decision in decided
        if next((one for one in letters if one != "-"), None) == "s"
    }
    seen = sightings(*(row(name, letters) for name, (letters, _) in cases.items()))
    made = {
        name: (name, decision, DAYS[1], *([DAYS[2]] if decision is Decision.WAIVE else []))
        for name, (_, decision) in cases.items()
        if decision
    }
    open_ = open_findings(NIGHTS.head(4), seen, reviews(*made.values()))
    by_frame = {(one.fingerprint, one.night.date()) for one in open_.itertuples()}
    histories = defaultdict(list)
    for one in seen.itertuples():
        histories[one.fingerprint].append(sighting(one))
    by_state = {
        (name, day)
        for name in cases
        for day in DAYS[:4]
        if is_open(histories[name], made.get(name), day)
    }
    assert len(cases) > 300
    assert by_frame == by_state


def sighting(one):
    return Sighting(
        fingerprint=one.fingerprint,
        night=str(one.night.date()),
        sight=Sight(one.sight),
        kind=Kind.DIRECT,
        severity=Severity.MEDIUM,
        outcome=Outcome.FAIL,
    )


def is_open(history, made, day):
    known = []
    if made and made[2] < day:
        known = [
            Review(
                fingerprint=made[0],
                decision=made[1],
                reviewer="m",
                reason="",
                decided_at=dt.datetime.combine(made[2], dt.time(20), dt.UTC),
                expires_on=made[3] if len(made) > 3 else None,
            )
        ]
    stands = standing(history, known, str(day), day)
    return stands is not None and stands.state.open


def test_coverage_has_what_was_due_as_its_denominator():
    table = coverage_by_night(
        outcomes(
            (0, Outcome.PASS, 6),
            (0, Outcome.FAIL, 1),
            (0, Outcome.REVIEW, 1),
            (0, Outcome.NOT_APPLICABLE, 100),
            (0, Outcome.NOT_ASSESSED, 1),
            (0, Outcome.ERROR, 1),
            (2, Outcome.NOT_ASSESSED, 5),
        ),
        NIGHTS,
    )
    first, second, third = (table.iloc[at] for at in range(3))
    assert (first.assessed_n, first.not_assessed_n, first.error_n, first.due_n) == (8, 1, 1, 10)
    assert first.assessed_share == 0.8
    assert (second.due_n, math.isnan(second.assessed_share)) == (0, True)
    assert (third.due_n, third.assessed_share) == (5, 0.0)
    assert len(table) == 9


def test_a_gap_explains_what_was_not_assessed_of_the_same_account_and_night():
    gaps = frame(
        "gaps",
        [
            {"night": DAYS[night], "account_id": account, "gap_kind": kind, "gap_reason": "refused"}
            for night, account, kind in (
                (0, "ig", GapKind.DENIED.value),
                (0, "ig", GapKind.DENIED.value),
                (1, "fb", GapKind.BROKEN.value),
            )
        ],
    )
    missing = outcomes(
        (0, Outcome.NOT_ASSESSED, 4, {"reason": "refused"}),
        (0, Outcome.NOT_ASSESSED, 2, {"reason": "the directory is absent"}),
        (1, Outcome.NOT_ASSESSED, 3, {"reason": "refused"}),
        (1, Outcome.NOT_ASSESSED, 1, {"reason": "refused", "account_id": "fb"}),
        (1, Outcome.PASS, 9),
    )
    table = not_assessed_by_reason(missing, gaps, NIGHTS)
    assert list(table.columns) == ["Access refused or expired", "Platform limit or outage", OTHER]
    assert table.iloc[0].tolist() == [4, 0, 2]
    assert table.iloc[1].tolist() == [0, 1, 3]
    assert int(table.to_numpy().sum()) == 10


def test_the_failing_share_counts_direct_checks_that_gave_a_verdict():
    table = failing_by_night(
        outcomes(
            (0, Outcome.PASS, 98),
            (0, Outcome.FAIL, 2),
            (0, Outcome.NOT_ASSESSED, 50),
            (0, Outcome.ERROR, 50),
            (0, Outcome.NOT_APPLICABLE, 50),
            (0, Outcome.FAIL, 70, {"kind": Kind.HUMAN.value}),
            (0, Outcome.REVIEW, 70, {"kind": Kind.PROXY.value}),
        ),
        NIGHTS,
    )
    first, second = table.iloc[0], table.iloc[1]
    assert (first.fail_n, first.pass_n, first.n, first.rate) == (2, 98, 100, 0.02)
    assert (round(first.low, 4), round(first.high, 4)) == (0.0055, 0.07)
    assert second.n == 0
    assert math.isnan(second.rate)


def test_units_are_compared_in_alphabetical_order():
    table = failing_by_unit(
        outcomes(
            (0, Outcome.FAIL, 1, {"unit": "zebra lab"}),
            (0, Outcome.PASS, 3, {"unit": "Apple Lab"}),
            (0, Outcome.FAIL, 1, {"unit": "Apple Lab"}),
        )
    )
    assert list(table.index) == ["Apple Lab", "zebra lab"]
    assert table["rate"].tolist() == [0.25, 1.0]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_as_published(part, whole, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    found = wilson(pd.Series([part]), pd.Series([whole]))
    assert found["rate"][0] == part / whole
    assert (round(found["low"][0], 4), round(found["high"][0], 4)) == (low, high)


def test_time_to_fix_leaves_out_the_baseline_and_counts_the_open_ones_apart():
    seen = sightings(
        row("old", "sc-------"),
        row("a", "-sc------"),
        row("b", "-ssc-----"),
        row("c", "-scs-c---"),
        row("d", "-ss------"),
        row("e", "-sg------", severity=Severity.CRITICAL),
        row("f", "-sc------", Kind.WEAK),
    )
    table = time_to_fix(seen, pd.Timestamp(DAYS[0]))
    assert list(table.index) == ["critical", "medium"]
    medium = table.loc["medium"]
    assert (medium.fixed_n, medium.open_n, medium.median_days) == (3, 1, 14)
    assert (medium.first_quarter_days, medium.third_quarter_days) == (10.5, 21)
    assert table.loc["critical", "median_days"] == 7
    assert time_to_fix(seen, None).loc["medium", "fixed_n"] == 4


def test_precision_takes_the_newest_verdict_about_each_finding():
    table = precision_by_check(
        reviews(
            ("a", Decision.CONFIRM, DAYS[0]),
            ("a", Decision.FALSE_POSITIVE, DAYS[1]),
            ("b", Decision.CONFIRM, DAYS[0]),
            ("b", Decision.WAIVE, DAYS[1], DAYS[2]),
            ("c", Decision.CONFIRM, DAYS[0]),
            ("d", Decision.ACKNOWLEDGE, DAYS[0]),
        )
    )
    assert table.loc["BP08.1", ["right_n", "n"]].tolist() == [2, 3]


def test_nothing_decided_and_nothing_judged_are_empty_tables():
    assert precision_by_check(reviews()).empty
    assert time_to_fix(sightings(), None).empty
    assert coverage_by_night(outcomes(), NIGHTS)["due_n"].tolist() == [0] * 9
    assert failing_by_night(outcomes(), NIGHTS)["n"].tolist() == [0] * 9
    assert not_assessed_by_reason(outcomes(), frame("gaps", []), NIGHTS).empty
