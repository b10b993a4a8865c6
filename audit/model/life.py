"""What is known of an account itself, apart from what it publishes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccountState(StrEnum):
    """How an account stands on its platform; none of these takes it out of the registry."""

    ACTIVE = "active"
    RENAMED = "renamed"
    """There, under another name or address than the registry has."""
    PRIVATE = "private"
    """There, and what it publishes is hidden from the public."""
    DEACTIVATED = "deactivated"
    """Switched off by its owner, who may switch it on again."""
    SUSPENDED = "suspended"
    """Taken down by the platform."""
    DELETED = "deleted"
    MERGED = "merged"
    """Moved to another account for good."""
    REPLACED = "replaced"
    """Gone, and its name belongs to another account now."""
    ABSENT = "absent"
    """Not found, and the platform does not say why."""
    UNCLEAR = "unclear"
    """Nothing was learnt: no access, no answer, or one that may mean several things."""

    @property
    def usual(self) -> bool:
        """Whether there is nothing to tell about it."""
        return self is AccountState.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSight:
    """What one night saw of an account."""

    account_id: str
    night: str
    state: AccountState
    platform_id: str | None = None
    """The platform's own id, which outlives a change of name."""
    handle: str | None = None
    """The name or address that it has now; of an account that moved, where it moved to."""
    detail: str | None = None
    """What the platform says, for people to read."""
