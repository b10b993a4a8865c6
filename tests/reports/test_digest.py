"""What University Relations is told: what to decide, and what nobody else is told."""

import dataclasses
import datetime as dt

import pytest

from audit.lifecycle import life
from audit.model.finding import State
from audit.model.item import Facet, Gap, GapKind, ItemKind
from audit.model.life import AccountSight, AccountState
from audit.model.verdict import Kind, Outcome, Severity
from audit.store.versions import Departed
from reports.compliance import due, endings
from reports.compliance.digest import digest
from reports.render import render
from tests.reports import nights
from tests.reports.nights import ALT, HASHTAG, PARTNER, REPLIES, TONIGHT, finding


def test_an_account_without_an_owner_is_reported_with_its_items():
    found = digest(nights.night())
    assert [note.name for note in found.ownerless.lines] == ["Campus Shuttle, X (@baylineshuttle)"]
    assert [line.title for line in found.ownerless_items.lines] == [HASHTAG.title]


def test_an_account_that_could_not_be_read_is_named_with_the_reason():
    (note,) = digest(nights.night()).unread.lines
    assert (note.name, note.text) == (
        "Campus Shuttle, X (@baylineshuttle)",
        "X refused our access (403).",
    )


def test_totals_cover_every_account_once():
    found = digest(nights.night())
    assert (found.counts.open, found.counts.resolved) == (8, 1)
    for table in found.tables:
        for at, cell in enumerate(table.total.cells):
            assert int(cell) == sum(int(row.cells[at]) for row in table.rows), table.caption


def test_proxies_wait_for_review_and_count_only_when_confirmed():
    one = [
        finding(PARTNER, kind=Kind.PROXY, subject="a"),
        finding(PARTNER, kind=Kind.PROXY, subject="b", confirmed=True),
        finding(ALT, subject="c"),
        finding(REPLIES, kind=Kind.WEAK, subject="d"),
    ]
    found = digest(nights.night(findings=tuple(one)))
    (honest, law) = found.tables[0].rows
    assert (honest.code, honest.cells) == ("BP05", ("1", "1", "2"))
    assert (law.code, law.cells) == ("BP08", ("1", "0", "1"))
    assert found.clocks.all == 1


@pytest.mark.parametrize(
    ("first", "clock"),
    [
        (dt.date(2027, 5, 10), "overdue"),
        (dt.date(2027, 5, 11), "today"),
        (dt.date(2027, 5, 12), "week"),
        (dt.date(2027, 5, 18), "week"),
    ],
)
def test_decisions_are_sorted_by_business_days(first, clock):
    one = finding(PARTNER, kind=Kind.PROXY, state=State.OPEN, first=first)
    clocks = digest(nights.night(findings=(one,))).clocks
    assert getattr(clocks, clock) == clocks.all == 1


def test_weekends_and_holidays_are_no_business_days():
    table = nights.policy().pack.clock.model_copy(update={"holidays": (dt.date(2027, 5, 31),)})
    high = finding(ALT, severity=Severity.HIGH, first=dt.date(2027, 5, 28))
    assert due.due_on(high, table) == dt.date(2027, 6, 1)
    critical = finding(ALT, severity=Severity.CRITICAL, first=dt.date(2027, 5, 30))
    assert due.due_on(critical, table) == dt.date(2027, 5, 30)
    assert due.due_on(finding(ALT, severity=Severity.LOW), table) is None


def test_only_as_much_as_was_due_counts_as_assessed():
    rows = (
        nights.covered("ig", ALT, Outcome.PASS, 90),
        nights.covered("ig", ALT, Outcome.NOT_APPLICABLE, 500),
        nights.covered("ig", HASHTAG, Outcome.NOT_ASSESSED, 9, "not offered"),
        nights.covered("ig", PARTNER, Outcome.ERROR, 1, "KeyError"),
    )
    said = " ".join(digest(nights.night(covered=rows)).frame.coverage_words)
    assert "90% of the 100 check results that were due could be given" in said
    assert "9 not assessed and 1 ended in an error" in said


def test_a_check_that_failed_is_named():
    (note,) = digest(nights.night()).errors.lines
    assert note.name == f"BP08.1 {ALT.check_id}"


def test_waivers_are_spoken_of_before_they_end():
    ends = [TONIGHT + dt.timedelta(days=days) for days in (14, 15)]
    found = tuple(
        finding(ALT, state=State.WAIVED, subject=str(day), decision=nights.waiver(day))
        for day in ends
    )
    assert [note.name for note in digest(nights.night(findings=found)).waivers.lines] == ["Jun 1"]


def test_held_mails_are_the_first_thing_to_do():
    step = digest(nights.first_night(), held=2).do_first[0]
    assert step.action == "Release the first mails to owners:"
    assert "2 mails wait" in step.rest


def test_gaps_that_somebody_knows_of_are_kept_apart():
    facets = ("posts", "comments", "profile")
    known = frozenset(("sh", facet, "denied") for facet in facets)
    found = digest(nights.night(acknowledged=known))
    assert (found.unread.total, found.known_gaps.total) == (0, 1)
    assert found.frame.lead == "Every account could be read, but for one that you know of."
    one = nights.night(
        acknowledged=known, accounts=(nights.account("sh"),), ownerless=frozenset(), lives={}
    )
    assert "Every account was read" not in render("relations", digest(one)).text


def test_the_digest_repeats_nothing_that_was_found():
    mail = render("relations", digest(nights.night()))
    assert "SECRET" not in mail.subject + mail.text + mail.html


def test_a_night_without_anything_says_so():
    night = nights.night(findings=(), covered=(), accounts=(nights.account("ig"),), history=())
    found = digest(night)
    assert found.frame.headline == "No decision is due today"
    assert found.clocks_words == "Nothing waits for a decision."
    assert "Every account was read" in render("relations", found).text


def test_an_account_that_changed_is_one_thing_to_see_to():
    sights = [
        AccountSight(account_id="sh", night=night, state=state)
        for night, state in (
            ("2027-05-17", AccountState.ACTIVE),
            ("2027-05-18", AccountState.SUSPENDED),
        )
    ]
    night = nights.night(lives={"sh": life(sights)})
    about = [one.action for one in digest(night).do_first if "baylineshuttle" in one.rest]
    assert "See to accounts that changed:" in about
    assert "See to accounts that could not be read:" not in about


def test_a_comment_that_went_with_its_finding_is_no_post():
    night = nights.night(
        gone=(
            Departed(
                account_id="fb", item_id="c", kind=ItemKind.COMMENT, gone_at=nights.AS_OF, reason=""
            ),
        )
    )
    assert endings.removed_words(night, 1) == (
        "1 comment of the public is gone; by whose doing is not known.",
        "1 finding disappeared with what was removed.",
    )


def test_a_single_account_is_told_in_the_singular():
    night = nights.night(accounts=(nights.account("ig"),))
    assert digest(night).frame.coverage_words[0].startswith("1 of 1 account was read in full")


def test_many_units_are_summed_up():
    accounts = tuple(nights.account(f"a{n}", unit=f"Unit {n:02}") for n in range(40))
    found = digest(nights.night(accounts=accounts, findings=()))
    by_unit = found.tables[1]
    assert len(by_unit.rows) == 25
    assert by_unit.rows[-1].label == "16 other units"
    assert by_unit.total.cells[0] == "40"
    assert sum(int(row.cells[0]) for row in by_unit.rows) == 40


def test_an_account_read_in_part_is_named_with_what_is_missing():
    rows = nights.fetched("ig")
    gap = Gap(facet=Facet.COMMENTS, kind=GapKind.BROKEN, reason="it stopped", partial=True)
    rows = (rows[0], dataclasses.replace(rows[1], gap=gap), rows[2])
    found = digest(nights.night(accounts=(nights.account("ig"),), fetched=rows, findings=()))
    assert (found.unread.total, found.partial.total) == (0, 1)
    assert found.partial.lines[0].text == "Comments: it stopped."


def test_a_finding_of_an_account_that_left_the_registry_is_still_counted():
    one = finding(ALT, account_id="gone", kind=Kind.PROXY)
    found = digest(nights.night(findings=(one,)))
    assert found.counts.open == 1
    assert "no longer registered" in found.decisions[2].lines[0].where
