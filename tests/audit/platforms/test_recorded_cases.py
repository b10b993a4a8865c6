"""Recorded answers beside what ``account-audit replay`` makes of them; no code for each.

``tests/cases/platforms/<platform>/<case>.*`` is an answer, a bare body or an envelope, and
``<case>.expected.jsonl`` beside it the output of ``replay ... --json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit import catalogue
from audit.jobs.replay import replay
from tests.tree import ROOT

FOLDER = ROOT / "tests" / "cases" / "platforms"
EXPECTED = ".expected.jsonl"


def cases(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the platform and the recorded answer of each case below a folder."""
    for file in sorted(folder.glob("*/*")):
        if not file.name.endswith(EXPECTED):
            yield file.parent.name, file


def replayed(platform: str, file: Path) -> list[object]:
    """Return the lines of ``replay --json`` as values."""
    unread: list[str] = []
    lines = list(replay(platform, [file], unread.append))
    assert unread == []
    return [json.loads(json.dumps(line)) for line in lines]


def expected(file: Path) -> list[object]:
    """Return what stands beside a recorded answer."""
    text = file.with_name(file.name.partition(".")[0] + EXPECTED).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("platform", "file"), list(cases(FOLDER)), ids=lambda value: getattr(value, "stem", value)
)
def test_a_recorded_answer_says_what_stands_beside_it(platform: str, file: Path) -> None:
    assert platform in catalogue.platforms()
    assert replayed(platform, file) == expected(file)
