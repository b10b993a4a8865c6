"""Reads the labelled corpus, and says how much of what it holds.

    python -m training.corpus                 # counts, lengths, vocabulary, per file and per check
    python -m training.corpus --duplicates    # also pairs of lines that say nearly the same

The form of a line is that of labelled cases (``audit/cases.py``). Files whose names begin with
``aside`` are set aside: nothing is fitted on them, and no rule or threshold is chosen by them.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
ASIDE = "aside"
NEAR = 0.5
"""Share of common word triples (Jaccard) from which two lines count as nearly the same."""
SHORT = 6
"""Words below which a line has too few triples to be compared."""
COMMON = 60
"""A triple that stands in more lines than this tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One labelled case."""

    file: str
    """The name of its file without ``.jsonl``."""
    case_id: str
    level: str
    platform: str
    text: str
    before: tuple[str, ...] = ()
    """What was said before it in its thread, the oldest first."""
    expect: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    words: tuple[str, ...] = field(default=())

    @property
    def blameless(self) -> bool:
        """Whether nothing at all may be found in it."""
        return not self.expect and "*" in self.forbid

    @property
    def aside(self) -> bool:
        """Whether nothing may be fitted on it."""
        return self.file.startswith(ASIDE)


def read(folder: Path = FOLDER) -> list[Line]:
    """Read all files, in the order of their names.

    Raises:
        ValueError: a line is no JSON object or has no ``id``; with file and line.
    """
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, text in enumerate(path.read_text("utf-8").splitlines(), start=1):
            try:
                found.append(_line(path.stem, json.loads(text)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{path.name}:{number}: {error!r}") from None
    return found


def _line(file: str, value: dict[str, object]) -> Line:
    text = str(value.get("text") or "")
    thread = value.get("thread")
    turns = thread if isinstance(thread, list) else []
    expect, forbid = value.get("expect") or [], value.get("forbid") or []
    if not isinstance(expect, list) or not isinstance(forbid, list):
        raise TypeError("expect and forbid must be lists")
    return Line(
        file=file,
        case_id=str(value["id"]),
        level=str(value.get("level", "post")),
        platform=str(value.get("platform", "unknown")),
        text=text,
        before=tuple(str(turn["text"]) for turn in turns),
        expect=tuple(map(str, expect)),
        forbid=tuple(map(str, forbid)),
        words=tuple(re.findall(r"[\w'’]+", text.lower())),
    )


def duplicates(lines: Iterable[Line]) -> Iterator[tuple[float, Line, Line]]:
    """Yield pairs of lines that share at least ``NEAR`` of their word triples, with the share."""
    known: list[tuple[Line, frozenset[tuple[str, ...]]]] = []
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for line in lines:
        if len(line.words) < SHORT:
            continue
        triples = frozenset(zip(line.words, line.words[1:], line.words[2:], strict=False))
        met = Counter(at for one in triples if len(places[one]) <= COMMON for at in places[one])
        for at, common in met.items():
            other, theirs = known[at]
            share = common / (len(triples) + len(theirs) - common)
            if share >= NEAR:
                yield share, other, line
        for one in triples:
            places[one].append(len(known))
        known.append((line, triples))


def by_file(lines: Iterable[Line]) -> Iterator[str]:
    """Yield a table of the files: lines, levels, blameless ones, lengths, different words."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.file].append(line)
    groups["all"] = [line for group in list(groups.values()) for line in group]
    yield f"{'file':16}{'lines':>7}{'post':>7}{'reply':>7}{'comment':>9}{'blameless':>11}" + (
        f"{'words: median':>15}{'90 %':>6}{'most':>6}{'different':>11}"
    )
    for name, group in groups.items():
        levels = Counter(line.level for line in group)
        lengths = sorted(len(line.words) for line in group)
        share = sum(line.blameless for line in group) / len(group)
        yield (
            f"{name:16}{len(group):7}{levels['post']:7}{levels['reply']:7}{levels['comment']:9}"
            f"{share:11.0%}{statistics.median(lengths):15.0f}{lengths[len(lengths) * 9 // 10]:6}"
            f"{lengths[-1]:6}{len({word for line in group for word in line.words}):11,}"
        )


def by_check(lines: Iterable[Line]) -> Iterator[str]:
    """Yield a table of the checks: in how many lines expected, and forbidden by name."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        part = "aside" if line.aside else "fitted"
        for code in line.expect:
            rows[code][part] += 1
        for code in line.forbid:
            rows[code]["forbidden"] += 1
    yield f"{'check':10}{'expected':>10}{'aside':>8}{'forbidden by name':>20}"
    for code in sorted(rows.keys() - {"*"}, key=_natural):
        counts = rows[code]
        yield f"{code:10}{counts['fitted']:10}{counts['aside']:8}{counts['forbidden']:20}"


def _natural(code: str) -> tuple[str, int]:
    clause, _, number = code.partition(".")
    return clause, int(number) if number.isdigit() else 0


def main(words: list[str]) -> None:
    """Print the tables."""
    lines = read()
    for row in [*by_file(lines), "", *by_check(lines)]:
        print(row)
    if "--duplicates" in words:
        pairs = sorted(duplicates(lines), key=lambda one: -one[0])
        print(f"\n{len(pairs)} pairs share {NEAR:.0%} of their word triples or more")
        for share, one, other in pairs:
            print(f"{share:.2f}  {one.case_id}  {other.case_id}\n  {one.text}\n  {other.text}")


if __name__ == "__main__":
    main(sys.argv[1:])
