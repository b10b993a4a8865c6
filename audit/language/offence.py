"""Profanity and slurs, whatever the spelling, minus clinical and everyday uses of the words."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN, undisguise
from audit.language.sentences import QUOTES, Span
from audit.language.terms import pattern

ALLOWED = "profanity_allowed"
NAMES = "profanity_names"


class Tier(StrEnum):
    """How grave a word is; each has its word list in the pack."""

    SLUR = "profanity_slurs"
    STRONG = "profanity_strong"
    MILD = "profanity_mild"


@dataclass(frozen=True, slots=True)
class Offence:
    """One offensive word."""

    tier: Tier
    masked: str
    """Its first letter and stars."""
    quoted: bool
    """Whether it stands in quotation marks."""


_CENSORED = re.compile(r"(?<![\w*])[A-Za-z](?=[\w*#@%]*[*#@%])[\w*#@%]{2,11}(?![\w*])")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.[a-z]{2,3}/\S+")
_STARS = re.compile(r"[*#@%]")


def find(
    text: str, terms: Mapping[str, tuple[str, ...]], quotes: Sequence[Span]
) -> tuple[Offence, ...]:
    """Return the offensive words of a ``PLAIN`` text, slurs first."""
    text = _LINK.sub(lambda match: " " * len(match[0]), text)  # "https://example.org/WTF1"
    bare = undisguise(text)
    found = []
    for tier in Tier if _any_tier(terms).search(bare) else ():
        words = pattern(terms.get(tier, ()))
        for match in words.finditer(bare):
            if not _excused(match, bare, text, terms):
                found.append(Offence(tier, _mask(match[0]), _quoted(match[0], bare, text, quotes)))
    censored = _CENSORED.finditer(text)
    found += [
        Offence(Tier.STRONG, _mask(match[0]), any(q.holds(match.start()) for q in quotes))
        for match in censored
        if _guess(match[0].casefold(), terms.get(Tier.STRONG, ()))
    ]
    return tuple(found)


def _any_tier(terms: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    return pattern(sum((terms.get(tier, ()) for tier in Tier), ()))


def _excused(
    match: re.Match[str], bare: str, text: str, terms: Mapping[str, tuple[str, ...]]
) -> bool:
    allowed = pattern(terms.get(ALLOWED, ()))
    near = allowed.finditer(bare, max(0, match.start() - 40), match.end() + 40)
    if any(one.start() <= match.start() and match.end() <= one.end() for one in near):
        return True
    if pattern(terms.get(NAMES, ())).fullmatch(match[0]) is None:
        return False
    # "Dick Smith", "Dr. Hoe": written with a capital, and not a whole text in capitals.
    return re.search(rf"\b{match[0].capitalize()}\b", text) is not None


def _quoted(word: str, bare: str, text: str, quotes: Sequence[Span]) -> bool:
    """Whether every use of the word is quoted; undisguising shifts positions, so it is redone."""
    if not quotes:
        return False
    outside = text
    for quote in reversed(quotes):
        outside = outside[: quote.start] + " " + outside[quote.end :]
    return word not in undisguise(outside)


def _mask(word: str) -> str:
    return word[0] + "*" * (len(word) - 1)


def _guess(word: str, strong: tuple[str, ...]) -> bool:
    """Whether a word with stars for letters can only be a strong one."""
    if len(_STARS.findall(word)) == len(word) - 1 and word[0] not in "fs":
        return False
    shape = re.compile(_STARS.sub(r"[a-z]", re.sub(r"([*#@%])\1+", lambda m: m[0], word)))
    return any(shape.fullmatch(stem) for stem in _stems(strong))


@functools.lru_cache(maxsize=8)
def _stems(strong: tuple[str, ...]) -> frozenset[str]:
    stems = {term.rstrip("*") for term in strong if " " not in term}
    endings = ("", "s", "ed", "er", "ers", "ing", "in", "y")
    return frozenset(stem + end for stem in stems for end in endings)


def _offences(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Offence, ...]]:
    return [find(text[PLAIN], lexicon.terms, text[QUOTES]) for text in texts]


OFFENCES: Fact[tuple[Offence, ...]] = Fact(
    name="offences", compute=_offences, after=(PLAIN, QUOTES)
)
"""Profanity and slurs, slurs first."""
