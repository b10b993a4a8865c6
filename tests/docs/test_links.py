"""What the documentation points to is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tree import ROOT, files, name

FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(<?([^)>\s]+)>?\)")
QUOTED = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
PATH = re.compile(r"[\w.<>*-]+(?:/[\w.<>*-]+)+/?")
PLACEHOLDER = re.compile(r"<\w+>")
MADE = {".audit", ".venv"}
"""Folders that commands make; they are not part of the project."""


def pages() -> tuple[Path, ...]:
    return files(".md")


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text())


def slugs(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    titles = HEADING.findall(prose(page))
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def broken_links(page: Path) -> Iterator[str]:
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        if not goal.exists():
            yield f"{name(page)}: {target} is not there"
        elif anchor and anchor not in slugs(goal):
            yield f"{name(page)}: {target} has no such heading"


def lost_paths(page: Path, roots: frozenset[str]) -> Iterator[str]:
    for quoted in QUOTED.findall(prose(page)):
        for word in quoted.split():
            if not PATH.fullmatch(word):
                continue
            first = word.split("/")[0]
            base = page.parent if first in (".", "..") else ROOT
            if first not in roots and base is ROOT:
                continue
            pattern = PLACEHOLDER.sub("*", word.rstrip("/"))
            found = any(base.glob(pattern)) if "*" in pattern else (base / pattern).exists()
            if not found:
                yield f"{name(page)}: `{word}` is not there"


def test_there_are_pages() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/design.md"} <= {name(page) for page in pages()}


def test_relative_links_lead_somewhere() -> None:
    assert [problem for page in pages() for problem in broken_links(page)] == []


def test_paths_in_the_text_exist() -> None:
    roots = frozenset(path.relative_to(ROOT).parts[0] for path in files()) - MADE
    assert [problem for page in pages() for problem in lost_paths(page, roots)] == []


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[a](design.md) [b](design.md#the-picture) [c](https://example.edu/x)", 0),
        ("[a](absent.md)", 1),
        ("[a](design.md#no-such-heading)", 1),
        ("`audit/settings.py`, `audit/checks/<clause>/<name>.py`, `key/value`", 0),
        ("`audit/absent.py`", 1),
        ("run `python -m x audit/absent.py`", 1),
        ("```\n[a](absent.md) `audit/absent.py`\n```", 0),
    ],
)
def test_what_leads_nowhere_is_noticed(
    text: str, problems: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / "docs" / "invented.md"
    read = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda path, *rest: text if path == page else read(path, *rest)
    )
    found = [*broken_links(page), *lost_paths(page, frozenset({"audit"}))]
    assert len(found) == problems, found
