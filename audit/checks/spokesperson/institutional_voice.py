"""Only an account authorized by University Relations speaks for the institution.

Measures:
    Sentences in which the institution itself believes, announces, condemns or apologizes, or in
    which the account says that it speaks on its behalf, on accounts that are not registered as
    spokesperson and without a link to an institutional page.
Cannot tell:
    Whether the wording was cleared. Accounts whose registry does not say are not assessed.
Fails:
    On behalf of Bayline, we deplore the new insurance rule.
    Bayline condemns the ruling.
Passes:
    Bayline researchers believe the gene may explain early onset.
    Bayline announces a new dean: https://www.bayline.example/news
Source:
    BP06.
"""

from __future__ import annotations

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import belongs, excerpt, links, verdict
from audit.language.facts import Text
from audit.language.normalise import PLAIN
from audit.language.people import PEOPLE
from audit.language.statements import STATEMENTS
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report the first such sentence of each text."""
    if ctx.account.spokesperson:
        return Verdict(not_applicable="the account may speak for the institution")
    if ctx.account.spokesperson is None:
        return Verdict(not_assessed="the registry does not say whether the account may speak")
    if any(belongs(link, ctx.institution.domains) for link in links(ctx.texts, item.links)):
        return Verdict(not_applicable="the item links to an institutional page")
    return verdict(_hit(text) for text in ctx.texts if text[STATEMENTS])


def _hit(text: Text) -> Hit:
    first = text[STATEMENTS][0]
    return Hit(
        message="This may read as a statement by the institution.",
        source=text.source,
        evidence=excerpt(text[PLAIN], first.start, first.end, text[PEOPLE]),
    )


CHECK = Check(
    id="institutional-voice",
    code="BP06.1",
    clause="BP06",
    title="This may read as a statement by the institution",
    levels=(Level.POST, Level.REPLY),
    kind=Kind.PROXY,
    severity=Severity.HIGH,
    remedy="Link to the University Relations statement instead of making one, or ask first.",
    judge=judge,
    languages=frozenset({"en"}),
    uses=frozenset({PLAIN, STATEMENTS, PEOPLE}),
    excerpt=True,
)
