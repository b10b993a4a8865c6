"""A reply never confirms that somebody is or was a patient.

Measures:
    Words in a reply that treat the reader as a patient ("your appointment", "your chart", "who
    saw you"), whether or not the reader said so first. Offers to all ("call to book your visit")
    and the pack's list ``safe_replies`` pass.
Cannot tell:
    Whether the reader was a patient. A person is asked to look.
Fails:
    Sorry your March visit with Dr. Lee went badly, we checked your chart.
    Your results are in, and they look fine.
Passes:
    We cannot discuss care here. Please call Patient Relations.
    You can book your mammogram online.
Source:
    BP10. 45 CFR 164.502(a); Office for Civil Rights, resolution agreements on replies to reviews.
"""

from __future__ import annotations

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import verdict
from audit.language.confirming import CONFIRMING
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report a reply with at least one sentence that confirms care."""
    message = "A reply may confirm that somebody was a patient."
    return verdict(
        Hit(message=message, source=text.source) for text in ctx.texts if text[CONFIRMING]
    )


CHECK = Check(
    id="reply-confirming-care",
    code="BP10.2",
    clause="BP10",
    title="A reply may confirm someone's care",
    levels=(Level.REPLY,),
    kind=Kind.PROXY,
    severity=Severity.CRITICAL,
    remedy=(
        "Take the reply down. Answer only: we cannot discuss care here, please call Patient "
        "Relations. Then call the Privacy Office."
    ),
    judge=judge,
    languages=frozenset({"en"}),
    uses=frozenset({CONFIRMING}),
    watch=True,
)
