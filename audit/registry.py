"""Reads the registry of official accounts from CSV, XLSX or TOML, and says what is wrong in it.

Columns (TOML: keys of each ``[[account]]``) are the fields of ``audit.model.account.Account``;
``account_id``, ``platform``, ``handle`` and ``unit`` are required. Lists are separated by
semicolons, yes-no columns hold yes or no, dates are written 2026-01-31, and an empty cell
means that the registry does not say.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from audit import catalogue
from audit.errors import ConfigError, suggest
from audit.model.account import Account

REQUIRED = ("account_id", "platform", "handle", "unit")
COLUMNS = tuple(field.name for field in dataclasses.fields(Account))
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
MOST_ERRORS = 20


def read(file: Path) -> tuple[Account, ...]:
    """Read and check a registry; nothing is taken over unless all of it is right.

    Raises:
        ConfigError: names each place that is wrong, with file, row, column and a suggestion.
    """
    errors: list[str] = []
    accounts: dict[str, Account] = {}
    places: dict[tuple[str, str], str] = {}
    for place, row in rows(file, COLUMNS, "account"):
        try:
            account = _beside(file, _account(row))
            if account.account_id in accounts:
                raise ConfigError(f"account_id: {account.account_id!r} stands in two rows")
            name = (account.platform, (account.url or account.handle).casefold())
            if name in places:
                raise ConfigError(
                    f"handle: the same {account.platform} account stands in {places[name]}"
                )
            _locate(account)
            accounts[account.account_id] = account
            places[name] = place
        except ConfigError as error:
            errors.append(f"{file}, {place}, {error}")
    if errors:
        more = len(errors) - MOST_ERRORS
        tail = [f"... and {more} more"] if more > 0 else []
        raise ConfigError("\n".join([*errors[:MOST_ERRORS], *tail]))
    if not accounts:
        raise ConfigError(f"{file}: holds no account")
    return tuple(accounts.values())


def rows(file: Path, columns: Sequence[str], table: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Read a table from CSV, XLSX or TOML.

    Args:
        file: the file; its suffix tells the form.
        columns: the columns that may appear.
        table: the name of the array of tables in TOML.

    Yields:
        The place of each row in words, such as ``row 3``, and its cells as text.

    Raises:
        ConfigError: the file cannot be read, or has an unknown column.
    """
    readers: dict[str, Callable[[Path, str], list[tuple[str, dict[str, str]]]]] = {
        ".csv": _csv,
        ".xlsx": _xlsx,
        ".toml": _toml,
    }
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise ConfigError(f"{file}: write it as {', '.join(readers)}")
    if not file.is_file():
        raise ConfigError(f"{file}: no such file")
    try:
        found = reader(file, table)
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: not a text in UTF-8; save it as CSV UTF-8") from None
    except (csv.Error, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from None
    for place, row in found:
        for column in row:
            if column not in columns:
                raise ConfigError(
                    f"{file}, {place}: unknown column {column!r}{suggest(column, columns)}"
                )
        yield place, row


def yes_no(text: str, column: str) -> bool:
    """Read a yes-no cell."""
    try:
        return YES_NO[text.strip().lower()]
    except KeyError:
        raise ConfigError(f"{column}: {text!r} is neither yes nor no") from None


def date(text: str, column: str) -> dt.date:
    """Read a date cell."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(f"{column}: {text!r} is no date; write 2026-01-31") from None


def address(text: str, column: str) -> str:
    """Read a mail address cell, in lower case; errors do not repeat what may name a person."""
    name, at, domain = text.strip().partition("@")
    if not (name and at and "." in domain) or any(char.isspace() for char in text.strip()):
        raise ConfigError(f"{column}: is no mail address; write name@example.edu")
    return f"{name}@{domain}".lower()


def _account(row: Mapping[str, str]) -> Account:
    for column in REQUIRED:
        if not row.get(column, "").strip():
            raise ConfigError(f"{column}: is empty")
    values: dict[str, Any] = {}
    for column, text in row.items():
        if text.strip():
            values[column] = _READ.get(column, _text)(text, column)
    return Account(**values)


def _beside(file: Path, account: Account) -> Account:
    """Return the account with a path that holds wherever the job runs."""
    local = catalogue.platform(account.platform).local
    if not local or not account.url or "://" in account.url:
        return account
    return dataclasses.replace(account, url=str(file.absolute().parent / account.url))


def _locate(account: Account) -> None:
    problem = catalogue.platform(account.platform).locate(account)
    if problem:
        raise ConfigError(problem)


def _text(text: str, column: str) -> str:
    return text.strip()


def _handle(text: str, column: str) -> str:
    return text.strip().removeprefix("@")


def _addresses(text: str, column: str) -> tuple[str, ...]:
    return tuple(address(part, column) for part in text.split(";") if part.strip())


def _number(text: str, column: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ConfigError(f"{column}: {text!r} is no whole number above zero")
    return number


_READ: dict[str, Callable[[str, str], Any]] = {
    "handle": _handle,
    "owners": _addresses,
    "administrators": _addresses,
    "mailbox": address,
    "clinical": yes_no,
    "spokesperson": yes_no,
    "cadence_days": _number,
    "pause_until": date,
    "registered_on": date,
    "approved_on": date,
}


def _csv(file: Path, table: str) -> list[tuple[str, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        header = [name.strip() for name in next(reader, [])]
        if len(header) == 1 and ";" in header[0]:
            raise ConfigError(
                f"{file}, row 1: has semicolons between its columns; separate them by commas"
            )
        return [
            (f"row {reader.line_num}", _cells(file, f"row {reader.line_num}", header, cells))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]


def _cells(file: Path, place: str, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise ConfigError(
            f"{file}, {place}: has {len(cells)} cells, the first row names {len(header)} columns; "
            "a comma inside a cell needs quotes around the cell"
        )
    return dict(zip(header, cells, strict=True))


def _xlsx(file: Path, table: str) -> list[tuple[str, dict[str, str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise ConfigError(f"{file}: no Excel workbook ({error})") from None
    lines = [[_cell(value) for value in line] for line in sheet.iter_rows(values_only=True)]
    header = [name.strip() for name in lines[0]] if lines else []
    return [
        (f"row {number}", dict(zip(header, cells, strict=True)))
        for number, cells in enumerate(lines[1:], start=2)
        if any(cells)
    ]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)


def _toml(file: Path, table: str) -> list[tuple[str, dict[str, str]]]:
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get(table, [])
    return [
        (f"{table} {number}", {key: _toml_cell(value) for key, value in entry.items()})
        for number, entry in enumerate(entries, start=1)
    ]


def _toml_cell(value: object) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)
