"""Turns a check's verdict about a subject into a result with findings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from audit.model.finding import Finding, Result, Subject
from audit.model.verdict import Hit, Kind, Level, Outcome, Severity, Verdict
from audit.policy import BoundCheck

log = logging.getLogger(__name__)

Fingerprint = Callable[[str, Subject, str | None], str]
"""From check id, subject and anchor."""

STRENGTH = {Kind.DIRECT: 0, Kind.HUMAN: 0, Kind.PROXY: 1, Kind.WEAK: 2}
OUTCOMES = {
    Kind.DIRECT: Outcome.FAIL,
    Kind.HUMAN: Outcome.FAIL,
    Kind.PROXY: Outcome.REVIEW,
    Kind.WEAK: Outcome.REVIEW,
}


def guarded(
    bound: BoundCheck, subject: Subject, judge: Callable[[], Verdict], fingerprint: Fingerprint
) -> Result:
    """Judge; an exception becomes the outcome ``error`` of this check on this subject alone."""
    try:
        return result(bound, subject, judge(), fingerprint)
    except Exception as fault:  # noqa: BLE001  (one check's fault must not stop the others)
        return error(bound, subject, fault)


def result(
    bound: BoundCheck, subject: Subject, verdict: Verdict, fingerprint: Fingerprint
) -> Result:
    """Apply what the policy says about the check to what the check says about the subject."""
    if verdict.not_assessed is not None:
        return unassessed(bound, subject, verdict.not_assessed)
    if verdict.not_applicable is not None:
        return plain(bound, subject, Outcome.NOT_APPLICABLE, verdict.not_applicable)
    found: dict[str, Finding] = {}
    for hit in sorted(verdict.hits, key=lambda hit: (_severity(bound, hit).rank, hit.message)):
        finding = _finding(bound, subject, hit, fingerprint)
        found.setdefault(finding.fingerprint, finding)
    findings = tuple(found[key] for key in sorted(found))
    outcomes = {finding.outcome for finding in findings}
    outcome = next((one for one in (Outcome.FAIL, Outcome.REVIEW) if one in outcomes), Outcome.PASS)
    return replace(plain(bound, subject, outcome), findings=findings)


def plain(
    bound: BoundCheck, subject: Subject, outcome: Outcome, reason: str | None = None
) -> Result:
    """Return a result without findings."""
    return Result(
        check_id=bound.check.id,
        code=bound.check.code,
        subject=subject,
        outcome=outcome,
        reason=reason,
    )


def unassessed(bound: BoundCheck, subject: Subject, reason: str) -> Result:
    """Return the result of a check that could not look."""
    return plain(bound, subject, Outcome.NOT_ASSESSED, reason)


def error(bound: BoundCheck, subject: Subject, fault: Exception) -> Result:
    """Return the result of a check that failed.

    Only the fault's type is told: its text may quote what was judged.
    """
    log.error("check %s failed with %s", bound.check.id, type(fault).__name__)
    return plain(bound, subject, Outcome.ERROR, f"the check failed ({type(fault).__name__})")


def waive(results: Iterable[Result], waived: frozenset[str]) -> list[Result]:
    """Put the outcome ``waived`` on findings that a person waived, and keep them."""
    return [_waive(one, waived) for one in results]


def _finding(bound: BoundCheck, subject: Subject, hit: Hit, fingerprint: Fingerprint) -> Finding:
    kind = max(bound.check.kind, hit.kind or bound.check.kind, key=STRENGTH.__getitem__)
    quotable = subject.level is not Level.COMMENT  # the public's words are never quoted
    return Finding(
        fingerprint=fingerprint(bound.check.id, subject, hit.anchor),
        check_id=bound.check.id,
        code=bound.check.code,
        subject=subject,
        kind=kind,
        severity=_severity(bound, hit),
        outcome=OUTCOMES[kind],
        message=hit.message,
        source=hit.source,
        evidence=hit.evidence if quotable else None,
        suggestion=hit.suggestion if quotable else None,
    )


def _severity(bound: BoundCheck, hit: Hit) -> Severity:
    return max(bound.severity, hit.severity or bound.severity, key=lambda one: one.rank)


def _waive(result: Result, waived: frozenset[str]) -> Result:
    findings = tuple(
        replace(one, outcome=Outcome.WAIVED) if one.fingerprint in waived else one
        for one in result.findings
    )
    if findings and all(one.outcome is Outcome.WAIVED for one in findings):
        return replace(result, findings=findings, outcome=Outcome.WAIVED)
    return replace(result, findings=findings)
