"""Where sentences begin and end, and what stands in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN

_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Drs|Mr|Mrs|Ms|Mx|Prof|St|Sr|Jr|vs|etc|approx|dept|fig|al|Rev|Hon|Gov|Sen|Rep"
    r"|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec)|\b[A-Za-z]|\b[ap]\.m|\be\.g|\bi\.e|\bU\.S|"
    r"\bPh\.D|\bM\.D)\.$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?\u2026]+[\"')\]]*\s+|\n+")
_QUOTED = re.compile(r'"[^"\n]{1,300}"|(?<!\w)\'[^\'\n]{2,200}\'(?!\w)')


_WORD = re.compile(r"(?<![\w/.@#])[A-Za-z']{2,}(?![\w/.]*[./]\w)")
"""Words outside addresses of pages, handles and tags."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a ``PLAIN`` text; ``end`` is the position after the last character."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words themselves."""
        return text[self.start : self.end]

    def holds(self, position: int) -> bool:
        """Whether ``position`` lies inside."""
        return self.start <= position < self.end


def split(text: str) -> tuple[Span, ...]:
    """Return the sentences of a ``PLAIN`` text, without the space between them."""
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        stop = match.end()
        if match[0].startswith(".") and _ABBREVIATION.search(
            text, max(start, match.start() - 8), match.start() + 1
        ):
            continue
        spans.append(Span(start, start + len(text[start:stop].rstrip())))
        start = stop
    spans.append(Span(start, start + len(text[start:].rstrip())))
    return tuple(span for span in spans if span.of(text).strip())


def is_headline(text: str) -> bool:
    """Whether most words begin with a capital, so that a capital says nothing about names."""
    words = _WORD.findall(text)
    return len(words) >= 5 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _sentences(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Span, ...]]:
    return [split(text[PLAIN]) for text in texts]


def _quotes(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Span, ...]]:
    return [tuple(Span(*match.span()) for match in _QUOTED.finditer(text[PLAIN])) for text in texts]


SENTENCES: Fact[tuple[Span, ...]] = Fact(name="sentences", compute=_sentences, after=(PLAIN,))
"""The sentences, in order."""

QUOTES: Fact[tuple[Span, ...]] = Fact(name="quotes", compute=_quotes, after=(PLAIN,))
"""What stands in quotation marks, marks included."""
