"""Whom a text shows as a patient: names and numbers joined with one person's care.

Neither a name nor a word of care means anything alone: staff are named every day, and care is
what a health university writes about. Only what ties the two together counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit.language.facts import Fact, Lexicon, Text
from audit.language.health import EVENT, STATE, Health
from audit.language.health import find as cues
from audit.language.identifiers import IDENTIFIERS, Identifier, IdentifierKind
from audit.language.normalise import PLAIN
from audit.language.people import PEOPLE, Mark, Person
from audit.language.roles import Role
from audit.language.terms import any_of

NAME = "name"
RECORDS = (IdentifierKind.RECORD, IdentifierKind.PLAN)
"""Numbers that only a patient has: they count by themselves."""
NEAR = 170
"""Characters between a name and a cue in another sentence."""

_TOPIC = (
    r"(?!\s(?:research|stud|cent(?:er|re)|clinic|program|award|team|talk|lecture|lab|fund|book|"
    r"class|course|expert|specialist|service|awareness|prevention|screening|society|foundation|"
    r"fellowship|department|division|trial|cells))"
)
_DID = (
    r"(?:beat|beating|survived|surviving|underwent|undergoing|received|got|needed|finished|"
    r"completed|rang|rings|fought|fighting|battled|battling|overcame|defeated|conquered|recovered|"
    r"recovering|woke up|came (?:through|back|in)|started|starting|faced|lost|endured|spent|had|"
    r"has|needs|(?:is (?:still )?)?(?:a?waiting)(?: for| on)?|is (?:fighting|facing|living with|"
    r"recovering|beating|getting|having))"
)
_AFTER = any_of(
    r"^(?:\s\([^)]*\))?,?\s(?:\d+,\s)?(?:an?\s|our\s)?(?:(?!award|grant|prize|scholarship|"
    r"fellowship)[\w-]+\s){0,4}?(?:survivor|recipient|fighter|warrior|amputee)\b(?!\s(?:of the|"
    r"advocate|and advocate))",
    r"^,?\s(?:who\s)?(?:died|passed(?: away)?|slipped away|left us)\b[^.!?]{0,40}\b(?:our|my|"
    r"the) (?:\w+ )?(?:hospice|icu|nicu|ward|unit|er|floor|hospital)\b",
    r"^,?\s(?:\w+\s){0,2}?(?:left|leaves|leaving|finished|starts|started|began) (?:the |"
    r"our )?(?:rehab|hospice|icu|nicu|detox|dialysis)\b",
    r"^,?\scould(?:n't| not| barely| hardly) (?:breathe|walk|speak|see|eat|stand|swallow|talk)\b",
    rf"^(?:'s|')\s(?:[\w'-]+\s){{0,3}}?{EVENT}\b{_TOPIC}",
    r"^,?\s(?:\(?\w+\s?\d+\w?\)?,?\s)?(?:\d+,\s)?(?:who(?:'s)?\s)?(?:(?:was|is|has been|had been|"
    rf"just|finally|recently|now|got|being|were)\s){{0,3}}{STATE}\b",
    r"^,?\s(?:\([^)]*\)\s)?(?:\d+,\s)?(?:who\s)?(?:(?:just|finally|recently|has|had|"
    rf"have)\s){{0,2}}{_DID}\s(?:[\w'-]+\s){{0,6}}?(?:{EVENT}|bell|icu|nicu|ventilator|hospital|"
    rf"{STATE})\b",
    r"^,?\s(?:\([^)]*\)\s)?(?:(?:is|was|just|finally|went|goes|going|headed|walked|"
    r"came)\s){1,3}(?:home|out of (?:here|the (?:icu|nicu|hospital)))\b",
    r"^,?\s(?:\([^)]*\)\s)?(?:took|takes|is taking|walked|stood|spoke|ate|smiled|danced|breathed|"
    rf"weighs)\b[^.!?]{{0,60}}\b(?:{EVENT}|icu|nicu|ventilator)\b",
    r"^,?\s(?:our|my|a|one of our)\s(?:[\w-]+\s){0,3}(?:patients?|survivor|"
    r"recipient)\b(?!\s(?:advocate|partner|care|safety))",
    r"^,?\s(?:is )?in (?:room|bed|bay|ward|the icu|icu|the nicu|nicu)\b",
)
_CARE = re.compile(rf"\b{EVENT}\b{_TOPIC}", re.IGNORECASE)
"""Care of any kind: enough beside a "Mr." or "Ms.", which staff are seldom called in posts."""
_BRACKETS = re.compile(r"^\s?\([^)]*\)")
_LATER = re.compile(
    r"^[^.!?]{0,80}?\b(?:after|following|since|during|through|before)\s(?:(?:his|her|an?|the|two|"
    r"three|four|months|weeks|days|years|of|major|emergency|recent|long|"
    rf"\d+)\s){{0,4}}(?:[\w-]+\s){{0,2}}?{EVENT}\b{_TOPIC}",
    re.IGNORECASE,
)
_BEFORE = any_of(
    r"\b(?:deliver(?:ed|ing)?|treat(?:ed|ing)?|operat(?:ed|ing) on|car(?:e|ed|ing) for|admitted|"
    r"discharged|diagnosed|examin(?:ed|ing)|intubated|(?:surgery|transplant|chemo|biopsy|scan|"
    r"bypass|prayers?|healing) (?:for|on)|discharge day|rest in peace,?|rip,?|(?:boy|girl|baby|"
    r"twins|son|daughter) (?:to|for|born to)|get well(?: soon)?,?|recover(?:y|ing) wishes (?:for|"
    r"to)|said goodbye to|sent home|goodbye to|good luck,?|doctors saved|saved)\s(?:(?:our|my|"
    r"little|sweet|brave|the|dear|friend|patient|\d+-year-old)\s){0,3}$",
    r"\b(?:recipient|survivor|patient|warrior|fighter|bed \w+|room \w+)[,:]?\s$",
)
_EVENT_NOTICE = re.compile(
    r"\b(?:lecture|talk|seminar|join us|rsvp|register|workshop|symposium|webinar|grand rounds|"
    r"class|open house|tour|meeting|office hours|support group|screening of|to book|"
    r"appointments? at|drop in|walk-?in)\b|\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"\b(?:his|her|their|mom|mother|dad|father|wife|husband|daughter|son|family|personal|cell|"
    r"mobile|home)(?:'s)?\b[^.!?]{0,30}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Identified:
    """What identifies a patient in a text."""

    records: tuple[str, ...] = ()
    """Kinds of numbers that only patients have."""
    others: tuple[str, ...] = ()
    """Kinds of identifiers joined with a detail of care."""


def find(text: str, people: Sequence[Person], identifiers: Sequence[Identifier]) -> Identified:
    """Return what identifies a patient in a ``PLAIN`` text."""
    records = tuple(one.kind.value for one in identifiers if one.kind in RECORDS)
    private = [one for one in people if one.role is not Role.STAFF]
    if not private and not identifiers:
        return Identified()  # most texts end here, before the costlier cues of care
    health = cues(text)
    patients = [one for one in private if _is_patient(one, text, health)]
    others = [NAME] * bool(patients)
    if health.individual or health.general:
        others += [k.value for k in _joined(text, people, patients, identifiers, health)]
    return Identified(records, tuple(dict.fromkeys(others)))


def _is_patient(person: Person, text: str, health: Health) -> bool:
    before = text[max(0, person.start - 70) : person.start]
    after = _BRACKETS.sub("", text[person.end : person.end + 140])
    if _AFTER.search(after) or _LATER.search(after) or _BEFORE.search(before):
        return True
    if person.mark is Mark.PATIENT or (person.mark is Mark.ENDEARED and health.general):
        return True
    if person.role is Role.PRAISED and person.mark is not Mark.AGED:
        return False
    if person.mark is Mark.TITLED and _CARE.search(text) and not _EVENT_NOTICE.search(text):
        return True
    return any(
        abs(cue.start - person.end) <= NEAR or abs(person.start - cue.end) <= NEAR
        for cue in health.individual
    )


def _joined(
    text: str,
    people: Sequence[Person],
    patients: Sequence[Person],
    identifiers: Sequence[Identifier],
    health: Health,
) -> Iterator[IdentifierKind]:
    private = [one for one in people if one.role is not Role.STAFF]
    for one in identifiers:
        match one.kind:
            case IdentifierKind.BIRTH:
                labelled = text[one.start].lower() == "d"  # "DOB", not the "born" of biographies
                scholars = any(person.role is Role.STAFF for person in people)
                if labelled or not (scholars or _EVENT_NOTICE.search(text)):
                    yield one.kind
            case IdentifierKind.AGE | IdentifierKind.ACCOUNT | IdentifierKind.DEVICE:
                if health.individual or patients:
                    yield one.kind
            case IdentifierKind.PLACE:
                if (health.individual or patients) and not _EVENT_NOTICE.search(text):
                    yield one.kind
            case IdentifierKind.PHONE | IdentifierKind.EMAIL | IdentifierKind.ADDRESS:
                owned = _KIN.search(text[max(0, one.start - 60) : one.start]) or any(
                    0 <= one.start - person.end < 40 for person in private
                )
                if owned and (health.individual or patients):
                    yield one.kind


def _patients(texts: Sequence[Text], lexicon: Lexicon) -> list[Identified]:
    return [find(t[PLAIN], t[PEOPLE], t[IDENTIFIERS]) for t in texts]


PATIENTS: Fact[Identified] = Fact(
    name="patients", compute=_patients, after=(PLAIN, PEOPLE, IDENTIFIERS)
)
"""What identifies a patient in a text."""
