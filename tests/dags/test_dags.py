"""What the DAGs declare, as Airflow itself read it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from audit import errors
from audit.clock import moment, night_of
from tests.dags.conftest import InProcess

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow-in-process")]
PARSE_S = 1.0
"""CPU seconds to parse all DAGs again; every task process pays for its own file."""


@pytest.fixture(scope="module")
def loaded(in_process: InProcess):
    return in_process.ask("load")


@pytest.fixture
def night(loaded):
    return loaded["dags"]["nightly_account_audit"]


def test_all_dags_load(loaded):
    assert {"nightly_account_audit", "compliance_trends", "retention"} <= loaded["dags"].keys()


def test_loading_them_is_cheap(loaded):
    assert loaded["heavy"] == []
    assert loaded["parse_s"] < PARSE_S


def test_every_dag_explains_itself_and_starts_paused(loaded):
    for name, dag in loaded["dags"].items():
        assert dag["doc"], name
        assert dag["tags"], name
        assert dag["paused"] is True, name
        assert dag["catchup"] is False, name
        assert dag["max_active_runs"] == 1, name
        for task_id, task in dag["tasks"].items():
            assert task["doc"], f"{name}.{task_id}"
            assert task["owner"] != "airflow", f"{name}.{task_id}"
            assert 0 < task["timeout_s"] <= 6 * 3600, f"{name}.{task_id}"


def test_the_night_is_one_line_with_one_end(night):
    assert {name: task["downstream"] for name, task in night["tasks"].items()} == {
        "plan": ["audit_shard"],
        "audit_shard": ["reconcile"],
        "reconcile": ["owner_reports"],
        "owner_reports": ["digest"],
        "digest": ["send"],
        "send": ["verify"],
        "verify": [],
    }


def test_nothing_that_fails_keeps_the_rest_back(night):
    rules = {name: task["rule"] for name, task in night["tasks"].items()}
    assert {name for name, rule in rules.items() if rule == "all_done"} == {
        "reconcile",
        "digest",
        "send",
        "verify",
    }


def test_few_shards_run_at_once(night):
    assert 1 <= night["tasks"]["audit_shard"]["at_once"] <= 8


def test_only_the_judged_night_is_handed_over(night):
    outlets = {name: task["outlets"] for name, task in night["tasks"].items() if task["outlets"]}
    assert outlets == {"reconcile": ["audit_results"]}


def test_a_night_has_a_name_however_it_was_started(loaded):
    tables = {name: dag["timetable"] for name, dag in loaded["dags"].items()}
    assert tables["nightly_account_audit"] == "CronPartitionTimetable"
    assert tables["compliance_trends"] == "PartitionedAssetTimetable"
    for name in ("nightly_account_audit", "compliance_trends"):
        assert loaded["dags"][name]["params"] == {"as_of": None}


def test_retries_go_by_the_class_of_the_error(night):
    for name, task in night["tasks"].items():
        assert task["retries"] == 2, name
        actions = {rule["exception"]: rule["action"] for rule in task["rules"]}
        assert actions == {
            "audit.errors.TransientFetchError": "retry",
            "audit.errors.DeliveryError": "retry",
            "audit.errors.StoreError": "retry",
            "audit.errors.ConfigError": "fail",
            "audit.errors.IncompleteRun": "fail",
        }
        for rule in task["rules"]:
            assert issubclass(
                getattr(errors, rule["exception"].rpartition(".")[2]), errors.AuditError
            )
            assert ("retry_delay" in rule) == (rule["action"] == "retry")


@pytest.mark.parametrize(
    "zone",
    [
        "America/Los_Angeles",  # 02:00 is left out in March
        "Europe/Berlin",  # 02:00 comes twice in October
        "America/Havana",  # midnight is left out
        "Australia/Lord_Howe",  # half an hour
        "Asia/Kolkata",
    ],
)
def test_every_date_is_the_name_of_exactly_one_night(in_process, zone):
    year = dt.datetime.now(dt.UTC).year
    ticks = in_process.ask("ticks", zone, year)
    days = (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days
    first = dt.date(year, 1, 1)
    assert [key for key, _ in ticks] == [
        (first + dt.timedelta(days=day)).isoformat() for day in range(days)
    ]
    for key, due in ticks:
        as_of = moment(key, ZoneInfo(zone))
        assert as_of <= dt.datetime.fromisoformat(due), "the night would lie in the future"
        assert night_of(as_of, ZoneInfo(zone)) == key
