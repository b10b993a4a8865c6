"""The README says what the program does: its examples are run, its tables compared."""

from __future__ import annotations

import ast
import inspect
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from audit import catalogue, policy, registry, shell
from audit.settings import PREFIX, Settings
from reports.cli import app
from tests.tree import ROOT, files, name

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"account-audit((?: [a-z][a-z-]*)+)((?: [^`\n|]*)?)")
PACK = re.compile(r"^```toml\n(\[pack\].*?)^```", re.MULTILINE | re.DOTALL)
END = "--- end of"
NUMBERS = ("no", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
TEENS = ("Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen")

pytestmark = pytest.mark.xdist_group("readme")


@dataclass(frozen=True)
class Example:
    command: str
    expected: str


def examples(page: str) -> Iterator[Example]:
    """Yield each command of the console blocks, with what stands below it."""
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            end = next((n for n, line in enumerate(lines[1:], 1) if line[:2] != "> "), len(lines))
            command = [lines[0], *(line[2:] for line in lines[1:end])]
            yield Example("\n".join(command), "\n".join(lines[end:]))


EXAMPLES = list(examples(README))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a checkout, with the program on the path."""
    folder = tmp_path_factory.mktemp("readme")
    for one in ("audit", "examples", "reports", "tests"):
        (folder / one).symlink_to(ROOT / one)
    program = folder / "bin" / "account-audit"
    program.parent.mkdir()
    code = "from reports.cli import app; app()"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{code}" "$@"\n')
    program.chmod(0o755)
    return folder


def bash(place: Path, script: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AUDIT_")}
    environment = kept | {
        "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "COLUMNS": "100",
    }
    return subprocess.run(
        ["bash", "-c", script],
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def outputs(place: Path) -> list[str]:
    """What the examples print when they are typed one after the other into one shell."""
    script = [f"{one.command}\necho; echo '{END} {n}'" for n, one in enumerate(EXAMPLES)]
    said = bash(place, "\n".join(script)).stdout
    parts = re.split(rf"^{END} \d+\n", said, flags=re.MULTILINE)
    assert len(parts) == len(EXAMPLES) + 1, said
    return parts[:-1]


def matches(said: str, expected: str) -> bool:
    """Compare outputs; ``...`` stands for anything, white space for any white space."""
    words = " ".join(expected.split()).split("...")
    return re.fullmatch(".*".join(map(re.escape, words)), " ".join(said.split())) is not None


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 5


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_prints_what_stands_below_it(number: int, outputs: list[str]) -> None:
    example, said = EXAMPLES[number], outputs[number]
    assert "Traceback" not in said
    assert matches(said, example.expected), f"$ {example.command}\n{said}"


@pytest.mark.parametrize(
    ("said", "expected", "same"),
    [
        ("a  b\n", "a b", True),
        ("night 1: 5 new\nmails: x", "night ...: ... new mails: x", True),
        ("a b c", "a b", False),
        ("nothing", "a ...", False),
    ],
)
def test_outputs_are_compared(said: str, expected: str, same: bool) -> None:
    assert matches(said, expected) is same


def rows(heading: str, page: str = README) -> list[list[str]]:
    """Return the cells of the table under a header row that begins with ``heading``."""
    lines = page.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("| ").split(" | ")])
    return found


def commands(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    for word, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, word)
        else:
            yield " ".join((*path, word)), command


COMMANDS = dict(commands(get_command(app)))


def test_every_command_stands_in_the_table() -> None:
    told = [cells[0].strip("`").removeprefix("account-audit ") for cells in rows("Command")]
    assert sorted(told) == sorted(COMMANDS)


def called(page: str) -> Iterator[tuple[str, str]]:
    """Yield each call of the program in a page: the words of the command, and the rest."""
    for line in page.splitlines():
        for words, rest in CALL.findall(line):
            yield words.strip(), rest


def untrue(page: Path) -> Iterator[str]:
    """Yield what a page says about commands and options that do not exist."""
    for words, rest in called(page.read_text()):
        known = [path for path in COMMANDS if f"{words} ".startswith(f"{path} ")]
        if not known and not any(path.startswith(f"{words} ") for path in COMMANDS):
            yield f"{name(page)}: account-audit {words}"
        params = [param for path in known for param in COMMANDS[path].params]
        options = {option for one in params for option in (*one.opts, *one.secondary_opts)}
        for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", rest):
            if option not in options | {"--help"}:
                yield f"{name(page)}: account-audit {words} {option}"


def test_commands_and_options_in_texts_and_messages_exist() -> None:
    pages = [
        page
        for page in files(".md", ".py", ".sh", ".toml", ".txt", ".html", ".yml")
        if page.relative_to(ROOT).parts[0] != "tests"
    ]
    assert [problem for page in pages for problem in untrue(page)] == []


def test_a_command_that_does_not_exist_is_noticed() -> None:
    page = ROOT / "invented.md"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Path, "read_text", lambda *_: "`account-audit polish`, `account-audit send --by`"
        )
        assert [problem.rpartition(": ")[2] for problem in untrue(page)] == [
            "account-audit polish",
            "account-audit send --by",
        ]


def documented(model: type) -> dict[str, str]:
    """Return the docstring under each field of a class."""
    (tree,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, below in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            found[field.target.id] = inspect.cleandoc(str(below.value.value))
    return found


def default(value: object) -> str:
    return (
        ""
        if value in (None, ())
        else f"`{str(value).lower() if value in (True, False) else value}`"
    )


def test_the_settings_are_those_of_the_code() -> None:
    docs = documented(Settings)
    table = [
        f"| `{PREFIX}{field.upper()}` | {default(info.default)} | {' '.join(docs[field].split())} |"
        for field, info in Settings.model_fields.items()
        if field in docs
    ]
    assert set(docs) == set(Settings.model_fields), "a setting without a docstring"
    wanted = [line.replace("``", "`") for line in table]
    told = [f"| {' | '.join(cells)} |" for cells in rows("Variable")]
    assert told == wanted, "the table in README.md should be\n" + "\n".join(wanted)


@pytest.mark.parametrize("page", list(files(".md")), ids=name)
def test_packs_in_the_text_can_be_read(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(PACK.findall(page.read_text())):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "guidelines.toml").write_text(block)
        assert policy.load(str(folder), catalogue.checks()).checks


def test_the_exit_codes_are_those_of_the_code(place: Path) -> None:
    told = [int(cells[0]) for cells in rows("Exit code")]
    assert told == [0, shell.FOUND, shell.WRONG, shell.INCOMPLETE]
    done = bash(
        place,
        """
        mkdir codes && cd codes && export AUDIT_HOME=home
        echo 'account_id,platform,handle,url,unit' > accounts.csv
        echo 'library,archive,library,library.jsonl,Library' >> accounts.csv
        echo '{"type": "profile", "display_name": "Somebody"}' > library.jsonl
        account-audit registry import accounts.csv > log 2>&1; echo $?
        account-audit run --as-of 2025-10-02 --fail-on low >> log 2>&1; echo $?
        account-audit registry import absent.csv >> log 2>&1; echo $?
        rm library.jsonl; account-audit run --as-of 2025-10-03 >> log 2>&1; echo $?
        cat log >&2
        """,
    )
    assert done.stdout.split("\n")[:4] == ["0", "1", "2", "3"], done.stdout


def test_every_column_of_the_registry_is_told() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    _, table = operations.split("| Column | Holds |")
    told = [
        name
        for line in table.split("\n\n")[0].splitlines()[2:]
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert sorted(told) == sorted(registry.COLUMNS)


def test_checks_and_platforms_are_counted() -> None:
    number = len(catalogue.checks())
    assert f"{(*NUMBERS, *TEENS)[number]} checks so far" in README
    told = re.search(r"platforms so far:(.*?)\.\n", README, re.DOTALL)
    assert told is not None
    names = re.findall(r"`(\w+)`", told[1])
    # A platform need not be named here: adding one touches its own file and its cases.
    assert names == sorted(names)
    assert set(names) <= set(catalogue.platforms())


def test_the_changelog_names_every_check() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    missing = [
        one.code for one in catalogue.checks() if not re.search(rf"\b{one.code}\b", changelog)
    ]
    assert missing == []
