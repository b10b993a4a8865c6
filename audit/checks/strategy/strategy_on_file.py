"""The registry holds the account's purpose, audience, kinds of content and goals.

Measures:
    Whether each of the four fields is filled, long enough, and not the same as another
    account's.
Cannot tell:
    Whether it is a good strategy.
Fails:
    Purpose "News." and the other fields empty
    All four fields the same as those of a sister account
Passes:
    Four fields of eight words or more, written for this account
Source:
    BP01.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.checks.base import Check, Context
from audit.checks.phrases import listing
from audit.model.account import Account
from audit.model.verdict import PASSED, Hit, Kind, Level, Severity, Verdict

FIELDS = {
    "purpose": "purpose",
    "audience": "audience",
    "content_types": "kinds of content",
    "goals": "goals",
}


@dataclass(frozen=True)
class Params:
    """What can be tuned."""

    min_words: int = 8
    """Words that each field must have at least."""


def judge(accounts: Sequence[Account], params: Params, ctx: Context) -> Mapping[str, Verdict]:
    """Return a verdict for each account."""
    seen = Counter(
        (field, _squeezed(text))
        for account in accounts
        for field in FIELDS
        if (text := getattr(account, field))
    )
    return {account.account_id: _judge(account, params, seen) for account in accounts}


def _judge(account: Account, params: Params, seen: Counter[tuple[str, str]]) -> Verdict:
    texts = {field: getattr(account, field) or "" for field in FIELDS}
    short = [FIELDS[field] for field, text in texts.items() if len(text.split()) < params.min_words]
    copied = [
        FIELDS[field] for field, text in texts.items() if text and seen[field, _squeezed(text)] > 1
    ]
    hits = []
    if short:
        message = f"Missing or under {params.min_words} words: {listing(short)}."
        hits.append(Hit(message=message, anchor="short"))
    if copied:
        message = f"Same words as another account: {listing(copied)}."
        hits.append(Hit(message=message, anchor="copied", severity=Severity.LOW))
    return Verdict(hits=tuple(hits)) if hits else PASSED


def _squeezed(text: str) -> str:
    return " ".join(text.casefold().split())


CHECK = Check(
    id="strategy-on-file",
    code="BP01.1",
    clause="BP01",
    title="The strategy on file is incomplete",
    levels=(Level.REGISTRY,),
    kind=Kind.HUMAN,
    severity=Severity.MEDIUM,
    remedy=(
        "Fill in four short fields: why the account exists, for whom, what kinds of post, and "
        "what success looks like."
    ),
    judge=judge,
    params=Params,
)
