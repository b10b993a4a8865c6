"""From stored nights to mails: written once, held, released, sent once, never twice."""

import datetime as dt
import email
import json
from email.policy import SMTP

import pytest
from typer.testing import CliRunner

from audit.errors import AuditError, ConfigError, DeliveryError, IncompleteRun
from audit.jobs.plan import opened as the_night
from audit.jobs.plan import plan
from audit.store import outbox
from audit.store.outbox import MailState
from reports.cli import app
from reports.jobs import owner as owner_job
from reports.jobs.digest import digest
from reports.jobs.mails import release
from reports.jobs.owner import owner_report
from reports.jobs.run import run_night
from reports.jobs.send import DEAD_AFTER, send
from tests.organisation import Organisation, post, profile
from tests.reports.smtp import serving

FIRST, SECOND, THIRD = "2026-10-05", "2026-10-06", "2026-10-07"
SWEARING = "This damn form again, and what the hell is it for?"
PLAIN = "The reading room is open."
TAG = "Good night from the desk #librarylateopening"


@pytest.fixture
def organisation(tmp_path):
    """Three accounts: Ann's two, and one of nobody's."""
    made = Organisation(tmp_path)
    made.account("desk", profile(), post("p1", SWEARING))
    made.account("rooms", profile(), post("p2", PLAIN))
    made.account("lost", profile(), post("p3", TAG, 2), owners="")
    return made


def report(organisation, night, **settings):
    """Audit a night and write its mails; returns what was written."""

    def job(opened):
        run = the_night(opened, night)
        return owner_report(opened, run), digest(opened, run)

    organisation.night(night, **settings)
    return organisation.do(job, **settings)


def deliver(organisation, night, **settings):
    return organisation.do(lambda opened: send(opened, the_night(opened, night)), **settings)


def mails(organisation, *states, kind=None):
    def job(opened):
        with opened.store.read() as session:
            return outbox.read(session, states or None)

    return [mail for mail in organisation.do(job) if kind in (None, mail.kind)]


def states(organisation):
    return {(mail.night, mail.kind): mail.state.value for mail in mails(organisation)}


def set_state(organisation, state, at):
    def job(opened):
        with opened.store.write() as session:
            for mail in outbox.read(session, [MailState.QUEUED]):
                assert state is MailState.SENDING
                outbox.claim(session, mail.message_key, at)

    organisation.do(job)


def test_one_mail_for_the_owner_and_one_digest(organisation):
    owners, relations = report(organisation, FIRST, release_baseline=True)
    assert owners == {"written": 1, "known": 0, "silent": 0}
    assert relations == {"written": 1, "known": 0}
    (mail,) = mails(organisation, kind="owner")
    assert mail.recipient == "ann@bayline.example"
    assert "desk" in mail.content["text"]
    assert "rooms" in mail.content["text"]
    assert "lost" not in mail.content["text"]
    assert "Hello Ann Lee." in mail.content["text"]


def test_the_account_of_nobody_is_in_the_digest_with_what_was_found(organisation):
    report(organisation, FIRST)
    (mail,) = mails(organisation, kind="relations")
    text = mail.content["text"]
    assert "No owner on file (1)" in text
    assert "Open items that no owner was told of" in text
    assert "Archive (lost)" in text


def test_writing_again_changes_nothing(organisation):
    report(organisation, FIRST, release_baseline=True)
    before = mails(organisation)
    owners, relations = report(organisation, FIRST, release_baseline=True)
    assert (owners["known"], relations["known"]) == (1, 1)
    assert mails(organisation) == before


def test_an_owner_with_nothing_to_hear_gets_no_mail(organisation):
    report(organisation, FIRST, release_baseline=True)
    organisation.account("desk", profile(), post("p1", PLAIN))
    report(organisation, SECOND, release_baseline=True)
    resolved = [one for one in mails(organisation, kind="owner") if one.night == SECOND]
    assert "Resolved 1" in resolved[0].content["text"]
    owners, _ = report(organisation, THIRD, release_baseline=True)
    assert owners == {"written": 0, "known": 0, "silent": 1}


def test_a_backfill_mails_nothing(organisation):
    report(organisation, SECOND, release_baseline=True)
    owners, relations = report(organisation, FIRST, release_baseline=True)
    assert not any(owners.values())
    assert not any(relations.values())
    assert {mail.night for mail in mails(organisation)} == {SECOND}


def test_the_first_nights_mails_to_owners_are_held_and_the_digest_says_so(organisation):
    report(organisation, FIRST)
    assert states(organisation) == {(FIRST, "owner"): "held", (FIRST, "relations"): "queued"}
    (mail,) = mails(organisation, kind="relations")
    assert "Release the first mails to owners" in mail.content["text"]
    with serving() as (server, settings):
        counts = deliver(organisation, FIRST, **settings)
        assert (counts["sent"], counts["held"]) == (1, 1)
        assert [to for to, _ in server.mails] == [["relations@bayline.example"]]
        organisation.do(lambda opened: _release(opened))
        assert deliver(organisation, FIRST, **settings)["sent"] == 1
        assert server.mails[-1][0] == ["ann@bayline.example"]


def _release(opened):
    from reports.jobs.mails import release

    return release(opened)


def test_a_mail_that_cannot_be_written_keeps_no_other_back(organisation, monkeypatch):
    organisation.account("hall", profile(), post("p4", SWEARING), owners="bo@bayline.example")
    write = owner_job.write

    def failing(night, accounts, name):
        if name == "Ann Lee":
            raise AuditError("too long")
        return write(night, accounts, name)

    monkeypatch.setattr(owner_job, "write", failing)
    done = organisation.do(lambda opened: run_night(opened, FIRST))
    assert "too long" in str(done.problem)
    assert "bayline.example" not in str(done.problem)
    recipients = [mail.recipient for mail in mails(organisation)]
    assert sorted(recipients) == ["bo@bayline.example", "relations@bayline.example"]


@pytest.mark.parametrize("backfill", [False, True])
def test_a_first_night_that_told_nobody_does_not_let_the_second_one_go(organisation, backfill):
    if backfill:
        organisation.night(FIRST, backfill=True)
    else:
        organisation.do(lambda opened: plan(opened, FIRST))
    report(organisation, SECOND)
    assert states(organisation)[SECOND, "owner"] == "held"


def test_one_released_mail_goes_while_a_later_one_is_held(organisation):
    report(organisation, FIRST)
    organisation.account("rooms", profile(), post("p2", SWEARING))
    report(organisation, SECOND)
    organisation.do(lambda opened: release(opened, FIRST))
    with serving() as (server, settings):
        deliver(organisation, SECOND, **settings)
    assert [to for to, _ in server.mails].count(["ann@bayline.example"]) == 1
    assert states(organisation)[FIRST, "owner"] == "sent"
    assert states(organisation)[SECOND, "owner"] == "held"


def test_later_mails_wait_behind_a_held_one_and_replace_it(organisation):
    report(organisation, FIRST)
    organisation.account("rooms", profile(), post("p2", SWEARING))
    report(organisation, SECOND)
    assert states(organisation)[SECOND, "owner"] == "held"
    organisation.do(_release)
    with serving() as (server, settings):
        deliver(organisation, SECOND, **settings)
    owners = [to for to, _ in server.mails if to == ["ann@bayline.example"]]
    assert len(owners) == 1
    assert states(organisation)[FIRST, "owner"] == "replaced"
    assert states(organisation)[SECOND, "owner"] == "sent"


def test_nothing_leaves_while_sending_is_off(organisation):
    report(organisation, FIRST, release_baseline=True)
    with serving() as (server, settings):
        counts = deliver(organisation, FIRST, **{**settings, "send": False})
        assert counts["written"] == 2
        assert not server.mails
    folder = organisation.settings().home / "mail"
    names = sorted(path.name for path in folder.iterdir())
    assert [name for name in names if name.endswith(".eml")] == [
        name.replace(".html", ".eml") for name in names if name.endswith(".html")
    ]
    assert len(names) == 4
    assert not [name for name in names if "ann" in name or "@" in name]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert deliver(organisation, FIRST)["written"] == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_switching_sending_on_does_not_send_the_nights_before(organisation):
    report(organisation, FIRST, release_baseline=True)
    deliver(organisation, FIRST)
    organisation.account("rooms", profile(), post("p2", SWEARING))
    report(organisation, SECOND, release_baseline=True)
    deliver(organisation, SECOND)
    with serving() as (server, settings):
        assert deliver(organisation, SECOND, **settings)["sent"] == 2
    assert {parsed["Reply-To"] for _, parsed in server.mails} == {"relations@bayline.example"}
    assert states(organisation)[FIRST, "owner"] == "written"


def test_sending_twice_delivers_once(organisation):
    report(organisation, FIRST, release_baseline=True)
    with serving() as (server, settings):
        assert deliver(organisation, FIRST, **settings)["sent"] == 2
        assert deliver(organisation, FIRST, **settings)["sent"] == 0
    assert len(server.mails) == 2


def test_a_refusal_for_now_stays_in_the_outbox(organisation):
    report(organisation, FIRST, release_baseline=True)
    refused = {"ann@bayline.example": "451 4.7.1 later"}
    with serving(refused) as (server, settings):
        with pytest.raises(DeliveryError, match="1 mails could not be sent yet.*451") as caught:
            deliver(organisation, FIRST, **settings)
        assert "ann" not in str(caught.value)
        assert len(server.mails) == 1
        assert states(organisation)[FIRST, "owner"] == "queued"
        refused.clear()
        assert deliver(organisation, FIRST, **settings)["sent"] == 1


def test_a_refusal_for_good_is_reported_once_and_stops_nobody_else(organisation):
    report(organisation, FIRST, release_baseline=True)
    with serving({"ann@bayline.example": "550 5.1.1 ann@bayline.example unknown"}) as (
        server,
        settings,
    ):
        with pytest.raises(IncompleteRun, match=r"1 refused for good.*550 5\.1\.1") as caught:
            deliver(organisation, FIRST, **settings)
        assert "ann" not in str(caught.value)
        assert [to for to, _ in server.mails] == [["relations@bayline.example"]]
        assert deliver(organisation, FIRST, **settings)["refused"] == 0
    assert states(organisation)[FIRST, "owner"] == "failed"


def test_an_older_mail_that_never_left_gives_way_to_the_newer_one(organisation):
    report(organisation, FIRST, release_baseline=True)
    organisation.account("rooms", profile(), post("p2", SWEARING))
    report(organisation, SECOND, release_baseline=True)
    with serving() as (server, settings):
        counts = deliver(organisation, SECOND, **settings)
    assert (counts["sent"], counts["replaced"]) == (2, 2)
    assert len(server.mails) == 2


def test_a_mail_of_unknown_fate_waits_for_a_person(organisation):
    report(organisation, FIRST, release_baseline=True)
    long_ago = dt.datetime.now(dt.UTC) - DEAD_AFTER - dt.timedelta(seconds=1)
    set_state(organisation, MailState.SENDING, long_ago)
    with serving() as (server, settings):
        with pytest.raises(IncompleteRun, match="2 of unknown fate"):
            deliver(organisation, FIRST, **settings)
        assert not server.mails
        (row, _) = json.loads(command(organisation, "mail", "list", "--json").output)
        assert command(organisation, "mail", "settle", row["key"], "--again").exit_code == 0
        with pytest.raises(IncompleteRun, match="1 of unknown fate"):
            deliver(organisation, FIRST, **settings)
        assert len(server.mails) == 1


def test_a_critical_mail_of_unknown_fate_is_sent_again_under_the_same_id(organisation):
    organisation.account("desk", profile(), post("p1", "Her SSN is 536-90-4399, call her."))
    report(organisation, FIRST, release_baseline=True)
    (mail,) = [mail for mail in mails(organisation) if mail.critical]
    long_ago = dt.datetime.now(dt.UTC) - DEAD_AFTER - dt.timedelta(seconds=1)
    set_state(organisation, MailState.SENDING, long_ago)
    with serving() as (server, settings), pytest.raises(IncompleteRun, match="1 of unknown"):
        deliver(organisation, FIRST, **settings)
    ((to, parsed),) = server.mails
    assert to == [mail.recipient]
    assert parsed["Importance"] == "high"
    assert "536-90" not in str(parsed)
    assert "90-4399" not in str(parsed)


def test_a_mail_that_another_sender_has_is_left_alone(organisation):
    report(organisation, FIRST, release_baseline=True)
    set_state(organisation, MailState.SENDING, dt.datetime.now(dt.UTC))
    with serving() as (server, settings), pytest.raises(DeliveryError, match="another sender"):
        deliver(organisation, FIRST, **settings)
    assert not server.mails


def test_a_wrong_setting_loses_no_mail(organisation):
    report(organisation, FIRST, release_baseline=True)
    with serving() as (_, settings), pytest.raises(ConfigError, match="AUDIT_MAIL_FROM"):
        deliver(organisation, FIRST, **{**settings, "mail_from": "nobody"})
    assert set(states(organisation).values()) == {"queued"}


def test_a_digest_without_an_address_is_written_but_never_sent(organisation):
    file = organisation.folder / "pack" / "guidelines.toml"
    file.write_text(file.read_text().replace('["relations@bayline.example"]', "[]"))
    report(organisation, FIRST, release_baseline=True)
    assert deliver(organisation, FIRST)["written"] == 2
    with (
        serving() as (server, settings),
        pytest.raises(IncompleteRun, match="university_relations"),
    ):
        deliver(organisation, FIRST, **settings)
    assert len(server.mails) == 1


def test_the_file_is_the_mail_that_is_sent(organisation):
    report(organisation, FIRST, release_baseline=True)
    with serving() as (server, settings):
        deliver(organisation, FIRST, **{**settings, "send": False})
        (path,) = (organisation.settings().home / "mail").glob("*owner*.eml")
        written = email.message_from_bytes(path.read_bytes(), policy=SMTP)
        deliver(organisation, FIRST, **settings)
    (sent,) = [parsed for to, parsed in server.mails if to == ["ann@bayline.example"]]
    assert sent["Message-ID"] == written["Message-ID"]
    assert sent.as_bytes() == written.as_bytes()


def test_no_word_of_a_mail_lies_open_in_the_database(organisation):
    report(organisation, FIRST)
    stored = b"".join(
        path.read_bytes() for path in (organisation.folder / "home").glob("audit.db*")
    )
    assert b"Hello Ann Lee" not in stored
    assert b"<!DOCTYPE" not in stored


def command(organisation, *words, **settings):
    values = {**organisation.settings(**settings).model_dump(exclude_none=True)}
    environment = {
        f"AUDIT_{name.upper()}": str(value)
        for name, value in values.items()
        if name in ("home", "policy", "registers", "send", "release_baseline")
    }
    return CliRunner().invoke(app, list(words), env=environment)


def test_commands_report_and_send(organisation):
    organisation.night(FIRST)
    done = command(organisation, "report", "--json")
    assert json.loads(done.output) == {
        "night": FIRST,
        "owners": {"written": 1, "known": 0, "silent": 0},
        "relations": {"written": 1, "known": 0},
    }
    (held, queued) = json.loads(command(organisation, "mail", "list", "--json").output)
    assert {held["state"], queued["state"]} == {"held", "queued"}
    assert "@" not in json.dumps([held, queued])
    key = next(row["key"] for row in (held, queued) if row["state"] == "held")
    assert "Subject: [Social audit]" in command(organisation, "mail", "show", key).output
    released = command(organisation, "mail", "release", "--night", FIRST, "--json")
    assert json.loads(released.output) == {"released": 1}
    counts = json.loads(command(organisation, "send", "--json").output)
    assert (counts["written"], counts["held"]) == (2, 0)


def test_a_night_that_is_not_judged_to_its_end_is_not_reported(organisation):
    organisation.do(lambda opened: plan(opened, FIRST))
    done = command(organisation, "report")
    assert done.exit_code == 2
    assert f"account-audit check --as-of {FIRST}" in done.output
    assert mails(organisation) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report",), "begin with: account-audit fetch"),
        (("report", "--as-of", "tomorrow"), "is no date"),
        (("mail", "show", "owner/x"), "no such mail"),
        (("send", "--as-of", "2026-01-01"), "has not been opened"),
        (("mail", "list", "--night", "2026-01-01"), "has not been opened"),
        (("mail", "release", "--night", "tomorrow"), "is no date"),
    ],
)
def test_commands_say_what_is_wrong(organisation, words, said):
    done = command(organisation, *words)
    assert done.exit_code == 2
    assert said in done.output


def test_an_empty_list_says_that_it_is_empty(organisation):
    done = command(organisation, "mail", "list")
    assert (done.exit_code, "nothing to list" in done.stderr) == (0, True)
    assert json.loads(command(organisation, "mail", "list", "--json").stdout) == []


def test_a_settled_mail_cannot_be_settled_again(organisation):
    organisation.night(FIRST)
    command(organisation, "report")
    (row, *_) = json.loads(command(organisation, "mail", "list", "--json").output)
    done = command(organisation, "mail", "settle", row["key"], "--sent")
    assert done.exit_code == 2
    assert "only one of unknown fate" in done.output
