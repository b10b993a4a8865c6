# ruff: noqa: E501
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
import re
from dataclasses import dataclass

from audit.checks.base import Check, ItemContext
from audit.checks.phrases import belongs, each, excerpt, links, verdict
from audit.language.facts import Text
from audit.language.normalise import PLAIN
from audit.language.people import PEOPLE
from audit.model.item import Item
from audit.model.verdict import Hit, Kind, Level, Severity, Verdict

_MEASURE = (
    r"(?:(?:prop(?:osition)?|measure|amendment|initiative|referendum|question|issue|bond)s?\.?\s+(?:no\.?\s+)?"
    r"(?:\d{1,3}|[A-Z]{1,2})\b|(?:the\s+)?(?:recall|bond measure|ballot measure|ballot initiative|school bond|hospital bond))"
)
_OFFICE = (
    r"(?:governor|mayor|president|vice president|congress\w*|senate|senator|assembly\w*|supervisors?|"
    r"attorney general|district attorney|sheriff|city council|school board|treasurer|state controller|"
    r"lieutenant governor|house of representatives|judge)"
)
_EXPRESS = re.compile(
    "|".join(
        (
            r"\bvot(?:e|ing)\s+(?:an?\s+)?(?:emphatic(?:ally)?\s+)?[\"']?(?:yes|no)\b[\"']?(?!\s*(?:or|/|and)\s)(?:\s+(?:on|to|for)\b)?",
            rf"\b(?:say|vote|it's)\s+(?:a\s+)?(?:yes|no|hell no|hell yes)\s+(?:to|on)\s+{_MEASURE}",
            rf"(?:^|[.!?:;,]\s*|\band\s+|\bso\s+)(?:yes|no)\s+on\s+(?:{_MEASURE}|\d{{1,3}}\b|[A-Z]\b)",
            r"#(?:yes|no)on\w+|#vote(?:yes|no|for)\w*|#re?elect\w+|#\w+for(?:governor|mayor|president|congress|senate|supervisor)\d*\b",
            rf"(?:^|[.!?:;,]\s*|\b(?:please|let's|we|to|must|we'll|should|and|help|help us|all)\s+)"
            rf"(?:support|oppose|back|pass|defeat|reject|stop|kill|protect|save|approve|fight|endorse|recommend|urge a yes on)\s+{_MEASURE}",
            rf"\b(?:vote|cast your (?:vote|ballot)|your vote)\s+(?:for|against)\s+(?:the\s+)?(?:\w+\s+){{0,3}}(?:{_MEASURE}|(?:for|to)\s+{_OFFICE})",
            rf"\b(?:re-?elect|elect)\s+(?:\w+\s+){{1,3}}(?:for|to|as)\s+(?:the\s+)?(?:\w+\s+)?{_OFFICE}\b",
            r"\bvote (?:him|her|them|those \w+|these \w+) (?:out|in)\b|\bvote (?:blue|red|democrat\w*|republican)\b",
            rf"\bpaid for by (?:the )?(?:committee|friends|\w+ for {_OFFICE})",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
_LIKELY = re.compile(
    "|".join(
        (
            r"(?-i:\b[A-Z][a-z]+\b)\s+for\s+(?-i:(?:Governor|Mayor|Congress|Senate|Senator|Assembly|Supervisor|"
            r"President|Sheriff|District Attorney|Attorney General|City Council|School Board))\b(?!\s+(?:of|elect))",
            r"(?:^|[.!?:;,]\s*|\b(?:please|let's|we|to|must|should|and)\s+)(?:re-?elect|elect)\s+(?-i:[A-Z][a-z]+)",
            r"\b(?:vote|voting|voted)\s+(?:for|against)\s+(?-i:(?:Dr\.?\s|Sen\.?\s|Mayor\s|Governor\s|Supervisor\s)?[A-Z][a-z]+)",
            rf"\b(?:we|i|our (?:team|unit|department|clinic)|proudly|proud to|happy to|i'm|we're)\s+(?:\w+\s+)?endors(?:e|es|ed|ing)\s+"
            rf"(?:{_MEASURE}|candidates?|(?-i:[A-Z][a-z]+\s+[A-Z][a-z]+)|\w+\s+(?:for|as)\s+{_OFFICE})",
            rf"\b(?:donate|chip in|give|contribute)\b[^.!?\n]{{0,40}}\b(?:campaign|candidate|{_MEASURE}|pac)\b(?!\s+for\s+(?:our|the\s+(?:new|hospital|center)))",
            rf"\b(?:best|only|right)\s+(?:choice|candidate|person|pick)\s+for\s+{_OFFICE}\b",
            rf"\b(?:support|supporting|rooting for|behind|back|backing|with)\s+(?:candidate\s+)?(?-i:[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\s+(?:for|as)\s+(?:our next\s+|the next\s+)?{_OFFICE}\b",
            r"\b(?:phone ?bank|canvass|knock on doors|door-knock\w*)\b[^.!?\n]{0,40}\b(?:for|against|yes|no)\b",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
_CONTEST = re.compile(
    r"\b(?:favou?rite|contest|photo|poster|pumpkin|mascot|logo|t-?shirt|recipe|bake|chili|costume|bracket|"
    r"people's choice|webby|award|best|finalist|naming|name the|puppy|therapy dog|team name|poll|playlist|survey|"
    r"competition|cutest|flavor|song|design|bylaws|motion|minutes|faculty senate|academic senate)\b",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    r"\b(?:a\s+[\"']?(?:yes|no)[\"']?\s+vote\s+(?:means|would)|whether (?:to|you) vot|how (?:to|you) vot|"
    r"yes or no|what (?:a )?(?:yes|no)|no matter (?:how|whom|who)|however you vote|both sides|explains?|explainer|"
    r"neutral|nonpartisan|non-partisan|pros and cons|debate|forum|study|researchers?|history|in 19\d\d|"
    r"voted (?:yes|no)\b)",
    re.IGNORECASE,
)


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
    """Report the strongest sign in each text, and donation links."""
    severity = _severity(item, params, ctx)
    hits = [hit for text in ctx.texts if (hit := _hit(text, severity)) is not None]
    if not hits and any(
        belongs(one, params.donation_sites) for one in links(ctx.texts, item.links)
    ):
        message = "A link leads to a site that collects money for campaigns."
        hits = [Hit(message=message, kind=Kind.PROXY, severity=severity)]
    return verdict(hits)


def _hit(text: Text, severity: Severity) -> Hit | None:
    plain = text[PLAIN]
    for pattern, kind in ((_EXPRESS, Kind.DIRECT), (_LIKELY, Kind.PROXY)):
        for _, match in each([text], pattern):
            around = plain[max(0, match.start() - 80) : match.end() + 80]
            if _CONTEST.search(around) and not re.search(_MEASURE, around, re.IGNORECASE):
                continue
            if _NEUTRAL.search(around):
                continue
            shown = excerpt(plain, match.start(), match.end(), text[PEOPLE])
            sure = kind is Kind.DIRECT
            message = (
                f"The words {'ask' if sure else 'may ask'} for votes or support in an election."
            )
            return Hit(
                message=message, kind=kind, severity=severity, source=text.source, evidence=shown
            )
    return None


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
    params=Params,
    uses=frozenset({PLAIN, PEOPLE}),
    excerpt=True,
    dated=True,
)
