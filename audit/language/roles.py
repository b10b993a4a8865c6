"""Why a person is named: for their work or fame, in passing, or as a private person."""

from __future__ import annotations

import re
from enum import StrEnum

from audit.language.terms import any_of


class Role(StrEnum):
    """What the words around a name make of its bearer."""

    STAFF = "staff"
    """Named for what they do or did: staff, scholars, artists, donors, the dead of history."""
    PRAISED = "praised"
    """After words like "congratulations to", which greet staff and patients alike."""
    PRIVATE = "private"


_TITLE = (
    r"(?:Drs?|Prof|Professors?|Doctors?|Dean|Chancellor|Provost|President|Director|Chair|Chief|"
    r"Nurses?|"
    r"Surgeons?|Researchers?|Scientists?|Physicians?|Pharmacists?|Dentist|Postdoc\w*|Fellows?|"
    r"Residents?|"
    r"Interns?|Students?|Alum\w*|Candidates?|Coach|Chaplain|Therapist|Senator|Sen|Rep|Governor|"
    r"Gov|Mayor|"
    r"Supervisor|Congress\w*|Judge|Sir|Saint|St|Authors?|Artist|Host|Reporter|Speakers?|Lecturers?|"
    r"Investigators?|Coordinator|Manager|Officer|Act(?:or|ress)|Singer|Player|Champion|"
    r"Volunteers?|Donors?|"
    r"Philanthropists?|Architect|Editor|Founder|Co-founder|Counselor|Midwife|Technician|Engineer|"
    r"Librarian|"
    r"Captain|Chef|Advocates?|Biologist|Chemist|Epidemiologist|Neurologist|Oncologist|Cardiologist|"
    r"Psychologist|Psychiatrist|Geneticist|Immunologist|Neuroscientist|Radiologist|Pediatrician|"
    r"Historian|"
    r"Journalist|Poet|Painter|Musician|Comedian|Astronaut|Laureate|Trainees?|Educators?|"
    r"Colleagues?|"
    r"Teacher|Trustee|Regent|Ambassador|Secretary|Minister|Queen|King|Prince(?:ss)?|Pope|Rabbi|"
    r"Reverend|"
    r"Star|Celebrity|Legend|Activist|Quarterback|Pitcher|Guard|Athlete|Olympian|Moderator|"
    r"Panelists?|Faculty)"
)
_BEFORE = re.compile(
    rf"(?:\b{_TITLE}\b\.?:?|\b(?:[Ll]ed by|[Ww]ritten by|[Ff]ounded by|[Cc]urated by|"
    r"[Dd]irected by|[Nn]amed (?:for|after)|"
    r"[Ii]n honor of|[Ii]n memory of|[Rr]emembering|[Hh]onoring|[Hh]osted by|[Pp]hotos? by|"
    r"[Cc]redit:?|[Vv]ia|"
    r"[Ll]ecture by|[Tt]alk by|by|ask|[Aa]sk for|[Jj]oin|says|RSVP to|[Cc]ontact|[Ee]mail|"
    r"[Ff]eaturing|professor)|@)\s*$",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:with|from|thanks to|thank you,?(?: to)?|thank|welcome|welcomes?|meet|introducing|"
    r"congratulations,?(?: to)?|congrats,?(?: to)?|"
    r"kudos to|applause for|shout-?out to|bravo|props to|cheers to|hats off to|proud of|"
    r"join us in celebrating|to)\s*$",
    re.IGNORECASE,
)
_WORK = (
    r"(?:professor|director|researcher|scientist|dean|chair|chief|nurse|surgeon|physician|author|"
    r"student|fellow|"
    r"resident|intern|postdoc\w*|investigator|pharmacist|dentist|coordinator|manager|officer|"
    r"finalist|winner|"
    r"alum\w*|advocate|partner|chancellor|president|engineer|specialist|\w+ologist|psychiatrist|"
    r"librarian|"
    r"volunteer|trainee|candidate|educator|historian|journalist|artist|lecturer|midwife|"
    r"technician|therapist|"
    r"chaplain|colleague|leader|expert|founder|head of|member of|doctor|clinician|actor|actress|"
    r"singer|coach|"
    r"philanthropist|donor|teacher|staff|employee|assistant|analyst|administrator|counselor|"
    r"social worker)"
)
_AFTER = any_of(
    r"^'s\s(?:\w+\s)?(?:lab|team|talk|lecture|stud(?:y|ies)|paper|book|research|class|award|"
    r"group|office|retirement|promotion|"
    r"appointment as|work|discovery|career|film|novel|legacy|gift|donation|keynote|seminar|grant|"
    r"thesis|exhibit|column|clinic|cells)\b",
    r"^,?\s\(?(?:MD|M\.D|PhD|Ph\.D|RN|MPH|DO|NP|PA|PharmD|DDS|DMD|MBA|MS|FACS|JD|BSN|MSN|DNP|EdD|"
    r"LCSW|OTR|DPT|MSW|CNM|LVN)\b",
    r"^,?\s(?:(?:is|was)\s)?(?:an?|the|our|your|who is|"
    rf"one of)?\s?(?:[\w'-]+\s){{0,5}}?{_WORK}s?\b",
    r"^,?\s(?:who\s)?(?:has\s|have\s|will\s|also\s|just\s)?(?:leads?|led|joins?|joined|explains?|"
    r"explained|says|said|tells|told us|"
    r"writes|wrote (?!to us)|discuss\w*|presents?|presented|speaks|talks? (?:about|on)|"
    r"publish\w*|teach\w*|wins?|won|earned|named|"
    r"shares (?:tips|advice|how)|speak|give|performed|operated|developed|discovered|founded|"
    r"stud(?:ies|ied)|researche[sd]|"
    r"investigates|directs|chairs|answers|cared? for|cares for|treats|treated (?:over|more)|"
    r"received the|designed|invented|built|"
    r"gave|donated|pledged|endowed|retires?|retired|works|worked|serves?|served|runs? (?:the|"
    r"our)|found (?:that|a|why|how)|"
    r"showed|shows how|describes|offers|hosts|moderates|is (?:hiring|giving|speaking|presenting|"
    r"leading|retiring|joining)|"
    r"(?:spoke|speaking) (?:about|at|on)|and (?:colleagues|team|coauthors|co-authors))\b",
    r"^'s?\s(?:foundation|fund|fellowship|scholarship|endowment|prize|memorial)\b|"
    r"^\s(?:Foundation|Fund|Fellowship|Prize|Lecture|Award|"
    r"Center|Hospital|Institute|Auditorium|Hall|Library|Building|Professorship|Scholars?|Family|"
    r"School|Clinic|Tower|Way|Street|Avenue)\b",
)
_PAST = re.compile(
    r"\b(?:in|since|of|from|born|until|circa|by|the) 1(?:[0-8]\d|9[0-4])\d\b|\b(?:century|"
    r"centuries|histor\w+|legacy|pioneer\w*|archive)\b",
    re.IGNORECASE,
)


def role(text: str, start: int, end: int) -> Role:
    """Return the role of the name at ``start`` to ``end`` of a ``PLAIN`` text."""
    before, after = text[max(0, start - 45) : start], text[end : end + 90]
    if _BEFORE.search(before) or _AFTER.search(after) or _PAST.search(text):
        return Role.STAFF
    return Role.PRAISED if _PRAISE.search(before) else Role.PRIVATE
