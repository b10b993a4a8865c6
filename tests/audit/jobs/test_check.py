"""Nights of the past, judged again after other things have happened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit.installation import Installation
from audit.jobs.check import check_account
from audit.jobs.findings import listing
from audit.jobs.plan import opened
from audit.jobs.purge import purge, when
from tests.organisation import PACK, Organisation, post, profile

SWEAR = "Well, shit happens in the stacks too."
NIGHT, NEXT = "2026-10-03", "2026-10-04"
SHORT = """
[retention.platforms.archive]
source = "a test"
posts = { days = 3 }
"""


@pytest.fixture
def bayline(tmp_path: Path) -> Organisation:
    return Organisation(tmp_path)


def found(one: Organisation, night: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = one.do(lambda here: listing(here, opened(here, night)))
    return rows


def test_what_was_missing_that_night_is_missing_still_when_it_has_come_back(
    bayline: Organisation,
) -> None:
    for night, posts in (("2026-10-02", [SWEAR]), (NIGHT, []), (NEXT, [SWEAR])):
        bayline.account("library", profile(), *(post("1", text) for text in posts))
        bayline.night(night)
    before = [found(bayline, night) for night in (NIGHT, NEXT)]
    assert [[x["state"] for x in of if x["code"] == "BP04.1"] for of in before] == [
        ["resolved"],
        ["reopened"],
    ]
    bayline.night(NIGHT, backfill=True)
    assert [found(bayline, night) for night in (NIGHT, NEXT)] == before


def test_a_finding_about_an_account_outlives_the_purge_of_what_it_counted(
    bayline: Organisation,
) -> None:
    (bayline.folder / "pack/guidelines.toml").write_text(PACK + SHORT, encoding="utf-8")
    old = {"created_at": "2026-08-01T17:00:00Z"}
    bayline.account("library", profile(), post("1", "Open until nine.", **old))
    bayline.night("2026-08-02")
    bayline.night("2026-10-05")
    before = found(bayline, "2026-10-05")
    assert [one["state"] for one in before if one["code"] == "BP01.3"] == ["new"]

    def again(here: Installation) -> None:
        assert purge(here, when(here, "2026-10-06", dry_run=False)).accounts
        check_account(here, replace(opened(here, "2026-10-05"), backfill=True), "library")

    bayline.do(again)
    assert found(bayline, "2026-10-05") == before
