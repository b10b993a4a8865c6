# ruff: noqa: E501
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

import functools
import re

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import belongs, each, excerpt, links, verdict
from audit.language.normalise import PLAIN
from audit.language.people import PEOPLE
from audit.language.sentences import QUOTES
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict

_STANCE = (
    r"(?:believes?|announces?|condemns?|supports?|regrets?|deplores?|denounces?|opposes?|rejects?|"
    r"demands?|apologi[sz]es?|disagrees?|objects? to|calls? (?:on|for)|stands? (?:with|against|behind|by)|"
    r"urges?|endorses?|insists?|affirms?|den(?:y|ies)|confirms?|declares?|refuses?|takes? the position|"
    r"is (?:outraged|appalled|deeply sorry|sorry|committed to fighting|against|opposed to|in favor of)|"
    r"will (?:not tolerate|never|fight|not comply|sue)|(?:does|do) not (?:support|condone|agree|accept|endorse|tolerate))"
)
_PRAISE = r"(?!\s+(?:you|your|our|patients?|famil\w+|staff|students?|employees|caregivers|learners|faculty|parents|people|women|men|children|kids|veterans|trainees|nurses)\b)"


@functools.lru_cache(maxsize=8)
def _statement(names: tuple[str, ...]) -> re.Pattern[str]:
    name = "(?:" + "|".join(re.escape(one) for one in names) + ")"
    adverb = r"(?:,?\s+(?:\w+ly|also|today|hereby|as an institution|leadership|leaders|administration)\b,?)?"
    voice = r"(?:official\s+)?(?:position|stance|statement|response|view|policy position)"
    return re.compile(
        "|".join(
            (
                rf"(?<![\w@#-])(?<!at\s)(?<!with\s)(?<!from\s)(?:the\s)?{name}{adverb}\s+{_STANCE}\b{_PRAISE}",
                rf"\b(?:on|in) behalf of (?:all of |everyone at |the (?:entire )?)?{name}(?!\s+[A-Z][a-z])",
                rf"\b(?:speaking|we speak|i speak) (?:for|as) (?:the voice of )?(?:all of )?{name}(?!\s+[A-Z][a-z])",
                rf"\b(?:an? |the |this is (?:a|the) )?(?:official )?(?:statement|word|response) (?:from|by|of) {name}(?!\s+[A-Z][a-z])",
                rf"{name}(?:'s|s')? {voice} (?:is|on|remains|regarding|to)\b",
                rf"\bas {name},? we\b",
                rf"\bwe(?: here)? at {name}(?!\s+[A-Z][a-z])\s+(?:\w+ly\s+)?{_STANCE}\b{_PRAISE}",
                rf"\b(?:our|the (?:university|hospital|campus|institution)'s) official {voice}",
                r"\b(?:our|the) official (?:position|stance|view) (?:is|on|as)\b",
                r"^official (?:position|statement|response):",
            )
        ),
        re.IGNORECASE | re.MULTILINE,
    )


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report the first such sentence of each text."""
    if ctx.account.spokesperson:
        return Verdict(not_applicable="the account may speak for the institution")
    if ctx.account.spokesperson is None:
        return Verdict(not_assessed="the registry does not say whether the account may speak")
    if any(belongs(link, ctx.institution.domains) for link in links(ctx.texts, item.links)):
        return Verdict(not_applicable="the item links to an institutional page")
    found: dict[object, Hit] = {}
    for text, match in each(ctx.texts, _statement(ctx.institution.names)):
        if not any(quote.holds(match.start()) for quote in text[QUOTES]):
            shown = excerpt(text[PLAIN], match.start(), match.end(), text[PEOPLE])
            message = "This may read as a statement by the institution."
            found.setdefault(text.source, Hit(message=message, source=text.source, evidence=shown))
    return verdict(found.values())


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
    uses=frozenset({PLAIN, QUOTES, PEOPLE}),
    excerpt=True,
)
