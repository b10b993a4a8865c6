"""Names of people, by rules: titles, roles, and given names that many people bear.

Rules alone find a part of all names and seldom mistake anything else for one; a learned layer
may stand in later, with the same fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.roles import Role, role
from audit.language.sentences import is_headline
from audit.language.wordlists import word_set

_LETTER = r"[A-Za-z\u00c0-\u017f]"
_CAP = rf"[A-Z\u00c0-\u00de]{_LETTER}*(?:['-][A-Z]{_LETTER}+)*[a-z\u00df-\u017f]"
_LAST = rf"(?:(?:de|del|de la|van|von|der|da|dos|bin|al|el|la|le)\s)?{_CAP}"
_FULL = rf"{_CAP}(?:\s[A-Z]\.?)?(?:\s{_LAST}){{1,2}}"


class Mark(StrEnum):
    """What made a name look like one of a private person."""

    PATIENT = "patient"
    """Called a patient, survivor or recipient."""
    ENDEARED = "endeared"
    """Called little, brave or sweet."""
    AGED = "aged"
    """Followed by an age."""
    TITLED = "titled"
    """After Mr., Ms. or the like."""
    NONE = "none"


_FORMS = (
    (
        Mark.TITLED,
        re.compile(rf"\b(?:Mr|Mrs|Ms|Mx|Se\u00f1ora?|Sra?)\b\.?\s({_LAST}(?:\s{_LAST})?)"),
    ),
    (
        Mark.PATIENT,
        re.compile(
            r"\b(?:[Pp]atients?|[Pp]t|[Ss]urvivors?|[Rr]ecipients?|[Ww]arriors?|[Ff]ighter|"
            rf"[Aa]mputee|[Pp]reemie|[Nn]ewborn)(?:\s(?:named|called|is|was))?[,:]?\s({_FULL}|"
            rf"{_CAP})"
        ),
    ),
    (
        Mark.ENDEARED,
        re.compile(
            r"\b(?:[Ll]ittle|[Bb]aby(?:\s(?:[Bb]oy|[Gg]irl))?|[Bb]rave|[Ss]weet|[Tt]iny|[Kk]iddo|"
            r"[Tt]oddler|[Ii]nfant|[Tt]eenager?|[Gg]entleman|[Gg]rand(?:mother|father|ma|pa)|"
            rf"[Oo]ur [Ff]riend|[Oo]ur own|(?:[Hh]er|[Hh]is) name is),?\s({_CAP}(?:\s{_CAP})?)"
        ),
    ),
    (
        Mark.AGED,
        re.compile(
            rf"\b({_FULL}|{_CAP}),?\s\(?(?:aged?\s)?(?:[1-9]|[1-9]\d)(?=\)|,|\.|\sand\b|"
            r"\s(?:years?|months?|yo\b|y/o)|-year)"
        ),
    ),
    (Mark.NONE, re.compile(rf"\b({_CAP}(?:\s[A-Z]\.?)?(?:\s{_LAST}){{1,2}})")),
    (Mark.NONE, re.compile(rf"\b({_CAP}\s[A-Z]\.)(?=\W|$)")),
    (Mark.NONE, re.compile(rf"\b({_CAP})\b(?!\s{_CAP})")),
)
"""How people are named, the surest form first."""


@dataclass(frozen=True, slots=True)
class Person:
    """One mention of a person, by position."""

    start: int
    end: int
    role: Role
    mark: Mark = Mark.NONE


def find(text: str, staff: frozenset[str] = frozenset()) -> tuple[Person, ...]:
    """Return the people named in a ``PLAIN`` text; ``staff`` are full names, case-folded."""
    found: dict[int, Person] = {}
    for start, end, mark in _spans(text):
        if any(one.start <= start < one.end for one in found.values()):
            continue
        neighbor = next((one for one in found.values() if _joined(text, one.end, start)), None)
        known = text[start:end].casefold() in staff
        what = Role.STAFF if known else role(text, start, end)
        if what is Role.PRIVATE and neighbor is not None:
            what = neighbor.role  # "Drs. Lopez and Maria Kim"
        found[start] = Person(start, end, what, mark)
    return tuple(found[start] for start in sorted(found))


def _spans(text: str) -> Iterator[tuple[int, int, Mark]]:
    shouting = is_headline(text)
    for mark, form in _FORMS:
        for match in form.finditer(text):
            offset, name = _trim(match[1])
            first = name.partition(" ")[0]
            given = _given(first)
            if not name or (mark is Mark.NONE and not given):
                continue
            if given or mark is Mark.TITLED or (not shouting and _uncommon(first)):
                start = match.start(1) + offset
                yield start, start + len(name), mark


def _trim(name: str) -> tuple[int, str]:
    """Return the name without words that cannot belong to it, and how many letters went first."""
    no_names = word_set("not_names")
    words = [(match.start(), match[0]) for match in re.finditer(r"\S+", name)]
    while words and words[0][1].removesuffix("'s") in no_names:
        words.pop(0)
    for index, (_, word) in enumerate(words):
        if word.removesuffix("'s") in no_names:
            words = words[:index]
            break
    if not words:
        return 0, ""
    return words[0][0], " ".join(word for _, word in words).removesuffix("'s")


def _joined(text: str, end: int, start: int) -> bool:
    return 0 < start - end < 8 and text[end:start].strip(" ,") in ("and", "&", "")


def _given(word: str) -> bool:
    return word.removesuffix("'s") in word_set("given_names")


def _uncommon(word: str) -> bool:
    """Whether a capitalized word is none of the language: then it is a name where one belongs."""
    return "n't" not in word and word.lower() not in word_set("english")


def _people(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Person, ...]]:
    return [find(text[PLAIN], lexicon.staff) for text in texts]


PEOPLE: Fact[tuple[Person, ...]] = Fact(name="people", compute=_people, after=(PLAIN,))
"""People named in a text, in order."""
