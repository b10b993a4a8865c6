"""The profile says which unit runs the account and that it belongs to the institution.

Measures:
    Any of the institution's names, and the words of the unit's registered name, in the display
    name or the description.
Cannot tell:
    Whether an abbreviation that is not in the registry stands for the unit.
Fails:
    Name "Sleep Lab", description "Rest better."
    Name "Neuro News", description "Brains, daily."
Passes:
    Name "Bayline Neurology", description "Research and care."
    Name "Sleep Lab", description "The Bayline Sleep Laboratory."
Source:
    BP05.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.checks.base import Check, ItemContext
from audit.language.normalise import PLAIN
from audit.model.item import Item, TextSource
from audit.model.verdict import PASSED, Hit, Kind, Level, Severity, Verdict

_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "for",
        "in",
        "of",
        "on",
        "the",
        "to",
        "&",
        "department",
        "division",
        "office",
        "school",
    ]
)


@dataclass(frozen=True)
class Params:
    """What can be tuned."""

    unit: bool = True
    """Whether the profile must also name the unit."""


def judge(item: Item, params: Params, ctx: ItemContext) -> Verdict:
    """Look for the institution, then for the unit."""
    texts = {text.source: text[PLAIN] for text in ctx.texts}
    if TextSource.BODY not in texts:
        return Verdict(not_assessed="the platform gives no description of the profile")
    words = "\n".join(texts.values())
    if not names_institution(words, ctx.institution.names):
        message = "The profile does not say that it belongs to the institution."
        return Verdict(hits=(Hit(message=message, source=TextSource.BODY, anchor="institution"),))
    if params.unit and not _names_unit(words, ctx):
        hit = Hit(
            message="The profile does not say which unit runs it.",
            severity=Severity.LOW,
            source=TextSource.BODY,
            anchor="unit",
        )
        return Verdict(hits=(hit,))
    return PASSED


def names_institution(words: str, names: tuple[str, ...]) -> bool:
    """Whether one of ``names`` stands in ``words``, also at the head of a joined name or tag."""
    squeezed = re.sub(r"\s+", " ", words)
    return any(
        re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![a-z])", squeezed)
        or (len(name) > 5 and name.casefold() in squeezed.casefold())
        for name in names
    )


def _names_unit(words: str, ctx: ItemContext) -> bool:
    registered = " ".join(filter(None, (ctx.account.unit, ctx.account.name)))
    institution = {
        word.lower() for name in ctx.institution.names for word in re.findall(r"\w+", name)
    }
    wanted = {word.lower() for word in re.findall(r"\w+", registered)} - _SMALL - institution
    lowered = words.lower()
    # A unit without a word of its own is the institution itself.
    return not wanted or any(word[:6] in lowered for word in wanted)


CHECK = Check(
    id="profile-names-institution",
    code="BP05.1",
    clause="BP05",
    title="The profile does not say who runs it",
    levels=(Level.PROFILE,),
    kind=Kind.DIRECT,
    severity=Severity.MEDIUM,
    remedy=(
        "Say in the description which unit runs this account and that it is part of the "
        "institution."
    ),
    judge=judge,
    params=Params,
    uses=frozenset({PLAIN}),
)
