"""Reads the word lists that ship with the code: general English, nothing of an institution."""

from __future__ import annotations

import functools
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "data" / "words"


@functools.cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of ``<name>.txt`` in order; lines that begin with ``#`` are notes."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


@functools.cache
def word_set(name: str) -> frozenset[str]:
    """Return the same as a set."""
    return frozenset(words(name))
