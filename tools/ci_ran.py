"""A pytest plugin that fails a run in which tests that need a service did not run.

On a developer's machine such a test skips itself. In CI a skip would hide that the service did
not start, so each kind in KINDS must have run at least once and must not have been skipped::

    python -m pytest -p tools.ci_ran
"""

from __future__ import annotations

from collections import Counter

import pytest

KINDS = ("airflow", "browser", "live", "postgres", "recorded")


class Tally:
    """What became of the tests of each kind."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.skipped: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self.not_collected: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that skipped itself as a whole; what it holds is not known any more."""
        if report.skipped and report.nodeid not in self.not_collected:
            self.not_collected.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one test under each kind that marks it; xdist hands the workers' reports here."""
        for kind in KINDS:
            if kind not in report.keywords:
                continue
            if report.when == "call" and report.outcome != "skipped":
                self.ran[kind] += 1
            elif report.skipped and not hasattr(report, "wasxfail"):
                self.skipped[kind].append(report.nodeid)

    def missing(self) -> list[str]:
        """Return a line for each kind that did not run in full."""
        lines = [f"no test marked {kind} ran" for kind in KINDS if not self.ran[kind]]
        for kind, nodes in self.skipped.items():
            lines += [f"{kind}: skipped {node}" for node in nodes]
        return lines + [f"skipped as a whole: {node}" for node in self.not_collected]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the counts, and what is missing."""
        terminalreporter.section("tests that need a service")
        for kind in KINDS:
            terminalreporter.line(
                f"{kind}: {self.ran[kind]} ran, {len(self.skipped[kind])} skipped"
            )
        for line in self.missing():
            terminalreporter.line(f"FAILED {line}", red=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a run with something missing red."""
        if self.missing() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure(config: pytest.Config) -> None:
    """Count in the process that reports, not in its workers."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally(), "ci-ran")
