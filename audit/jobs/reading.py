"""Reads an account, counted, and once more with a new credential when that was refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from audit.client import Client
from audit.installation import Installation
from audit.jobs import renewal
from audit.metering import Meter, Time, tightened
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS
from audit.model.record import CommentRecord, GapRecord, PostRecord, ProfileRecord, Record
from audit.platforms.access import fitting, unauthorised
from audit.platforms.answers.gaps import everywhere
from audit.platforms.answers.tokens import Refusal
from audit.platforms.base import Credential, Platform, Target
from audit.store.credentials import Held

Failure = TypeVar("Failure")
READ = ProfileRecord | PostRecord | CommentRecord
CLOCK = Time()
"""What budgets are counted by."""


def metered(
    installation: Installation, platform: Platform, account: Account, client: Client
) -> Meter:
    """Let the client count this account's calls, and ask nothing that a limit does not allow.

    What stopped the platform at the account before stops it here without another call. Recorded
    answers are counted and cost nothing.
    """
    table = installation.policy.pack.platforms.get(platform.name)
    limits = tightened(platform.tariff, table.amounts() if table else {})
    meter = Meter(
        None if installation.settings.recordings else installation.store,
        replace(platform.tariff, limits=limits),
        platform=platform.name,
        account_id=account.account_id,
        stops=client.meter.stops if isinstance(client.meter, Meter) else None,
        clock=CLOCK,
    )
    client.meter = meter
    return meter


def read_with_credential(
    installation: Installation,
    platform: Platform,
    target: Target,
    client: Client,
    gather: Callable[[Platform, Target, Client], tuple[list[Record], Failure | None]],
) -> tuple[list[Record], Failure | None]:
    """Read an account with what is stored for it.

    A credential that is stored and cannot be used is a gap in every facet.

    Args:
        installation: the installation.
        platform: the account's.
        target: what to read; its credential is filled in.
        client: for the platform, and for a renewal.
        gather: reads; called twice when the token was refused and another was to be had.

    Returns:
        Records, and why ``gather`` stopped early, the last time. Where it was called twice, what
        the first call read is among them, for the second may bring less.
    """
    if not platform.access:
        return gather(platform, target, client)
    account_id = target.account.account_id
    held = renewal.usable(installation, platform, account_id, client)
    if isinstance(held, Refusal):
        facets = [facet for facet in FETCHED_FACETS if facet in platform.provides]
        return list(everywhere(as_gap(held), facets)), None
    if held is None:
        return gather(platform, target, client)
    records, failure = gather(platform, equipped(target, held), client)
    way = fitting(platform.access, held.secrets.token)
    refused = [one for one in records if isinstance(one, GapRecord) and unauthorised(one)]
    if not refused or not renewal.curable(held, way, dt.datetime.now(dt.UTC)):
        return records, failure
    again = renewal.renew(installation, platform, held, client)
    if isinstance(again, Refusal):
        why = as_gap(again)
        told: list[Record] = [
            replace(why, facet=one.facet) if isinstance(one, GapRecord) and one in refused else one
            for one in records
        ]
        return told, failure
    more, failure = gather(platform, equipped(target, again), client)
    return [*(one for one in records if isinstance(one, READ)), *more], failure


def equipped(target: Target, held: Held) -> Target:
    """Return the target with what lets it be read."""
    return replace(target, credential=Credential(token=held.secrets.token))


def as_gap(refusal: Refusal) -> GapRecord:
    """Return the gap that a credential of no use leaves."""
    return GapRecord(facet=None, kind=refusal.kind, reason=refusal.reason)
