"""Turns word lists of a policy pack, and alternatives of a layer, into patterns.

A term of a list is one or more words. ``*`` at the end of a word stands for any ending, ``...``
between words for up to three words. Between words any white space or hyphen may stand; case does
not matter; apostrophes are straight, as in ``PLAIN`` texts.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable

NEVER = re.compile(r"(?!)")
GAP = r"(?:[\s-]+\S+){0,3}?[\s-]+"


def any_of(*forms: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """Return a pattern that matches any of ``forms``; case does not matter unless told."""
    return re.compile("|".join(f"(?:{form})" for form in forms), flags)


@functools.lru_cache(maxsize=256)
def pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of ``terms`` as whole words, the longest first."""
    if not terms:
        return NEVER
    bodies = sorted({_body(term) for term in terms}, key=lambda body: (body[:2], -len(body), body))
    # Grouped by their first two letters: most positions are given up after one comparison.
    groups = (_group(head, group) for head, group in itertools.groupby(bodies, lambda b: b[:2]))
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)", re.IGNORECASE)


def _group(head: str, bodies: Iterable[str]) -> str:
    listed = list(bodies)
    if not (head.isalnum() and head.isascii()):
        return "|".join(listed)
    return f"{head}(?:{'|'.join(body[2:] for body in listed)})"


def _body(term: str) -> str:
    parts: list[str] = []
    gap = False
    for word in term.split():
        if word == "...":
            gap = True
            continue
        if parts:
            parts.append(GAP if gap else r"[\s-]+")
        gap = False
        ending = r"[\w']*" if word.endswith("*") else ""
        parts.append(re.escape(word.rstrip("*")).replace(r"\-", r"[\s-]?") + ending)
    return "".join(parts)
