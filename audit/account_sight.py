"""What the records of one night say about the account itself."""

from __future__ import annotations

from collections.abc import Sequence

from audit.model.account import Account
from audit.model.item import Facet, GapKind
from audit.model.life import AccountSight, AccountState
from audit.model.record import (
    AccountStateRecord,
    GapRecord,
    PostRecord,
    ProfileRecord,
    Record,
)


def sight(
    account: Account, night: str, records: Sequence[Record], *, hides: bool = False
) -> AccountSight:
    """Return what a night saw.

    What the platform says outright comes first, then what the profile shows, then why there is
    none. Being refused, and not being answered, say nothing about the account.

    Args:
        account: as registered.
        night: the night.
        records: everything that was gathered.
        hides: see ``Platform.hides``.
    """
    said = next((one for one in records if isinstance(one, AccountStateRecord)), None)
    profile = next((one for one in records if isinstance(one, ProfileRecord)), None)
    lost = next((one for one in records if _of_profile(one)), None)
    state, detail = AccountState.UNCLEAR, None
    if said is not None:
        state, detail = said.state, said.detail
    elif profile is not None:
        state = _shown(account, profile, hides)
    elif isinstance(lost, GapRecord):
        state, detail = _lost(lost), lost.reason
    elif any(isinstance(one, PostRecord) for one in records):
        state = AccountState.ACTIVE
    return AccountSight(
        account_id=account.account_id,
        night=night,
        state=state,
        platform_id=profile.account_id if profile else None,
        handle=(said.handle if said else None) or (profile.handle if profile else None),
        detail=detail,
    )


def same_name(account: Account, profile: ProfileRecord) -> bool:
    """Whether a profile goes by the registered name, or the registry names it by its id.

    Names are compared without case, without ``@``, and without the server where either side
    leaves it out.
    """
    registered, shown = account.handle, profile.handle
    if shown is None or (profile.account_id and registered.endswith(profile.account_id)):
        return True
    (one, here), (other, there) = (
        name.removeprefix("@").casefold().partition("@")[::2] for name in (registered, shown)
    )
    return one == other and (not here or not there or here == there)


def _of_profile(record: Record) -> bool:
    return isinstance(record, GapRecord) and record.facet in (Facet.PROFILE, None)


def _shown(account: Account, profile: ProfileRecord, hides: bool) -> AccountState:
    if hides and profile.locked:
        return AccountState.PRIVATE
    return AccountState.ACTIVE if same_name(account, profile) else AccountState.RENAMED


def _lost(gap: GapRecord) -> AccountState:
    if gap.account_state is not None:
        return gap.account_state
    return AccountState.ABSENT if gap.kind is GapKind.NOT_FOUND else AccountState.UNCLEAR
