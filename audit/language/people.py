"""Names of people, by rules: titles, roles, and given names that many people bear.

Rules alone find a part of all names and seldom mistake anything else for one; a learned layer
may stand in later, with the same fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.roles import Role, role
from audit.language.wordlists import word_set

_LETTER = r"[A-Za-z\u00c0-\u017f]"
_CAP = rf"[A-Z\u00c0-\u00de]{_LETTER}*(?:['-][A-Z]{_LETTER}+)*[a-z\u00df-\u017f]"
_LAST = rf"(?:(?:de|del|de la|van|von|der|da|dos|bin|al|el|la|le)\s)?{_CAP}"
_FULL = rf"{_CAP}(?:\s[A-Z]\.?)?(?:\s{_LAST}){{1,2}}"

_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Se\u00f1ora?|Sra?)\b\.?\s({_LAST}(?:\s{_LAST})?)")
_MARKED = re.compile(
    r"\b(?:(?:[Pp]atients?|[Pp]t|[Ss]urvivors?|[Rr]ecipients?|[Ww]arriors?|[Ff]ighter|[Kk]iddo|"
    r"[Aa]mputee|[Pp]reemie|[Nn]ewborn|[Gg]entleman|[Tt]oddler|[Ii]nfant|[Tt]eenager?|[Mm]om|"
    r"[Gg]randmother|[Gg]randma)"
    rf"(?:\s(?:named|called|is|was))?[,:]?\s|(?:name is|named|called)\s)({_FULL}|{_CAP})"
)
_LITTLE = re.compile(
    r"\b(?:[Ll]ittle|[Bb]aby(?:\s(?:[Bb]oy|[Gg]irl))?|[Bb]rave|[Ss]weet|[Tt]iny|"
    rf"[Oo]ur\s[Ff]riend)\s({_CAP}(?:\s{_CAP})?)"
)
_AGED = re.compile(
    rf"\b({_FULL}|{_CAP}),?\s\(?(?:age[d]?\s)?(?:[1-9]|[1-9]\d)(?=\)|,|\.|\sand\b|\s(?:years?|"
    r"months?|yo\b|y/o)|-year)"
)
_FULL_NAME = re.compile(rf"\b({_CAP})((?:\s[A-Z]\.?)?(?:\s{_LAST}){{1,2}})")
_SINGLE = re.compile(rf"\b({_CAP})\b(?!\s{_CAP})")


@dataclass(frozen=True, slots=True)
class Person:
    """One mention of a person, by position."""

    start: int
    end: int
    role: Role
    marked: bool = False
    """Called a patient, or in the way patients are spoken of."""
    aged: bool = False
    """Mentioned with an age."""


def find(text: str, staff: frozenset[str] = frozenset()) -> tuple[Person, ...]:
    """Return the people named in a ``PLAIN`` text; ``staff`` are full names, case-folded."""
    found: dict[int, Person] = {}
    for start, end, marked, aged in _spans(text):
        if any(one.start <= start < one.end for one in found.values()):
            continue
        neighbor = next((one for one in found.values() if _joined(text, one.end, start)), None)
        known = text[start:end].casefold() in staff
        what = Role.STAFF if known else role(text, start, end)
        if what is Role.PRIVATE and neighbor is not None:
            what = neighbor.role  # "Drs. Lopez and Maria Kim"
        found[start] = Person(start, end, what, marked=marked, aged=aged)
    return tuple(found[start] for start in sorted(found))


def _spans(text: str) -> Iterator[tuple[int, int, bool, bool]]:
    shouting = _title_case(text)
    for form in (_TITLED, _MARKED, _LITTLE, _AGED):
        for match in form.finditer(text):
            name = _trim(match[1])
            first = name.partition(" ")[0]
            if name and (form is _TITLED or _given(first) or (not shouting and _uncommon(first))):
                start = match.start(1)
                yield start, start + len(name), form in (_MARKED, _LITTLE), form is _AGED
    for match in _FULL_NAME.finditer(text):
        name = _trim(match[0])
        if _given(match[1]) and " " in name:
            yield match.start(), match.start() + len(name), False, False
    for match in _SINGLE.finditer(text):
        if _given(match[1]):
            yield match.start(), match.end(), False, False


def _title_case(text: str) -> bool:
    """Whether it is a headline, in which a capital says nothing about names."""
    words = re.findall(r"(?<![\w/.@#])[A-Za-z']{2,}(?![\w/.]*[./]\w)", text)
    return len(words) >= 5 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _trim(name: str) -> str:
    """Cut a name before a word that cannot belong to it; empty if nothing is left."""
    words = name.split()
    no_names = word_set("not_names")
    for index, word in enumerate(words):
        if word.removesuffix("'s") in no_names:
            words = words[:index]
            break
    return " ".join(words).removesuffix("'s")


def _joined(text: str, end: int, start: int) -> bool:
    return 0 < start - end < 8 and text[end:start].strip(" ,") in ("and", "&", "")


def _given(word: str) -> bool:
    return word.removesuffix("'s") in word_set("given_names")


def _uncommon(word: str) -> bool:
    """Whether a capitalized word is none of the language: then it is a name where one belongs."""
    return word.lower() not in word_set("english")


def _people(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Person, ...]]:
    return [find(text[PLAIN], lexicon.staff) for text in texts]


PEOPLE: Fact[tuple[Person, ...]] = Fact(name="people", compute=_people, after=(PLAIN,))
"""People named in a text, in order."""
