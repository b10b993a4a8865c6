"""No post or reply holds a government or financial number of a person.

Measures:
    Social Security and taxpayer numbers of a valid form, payment cards with issuer and checksum,
    bank accounts and routing numbers, and driver's license or passport numbers beside their
    label, in every text of the item.
Cannot tell:
    Numbers inside pictures. Whether a number is real: some valid forms were never issued.
Fails:
    Missing from the desk: paperwork with social 219-09-9998 on top.
    Refund goes to routing 021000021, acct 990217734.
Passes:
    Funded by NIH R01 AI123456.
    Order 123456789 is ready. Call 415-555-0100.
Source:
    BP02. Social Security Administration (numbers never issued), ISO/IEC 7812 (cards),
    ABA routing checksum, ISO 13616 (IBAN).
"""

from __future__ import annotations

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import WHERE, listing, verdict
from audit.language.identifiers import IDENTIFIERS, IdentifierKind
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict

GUARDED = (
    IdentifierKind.SSN,
    IdentifierKind.CARD,
    IdentifierKind.BANK,
    IdentifierKind.LICENSE,
)


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report each text that holds such a number."""
    hits = []
    for text in ctx.texts:
        kinds = [one.kind.value for one in text[IDENTIFIERS] if one.kind in GUARDED]
        if kinds:
            message = f"There is a {listing(kinds)} in {WHERE[text.source]}."
            hits.append(Hit(message=message, source=text.source))
    return verdict(hits)


CHECK = Check(
    id="sensitive-identifiers",
    code="BP02.1",
    clause="BP02",
    title="A government or financial number is in public view",
    levels=(Level.POST, Level.REPLY),
    kind=Kind.DIRECT,
    severity=Severity.CRITICAL,
    remedy=(
        "Take the item down now, then call the Privacy Office. Delete it rather than edit it: "
        "an edit may leave the history visible."
    ),
    judge=judge,
    uses=frozenset({IDENTIFIERS}),
    watch=True,
)
