"""What changed besides the posts: other rules, and accounts that could not be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from audit.model.account import Account
from audit.model.item import GapKind
from reports import words
from reports.drawing import Mark
from reports.history import History

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMES = 3


def marks(history: History, shown: pd.DataFrame) -> tuple[Mark, ...]:
    """Return the marks of the nights shown, oldest first.

    A rule change is a night judged under another pack than the night before. An outage is
    marked on the night on which accounts could no longer be read in full.
    """
    nights = [night.date() for night in shown["night"]]
    versions = shown["policy_version"].tolist()
    lost = _lost(history)
    accounts = {one.account_id: one for one in history.accounts}
    found: list[Mark] = []
    rules = outages = 0
    for at, night in enumerate(nights):
        if at and versions[at] != versions[at - 1]:
            rules += 1
            said = f"{words.day(night)}: judged by policy pack {versions[at]} from here on."
            found.append(Mark(name=f"R{rules}", night=night.isoformat(), words=said))
        before = lost.get(nights[at - 1], frozenset()) if at else frozenset()
        fresh = lost.get(night, frozenset()) - before
        if fresh:
            outages += 1
            said = f"{words.day(night)}: {_unread(fresh, accounts)}"
            found.append(Mark(name=f"O{outages}", night=night.isoformat(), words=said))
    return tuple(found)


def _lost(history: History) -> dict[dt.date, frozenset[str]]:
    gaps = history.gaps[history.gaps["gap_kind"] != GapKind.UNSUPPORTED]
    groups = gaps.groupby("night")["account_id"].agg(frozenset)
    nights = groups.index.to_series().dt.date
    return dict(zip(nights, groups, strict=True))


def _unread(ids: frozenset[str], accounts: Mapping[str, Account]) -> str:
    names = [
        f"{accounts[one].unit} ({words.platform(accounts[one].platform)})"
        for one in sorted(ids)
        if one in accounts
    ]
    number = words.count(len(ids), "account")
    shown = names[:MOST_NAMES]
    if len(ids) > len(shown):
        shown.append(f"{len(ids) - len(shown)} more")
    return f"{number} could no longer be read in full: {words.listing(shown)}."
