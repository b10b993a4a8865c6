"""How a run's surroundings become the night that it is about."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from audit import orchestration
from audit.errors import ConfigError

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
