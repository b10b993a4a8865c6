# ruff: noqa: E501
"""Names of private persons, by rules: titles, roles, and given names that many people bear.

Rules alone find a minority of names and almost never mistake anything else for one; a learned
layer may stand in later, with the same fact.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN

GIVEN_NAMES = Path(__file__).parent.parent / "data" / "words" / "given_names.txt"

_CAP = r"[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u017f]*(?:['-][A-Za-z\u00c0-\u017f]+)*[a-z\u00df-\u017f]"
_LAST = rf"(?:(?:de|del|de la|van|von|der|da|dos|bin|al|el|la|le|O'|Mc|Mac)\s?)*{_CAP}"
_FULL = rf"{_CAP}(?:\s[A-Z]\.?)?(?:\s{_LAST}){{1,2}}"

_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Señora?|Sra?)\b\.?\s({_LAST}(?:\s{_LAST})?)")
_PATIENT = re.compile(
    r"\b(?:[Pp]atients?|[Pp]t|survivor|recipient|warrior|fighter|kiddo|amputee|resident in bed \w+)"
    rf"(?:\s(?:named|called|is|was))?[,:]?\s({_FULL}|{_CAP})"
)
_LITTLE = re.compile(
    rf"\b(?:[Ll]ittle|[Bb]aby|[Bb]rave|[Ss]weet|[Tt]iny|[Yy]oung)\s({_CAP}(?:\s{_CAP})?)"
)
_AGED = re.compile(
    rf"\b({_FULL}|{_CAP}),?\s\(?(?:age[d]?\s)?(?:[1-9]|[1-9]\d)(?:\)|,|\s(?:years?|yo\b|y/o)|-year)"
)
_BIGRAM = re.compile(rf"\b({_CAP})((?:\s[A-Z]\.?)?(?:\s{_LAST}){{1,2}})")
_SINGLE = re.compile(rf"\b({_CAP})\b")

_STAFF_BEFORE = re.compile(
    r"(?:\b(?:Drs?|Prof|Professors?|Doctors?|Dean|Chancellor|Provost|President|Director|Chair|Chief|"
    r"Nurse|Nurses|Surgeon|Surgeons|Researchers?|Scientists?|Physicians?|Pharmacist|Dentist|"
    r"Postdoc\w*|Fellow|Fellows|Resident|Residents|Intern|Student|Alum\w*|Candidate|Coach|Chaplain|Therapist|"
    r"Senator|Sen|Rep|Governor|Gov|Mayor|Supervisor|Congress\w*|Judge|Sir|Sister|Saint|St|"
    r"Author|Authors|Artist|Host|Reporter|Speaker|Lecturer|Investigator|Coordinator|Manager|Officer|"
    r"Actor|Actress|Singer|Player|Champion|Volunteer|Donor|Donors|Philanthropist\w*|Architect|"
    r"Editor|Founder|Co-founder|Counselor|Midwife|Technician|Engineer|Librarian|Captain|Chef)\b\.?"
    r"|\b(?:by|with|from|featuring|thanks to|thank|welcome|welcomes|meet|led by|congratulations to|"
    r"congratulations|congrats to|congrats|kudos to|applause for|says|join|joins|ask|via|photo|credit|named for|named after|"
    r"honoring|in honor of|in memory of)\b:?|@)\s*$",
    re.IGNORECASE,
)
_STAFF_AFTER = re.compile(
    r"^(?:'s\s(?:lab|team|talk|lecture|study|paper|book|research|class|award|group|office|retirement|"
    r"promotion|appointment)\b"
    r"|,?\s\(?(?:MD|M\.D|PhD|Ph\.D|RN|MPH|DO|NP|PA|PharmD|DDS|MBA|MS|FACS|JD|BSN|MSN|DNP|EdD|LCSW|OTR)\b"
    r"|,?\s(?:an?|the|our|who)?\s?(?:\w+[\s-]){0,4}?(?:professor|director|researcher|scientist|dean|chair|chief|"
    r"nurse|surgeon|physician|author|student|fellow|resident|intern|postdoc\w*|investigator|pharmacist|dentist|"
    r"coordinator|manager|officer|finalist|winner|recipient of the|alum\w*|advocate|partner|chancellor|"
    r"president|engineer|specialist|neurologist|oncologist|cardiologist|psychiatrist|psychologist|"
    r"epidemiologist|radiologist|pediatrician|librarian|volunteer|trainee|candidate|leads|led|joins|joined|"
    r"explains|explained|says|said|tells|told|writes|wrote|discusses|presents|presented|speaks|talks|"
    r"publishes|published|received the|receives|won|wins|earned|named|teaches|shares|will (?:speak|give|present|lead|talk)|"
    r"performed|operated|developed|discovered|founded)\b)",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    ["A", "About", "Access", "Advocate", "Advocates", "Affairs", "After", "All", "Also", "Alzheimer", "American", "An", "And", "Annual", "April", "Are", "As", "Ask", "At", "August", "Award", "Bay", "Be", "Best", "Big", "Black", "Blood", "Book", "Brain", "Breast", "California", "Call", "Campus", "Cancer", "Care", "Center", "Centers", "Chest", "Child", "Children", "Clinic", "Clinical", "College", "Come", "Community", "Complaint", "Contact", "Coordinator", "Covid", "Data", "Day", "Days", "December", "Department", "Diabetes", "Did", "Do", "Does", "Donate", "Don't", "Doctor", "Dr", "Each", "Early", "East", "Education", "Email", "Emergency", "Engagement", "Every", "Experience", "Eye", "Faculty", "Families", "Family", "February", "Find", "First", "Flu", "For", "Foundation", "Francisco", "Free", "Friday", "From", "General", "Get", "Global", "Go", "Good", "Great", "Group", "Happy", "Has", "Have", "Health", "Healthcare", "Heart", "Help", "Her", "Here", "Hi", "His", "History", "Hospital", "How", "I", "If", "In", "Information", "Institute", "Intake", "International", "Is", "It", "Join", "January", "July", "June", "Just", "Kidney", "King", "Knee", "Lab", "Learn", "Let", "Life", "Line", "Live", "Living", "Look", "Lung", "March", "May", "Medical", "Medicare", "Medicine", "Meet", "Memorial", "Mental", "Mission", "Monday", "More", "Most", "Mother", "Mr", "Mrs", "Ms", "My", "National", "Navigation", "Navigator", "New", "News", "No", "North", "Not", "November", "Now", "Nurse", "Nurses", "Nursing", "October", "Office", "On", "One", "Online", "Open", "Or", "Our", "Outcomes", "Parkinson", "Parking", "Participation", "Partner", "Patient", "Patients", "People", "Pharmacy", "Please", "Police", "Portal", "Post", "Practice", "Prop", "Protection", "Program", "Public", "Read", "Records", "Red", "Register", "Registry", "Relations", "Remember", "Research", "Resource", "Resources", "Rights", "Room", "Safety", "San", "Satisfaction", "Saturday", "School", "Science", "See", "Self", "September", "Services", "Sign", "So", "South", "Special", "Spring", "St", "Staff", "Stay", "Story", "Street", "Stroke", "Student", "Students", "Study", "Such", "Summer", "Sunday", "Support", "Surgery", "Surgical", "Survey", "Team", "Tell", "Thank", "Thanks", "That", "The", "Their", "There", "These", "They", "This", "Those", "Three", "Thursday", "Today", "Together", "Tomorrow", "Tonight", "Training", "Transport", "Tuesday", "Two", "United", "University", "Until", "Urology", "Us", "Vaccine", "Virtual", "Visit", "Visitor", "Voices", "Watch", "We", "Wednesday", "Week", "Welcome", "West", "What", "When", "Where", "Which", "White", "Who", "Why", "Will", "Winter", "With", "Women", "Work", "World", "Year", "Yes", "You", "Your", "Zoom"]
)


@dataclass(frozen=True, slots=True)
class Person:
    """One mention of a person, by position."""

    start: int
    end: int
    staff: bool
    """Speaks, works, teaches, wins: named for what they do."""
    patient: bool
    """Called a patient, or in the way patients are spoken of."""


def find(text: str, staff: frozenset[str] = frozenset()) -> tuple[Person, ...]:
    """Return the people named in a ``PLAIN`` text; ``staff`` are full names, case-folded."""
    found: dict[int, Person] = {}

    def add(start: int, end: int, *, patient: bool) -> None:
        name = text[start:end].removesuffix("'s")
        if name.split()[0] in _NOT_NAMES or any(p.start <= start < p.end for p in found.values()):
            return
        works = _works(text, start, start + len(name), staff)
        found[start] = Person(start, start + len(name), staff=works, patient=patient and not works)

    for form in (_PATIENT, _TITLED, _LITTLE, _AGED):
        for match in form.finditer(text):
            name = _trim(match[1])
            sure = form is _TITLED or " " in name or _given(name)
            if sure and (form is _TITLED or not _is_phrase(name)):
                add(match.start(1), match.start(1) + len(name), patient=form is not _AGED)
    for match in _BIGRAM.finditer(text):
        name = _trim(match[0])
        if _given(match[1]) and " " in name and not _is_phrase(name):
            add(match.start(), match.start() + len(name), patient=False)
    for match in _SINGLE.finditer(text):
        if _given(match[1]) and not re.match(rf"\s{_CAP}", text[match.end() :]):
            add(match.start(), match.end(), patient=False)
    return tuple(found[start] for start in sorted(found))


def _trim(name: str) -> str:
    """Cut a name before a word that cannot belong to it."""
    words = name.split()
    for index, word in enumerate(words[1:], 1):
        if word.removesuffix("'s") in _NOT_NAMES:
            words = words[:index]
            break
    return " ".join(words).removesuffix("'s")


def _is_phrase(name: str) -> bool:
    return any(word.removesuffix("'s") in _NOT_NAMES for word in name.split())


def _works(text: str, start: int, end: int, staff: frozenset[str]) -> bool:
    if text[start:end].casefold() in staff:
        return True
    before = text[max(0, start - 40) : start]
    return bool(_STAFF_BEFORE.search(before) or _STAFF_AFTER.search(text[end : end + 80]))


def _given(word: str) -> bool:
    return word in _given_names()


@functools.cache
def _given_names() -> frozenset[str]:
    lines = GIVEN_NAMES.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def _people(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Person, ...]]:
    return [find(text[PLAIN], lexicon.staff) for text in texts]


PEOPLE: Fact[tuple[Person, ...]] = Fact(name="people", compute=_people, after=(PLAIN,))
"""People named in a text, in order."""
