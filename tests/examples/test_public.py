"""The registry of public accounts: it can be imported, and nothing in it needs a credential."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit import catalogue, registry
from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.item import GapKind
from audit.model.record import GapRecord
from tests.audit.platforms.script import Script, gather
from tests.organisation import Organisation
from tests.reports.test_run import call
from tests.tree import ROOT

FILE = ROOT / "examples" / "public.csv"
ACCOUNTS = registry.read(FILE)


def test_it_covers_what_can_be_read_without_credentials() -> None:
    assert {one.platform for one in ACCOUNTS} == {"bluesky", "feed", "mastodon", "wordpress"}
    assert any("/feeds/videos.xml?channel_id=UC" in (one.url or "") for one in ACCOUNTS)


def test_mail_about_strangers_would_reach_nobody() -> None:
    people = {mail for one in ACCOUNTS for mail in (*one.owners, *one.administrators)}
    assert people
    assert {mail.partition("@")[2] for mail in people} == {"example.org"}


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda one: one.account_id)
def test_an_account_is_asked_for_without_a_credential(account: Account) -> None:
    platform = catalogue.platform(account.platform)
    assert platform.locate(account) is None
    script = Script({"": TransientFetchError("no network here")})
    fields = {"handle": account.handle, "url": account.url}
    records = gather(platform, script, **fields)
    assert script.asked, "it gave up before it asked"
    kinds = {one.kind for one in records if isinstance(one, GapRecord)}
    assert GapKind.DENIED not in kinds
    assert not any("authorization" in map(str.lower, headers) for _, _, headers in script.asked)


def test_the_command_takes_it_over_without_a_warning(tmp_path: Path) -> None:
    done = call(Organisation(tmp_path), "registry", "import", str(FILE))
    assert (done.returncode, "warning" in done.stderr.lower()) == (0, False), done.stderr
    assert str(len(ACCOUNTS)) in done.stdout + done.stderr
    again = call(Organisation(tmp_path), "registry", "validate", str(FILE))
    assert f"{len(ACCOUNTS)} accounts, nothing wrong" in again.stdout + again.stderr
