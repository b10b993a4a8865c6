"""Runs DAGs inside this process: no scheduler, no server, and a database in a file of their own.

What a real Airflow does besides is missing here: nothing masks secrets, an asset starts no other
DAG, a failed task is not tried again minutes later, and a run has no partition key, so the night
is given as the parameter ``as_of``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

DAGS = Path(__file__).parents[1] / "dags"


def prepare(home: Path, dags: Path = DAGS, *, level: str = "ERROR") -> DagBag:
    """Make an Airflow in a folder, or take up the one that is there, and load the DAGs.

    Call it once, before anything imports Airflow, and with the ``AUDIT_`` variables set: both
    are read while the DAGs are loaded. Somebody's own Airflow is left alone.

    Args:
        home: becomes ``AIRFLOW_HOME``.
        dags: the folder of the DAGs.
        level: what Airflow says on standard output, as a level of ``logging``.

    Raises:
        RuntimeError: Airflow has been imported before, or a DAG cannot be loaded.
    """
    if "airflow" in sys.modules:
        raise RuntimeError("Airflow has been imported already, with the settings of another home")
    home.mkdir(parents=True, exist_ok=True)
    for name in [name for name in os.environ if name.startswith("AIRFLOW_")]:
        del os.environ[name]
    os.environ |= {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": level,
    }
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    bag = DagBag(str(dags))
    if bag.import_errors:
        raise RuntimeError("\n".join(f"{file}: {text}" for file, text in bag.import_errors.items()))
    return bag


def run(bag: DagBag, dag_id: str, conf: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Run a DAG once, from its first task to its last; returns the state of each task.

    Mapped tasks are called with their index, as in ``audit_shard[0]``; the key ``""`` holds the
    state of the whole run.

    Args:
        bag: what ``prepare`` returned.
        dag_id: which DAG.
        conf: values for its parameters, such as ``{"as_of": "2026-01-31"}``.
    """
    dag = bag.dags[dag_id]
    for task in dag.tasks:
        task.retries = 0
    dag_run = dag.test(run_conf=dict(conf or {}))
    states = {"": str(dag_run.state)}
    for one in dag_run.get_task_instances():
        index = f"[{one.map_index}]" if one.map_index >= 0 else ""
        states[f"{one.task_id}{index}"] = str(one.state)
    return states
