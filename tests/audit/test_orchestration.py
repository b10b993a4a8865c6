"""How a run's surroundings become the night that it is about."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from audit import orchestration
from audit.client import LASTS_S
from audit.errors import ConfigError
from audit.metering import LONGEST_WAIT_S
from tests.tree import ROOT

DUE = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)


def context(key=None, as_of=None, run_type="scheduled", **more):
    run = SimpleNamespace(
        partition_key=key, run_after=DUE, run_type=SimpleNamespace(value=run_type)
    )
    return {"dag_run": run, "params": {"as_of": as_of}, **more}


@pytest.mark.parametrize(
    ("surroundings", "expected"),
    [
        pytest.param(context("2026-11-22", "2026-11-01"), "2026-11-22", id="partition key first"),
        pytest.param(context(None, "2026-11-01"), "2026-11-01", id="then the parameter"),
        pytest.param(context(), DUE, id="then the moment at which the run was due"),
        pytest.param({**context(), "params": {}}, DUE, id="a DAG without that parameter"),
    ],
)
def test_a_night_is_named_by(surroundings, expected):
    assert orchestration.named(surroundings) == expected


@pytest.mark.parametrize(
    ("run_type", "expected"), [("scheduled", False), ("manual", False), ("backfill", True)]
)
def test_only_a_back_fill_is_one(run_type, expected):
    assert orchestration.backfill(context(run_type=run_type)) is expected


@pytest.mark.parametrize(("number", "expected"), [(1, False), (2, False), (3, True)])
def test_the_last_try_comes_after_all_retries(number, expected):
    instance = SimpleNamespace(try_number=number, max_tries=orchestration.RETRIES)
    assert orchestration.last_try({"ti": instance}) is expected


def test_nights_are_counted_in_the_zone_of_the_configured_pack(tmp_path, monkeypatch):
    (tmp_path / "guidelines.toml").write_text(
        '[pack]\nid = "b"\nversion = "1"\ntitle = "B"\nsource = "s"\ninherits = "ucsf"\n'
        '[institution]\ntimezone = "Europe/Berlin"\n'
    )
    assert orchestration.time_zone() == "America/Los_Angeles"
    monkeypatch.setenv("AUDIT_POLICY", str(tmp_path))
    assert orchestration.time_zone() == "Europe/Berlin"


def test_a_wrong_zone_stops_the_schedule_instead_of_moving_it(tmp_path, monkeypatch):
    (tmp_path / "guidelines.toml").write_text(
        '[pack]\nid = "b"\nversion = "1"\ntitle = "B"\nsource = "s"\ninherits = "ucsf"\n'
        '[institution]\ntimezone = "Europe/Berlyn"\n'
    )
    monkeypatch.setenv("AUDIT_POLICY", str(tmp_path))
    with pytest.raises(ConfigError, match="no such time zone"):
        orchestration.time_zone()


def test_the_key_of_a_partition_is_the_name_of_its_night():
    assert DUE.strftime(orchestration.KEY) == "2026-11-22"


CONNECTED = """
import datetime as dt, os
from audit import orchestration
from audit.jobs.credentials import put
from airflow.sdk.log import redact
pair = '{"access_token": "token", "refresh_token": "again", "expires_in": 60}'
with orchestration.installation() as here:
    assert "x" not in here.settings.oauth_clients, "nothing is renewed yet"
    put(here, "x", "", pair)
    put(here, "youtube", "", "a-key")
    put(here, "linkedin", "", pair)
with orchestration.installation() as here:
    apps = here.settings.oauth_clients
    print(sorted(apps), apps["x"].id, apps["x"].secret.get_secret_value() == "of-connection")
    print(apps["linkedin"].id, redact("say of-connection and of-environment"))
"""


@pytest.mark.airflow
def test_connections_name_apps_and_their_secrets_are_masked(tmp_path):
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AUDIT_")},
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AUDIT_HOME": str(tmp_path / "home"),
        "AUDIT_OAUTH_CLIENTS": '{"linkedin": {"id": "app-2", "secret": "of-environment"}}',
        "AIRFLOW_CONN_AUDIT_X": json.dumps(
            {"conn_type": "http", "login": "app-1", "password": "of-connection"}
        ),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", CONNECTED],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines()[-2:] == [
        "['linkedin', 'x'] app-1 True",
        "app-2 say *** and ***",
    ], done.stderr[-2000:]


def test_a_shard_stops_asking_before_its_task_is_ended() -> None:
    left = orchestration.EXECUTION_TIMEOUT.total_seconds() - LASTS_S - LONGEST_WAIT_S
    assert left >= 1_500, "what was read has to be stored and judged"
