"""What a purge means for the nights after it, for mails, and for whoever calls it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from audit.errors import ConfigError, StoreError
from audit.installation import Installation
from audit.jobs.check import check_account
from audit.jobs.plan import opened
from audit.retention import Removal
from audit.store import findings, retention, runs
from audit.store.database import Session
from audit.store.outbox import MailState
from audit.store.schema import metadata
from reports.jobs.mails import listing, release, show
from reports.jobs.purge import purge
from reports.jobs.run import run_night
from reports.jobs.trends import trends
from tests.organisation import PACK, Organisation, codes, comment, post, profile
from tests.reports.test_run import call

SWEAR = "Well, shit happens in the canarystacks too."
RULES = """
[retention]
mail_days = 10

[retention.platforms.archive]
source = "a test"
posts = { days = 3, gone_days = 0 }
comments = { days = 1 }
"""


@pytest.fixture
def bayline(tmp_path: Path) -> Organisation:
    made = Organisation(tmp_path)
    (tmp_path / "pack" / "guidelines.toml").write_text(PACK + RULES, encoding="utf-8")
    made.account("library", profile(), post("1", SWEAR), comment("c1", "1", "Lovely canarywords."))
    return made


def purged(one: Organisation, day: str, **more: Any) -> dict[str, Any]:
    done: dict[str, Any] = one.do(lambda here: purge(here, day, **more))
    return done


def rows(here: Installation) -> dict[str, list[Any]]:
    with here.store.read() as session:
        return {
            name: sorted(map(repr, session.connection.execute(select(table))))
            for name, table in metadata.tables.items()
        }


def state(found: list[dict[str, Any]]) -> list[str]:
    return [one["state"] for one in found if one["code"] == "BP04.1"]


def full_night(one: Organisation, day: str) -> None:
    one.do(lambda here: run_night(here, day), release_baseline=True)


def owner_mails(here: Installation) -> list[str]:
    with here.store.read() as session:
        return [
            row["key"]
            for run in runs.nights(session)
            for row in listing(here, run.night)
            if row["kind"] == "owner"
        ]


def test_the_nights_after_find_and_mail_what_they_would_have_without_it(
    bayline: Organisation,
) -> None:
    said = []
    for folder, purges in (("with", True), ("without", False)):
        changes = {"home": bayline.folder / folder, "release_baseline": True, "key": "A" * 43 + "="}
        for day in ("2026-10-02", "2026-10-05", "2026-10-06"):
            bayline.do(lambda here, day=day: run_night(here, day), **changes)
            if purges and day == "2026-10-02":
                done = bayline.do(lambda here: purge(here, "2026-10-05"), **changes)
                assert (done["totals"]["posts"], done["totals"]["comments"]) == (1, 1)
                assert done["totals"]["evidence"] == 1
        found = bayline.night("2026-10-06", **changes)
        assert state(found) == ["open"]
        mails = bayline.do(owner_mails, **changes)
        texts = [bayline.do(lambda here, key=key: show(here, key), **changes) for key in mails]
        said.append((found, mails, texts))
    assert said[0] == said[1]


def test_what_is_out_of_the_window_is_neither_resolved_nor_taken_down(
    bayline: Organisation,
) -> None:
    bayline.night("2026-10-02")
    purged(bayline, "2026-10-31")
    bayline.account("library", profile())
    (found,) = [one for one in bayline.night("2026-11-03") if one["code"] == "BP04.1"]
    assert (found["state"], found["times_seen"]) == ("not_rechecked", 1)
    sights = bayline.do(lambda here: _sights(here, found["fingerprint"]))
    assert sights == ["seen"]


def _sights(here: Installation, fingerprint: str) -> list[str]:
    with here.store.read() as session:
        return [
            one.sight.value for one in findings.sightings(session) if one.fingerprint == fingerprint
        ]


def test_what_the_account_took_down_stays_resolved_without_its_words(
    bayline: Organisation,
) -> None:
    bayline.night("2026-10-02")
    bayline.account("library", profile())
    assert state(bayline.night("2026-10-03")) == ["resolved"]
    assert purged(bayline, "2026-10-03")["totals"]["posts"] == 1
    assert state(bayline.night("2026-10-04")) == ["resolved"]
    bayline.account("library", profile(), post("1", SWEAR))
    assert state(bayline.night("2026-10-05")) == ["reopened"]


def test_judging_a_night_again_after_the_purge_loses_nothing(bayline: Organisation) -> None:
    before = bayline.night("2026-10-02")
    purged(bayline, "2026-10-05")
    results = bayline.do(lambda here: check_account(here, opened(here, "2026-10-02"), "library"))
    reasons = {one.reason for one in results if one.subject.subject_id == "1"}
    assert reasons == {"deleted under the retention rules"}
    after = bayline.night("2026-10-02")
    assert codes(after, "new") == codes(before, "new") == ["BP04.1"]


def test_a_dry_run_counts_the_same_and_changes_nothing(bayline: Organisation) -> None:
    full_night(bayline, "2026-10-02")
    before = bayline.do(rows)
    counted = purged(bayline, "2026-10-15", dry_run=True)
    assert bayline.do(rows) == before
    done = purged(bayline, "2026-10-15")
    assert bayline.do(rows) != before
    assert {**done, "dry_run": True} == counted
    left = purged(bayline, "2026-10-15")
    assert (left["accounts"], left["mails"]) == ([], 0)


def test_only_a_dry_run_looks_ahead(bayline: Organisation) -> None:
    bayline.night("2026-10-02")
    ahead = (dt.datetime.now(dt.UTC) + dt.timedelta(days=400)).date().isoformat()
    with pytest.raises(ConfigError, match="lies in the future"):
        purged(bayline, ahead)
    assert purged(bayline, ahead, dry_run=True)["totals"]["posts"] == 1


def test_what_checks_over_time_no_longer_see_is_said(bayline: Organisation) -> None:
    bayline.night("2026-10-02")
    (note,) = purged(bayline, "2026-10-03")["notes"]
    assert note.startswith("archive: posts are deleted 3 days after")


def test_a_purge_broken_off_is_simply_called_again(
    bayline: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    bayline.account("museum", profile(), post("2", SWEAR))
    bayline.night("2026-10-02")
    remove = retention.remove

    def breaks(session: Session, account_id: str, what: Removal) -> None:
        remove(session, account_id, what)
        if account_id == "museum":
            raise StoreError("the server went away")

    monkeypatch.setattr(retention, "remove", breaks)
    with pytest.raises(StoreError):
        purged(bayline, "2026-10-05")
    monkeypatch.undo()
    done = purged(bayline, "2026-10-05")
    assert [(one["account_id"], one["posts"]) for one in done["accounts"]] == [("museum", 1)]


def test_an_account_that_left_the_registry_is_purged_as_well(bayline: Organisation) -> None:
    bayline.account("museum", profile(), post("2", "Open late."))
    bayline.night("2026-10-02")
    del bayline.accounts["museum"]
    bayline.account("library", profile())
    bayline.night("2026-10-03")
    done = purged(bayline, "2027-01-05", dry_run=True)
    assert [one["account_id"] for one in done["accounts"]] == ["library", "museum"]


def test_a_mail_loses_its_text_and_its_files_and_is_not_written_again(
    bayline: Organisation,
) -> None:
    full_night(bayline, "2026-10-02")
    (key,) = bayline.do(owner_mails)
    folder = bayline.folder / "home" / "mail"
    assert len(list(folder.iterdir())) == 4
    queued = dt.datetime.now(dt.UTC)
    ahead = (queued + dt.timedelta(days=10)).date().isoformat()
    assert purged(bayline, ahead, dry_run=True)["mails"] == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audit.jobs.purge.when", lambda *_, **__: dt.date.fromisoformat(ahead))
        assert purged(bayline, ahead)["mails"] == 2
    assert list(folder.iterdir()) == []
    assert "text of this mail was deleted" in bayline.do(lambda here: show(here, key))
    assert bayline.do(lambda here: listing(here, "2026-10-02"))[0]["label"] is None
    bayline.do(lambda here: trends(here, opened(here, "2026-10-02")))
    full_night(bayline, "2026-10-02")
    assert bayline.do(owner_mails) == [key]
    assert list(folder.iterdir()) == []


def test_a_held_mail_without_text_is_not_released_and_holds_on(bayline: Organisation) -> None:
    bayline.do(lambda here: run_night(here, "2026-10-02"))
    ahead = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=11)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audit.jobs.purge.when", lambda *_, **__: ahead)
        purged(bayline, "")
    held = bayline.do(lambda here: listing(here))
    assert [one["state"] for one in held] == [MailState.HELD.value]
    assert bayline.do(lambda here: release(here)) == 0
    (failed,) = bayline.do(lambda here: listing(here))
    assert failed["state"] == MailState.FAILED.value
    assert "deleted under the retention rules" in failed["error"]


def test_the_command_says_what_it_did(bayline: Organisation) -> None:
    bayline.night("2026-10-02")
    planned = call(bayline, "purge", "--as-of", "2026-10-05", "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "2026-10-05: would be deleted: 1 posts, 1 comments" in planned.stderr
    done = call(bayline, "purge", "--as-of", "2026-10-05", "--json")
    assert json.loads(done.stdout)["totals"]["posts"] == 1
    assert "canary" not in done.stdout + done.stderr + planned.stdout + planned.stderr
    again = call(bayline, "purge", "--as-of", "2026-10-05")
    assert "deleted: nothing that was read; 0 texts of mails" in again.stderr
    assert "note: archive: posts are deleted 3 days" in again.stderr
    assert call(bayline, "purge", "--as-of", "soon").returncode == 2
