"""The last result of each check on each item, so that nothing is judged twice alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter
from sqlalchemy import select

from audit.model.finding import Result
from audit.store.database import Session
from audit.store.schema import judgement
from audit.vault import Purpose

_RESULT = TypeAdapter(Result)
Key = tuple[str, str]
"""Item id and check id."""


def read(session: Session, account_id: str, bases: Mapping[Key, str]) -> dict[Key, Result]:
    """Return the results that were judged on the same basis."""
    query = select(judgement).where(judgement.c.account_id == account_id)
    found = {}
    for row in session.connection.execute(query).mappings():
        key = (row["item_id"], row["check_id"])
        if bases.get(key) == row["basis"]:
            sealed = session.vault.open(Purpose.TEXTS, row["sealed"], row=_name(account_id, key))
            found[key] = _RESULT.validate_json(sealed)
    return found


def save(
    session: Session, account_id: str, results: Sequence[Result], bases: Mapping[Key, str]
) -> None:
    """Keep results with the basis on which they were judged."""
    rows = []
    for one in results:
        key = (one.subject.subject_id, one.check_id)
        text = _RESULT.dump_json(one).decode()
        rows.append(
            {
                "account_id": account_id,
                "item_id": key[0],
                "check_id": key[1],
                "basis": bases[key],
                "sealed": session.vault.seal(Purpose.TEXTS, text, row=_name(account_id, key)),
            }
        )
    session.upsert(judgement, rows)


def _name(account_id: str, key: Key) -> str:
    return f"judgement:{account_id}:{key[0]}:{key[1]}"
