"""No item joins what identifies a person with that person's care.

Measures:
    In one text of an item, a cue of one patient's care together with a name, a telephone number, an
    address, a date of birth, a room, or another identifier of 45 CFR 164.514(b)(2); and labelled
    record numbers by themselves. Staff, the institution's own numbers, and items with an
    authorization on file are left out.
Cannot tell:
    Whether a signed authorization exists that is not on file; who is in a picture; names that
    nothing marks as a name.
Fails:
    Ms. Alvarez's surgery on March 3 went great, room 1142.
    Little Paulo (bed 6) took his first steps after brain surgery on Friday.
Passes:
    Congratulations to Dr. Maria Lopez on her award for transplant surgery.
    Call 415-555-0100 to book your mammogram. Room S-214, 12 March, 5 pm.
Source:
    BP10. 45 CFR 164.514(b)(2), the eighteen identifiers.
"""

from __future__ import annotations

from collections.abc import Iterator

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import WHERE, listing, verdict
from audit.language.facts import Text
from audit.language.patients import PATIENTS
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report each text that joins the two, or holds a record number."""
    if item.authorization_ref:
        return Verdict(not_applicable="an authorization is on file")
    return verdict(hit for text in ctx.texts for hit in _hits(text))


def _hits(text: Text) -> Iterator[Hit]:
    found, where = text[PATIENTS], WHERE[text.source]
    if found.records:
        message = f"There is a {listing(found.records)} in {where}."
        yield Hit(message=message, source=text.source)
    elif found.others:
        message = (
            f"There may be a patient's {listing(found.others)} beside a detail of care in {where}."
        )
        yield Hit(message=message, kind=Kind.PROXY, source=text.source)


CHECK = Check(
    id="patient-information",
    code="BP10.1",
    clause="BP10",
    title="A patient may be identified",
    levels=(Level.POST, Level.REPLY),
    kind=Kind.DIRECT,
    severity=Severity.CRITICAL,
    remedy=(
        "Take the item down now, keep a copy for the Privacy Office, and call the Privacy Office. "
        "If there is a signed authorization, add its number to the registry."
    ),
    judge=judge,
    languages=frozenset({"en"}),
    uses=frozenset({PATIENTS}),
    watch=True,
)
