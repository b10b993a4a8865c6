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
    r"(?:\w{3,}(?:ectomy|oscopy|plasty|ostomy|otomy|ablation)|ablation|stents?|\w{3,}(?:formin|"
    r"statin|pril|sartan|olol|cillin|mycin|azole|oxetine|triptyline|zepam|parin|mab|tinib|vir|"
    r"xaban|glutide|dipine|semide|thyroxine)|(?:broken|fractured|sprained|torn|"
    r"new) (?:\w+ )?(?:wrist|ankle|arm|leg|hip|knee|foot|finger|rib|collarbone|heart|liver|kidney|"
    r"lungs?|cornea)|samples?|specimens?|dietitian|appointments?|appts?|visits?(?! to (?:the|"
    r"our) (?:museum|campus|library|website|page|booth|exhibit|table|lab|tour|garden|store))|"
    r"surger(?:y|ies)|operations?|procedures?|replacement|bypass|(?:test |lab |scan )?results?|"
    r"labs?|tests?|chart|records?|medical history|scans?|mri|ct|x-?rays?|biops(?:y|ies)|mammogram|"
    r"colonoscopy|ultrasound|pap|blood (?:work|draw|test)|diagnosis|treatments?|therapy|"
    r"chemo(?:therapy)?|radiation|infusions?|dialysis|transplant|admission|stay|discharge|"
    r"recovery|rehab|prescriptions?|refills?|medications?|meds|dose|dosage|insulin|follow-?ups?|"
    r"check-?ups?|screening|consult(?:ation)?|referral|intake|(?:er|ed|icu) (?:visit|stay)|"
    r"vasectomy|c-section|delivery|pregnancy|twins|implants?|crown|root canal|cleaning|braces|"
    r"inhaler|crutches|stitches|sutures|cast|cataracts?|hip|knee|shoulder|tumou?r|cancer|asthma|"
    r"diabetes|injection|shots?|vaccine|physical|migraines?|seizures?|labor|oncologist|surgeon|"
    r"dermatologist|cardiologist|therapist|dentist|obgyn|condition|symptoms|pain|medical (?:bill|"
    r"file)|hospital bill|wound|scar|surgeon's)"
)
_KIN = (
    r"(?:mom|mother|mum|dad|father|son|daughter|child|kid|baby(?: girl| boy)?|husband|wife|"
    r"partner|brother|sister|grand\w+|nana|uncle|aunt|family member|loved one|twins|newborn|"
    r"little (?:one|girl|boy))"
)
_TREATED = (
    r"(?:treat(?:ed|ing)?|saw|operated on|examined|diagnosed|admitted|discharged|cared for|"
    r"caring for|care for|delivered|intubated|prescribed|vaccinated|scanned|looked after|"
    r"took care of|take care of|taking care of)"
)
_CLINICAL = (
    r"(?:refilled|prescribed|administered|operated on|drained|stitched|sutured|swabbed|biopsied|"
    r"numbed|immunized|treated)"
)
_TOPIC = r"(?!risks?\b|questions?\b|chances?\b|interest\b|knowledge\b|partner\b|next\sstep)"
"""Words that turn "your ... cancer" into a subject of general advice."""
_YOURS = rf"\byour(?:\s{_TOPIC}[\w'.&-]+){{0,4}}?\s{_CARE}\b"

_CONFIRMING = any_of(
    _YOURS,
    # who treated whom
    r"\b(?:we|who|that|i|he|she|they|team|staff|nurses?|doctors?|(?:dr\.?|nurse|np|"
    r"pa) [\w'-]+)(?:'ve|\shave|\shas|\shad|\salso|\sjust|\sdid|\sfirst|"
    rf"\slast)*\s{_TREATED}\s(?:you|your\s{_KIN})\b(?!\sa (?:call|ring|refund|tour|chance))",
    r"\b(?:honor|privilege|pleasure|joy|joys?|time)\b[^.!?]{0,20}\b(?:care|caring|"
    rf"cared) for (?:you|your\s{_KIN})\b",
    rf"\byour\s{_KIN}(?:'s)?\b[^.!?]{{0,40}}\b(?:was|were|had|has|is|did|got|came|went|received|"
    rf"felt|loved|left)\b[^.!?]{{0,40}}\b(?:{_CARE}|doing (?:better|well|great)|patients?|"
    r"recover\w*|nurses?|doctors?|icu|nicu|ward|bed|discharged|admitted|died|passed away|"
    r"hospital)\b",
    r"\b(?:sorry|glad|happy|hope|thanks?|thank you|honor|loved|hug|best|wish\w*|"
    rf"congrat\w+)\b[^.!?]{{0,60}}\byour\s{_KIN}(?:'s)?\b[^.!?]{{0,60}}\b(?:{_CARE}|"
    r"doing (?:better|well|great)|recover\w*|nurses?|doctors?|icu|nicu|ward|bed|discharged|"
    r"admitted|last days)\b",
    r"\b(?:we|i|they|he|she|nurses?|doctors?|team)(?:'ve|\shave|\salready|"
    rf"\sjust)*\s{_CLINICAL}\s(?:you|your)\b",
    rf"\bwelcom(?:e|ed|ing) your {_KIN}\b(?! to (?:our )?(?:camp|class|program|tour))",
    r"\bhaving you (?:on|in|at|here on|back on) (?:the|our) (?:unit|ward|floor|clinic|icu|er|ed|"
    r"hospital)\b",
    r"\b(?:meds|medications?|treatment|hip|knee|dose|cast|cream|inhaler|therapy|insulin|crutches|"
    r"procedure|ablation|injection|surgery)(?:\s(?:is|are|was|were|"
    r"has been))?\b[^.!?]{0,25}\b(?:working for|worked for|helped|helping|hard on|rough on|"
    r"treating) you\b",
    r"\b(?:after|for|with) your (?:kind|type|sort) of (?:surgery|procedure|injury|cancer|fracture|"
    r"treatment)\b",
    r"\b(?:called|phoned|spoke (?:with|to)|met with|told|gave|texted|showed|warned|"
    r"asked) you\b[^.!?]{0,60}\b(?:exam room|procedure|surgery|discharged?|bedside|ward|unit|"
    r"treatment|biopsy|scan|er|ed|risks?|consent|pre-?op|post-?op|anesthesia|dose)\b",
    r"\bon (?:our|the) (?:transplant|surgical|surgery) (?:wait(?:ing)? ?)?list\b",
    r"\b(?:brave|favou?rite|great|model|wonderful|star|dream|easy|difficult|"
    r"tough) patient\b(?!\s(?:care|experience|safety|satisfaction|outcomes?|stor|advoca|"
    r"education))",
    # being a patient
    r"\b(?:as|being|are|were|you're|having you as)\s(?:such\s)?(?:our|an?|one of our|"
    r"my)\s(?:[\w-]+\s){0,2}?patients?\b(?!\s(?:care|relations|experience|safety|portal))",
    r"\b(?:he|she) (?:was|is) (?:such )?(?:an? )?(?:[\w-]+\s)?patient\b",
    r"\byou(?:'ve|'re|\shave|\shad|\swere|\sare|\sgot)?(?:\s(?:also|just|not|never|already|been|"
    r"being|first|last))*\s(?:were\s|been\s)?(?:seen (?:by|in|at|on)|admitted|discharged|"
    r"diagnosed|treated|hospitali[sz]ed|prescribed|intubated|under anesthesia|on our (?:unit|ward|"
    r"floor|schedule|list)|in (?:our|the) (?:er|ed|icu|clinic|hospital|ward|unit|recovery room)|"
    r"under our care|in labor|here (?:in|last|for your|on))\b",
    r"\b(?:before|after|since|upon|of) being (?:discharged|admitted|seen|treated)\b",
    r"\byou (?:came|walked|were brought|arrived|checked) in (?:with|for|because)\b",
    r"\byou\s(?:missed|no-?showed|cancell?ed|skipped|refused|declined|signed|came in|checked in|"
    r"arrived|left|stopped|asked for|consented|agreed)\b[^.!?]{0,60}\b(?:appointments?|visits?|"
    r"treatments?|consent|clinic|er|dose|medications?|surgery|follow-?up|scan|test|"
    r"against (?:medical )?advice|ama|early|discharged?|prescription|twice|vaccine|procedure|"
    r"we offered|doctor|nurse)\b",
    r"\b(?:our|the|your) (?:records?|notes?|chart|log|logs|files?|system|"
    r"schedule)\b[^.!?]{0,25}\b(?:shows?|says?|indicates?|has you|have you|confirms?|reflects?|"
    r"lists?)\b",
    r"\b(?:per|according to|on|in|from) (?:our|your) (?:records?|notes?|charts?|logs?|files?)\b",
    r"\bwe (?:do )?(?:still )?remember you\b(?=[^.!?]{0,80}\b(?:ward|unit|nicu|icu|er|clinic|"
    r"surgery|twins|baby|stay|visit|room|bed)\b)",
    rf"\bremembers? you\b[^.!?]{{0,80}}\b{_CARE}\b",
    rf"\b(?:letting|having|allowing|trusting) us (?:to )?{_TREATED}\s(?:you|your\s{_KIN})\b",
    # shared milestones
    r"\b(?:finish\w*|complet\w*|ring\w*|rang|start\w*|beat\w*|"
    rf"through)\s(?:[\w'-]+\s){{0,3}}?{_CARE}\s(?:with|at|by) us\b",
    r"\b(?:trust(?:ed|ing)?|chose|choosing|choose) us (?:for|with|to)\b[^.!?]{0,30}\b(?:your|"
    r"treat|deliver|operate)\b",
    r"\bsee you (?:again )?(?:on|in|at|for|next|this|tomorrow|monday|tuesday|wednesday|thursday|"
    r"friday)\b[^.!?]{0,40}\b(?:clinic|room|follow-?up|appointment|surgery|infusion|chemo|pre-?op|"
    r"post-?op|scan)\b",
    r"\b(?:he|she|they) will (?:call|see|phone) you (?:about|regarding|with|for) (?:the|"
    r"your) (?:scan|results?|surgery|biopsy|labs?|mri|referral|procedure|treatment)\b",
)
_GENERAL = re.compile(
    r"\b(?:if|when|whenever|unless) (?:you|your|an?|patients|people|someone|anyone)\b|\b(?:before|"
    r"once|until) you\b|(?:^|[,;]\s)(?:before|once|until|after) your\b|\b(?:anyone|everyone|"
    r"everybody|every patient|all patients|any patient|most (?:people|patients)|usually|generally|"
    r"typically|always (?:call|bring|ask)|should you|in case)\b|\byour(?:\s[\w'-]+){1,4}?\s(?:can|"
    r"may|might|could|must|should|will need to)\b",
    re.IGNORECASE,
)
_WHEN_YOU_WERE = re.compile(
    r"\b(?:sorry|apologi[sz]e|regret)\b|\b(?:when|since|before|after|until) you(?:'re| were| had|"
    r" came| left)\b",
    re.IGNORECASE,
)
_ASKED = (
    r"(?:book|schedule|make|request|change|cancel|reschedule|discuss|view|see(?! you\b)|check|get|"
    r"find|access|bring|ask|talk|speak|contact|message|reach|call|visit|download|renew|refill|"
    r"manage|prepare|take|confirm|keep|use|share|post|include|send|email|upload|show|have|start|"
    r"protect|plan|arrange|set up|sign up|register|print|pay|consult|tell|read|learn|understand|"
    r"review|track)"
)
_OFFER = re.compile(
    r"(?:^|[,;:(]\s*|\b(?:to|can|could|please|and|or|then|you'll|just|kindly|not|don't|"
    rf"never)\s+)(?:also\s|always\s)?{_ASKED}\b(?:\s[\w'.@/-]+){{0,7}}?\s(?:you|"
    r"your)\b[^.;!?]*?(?=[.;!?]|$|,?\s(?:and|but|because|since|so)\s(?:we|it|he|she|dr|the|they|"
    r"i)\b)",
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
