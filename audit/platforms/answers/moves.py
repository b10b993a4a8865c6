"""Addresses that have moved for good."""

from __future__ import annotations

from urllib.parse import urlsplit

from audit.model.life import AccountState
from audit.model.record import AccountStateRecord
from audit.response import Response


def moved(registered: str, answer: Response, suffix: str = "") -> AccountStateRecord | None:
    """Return where a site is now, if that is another place than the registered one.

    Other schemes, a slash at the end and ``www`` are the same place.

    Args:
        registered: the address in the registry.
        answer: what came when it was asked.
        suffix: what was added to the registered address to ask.
    """
    if answer.moved_to is None or answer.status >= 400:
        return None
    place = answer.moved_to.rstrip("/").removesuffix(suffix.rstrip("/"))
    if _place(place) == _place(registered):
        return None
    return AccountStateRecord(state=AccountState.RENAMED, handle=place)


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")
