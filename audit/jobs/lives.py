"""How accounts themselves stand after a night."""

from __future__ import annotations

from audit.lifecycle import Life, life
from audit.store import sights
from audit.store.database import Session


def lives(session: Session, night: str | None = None) -> dict[str, Life]:
    """Return by account id how accounts stood after a night, or after the last one.

    An account of which no night learnt anything is left out.
    """
    seen = sights.read(session, until=night)
    found = ((key, life(of)) for key, of in seen.items())
    return {key: one for key, one in found if one is not None}
