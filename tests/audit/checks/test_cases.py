"""Every labelled case of every check, judged through the engine as a night would judge it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from audit import cases, catalogue, policy, trial
from audit.model.verdict import Outcome

FOLDER = Path(__file__).parents[2] / "cases"
UNKNOWN = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)
POLICY = policy.load("ucsf", catalogue.checks())


def lines() -> list[tuple[str, str, str]]:
    return [
        (file.stem, json.loads(line)["id"], line)
        for file in sorted(FOLDER.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


@pytest.mark.parametrize(
    ("check_id", "line"),
    [pytest.param(check_id, line, id=case_id) for check_id, case_id, line in lines()],
)
def test_case(check_id: str, line: str) -> None:
    case = cases.read(line, 1, UNKNOWN)
    results = trial.results(case, POLICY)
    faults = [one.reason for one in results if one.outcome is Outcome.ERROR]
    assert faults == []
    code = next(one.check.code for one in POLICY.checks if one.check.id == check_id)
    fired = any(one.findings for one in results if one.code == code)
    assert {code} == {*case.expect, *case.forbid}, "a case is for or against its own check"
    assert fired is (code in case.expect)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.jsonl")), ids=lambda file: file.stem)
def test_ids_are_unique_and_name_their_check(file: Path) -> None:
    ids = [json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{file.stem}-") for one in ids)


def test_a_finding_never_quotes_an_identifier() -> None:
    """Neither in a message nor in the evidence, whatever the check."""
    text = (
        "On behalf of UCSF, internal only: patient Ignacio Velez, MRN 60412287, SSN 219-09-9998, "
        "call 628-555-0193 or velez@example.com, damn. Vote YES on Prop 99! #patientstories"
    )
    line = json.dumps({"text": text, "account": {"spokesperson": False}})
    results = trial.results(cases.read(line, 1, UNKNOWN), POLICY)
    findings = [one for result in results for one in result.findings]
    assert len({one.code for one in findings}) >= 6
    said = " ".join(f"{one.message} {one.evidence} {one.suggestion}" for one in findings)
    for secret in ("Velez", "Ignacio", "60412287", "219-09", "9998", "555-0193", "example.com"):
        assert secret not in said


@pytest.mark.parametrize("level", ["post", "reply", "comment"])
def test_what_is_private_by_rule_has_no_evidence(level: str) -> None:
    text = "I want to die. Our patient Ignacio Velez, SSN 219-09-9998. We checked your chart."
    line = json.dumps({"text": text, "level": level})
    results = trial.results(cases.read(line, 1, UNKNOWN), POLICY)
    private = ("BP02.1", "BP10.1", "BP10.2", "BP12.1")
    findings = [one for result in results if result.code in private for one in result.findings]
    assert findings
    assert [one.evidence for one in findings] == [None] * len(findings)
