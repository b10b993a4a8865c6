"""An Airflow in a process of its own, which runs DAGs when a test asks it to.

Airflow reads its settings when it is first imported and takes over logging and warnings, which
the other tests of a process would feel. Orders are read from standard input, answers are written
to the file named by the argument, both as JSON, a line each.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from audit import orchestration
from examples import in_process

BROKEN: dict[tuple[str, str], Any] = {}
HEAVY = ("altair", "pandas", "presidio_analyzer", "vl_convert", "audit.jobs", "audit.store")


def declared(dag: Any) -> dict[str, Any]:
    """Return what a DAG declares, as plain values."""
    return {
        "doc": dag.doc_md,
        "tags": sorted(dag.tags),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "paused": dag.is_paused_upon_creation,
        "params": dag.params.dump(),
        "timetable": type(dag.timetable).__name__,
        "tasks": {
            task.task_id: {
                "doc": task.doc_md,
                "owner": task.owner,
                "downstream": sorted(task.downstream_task_ids),
                "rule": task.trigger_rule.value,
                "at_once": task.max_active_tis_per_dagrun,
                "retries": task.retries,
                "timeout_s": task.execution_timeout.total_seconds(),
                "rules": task.retry_policy.serialize()["rules"],
                "outlets": [outlet.name for outlet in task.outlets],
            }
            for task in dag.tasks
        },
    }


def ticks(zone: str, year: int) -> list[tuple[str, str]]:
    """Return the partition key and the instant of every night of a year."""
    from airflow.timetables.trigger import CronPartitionTimetable

    table = CronPartitionTimetable(orchestration.CRON, timezone=zone, key_format=orchestration.KEY)
    days = table.iter_partition_dagrun_infos(
        earliest=dt.datetime(year, 1, 1, tzinfo=dt.UTC),
        latest=dt.datetime(year, 12, 31, 23, tzinfo=dt.UTC),
    )
    return [(str(one.partition_key), one.run_after.isoformat()) for one in days]


def breaks(module: str, name: str, *, only: str = "") -> None:
    """Let a job fail, for arguments in whose text ``only`` stands, until ``mend`` is ordered."""
    owner = importlib.import_module(module)
    job = BROKEN.setdefault((module, name), getattr(owner, name))

    def broken(*args: Any, **kwargs: Any) -> Any:
        if only in repr(args[1:]):
            raise RuntimeError("broken by a test")
        return job(*args, **kwargs)

    setattr(owner, name, broken)


def mend() -> None:
    """Undo all ``breaks``."""
    for (module, name), job in BROKEN.items():
        setattr(importlib.import_module(module), name, job)


def main(home: Path, answers: Path) -> None:
    """Prepare, then do what is ordered until standard input ends."""
    before = set(sys.modules)
    bag = in_process.prepare(home, level="CRITICAL")
    heavy = [name for name in HEAVY if name in set(sys.modules) - before]
    from airflow.dag_processing.dagbag import DagBag

    began = time.process_time()
    DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    parsed = time.process_time() - began
    # Before any run: running a DAG in this process takes its retries away.
    written = {name: declared(dag) for name, dag in bag.dags.items()}
    doing: dict[str, Callable[..., Any]] = {
        "load": lambda: {
            "dags": written,
            "heavy": heavy,
            "parse_s": parsed,
        },
        "ticks": ticks,
        "break": lambda module, name, only="": breaks(module, name, only=only),
        "mend": mend,
        "run": lambda dag_id, conf: in_process.run(bag, dag_id, conf),
    }
    with answers.open("w") as stream:
        for line in sys.stdin:
            name, *values = json.loads(line)
            print(json.dumps(doing[name](*values)), file=stream, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
