"""The note to the operators: told once, reminded on Mondays, and never to anybody else."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update

from audit.errors import ConfigError
from audit.jobs.notices import collect
from audit.jobs.plan import opened as the_night
from audit.jobs.plan import plan
from audit.model.notice import Notice, NoticeKind
from audit.store import credentials, notices, outbox
from audit.store.credentials import Secrets, Standing
from audit.store.outbox import MailState
from audit.store.schema import outbox as mails
from reports.compliance.digest import digest as relations_digest
from reports.compliance.operations import operators_note
from reports.jobs.digest import digest
from reports.jobs.mails import settle
from reports.render import render
from tests.organisation import Organisation, post, profile
from tests.reports import nights

MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY = "2026-10-05", "2026-10-06", "2026-10-07", "2026-10-12"
OPERATOR = "operator@example.org"


def told(*since, day=nights.TONIGHT):
    return replace(
        nights.night(),
        date=day,
        notices=tuple(
            Notice(kind=NoticeKind.LIMIT, subject=f"s{at}", detail="it is used up", since=one)
            for at, one in enumerate(since)
        ),
    )


def test_silence_when_there_is_nothing_to_tell():
    assert operators_note(told()) is None
    assert operators_note(told(day=dt.date(2027, 5, 17))) is None  # a Monday


def test_what_was_told_before_waits_for_monday():
    assert operators_note(told("2027-05-16")) is None
    monday = operators_note(told("2027-05-15", day=dt.date(2027, 5, 17)))
    assert monday is not None
    assert (monday.fresh.total, monday.earlier.total) == (0, 1)
    assert monday.earlier.lines[0].text == "It is used up. Told since May 15."


def test_news_bring_what_is_left_along():
    note = operators_note(told("2027-05-18", "2027-05-16"))
    assert note is not None
    assert (note.fresh.total, note.earlier.total) == (1, 1)
    mail = render("operations", note)
    assert mail.subject == "[Social audit] Two things need an operator: May 18"
    for part in (mail.text, mail.html):
        assert "s0" in part
        assert "s1" in part


def test_the_digest_says_the_same():
    mail = render("relations", relations_digest(told("2027-05-18")))
    assert "For the operators (1)" in mail.text
    assert "Limit, s0: It is used up." in mail.text


@pytest.fixture
def organisation(tmp_path):
    made = Organisation(tmp_path)
    made.account("desk", profile(), post("p1", "The reading room is open."))
    made.operators(OPERATOR)
    return made


def night(organisation, name):
    organisation.night(name)

    def job(opened):
        run = the_night(opened, name)
        digest(opened, run)
        with opened.store.read() as session:
            found = [one for one in outbox.read(session, night=name) if one.kind == "operations"]
            return found, notices.read(session, name)

    return organisation.do(job)


def mark(organisation, old, new):
    """Move all digests from one state to another."""

    def job(opened):
        with opened.store.write() as session:
            session.connection.execute(
                update(mails)
                .where(mails.c.state == old.value, mails.c.kind == "relations")
                .values(state=new.value)
            )

    organisation.do(job)


def test_a_refused_mail_is_told_once_and_again_on_monday(organisation):
    assert night(organisation, MONDAY) == ([], ())
    mark(organisation, MailState.QUEUED, MailState.FAILED)
    sent, noticed = night(organisation, TUESDAY)
    assert [one.recipient for one in sent] == [OPERATOR]
    assert "1 mail refused by the mail server" in sent[0].content["text"]
    assert [(one.kind, one.since) for one in noticed] == [(NoticeKind.MAIL, TUESDAY)]
    assert night(organisation, TUESDAY)[1] == noticed  # the night repeated
    sent, noticed = night(organisation, WEDNESDAY)
    assert sent == []
    assert [one.since for one in noticed] == [TUESDAY]
    assert [one.recipient for one in night(organisation, NEXT_MONDAY)[0]] == [OPERATOR]


def test_a_refused_mail_that_a_later_one_made_up_for_is_no_longer_told(organisation):
    night(organisation, MONDAY)
    mark(organisation, MailState.QUEUED, MailState.FAILED)
    assert [one.subject for one in night(organisation, TUESDAY)[1]] == ["failed"]
    mark(organisation, MailState.QUEUED, MailState.SENT)
    assert night(organisation, WEDNESDAY)[1] == ()


def test_a_refused_mail_can_be_sent_once_more(organisation):
    night(organisation, MONDAY)
    mark(organisation, MailState.QUEUED, MailState.FAILED)

    def job(opened):
        with opened.store.read() as session:
            (failed,) = outbox.read(session, [MailState.FAILED])
        settle(opened, failed.message_key, arrived=False)

    organisation.do(job)
    assert night(organisation, TUESDAY)[1] == ()


def keep(organisation, ends):
    """Store a credential whose refresh token ends on a day."""

    def job(opened):
        standing = Standing(
            platform="tiktok",
            account_id="",
            renewable=True,
            renewable_until=ends,
            saved_at=dt.datetime.now(dt.UTC),
        )
        with opened.store.write() as session:
            credentials.save(session, standing, Secrets(token="act.1", refresh_token="rft.1"))

    organisation.do(job)


def test_access_that_ends_within_two_weeks_is_told_before_it_does(organisation):
    now = dt.datetime.now(dt.UTC)
    keep(organisation, now + dt.timedelta(days=14, hours=1))
    assert night(organisation, MONDAY) == ([], ())
    ends = now + dt.timedelta(days=13, hours=23)
    keep(organisation, ends)
    (mail,), (notice,) = night(organisation, TUESDAY)
    assert (notice.kind, notice.subject) == (NoticeKind.ENDING, "tiktok")
    text = " ".join(mail.content["text"].split())
    assert f"ends on {ends:%Y-%m-%d}" in text
    assert "account-audit credentials authorise tiktok" in text
    assert "act.1" not in str(mail)
    assert "rft.1" not in str(mail)


def test_two_notices_about_one_thing_are_told_as_one(organisation):
    night(organisation, MONDAY)
    two = [
        Notice(kind=NoticeKind.FORECAST, subject="x", detail="the month's money"),
        Notice(kind=NoticeKind.FORECAST, subject="x", detail="the day's calls"),
    ]

    def job(opened):
        with opened.store.write() as session:
            return notices.save(session, MONDAY, two), notices.read(session, MONDAY)

    saved, stored = organisation.do(job)
    assert saved == stored
    assert [one.detail for one in stored] == ["the month's money; the day's calls"]


def test_a_back_fill_tells_nothing(organisation):
    night(organisation, MONDAY)
    mark(organisation, MailState.QUEUED, MailState.FAILED)

    def job(opened):
        return collect(opened, replace(the_night(opened, MONDAY), backfill=True))

    assert organisation.do(job) == ()


def test_nights_that_told_nobody_anything_make_nothing_new(organisation):
    night(organisation, MONDAY)
    mark(organisation, MailState.QUEUED, MailState.FAILED)
    night(organisation, TUESDAY)
    organisation.night(WEDNESDAY, backfill=True)
    organisation.do(lambda opened: plan(opened, "2026-10-08"))  # never judged to its end
    sent, noticed = night(organisation, "2026-10-09")
    assert [one.since for one in noticed] == [TUESDAY]
    assert sent == []


def test_a_credential_that_has_ended_is_news_although_its_end_was_told(organisation):
    now = dt.datetime.now(dt.UTC)

    def stands(days):
        one = Standing(
            platform="linkedin",
            account_id="",
            saved_at=now,
            expires_at=now + dt.timedelta(days=days),
        )

        def job(opened):
            with opened.store.write() as session:
                credentials.save(session, one, Secrets(token="t0ken"))

        organisation.do(job)

    stands(5)
    assert [one.since for one in night(organisation, TUESDAY)[1]] == [TUESDAY]
    stands(4)
    assert night(organisation, WEDNESDAY)[0] == []
    stands(-1)
    (sent,), (noticed,) = night(organisation, "2026-10-08")
    assert noticed.since == "2026-10-08"
    assert "ended on" in " ".join(sent.content["text"].split())
    assert "t0ken" not in str(sent.content)


def test_a_mail_whose_text_was_purged_is_not_told_as_refused_nor_sent_again(organisation):
    night(organisation, MONDAY)

    def job(opened):
        with opened.store.write() as session:
            (mail,) = outbox.read(session)
            outbox.forget(session, mail.message_key)
        with pytest.raises(ConfigError, match="nothing left to send"):
            settle(opened, mail.message_key, arrived=False)

    organisation.do(job)
    assert night(organisation, TUESDAY)[1] == ()
