"""Mails between being written and being sent."""

from __future__ import annotations

from typing import Any

import pytest

from audit.store import accounts, outbox, runs
from audit.store.database import Store
from audit.store.outbox import Mail, MailState
from tests.factories import at, make_account, make_run


@pytest.fixture
def post_office(store: Store) -> Store:
    """A store with one night."""
    with store.write() as session:
        accounts.replace_all(session, [make_account()], at(1))
        runs.open_run(session, make_run())
    return store


def make_mail(message_key: str = "m1", **changes: Any) -> Mail:
    values: dict[str, Any] = {
        "message_key": message_key,
        "night": "2026-10-05",
        "kind": "owner",
        "recipient": "owner@bayline.example",
        "critical": False,
        "content": {"subject": "Hello", "text": "Words"},
        "state": MailState.QUEUED,
        "queued_at": at(5),
    }
    return Mail(**{**values, **changes})


def states(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {mail.message_key: mail.state.value for mail in outbox.read(session)}


def test_a_mail_comes_back_as_it_was_and_only_once(post_office: Store) -> None:
    with post_office.write() as session:
        assert outbox.put(session, make_mail())
        assert not outbox.put(session, make_mail(content={"subject": "Another"}))
        assert outbox.read(session) == [make_mail()]


def test_a_mail_is_claimed_by_one_sender(post_office: Store) -> None:
    with post_office.write() as session:
        outbox.put(session, make_mail())
        assert [outbox.claim(session, "m1", at(6)) for _ in range(2)] == [True, False]
        assert outbox.read(session)[0].attempts == 1
        outbox.mark_sent(session, "m1", at(6))
    assert states(post_office) == {"m1": "sent"}


def test_a_mail_that_went_to_a_file_can_still_be_claimed(post_office: Store) -> None:
    with post_office.write() as session:
        outbox.put(session, make_mail())
        outbox.mark_written(session, "m1")
        assert outbox.read(session)[0].state is MailState.WRITTEN
        assert outbox.claim(session, "m1", at(6))
        assert outbox.read(session)[0].claimed_at == at(6)


def test_a_mail_that_was_surely_not_sent_is_queued_again(post_office: Store) -> None:
    with post_office.write() as session:
        outbox.put(session, make_mail())
        outbox.claim(session, "m1", at(6))
        outbox.put_back(session, "m1", "451 try later")
        mail = outbox.read(session)[0]
    assert (mail.state, mail.error, mail.attempts) == (MailState.QUEUED, "451 try later", 1)


def test_a_mail_that_nobody_claimed_cannot_be_marked(post_office: Store) -> None:
    with post_office.write() as session:
        outbox.put(session, make_mail())
        outbox.mark_sent(session, "m1", at(6))
    assert states(post_office) == {"m1": "queued"}


def test_held_mails_go_when_released(post_office: Store) -> None:
    with post_office.write() as session:
        runs.open_run(session, make_run(6))
        outbox.put(session, make_mail("m1", state=MailState.HELD))
        outbox.put(session, make_mail("m2", state=MailState.HELD, night="2026-10-06"))
        assert outbox.release(session, "2026-10-05") == 1
    assert states(post_office) == {"m1": "queued", "m2": "held"}


def test_critical_mails_of_a_night_come_first(post_office: Store) -> None:
    with post_office.write() as session:
        outbox.put(session, make_mail("a"))
        outbox.put(session, make_mail("z", critical=True))
        assert [mail.message_key for mail in outbox.read(session, [MailState.QUEUED])] == ["z", "a"]
