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
    r"apologi[sz]es?|disagrees?|"
    r"objects? to|calls? (?:on|for)|stands? (?:with|against|behind|by)|urges?|endorses?|insists?|"
    r"affirms?|den(?:y|ies)|confirms?|"
    r"declares?|refuses?|takes? the (?:position|view)|maintains? that|considers?|acknowledges?|"
    r"promises?|guarantees?|vows?|pledges?|"
    r"(?:is|are) (?:\w+ly |very )?(?:outraged|appalled|sorry|saddened|disappointed|ashamed|against|"
    r"opposed to|in favor of|not responsible)|"
    r"will (?:not tolerate|never|fight|not comply|sue|not accept|appeal|oppose|defend)|"
    r"(?:does|do) not (?:support|condone|agree|accept|endorse|tolerate|believe)|(?:has|"
    r"have) (?:no plans|decided|always (?:opposed|supported)))"
)
_SUPPORTS = (
    r"supports?(?!\s(?:you|your|our|its|patients?|famil\w+|staff|students?|employees|caregivers|"
    r"learners|faculty|parents|people|women|"
    r"men|children|kids|veterans|trainees|nurses|research\w*|scientists|survivors|communities|"
    r"community|residents|over|more|up to|\d+|"
    r"training|education|teams|clinicians|those|them|new|postdocs|scholars|mothers|babies)\b)"
)
_HEAD = (
    r"(?:(?:^|[.!?:;,\n\"(\u2026-]\s*)(?:and\s|but\s|so\s|yes,?\s|today,?\s|because\s)?"
    r"|\b(?:that|because|why|while|and|but)\s)(?:the\s)?"
)
_LEADERS = (
    r"(?:,?\s(?:\w+ly|also|today|now|hereby|as an institution|itself)\b,?"
    r"|\s(?:leadership|leaders|administration|administrators)\b)*"
)
_UNIT_NEXT = r"(?!\s(?-i:[A-Z][a-z]))(?!'s?\s(?-i:[A-Z][a-z]))"


@functools.lru_cache(maxsize=8)
def _statement(names: tuple[str, ...]) -> re.Pattern[str]:
    if not names:
        return NEVER
    name = f"(?:{'|'.join(re.escape(one) for one in names)})"
    own = r"(?:the |our )?(?:university|hospital|campus|institution|medical center|health system)"
    return any_of(
        rf"{_HEAD}{name}{_LEADERS}\s(?:{_VERB}|{_SUPPORTS})\b",
        r"\b(?:on|in) (?:behalf|the name) of (?:all of |everyone at |everybody at |the entire |"
        rf"the whole )?(?:the )?{name}(?!'s){_UNIT_NEXT}",
        r"\b(?:speaking|speak|spoke|writing) (?:for|as) (?:the voice of )?(?:all of |"
        rf"everyone at )?{name}{_UNIT_NEXT}",
        r"\b(?:an? |the |our |this is (?:a|the) )?(?:official |public |formal )?(?:statement|"
        rf"response) (?:from|by|of) {name}{_UNIT_NEXT}",
        rf"\b{name}(?:'s|')? (?:official |public |formal |institutional )?(?:position|stance|"
        r"statement|response|view|policy position|answer|message|word|line)"
        r" (?:is|remains|on (?:the|this)|to (?:the|this|congress|critics|reporters)|regarding|"
        r"about the)\b",
        rf"\bas {name},? we\b",
        rf"\b(?:we|all of us|everyone)(?: here)? at {name}{_UNIT_NEXT},?\s(?:\w+ly\s|also\s|"
        rf"do not\s|don't\s)?(?:{_VERB}|{_SUPPORTS})\b",
        rf"\b{own}(?:'s)? official (?:position|stance|statement|response|view|answer)\b",
        r"\b(?:our|the) official (?:institutional )?(?:position|stance|view|response) (?:is|on|"
        r"as|remains)\b",
        r"(?:^|[.!?\n]\s*)official (?:position|statement|response):",
        rf"\b(?:consider|take) this (?:\w+ ){{0,2}}(?:an? |"
        rf"the )?official (?:\w+ )?(?:{own} )?(?:position|statement|answer|response|word)\b",
        rf"{_HEAD}{own} (?:{_VERB})\b(?=[^.!?]*\b(?:ruling|law|bill|war|policy|ban|order|rule|"
        r"decision|allegations?|accusations?|report|act|senator|"
        r"governor|congress|government|court|union|strike|cuts?|settlement)\b)",
        flags=re.IGNORECASE | re.MULTILINE,
    )


def find(text: str, institution: Institution, quotes: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return where a ``PLAIN`` text speaks in the institution's name, quotations left out."""
    return tuple(
        Span(*match.span())
        for match in _statement(institution.names).finditer(text)
        if not any(quote.holds(match.start() + 1) for quote in quotes)
    )


def _statements(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Span, ...]]:
    return [find(text[PLAIN], lexicon.institution, text[QUOTES]) for text in texts]


STATEMENTS: Fact[tuple[Span, ...]] = Fact(
    name="statements", compute=_statements, after=(PLAIN, QUOTES)
)
"""Where a text speaks in the institution's name."""
