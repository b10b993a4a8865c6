"""Hashtags of several words carry capitals, so that a screen reader can say them.

Measures:
    Tags without any capital that a dictionary splits into two or more known words, minus the
    pack's list ``hashtags``.
Cannot tell:
    Invented words, and words that are written as one on purpose.
Fails:
    Meet the interns! #stemforall
    #welcometoournursingschool
Passes:
    Meet the interns! #StemForAll
    #covid19 #oncology
Source:
    Table A of BP08. WCAG 2.1, success criterion 1.3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from audit.checks.base import Check, ItemContext
from audit.checks.phrases import listing
from audit.language.hashtags import BRANDS, HASHTAGS, Hashtag, split
from audit.language.wordlists import word_set
from audit.model.item import Item, TextSource
from audit.model.verdict import PASSED, Hit, Kind, Level, Severity, Verdict

ALLOWED = "hashtags"
LEAST_MEAN = 3.5
"""Mean length of the words that are not small ones, below which a split is not believed."""


@dataclass(frozen=True)
class Params:
    """What can be tuned."""

    shortest: int = 7
    """Letters; shorter tags are understood as they are."""
    lower_case_platforms: tuple[str, ...] = ()
    """Platforms that write every tag in lower case, whatever the author typed."""


def judge(item: Item, params: Params, ctx: ItemContext) -> Verdict:
    """Name the tags and how to write them."""
    if ctx.account.platform in params.lower_case_platforms:
        return Verdict(not_applicable="the platform writes every tag in lower case")
    tags = _tags(item, ctx)
    if not tags:
        return Verdict(not_applicable="no hashtag")
    allowed = frozenset(ctx.lexicon.terms.get(ALLOWED, ()))
    run_together = [one for one in tags if _run_together(one, params, allowed)]
    if not run_together:
        return PASSED
    shown = listing(f"#{one.tag}" for one in run_together)
    better = listing(
        "#" + "".join(_capital(word, ctx) for word in one.words) for one in run_together
    )
    return Verdict(
        hits=(
            Hit(
                message="A hashtag of several words has no capitals.",
                source=TextSource.BODY,
                evidence=shown,
                suggestion=better,
            ),
        )
    )


def _tags(item: Item, ctx: ItemContext) -> list[Hashtag]:
    written = {one.tag: one for text in ctx.texts for one in text[HASHTAGS]}
    for tag in item.hashtags:
        # Some platforms list tags apart; where they also lower them, the text is the truth.
        if not any(tag.lower() == one.lower() for one in written):
            brands = ctx.lexicon.terms.get(BRANDS, ())
            words, known = split(tag, brands) if tag == tag.lower() else ((tag,), False)
            written[tag] = Hashtag(tag, words, known)
    return list(written.values())


def _run_together(tag: Hashtag, params: Params, allowed: Iterable[str]) -> bool:
    return (
        tag.lower
        and tag.known
        and len(tag.tag) >= params.shortest
        and tag.tag not in allowed
        and _several_words(tag.words)
    )


def _several_words(words: tuple[str, ...]) -> bool:
    """Whether a split is one that a reader would make: no row of fragments ("mas to don")."""
    letters = [word for word in words if word.isalpha()]
    content = [word for word in letters if word not in word_set("small_words")]
    if len(letters) < 2 or not content:
        return False
    return sum(map(len, content)) >= LEAST_MEAN * len(content)


def _capital(word: str, ctx: ItemContext) -> str:
    names = {name.lower(): name for name in ctx.institution.names}
    return names.get(word, word.capitalize())


CHECK = Check(
    id="hashtag-capitals",
    code="A.5",
    clause="BP08",
    title="A hashtag of several words has no capitals",
    levels=(Level.POST, Level.REPLY),
    kind=Kind.DIRECT,
    severity=Severity.LOW,
    remedy="Start each word of the tag with a capital: then a screen reader says them one by one.",
    judge=judge,
    params=Params,
    uses=frozenset({HASHTAGS}),
    excerpt=True,
)
