# ruff: noqa: E501
"""Signs, in the first person, that somebody may be about to harm themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.sentences import SENTENCES, Span

_I = r"(?:i|i'm|i am|im|i've|ive|i'd|i'll|ill)"
_DIE = (
    r"(?:die|be dead|kill myself|kms|end it(?: all)?|end my (?:own )?life|end things|"
    r"hurt myself|harm myself|cut myself|take my (?:own )?life|disappear forever|"
    r"not (?:be|wake up|exist)|not be (?:here|alive)|never wake up|be gone for good|jump off\b.*)"
)
_SIGNS = re.compile(
    "|".join(
        (
            # wish, plan or intent
            rf"\b{_I}(?:\s+\w+){{0,3}}\s+(?:want(?:ed)?|wanna|going|gonna|plan(?:ning)?|ready|about|"
            rf"thinking about|tempted|need|wish|hope)\s+(?:to\s+|(?:i\s+)?(?:could|would|can)\s+(?:just\s+)?)?(?:just\s+)?{_DIE}\b",
            r"\bkill(?:ing)? myself\b",
            r"\b(?:end|ending|take|taking|took) my (?:own )?life\b",
            r"\b(?:hurt|harm|cut)(?:ting|ing)? myself\b",
            r"\b(?:i'm|i am|im|feeling|i feel|i've been|been)\s+(?:\w+\s+)?suicidal\b",
            r"\bunaliv(?:e|ing) myself\b|\bkms\b|\bsewerslide\b",
            r"\bi(?:'d| would) (?:rather|be better off)(?: be)? dead\b",
            r"\b(?:better off|happier|easier)\s+(?:\w+\s+){0,2}(?:if i (?:was|were|am)|without me)\b"
            r"(?!\s+(?:there|at|in the))",
            r"\b(?:no|any|a single|one) (?:reason|point)(?: left)? (?:to live|to go on|in living|to keep going|for me to live)\b",
            r"\b(?:don't|do not|dont|didn't|never) (?:want|wanna|plan|intend|care) to "
            r"(?:live|wake up|be alive|be here|exist|be around)(?: any ?more| tomorrow)?\b",
            r"\bnot (?:going to|gonna) (?:be|make it|wake up)(?: \w+){0,3} (?:here|tomorrow|alive|much longer)\b",
            r"\bi(?:'ll| will| won't| am going to|'m going to)? (?:won't |not )?be (?:gone|dead|here)"
            r"(?: for good| forever| by (?:tomorrow|morning|tonight|then)| much longer| any ?more)\b(?<!be here)",
            r"\bi can(?:'t|not) (?:go on|do this any ?more|keep going|live like this|take (?:it|this|living) any ?more)\b",
            r"\bi(?:'ve| have)? (?:took|taken|swallowed) (?:all|the whole|a bottle|every)(?: \w+){0,3} (?:pills?|bottle|meds|tablets)\b",
            # goodbyes, giving things away, means at hand
            r"\b(?:this is|here is) (?:my )?(?:goodbye|last (?:post|message|comment|note))\b",
            r"\bgoodbye (?:everyone|everybody|all|world|forever)\b",
            r"\b(?:giving|gave|given) away (?:all )?(?:my|everything)\b(?!.*\b(?:moving|raffle|prize|garage)\b)",
            r"\b(?:tonight|today|tomorrow) (?:is|will be) my last (?:night|day)(?: alive| on earth|\.|!|$)",
            r"\bthe pills are (?:counted|lined up|right here|ready|in front)\b",
            r"\b(?:i|i've) (?:have|got|bought|loaded|wrote|written|left) (?:the |a |my )?(?:\w+ )?(?:gun|rope|noose|note for (?:my|them|when)|suicide note)\b",
            r"\bstanding on (?:the|a) (?:bridge|ledge|roof|overpass)\b",
            r"\b(?:nobody|no one|noone) (?:would|will|'d|'ll) (?:even )?(?:miss me|notice (?:if|when) i)",
            r"\bwon't (?:have to )?(?:be|bother|burden) (?:\w+ ){0,3}(?:a burden|any ?more once i)\b|\bi'm (?:just )?a burden\b",
            r"\bby the time you (?:read|see) this\b",
        )
    ),
    re.IGNORECASE,
)
_GUARD = re.compile(
    r"\b(?:used to|years ago|back then|in \d{4}|when i was (?:\d+|a|young|younger|in)|once (?:felt|wanted|was)|"
    r"survived|survivor|i'm glad i|no longer|not suicidal|never been suicidal|lost my|lost (?:a|our|his|her)|"
    r"my (?:brother|sister|son|daughter|friend|dad|mom|mother|father|husband|wife|uncle|cousin) (?:died|took|said|told|was)|"
    r"lol|lmao|haha|😂|🤣|homework|finals?|exams?|traffic|laughing|laughter|embarrass\w*|cute(?:ness)?|"
    r"too cute|of pride|of embarrassment|of boredom|this song|this show|the game|the gym|leg day|parking|hold music|on hold)\b",
    re.IGNORECASE,
)


def find(text: str, sentences: Sequence[Span]) -> tuple[Span, ...]:
    """Return the sentences of a ``PLAIN`` text that hold a sign and no guard against it."""
    return tuple(
        span
        for span in sentences
        if _SIGNS.search(span.of(text)) and not _GUARD.search(span.of(text))
    )


def _crises(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Span, ...]]:
    return [find(text[PLAIN], text[SENTENCES]) for text in texts]


CRISES: Fact[tuple[Span, ...]] = Fact(name="crises", compute=_crises, after=(PLAIN, SENTENCES))
"""Sentences with a sign of a crisis."""
