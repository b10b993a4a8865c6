"""What is said of accounts that are not as they were registered, or were not before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from audit.lifecycle import ENOUGH, Life
from audit.model.account import Account
from audit.model.life import AccountState
from reports import words
from reports.compliance import cards
from reports.model.digest import AccountLine, AccountLines
from reports.night import Night

MOST_LINES = 25
TELL = "Please tell University Relations."
STAYS = "It stays in the registry until University Relations takes it out."
LEAVING = (
    AccountState.DEACTIVATED,
    AccountState.SUSPENDED,
    AccountState.DELETED,
    AccountState.MERGED,
    AccountState.REPLACED,
)
"""States in which somebody may think that the registry lets an account go by itself."""
NAMES = {
    AccountState.ACTIVE: "active",
    AccountState.RENAMED: "renamed",
    AccountState.PRIVATE: "private",
    AccountState.DEACTIVATED: "switched off",
    AccountState.SUSPENDED: "suspended",
    AccountState.DELETED: "deleted",
    AccountState.MERGED: "moved",
    AccountState.REPLACED: "name taken over",
    AccountState.ABSENT: "never found",
}


def told(night: Night, accounts: Sequence[Account]) -> tuple[Account, ...]:
    """Return the accounts of which there is something to say, those that changed first."""
    found = [one for one in accounts if _telling(night, one)]
    return tuple(sorted(found, key=lambda one: not changed(night, one)))


def changed(night: Night, account: Account) -> bool:
    """Whether this night changed how the account stands."""
    life = night.lives.get(account.account_id)
    return life is not None and life.changed(night.date.isoformat()) is not None


def unusual(night: Night, account: Account) -> bool:
    """Whether the account is not there as it was registered."""
    life = night.lives.get(account.account_id)
    return life is not None and not life.state.usual


def owner_words(night: Night, account: Account) -> str:
    """Say to the owner what became of the account, and whom to tell."""
    said = sentences(night, account)
    life = night.lives[account.account_id]
    if life.state in LEAVING:
        said.append(STAYS)
    if not life.state.usual:
        said.append(TELL)
    return " ".join(said)


def table(night: Night) -> AccountLines:
    """List the accounts of which there is something to say, for University Relations."""
    found = told(night, night.accounts)
    return AccountLines(
        total=len(found), lines=tuple(_line(night, one) for one in found[:MOST_LINES])
    )


def sentences(night: Night, account: Account) -> list[str]:
    """Say how an account stands, since when, and what the platform says about it."""
    life = night.lives[account.account_id]
    name = words.handle(account.platform, account.handle)
    if life.state.usual:
        return _usual(life, night, account, name)
    said = [_state(life, account, name)]
    if life.detail and not life.inferred:
        said.append(words.sentence(f"{words.platform(account.platform)}: {life.detail}"))
    return said


def _telling(night: Night, account: Account) -> bool:
    life = night.lives.get(account.account_id)
    if life is None:
        return False
    return not life.state.usual or bool(life.missing or life.detail) or changed(night, account)


def _line(night: Night, account: Account) -> AccountLine:
    life = night.lives[account.account_id]
    said = sentences(night, account)
    if life.state is AccountState.REPLACED:
        said.append(f"If that one is yours: account-audit registry confirm {account.account_id}.")
    return AccountLine(
        name=f"{account.unit}, {cards.place(account)}",
        state=NAMES.get(life.state, life.state.value),
        since=words.short_day(dt.date.fromisoformat(life.since)),
        words=" ".join(said),
        new=changed(night, account),
    )


def _usual(life: Life, night: Night, account: Account, name: str) -> list[str]:
    platform = words.platform(account.platform)
    said = []
    change = life.changed(night.date.isoformat())
    if change is not None and change.before is AccountState.RENAMED:
        said.append(f"The registry and {platform} agree on a name again: {name}.")
    elif change is not None and change.before is AccountState.REPLACED:
        said.append(f"{name} on {platform} is read again under its registered name.")
    elif change is not None and change.before is not None:
        said.append(f"{name} on {platform} is back; it was {NAMES[change.before]} before.")
    if life.missing:
        nights = words.count(life.missing, "night")
        said.append(
            f"{name} was not found on {platform} for {nights}. After {ENOUGH} nights it counts as "
            "deleted."
        )
    elif life.detail:
        said.append(words.sentence(f"{name} on {platform}: {life.detail}"))
    return said


def _state(life: Life, account: Account, name: str) -> str:
    platform, since = (
        words.platform(account.platform),
        words.short_day(dt.date.fromisoformat(life.since)),
    )
    new = words.handle(account.platform, life.handle) if life.handle else ""
    match life.state:
        case AccountState.RENAMED if account.platform in words.SITES:
            return f"{name} is now at {life.handle}; the registry says {account.url}."
        case AccountState.RENAMED:
            return f"The account is now called {new} on {platform}; the registry says {name}."
        case AccountState.PRIVATE:
            return (
                f"{name} on {platform} has been private since {since}: the public does not see "
                "what it publishes. What we could not see either was not assessed."
            )
        case AccountState.DEACTIVATED:
            said = f"{name} on {platform} has been switched off by its owner since {since}."
        case AccountState.SUSPENDED:
            said = f"{name} on {platform} has been suspended since {since}."
        case AccountState.DELETED if life.inferred:
            said = (
                f"{name} was not found on {platform} on {ENOUGH} nights, the last of them "
                f"{since}, and counts as deleted."
            )
        case AccountState.DELETED:
            said = f"{name} on {platform} has been deleted; first seen so on {since}."
        case AccountState.MERGED:
            to = f" to {new}" if new else ""
            said = f"{name} on {platform} has moved to another account{to}; seen since {since}."
        case AccountState.REPLACED:
            said = (
                f"{name} on {platform} is no longer found, and another account has had its name "
                f"since {since}. That one was not read."
            )
        case _:
            return f"No account was ever found on {platform} under {name}."
    return said
