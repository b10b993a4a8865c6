"""The account's own words are free of profanity and obscenity.

Measures:
    Words of the pack's lists ``profanity_strong``, ``profanity_mild`` and ``profanity_slurs``,
    with spelling tricks undone, minus the clinical and everyday uses of ``profanity_allowed``
    and the names of ``profanity_names``.
Cannot tell:
    Why a word stands there: titles of songs and studies, or talk about the word itself, are
    told apart only by quotation marks.
Fails:
    Shut the hell up about the noise already.
    This printer is a piece of sh1t.
Passes:
    Anal Pap smears take a minute.
    The skin prick test is quick.
Source:
    BP04.
"""

from __future__ import annotations

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import WHERE, verdict
from audit.language.facts import Text
from audit.language.offence import OFFENCES, Tier
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict

SEVERITIES = {Tier.SLUR: Severity.HIGH, Tier.STRONG: Severity.HIGH, Tier.MILD: Severity.MEDIUM}
WORDS = {Tier.SLUR: "a slur", Tier.STRONG: "profanity", Tier.MILD: "mild profanity"}


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report the gravest word of each text."""
    return verdict(_hit(text) for text in ctx.texts if text[OFFENCES])


def _hit(text: Text) -> Hit:
    offences = text[OFFENCES]
    own = [one for one in offences if not one.quoted]
    gravest = (own or offences)[0]
    where = f"{WHERE[text.source]}{'' if own else ', in quotation marks'}"
    return Hit(
        message=f"There is {WORDS[gravest.tier]} in {where}.",
        severity=SEVERITIES[gravest.tier] if own else Severity.LOW,
        source=text.source,
        evidence=None if gravest.tier is Tier.SLUR else gravest.masked,
    )


CHECK = Check(
    id="profanity",
    code="BP04.1",
    clause="BP04",
    title="The item holds profanity",
    levels=(Level.POST, Level.REPLY),
    kind=Kind.DIRECT,
    severity=Severity.HIGH,
    remedy="Say it without the word, or take the item down.",
    judge=judge,
    languages=frozenset({"en"}),
    uses=frozenset({OFFENCES}),
    excerpt=True,
)
