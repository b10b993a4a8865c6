"""Judges texts that are not, or not yet, published: from files, and drafts."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from audit import cases, catalogue, policy, trial
from audit.errors import ConfigError
from audit.model.finding import Finding, Result
from audit.model.verdict import Outcome

FOUND = (Outcome.FAIL, Outcome.REVIEW)


def read_lines(name: str) -> Iterator[str]:
    """Yield the lines of a file, or of standard input for ``-``.

    Raises:
        ConfigError: the file cannot be read as UTF-8 text.
    """
    if name == "-":
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8-sig") as stream:
            yield from stream
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8 at byte {error.start}") from None


def judge_lines(lines: Iterable[str], pack: str) -> Iterator[dict[str, Any]]:
    """Judge one labelled case a line (see ``audit.cases``); empty lines are passed over.

    Yields:
        ``{"id", "findings"}`` for each line, or ``{"id", "error"}`` where it cannot be read.

    Raises:
        ConfigError: the policy pack is wrong.
    """
    bound = policy.load(pack, catalogue.checks(), catalogue.platform_names())
    now = dt.datetime.now(dt.UTC)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = cases.read(line, number, now)
            yield {"id": case.case_id, "findings": found(trial.results(case, bound))}
        except ConfigError as error:
            yield {"id": _id(line, number), "error": str(error)}


def judge_draft(
    words: str, pack: str, *, reply_to: str | None = None, spokesperson: bool | None = None
) -> list[dict[str, Any]]:
    """Judge words as a post, or as a reply when the message answered is given.

    Returns:
        Findings as in ``judge_lines``, each with ``title``, ``remedy`` and ``suggestion``.

    Raises:
        ConfigError: there are no words, or the policy pack is wrong.
    """
    if not words.strip():
        raise ConfigError("there are no words to judge")
    line: dict[str, Any] = {"text": words, "level": "reply" if reply_to else "post"}
    if reply_to:
        line["thread"] = [{"by": "public", "text": reply_to}]
    if spokesperson is not None:
        line["account"] = {"spokesperson": spokesperson}
    bound = policy.load(pack, catalogue.checks(), catalogue.platform_names())
    case = cases.read(json.dumps(line), 1, dt.datetime.now(dt.UTC))
    by_code = {one.check.code: one.check for one in bound.checks}
    results = trial.results(case, bound)
    suggestions = {one.code: one.suggestion for result in results for one in result.findings}
    return [
        {
            **one,
            "title": by_code[one["code"]].title,
            "remedy": by_code[one["code"]].remedy,
            "suggestion": suggestions[one["code"]],
        }
        for one in found(results)
    ]


def found(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Return what was found as plain values, the gravest first."""
    findings = [one for result in results for one in result.findings if one.outcome in FOUND]
    return [_plain(one) for one in sorted(findings, key=_order)]


def _plain(one: Finding) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind.value,
        "outcome": one.outcome.value,
        "severity": one.severity.value,
        "message": one.message,
        "text": one.source.value if one.source else None,
    }


def _order(one: Finding) -> tuple[int, str, str]:
    return one.severity.rank, one.code, one.fingerprint


def _id(line: str, number: int) -> str:
    """The case's own id if the line gives away that much."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        value = None
    known = value.get("id") if isinstance(value, dict) else None
    return known if isinstance(known, str) else f"line-{number}"
