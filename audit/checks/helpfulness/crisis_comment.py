"""A comment that may come from a person in crisis is seen by a human being.

Measures:
    First-person signs of intent, plan, means or goodbye in comments. Awareness campaigns,
    grief, memories and idioms are passed over.
Cannot tell:
    Sincerity, irony, pictures, other languages. A nightly run is no crisis monitor: it reads
    hours late.
Fails:
    I don't want to be here anymore. The pills are counted.
    Goodbye everyone, this is my last post.
Passes:
    This homework is killing me.
    Two years ago I wanted to die. I'm glad I called 988.
Source:
    BP12. 988 Suicide and Crisis Lifeline, warning signs.
"""

from __future__ import annotations

from audit.checks.base import Check, ItemContext, NoParams
from audit.checks.phrases import verdict
from audit.language.crisis import CRISIS
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict


def judge(item: Item, params: NoParams, ctx: ItemContext) -> Verdict:
    """Report a comment with a sign of crisis."""
    message = "A comment may come from a person in crisis."
    return verdict(Hit(message=message, source=text.source) for text in ctx.texts if text[CRISIS])


CHECK = Check(
    id="crisis-comment",
    code="BP12.1",
    clause="BP12",
    title="A comment may come from a person in crisis",
    levels=(Level.COMMENT,),
    kind=Kind.PROXY,
    severity=Severity.CRITICAL,
    remedy=(
        "A person must look now and follow the crisis protocol. Share 988 (call or text). If there "
        "is immediate danger, call campus police. Do not debate or diagnose."
    ),
    judge=judge,
    languages=frozenset({"en"}),
    uses=frozenset({CRISIS}),
    watch=True,
)
