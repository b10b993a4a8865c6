"""The profile links to the unit's page on one of the institution's domains.

Measures:
    The website field, other links and addresses in the description, against the institution's
    domains and the registered page.
Cannot tell:
    Whether the page answers, and what a page of links holds: judging opens nothing.
Fails:
    Website: https://sleep-lab.example.com
    Website field left empty, no address in the description
Passes:
    Website: https://neurology.bayline.example
    Website: https://linktr.ee/unit, description: "More at neurology.bayline.example"
Source:
    BP05.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.checks.base import Check, ItemContext
from audit.checks.phrases import belongs, host
from audit.language.normalise import PLAIN
from audit.model.item import Item
from audit.model.verdict import PASSED, Hit, Kind, Level, Severity, Verdict

HUBS = "link_hubs"
_ADDRESS = re.compile(
    r"(?<![@\w.])(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Params:
    """What can be tuned."""

    registered_page: bool = True
    """Whether an institutional page other than the registered site is reported, as low."""


def judge(item: Item, params: Params, ctx: ItemContext) -> Verdict:
    """Look for an institutional address, then for the registered one."""
    profile = item.profile
    written = [m[0] for text in ctx.texts for m in _ADDRESS.finditer(text[PLAIN])]
    given = [] if profile is None else [*filter(None, [profile.url]), *profile.links]
    links = [*given, *written]
    own = [link for link in links if belongs(link, ctx.institution.domains)]
    if own:
        return _registered(own, params, ctx)
    if any(belongs(link, ctx.lexicon.terms.get(HUBS, ())) for link in links):
        return Verdict(not_assessed="the profile links to a page of links, which is not opened")
    if not links and (profile is None or profile.url is None):
        return Verdict(not_assessed="the platform gives no website field")
    found = "links elsewhere only" if links else "has no link"
    return Verdict(
        hits=(Hit(message=f"The profile {found}, not to an institutional page.", anchor="domain"),)
    )


def _registered(own: list[str], params: Params, ctx: ItemContext) -> Verdict:
    page = ctx.account.website
    if not params.registered_page or page is None or any(host(link) == host(page) for link in own):
        return PASSED
    message = "The profile links to an institutional page, though not to the registered one."
    return Verdict(hits=(Hit(message=message, severity=Severity.LOW, anchor="page"),))


CHECK = Check(
    id="profile-institution-link",
    code="BP05.2",
    clause="BP05",
    title="The profile does not link to the unit's page",
    levels=(Level.PROFILE,),
    kind=Kind.DIRECT,
    severity=Severity.MEDIUM,
    remedy="Put the address of the unit's own page into the website field.",
    judge=judge,
    params=Params,
    uses=frozenset({PLAIN}),
)
