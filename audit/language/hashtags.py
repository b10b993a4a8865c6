"""Hashtags, and the words of which a tag without capitals is made."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.wordlists import word_set
from audit.language.wordlists import words as wordlist

BRANDS = "brand_words"
"""The pack's list of words that a dictionary does not know."""

_TAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d_]\w*)")
_UNKNOWN_PER_LETTER = 12.0
"""Cost of a letter outside every known word: more than a rare word of one letter, so that a
known split always wins over an unknown rest."""
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Hashtag:
    """One tag of a text."""

    tag: str
    """As written, without the sign."""
    words: tuple[str, ...]
    """Its words in lower case; one word where it has capitals or cannot be split."""
    known: bool
    """Whether every part is a word of the dictionary, of the brands, or a number."""

    @property
    def lower(self) -> bool:
        """Whether it is written without any capital."""
        return self.tag == self.tag.lower()


def split(tag: str, brands: tuple[str, ...] = ()) -> tuple[tuple[str, ...], bool]:
    """Return the likeliest words of a lower-case tag, and whether all of them are known.

    A word's cost is the logarithm of its rank (Zipf's law); the cheapest split wins.
    """
    costs = _costs(brands)
    best: list[tuple[float, int, bool]] = [(0.0, 0, True)]
    for end in range(1, len(tag) + 1):
        options = []
        for start in range(max(0, end - _LONGEST), end):
            cost, _, known = best[start]
            word = tag[start:end]
            price = costs.get(word)
            if price is None and word.isdigit() and not tag[end : end + 1].isdigit():
                price = 5.0
            if price is not None:
                options.append((cost + price, start, known))
            else:
                options.append((cost + _UNKNOWN_PER_LETTER * len(word) + 10, start, False))
        best.append(min(options))
    words: list[str] = []
    end = len(tag)
    while end:
        start = best[end][1]
        words.append(tag[start:end])
        end = start
    return _joined(words[::-1]), best[-1][2]


def _joined(words: list[str]) -> tuple[str, ...]:
    """Put prefixes back on: "bio inspired" is one word."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in word_set("prefixes") and len(word) > 2:
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


@functools.lru_cache(maxsize=8)
def _costs(brands: tuple[str, ...]) -> dict[str, float]:
    words = wordlist("english")  # the most frequent first
    costs = {word: math.log((rank + 2) * math.log(len(words))) for rank, word in enumerate(words)}
    for brand in brands:
        costs.update(dict.fromkeys(brand.lower().split(), 6.0))
    return costs


def _hashtags(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Hashtag, ...]]:
    brands = lexicon.terms.get(BRANDS, ())
    return [
        tuple(_hashtag(match[1], brands) for match in _TAG.finditer(text[PLAIN])) for text in texts
    ]


@functools.lru_cache(maxsize=4096)
def _hashtag(tag: str, brands: tuple[str, ...]) -> Hashtag:
    if tag != tag.lower() or not tag.isascii():
        return Hashtag(tag, (tag.lower(),), known=False)
    words: list[str] = []
    known = True
    for part in tag.split("_"):
        found, all_known = split(part, brands) if part else ((), True)
        words.extend(found)
        known = known and all_known
    return Hashtag(tag, tuple(words), known)


HASHTAGS: Fact[tuple[Hashtag, ...]] = Fact(name="hashtags", compute=_hashtags, after=(PLAIN,))
"""The tags of a text, in order."""
