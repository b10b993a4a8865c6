"""A real Airflow on this machine: api-server, scheduler with its workers, dag-processor.

Each part is a process group of its own, on free ports and a folder of its own, and is ended
together with whatever it started: a scheduler that is only asked to leave may stay for long.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[2]
PARTS = ("api-server", "scheduler", "dag-processor")
LIMIT_S = 600
"""Far more than a step takes: other tests, and whoever else shares the machine, run beside it."""
DONE = frozenset({"success", "failed"})

T = TypeVar("T")


class NotStarted(Exception):
    """Airflow did not come up; the text holds the end of its logs."""


@dataclass
class RealAirflow:
    """Talks to a running Airflow over its public API."""

    home: Path
    url: str
    token: str = ""
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Make one call under ``/api/v2``; returns the answer's JSON."""
        request = urllib.request.Request(
            f"{self.url}/api/v2/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()[:500]!r}") from None
        return json.loads(text) if text else None

    def until(self, what: str, ask: Callable[[], T | None], limit_s: float = LIMIT_S) -> T:
        """Ask twice a second until the answer is neither ``None`` nor empty; return it."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            for name, process in self.parts.items():
                assert process.poll() is None, f"{name} has ended: {self.said(name)}"
            found = ask()
            if found:
                return found
            time.sleep(0.5)
        raise AssertionError(f"{what}: not within {limit_s:.0f} s; {self.said('scheduler')}")

    def said(self, part: str) -> str:
        """Return the end of what a part wrote."""
        file = self.home / f"{part}.txt"
        return file.read_text(errors="replace")[-3000:] if file.exists() else ""

    def trigger(self, dag_id: str, **values: Any) -> str:
        """Start a run by hand; returns its id."""
        answer = self.call("POST", f"dags/{dag_id}/dagRuns", {"logical_date": None, **values})
        run_id: str = answer["dag_run_id"]
        return run_id

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Return all runs of a DAG, oldest first."""
        found: list[dict[str, Any]] = self.call("GET", f"dags/{dag_id}/dagRuns?order_by=id")[
            "dag_runs"
        ]
        return found

    def finished(self, dag_id: str, run_id: str, limit_s: float = LIMIT_S) -> dict[str, str]:
        """Wait for a run to end; returns its states, the whole run's under ``""``."""
        path = f"dags/{dag_id}/dagRuns/{run_id}"

        def state() -> str | None:
            found: str = self.call("GET", path)["state"]
            return found if found in DONE else None

        whole = self.until(f"{dag_id} {run_id}", state, limit_s)
        return {
            "": whole,
            **{name: one["state"] for name, one in self.tasks(dag_id, run_id).items()},
        }

    def tasks(self, dag_id: str, run_id: str) -> dict[str, dict[str, Any]]:
        """Return the task instances of a run, mapped ones called ``name[index]``."""
        answer = self.call("GET", f"dags/{dag_id}/dagRuns/{run_id}/taskInstances")
        return {
            one["task_id"] + (f"[{one['map_index']}]" if one["map_index"] >= 0 else ""): one
            for one in answer["task_instances"]
        }


@contextmanager
def start(
    home: Path, dags: Path, database: str, environ: Mapping[str, str]
) -> Iterator[RealAirflow]:
    """Start an Airflow, and end all of it afterwards.

    Args:
        home: a new folder, becomes ``AIRFLOW_HOME``.
        dags: the folder of the DAGs.
        database: an empty one, as an SQLAlchemy address.
        environ: what the tasks need besides.

    Raises:
        NotStarted: with the end of the log of the part that did not come up.
    """
    home.mkdir()
    ports = free_ports(3)
    url = f"http://127.0.0.1:{ports[0]}"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AUDIT_", "AIRFLOW_"))}
    env = {**clean, **_settings(home, dags, database, ports), **environ}
    airflow = RealAirflow(home, url)
    try:
        _come_up(airflow, env)
        yield airflow
    finally:
        end(airflow)


def _come_up(airflow: RealAirflow, env: dict[str, str]) -> None:
    migration = begin(airflow, "migration", [sys.executable, "-c", MIGRATE], env)
    if migration.wait(LIMIT_S):
        raise NotStarted(airflow.said("migration"))
    del airflow.parts["migration"]
    for part in PARTS:
        begin(airflow, part, [sys.executable, "-m", "airflow", part], env)
    try:
        airflow.until("login", lambda: _log_in(airflow))
        airflow.until("the parts", lambda: _healthy(airflow))
    except AssertionError as error:
        raise NotStarted(str(error)) from None


MIGRATE = "from airflow.utils.db import initdb; initdb()"


def _settings(home: Path, dags: Path, database: str, ports: list[int]) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(ports[0]),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": secrets.token_hex(32),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(64),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{ports[0]}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "3",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "20",
        "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "0",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(home / "processor"),
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(ports[1]),
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(ports[2]),
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        "PYTHONPATH": str(ROOT),
    }


def begin(
    airflow: RealAirflow, name: str, command: list[str], env: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a part in a process group of its own; what it says goes to a file beside the logs."""
    with (airflow.home / f"{name}.txt").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=airflow.home,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    airflow.parts[name] = process
    return process


def _log_in(airflow: RealAirflow) -> str | None:
    with (
        suppress(OSError),
        urllib.request.urlopen(f"{airflow.url}/auth/token", timeout=5) as answer,
    ):
        airflow.token = json.load(answer)["access_token"]
    return airflow.token


def _healthy(airflow: RealAirflow) -> bool:
    health = airflow.call("GET", "monitor/health")
    return all(health[name]["status"] == "healthy" for name in ("scheduler", "dag_processor"))


def end(airflow: RealAirflow) -> None:
    """Kill whole process groups, then whatever left its group; a part may leave children behind."""
    for process in airflow.parts.values():
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pid in leftovers(airflow.home):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def leftovers(home: Path) -> list[int]:
    """Return the processes that were started for an Airflow; none where there is no ``/proc``."""
    mark = f"AIRFLOW_HOME={home}\0".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in environ.read_bytes():
                found.append(int(environ.parent.name))
    return found


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens on just now."""
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
