"""Sentences that treat the reader, or somebody of theirs, as a patient.

In an answer to a member of the public, "your visit" or "your results" confirms that there was a
visit and that there are results, unless the sentence offers something to everybody ("call to
book your visit"), or speaks of a rule or a condition ("when your visit is canceled we call").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.sentences import SENTENCES, Span
from audit.language.terms import any_of, pattern

SAFE = "safe_replies"
"""The pack's list of wordings that any sentence of a reply may use."""

_CARE = (
    r"(?:appointments?|appts?|visits?|surger(?:y|ies)|operations?|procedures?|replacement|bypass|"
    r"(?:test |lab |scan )?results?|labs?|tests?|chart|records?|medical history|scans?|mri|ct|"
    r"x-?rays?|biops(?:y|ies)|mammogram|colonoscopy|ultrasound|pap|blood (?:work|draw|test)|"
    r"diagnosis|treatments?|therapy|chemo(?:therapy)?|radiation|infusions?|dialysis|transplant|"
    r"admission|stay|discharge|recovery|rehab|prescriptions?|refills?|medications?|meds|dose|"
    r"dosage|insulin|follow-?ups?|check-?ups?|screening|consult(?:ation)?|referral|intake|"
    r"(?:er|ed|icu) (?:visit|stay)|vasectomy|c-section|delivery|pregnancy|twins|implants?|crown|"
    r"root canal|cleaning|braces|inhaler|crutches|stitches|sutures|cast|cataracts?|hip|knee|"
    r"shoulder|tumou?r|cancer|asthma|diabetes|injection|shots?|vaccine|physical|migraines?|"
    r"seizures?|labor|oncologist|surgeon|dermatologist|cardiologist|therapist|dentist|obgyn|"
    r"condition|symptoms|pain|medical (?:bill|file)|hospital bill|wound|scar|surgeon's)"
)
_KIN = (
    r"(?:mom|mother|mum|dad|father|son|daughter|child|kid|baby(?: girl| boy)?|husband|wife|"
    r"partner|brother|"
    r"sister|grand\w+|nana|uncle|aunt|family member|loved one|twins|newborn|little (?:one|girl|"
    r"boy))"
)
_TREATED = (
    r"(?:treat(?:ed|ing)?|saw|operated on|examined|diagnosed|admitted|discharged|cared for|"
    r"caring for|care for|delivered|intubated|prescribed|vaccinated|scanned|looked after|"
    r"took care of|take care of|taking care of|met with|called|gave)"
)
_CLINICAL = (
    r"(?:refilled|prescribed|administered|operated on|drained|removed|replaced|stitched|sutured|"
    r"swabbed|biopsied|delivered|treated|ruled out|ordered|adjusted|numbed|immunized|scanned)"
)
_YOURS = rf"\byour(?:\s[\w'.&-]+){{0,4}}?\s{_CARE}\b"

_CONFIRMING = any_of(
    _YOURS,
    # who treated whom
    r"\b(?:we|who|that|i|he|she|they|team|staff|nurses?|doctors?|dr\.? [\w'-]+)(?:'ve|\shave|"
    r"\shas|\shad|"
    rf"\salso|\sjust|\sdid|\sfirst|\slast)*\s{_TREATED}\s(?:you|your\s{_KIN})\b"
    r"(?!\sa (?:call|ring|refund|tour|chance))",
    rf"\b(?:honor|privilege|pleasure|joy|joys?|time)\b[^.!?]{{0,20}}\b(?:care|caring|cared) for "
    rf"(?:you|your\s{_KIN})\b",
    rf"\byour\s{_KIN}(?:'s)?\b[^.!?]{{0,60}}\b(?:{_CARE}|doing (?:better|well|great)|patient|"
    r"recover\w*|"
    r"nurses?|doctors?|icu|nicu|ward|bed|discharged|admitted|died|passed away|last days|"
    r"hospital)\b",
    rf"\b(?:we|i|they|he|she|nurses?|doctors?|team)(?:'ve|\shave|\salready|\sjust)*\s{_CLINICAL}\s"
    r"(?:you|your)\b",
    rf"\bwelcom(?:e|ed|ing) your {_KIN}\b(?! to (?:our )?(?:camp|class|program|tour))",
    r"\bhaving you (?:on|in|at|here on|back on) (?:the|our) (?:unit|ward|floor|clinic|icu|er|ed|"
    r"hospital)\b",
    r"\b(?:meds|medications?|treatment|hip|knee|dose|cast|cream|inhaler|therapy|insulin|shot|"
    r"crutches|procedure|surgery) (?:is|are|was|were|has been)\b[^.!?]{0,25}\b(?:for|on|"
    r"treating) you\b",
    r"\b(?:after|for|with) your (?:kind|type|sort) of (?:surgery|procedure|injury|cancer|"
    r"fracture|treatment)\b",
    # being a patient
    r"\b(?:as|being|are|were|you're|having you as)\s(?:such\s)?(?:our|an?|one of our|"
    r"my)\s(?:[\w-]+\s){0,2}?"
    r"patients?\b(?!\s(?:care|relations|experience|safety|portal))",
    r"\b(?:he|she) (?:was|is) (?:such )?(?:an? )?(?:[\w-]+\s)?patient\b",
    r"\byou(?:'ve|'re|\shave|\shad|\swere|\sare|\sgot)?(?:\s(?:also|just|not|never|already|been|"
    r"being|first|last))*"
    r"\s(?:were\s|been\s)?(?:seen (?:by|in|at|on)|admitted|discharged|diagnosed|treated|"
    r"hospitali[sz]ed|"
    r"prescribed|intubated|under anesthesia|on our (?:unit|ward|floor|schedule|list)|in (?:our|"
    r"the) (?:er|ed|"
    r"icu|clinic|hospital|ward|unit|recovery room)|under our care|in labor|here (?:in|last|"
    r"for your|on))\b",
    r"\b(?:before|after|since|upon|of) being (?:discharged|admitted|seen|treated)\b",
    r"\byou (?:came|walked|were brought|arrived|checked) in (?:with|for|because)\b",
    r"\byou\s(?:missed|no-?showed|cancell?ed|skipped|refused|declined|signed|came in|checked in|"
    r"arrived|left|"
    r"stopped|asked for|consented|agreed)\b[^.!?]{0,60}\b(?:appointments?|visits?|treatments?|"
    r"consent|"
    r"clinic|er|dose|medications?|surgery|follow-?up|scan|test|against (?:medical )?advice|ama|"
    r"early|"
    r"discharged?|prescription|twice|vaccine|procedure|we offered|doctor|nurse)\b",
    r"\b(?:our|the|your) (?:records?|notes?|chart|log|logs|files?|system|schedule)\b[^.!?]{0,25}\b"
    r"(?:shows?|says?|indicates?|has you|have you|confirms?|reflects?|lists?)\b",
    r"\b(?:per|according to|on|in|from) (?:our|your) (?:records?|notes?|charts?|logs?|files?)\b",
    r"\bwe (?:do )?(?:still )?remember you\b(?=[^.!?]{0,80}\b(?:ward|unit|nicu|icu|er|clinic|"
    r"surgery|"
    r"twins|baby|stay|visit|room|bed)\b)",
    # shared milestones
    r"\b(?:finish\w*|complet\w*|ring\w*|rang|start\w*|beat\w*|"
    rf"through)\s(?:[\w'-]+\s){{0,3}}?{_CARE}\s(?:with|at|by) us\b",
    r"\b(?:trust(?:ed|ing)?|chose|choosing|choose) us (?:for|with|to)\b[^.!?]{0,30}\b(?:your|"
    r"treat|deliver|operate)\b",
    r"\bsee you (?:again )?(?:on|in|at|for|next|this|tomorrow|monday|tuesday|wednesday|thursday|"
    r"friday)\b"
    r"[^.!?]{0,40}\b(?:clinic|room|follow-?up|appointment|surgery|infusion|chemo|pre-?op|"
    r"post-?op|scan)\b",
    r"\b(?:he|she|they) will (?:call|see|phone) you (?:about|regarding|with|for) (?:the|"
    r"your) (?:scan|results?|"
    r"surgery|biopsy|labs?|mri|referral|procedure|treatment)\b",
)
_GENERAL = re.compile(
    r"\b(?:if|when|whenever|before|once|until|unless) (?:you|your|an?|patients|people|someone|"
    r"anyone)\b"
    r"|\b(?:anyone|everyone|everybody|every patient|all patients|any patient|most (?:people|"
    r"patients)|"
    r"usually|generally|typically|always (?:call|bring|ask)|should you|in case)\b"
    r"|\byour(?:\s[\w'-]+){1,4}?\s(?:can|may|might|could|must|should|will need to)\b",
    re.IGNORECASE,
)
_WHEN_YOU_WERE = re.compile(
    r"\b(?:when|since|before|after|until) you(?:'re| were| had| came| left)\b", re.IGNORECASE
)
_ASKED = (
    r"(?:book|schedule|make|request|change|cancel|reschedule|discuss|view|see(?! you\b)|check|"
    r"get|find|"
    r"access|"
    r"bring|ask|talk|speak|contact|message|reach|call|visit|download|renew|refill|manage|prepare|"
    r"take|confirm|keep|use|share|post|include|send|email|upload|show|have|start|protect|plan|"
    r"arrange|set up|sign up|register|print|pay|consult|tell|read|learn|understand|review|track)"
)
_OFFER = re.compile(
    rf"(?:^|[,;:(]\s*|\b(?:to|can|could|please|and|or|then|you'll|just|kindly|not|don't|never)\s+)"
    rf"(?:also\s|always\s)?{_ASKED}\b(?:\s[\w'.@/-]+){{0,7}}?\s(?:you|your)\b"
    r"[^.;!?]*?(?=[.;!?]|$|,?\s(?:and|but|because|since|so)\s(?:we|it|he|she|dr|the|they|i)\b)",
    re.IGNORECASE,
)


def find(text: str, sentences: Sequence[Span], safe: tuple[str, ...] = ()) -> tuple[Span, ...]:
    """Return the sentences of a ``PLAIN`` text that confirm care."""
    return tuple(span for span in sentences if _confirms(span.of(text), safe))


def _confirms(words: str, safe: tuple[str, ...]) -> bool:
    if "you" not in words.lower() and " us" not in words and "discharged" not in words:
        return False
    if pattern(safe).search(words):
        return False
    if _GENERAL.search(words) and not _WHEN_YOU_WERE.search(words):
        return False
    offers = [offer.span() for offer in _OFFER.finditer(words)]
    return any(
        not any(start <= match.start() < end or start < match.end() <= end for start, end in offers)
        for match in _CONFIRMING.finditer(words)
    )


def _confirmings(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Span, ...]]:
    safe = lexicon.terms.get(SAFE, ())
    return [find(text[PLAIN], text[SENTENCES], safe) for text in texts]


CONFIRMING: Fact[tuple[Span, ...]] = Fact(
    name="confirming", compute=_confirmings, after=(PLAIN, SENTENCES)
)
"""Sentences that confirm care."""
