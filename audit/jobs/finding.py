"""One finding: what happened to it and to its item, and that a person has looked at it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from audit.errors import ConfigError
from audit.installation import Installation
from audit.model.finding import Decision, Finding, Review
from audit.model.verdict import ITEM_LEVELS
from audit.store import findings, versions
from audit.store.database import Session
from audit.store.versions import Version

PREFIX = "F-"
SHORTEST = 6
"""Characters of a reference below which chance would decide which finding is meant."""


def detail(installation: Installation, reference: str) -> dict[str, Any]:
    """Return what is known of a finding, without a word of what was published.

    Args:
        installation: the installation.
        reference: the fingerprint or its beginning, with or without ``F-``, as mails quote it.

    Raises:
        ConfigError: no finding has this reference, or more than one.
    """
    with installation.store.read() as session:
        one = _find(session, reference)
        subject = one.subject
        seen = findings.sightings(session, accounts=[subject.account_id])
        decided = findings.reviews(session)
        known: tuple[Version, ...] = ()
        if subject.level in ITEM_LEVELS:
            known = versions.versions(session, subject.account_id, subject.subject_id)
        now = dt.datetime.now(dt.UTC)
        left = versions.departed(session, now, [subject.account_id])
    gone = left.get((subject.account_id, subject.subject_id))
    return {
        "fingerprint": one.fingerprint,
        "code": one.code,
        "check": one.check_id,
        "account": subject.account_id,
        "level": subject.level.value,
        "subject": subject.subject_id,
        "severity": one.severity.value,
        "message": one.message,
        "nights": [
            {"night": x.night, "sight": x.sight.value}
            for x in seen
            if x.fingerprint == one.fingerprint
        ],
        "versions": [
            {
                "number": x.number,
                "first_seen": _moment(x.first_seen),
                "edited_at": _moment(x.edited_at),
            }
            for x in known
        ],
        "removed": {"noticed_at": _moment(gone.gone_at), "reason": gone.reason} if gone else None,
        "decisions": [
            {"decision": x.decision.value, "decided_at": _moment(x.decided_at)}
            for x in decided
            if x.fingerprint == one.fingerprint
        ],
    }


def acknowledge(installation: Installation, reference: str, *, by: str, reason: str) -> str:
    """Record that a person has looked at a finding; returns its fingerprint.

    Raises:
        ConfigError: see ``detail``; or nobody, or no reason, is named.
    """
    if not by.strip() or not reason.strip():
        raise ConfigError("--by and --reason must not be empty")
    with installation.store.write() as session:
        one = _find(session, reference)
        findings.add_review(
            session,
            Review(
                fingerprint=one.fingerprint,
                decision=Decision.ACKNOWLEDGE,
                reviewer=by,
                reason=reason,
                decided_at=dt.datetime.now(dt.UTC),
            ),
        )
    return one.fingerprint


def _find(session: Session, reference: str) -> Finding:
    beginning = reference.removeprefix(PREFIX).lower()
    if len(beginning) < SHORTEST:
        raise ConfigError(f"{reference!r}: at least {SHORTEST} characters of the reference")
    known = findings.read(session)
    found = [one for key, one in known.items() if key.lower().startswith(beginning)]
    if not found:
        raise ConfigError(f"no finding has the reference {reference!r}")
    if len(found) > 1:
        raise ConfigError(f"{len(found)} findings begin with {reference!r}; give more of it")
    return found[0]


def _moment(value: dt.datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
