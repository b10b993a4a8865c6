"""Whole nights, run by the DAGs inside one process, on feeds and an archive of this machine."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from audit.errors import IncompleteRun
from audit.installation import open_installation
from audit.jobs.plan import opened, plan
from audit.jobs.reconcile import reconcile
from audit.jobs.shard import audit_shard
from audit.jobs.verify import verify
from audit.settings import Settings
from tests.dags import organisation
from tests.dags.conftest import InProcess
from tests.dags.organisation import OWNERS, RELATIONS, SECRET

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow-in-process")]

GREEN = {
    "": "success",
    "plan": "success",
    "audit_shard[0]": "success",
    "audit_shard[1]": "success",
    "reconcile": "success",
    "owner_reports[0]": "success",
    "digest": "success",
    "send": "success",
    "verify": "success",
}
RED = {**GREEN, "": "failed", "verify": "failed"}


@dataclass
class Story:
    """What happened, night by night."""

    nights: list[str]
    states: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    without_airflow: dict[str, str] = field(default_factory=dict)


def without_airflow(settings: Settings, night: str) -> str:
    """Run the same jobs one after the other; returns the findings."""
    with open_installation(settings) as here:
        planned = plan(here, night)
        for shard in planned.shards:
            audit_shard(here, shard)
        reconcile(here, planned.run)
    return organisation.found(settings, night)


@pytest.fixture(scope="module")
def story(in_process: InProcess, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Live through the nights once, for all tests of this file."""
    airflow, site = in_process, in_process.site
    nights = organisation.nights_before(dt.datetime.now(dt.UTC).date(), 6)
    told = Story(nights)
    home = tmp_path_factory.mktemp("plain") / "audit"
    environ = organisation.variables(home, airflow.pack, site)
    plain = organisation.register(environ, airflow.registry)

    def live(name: str, night: str) -> None:
        told.states[name] = airflow.night(night)
        told.seen[name] = {
            **organisation.of_night(airflow.settings, night),
            "all": organisation.everything(airflow.settings),
        }

    live("calm", nights[0])
    told.without_airflow["calm"] = without_airflow(plain, nights[0])
    site.refuses["museum"] = 401
    site.posts["press"] = ("A prize for our linguists. #LinguisticsIsFun",)
    site.posts["library"] = site.posts["library"][:1]
    live("refused", nights[1])
    live("repeated", nights[1])
    told.without_airflow["refused"] = without_airflow(plain, nights[1])
    site.refuses.clear()
    for name, night, broken in (
        ("no owner mails", nights[2], ("reports.jobs.owner", "owner_report")),
        ("half the shards", nights[3], ("audit.jobs.shard", "audit_shard", "archive")),
        ("not reconciled", nights[4], ("audit.jobs.reconcile", "reconcile")),
    ):
        airflow.ask("break", *broken)
        live(name, night)
        airflow.ask("mend")
    asked = len(site.asked)
    live("back-filled", nights[0])
    told.seen["asked by the back-fill"] = site.asked[asked:]
    live("mended", nights[5])
    told.states["trends"] = airflow.ask("run", "compliance_trends", {"as_of": nights[5]})
    return told


def test_a_night_that_saw_everything_is_green(story):
    assert story.states["calm"] == GREEN


def test_an_account_that_cannot_be_read_turns_only_the_last_task_red(story):
    assert story.states["refused"] == RED


def test_a_night_run_again_changes_nothing(story):
    assert story.states["repeated"] == RED
    assert story.seen["repeated"] == story.seen["refused"]


def test_an_older_night_run_again_reads_and_mails_nothing(story, in_process):
    assert story.states["back-filled"] == GREEN
    assert story.seen["asked by the back-fill"] == []
    assert story.seen["back-filled"]["mails"] == story.seen["calm"]["mails"]
    assert story.seen["back-filled"]["rows"] == story.seen["calm"]["rows"]
    assert story.seen["back-filled"]["all"] == story.seen["not reconciled"]["all"]


@pytest.mark.parametrize("night", ["calm", "refused"])
def test_findings_are_the_same_with_and_without_airflow(story, night):
    assert len(json.loads(story.seen[night]["found"])) > 3
    assert story.seen[night]["found"] == story.without_airflow[night]


def test_mail_that_cannot_be_written_keeps_no_other_mail_back(story):
    assert story.states["no owner mails"] == {**RED, "owner_reports[0]": "failed"}
    kinds = [key.partition("/")[0] for key, _, _ in story.seen["no owner mails"]["mails"]]
    assert kinds == ["relations"]


def test_a_shard_that_fails_keeps_nothing_back(story):
    assert story.states["half the shards"] == {**RED, "audit_shard[0]": "failed"}


def test_nothing_is_told_before_everything_is_judged(story):
    assert story.states["not reconciled"] == {
        "": "failed",
        "plan": "success",
        "audit_shard[0]": "success",
        "audit_shard[1]": "success",
        "reconcile": "failed",
        "owner_reports": "upstream_failed",
        "digest": "failed",
        "send": "success",
        "verify": "failed",
    }


def test_the_next_night_is_green_again(story):
    assert story.states["mended"] == GREEN


def test_trends_follow(story):
    assert set(story.states["trends"].values()) == {"success"}


def test_verify_names_the_steps_that_failed(in_process, story):
    with (
        open_installation(in_process.settings) as here,
        pytest.raises(IncompleteRun, match="the step digest failed"),
    ):
        verify(here, opened(here, story.nights[0]), failed=["digest"])


def airflow_remembers(home: Path) -> str:
    """Return everything in Airflow's database as text: values, arguments, states, events."""
    with closing(sqlite3.connect(home / "airflow" / "airflow.db")) as database:
        names = [
            row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type='table'")
        ]
        return "\n".join(
            repr(row)
            for name in names
            for row in database.execute(f'SELECT * FROM "{name}"')  # noqa: S608
        )


def test_airflow_learns_no_address_and_no_word(in_process, story):
    remembered = airflow_remembers(in_process.home)
    assert story.nights[0] in remembered
    assert "library" in remembered
    for word in (*OWNERS, RELATIONS, "whitfield", "haddad", *SECRET.split(", "), "Perpetua"):
        assert word.lower() not in remembered.lower()


def test_logs_hold_no_address_and_no_word(in_process, story):
    logs = [in_process.output, *(in_process.home / "airflow" / "logs").rglob("*.log")]
    text = "\n".join(file.read_text() for file in logs).lower()
    for word in (*OWNERS, RELATIONS, *SECRET.split(", ")):
        assert word.lower() not in text
