"""Deletes what the policy's retention rules no longer let stand, account by account."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from audit import retention
from audit.clock import moment, night_of
from audit.errors import ConfigError
from audit.installation import Installation
from audit.jobs.lives import lives
from audit.retention import Content, Removal
from audit.store import accounts, runs
from audit.store import retention as stored
from audit.store.database import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What was deleted of one account, or would be."""

    account_id: str
    platform: str
    posts: int
    """Posts and answers of the account that have no wording left."""
    comments: int
    profiles: int
    wordings: int
    """Versions of items, those of the three before included."""
    evidence: int
    """Findings that lost their evidence; they stay where they stand."""
    traces: int
    """Comments of which not even the hashed id is kept any longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What one purge did."""

    today: dt.date
    accounts: tuple[Purged, ...]
    """Only those of which something was deleted."""
    notes: tuple[str, ...]
    """What the rules keep checks from seeing."""


def when(installation: Installation, as_of: str | dt.datetime | None, *, dry_run: bool) -> dt.date:
    """Return the institution's date on which a purge counts the days.

    Raises:
        ConfigError: no date, or one to come, on which more would go than is due today.
    """
    zone = installation.policy.zone
    now = dt.datetime.now(dt.UTC)
    instant = moment(as_of, zone) if isinstance(as_of, str) else as_of or now
    if instant > now and not dry_run and installation.settings.recordings is None:
        raise ConfigError(
            f"as_of {instant.isoformat()} lies in the future; only --dry-run looks ahead"
        )
    return dt.date.fromisoformat(night_of(instant, zone))


def purge(installation: Installation, today: dt.date, *, dry_run: bool = False) -> Purge:
    """Delete what has been kept long enough, of all accounts that were ever registered.

    Findings keep their state and their words: a purge neither resolves nor reopens one, and
    what it deleted does not count as taken down by the account. Something still online and
    inside the look-back window is read again by the next night.

    One transaction per account; broken off, it is simply called again.

    NOTE: legal hold and the Privacy Office's preserved copies will be taken out of ``removal``
    here, before anything is deleted.
    """
    policy = installation.policy
    tables = policy.pack.retention
    with installation.store.read() as session:
        platforms = stored.platforms(session)
        registered = {one.platform for one in accounts.registered(session)}
        away = _away(session, today)
    done = []
    for account_id, platform in platforms.items():
        by_class = retention.rules(tables, platform)
        opening = installation.store.read if dry_run else installation.store.write
        with opening() as session:
            if not dry_run:
                session.lock(account_id)
            what = retention.removal(
                stored.holdings(session, account_id),
                stored.quotations(session, account_id),
                by_class,
                today=today,
                zone=policy.zone,
                lookback_days=policy.pack.window.lookback_days,
                away=away.get(account_id),
            )
            if what and not dry_run:
                stored.remove(session, account_id, what)
        if what:
            done.append(_purged(account_id, platform, what))
    found = (retention.blind_spots(tables, policy.pack.window, one) for one in sorted(registered))
    return Purge(today=today, accounts=tuple(done), notes=tuple(one for one in found if one))


def _away(session: Session, today: dt.date) -> dict[str, dt.datetime]:
    """Return since when accounts have been away, by id; see ``audit.retention.AWAY``."""
    moments = {one.night: one.as_of for one in runs.nights(session)}
    return {
        key: moments[one.since]
        for key, one in lives(session, today.isoformat()).items()
        if one.state in retention.AWAY
    }


def _purged(account_id: str, platform: str, what: Removal) -> Purged:
    counts = Counter(what.emptied.values())
    return Purged(
        account_id=account_id,
        platform=platform,
        posts=counts[Content.POSTS],
        comments=counts[Content.COMMENTS],
        profiles=counts[Content.PROFILES],
        wordings=len(what.wordings),
        evidence=len(what.evidence),
        traces=len(what.traces),
    )
