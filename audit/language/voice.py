"""Who speaks in a sentence, to whom, and whether it denies or asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.sentences import QUOTES, SENTENCES, Span

_I = re.compile(r"\b(?:I|I'm|I've|I'd|I'll|i'm|i've|i'd|i'll|i|im|ive|my|My|me|mine|myself)\b")
_WE = re.compile(r"\b(?:we|we're|we've|we'd|we'll|our|ours|us)\b", re.IGNORECASE)
_YOU = re.compile(r"\b(?:you|your|yours|you're|you've|you'd|you'll|yourself|ur|u)\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|no|never|none|nobody|nor|neither|without|cannot|can't|don't|doesn't|didn't|won't|"
    r"isn't|aren't|wasn't|weren't|shouldn't|wouldn't|couldn't|hasn't|haven't|hadn't)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Voice:
    """What a sentence's little words say."""

    span: Span
    first: bool
    """Speaks as I."""
    plural: bool
    """Speaks as we."""
    second: bool
    """Speaks to you."""
    negated: bool
    question: bool
    quoted: bool
    """Stands in quotation marks, at least for the greater part."""


def read(text: str, span: Span, quotes: Sequence[Span]) -> Voice:
    """Return the voice of one sentence of a ``PLAIN`` text."""
    words = span.of(text)
    covered = sum(
        max(0, min(span.end, quote.end) - max(span.start, quote.start)) for quote in quotes
    )
    return Voice(
        span=span,
        first=_I.search(words) is not None,
        plural=_WE.search(words) is not None,
        second=_YOU.search(words) is not None,
        negated=_NOT.search(words) is not None,
        question=words.rstrip("\"') ").endswith("?"),
        quoted=covered * 2 > span.end - span.start,
    )


def _voices(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Voice, ...]]:
    return [tuple(read(t[PLAIN], span, t[QUOTES]) for span in t[SENTENCES]) for t in texts]


VOICES: Fact[tuple[Voice, ...]] = Fact(
    name="voices", compute=_voices, after=(PLAIN, QUOTES, SENTENCES)
)
"""The voice of each sentence, in order."""
