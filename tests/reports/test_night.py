"""What is read of a night: of which accounts, and what readers have heard before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audit.jobs.plan import opened, plan
from reports.compliance.digest import digest
from reports.night import Night, read
from tests.organisation import Organisation, comment, post, profile

SWEAR = "Well, shit happens in the stacks too."
HURT = "I want to kill myself tonight, I cannot go on."


@pytest.fixture
def bayline(tmp_path: Path) -> Organisation:
    made = Organisation(tmp_path)
    made.account("library", profile(), post("1", SWEAR))
    return made


def night(one: Organisation, name: str) -> Night:
    found: Night = one.do(lambda here: read(here, opened(here, name)))
    return found


def leaves(one: Organisation, account_id: str) -> None:
    """Take an account out of the registry."""
    del one.accounts[account_id]
    one.account("library", profile(), post("1", SWEAR))


def still(found: list[dict[str, Any]]) -> int:
    return sum(one["state"] in ("new", "open", "not_rechecked") for one in found)


def test_an_account_that_left_the_registry_is_open_nowhere(bayline: Organisation) -> None:
    bayline.account("museum", profile(), post("2", SWEAR), owners="bo@bayline.example")
    bayline.night("2026-10-02")
    leaves(bayline, "museum")
    found = bayline.night("2026-10-03")
    report = digest(night(bayline, "2026-10-03"))
    assert report.counts.open == still(found) == 2
    assert {table.total.cells[-1] for table in report.tables} == {"2"}
    assert "Not registered" not in str(report)


def test_evidence_of_an_account_that_left_the_registry_stays_listed(bayline: Organisation) -> None:
    bayline.account("museum", profile(), post("2", "Open."), comment("c", "2", HURT))
    bayline.night("2026-10-02")
    bayline.account("museum", profile(), post("2", "Open."))
    bayline.night("2026-10-03")
    leaves(bayline, "museum")
    bayline.night("2026-10-04")
    assert [one.name for one in digest(night(bayline, "2026-10-04")).evidence.lines] == [
        "BP12.1 A comment may come from a person in crisis"
    ]


def test_a_night_of_which_nobody_heard_is_not_the_one_before(bayline: Organisation) -> None:
    bayline.night("2026-10-07")
    # Friday was missed and back-filled; the weekly mail is Saturday's all the same.
    bayline.night("2026-10-09", backfill=True)
    bayline.night("2026-10-10")
    assert str(night(bayline, "2026-10-10").previous) == "2026-10-07"
    # Opened, and never judged to its end.
    bayline.do(lambda here: plan(here, "2026-10-11"))
    bayline.night("2026-10-12")
    assert str(night(bayline, "2026-10-12").previous) == "2026-10-10"
