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
    r"Nurses?|Surgeons?|Researchers?|Scientists?|Physicians?|Pharmacists?|Dentist|Postdoc\w*|"
    r"Fellows?|Residents?|Interns?|Students?|Alum\w*|Candidates?|Coach|Chaplain|Therapist|Senator|"
    r"Sen|Rep|Governor|Gov|Mayor|Supervisor|Congress\w*|Judge|Sir|Saint|St|Authors?|Artist|Host|"
    r"Reporter|Speakers?|Lecturers?|Investigators?|Coordinator|Manager|Officer|Act(?:or|ress)|"
    r"Singer|Player|Champion|Volunteers?|Donors?|Philanthropists?|Architect|Editor|Founder|"
    r"Co-founder|Counselor|Midwife|Technician|Engineer|Librarian|Captain|Chef|Advocates?|"
    r"Biologist|Chemist|Epidemiologist|Neurologist|Oncologist|Cardiologist|Psychologist|"
    r"Psychiatrist|Geneticist|Immunologist|Neuroscientist|Radiologist|Pediatrician|Historian|"
    r"Journalist|Poet|Painter|Musician|Comedian|Astronaut|Laureate|Trainees?|Educators?|"
    r"Colleagues?|Teacher|Trustee|Regent|Ambassador|Secretary|Minister|Queen|King|Prince(?:ss)?|"
    r"Pope|Rabbi|Reverend|Star|Celebrity|Legend|Activist|Quarterback|Pitcher|Guard|Athlete|"
    r"Olympian|Moderator|Panelists?|Faculty)"
)
_BEFORE = re.compile(
    rf"(?:\b{_TITLE}\b\.?:?|\b(?:[Ll]ed by|[Ww]ritten by|[Ff]ounded by|[Cc]urated by|"
    r"[Dd]irected by|[Nn]amed (?:for|after)|[Ii]n honor of|[Ii]n memory of|[Rr]emembering|"
    r"[Hh]onoring|[Hh]osted by|[Pp]hotos? by|[Cc]redit:?|[Vv]ia|[Ll]ecture by|[Tt]alk by|by|ask|"
    r"[Aa]sk for|[Jj]oin|says|RSVP to|[Cc]ontact|[Ee]mail|[Ff]eaturing|professor)|@)\s*$",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:with|from|thanks to|thank you,?(?: to)?|thank|welcome|welcomes?|meet|introducing|"
    r"congratulations,?(?: to)?|congrats,?(?: to)?|kudos to|applause for|shout-?out to|bravo|"
    r"props to|cheers to|hats off to|proud of|join us in celebrating|to)\s*$",
    re.IGNORECASE,
)
_WORK = (
    r"(?:professor|director|researcher|scientist|dean|chair|chief|nurse|surgeon|physician|author|"
    r"student|fellow|resident|intern|postdoc\w*|investigator|pharmacist|dentist|coordinator|"
    r"manager|officer|finalist|winner|alum\w*|advocate|partner|chancellor|president|engineer|"
    r"specialist|\w+ologist|psychiatrist|librarian|volunteer|trainee|candidate|educator|historian|"
    r"journalist|artist|lecturer|midwife|technician|therapist|chaplain|colleague|leader|expert|"
    r"founder|head of|member of|doctor|clinician|actor|actress|singer|coach|philanthropist|donor|"
    r"teacher|staff|employee|assistant|analyst|administrator|counselor|social worker)"
)
_AFTER = any_of(
    r"^'s\s(?:\w+\s)?(?:lab|team|talk|lecture|stud(?:y|ies)|paper|book|research|class|award|group|"
    r"office|retirement|promotion|appointment as|work|discovery|career|film|novel|legacy|gift|"
    r"donation|keynote|seminar|grant|thesis|exhibit|column|clinic|cells)\b",
    r"^,?\s\(?(?:MD|M\.D|PhD|Ph\.D|RN|MPH|DO|NP|PA|PharmD|DDS|DMD|MBA|MS|FACS|JD|BSN|MSN|DNP|EdD|"
    r"LCSW|OTR|DPT|MSW|CNM|LVN)\b",
    r"^,?\s(?:(?:is|was)\s)?(?:an?|the|our|your|who is|"
    rf"one of)?\s?(?:[\w'-]+\s){{0,5}}?{_WORK}s?\b",
    r"^,?\s(?:who\s)?(?:has\s|have\s|will\s|also\s|just\s)?(?:leads?|led|joins?|joined|explains?|"
    r"explained|says|said|tells|told us|writes|wrote (?!to us)|discuss\w*|presents?|presented|"
    r"speaks|talks? (?:about|on)|publish\w*|teach\w*|wins?|won|earned|named|shares (?:tips|advice|"
    r"how)|speak|give|performed|operated|developed|discovered|founded|stud(?:ies|ied)|"
    r"researche[sd]|investigates|directs|chairs|answers|cared? for|cares for|treats|"
    r"treated (?:over|more)|received the|designed|invented|built|gave|donated|pledged|endowed|"
    r"retires?|retired|works|worked|serves?|served|runs? (?:the|our)|found (?:that|a|why|how)|"
    r"showed|shows how|describes|offers|hosts|moderates|is (?:hiring|giving|speaking|presenting|"
    r"leading|retiring|joining)|(?:spoke|speaking) (?:about|at|on)|and (?:colleagues|team|"
    r"coauthors|co-authors))\b",
    r"^'s?\s(?:foundation|fund|fellowship|scholarship|endowment|prize|memorial)\b|"
    r"^\s(?:Foundation|Fund|Fellowship|Prize|Lecture|Award|Center|Hospital|Institute|Auditorium|"
    r"Hall|Library|Building|Professorship|Scholars?|Family|School|Clinic|Tower|Way|Street|"
    r"Avenue)\b",
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
