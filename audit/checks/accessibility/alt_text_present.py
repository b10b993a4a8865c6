"""Every picture has a description for people who cannot see it.

Measures:
    The platform's field for alternative text of each image of a post, empty or filled.
Cannot tell:
    Whether the description is any good, and whether a picture is only ornament. Where the
    platform does not offer the field, nothing is judged.
Fails:
    The new sim lab. (one image, description left empty)
    Open house photos. (four images, two described)
Passes:
    The new sim lab. (image: "Two students at a dental chair")
    A post without pictures.
Source:
    Table A of BP08. WCAG 2.1 AA, success criterion 1.1.1; 28 CFR 35.200; 45 CFR 84.84.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from audit.checks.base import Check, ItemContext
from audit.model.item import Item, TextSource
from audit.model.verdict import PASSED, Hit, Kind, Level, Severity, Verdict


@dataclass(frozen=True)
class Params:
    """What can be tuned."""

    applies_from: dt.date | None = None
    """The day from which the rule binds the institution: older posts are advised about only."""
    kinds: tuple[str, ...] = ("image", "photo", "picture", "gif", "animated_gif")
    """Kinds of media, as platforms call them, that need a description."""


def judge(item: Item, params: Params, ctx: ItemContext) -> Verdict:
    """Count the pictures without a description."""
    pictures = [one for one in item.media if one.kind.lower() in params.kinds]
    if not pictures:
        return Verdict(not_applicable="no picture")
    bare = [one for one in pictures if one.alt_text is not None and not one.alt_text.strip()]
    if not bare:
        if any(one.alt_text is None for one in pictures):
            return Verdict(not_assessed="the platform does not give image descriptions")
        return PASSED
    posted = (item.created_at or ctx.as_of).date()
    early = params.applies_from is not None and posted < params.applies_from
    count = (
        f"{len(bare)} of {len(pictures)} pictures have" if len(pictures) > 1 else "The picture has"
    )
    return Verdict(
        hits=(
            Hit(
                message=f"{count} no description.",
                severity=Severity.LOW if early else Severity.MEDIUM,
                source=TextSource.ALT,
            ),
        )
    )


CHECK = Check(
    id="alt-text-present",
    code="A.1",
    clause="BP08",
    title="A picture has no description",
    levels=(Level.POST, Level.REPLY),
    kind=Kind.DIRECT,
    severity=Severity.MEDIUM,
    remedy="Add a description: edit the post, choose Alt text, say what matters in the picture.",
    judge=judge,
    params=Params,
)
