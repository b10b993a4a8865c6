"""Reads the lists that University Relations keeps besides the registry: ``<name>.csv``.

Every list has a column ``as_of``: the day on which it was drawn up, the same in each row. A
list that is absent, or older than the policy allows, is as good as none: checks that need it
answer ``not_assessed``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit import registry
from audit.checks.base import StaffMember
from audit.errors import ConfigError, suggest
from audit.model.item import Facet

AS_OF = "as_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The columns of one list, each with what reads its cells."""

    name: Facet
    required: Mapping[str, Callable[[str, str], Any]]
    optional: Mapping[str, Callable[[str, str], Any]]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that may appear."""
        return (AS_OF, *self.required, *self.optional)


def _text(text: str, column: str) -> str:
    return text.strip()


SCHEMAS = {
    schema.name.value: schema
    for schema in (
        Schema(
            name=Facet.DIRECTORY,
            required={"email": registry.address, "name": _text},
            optional={"title": _text, "active": registry.yes_no, "employee": registry.yes_no},
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One list as read from its file."""

    name: str
    as_of: dt.date
    rows: tuple[Mapping[str, Any], ...]


def read_folder(folder: Path) -> list[Reading]:
    """Read every list in a folder.

    Raises:
        ConfigError: the folder is missing, a list is unknown, or a cell is wrong.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder; AUDIT_REGISTERS names the registers' folder")
    return [read(file) for file in sorted(folder.glob("*.csv"))]


def read(file: Path) -> Reading:
    """Read one list.

    Raises:
        ConfigError: with file, row, column and a suggestion.
    """
    schema = SCHEMAS.get(file.stem)
    if schema is None:
        raise ConfigError(
            f"{file}: no such register{suggest(file.stem, SCHEMAS)} "
            f"(known: {', '.join(sorted(SCHEMAS))})"
        )
    read_rows, days = [], set()
    for place, row in registry.rows(file, schema.columns, schema.name.value):
        try:
            days.add(registry.date(_required(row, AS_OF), AS_OF))
            read_rows.append(_row(schema, row))
        except ConfigError as error:
            raise ConfigError(f"{file}, {place}, {error}") from None
    if len(days) != 1:
        raise ConfigError(f"{file}: {AS_OF} must be one and the same day in every row")
    return Reading(name=schema.name.value, as_of=days.pop(), rows=tuple(read_rows))


def directory(rows: Sequence[Mapping[str, Any]]) -> dict[str, StaffMember]:
    """Return the staff directory by mail address."""
    return {row["email"]: StaffMember(**row) for row in rows}


def stale(as_of: dt.date, today: dt.date, max_age_days: int) -> bool:
    """Whether a list is too old to be relied on."""
    return today - as_of > dt.timedelta(days=max_age_days)


def _row(schema: Schema, row: Mapping[str, str]) -> dict[str, Any]:
    values = {name: read(_required(row, name), name) for name, read in schema.required.items()}
    for name, read in schema.optional.items():
        if row.get(name, "").strip():
            values[name] = read(row[name], name)
    return values


def _required(row: Mapping[str, str], column: str) -> str:
    if not row.get(column, "").strip():
        raise ConfigError(f"{column}: is empty")
    return row[column]
