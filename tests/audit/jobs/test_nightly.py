"""Whole nights without Airflow: what is found, found again, resolved, and never twice."""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from audit.client import Client
from audit.engine import Bench
from audit.errors import ConfigError, IncompleteRun, StoreError, TransientFetchError
from audit.installation import Installation
from audit.jobs import doctor, verify
from audit.jobs.check import check_account
from audit.jobs.fetch import fetch_account
from audit.jobs.findings import listing
from audit.jobs.plan import SHARD_SIZE, opened, plan
from audit.jobs.reconcile import reconcile
from audit.jobs.shard import audit_shard
from audit.model.finding import Decision, Review
from audit.model.item import Facet, Gap, GapKind
from audit.model.record import GapRecord, Record
from audit.store import accounts, findings, runs
from tests.organisation import Organisation, codes, comment, post, profile

SWEAR = "Well, shit happens in the stacks too."
CALM = "The reading room is open until nine."


@pytest.fixture
def bayline(tmp_path: Path) -> Organisation:
    return Organisation(tmp_path)


def test_a_finding_lives_and_dies(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", SWEAR), post("2", CALM))
    assert codes(bayline.night("2026-10-02"), "new") == ["BP04.1"]
    assert codes(bayline.night("2026-10-03"), "open") == ["BP04.1"]
    edited = post("1", CALM, edited_at="2026-10-03T17:00:00Z")
    bayline.account("library", profile(), edited, post("2", CALM))
    assert codes(bayline.night("2026-10-04"), "resolved") == ["BP04.1"]
    again = post("1", SWEAR, edited_at="2026-10-04T17:00:00Z")
    bayline.account("library", profile(), again, post("2", CALM))
    assert codes(bayline.night("2026-10-05"), "reopened") == ["BP04.1"]
    bayline.account("library", profile(), post("2", CALM))
    (found,) = [one for one in bayline.night("2026-10-06") if one["code"] == "BP04.1"]
    assert (found["state"], found["times_seen"]) == ("resolved", 3)


def test_a_night_told_twice_is_the_same_night(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", SWEAR), comment("c1", "1", "Nice."))
    first = bayline.night("2026-10-02")
    before = bayline.do(_rows)
    assert bayline.night("2026-10-02") == first
    assert bayline.do(_rows) == before


def test_two_installations_with_one_key_find_the_same_byte_for_byte(
    bayline: Organisation, tmp_path: Path
) -> None:
    bayline.account("library", profile(), post("1", SWEAR), comment("c1", "1", "Nice."))
    key = {"key": "A" * 43 + "="}
    one, two = (
        json.dumps(bayline.night("2026-10-02", home=tmp_path / name, **key)) for name in "ab"
    )
    assert one == two
    other = json.dumps(bayline.night("2026-10-02", home=tmp_path / "c", key="B" * 42 + "A="))
    assert other != one


def test_a_back_fill_judges_what_was_known_then_and_changes_nothing(
    bayline: Organisation,
) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    first = bayline.night("2026-10-02")
    second = bayline.night("2026-10-03")
    bayline.account("library", profile(), post("1", CALM, edited_at="2026-10-03T17:00:00Z"))
    third = bayline.night("2026-10-04")
    before = bayline.do(_rows)
    assert bayline.night("2026-10-02", backfill=True) == first
    assert bayline.night("2026-10-03", backfill=True) == second
    assert bayline.do(_rows) == before
    assert bayline.night("2026-10-04") == third


def test_a_decision_counts_from_the_first_night_after_it_in_lists_and_mails_alike(
    bayline: Organisation,
) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    (found,) = [one for one in bayline.night("2026-10-02") if one["code"] == "BP04.1"]
    waiver = Review(
        fingerprint=found["fingerprint"],
        decision=Decision.WAIVE,
        reviewer="r",
        reason="quoted",
        decided_at=dt.datetime(2026, 10, 2, 18, tzinfo=dt.UTC),
        expires_on=dt.date(2026, 12, 1),
    )

    def decide(one: Installation) -> None:
        with one.store.write() as session:
            findings.add_review(session, waiver)

    bayline.do(decide)
    for night, state, outcome in (
        ("2026-10-02", "new", "fail"),
        ("2026-10-03", "waived", "waived"),
    ):
        assert codes(bayline.night(night), state) == ["BP04.1"]
        assert bayline.do(lambda one, night=night: _mailed(one, night)) == [state]
        counted = bayline.do(
            lambda one, night=night, outcome=outcome: _coverage(one, night, "library", outcome)
        )
        assert ("profanity", "post") in counted


@pytest.mark.parametrize("line", ["enabled = false", "shadow = true"])
def test_what_a_check_found_that_no_longer_counts_is_not_listed(
    bayline: Organisation, line: str
) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    assert codes(bayline.night("2026-10-02")) == ["BP04.1"]
    pack = bayline.folder / "pack" / "guidelines.toml"
    pack.write_text(f"{pack.read_text()}\n[checks.profanity]\n{line}\n", encoding="utf-8")
    assert codes(bayline.night("2026-10-03")) == []


def test_a_missed_night_is_filled_in_without_fetching(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    bayline.night("2026-10-02")
    bayline.night("2026-10-05")
    bayline.account("library", profile(), post("1", SWEAR), post("2", SWEAR))
    missed = bayline.night("2026-10-03")
    assert codes(missed) == ["BP04.1"]
    assert bayline.do(lambda one: opened(one, "2026-10-03").backfill)
    assert bayline.do(lambda one: _fetched(one, "2026-10-03")) == []


def test_a_shard_that_is_repeated_after_the_next_night_reads_nothing(
    bayline: Organisation,
) -> None:
    bayline.account("library", profile())
    (bayline.folder / "library.jsonl").unlink()
    (shard,) = bayline.do(lambda one: plan(one, "2026-10-02").shards)
    bayline.do(lambda one: audit_shard(one, shard))
    bayline.account("library", profile(), post("1", SWEAR))
    bayline.night("2026-10-03")
    bayline.do(lambda one: audit_shard(one, shard))
    found = bayline.do(lambda one: _fetched(one, "2026-10-02"))
    assert len(found) == 3
    assert all(one.gap is not None for one in found)


def test_a_night_that_read_nothing_says_nothing_of_the_days_since(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    bayline.night("2026-10-02")

    def without_fetching(one: Installation) -> None:
        with one.store.write() as session:
            (account,) = accounts.registered(session)
            planned = replace(account, cadence_days=7)
            accounts.replace_all(session, [planned], dt.datetime.now(dt.UTC))
        check_account(one, plan(one, "2026-10-20").run, "library")

    bayline.do(without_fetching)
    unseen = bayline.do(lambda one: _coverage(one, "2026-10-20", "library", "not_assessed"))
    assert {("posting-cadence", "account"), ("profanity", "post")} <= unseen


def test_an_account_that_moved_has_not_taken_anything_down(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    bayline.night("2026-10-02")
    bayline.account("elsewhere", profile(), post("2", CALM))
    row = bayline.accounts["library"].replace("library.jsonl", "elsewhere.jsonl")
    bayline.accounts = {"library": row}
    bayline.account("museum", profile())
    (found,) = [one for one in bayline.night("2026-10-03") if one["code"] == "BP04.1"]
    assert found["state"] == "not_rechecked"


def test_an_id_stands_for_one_platform(bayline: Organisation) -> None:
    bayline.account("library", profile())
    bayline.night("2026-10-02")
    row = (
        bayline.accounts["library"]
        .replace(",archive,", ",bluesky,")
        .replace(",library,library.jsonl,", ",library.example.org,,")
    )
    bayline.accounts = {"library": row}
    bayline.account("museum", profile())
    with pytest.raises(ConfigError, match="stands for an account of archive"):
        bayline.night("2026-10-03")


def test_a_removed_account_is_no_longer_listed_and_comes_back_as_it_was(
    bayline: Organisation,
) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    bayline.account("museum", profile())
    bayline.night("2026-10-02")
    row = bayline.accounts.pop("library")
    bayline.account("museum", profile())
    assert {one["account"] for one in bayline.night("2026-10-03")} <= {"museum"}
    bayline.accounts["library"] = row
    bayline.account("museum", profile())
    assert codes(bayline.night("2026-10-04"), "open") == ["BP04.1"]


def test_what_has_left_the_window_is_neither_open_nor_resolved(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    bayline.night("2026-10-02")
    (found,) = [one for one in bayline.night("2026-11-20") if one["code"] == "BP04.1"]
    assert found["state"] == "not_rechecked"


def test_an_unreadable_account_hides_no_other_and_fails_the_night_at_its_end(
    bayline: Organisation,
) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    bayline.account("museum", profile(), post("1", SWEAR))
    (bayline.folder / "museum.jsonl").unlink()
    found = bayline.night("2026-10-02")
    assert [one["account"] for one in found if one["code"] == "BP04.1"] == ["library"]
    said = "museum: comments, posts, profile: not found"
    with pytest.raises(IncompleteRun, match=said):
        bayline.do(lambda one: verify.verify(one, opened(one, "2026-10-02")))
    (last_night,) = (one for one in bayline.do(_examined) if one["what"] == "last night")
    assert last_night["state"] == "note"
    assert "incomplete" in last_night["detail"]
    unseen = bayline.do(lambda one: _coverage(one, "2026-10-02", "museum", "not_assessed"))
    assert {("profanity", "post"), ("crisis-comment", "comment")} <= unseen


def test_a_night_that_read_nothing_leaves_the_next_one_the_first(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    file = bayline.folder / "library.jsonl"
    aside = file.rename(bayline.folder / "aside")
    bayline.night("2026-10-01")
    aside.rename(file)
    bayline.night("2026-10-02")
    bayline.night("2026-10-03")
    first = [
        bayline.do(lambda one, night=night: opened(one, night)).baseline
        for night in ("2026-10-01", "2026-10-02", "2026-10-03")
    ]
    assert first == [True, True, False]


def _examined(installation: Installation) -> list[doctor.Finding]:
    return doctor.examine(installation.settings)


def test_half_a_character_or_a_zero_byte_stops_nothing(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1\x00", f"Broken \ud83d. {SWEAR}"))
    found = bayline.night("2026-10-02")
    assert codes(found, "new") == ["BP04.1"]
    bayline.account("library", profile(), post("1\x00", f"Broken \ud83d. {SWEAR}"))
    assert codes(bayline.night("2026-10-03"), "open") == ["BP04.1"]


def test_a_fault_in_one_account_hides_no_other_and_quotes_nothing(
    bayline: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit.jobs import shard

    bayline.account("library", profile(), post("1", SWEAR))
    bayline.account("archive", profile())
    judge = shard.check_account

    def failing(one: Installation, run: runs.Run, account_id: str, bench: Bench) -> object:
        if account_id == "archive":
            raise KeyError("Ms. Canaryname")
        return judge(one, run, account_id, bench)

    monkeypatch.setattr(shard, "check_account", failing)
    with pytest.raises(StoreError, match="archive: unexpected KeyError") as caught:
        bayline.night("2026-10-02")
    assert "Canaryname" not in str(caught.value)
    assert bayline.do(lambda one: _coverage(one, "2026-10-02", "library", "fail"))


def test_an_acknowledged_gap_fails_nothing_until_it_ends(bayline: Organisation) -> None:
    for name in ("library", "museum"):
        bayline.account(name, profile())
    (bayline.folder / "museum.jsonl").unlink()
    bayline.night("2026-10-02")

    def accept(one: Installation) -> None:
        row = {"account_id": "museum", "gap_kind": "not_found", "by": "UR", "reason": "moving"}
        with one.store.write() as session:
            for facet in ("profile", "posts", "comments"):
                until = {"facet": facet, "until": dt.date(2026, 10, 2)}
                accounts.acknowledge(session, {**row, **until})
        verify.verify(one, opened(one, "2026-10-02"))

    bayline.do(accept)
    bayline.night("2026-10-03")
    with pytest.raises(IncompleteRun):
        bayline.do(lambda one: verify.verify(one, opened(one, "2026-10-03")))


def test_coverage_below_the_floor_fails_the_night(bayline: Organisation) -> None:
    bayline.account("library", profile())

    def limited(one: Installation) -> None:
        run = opened(one, "2026-10-02")
        gap = Gap(facet=Facet.POSTS, kind=GapKind.RATE_LIMITED, reason="wait")
        row = runs.Fetched(
            account_id="library", facet=Facet.POSTS, fetched_at=run.as_of, items=0, gap=gap
        )
        with one.store.write() as session:
            runs.save_fetched(session, run.night, [row])
        verify.verify(one, run)

    bayline.night("2026-10-02")
    with pytest.raises(IncompleteRun, match="0 of 1 accounts were read in full"):
        bayline.do(limited)


def test_an_account_that_no_shard_judged_fails_the_night(bayline: Organisation) -> None:
    bayline.account("library", profile())
    bayline.do(lambda one: plan(one, "2026-10-02"))
    with pytest.raises(IncompleteRun, match="library: was not judged"):
        bayline.do(lambda one: verify.verify(one, opened(one, "2026-10-02")))


def test_what_all_owners_filed_does_not_stand_for_an_account_that_no_shard_judged(
    bayline: Organisation,
) -> None:
    for number in range(12):
        bayline.account(f"a{number:02}", profile())

    def without_the_first(one: Installation) -> None:
        planned = plan(one, "2026-10-02")
        (shard,) = planned.shards
        shard["accounts"].remove("a00")
        audit_shard(one, shard)
        reconcile(one, planned.run)
        verify.verify(one, planned.run)

    with pytest.raises(IncompleteRun, match="a00: was not judged"):
        bayline.do(without_the_first)


def test_a_passing_trouble_is_tried_again_but_not_for_ever(
    bayline: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit import catalogue

    tries = []

    def gather(target: object, client: object) -> list[Record]:
        tries.append(target)
        return [GapRecord(facet=Facet.POSTS, kind=GapKind.RATE_LIMITED, reason="wait")]

    archive = replace(catalogue.platform("archive"), gather=gather)
    monkeypatch.setitem(catalogue.platforms(), "archive", archive)
    bayline.account("library", profile())

    def shard(one: Installation, *, last_try: bool) -> dict[str, int]:
        return audit_shard(one, plan(one, "2026-10-02").shards[0], last_try=last_try)

    with pytest.raises(TransientFetchError, match="library"):
        bayline.do(lambda one: shard(one, last_try=False))
    assert bayline.do(lambda one: shard(one, last_try=True))["gaps"] == 1
    assert len(tries) == 2


def test_what_was_read_is_not_read_again(
    bayline: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit import catalogue

    bayline.account("library", profile(), post("1", CALM))
    bayline.night("2026-10-02")

    def gather(target: object, client: object) -> list[Record]:
        raise AssertionError("read a second time")

    archive = replace(catalogue.platform("archive"), gather=gather)
    monkeypatch.setitem(catalogue.platforms(), "archive", archive)
    bayline.do(lambda one: _fetch_again(one))


def test_what_has_been_judged_is_not_judged_again(
    bayline: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit import engine

    bayline.account("library", profile(), post("1", SWEAR), post("2", CALM))
    bayline.night("2026-10-02")
    judged = []
    judge = engine._judge_item

    def counting(bench: object, bound: object, item: object, *rest: object) -> object:
        judged.append((item.item_id, bound.check.id))  # type: ignore[attr-defined]
        return judge(bench, bound, item, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "_judge_item", counting)
    bayline.account(
        "library",
        profile(),
        post("1", SWEAR),
        post("2", "Closed today.", edited_at="2026-10-02T17:00:00Z"),
    )
    assert codes(bayline.night("2026-10-03"), "open") == ["BP04.1"]
    assert ("1", "profanity") not in judged
    assert ("2", "profanity") in judged
    assert ("1", "confidentiality-markers") in judged, "its verdict depends on the day"


def test_a_pack_that_changes_during_the_night_is_the_one_that_judges(
    bayline: Organisation,
) -> None:
    bayline.account("library", profile(), post("1", SWEAR))
    bayline.night("2026-10-02")
    pack = bayline.folder / "pack" / "guidelines.toml"
    before = pack.read_text(encoding="utf-8")
    (shard,) = bayline.do(lambda one: plan(one, "2026-10-03").shards)
    pack.write_text(f'{before}\n[checks.profanity]\nseverity = "low"\n', encoding="utf-8")
    bayline.do(lambda one: audit_shard(one, shard))
    found = bayline.do(lambda one: listing(one, opened(one, "2026-10-03")))
    assert [one["severity"] for one in found if one["code"] == "BP04.1"] == ["low"]


def test_shards_are_of_one_platform_and_bounded(bayline: Organisation) -> None:
    for number in range(SHARD_SIZE + 1):
        bayline.account(f"a{number:02}", profile())
    shards = bayline.do(lambda one: plan(one, "2026-10-02").shards)
    assert [len(shard["accounts"]) for shard in shards] == [SHARD_SIZE, 1]
    assert json.dumps(shards)


@pytest.mark.parametrize("as_of", ["2999-01-01", "02.10.2026"])
def test_a_night_that_cannot_be_is_refused(bayline: Organisation, as_of: str) -> None:
    bayline.account("library", profile())
    with pytest.raises(ConfigError):
        bayline.night(as_of)


def test_without_accounts_there_is_no_night(bayline: Organisation) -> None:
    from audit.installation import open_installation

    with (
        open_installation(bayline.settings()) as one,
        pytest.raises(ConfigError, match="registry import"),
    ):
        plan(one, "2026-10-02")


def test_a_stale_directory_is_not_assessed(bayline: Organisation) -> None:
    bayline.account("library", profile())
    bayline.night("2026-10-02")
    bayline.night("2027-02-02", recordings=bayline.folder)
    unseen = bayline.do(lambda one: _coverage(one, "2027-02-02", "library", "not_assessed"))
    assert ("account-administrators", "registry") in unseen
    seen = bayline.do(lambda one: _coverage(one, "2026-10-02", "library", "pass"))
    assert ("account-administrators", "registry") in seen


def test_the_public_is_nowhere_in_clear(
    bayline: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bayline.account(
        "library",
        profile(),
        post("1", "Ms. Canaryname's surgery on March 3 went great, room 1142."),
        comment("canary-comment", "1", "I want to die, call canarytext 415-555-0199"),
    )
    found = bayline.night("2026-10-02")
    assert {"BP10.1", "BP12.1"} <= set(codes(found))
    written = b"".join(file.read_bytes() for file in (bayline.folder / "home").rglob("*.db*"))
    said = json.dumps(found) + caplog.text
    for canary in ("Canaryname", "canary-comment", "canarytext", "415-555-0199", "author-of"):
        assert canary.encode() not in written
        assert canary not in said


def _rows(installation: Installation) -> dict[str, object]:
    from sqlalchemy import select

    from audit.store.schema import metadata

    skip = {"sealed", "registered_at", "fetched_at"}
    with installation.store.read() as session:
        return {
            table.name: session.connection.execute(
                select(*[column for column in table.c if column.name not in skip]).order_by(
                    *table.primary_key
                )
            ).all()
            for table in metadata.sorted_tables
            if table.name != "judgement"
        }


def _mailed(installation: Installation, night: str) -> list[str]:
    from reports.night import read

    found = read(installation, opened(installation, night)).findings
    return [one.state.value for one in found if one.finding.code == "BP04.1"]


def _fetched(installation: Installation, night: str) -> list[runs.Fetched]:
    with installation.store.read() as session:
        return list(runs.fetched(session, night))


def _coverage(
    installation: Installation, night: str, account_id: str, outcome: str
) -> set[tuple[str, str]]:
    with installation.store.read() as session:
        return {
            (row["check_id"], row["level"])
            for row in runs.covered(session, night)
            if row["account_id"] == account_id and row["outcome"] == outcome
        }


def _fetch_again(installation: Installation) -> None:
    run = opened(installation, "2026-10-02")
    with Client(installation.settings, as_of=run.date) as client:
        fetch_account(installation, run, "library", client)
