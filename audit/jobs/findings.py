"""Lists the findings of a night, as machines read them."""

from __future__ import annotations

from typing import Any

from audit.installation import Installation
from audit.model.finding import Finding, Review, State
from audit.states import Standing, standing
from audit.store import accounts, findings
from audit.store.findings import Sighting
from audit.store.runs import Run


def standings(installation: Installation, run: Run) -> list[tuple[Finding, Standing]]:
    """Return every finding known by a night, with where it stood then, in a fixed order.

    Those of checks that the policy has switched off or runs in shadow are left out, as in mails.
    """
    checks = {one.check.id for one in installation.policy.checks if not one.shadow}
    with installation.store.read() as session:
        registered = {one.account_id for one in accounts.registered(session)}
        found = findings.read(session)
        seen: dict[str, list[Sighting]] = {}
        for one in findings.sightings(session, until=run.night):
            seen.setdefault(one.fingerprint, []).append(one)
        decided: dict[str, list[Review]] = {}
        for review in findings.reviews(session, until=run.as_of):
            decided.setdefault(review.fingerprint, []).append(review)
    today = run.date
    pairs = [
        (finding, standing(seen.get(key, []), decided.get(key, []), run.night, today))
        for key, finding in found.items()
    ]
    known = [
        (finding, where)
        for finding, where in pairs
        if where is not None
        and finding.check_id in checks
        and finding.subject.account_id in registered
    ]
    return sorted(known, key=lambda pair: _order(pair[0]))


def listing(installation: Installation, run: Run) -> list[dict[str, Any]]:
    """Return the findings of a night as plain values; no word of what was published."""
    return [
        {
            "fingerprint": finding.fingerprint,
            "code": finding.code,
            "check": finding.check_id,
            "account": finding.subject.account_id,
            "level": finding.subject.level.value,
            "subject": finding.subject.subject_id,
            "kind": finding.kind.value,
            "severity": finding.severity.value,
            "outcome": finding.outcome.value,
            "state": where.state.value,
            "message": finding.message,
            "first_night": where.first_night,
            "last_night": where.last_night,
            "times_seen": where.times_seen,
            "changed_tonight": where.changed_tonight,
        }
        for finding, where in standings(installation, run)
    ]


def current(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those of a listing that a person has to know tonight: not what was resolved before."""
    return [one for one in found if one["changed_tonight"] or one["state"] != State.RESOLVED.value]


def _order(finding: Finding) -> tuple[str, str, str, str]:
    subject = finding.subject
    return finding.code, subject.account_id, subject.subject_id, finding.fingerprint
