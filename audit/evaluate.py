"""Measures the checks on labelled cases.

A case counts for a check as true positive when the check was expected and fired, as false
negative when it was expected and did not, and as false positive when it fired though the case
forbids it: by name, or by ``"*"``, which forbids findings of kind D and P beyond the expected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from audit import cases, catalogue, policy, trial
from audit.cases import Case
from audit.errors import ConfigError
from audit.model.finding import Finding
from audit.model.verdict import Kind, Outcome

ANY = "*"
GRAVE = (Kind.DIRECT, Kind.PROXY)
FOUND = (Outcome.FAIL, Outcome.REVIEW)


@dataclass
class Tally:
    """What one check, or all together, got right and wrong."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def report(self) -> dict[str, int | float | None]:
        """Return the counts with precision and recall; ``None`` where there is no denominator."""
        return {
            "tp": self.tp,
            "fp": self.fp,
            "fn": self.fn,
            "precision": _share(self.tp, self.fp),
            "recall": _share(self.tp, self.fn),
        }


@dataclass
class Measured:
    """The tallies of a set of cases."""

    cases: int = 0
    clean_cases: int = 0
    clean: int = 0
    checks: dict[str, Tally] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)

    def count(self, case: Case, findings: list[Finding]) -> None:
        """Count one case."""
        fired = {one.code for one in findings}
        grave = {one.code for one in findings if one.kind in GRAVE}
        expected = set(case.expect)
        wrong = (fired & set(case.forbid)) - expected
        if ANY in case.forbid:
            wrong |= grave - expected
        missed = expected - fired
        for codes, name in ((expected & fired, "tp"), (missed, "fn"), (wrong, "fp")):
            for code in codes:
                tally = self.checks.setdefault(code, Tally())
                setattr(tally, name, getattr(tally, name) + 1)
        self.cases += 1
        if not expected and ANY in case.forbid:
            self.clean_cases += 1
            self.clean += not wrong
        if missed or wrong:
            self.failures.append(
                {"id": case.case_id, "missed": sorted(missed), "wrong": sorted(wrong)}
            )


def evaluate_lines(lines: Iterable[str], pack: str) -> dict[str, Any]:
    """Judge labelled cases, one a line, and compare.

    Returns:
        ``cases``, ``checks`` by code, ``micro``, ``clean`` and ``failures``, as in the README.

    Raises:
        ConfigError: a line cannot be read or has no label, or there is no line.
    """
    bound = policy.load(pack, catalogue.checks(), catalogue.platform_names())
    now = dt.datetime.now(dt.UTC)
    measured = Measured()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        case = cases.read(line, number, now)
        if not case.labelled:
            raise ConfigError(f"line {number}: expect: missing; evaluate needs labelled cases")
        results = trial.results(case, bound)
        found = [one for result in results for one in result.findings if one.outcome in FOUND]
        measured.count(case, found)
    if not measured.cases:
        raise ConfigError("there is no case to evaluate")
    return _report(measured)


def _report(measured: Measured) -> dict[str, Any]:
    tallies = measured.checks.values()
    micro = Tally(
        tp=sum(one.tp for one in tallies),
        fp=sum(one.fp for one in tallies),
        fn=sum(one.fn for one in tallies),
    )
    order = sorted(measured.checks, key=catalogue.natural)
    return {
        "cases": measured.cases,
        "checks": {code: measured.checks[code].report() for code in order},
        "micro": micro.report(),
        "clean": {
            "cases": measured.clean_cases,
            "clean": measured.clean,
            "rate": measured.clean / measured.clean_cases if measured.clean_cases else None,
        },
        "failures": measured.failures,
    }


def _share(hits: int, others: int) -> float | None:
    return hits / (hits + others) if hits + others else None
