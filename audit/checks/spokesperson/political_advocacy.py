"""No item campaigns for or against a candidate or a ballot measure.

Measures:
    Words of express advocacy ("vote yes on", "elect", "#NoOn"), slogans for a candidate, and
    links to campaign donations. Neutral voter information passes.
Cannot tell:
    Where information ends and promotion begins: the law has no hard and fast rule.
Fails:
    Vote YES on Prop 99!
    Say yes to Measure F on your ballot, doctors know best!
Passes:
    Register to vote by October 19. All candidates were invited.
    Vote for your favorite pumpkin in the lobby.
Source:
    BP06. California Government Code 8314; Education Code 92000 (use of the University's name);
    Stanson v. Mott, 17 Cal. 3d 206 (1976).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from audit.checks.base import Check, ItemContext
from audit.checks.phrases import belongs, excerpt, links, verdict
from audit.language.advocacy import ADVOCACY
from audit.language.facts import Text
from audit.language.normalise import PLAIN
from audit.language.people import PEOPLE
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict


@dataclass(frozen=True)
class Params:
    """What can be tuned."""

    elections: tuple[dt.date, ...] = ()
    """Days of elections in which the account's readers vote."""
    critical_days: int = 30
    """Days before an election in which a finding is critical."""
    donation_sites: tuple[str, ...] = ("actblue.com", "winred.com", "anedot.com", "numero.ai")
    """Sites that collect money for campaigns."""


def judge(item: Item, params: Params, ctx: ItemContext) -> Verdict:
    """Report the strongest words of each text, and donation links."""
    severity = _severity(item, params, ctx)
    hits = [_hit(text, severity) for text in ctx.texts if text[ADVOCACY]]
    if not hits and any(
        belongs(link, params.donation_sites) for link in links(ctx.texts, item.links)
    ):
        message = "A link leads to a site that collects money for campaigns."
        hits = [Hit(message=message, kind=Kind.PROXY, severity=severity)]
    return verdict(hits)


def _hit(text: Text, severity: Severity) -> Hit:
    first = text[ADVOCACY][0]
    return Hit(
        message=f"The words {'ask' if first.express else 'may ask'} for votes in an election.",
        kind=Kind.DIRECT if first.express else Kind.PROXY,
        severity=severity,
        source=text.source,
        evidence=excerpt(text[PLAIN], first.start, first.end, text[PEOPLE]),
    )


def _severity(item: Item, params: Params, ctx: ItemContext) -> Severity:
    """Critical while it stands within reach of an election, whenever it was posted."""
    days = {ctx.today} | ({item.created_at.date()} if item.created_at else set())
    near = any(
        0 <= (vote - day).days <= params.critical_days for vote in params.elections for day in days
    )
    return Severity.CRITICAL if near else Severity.HIGH


CHECK = Check(
    id="political-advocacy",
    code="BP06.3",
    clause="BP06",
    title="Campaigning for or against a candidate or measure",
    levels=(Level.POST, Level.REPLY),
    kind=Kind.DIRECT,
    severity=Severity.CRITICAL,
    remedy=(
        "University resources may not be used for campaigns: take it down and ask Legal Affairs. "
        "Neutral voter information is fine."
    ),
    judge=judge,
    languages=frozenset({"en"}),
    params=Params,
    uses=frozenset({PLAIN, ADVOCACY, PEOPLE}),
    excerpt=True,
    dated=True,
)
