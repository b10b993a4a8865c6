"""CI's own guard: a run in which a kind of test did not take place is not green."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from tools.ci_ran import KINDS, Tally


def report(kind: str, outcome: str, when: str = "call") -> pytest.TestReport:
    """What pytest says of one test."""
    return cast(
        "pytest.TestReport",
        SimpleNamespace(
            keywords={kind: 1},
            nodeid=f"test_{kind}",
            outcome=outcome,
            skipped=outcome == "skipped",
            when=when,
        ),
    )


def finish(tally: Tally, status: pytest.ExitCode = pytest.ExitCode.OK) -> pytest.ExitCode:
    """End the session as pytest does; returns its status afterwards."""
    session = cast("pytest.Session", SimpleNamespace(exitstatus=status))
    tally.pytest_sessionfinish(session)
    return pytest.ExitCode(session.exitstatus)


@pytest.fixture
def tally() -> Tally:
    """A run in which one test of every kind passed."""
    tally = Tally()
    for kind in KINDS:
        tally.pytest_runtest_logreport(report(kind, "passed"))
    return tally


def test_a_full_run_stays_green(tally: Tally) -> None:
    assert tally.missing() == []
    assert finish(tally) == pytest.ExitCode.OK


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_never_ran_turns_it_red(tally: Tally, kind: str) -> None:
    del tally.ran[kind]
    assert tally.missing() == [f"no test marked {kind} ran"]
    assert finish(tally) == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("when", ["setup", "call"])
def test_one_skip_among_others_turns_it_red(tally: Tally, when: str) -> None:
    tally.pytest_runtest_logreport(report("live", "skipped", when))
    assert tally.missing() == ["live: skipped test_live"]
    assert finish(tally) == pytest.ExitCode.TESTS_FAILED


def test_a_file_that_skips_itself_turns_it_red(tally: Tally) -> None:
    skipped = SimpleNamespace(skipped=True, nodeid="tests/live/test_bluesky.py")
    tally.pytest_collectreport(cast("pytest.CollectReport", skipped))
    assert tally.missing() == ["skipped as a whole: tests/live/test_bluesky.py"]


def test_a_worse_status_is_kept(tally: Tally) -> None:
    del tally.ran["live"]
    assert finish(tally, pytest.ExitCode.INTERNAL_ERROR) == pytest.ExitCode.INTERNAL_ERROR


@pytest.mark.xdist_group("together")
def test_groups_stay_on_one_worker(request: pytest.FixtureRequest) -> None:
    # Airflow and the live servers are started once for a group. Where the name of the group is not
    # part of the test's id, xdist scatters the group over its workers and says nothing.
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("not run with --dist loadgroup")
    assert request.node.nodeid.endswith("@together")
