"""An organisation whose nights are run by the DAGs, inside one Airflow process."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audit.settings import Settings
from tests.dags import organisation
from tests.dags.organisation import Site

ROOT = Path(__file__).parents[2]
PATIENCE_S = 180


@dataclass
class InProcess:
    """Talks to ``tests.dags.airflow_process``."""

    home: Path
    settings: Settings
    site: Site
    pack: Path
    registry: Path
    process: subprocess.Popen[str]
    answers: Path
    output: Path
    told: int = 0

    def ask(self, *order: Any) -> Any:
        """Give one order and wait for its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.process.poll() is None:
            lines = self.answers.read_text().splitlines() if self.answers.exists() else []
            if len(lines) > self.told:
                self.told += 1
                return json.loads(lines[-1])
            time.sleep(0.05)
        raise AssertionError(f"no answer to {order}; it said:\n{self.output.read_text()[-4000:]}")

    def night(self, as_of: str) -> dict[str, str]:
        """Run a night; returns the state of each task."""
        states: dict[str, str] = self.ask("run", "nightly_account_audit", {"as_of": as_of})
        return states


@pytest.fixture(scope="session")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    """An Airflow whose DAGs audit the organisation; started once for all tests."""
    root = tmp_path_factory.mktemp("dags")
    home, output = root / "audit", root / "output.txt"
    with contextlib.ExitStack() as stack:
        today = dt.datetime.now(dt.UTC)
        site = stack.enter_context(
            organisation.serve(Site(published=today - dt.timedelta(days=20)))
        )
        pack = organisation.write_pack(root / "pack")
        environ = organisation.variables(home, pack, site)
        registry = organisation.write_registry(root / "registry.csv", site)
        settings = organisation.register(environ, registry)
        stream = stack.enter_context(output.open("w"))
        answers = root / "answers.jsonl"
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AUDIT_", "AIRFLOW_"))}
        process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.dags.airflow_process", home / "airflow", answers],
                cwd=ROOT,
                env={**clean, **environ},
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        stack.callback(process.kill)
        yield InProcess(home, settings, site, pack, registry, process, answers, output)
