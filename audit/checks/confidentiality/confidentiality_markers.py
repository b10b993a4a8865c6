"""Nothing is published that its own words mark as confidential, internal or embargoed.

Measures:
    Phrases of the pack's list ``confidential_phrases`` ("not for circulation", "internal only",
    "not yet announced") outside those of ``confidential_allowed``, and embargoes whose date lies
    in the future or cannot be read.
Cannot tell:
    Whether the material was cleared for release.
Fails:
    Not for circulation: slide 12 of the closed briefing.
    Embargoed until Friday, but our paper is out of this world.
Passes:
    Free, confidential HIV testing on Saturday.
    The embargo has lifted: read the paper.
Source:
    BP02.
"""

from __future__ import annotations

import re

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import each, excerpt, verdict
from audit.language.dates import read_date
from audit.language.facts import Text
from audit.language.normalise import PLAIN
from audit.language.people import PEOPLE
from audit.language.sentences import SENTENCES
from audit.language.terms import pattern
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict

PHRASES = "confidential_phrases"
ALLOWED = "confidential_allowed"

_EMBARGO = re.compile(
    r"\bembargo(?:ed)?(?:\s\w+){0,3}?\s(?:until|till?|through|before|lifts(?:\s\w+)?)\s"
    r"(?P<date>[^.!?\n]{1,60})"
    r"|\b(?:not|nothing)\s(?:public|for release|for publication)\s(?:until|before|till)\s"
    r"(?P<other>[^.!?\n]{1,60})"
    r"|\bembargo(?:ed)?\b[\s:-]+"
    r"(?P<bare>(?:\d{1,2}/\d{1,2}|[A-Z][a-z]{2,8}\.? \d{1,2})[^.!?\n]{0,40})",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:never|don't|do not|avoid|rather than|instead of|polic(?:y|ies)|training|reminder|how to|"
    r"should not|shouldn't|must not|before you)\s(?:\w+\s){0,3}?"
    r"(?:post|share|forward|email|send|upload|discuss|publish|paste)",
    re.IGNORECASE,
)
_DISPOSAL = re.compile(r"\b(?:report it|privacy office|shred\w*|dispos\w+|bins?)\b", re.IGNORECASE)
"""Words of texts that say how to treat such material, rather than being it."""


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report the first marker of each text."""
    return verdict(hit for text in ctx.texts if (hit := _first(text, item, ctx)) is not None)


def _first(text: Text, item: Item, ctx: ItemContext) -> Hit | None:
    plain = text[PLAIN]
    posted = item.created_at.date() if item.created_at else None
    for _, match in each([text], _EMBARGO):
        date = read_date(match["date"] or match["other"] or match["bare"], near=posted or ctx.today)
        if date is None or date > ctx.today:
            return _hit("The text says that it is under embargo.", text, match)
        return None  # the date has passed, whatever else it says about the embargo
    allowed = list(pattern(ctx.lexicon.terms.get(ALLOWED, ())).finditer(plain))
    for match in pattern(ctx.lexicon.terms.get(PHRASES, ())).finditer(plain):
        if any(one.start() <= match.start() and match.end() <= one.end() for one in allowed):
            continue
        sentence = next(span for span in text[SENTENCES] if span.holds(match.start()))
        if _ADVICE.search(plain, sentence.start, match.start()) or _DISPOSAL.search(plain):
            continue
        return _hit("The words mark this as confidential or not yet public.", text, match)
    return None


def _hit(message: str, text: Text, match: re.Match[str]) -> Hit:
    shown = excerpt(text[PLAIN], match.start(), match.end(), text[PEOPLE])
    return Hit(message=message, source=text.source, evidence=shown)


CHECK = Check(
    id="confidentiality-markers",
    code="BP02.3",
    clause="BP02",
    title="This may not have been cleared for release",
    levels=(Level.POST, Level.REPLY),
    kind=Kind.PROXY,
    severity=Severity.HIGH,
    remedy=(
        "If this was not cleared for release, take it down and ask University Relations. "
        "If it was, choose Dispute and say by whom."
    ),
    judge=judge,
    languages=frozenset({"en"}),
    uses=frozenset({PLAIN, SENTENCES, PEOPLE}),
    excerpt=True,
    dated=True,
)
