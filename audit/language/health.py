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
    r"immunotherapy|dialysis|biops(?:y|ies)|scans?|mri|x-?rays?|lab results|test results|"
    r"pathology|diagnosis|tumou?rs?|cancers?|leukemia|lymphoma|melanoma|sarcoma|glioblastoma|"
    r"myeloma|strokes?|seizures?|heart attack|fractures?|amputation|c-section|delivery|"
    r"replacement|sickle cell|bone marrow|cystic fibrosis|labor|miscarriage|infusions?|infection|"
    r"sepsis|pneumonia|covid|coma|prognosis|discharge|admission|recovery|rehab|remission|relapse|"
    r"treatments?|therapy|procedure|wounds?|scars?|stitches|implants?|prosthesis|pacemaker|"
    r"feeding tube|ventilator|trach|insulin|meds|medications?|pregnancy|preeclampsia|asthma|"
    r"diabetes|epilepsy|dementia|alzheimer's|hiv|hepatitis|lupus|als|ms|overdose|detox|addiction|"
    r"injur(?:y|ies)|burns?|colonoscopy|mammogram|appendix|brain bleed|aneurysm|condition|"
    r"symptoms|vitals|follow-?up|check-?up|hospital stay|icu stay|nicu stay|last round|a1c|"
    r"blood pressure|cholesterol|depression|psychosis|cleft(?: lip| palate)?|concussion|scoliosis|"
    rf"arrhythmia|rejection|new {ORGAN})"
)
STATE = (
    r"(?:admitted|discharged|diagnosed|intubated|extubated|hospitali[sz]ed|treated(?! as)|"
    r"operated on|resuscitated|transplanted|coded|readmitted|released from (?:the )?hospital|"
    r"sent home|cancer[- ]free|tumou?r[- ]free|in remission|recovering|on dialysis|on (?:the|"
    r"a) ventilator|off the vent(?:ilator)?|came off the vent(?:ilator)?|on ecmo|off ecmo|"
    r"in (?:the |our )?(?:icu|nicu|picu|er|ed)|in recovery(?: room)?|home from (?:the )?hospital|"
    r"hiv[- ]positive|septic|stable now|seizure[- ]free|in labor|in a coma|clean and sober|"
    r"walking again|breathing on (?:his|her|their) own|out of (?:the )?(?:icu|hospital|surgery|"
    r"danger)|in hospice|burned|paralyzed|pregnant with|terminal|immunocompromised|"
    r"on life support|on chemo)"
)
_NO_TOPIC = (
    r"(?!\s(?:research|stud(?:y|ies)|cent(?:er|re)s?|clinics?|programs?|awards?|teams?|talks?|"
    r"lectures?|labs?|fund|book|class|course|experts?|specialists?|services?|awareness|month|week|"
    r"day|prevention|screening|society|foundation|grand rounds|fellowship|department|division|"
    r"symposium|conference|care team|trials?|drugs?|vaccines?|cells?|nurses?|surgeons?|doctors?|"
    r"patients|advocates?|guidelines?|education|training|residency|rates?|risk|deaths?|cases|"
    r"webinar|for (?:children|adults|women|men|people|veterans|kids)))"
)
_ADJUNCT = (
    r"(?!\s(?:care|safety|experience|relations|portal|advoca\w+|advis\w+|access|education|"
    r"engagement|partner\w*|outcomes?|services|support|famil\w+|data|records?|privacy|population|"
    r"centered|stor(?:y|ies)|navigat\w+|community|volume|flow|rights|satisfaction|representative|"
    r"panel|council|program|groups?|guide|handout|survey|research|information|voices?|perspective|"
    r"bill|rooms?|beds?|tower|pavilion|lounge|parking|line|phone|number|transport|handbook|gowns?|"
    r"ratios?|interactions?|encounters|needs|trust|samples?|tissue|who (?:wants|needs|has|is|"
    r"would)|visits|monitoring|or (?:family|visitor)))"
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
    r"\b(?:his|her)\s(?:(?!award|study|work|research|talk|paper|book|lab|team|career|clinic|class|"
    rf"lecture|training|passion|expertise|advice)[\w'-]+\s){{0,3}}?{EVENT}\b{_NO_TOPIC}",
    r"\b(?:he|she|you)\s(?:beat|survived|underwent|received|finished|completed|rang|fought|needed|"
    r"lost|got|had|has|came in with|presented with|woke up|battled|endured|is fighting|"
    rf"is beating)\s(?:[\w'-]+\s){{0,4}}?(?:{EVENT}|bell)\b",
    rf"\b(?:got|received|has|gets|with|needs) (?:a|his|her) new {ORGAN}\b|\b(?:his|"
    rf"her) new {ORGAN}\b",
    r"\b(?:\d{1,3}[\s-]?(?:years?|yrs?|months?|weeks?|days?)[\s-]old|\d{1,2}\s?(?:yo|y/o)|"
    r"\d{1,2}[mf])\b[^.!?]{0,60}\b(?:admitted|presented|presents|came in|came to us|diagnosed|"
    r"rushed|brought in|coded)\b",
    r"\brang (?:the|that|our) bell\b|\bringing (?:the|our) bell\b|\blast (?:day|round|dose|"
    r"session) of (?:chemo|radiation|treatment)\b",
    r"\b(?:chart|biopsy|labs?|scans?|mri|tests?|pathology|culture)\s(?:came back|shows?|showed|"
    r"are back|is back|results?)\b",
    r"\b(?:his|her) (?:wife|husband|mom|mother|dad|father|daughter|son|parents|"
    rf"family)\b[^.!?]{{0,60}}\b(?:{EVENT}|icu|nicu|ward|hospital)\b",
)  # fmt: skip
_GENERAL = re.compile(
    rf"\b(?:patients?|{EVENT}|{STATE}|diagnos\w+|survivor|bed \d+\w?|ward|icu|nicu|picu|clinic|"
    r"hospital|hospice|bedside|gurney|iv|health(?:y)?|nurses?|rounds|unit)\b",
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
