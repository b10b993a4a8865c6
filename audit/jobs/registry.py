"""Takes over what University Relations filed: the registry, the lists, acknowledged gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from audit import registry
from audit.errors import ConfigError, suggest
from audit.installation import Installation
from audit.jobs.lives import lives
from audit.model.account import Account
from audit.model.item import FETCHED_FACETS, GapKind
from audit.registers import Reading
from audit.store import accounts, runs
from audit.store.accounts import Import

FAR = dt.timedelta(days=365)
"""No gap is accepted for longer; somebody has to look again."""


def take_over(installation: Installation, found: Sequence[Account]) -> Import:
    """Make what was read from a file the registry."""
    with installation.store.write() as session:
        return accounts.replace_all(session, found, dt.datetime.now(dt.UTC))


def take_over_register(installation: Installation, found: Reading) -> None:
    """Keep a register as read from a file."""
    with installation.store.write() as session:
        accounts.save_register(session, found.name, found.as_of, found.rows)


def history(installation: Installation, account_id: str | None = None) -> list[dict[str, Any]]:
    """Return what became of accounts, oldest first: in the registry, and on their platforms.

    Args:
        installation: the installation.
        account_id: of this one only, also when it is no longer registered.

    Returns:
        Dicts with ``changed_at`` (of a platform's change, the night that saw it),
        ``account_id``, ``where`` (``registry`` or ``platform``) and ``change`` in words.

    Raises:
        ConfigError: no such account was ever registered.
    """
    with installation.store.read() as session:
        filed = accounts.changes(session)
        known = lives(session)
        moments = {one.night: one.as_of for one in runs.nights(session)}
    ids = {row["account_id"] for row in filed}
    if account_id is not None and account_id not in ids:
        raise ConfigError(
            f"account {account_id!r} was never in the registry{suggest(account_id, ids)}"
        )
    told = [
        (row["changed_at"], row["account_id"], "registry", row["note"] or _change(row))
        for row in filed
    ]
    told += [
        (moments[change.night], key, "platform", change.words)
        for key, life in known.items()
        for change in life.changes
    ]
    return [
        {
            "changed_at": at.isoformat(timespec="seconds"),
            "account_id": key,
            "where": where,
            "change": words,
        }
        for at, key, where, words in sorted(told, key=lambda one: one[0])
        if account_id in (None, key)
    ]


def confirm(installation: Installation, account_id: str, *, by: str, reason: str) -> None:
    """Record that the account that has the registered name now is the registered one.

    For an account that was made anew under its old name: the platform knows it by another id,
    and the nights take it for somebody else's until then.

    Raises:
        ConfigError: no such account, or nobody, or no reason, is named.
    """
    if not by.strip() or not reason.strip():
        raise ConfigError("--by and --reason must not be empty")
    note = f"confirmed under its present name by {by}: {reason}"
    with installation.store.write() as session:
        accounts.one(session, account_id)
        accounts.confirm(session, account_id, note, dt.datetime.now(dt.UTC))


def acknowledge(
    installation: Installation,
    *,
    account_id: str,
    facet: str,
    gap_kind: str,
    by: str,
    reason: str,
    until: str,
) -> None:
    """Record that a person knows of a gap.

    Raises:
        ConfigError: no such account, facet or kind, or a date out of range.
    """
    kinds = [kind for kind in GapKind if kind not in (GapKind.UNSUPPORTED, GapKind.END)]
    _one_of(facet, [one.value for one in FETCHED_FACETS], "facet")
    _one_of(gap_kind, [one.value for one in kinds], "kind of gap")
    last = registry.date(until, "--until")
    today = dt.datetime.now(installation.policy.zone).date()
    if not today <= last <= today + FAR:
        raise ConfigError(f"--until {until}: must lie between today and a year from now")
    with installation.store.write() as session:
        accounts.one(session, account_id)
        accounts.acknowledge(
            session,
            {
                "account_id": account_id,
                "facet": facet,
                "gap_kind": gap_kind,
                "by": by,
                "reason": reason,
                "until": last,
            },
        )


def _change(row: Mapping[str, Any]) -> str:
    before, after = row["before"], row["after"]
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return ", ".join(f"{name} changed" for name in after if after[name] != before.get(name))


def _one_of(value: str, known: list[str], what: str) -> None:
    if value not in known:
        raise ConfigError(f"{value!r} is no {what}{suggest(value, known)}: {', '.join(known)}")
