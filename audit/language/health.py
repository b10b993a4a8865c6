# ruff: noqa: E501
"""Cues that a text speaks of one patient, as against patients, care or research at large."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.sentences import Span

_EVENT = (
    r"(?:surger(?:y|ies)|operation|bypass|transplant|chemo(?:therapy)?|radiation|dialysis|biopsy|"
    r"scans?|mri|ct|x-?rays?|labs?|lab results|test results|results|diagnosis|diagnoses|tumou?r|cancer|leukemia|"
    r"lymphoma|melanoma|stroke|seizures?|heart attack|fracture|amputation|c-section|delivery|labor|miscarriage|"
    r"biops(?:y|ies)|infusion|infection|prognosis|discharge|admission|recovery|rehab|remission|relapse|"
    r"treatment|therapy|procedure|wound|scar|stitches|implant|prosthesis|pacemaker|insulin|meds|medication|"
    r"pregnancy|asthma|diabetes|epilepsy|dementia|hiv|overdose|detox|injury|burns?|colonoscopy|mammogram|"
    r"appendix|kidney|liver|heart|lung|hip|knee|spine|brain bleed|aneurysm|condition|symptoms|vitals|"
    r"follow-?up|check-?up|appointment|hospital stay|icu stay)"
)
_VERB = (
    r"(?:admitted|discharged|diagnosed|intubated|extubated|hospitali[sz]ed|treated|operated on|"
    r"resuscitated|transplanted|transferred to (?:the )?icu|coded|readmitted|released from (?:the )?hospital|"
    r"sent home|cancer[- ]free|in remission|recovering|on dialysis|on the ventilator|off the ventilator|"
    r"in (?:the )?(?:icu|nicu|picu|er|ed|or)|in recovery|home from (?:the )?hospital|"
    r"rang the bell|hiv[- ]positive|septic|stable now|seizure[- ]free|in labor)"
)
_INDIVIDUAL = re.compile(
    "|".join(
        (
            # "our patient", never "our patient care team" nor "patient partner"
            r"\b(?:my|our|a|an|the|this|that|one|his|her|another|favou?rite|first|last)\s(?:\w+[\s-]){0,4}?patient\b"
            r"(?!\s(?:care|safety|experience|relations|portal|advoca\w+|advis\w+|access|education|engagement|"
            r"partner\w*|outcomes?|services|support|families|family|data|records?|privacy|population|centered|"
            r"stor(?:y|ies)|navigator|community|volume|flow|rights|satisfaction|representative|panel|council|"
            r"program|group|guide|handout|survey|research|information|voice|perspective|bill|safety|room|rooms|"
            r"bed|beds|tower|pavilion|lounge|parking|line|phone|number))",
            r"(?<![\w-])(?:[Pp]atient|[Pp]t)\s(?=[A-Z][a-z]+\s[A-Z][a-z]+)",
            rf"\b(?:he|she|they|who)(?:'s|\swas|\sis|\swere|\sgot|\shas been|\shad been)?\s(?:\w+\s){{0,2}}{_VERB}\b",
            rf"\b(?:his|her|hers)\s(?:\w+[\s-]){{0,3}}{_EVENT}\b",
            rf"\b[A-Z][\w'-]+'s?\s(?:\w+[\s-]){{0,3}}{_EVENT}\b",
            rf"\b(?:after|following|finished|completed|survived|beat|underwent|needed|undergoing|awaiting|before|through)"
            rf"\s(?:\w+[\s-]){{0,4}}{_EVENT}\b",
            rf"\b(?:is|was|got|been|finally)\s(?:\w+\s){{0,2}}{_VERB}\b",
            r"\b\d{1,3}[\s-]?(?:years?|yrs?|months?|weeks?|days?)[\s-]old\b[^.]{0,60}\b(?:admitted|presented|came in|diagnosed|with)\b",
            r"\b\d{1,2}\s?(?:yo|y/o|m|f)\b[^.]{0,60}\b(?:admitted|presented|came in|with)\b",
            r"\bbest\s?patient\b|#bestpatient\b",
            r"\b(?:chart|biopsy|labs?|scan|mri|test|pathology)\s(?:came back|shows?|showed|result)\b",
        )
    ),
    re.IGNORECASE,
)
_GENERAL = re.compile(
    rf"\b(?:patients?|{_EVENT}|{_VERB}|diagnos\w+|survivor|bed|ward|icu|nicu|clinic visit|hospital)\b",
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
