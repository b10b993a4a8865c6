"""Findings, what each night saw of them, and what people decided."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from audit.model.finding import Decision, Finding, Result, Review, Sight, Subject
from audit.model.item import TextSource
from audit.model.verdict import ITEM_LEVELS, Kind, Level, Outcome, Severity
from audit.store.database import Session
from audit.store.schema import finding, review, sighting
from audit.vault import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one night saw of a finding."""

    fingerprint: str
    night: str
    sight: Sight
    kind: Kind
    severity: Severity
    outcome: Outcome


def record(
    session: Session,
    night: str,
    account_id: str,
    levels: Sequence[Level],
    results: Sequence[Result],
    gone: Mapping[str, str],
    readable: Collection[str] | None = None,
) -> None:
    """Keep what a night found of an account at some levels, in place of an earlier try.

    A finding of an earlier night that is not among ``results`` is cleared when its subject was
    judged again by the same check, gone when the account took the subject down, and otherwise
    left alone: what was not looked at again is neither open nor resolved.

    Args:
        session: an open transaction.
        night: the night that looked.
        account_id: whose results these are.
        levels: the levels that were judged.
        results: one for each check and subject.
        gone: ids of items that had vanished, with the reasons.
        readable: ids of the items whose wording of that night is still kept; what an earlier
            try saw of the others stays. ``None``: nothing was deleted of what was judged.
    """
    found = {one.fingerprint: one for result in results for one in result.findings}
    judged = {(one.check_id, one.subject) for one in results if _judged(one)}
    earlier = _earlier(session, night, account_id, levels)
    unknown = {(one.check_id, one.subject.level) for one in results if not _judged(one)}
    _forget(session, night, account_id, levels, readable, unknown)
    _save(session, night, list(found.values()))
    rows = [_sighting(one.fingerprint, night, Sight.SEEN, one) for one in found.values()]
    for old, last in earlier:
        if old.fingerprint in found or last.sight is not Sight.SEEN:
            continue
        if old.subject.subject_id in gone:
            rows.append(_sighting(old.fingerprint, night, Sight.GONE, last))
        elif (old.check_id, old.subject) in judged:
            rows.append(_sighting(old.fingerprint, night, Sight.CLEARED, last))
    session.upsert(sighting, rows)


def read(
    session: Session,
    fingerprints: Sequence[str] | None = None,
    accounts: Collection[str] | None = None,
) -> dict[str, Finding]:
    """Return findings by fingerprint, worded as last seen; kind and severity likewise.

    Evidence and suggestion are ``None`` once a purge has deleted them.
    """
    query = select(finding)
    if accounts is not None:
        query = query.where(finding.c.account_id.in_(accounts))
    if fingerprints is not None:
        query = query.where(finding.c.fingerprint.in_(fingerprints))
    seen = (one for one in sightings(session, accounts=accounts) if one.sight is Sight.SEEN)
    newest = {one.fingerprint: one for one in seen}
    rows = session.connection.execute(query.order_by(finding.c.fingerprint)).mappings()
    return {
        row["fingerprint"]: _open(session, row, newest[row["fingerprint"]])
        for row in rows
        if row["fingerprint"] in newest
    }


def sightings(
    session: Session, until: str | None = None, accounts: Collection[str] | None = None
) -> list[Sighting]:
    """Return sightings in the order of the nights, up to and with the night ``until``."""
    query = select(sighting).order_by(sighting.c.night, sighting.c.fingerprint)
    if until is not None:
        query = query.where(sighting.c.night <= until)
    if accounts is not None:
        ours = select(finding.c.fingerprint).where(finding.c.account_id.in_(accounts))
        query = query.where(sighting.c.fingerprint.in_(ours))
    rows = session.connection.execute(query).mappings()
    return [_sighting_of(row) for row in rows]


def missed(session: Session, night: str, account_id: str) -> dict[str, str]:
    """Return the ids of the subjects that a night missed, with no reason."""
    query = (
        select(finding.c.subject_id)
        .join(sighting, sighting.c.fingerprint == finding.c.fingerprint)
        .where(finding.c.account_id == account_id)
        .where(sighting.c.night == night, sighting.c.sight == Sight.GONE.value)
    )
    return dict.fromkeys(session.connection.scalars(query), "")


def add_review(session: Session, new: Review) -> None:
    """Add a decision."""
    values = {name: getattr(new, name) for name in Review.__slots__}
    session.connection.execute(insert(review).values(**values))


def reviews(session: Session, until: dt.datetime | None = None) -> list[Review]:
    """Return decisions, oldest first, up to and with a moment; all of them without one."""
    columns = [column for column in review.c if column.name != "review_id"]
    query = select(*columns).order_by(review.c.review_id)
    if until is not None:
        query = query.where(review.c.decided_at <= until)
    rows = session.connection.execute(query).mappings()
    return [Review(**{**row, "decision": Decision(row["decision"])}) for row in rows]


def _judged(result: Result) -> bool:
    return result.outcome not in (Outcome.NOT_ASSESSED, Outcome.ERROR)


def _earlier(
    session: Session, night: str, account_id: str, levels: Sequence[Level]
) -> list[tuple[Finding, Sighting]]:
    """Findings of the account that earlier nights saw, each with its latest sighting."""
    query = (
        select(finding, *[column.label(f"last_{column.name}") for column in sighting.c])
        .join(sighting, sighting.c.fingerprint == finding.c.fingerprint)
        .where(
            finding.c.account_id == account_id,
            finding.c.level.in_(levels),
            sighting.c.night < night,
        )
        .order_by(sighting.c.night)
    )
    latest: dict[str, tuple[Finding, Sighting]] = {}
    for row in session.connection.execute(query).mappings():
        last = _sighting_of({one.name: row[f"last_{one.name}"] for one in sighting.c})
        latest[row["fingerprint"]] = (_bare(row, last), last)
    return list(latest.values())


def _forget(
    session: Session,
    night: str,
    account_id: str,
    levels: Sequence[Level],
    readable: Collection[str] | None,
    unknown: Collection[tuple[str, Level]],
) -> None:
    """Delete what an earlier try of the night saw, but for what this one cannot know.

    That is an item whose wording is deleted, and an account as a whole by a check that could
    not judge it, as when the posts that it would count were deleted.
    """
    rows = session.connection.execute(
        select(finding.c.fingerprint, finding.c.check_id, finding.c.level, finding.c.subject_id)
        .join(sighting, sighting.c.fingerprint == finding.c.fingerprint)
        .where(
            sighting.c.night == night,
            finding.c.account_id == account_id,
            finding.c.level.in_(levels),
        )
    )
    again = [
        {"b_fingerprint": key}
        for key, check_id, level, subject in rows
        if (
            readable is None or subject in readable
            if Level(level) in ITEM_LEVELS
            else (check_id, Level(level)) not in unknown
        )
    ]
    if again:
        ours = sighting.c.fingerprint == bindparam("b_fingerprint")
        statement = delete(sighting).where(sighting.c.night == night, ours)
        session.connection.execute(statement, again)


def _save(session: Session, night: str, found: Sequence[Finding]) -> None:
    """Write the findings; the wording of a later night is never replaced by an earlier one's."""
    query = select(finding.c.fingerprint, finding.c.night).where(
        finding.c.fingerprint.in_([one.fingerprint for one in found])
    )
    known = {row[0]: row[1] for row in session.connection.execute(query)}
    session.upsert(
        finding,
        [
            {
                "fingerprint": one.fingerprint,
                "check_id": one.check_id,
                "code": one.code,
                "account_id": one.subject.account_id,
                "level": one.subject.level.value,
                "subject_id": one.subject.subject_id,
                "message": one.message,
                "source": one.source.value if one.source else None,
                "sealed": _seal(session, one),
                "night": night,
            }
            for one in found
            if known.get(one.fingerprint, "") <= night
        ],
    )


def _seal(session: Session, one: Finding) -> bytes:
    words = json.dumps({"evidence": one.evidence, "suggestion": one.suggestion})
    return session.vault.seal(Purpose.TEXTS, words, row=f"finding:{one.fingerprint}")


def _open(session: Session, row: Mapping[Any, Any], last: Sighting) -> Finding:
    if not row["sealed"]:
        return _bare(row, last)
    sealed = session.vault.open(Purpose.TEXTS, row["sealed"], row=f"finding:{row['fingerprint']}")
    return _bare(row, last, **json.loads(sealed))


def _bare(row: Mapping[Any, Any], last: Sighting, **words: str | None) -> Finding:
    return Finding(
        fingerprint=row["fingerprint"],
        check_id=row["check_id"],
        code=row["code"],
        subject=Subject(
            account_id=row["account_id"],
            level=Level(row["level"]),
            subject_id=row["subject_id"],
        ),
        kind=last.kind,
        severity=last.severity,
        outcome=last.outcome,
        message=row["message"],
        source=TextSource(row["source"]) if row["source"] else None,
        **words,
    )


def _sighting(
    fingerprint: str, night: str, sight: Sight, like: Finding | Sighting
) -> dict[str, str]:
    return {
        "fingerprint": fingerprint,
        "night": night,
        "sight": sight.value,
        "kind": like.kind.value,
        "severity": like.severity.value,
        "outcome": like.outcome.value,
    }


def _sighting_of(row: Mapping[Any, Any]) -> Sighting:
    return Sighting(
        fingerprint=row["fingerprint"],
        night=row["night"],
        sight=Sight(row["sight"]),
        kind=Kind(row["kind"]),
        severity=Severity(row["severity"]),
        outcome=Outcome(row["outcome"]),
    )
