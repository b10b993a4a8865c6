"""What an owner is told, and what never stands in a mail."""

import dataclasses
import datetime as dt

import pytest

from audit.model.finding import State
from audit.model.item import Facet, Gap, GapKind
from audit.model.verdict import Kind, Level, Severity
from reports.compliance.owner_facts import weekly
from reports.render import render
from tests.reports import nights
from tests.reports.nights import ALT, CRISIS, HASHTAG, PARTNER, PATIENT, REPLIES, TONIGHT, finding

FRIDAY = dt.date(2027, 5, 21)


def report(night=None):
    night = night or nights.night()
    return nights.danas(night)


def everything(mail):
    return mail.subject + mail.text + mail.html


def test_one_mail_covers_all_accounts_of_an_owner():
    assert [line.platform for line in report().coverage] == [
        "Instagram",
        "Facebook",
        "LinkedIn",
    ]


def test_every_open_item_is_on_a_card_or_counted_below():
    found = report()
    assert found.counts.open == 7
    assert len(found.cards) + sum(line.count for line in found.rest) == 7


@pytest.mark.parametrize("items", [9, 10, 11, 400])
def test_totals_are_never_cut_off(items):
    many = tuple(
        finding(of, account_id=where, subject=f"s{number}")
        for number in range(items)
        for of, where in [
            ((ALT, HASHTAG, PARTNER)[number % 3], ("ig", "fb", "li")[number // 3 % 3])
        ]
    )
    found = report(nights.night(findings=many))
    assert found.counts.new == items
    assert len(found.cards) <= 10
    assert len(found.cards) + sum(line.count for line in found.rest) == items


def test_a_fourth_item_of_the_same_kind_gets_no_card():
    many = tuple(finding(ALT, subject=f"s{number}") for number in range(7))
    found = report(nights.night(findings=many))
    assert [card.alike for card in found.cards] == [0, 0, 4]
    assert [(line.title, line.count) for line in found.rest] == [(ALT.title, 4)]


def test_critical_privacy_findings_are_not_repeated_in_any_part():
    mail = render("owner", report())
    assert "SECRET" not in everything(mail)
    assert "A story with a date" not in everything(mail)
    assert "Nothing from the post is repeated in this mail." in mail.text
    assert "Nothing from the post is repeated in this mail." in mail.html


def test_the_kind_of_the_patient_check_is_not_told():
    card = report().cards[0]
    assert (card.title, card.kind) == (PATIENT.title, None)


def test_nothing_tells_how_sure_the_patient_check_was():
    direct, proxy = (
        report(nights.night(findings=(finding(PATIENT, severity=Severity.CRITICAL, kind=kind),)))
        for kind in (Kind.DIRECT, Kind.PROXY)
    )
    assert render("owner", direct) == render("owner", proxy)


def test_words_of_the_public_are_never_quoted_nor_linked():
    comment = finding(PARTNER, level=Level.COMMENT, subject="c9", evidence="SECRET words")
    card = report(nights.night(findings=(comment,))).cards[0]
    assert (card.excerpt, card.suggestion, card.post) == (None, None, None)
    assert "member of the public" in card.where


def test_a_check_that_did_not_ask_for_excerpts_gets_none():
    quiet = finding(ALT, evidence="SECRET words", message="An image has no description")
    card = report(nights.night(findings=(quiet,))).cards[0]
    assert (card.excerpt, card.found) == (None, "An image has no description.")


def test_an_excerpt_has_at_most_twelve_words_and_no_reversed_ones():
    words = " ".join(f"w{number}" for number in range(30)) + "\u202e"
    card = report(nights.night(findings=(finding(PARTNER, evidence=words),))).cards[0]
    assert card.excerpt == " ".join(f"w{number}" for number in range(12)) + " ..."


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//no-scheme.example/p",
        "https://user@evil.example/p",
        "https://[broken",
        None,
    ],
)
def test_only_plain_web_addresses_become_links(address):
    assert report(nights.night(findings=(finding(ALT, permalink=address),))).cards[0].post is None


@pytest.mark.parametrize(
    ("previous", "night", "expected"),
    [(20, 21, True), (19, 20, False), (21, 22, False), (20, 22, True), (15, 20, False)],
)
def test_a_missed_friday_leaves_the_weekly_mail_to_the_next_night(previous, night, expected):
    days = {"previous": dt.date(2027, 5, previous), "date": dt.date(2027, 5, night)}
    assert weekly(nights.night(**days)) is expected


def test_low_items_wait_for_the_weekly_mail_unless_they_came_back():
    low = [
        finding(ALT, severity=Severity.LOW, subject="a"),
        finding(HASHTAG, severity=Severity.LOW, state=State.REOPENED, subject="b"),
    ]
    found = report(nights.night(findings=tuple(low)))
    assert [card.state for card in found.cards] == ["Reopened"]
    friday = report(nights.night(findings=tuple(low), date=FRIDAY, previous=TONIGHT))
    assert len(friday.cards) == 2


def test_hints_are_never_counted_and_come_once_a_week():
    hint = finding(REPLIES, kind=Kind.WEAK, level=Level.ACCOUNT, subject="account")
    item = finding(ALT)
    nightly = report(nights.night(findings=(hint, item)))
    friday = report(nights.night(findings=(hint, item), date=FRIDAY, previous=TONIGHT))
    assert (nightly.counts.open, len(nightly.coaching)) == (1, 0)
    assert (friday.counts.open, len(friday.coaching)) == (1, 1)


@pytest.mark.parametrize(
    ("state", "severity", "first", "expected"),
    [
        (State.NEW, Severity.LOW, TONIGHT, True),
        (State.REOPENED, Severity.LOW, TONIGHT, True),
        (State.RESOLVED, Severity.LOW, TONIGHT, True),
        (State.OPEN, Severity.CRITICAL, dt.date(2027, 4, 1), True),
        (State.OPEN, Severity.HIGH, dt.date(2027, 5, 17), True),
        (State.OPEN, Severity.HIGH, dt.date(2027, 4, 1), False),
        (State.OPEN, Severity.MEDIUM, dt.date(2027, 5, 17), False),
        (State.DISPUTED, Severity.CRITICAL, dt.date(2027, 4, 1), False),
        (State.WAIVED, Severity.CRITICAL, TONIGHT, False),
        (State.FALSE_POSITIVE, Severity.CRITICAL, TONIGHT, False),
    ],
)
def test_a_mail_comes_only_when_there_is_something_to_say(state, severity, first, expected):
    one = finding(ALT, state=state, severity=severity, first=first)
    read = nights.fetched("ig") + nights.fetched("fb") + nights.fetched("li")
    found = report(nights.night(findings=(one,), fetched=read))
    assert (found is not None) is expected


def test_an_account_that_could_not_be_read_is_worth_a_mail_until_somebody_knows():
    found = report(nights.unread_night())
    assert found.frame.subject == "Nothing open, 1 account not read"
    assert found.coverage[1].checked is None
    assert "Facebook stopped answering" in found.coverage[1].not_assessed[0]
    known = {("fb", facet.value, GapKind.BROKEN.value) for facet in Facet}
    quiet = dataclasses.replace(nights.unread_night(), acknowledged=frozenset(known))
    assert report(quiet) is None


def test_an_account_without_any_fetch_is_not_read():
    found = report(nights.night(fetched=(), findings=(finding(ALT),)))
    assert {line.fetched for line in found.coverage} == {"not read"}
    assert all(line.checked is None and line.not_assessed for line in found.coverage)


def test_part_of_a_facet_is_named_as_such():
    rows = nights.fetched("ig")
    gap = Gap(facet=Facet.COMMENTS, kind=GapKind.RATE_LIMITED, reason="limit reached", partial=True)
    rows = (rows[0], dataclasses.replace(rows[1], gap=gap), rows[2])
    night = nights.night(
        fetched=rows, accounts=(nights.account("ig"),), findings=(finding(ALT),), covered=()
    )
    (line,) = report(night).coverage
    assert line.checked == "24 posts, 61 comments, profile."
    assert line.not_assessed == ("some comments: limit reached. We try again the next night.",)


def test_the_first_mail_counts_nothing_as_new():
    found = report(nights.first_night())
    assert (found.counts.new, found.counts.still_open) == (0, 7)
    assert {card.state for card in found.cards} == {"Open"}
    assert found.frame.subject == "Where your 3 accounts stand"


def test_a_disputed_item_has_no_date():
    one = finding(PARTNER, state=State.DISPUTED, kind=Kind.PROXY, first=dt.date(2027, 5, 3))
    night = nights.night(findings=(one,), date=FRIDAY, previous=TONIGHT)
    (card,) = report(night).cards
    assert card.due == "Its date is held until University Relations answers"
    assert report(night).do_first == ()


def test_what_is_set_aside_is_counted_and_shown():
    aside = [
        finding(ALT, state=State.WAIVED, subject=f"s{n}", decision=nights.waiver(FRIDAY))
        for n in range(2)
    ]
    found = report(nights.night(findings=(*aside, finding(HASHTAG))))
    assert found.counts.open == 1
    assert found.decided == (
        "Waived until May 21: Image without a description. Instagram, @baylinesleep (2 items)",
    )


def test_a_finding_of_the_public_in_need_is_only_a_notice():
    one = finding(
        CRISIS,
        level=Level.COMMENT,
        kind=Kind.PROXY,
        severity=Severity.CRITICAL,
        evidence="SECRET",
        message="SECRET kind of words",
    )
    mail = render("owner", report(nights.night(findings=(one,))))
    assert "SECRET" not in everything(mail)
    assert "Nothing from the comment is repeated in this mail." in mail.text


def test_subjects_are_short_and_tell_nothing_of_a_finding():
    night = nights.night()
    long = dataclasses.replace(
        night,
        accounts=tuple(
            dataclasses.replace(one, unit="Department of Very Long Names and Longer Ones " * 2)
            for one in night.accounts
        ),
    )
    for one in (night, long):
        subject = render("owner", report(one)).subject
        assert len(subject) <= 78
        assert "atient" not in subject
    assert render("owner", report()).subject == (
        "[Social audit] 3 to do today, 7 open: Sleep Clinic, May 18"
    )


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Level.PROFILE, "profile"),
        (Level.ACCOUNT, "the account as a whole"),
        (Level.REGISTRY, "entry in the account registry"),
        (Level.POST, "a post"),
        (Level.REPLY, "a reply"),
    ],
)
def test_what_has_no_date_is_named_without_one(level, said):
    one = finding(ALT, level=level, subject="x", posted=None)
    assert report(nights.night(findings=(one,))).cards[0].where.endswith(f"@baylinesleep, {said}")


def test_an_edit_is_named_with_its_time():
    one = finding(ALT)
    item = dataclasses.replace(one.item, edited_at=one.item.created_at + dt.timedelta(hours=1))
    edited = dataclasses.replace(one, item=item)
    (card,) = report(nights.night(findings=(edited,))).cards
    assert card.where.endswith("posted Mon, May 17, 8:12 pm, edited Mon, May 17, 9:12 pm")


@pytest.mark.parametrize(
    ("kind", "confirmed", "said"),
    [
        (Kind.HUMAN, False, "Attestation"),
        (Kind.PROXY, True, "Confirmed by a person"),
        (Kind.PROXY, False, "Needs review"),
        (Kind.DIRECT, False, "Direct check"),
    ],
)
def test_a_card_says_whether_the_check_states_or_asks(kind, confirmed, said):
    (card,) = report(nights.night(findings=(finding(ALT, kind=kind, confirmed=confirmed),))).cards
    assert card.kind == said
    assert (card.note is not None) is (said == "Needs review")


def test_an_owner_of_many_accounts_gets_a_mail_that_is_not_cut_off():
    accounts = tuple(nights.account(f"a{n:03}", handle=f"bayline{n:03}") for n in range(400))
    fetched = tuple(row for one in accounts[:-1] for row in nights.fetched(one.account_id))
    many = tuple(finding(PARTNER, account_id=one.account_id) for one in accounts)
    found = report(nights.night(accounts=accounts, fetched=fetched, findings=many))
    render("owner", found)
    assert len(found.coverage) == 25
    assert found.coverage[0].account == "@bayline399"
    assert found.coverage[0].fetched == "not read"
    assert found.coverage[-1].account == "376 accounts"


def test_many_kinds_of_items_without_a_card_are_summed_up_in_the_last_line():
    checks = [dataclasses.replace(ALT, check_id=f"c{n}", title=f"Title {n:02}") for n in range(40)]
    many = tuple(finding(one, subject=one.check_id) for one in checks)
    found = report(nights.night(findings=many))
    assert len(found.rest) == 25
    assert found.rest[-1].title == "Everything else, at most as severe"
    assert len(found.cards) + sum(line.count for line in found.rest) == 40


@pytest.mark.parametrize(
    ("found", "subject", "headline"),
    [
        ((finding(ALT),), "1 new, 1 open", "One item came in, with nothing due today"),
        (
            (finding(ALT, state=State.RESOLVED), finding(HASHTAG, state=State.OPEN)),
            "1 resolved, 1 open",
            "One item is resolved, one open",
        ),
        (
            (finding(ALT, state=State.RESOLVED),),
            "Nothing open, 3 accounts checked",
            "Nothing is open",
        ),
    ],
)
def test_the_subject_says_what_to_do_and_how_things_stand(found, subject, headline):
    frame = report(nights.night(findings=found)).frame
    assert (frame.subject, frame.headline) == (subject, headline)


def test_an_owner_of_several_units_is_told_how_many():
    night = nights.night(
        accounts=tuple(nights.account(name, unit=f"Unit {name}") for name in ("ig", "fb", "li"))
    )
    found = report(night)
    assert found.unit == "Unit ig and 2 more"
    assert "your three accounts in 3 units" in found.frame.lead
