"""DAG files hold a schedule and arrows, nothing else; read from their source."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

DAGS = Path(__file__).parents[2] / "dags"
FILES = sorted(DAGS.glob("*.py"))
ALLOWED = {"airflow.sdk", "audit", "pendulum"}
GLUE = {"orchestration"}
LINES = 80
JOBS = ("audit.jobs.", "reports.jobs.")
FORBIDDEN = (
    ast.If, ast.IfExp, ast.For, ast.While, ast.Match, ast.Try, ast.ListComp, ast.DictComp,
    ast.SetComp, ast.GeneratorExp, ast.Lambda, ast.ClassDef,
)  # fmt: skip


def parsed(file):
    return ast.parse(file.read_text())


def tasks(tree):
    """Return the functions inside the function of the DAG."""
    (dag,) = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [node for node in dag.body if isinstance(node, ast.FunctionDef)]


def test_there_are_dags():
    assert {file.stem for file in FILES} >= {
        "nightly_account_audit",
        "compliance_trends",
        "retention",
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dag_file_is_short(file):
    assert len(file.read_text().splitlines()) <= LINES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dag_file_decides_nothing(file):
    found = [node for node in ast.walk(parsed(file)) if isinstance(node, FORBIDDEN)]
    assert [(node.lineno, type(node).__name__) for node in found] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_parsing_a_dag_file_imports_nothing_heavy(file):
    for node in parsed(file).body:
        if isinstance(node, ast.Import):
            assert all(one.name.partition(".")[0] in sys.stdlib_module_names for one in node.names)
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            assert module in ALLOWED or module.partition(".")[0] in sys.stdlib_module_names
            assert module != "audit" or {one.name for one in node.names} <= GLUE


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_task_hands_one_job_to_the_glue(file):
    for task in tasks(parsed(file)):
        *doc, imported, called = task.body
        assert len(doc) <= 1
        assert not doc or ast.get_docstring(task), f"{task.name}: does more than one job"
        assert isinstance(imported, ast.ImportFrom), f"{task.name}: imports no job"
        assert (imported.module or "").startswith(JOBS), imported.module
        (job,) = imported.names
        assert not job.name.startswith("_")
        call = called.value if isinstance(called, ast.Expr | ast.Return) else None
        assert isinstance(call, ast.Call), f"{task.name}: does not call it"
        assert isinstance(call.args[0], ast.Name), f"{task.name}: hands over no job"
        assert call.args[0].id == job.asname
