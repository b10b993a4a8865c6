"""Who answers for which accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.checks.base import StaffMember
from audit.model.account import Account
from audit.vault import Purpose, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A person who gets mail about accounts."""

    key: str
    """A keyed hash of the address; stands for the person where no address may stand."""
    address: str
    name: str | None
    """As in the staff directory."""
    accounts: tuple[Account, ...]


def owners(
    accounts: Sequence[Account], directory: Mapping[str, StaffMember] | None, vault: Vault
) -> dict[str, Owner]:
    """Return those who get mail, by key.

    Somebody whom the staff directory marks as having left, or no longer lists, gets none; the
    account then counts as without that owner. Without a directory everybody on file does.
    """
    by_address: dict[str, list[Account]] = {}
    for account in accounts:
        for address in account.owners:
            if present(address, directory):
                by_address.setdefault(address, []).append(account)
    return {
        key: Owner(
            key=key,
            address=address,
            name=directory[address].name if directory else None,
            accounts=tuple(ours),
        )
        for address, ours in sorted(by_address.items())
        for key in [vault.digest(Purpose.HANDLES, "owner", address)]
    }


def present(address: str, directory: Mapping[str, StaffMember] | None) -> bool:
    """Whether the person still works here, as far as is known."""
    if directory is None:
        return True
    member = directory.get(address)
    return member is not None and member.active


def without_owner(
    accounts: Sequence[Account], directory: Mapping[str, StaffMember] | None
) -> list[Account]:
    """Return the accounts for which nobody who still works here answers."""
    return [
        one for one in accounts if not any(present(address, directory) for address in one.owners)
    ]
