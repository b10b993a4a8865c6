"""An account posts about as often as its owner planned, and is not left lying.

Measures:
    Days since the last post or reply, against the pace on file and two limits.
Cannot tell:
    Planned pauses that are not on file (``pause_until``).
Fails:
    Last post 95 days ago
    A weekly account whose last post is 65 days old
Passes:
    Last post five days ago
    Last post 100 days ago, with a pause on file until next month
Source:
    BP01.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.checks.base import Check, Context
from audit.model.account import Account
from audit.model.item import Capture, Facet, ItemKind
from audit.model.verdict import PASSED, Hit, Kind, Level, Severity, Verdict


@dataclass(frozen=True)
class Params:
    """What can be tuned."""

    inactive_days: int = 90
    """From this many days of silence on, an account counts as inactive."""
    warn_days: int = 60
    """From this many days on, its owner hears of it."""
    slack: float = 2.0
    """How many times the planned pause may be exceeded."""


def judge(account: Account, capture: Capture, params: Params, ctx: Context) -> Verdict:
    """Compare the silence so far with the limits."""
    if account.pause_until is not None and ctx.today <= account.pause_until:
        return Verdict(not_applicable="a pause is on file")
    moments = [
        item.created_at
        for item in (*capture.history, *capture.items)
        if item.kind in (ItemKind.POST, ItemKind.REPLY) and item.created_at is not None
    ]
    seen_since = min([capture.window.start, *moments])
    silent = (ctx.as_of - (max(moments) if moments else seen_since)).days
    if not moments and silent < params.inactive_days:
        reason = f"nothing posted in the {silent} days that were read; earlier ones are not known"
        return Verdict(not_assessed=reason)
    at_least = "" if moments else "at least "
    if silent >= params.inactive_days:
        message = f"No post for {at_least}{silent} days: the account counts as inactive."
        return Verdict(hits=(Hit(message=message),))
    if silent >= params.warn_days:
        message = (
            f"No post for {silent} days; from {params.inactive_days} on it counts as inactive."
        )
        return Verdict(hits=(Hit(message=message, severity=Severity.LOW),))
    planned = account.cadence_days
    if planned is not None and silent > planned * params.slack:
        message = f"No post for {silent} days; the plan on file is one every {planned}."
        return Verdict(hits=(Hit(message=message, severity=Severity.LOW),))
    return PASSED


CHECK = Check(
    id="posting-cadence",
    code="BP01.3",
    clause="BP01",
    title="The account has gone quiet",
    levels=(Level.ACCOUNT,),
    kind=Kind.DIRECT,
    severity=Severity.MEDIUM,
    remedy="Post, merge with a sister account, ask to archive it, or file a pause with its end.",
    judge=judge,
    params=Params,
    needs=frozenset({Facet.POSTS}),
    dated=True,
)
