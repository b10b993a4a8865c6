"""Sentences in which the institution itself takes a stand, or somebody takes one in its name."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from audit.language.facts import Fact, Institution, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.sentences import QUOTES, Span
from audit.language.terms import NEVER, any_of

_VERB = (
    r"(?:believes?|announces?|condemns?|regrets?|deplores?|denounces?|opposes?|rejects?|demands?|"
    r"apologi[sz]es?|disagrees?|objects? to|calls? (?:on|for)|stands? (?:with|against|behind|by)|"
    r"urges?|endorses?|insists?|affirms?|den(?:y|ies)|confirms?|declares?|refuses?|"
    r"takes? the (?:position|view)|maintains? that|considers?|acknowledges?|promises?|guarantees?|"
    r"vows?|pledges?|(?:is|are) (?:\w+ly |very )?(?:outraged|appalled|sorry|saddened|disappointed|"
    r"ashamed|against|opposed to|in favor of|not responsible)|will (?:not tolerate|never|fight|"
    r"not comply|sue|not accept|appeal|oppose|defend)|(?:does|do) not (?:support|condone|agree|"
    r"accept|endorse|tolerate|believe)|(?:has|have) (?:no plans|decided|always (?:opposed|"
    r"supported)))"
)
_SUPPORTS = (
    r"supports?(?!\s(?:you|your|our|its|patients?|famil\w+|staff|students?|employees|caregivers|"
    r"learners|faculty|parents|people|women|men|children|kids|veterans|trainees|nurses|"
    r"research\w*|scientists|survivors|communities|community|residents|over|more|up to|\d+|"
    r"training|education|teams|clinicians|those|them|new|postdocs|scholars|mothers|babies)\b)"
)
_HEAD = re.compile(
    r"(?:(?:^|[.!?:;,\n\"(\u2026-]\s*)(?:and\s|but\s|so\s|yes,?\s|today,?\s|because\s)?|\b(?:that|"
    r"because|why|while|and|but)\s)(?:the\s|our\s)?$",
    re.IGNORECASE,
)
"""What stands before the subject of a clause: "a student from X opposes" is not X's own word."""
_OWN = r"(?:university|hospital|campus|institution|medical center|health system)"
_LEADERS = (
    r"(?:,?\s(?:\w+ly|also|today|now|hereby|as an institution|itself)\b,?|\s(?:leadership|leaders|"
    r"administration|administrators)\b)*"
)
_UNIT_NEXT = r"(?!\s(?-i:[A-Z][a-z]))(?!'s?\s(?-i:[A-Z][a-z]))"


@functools.lru_cache(maxsize=8)
def _subject(names: tuple[str, ...]) -> re.Pattern[str]:
    """The institution as the subject of a verb; what stands before it is looked at apart."""
    name = "|".join(re.escape(one) for one in names) or NEVER.pattern
    return any_of(
        rf"\b(?:{name}){_LEADERS}\s(?:{_VERB}|{_SUPPORTS})\b(?!\s*\?)",
        rf"\b{_OWN} (?:{_VERB})\b(?=[^.!?]*\b(?:ruling|law|bill|war|policy|ban|order|rule|"
        r"decision|allegations?|accusations?|report|act|senator|governor|congress|government|"
        r"court|union|strike|cuts?|settlement)\b)",
    )


@functools.lru_cache(maxsize=8)
def _named(names: tuple[str, ...]) -> re.Pattern[str]:
    """Words that speak in the institution's name by naming it."""
    if not names:
        return NEVER
    name = f"(?:{'|'.join(re.escape(one) for one in names)})"
    return any_of(
        r"\b(?:on|in) (?:behalf|the name) of (?:all of |everyone at |everybody at |the entire |"
        rf"the whole )?(?:the )?{name}(?!'s){_UNIT_NEXT}",
        r"\b(?:speaking|speak|spoke|writing) (?:for|as) (?:the voice of )?(?:all of |"
        rf"everyone at )?{name}{_UNIT_NEXT}",
        rf"\b(?:statement|response) (?:from|by|of) {name}{_UNIT_NEXT}",
        rf"\b{name}(?:'s|')? (?:official |public |formal |institutional )?(?:position|stance|"
        r"statement|response|view|policy position|answer|message|word|line) (?:is|remains|"
        r"on (?:the|this)|to (?:the|this|congress|critics|reporters)|regarding|about the)\b",
        rf"\bas {name},? we\b",
        rf"\b(?:we|all of us|everyone)(?: here)? at {name}{_UNIT_NEXT},?\s(?:\w+ly\s|also\s|"
        rf"do not\s|don't\s)?(?:{_VERB}|{_SUPPORTS})\b",
    )


_OFFICIAL = any_of(
    rf"\b{_OWN}(?:'s)? official (?:position|stance|statement|response|view|answer)\b",
    r"\b(?:our|the) official (?:institutional )?(?:position|stance|view|response) (?:is|on|as|"
    r"remains)\b",
    r"(?:^|[.!?\n]\s*)official (?:position|statement|response):",
    r"\b(?:consider|take) this (?:\w+ ){0,2}(?:an? |"
    rf"the )?official (?:\w+ )?(?:{_OWN} )?(?:position|statement|answer|response|word)\b",
)


def find(text: str, institution: Institution, quotes: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return where a ``PLAIN`` text speaks in the institution's name, quotations left out."""
    lowered = text.casefold()
    found: list[re.Match[str]] = []
    if "official" in lowered:
        found += _OFFICIAL.finditer(text)
    if any(name.casefold() in lowered for name in institution.names):
        found += _named(institution.names).finditer(text)
    for match in _subject(institution.names).finditer(text):
        if _HEAD.search(text[max(0, match.start() - 20) : match.start()]):
            found.append(match)
    spans = (Span(*match.span()) for match in found)
    own = (span for span in spans if not any(quote.holds(span.start) for quote in quotes))
    return tuple(sorted(own, key=lambda span: span.start))


def _statements(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Span, ...]]:
    return [find(text[PLAIN], lexicon.institution, text[QUOTES]) for text in texts]


STATEMENTS: Fact[tuple[Span, ...]] = Fact(
    name="statements", compute=_statements, after=(PLAIN, QUOTES)
)
"""Where a text speaks in the institution's name."""
