"""The text as a reader sees it, and the same text with spelling tricks undone.

All other layers read ``PLAIN`` and give their positions in it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence

from audit.language.facts import Fact, Lexicon, Text

_STRAIGHT = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    }
)  # fmt: skip
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_ENTITY = re.compile(r"&(?:#\d|#x|[A-Za-z])")

_LEET = str.maketrans("013457@$!|", "oieastasil")
_LOOKALIKE = str.maketrans("аеіоркстухвмнАЕІОРКСТУХВМН", "aeiopkctyxbmhaeiopkctyxbmh")
"""Cyrillic letters that pass for Latin ones, a choice from Unicode's table of confusables."""
_MIXED = re.compile(r"(?=\S*[A-Za-z])(?=\S*[0-9@$!|])[\w@$!|]+")
_SPACED = re.compile(r"(?<![\w'])(?:[A-Za-z][\s._*-]){2,}[A-Za-z](?![\w'])")
_LONG = re.compile(r"([a-z])\1{2,}")
_DOUBLED = frozenset("ls")
"""Letters that the listed words double: stretched ones shrink to two, all others to one."""


def plain(raw: str) -> str:
    """Return ``raw`` with HTML entities, styled letters and typographic signs made ordinary."""
    if raw.isascii() and "&" not in raw and "`" not in raw:
        return raw
    if _ENTITY.search(raw):
        # Some platforms escape twice.
        raw = html.unescape(html.unescape(raw))
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", raw))
    return text.translate(_STRAIGHT)


def undisguise(text: str) -> str:
    """Return ``text`` in lower case with digits for letters, spacing and stretching undone.

    Source: the substitutions are those that word filters meet most often; each one only applies
    to words that also hold a letter, so that numbers stay numbers.
    """
    if not text.isascii():
        letters = unicodedata.normalize("NFD", text.translate(_LOOKALIKE))
        text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    text = _SPACED.sub(lambda match: re.sub(r"[\s._*-]", "", match[0]), text)
    text = _MIXED.sub(lambda match: _unleet(match[0]), text)
    return _LONG.sub(lambda match: match[1] * (1 + (match[1] in _DOUBLED)), text.casefold())


def _unleet(word: str) -> str:
    bare = word.rstrip("!")
    letters = sum(letter.isalpha() for letter in bare)
    # "H5N1", "COVID19" and "p53" are names, not disguises: too few letters, or digits at the end.
    if letters < 2 or bare[-1:].isdigit() or bare[:1].isdigit() and bare[0] not in "5":
        return word
    return bare.translate(_LEET)


def _plain(texts: Sequence[Text], lexicon: Lexicon) -> list[str]:
    return [plain(text.raw) for text in texts]


PLAIN: Fact[str] = Fact(name="plain", compute=_plain)
"""The text in ordinary letters; every position in other facts counts from here."""
