"""How an account stands and what became of it, derived from what nights saw.

Nothing of it is stored: the same sights always give the same life, for every night of the past
as well. ::

    what the platform says outright (active, renamed, private, deactivated,
        suspended, deleted, merged, replaced) ......... holds from that night on
    not found, without a reason ....................... nothing changes at first;
        3 such nights, with no other sight between them: deleted
    never found at all ................................ absent, never deleted
    a night that learnt nothing ....................... has no sight, changes nothing

Whatever a life comes to, the account stays registered: only the registry takes accounts out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from audit.model.life import AccountSight, AccountState

ENOUGH = 3
"""Nights without finding an account, and without a reason for it, after which it counts as
deleted. Our rule: platforms miss accounts for a night or two, in maintenance and moves."""
NAMED = (AccountState.RENAMED, AccountState.MERGED)
"""States in which another name is another state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a life."""

    night: str
    before: AccountState | None
    """``None`` where the first sight was already an unusual one."""
    after: AccountState
    handle: str | None = None
    """The new name of a renamed account; where one that moved has gone."""
    detail: str | None = None
    inferred: bool = False
    """Whether it is concluded from nights without a trace; the platform did not say so."""

    @property
    def words(self) -> str:
        """The change on one line, such as ``active -> renamed (now called new)``."""
        said = [
            f"now called {self.handle}" if self.after is AccountState.RENAMED else None,
            f"to {self.handle}" if self.after is AccountState.MERGED and self.handle else None,
            f"not found on {ENOUGH} nights" if self.inferred else None,
            self.detail,
        ]
        notes = "; ".join(one for one in said if one)
        steps = f"{self.before} -> {self.after}" if self.before else f"first seen as {self.after}"
        return f"{steps} ({notes})" if notes else steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Where an account stands after a night, and how it came there."""

    state: AccountState
    since: str
    """The night from which on it holds."""
    handle: str | None = None
    detail: str | None = None
    missing: int = 0
    """How many nights in a row have not found it, without its counting as deleted."""
    inferred: bool = False
    """See ``Change``."""
    changes: tuple[Change, ...] = ()
    """Oldest first; beginning as active is no change."""

    def changed(self, night: str) -> Change | None:
        """Return the change of a night, if there was one."""
        return next((one for one in self.changes if one.night == night), None)


def life(sights: Iterable[AccountSight], night: str | None = None) -> Life | None:
    """Derive the life of one account.

    Args:
        sights: what nights saw of it, in any order, at most one for each night.
        night: later sights are left out.

    Returns:
        ``None`` when no night up to then saw anything.
    """
    known: Life | None = None
    for one in sorted(sights, key=lambda one: one.night):
        if one.state is not AccountState.UNCLEAR and (night is None or one.night <= night):
            known = _after(known, one)
    return known


def _after(before: Life | None, sight: AccountSight) -> Life:
    state, inferred = sight.state, False
    if state is AccountState.ABSENT and before is not None:
        missing = before.missing + 1
        settled = before.state in (AccountState.ABSENT, AccountState.DELETED)
        if settled or missing < ENOUGH:
            return _kept(before, 0 if settled else missing)
        state, inferred = AccountState.DELETED, True
    handle = sight.handle if state in NAMED else None
    if before is not None and (before.state, before.handle) == (state, handle):
        return _kept(before, 0, sight.detail)
    change = Change(
        night=sight.night,
        before=before.state if before else None,
        after=state,
        handle=handle,
        detail=sight.detail,
        inferred=inferred,
    )
    new = before is None and state.usual
    return Life(
        state=state,
        since=sight.night,
        handle=handle,
        detail=sight.detail,
        inferred=inferred,
        changes=(*(before.changes if before else ()), *(() if new else (change,))),
    )


def _kept(before: Life, missing: int, detail: str | None = None) -> Life:
    return replace(before, missing=missing, detail=detail or before.detail)
