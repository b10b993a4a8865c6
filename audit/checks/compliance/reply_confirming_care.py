# ruff: noqa: E501
"""A reply never confirms that somebody is or was a patient.

Measures:
    Words in a reply that treat the reader as a patient ("your appointment", "your chart", "who
    saw you"), whether or not the reader said so first. Offers to all ("call to book your visit")
    and the pack's list ``safe_replies`` pass.
Cannot tell:
    Whether the reader was a patient. A person is asked to look.
Fails:
    Sorry your March visit with Dr. Lee went badly, we checked your chart.
    Your results are in, and they look fine.
Passes:
    We cannot discuss care here. Please call Patient Relations.
    You can book your mammogram online.
Source:
    BP10. 45 CFR 164.502(a); Office for Civil Rights, resolution agreements on replies to reviews.
"""

from __future__ import annotations

import re

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import verdict
from audit.language.facts import Text
from audit.language.normalise import PLAIN
from audit.language.sentences import SENTENCES
from audit.language.terms import pattern
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict

SAFE = "safe_replies"

_CARE = (
    r"(?:appointments?|visits?|surger(?:y|ies)|operation|procedure|results?|labs?|lab results|test results|tests?|"
    r"chart|records?|file|medical history|scans?|mri|ct|x-?rays?|biops(?:y|ies)|mammogram|colonoscopy|diagnosis|treatment|"
    r"therapy|chemo(?:therapy)?|infusions?|admission|stay|discharge|prescriptions?|refills?|medication|meds|dose|dosage|"
    r"provider|doctor|surgeon|nurse|care team|oncologist|dentist|therapist|follow-?up|check-?up|screening|"
    r"vasectomy|transplant|implant|delivery|c-section|labor|pregnancy|crown|root canal|cleaning|cast|stitches|sutures|"
    r"pain|symptoms?|condition|tumou?r|cancer|blood (?:work|draw|test)|ultrasound|consult(?:ation)?|referral|bill for|"
    r"physical|exam|injection|shot|vaccine|implant|cataract|glasses|hearing aid|intake|session|er visit|wait in the er)"
)
_CONFIRMING = re.compile(
    "|".join(
        (
            # what happened to the reader, in the past or under way
            rf"\b(?:sorry|apologi[sz]e|regret|sad|glad|happy|thrilled|delighted|pleased|great|good|wonderful|hope)\b[^.!?]{{0,40}}\byour\b(?:\s[\w'-]+){{0,3}}\s{_CARE}\b",
            rf"\byour\b(?:\s[\w'-]+){{0,4}}\s{_CARE}\b(?:\s[\w'.-]+){{0,6}}?\s(?:was|were|went|is|are|has|had|have|came|come|shows?|showed|did|looks?|looked|starts?|started|got|takes?|took|needs?|needed|ran|will be|did not|didn't)\b",
            rf"\b(?:during|after|before|at|from|for|about|since|following|regarding)\s+your\b(?:\s[\w'-]+){{0,3}}\s{_CARE}\b(?:\s[\w'.-]+){{0,4}}?\s(?:with|on|at|last|in|this|yesterday|today)\b",
            rf"\b(?:we|i|our (?:team|staff|nurse|nurses|office)|the (?:nurse|team|doctor|office))(?:'ve|'re|'ll|\shave|\sare|\swill|\sjust|\salready|\salso|\sdid|\scan see|\sdo)*\s"
            rf"(?:checked|reviewed|pulled(?: up)?|looked (?:at|into|up|through)|see|saw|found|read|updated|have|received|got|sent|called in|refilled|rescheduled|moved|cancell?ed|confirmed|booked|pulling|reviewing|checking|looking at|show)\s+"
            rf"(?:\w+\s){{0,2}}(?:your)\s(?:[\w'-]+\s){{0,3}}{_CARE}\b",
            r"\b(?:dr\.?|doctor|nurse|np|pa)\s+(?-i:[A-Z])[\w'-]+\s+(?:who\s+)?(?:saw|treated|operated on|examined|called|spoke (?:with|to)|cared for|remembers|told|prescribed|delivered|met with)\s+(?:you|your)\b",
            r"\b(?:who|that|when (?:we|dr\.? \w+)|(?:the )?(?:day|time|nurse|doctor|team) (?:we|who|that)?)\s*(?:last\s)?(?:saw|treated|operated on|cared for|examined|admitted|discharged|delivered)\s+(?:you|your)\b",
            r"\b(?:we|our (?:team|doctors|nurses|staff)|i|dr\.? \w+)(?:'ve|\shave|\salso|\sdid|\sjust)*\s(?:treated|saw|diagnosed|admitted|discharged|operated on|examined|cared for|intubated|prescribed)\s+(?:you|your (?:mom|mother|dad|father|son|daughter|child|husband|wife|baby|kid|grand\w+|brother|sister|partner))\b",
            r"\b(?:as|being|you(?:'re| are| were)|since you(?:'re| are)|having you as|one of|for being)\s+(?:an?|our|one of our|my|such an?|a wonderful|a valued|a longtime|a long-time)\s*(?:\w+\s)?patients?\b",
            r"\bour records (?:show|indicate|say|have)\b|\b(?:according to|per|in|on|from) (?:your|our) (?:chart|records?|log|logs|notes|file|system)\b",
            r"\byou(?:'ve|\shave|\swere|\sare)?\s(?:\w+\s)?(?:were |been )?(?:seen|admitted|discharged|diagnosed|treated|prescribed|scheduled for surgery|no-?showed|no show|missed (?:your|two|three|the) )\b",
            r"\byou (?:missed|cancell?ed|skipped|rescheduled|declined|refused|signed|came in|checked in|were (?:here|late|offered|told|given)|left (?:ama|against|before))\b[^.!?]{0,60}\b(?:appointment|visit|treatment|consent|clinic|er|ed|dose|medication|surgery|follow-?up|scan|test|doctor|nurse|form|discharge|twice|instructions)\b",
            r"\b(?:caring|care) for (?:you|your (?:mom|mother|dad|father|son|daughter|child|husband|wife|baby|family))\b(?=[^.!?]{0,40}\b(?:during|after|last|through|in \d|yesterday|this week|with)\b)",
            r"\b(?:see|seeing) you (?:at|for) your (?:next|follow-?up|second|third|upcoming|tomorrow|monday|tuesday|wednesday|thursday|friday)\b",
            rf"\byour (?:next|upcoming|follow-?up|last|recent|first|second|third|previous|march|april|may|june|july|august|january|february|september|october|november|december|monday|tuesday|wednesday|thursday|friday|yesterday's|tuesday's)\s(?:\w+\s)?{_CARE}\b",
        )
    ),
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:to (?:book|schedule|make|request|change|cancel|reschedule|discuss|confirm|ask about|view|see|check|get|find|access)|"
    r"(?:you can|can be|please|feel free to|call us to|log in to|sign in to|use mychart to)\s(?:\w+\s){0,3}?"
    r"(?:book|schedule|make|request|view|see|check|get|find|access|bring|ask|talk|speak|contact|message|reach|call))\b"
    r"[^.!?]{0,40}\byour?\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\b(?:if you|when you|before you|whenever|anyone|everyone|every patient|all patients|any patient|once you|should you|"
    r"in case|most (?:people|patients)|usually|generally|typically)\b",
    re.IGNORECASE,
)


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report a reply with at least one sentence that confirms care."""
    message = "A reply may confirm that somebody was a patient."
    return verdict(
        Hit(message=message, source=text.source) for text in ctx.texts if _confirms(text, ctx)
    )


def _confirms(text: Text, ctx: ItemContext) -> bool:
    safe = pattern(ctx.lexicon.terms.get(SAFE, ()))
    for span in text[SENTENCES]:
        words = span.of(text[PLAIN])
        match = _CONFIRMING.search(words)
        if match is None or safe.search(words) or _GENERAL.search(words):
            continue
        offer = _OFFER.search(words)
        if offer is not None and offer.start() <= match.start() < offer.end():
            continue
        return True
    return False


CHECK = Check(
    id="reply-confirming-care",
    code="BP10.2",
    clause="BP10",
    title="A reply may confirm someone's care",
    levels=(Level.REPLY,),
    kind=Kind.PROXY,
    severity=Severity.CRITICAL,
    remedy=(
        "Take the reply down. Answer only: we cannot discuss care here, please call Patient "
        "Relations. Then call the Privacy Office."
    ),
    judge=judge,
    uses=frozenset({PLAIN, SENTENCES}),
    watch=True,
)
