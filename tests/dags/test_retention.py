"""The daily purge, as its DAG runs it."""

from __future__ import annotations

import pytest

from tests.dags.conftest import InProcess

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow-in-process")]
LONG_AGO = {"as_of": "2020-01-31"}
"""So early that nothing of the organisation that the tests share is old enough."""


@pytest.fixture(scope="module")
def dag(in_process: InProcess):
    return in_process.ask("load")["dags"]["retention"]


def test_it_is_one_task_named_by_its_date(dag):
    assert dag["timetable"] == "CronPartitionTimetable"
    assert dag["params"] == {"as_of": None}
    assert {name: task["downstream"] for name, task in dag["tasks"].items()} == {"purge": []}
    assert dag["tasks"]["purge"]["outlets"] == []


def test_it_purges_as_of_the_date_it_is_given(in_process: InProcess):
    assert in_process.ask("run", "retention", LONG_AGO) == {"": "success", "purge": "success"}
    in_process.ask("break", "reports.jobs.purge", "purge", LONG_AGO["as_of"])
    try:
        assert in_process.ask("run", "retention", LONG_AGO)["purge"] == "failed"
        other = in_process.ask("run", "retention", {"as_of": "2020-02-01"})
        assert other["purge"] == "success"
    finally:
        in_process.ask("mend")


def test_a_date_to_come_deletes_nothing(in_process: InProcess):
    assert in_process.ask("run", "retention", {"as_of": "2099-01-31"})["purge"] == "failed"
