"""The registry and the registers: what is read, and what is said about errors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook

from audit import registers, registry
from audit.errors import ConfigError

HEADER = "account_id,platform,handle,url,unit,owners,clinical,cadence_days,pause_until"
ROW = "lib,archive,@library,lib.jsonl,Library,A.B@x.example;c@x.example,no,14,2026-12-31"


def write(folder: Path, *lines: str, name: str = "registry.csv") -> Path:
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_cells_become_values(tmp_path: Path) -> None:
    (account,) = registry.read(write(tmp_path, HEADER, ROW))
    assert account.account_id == "lib"
    assert account.handle == "library"
    assert account.owners == ("a.b@x.example", "c@x.example")
    assert account.clinical is False
    assert account.spokesperson is None
    assert account.cadence_days == 14
    assert account.pause_until == dt.date(2026, 12, 31)


def test_a_byte_order_mark_and_empty_rows_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "registry.csv"
    file.write_text(f"\ufeff{HEADER}\n\n{ROW}\n,,,,,,,,\n", encoding="utf-8")
    assert len(registry.read(file)) == 1


def test_excel_and_toml_say_the_same_as_csv(tmp_path: Path) -> None:
    expected = registry.read(write(tmp_path, HEADER, ROW))
    book = Workbook()
    book.active.append(HEADER.split(","))
    cells: list[object] = list(ROW.split(","))
    cells[7:] = [14, dt.datetime(2026, 12, 31)]  # noqa: DTZ001  (a cell has no zone)
    book.active.append(cells)
    book.save(tmp_path / "registry.xlsx")
    toml = write(
        tmp_path,
        "[[account]]",
        'account_id = "lib"',
        'platform = "archive"',
        'handle = "library"',
        'url = "lib.jsonl"',
        'unit = "Library"',
        'owners = ["a.b@x.example", "c@x.example"]',
        "clinical = false",
        "cadence_days = 14",
        "pause_until = 2026-12-31",
        name="registry.toml",
    )
    assert registry.read(tmp_path / "registry.xlsx") == expected
    assert registry.read(toml) == expected


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            ROW.replace("archive", "archve"),
            "row 2, unknown platform 'archve', did you mean 'archive'",
        ),
        (ROW.replace(",no,", ",maybe,"), "row 2, clinical: 'maybe' is neither yes nor no"),
        (ROW.replace("2026-12-31", "31.12.2026"), "row 2, pause_until: '31.12.2026' is no date"),
        (ROW.replace("c@x.example", "c at x"), "row 2, owners: is no mail address"),
        (ROW.replace(",14,", ",often,"), "row 2, cadence_days: 'often' is no whole number"),
        (ROW.replace("Library", ""), "row 2, unit: is empty"),
        (ROW.replace("lib.jsonl", "a,b"), "row 2: has 10 cells, the first row names 9 columns"),
        (f"{ROW}\n{ROW}", "row 3, account_id: 'lib' stands in two rows"),
        (f"{ROW}\n{ROW.replace('lib,', 'lib2,', 1)}", "row 3, handle: the same archive account"),
    ],
)
def test_an_error_says_where_and_what(tmp_path: Path, row: str, message: str) -> None:
    file = write(tmp_path, HEADER, row)
    with pytest.raises(ConfigError) as caught:
        registry.read(file)
    assert message in str(caught.value)
    assert str(file) in str(caught.value)


def test_an_unknown_column_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    file = write(tmp_path, HEADER.replace("owners", "ownrs"), ROW)
    with pytest.raises(ConfigError, match="unknown column 'ownrs', did you mean 'owners'"):
        registry.read(file)


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    bad = [ROW.replace("lib,", f"lib{number},", 1).replace(",no,", ",?,") for number in range(30)]
    with pytest.raises(ConfigError) as caught:
        registry.read(write(tmp_path, HEADER, *bad))
    lines = str(caught.value).splitlines()
    assert len(lines) == registry.MOST_ERRORS + 1
    assert lines[-1] == "... and 10 more"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("registry.csv", b"", "holds no account"),
        ("registry.csv", b"\xff\xfe\x00", "save it as CSV UTF-8"),
        ("registry.csv", b"account_id;platform;handle\nlib;x;lib\n", "row 1: has semicolons"),
        ("registry.xlsx", b"not a workbook", "no Excel workbook"),
        ("registry.toml", b"[[account", "registry.toml"),
        ("registry.pdf", b"", "write it as .csv, .xlsx, .toml"),
    ],
)
def test_a_file_that_is_no_registry_is_named(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=message) as caught:
        registry.read(tmp_path / name)
    assert name in str(caught.value)


def test_the_directory_is_read(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "as_of,email,name,title,active,employee",
        "2026-10-01,A@x.example,Ann Lee,Editor,yes,yes",
        "2026-10-01,b@x.example,Bo Ray,,no,",
        name="directory.csv",
    )
    reading = registers.read(file)
    staff = registers.directory(reading.rows)
    assert reading.as_of == dt.date(2026, 10, 1)
    assert staff["a@x.example"].title == "Editor"
    assert not staff["b@x.example"].active
    assert staff["b@x.example"].employee


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("direktory.csv", ["as_of"], "did you mean 'directory'"),
        ("directory.csv", ["as_of,email,name", "2026-10-01,nobody,N"], "row 2, email"),
        ("directory.csv", ["as_of,email,name", "2026-10-01,,N"], "row 2, email: is empty"),
        ("directory.csv", ["as_of,email,name", ",a@x.example,N"], "row 2, as_of: is empty"),
        (
            "directory.csv",
            ["as_of,email,name", "2026-10-01,a@x.example,A", "2026-10-02,b@x.example,B"],
            "one and the same day",
        ),
    ],
)
def test_a_wrong_register_is_refused(
    tmp_path: Path, name: str, rows: list[str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        registers.read(write(tmp_path, *rows, name=name))


@pytest.mark.parametrize(("age", "stale"), [(35, False), (36, True)])
def test_a_register_grows_stale(age: int, stale: bool) -> None:
    today = dt.date(2026, 10, 5)
    assert registers.stale(today - dt.timedelta(days=age), today, 35) is stale
