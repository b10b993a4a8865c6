"""Values with everything filled in, so that a test names only what it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from audit.model.account import Account
from audit.model.finding import Finding, Result, Subject
from audit.model.item import Item, ItemKind, ItemText, TextSource
from audit.model.verdict import Kind, Level, Outcome, Severity
from audit.store.runs import Run

NIGHT = dt.datetime(2026, 10, 5, 9, 0, tzinfo=dt.UTC)


def at(day: int, hour: int = 9) -> dt.datetime:
    """Return an hour of a day in October 2026."""
    return dt.datetime(2026, 10, day, hour, tzinfo=dt.UTC)


def make_account(account_id: str = "library", **changes: Any) -> Account:
    """Return an account of an archive."""
    values = {"platform": "archive", "handle": account_id, "unit": "Library", "url": "x.jsonl"}
    return Account(**{"account_id": account_id, **values, **changes})


def make_item(item_id: str = "p1", text: str = "Hello", **changes: Any) -> Item:
    """Return a post."""
    values: dict[str, Any] = {
        "item_id": item_id,
        "kind": ItemKind.POST,
        "texts": (ItemText(source=TextSource.BODY, text=text),),
        "created_at": at(1),
    }
    return Item(**{**values, **changes})


def make_run(day: int = 5, **changes: Any) -> Run:
    """Return a night of October 2026."""
    values: dict[str, Any] = {
        "night": f"2026-10-{day:02}",
        "as_of": at(day),
        "backfill": False,
        "baseline": False,
        "policy_version": "test",
        "code_version": "test",
        "window_start": at(day) - dt.timedelta(days=30),
        "closed": False,
    }
    return Run(**{**values, **changes})


def make_subject(subject_id: str = "p1", account_id: str = "library") -> Subject:
    """Return a post as the subject of a finding."""
    return Subject(account_id=account_id, level=Level.POST, subject_id=subject_id)


def make_finding(fingerprint: str = "f1", **changes: Any) -> Finding:
    """Return a finding about a post."""
    values: dict[str, Any] = {
        "fingerprint": fingerprint,
        "check_id": "profanity",
        "code": "BP04.1",
        "subject": make_subject(),
        "kind": Kind.DIRECT,
        "severity": Severity.HIGH,
        "outcome": Outcome.FAIL,
        "message": "A profane word.",
        "evidence": "d***",
    }
    return Finding(**{**values, **changes})


def make_result(*findings: Finding, **changes: Any) -> Result:
    """Return a result of the check that the findings are of."""
    values: dict[str, Any] = {
        "check_id": "profanity",
        "code": "BP04.1",
        "subject": findings[0].subject if findings else make_subject(),
        "outcome": Outcome.FAIL if findings else Outcome.PASS,
        "findings": findings,
    }
    return Result(**{**values, **changes})
