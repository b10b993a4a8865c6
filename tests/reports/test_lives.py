"""What mails say of accounts that are not as registered."""

import datetime as dt

import pytest

from audit.lifecycle import Life
from audit.model.life import AccountState
from reports.compliance import lives
from reports.compliance.owner_facts import facts_of, worth_a_mail
from tests.reports import nights

SINCE = "2027-05-18"


def said(state, platform="mastodon", handle=None, inferred=False):
    account = nights.account("a", platform, handle="old")
    life = Life(state=state, since=SINCE, handle=handle, inferred=inferred)
    return lives.owner_words(nights.night(accounts=(account,), lives={"a": life}), account)


@pytest.mark.parametrize(
    ("state", "more", "words"),
    [
        (AccountState.RENAMED, {"handle": "new"},
         "The account is now called @new on Mastodon; the registry says @old."),
        (AccountState.RENAMED, {"handle": "https://new.test", "platform": "wordpress"},
         "old is now at https://new.test; the registry says"),
        (AccountState.PRIVATE, {}, "@old on Mastodon has been private since May 18"),
        (AccountState.DEACTIVATED, {}, "has been switched off by its owner since May 18."),
        (AccountState.SUSPENDED, {}, "has been suspended since May 18."),
        (AccountState.DELETED, {}, "has been deleted; first seen so on May 18."),
        (AccountState.DELETED, {"inferred": True}, "was not found on Mastodon on 3 nights"),
        (AccountState.MERGED, {"handle": "b@n.test"}, "has moved to another account to @b@n.test"),
        (AccountState.MERGED, {}, "has moved to another account; seen since May 18."),
        (AccountState.REPLACED, {}, "another account has had its name since May 18."),
        (AccountState.ABSENT, {}, "No account was ever found on Mastodon under @old."),
    ],
)  # fmt: skip
def test_every_state_says_what_became_of_the_account_and_whom_to_tell(state, more, words):
    text = said(state, **more)
    assert words in text
    assert text.endswith(lives.TELL)
    leaving = state in lives.LEAVING
    assert (lives.STAYS in text) is leaving


def test_an_account_as_registered_is_not_mentioned():
    assert lives.told(nights.night(), nights.night().accounts) == ()
    life = Life(state=AccountState.ACTIVE, since=SINCE)
    night = nights.night(lives={"ig": life})
    assert lives.table(night).total == 0


def test_a_change_is_worth_a_mail_on_its_night_only():
    quiet = {"findings": (), "history": ()}
    account = nights.account("ig")
    fetched = nights.fetched("ig")
    changed = nights.changed_night().lives["ig"]
    tonight = nights.night(accounts=(account,), fetched=fetched, lives={"ig": changed}, **quiet)
    assert worth_a_mail(facts_of(tonight, (account,)))
    tomorrow = nights.night(
        accounts=(account,),
        fetched=fetched,
        lives={"ig": changed},
        date=nights.TONIGHT + dt.timedelta(days=1),
        previous=nights.TONIGHT,
        **quiet,
    )
    assert not worth_a_mail(facts_of(tomorrow, (account,)))
