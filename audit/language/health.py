"""Cues that a text speaks of one person's care, as against care or research at large."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.sentences import Span
from audit.language.terms import any_of

ORGAN = (
    r"(?:heart|liver|kidney|lungs?|cornea|pancreas|hip|knee|shoulder|leg|arm|valve|bone marrow|"
    r"hand|face)"
)
EVENT = (
    r"(?:surger(?:y|ies)|operation|bypass|transplant|graft|chemo(?:therapy)?|radiation|"
    r"immunotherapy|dialysis|"
    r"biops(?:y|ies)|scans?|mri|x-?rays?|lab results|test results|pathology|diagnosis|tumou?rs?|"
    r"cancers?|leukemia|"
    r"lymphoma|melanoma|sarcoma|glioblastoma|myeloma|strokes?|seizures?|heart attack|fractures?|"
    r"amputation|"
    r"c-section|delivery|replacement|sickle cell|bone marrow|cystic fibrosis|labor|miscarriage|"
    r"infusions?|infection|sepsis|pneumonia|covid|coma|"
    r"prognosis|discharge|"
    r"admission|recovery|rehab|remission|relapse|treatments?|therapy|procedure|wounds?|scars?|"
    r"stitches|implants?|"
    r"prosthesis|pacemaker|feeding tube|ventilator|trach|insulin|meds|medications?|pregnancy|"
    r"preeclampsia|asthma|"
    r"diabetes|epilepsy|dementia|alzheimer's|hiv|hepatitis|lupus|als|ms|overdose|detox|addiction|"
    r"injur(?:y|ies)|"
    r"burns?|colonoscopy|mammogram|appendix|brain bleed|aneurysm|condition|symptoms|vitals|"
    r"follow-?up|check-?up|"
    r"hospital stay|icu stay|nicu stay|last round|a1c|blood pressure|cholesterol|depression|"
    r"psychosis|"
    rf"cleft(?: lip| palate)?|concussion|scoliosis|arrhythmia|rejection|new {ORGAN})"
)
STATE = (
    r"(?:admitted|discharged|diagnosed|intubated|extubated|hospitali[sz]ed|treated(?! as)|"
    r"operated on|resuscitated|"
    r"transplanted|coded|readmitted|released from (?:the )?hospital|sent home|cancer[- ]free|"
    r"tumou?r[- ]free|in remission|"
    r"recovering|on dialysis|on (?:the|a) ventilator|off the vent(?:ilator)?|"
    r"came off the vent(?:ilator)?|on ecmo|off ecmo|"
    r"in (?:the |our )?(?:icu|nicu|picu|er|ed)|"
    r"in recovery(?: room)?|home from (?:the )?hospital|hiv[- ]positive|septic|stable now|"
    r"seizure[- ]free|in labor|in a coma|"
    r"clean and sober|walking again|breathing on (?:his|her|their) own|out of (?:the )?(?:icu|"
    r"hospital|surgery|danger)|in hospice|"
    r"burned|paralyzed|pregnant with|terminal|immunocompromised|on life support|on chemo)"
)
_NO_TOPIC = (
    r"(?!\s(?:research|stud(?:y|ies)|cent(?:er|re)s?|clinics?|programs?|awards?|teams?|talks?|"
    r"lectures?|labs?|fund|book|"
    r"class|course|experts?|specialists?|services?|awareness|month|week|day|prevention|screening|"
    r"society|foundation|"
    r"grand rounds|fellowship|department|division|symposium|conference|care team|trials?|drugs?|"
    r"vaccines?|cells?|nurses?|"
    r"surgeons?|doctors?|patients|advocates?|guidelines?|education|training|residency|rates?|"
    r"risk|deaths?|cases|webinar|"
    r"for (?:children|adults|women|men|people|veterans|kids)))"
)
_ADJUNCT = (
    r"(?!\s(?:care|safety|experience|relations|portal|advoca\w+|advis\w+|access|education|"
    r"engagement|partner\w*|outcomes?|"
    r"services|support|famil\w+|data|records?|privacy|population|centered|stor(?:y|ies)|"
    r"navigat\w+|community|volume|flow|"
    r"rights|satisfaction|representative|panel|council|program|groups?|guide|handout|survey|"
    r"research|information|voices?|"
    r"perspective|bill|rooms?|beds?|tower|pavilion|lounge|parking|line|phone|number|transport|"
    r"handbook|gowns?|ratios?|"
    r"interactions?|encounters|needs|trust|samples?|tissue|who (?:wants|needs|has|is|would)|"
    r"visits|monitoring|or (?:family|visitor)))"
)
_INDIVIDUAL = any_of(
    # one patient, never "our patient care team"
    r"\b(?:my|our|this|that|his|her|another|favou?rite|first|last|youngest|oldest|the|"
    rf"one of (?:our|my))\s(?:[\w'-]+\s){{0,3}}?(?<!every )patient\b{_ADJUNCT}",
    rf"\b(?:\d+[- ]year[- ]old|young|little|elderly)\s(?:[\w'-]+\s){{0,2}}?patient\b{_ADJUNCT}",
    r"\b(?:of|one of) (?:ours|mine|our patients|my patients)\b|#bestpatient\b|\bbest patient\b",
    # you, he, she
    rf"\byour\s(?:[\w'-]+\s){{0,3}}?{EVENT}\s(?:went|was|is|looks|looked|came)\b(?! (?:covered|"
    r"free))",
    r"\b(?:he|she|who)(?:'s|\swas|\sis|\sgot|\shas been|\shad been|"
    rf"\swere)?\s(?:[\w-]+\s){{0,2}}?{STATE}\b",
    r"\b(?:his|her)\s(?:(?!award|study|work|research|talk|paper|book|lab|team|career|clinic|"
    r"class|lecture|training|passion|expertise|advice)"
    rf"[\w'-]+\s){{0,3}}?{EVENT}\b{_NO_TOPIC}",
    r"\b(?:he|she)\s(?:beat|survived|underwent|received|finished|completed|rang|fought|needed|"
    r"lost|got|had|has|came in with|presented with|"
    rf"woke up|battled|endured|is fighting|is beating)\s(?:[\w'-]+\s){{0,4}}?(?:{EVENT}|bell)\b",
    rf"\b(?:got|received|has|gets|with|needs) (?:a|his|her) new {ORGAN}\b|\b(?:his|"
    rf"her) new {ORGAN}\b",
    r"\b(?:\d{1,3}[\s-]?(?:years?|yrs?|months?|weeks?|days?)[\s-]old|\d{1,2}\s?(?:yo|y/o)|"
    r"\d{1,2}[mf])\b[^.!?]{0,60}\b"
    r"(?:admitted|presented|presents|came in|came to us|diagnosed|rushed|brought in|coded)\b",
    r"\brang (?:the|that|our) bell\b|\bringing (?:the|our) bell\b|\blast (?:day|round|dose|"
    r"session) of (?:chemo|radiation|treatment)\b",
    r"\b(?:chart|biopsy|labs?|scans?|mri|tests?|pathology|culture)\s(?:came back|shows?|showed|"
    r"are back|is back|results?)\b",
    r"\b(?:his|her) (?:wife|husband|mom|mother|dad|father|daughter|son|parents|"
    rf"family)\b[^.!?]{{0,60}}\b(?:{EVENT}|icu|nicu|ward|hospital)\b",
)  # fmt: skip
_GENERAL = re.compile(
    rf"\b(?:patients?|{EVENT}|{STATE}|diagnos\w+|survivor|bed \d+\w?|ward|icu|nicu|picu|clinic|"
    r"hospital|hospice|bedside|gurney|iv|"
    r"health(?:y)?|nurses?|rounds|unit)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Health:
    """Cues of patient context, by position."""

    individual: tuple[Span, ...]
    """Words that speak of one person's care."""
    general: tuple[Span, ...]
    """Words of care that may speak of anybody."""


def find(text: str) -> Health:
    """Return the cues in a ``PLAIN`` text."""
    general = tuple(Span(*match.span()) for match in _GENERAL.finditer(text))
    individual = tuple(Span(*match.span()) for match in _INDIVIDUAL.finditer(text))
    return Health(individual, general)


def _healths(texts: Sequence[Text], lexicon: Lexicon) -> list[Health]:
    return [find(text[PLAIN]) for text in texts]


HEALTH: Fact[Health] = Fact(name="health", compute=_healths, after=(PLAIN,))
"""Cues of patient context."""
