"""A registered official account, as University Relations filed it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One row of the registry. ``None`` means that the registry does not say."""

    account_id: str
    """Ours and permanent; handles change, this does not."""
    platform: str
    handle: str
    """The name on the platform, without ``@``; for sites and feeds a short name."""
    url: str | None = None
    """Where it is read: site address, feed address, archive file, or the AT Protocol service."""
    unit: str
    name: str | None = None
    """The registered name, as on the unit's logo lock-up."""
    website: str | None = None
    """The unit's own page, which the profile should link to."""
    owners: tuple[str, ...] = ()
    """Work e-mail addresses of the people who answer for the account."""
    administrators: tuple[str, ...] = ()
    """Work e-mail addresses of the people who can log in."""
    mailbox: str | None = None
    """The department mailbox behind the account."""
    clinical: bool | None = None
    spokesperson: bool | None = None
    """Whether University Relations lets this account speak for the institution."""
    purpose: str | None = None
    audience: str | None = None
    content_types: str | None = None
    goals: str | None = None
    cadence_days: int | None = None
    """The longest pause between two posts that the owner planned, in days."""
    pause_until: dt.date | None = None
    registered_on: dt.date | None = None
    approved_on: dt.date | None = None
