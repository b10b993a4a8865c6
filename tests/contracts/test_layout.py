"""What the tree has to look like, whoever adds to it."""

from __future__ import annotations

import ast
import configparser
import graphlib
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.tree import ROOT, files, name

PRODUCT = ("audit", "reports", "dags")
PACKAGES = (*PRODUCT, "examples", "tools")
LONGEST = 300
PACKS = "audit/data/packs/"
DEFAULT_PACK = 'policy: str = "ucsf"'
"""The one word of an institution in the code: which shipped pack is taken without a setting."""
INSTITUTION = re.compile(r"ucsf|san francisco", re.IGNORECASE)
PUBLIC_INDEXES = {"pypi.org", "files.pythonhosted.org"}
HOME = re.compile(r"(?<![\w.$}])/(?:home|Users)/[\w.-]+/")


def sources(*packages: str) -> list[Path]:
    return [path for path in files(".py") if path.relative_to(ROOT).parts[0] in packages]


def text(path: Path) -> str | None:
    """Return a file's text; ``None`` for what is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def test_an_init_file_holds_a_docstring_only() -> None:
    for path in files(".py"):
        if path.name == "__init__.py":
            body = ast.parse(path.read_text()).body
            lone = len(body) == 1 and isinstance(body[0], ast.Expr)
            assert lone, f"{name(path)}: nothing but a docstring belongs here"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in sources(*PACKAGES, "docker")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_no_file_is_long() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in sources(*PACKAGES)}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST} == {}


def test_no_institution_is_named_outside_its_pack() -> None:
    named = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in files()
        if name(path).split("/")[0] in PRODUCT and not name(path).startswith(PACKS)
        for number, line in enumerate((text(path) or "").splitlines(), start=1)
        if INSTITUTION.search(line) and line.strip() != DEFAULT_PACK
    ]
    assert named == []


def test_audit_never_imports_reports() -> None:
    upward = [
        f"{name(path)} imports {module}"
        for path in sources("audit")
        for module in imports(ast.walk(ast.parse(path.read_text())))
        if module.split(".")[0] in ("reports", "dags", "examples", "tests")
    ]
    assert upward == []


def test_no_module_is_part_of_a_circle() -> None:
    modules = {module_of(path): path for path in sources("audit", "reports")}
    graph = {
        module: {
            known
            for found in imports(at_import(ast.parse(path.read_text())))
            if (known := nearest(found, modules)) not in (None, module)
        }
        for module, path in modules.items()
    }
    assert sum(map(len, graph.values())) > len(graph), "the imports were not found"
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_no_file_names_this_machine() -> None:
    """Neither the folders of a developer, nor the package index that an installation uses."""
    folders = [f"{folder}/" for folder in (ROOT, Path.home()) if len(folder.parts) > 1]
    indexes = package_indexes() - PUBLIC_INDEXES
    found = [
        f"{name(path)}: {word}"
        for path in files()
        if (content := text(path)) is not None
        for word in (*folders, *indexes, *HOME.findall(content))
        if word in content
    ]
    assert found == []


def imports(nodes: Iterator[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs when a module is imported: all but the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from at_import(node)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def nearest(found: str, modules: dict[str, Path]) -> str | None:
    """Return the module that holds what was imported."""
    parts = found.split(".")
    names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((one for one in names if one in modules), None)


def package_indexes() -> set[str]:
    """Return where pip and uv find packages on this machine: hosts, and folders of files."""
    places = [
        value
        for variable, value in os.environ.items()
        if variable.startswith(("PIP_", "UV_")) and ("INDEX" in variable or "LINKS" in variable)
    ]
    homes = [Path("/etc"), Path.home() / ".config", Path.home()]
    for folder, file in itertools.product(homes, ("pip.conf", "pip/pip.conf", ".pip/pip.conf")):
        parser = configparser.RawConfigParser(strict=False)
        parser.read(folder / file)
        places += [
            value
            for section in parser.sections()
            for option, value in parser.items(section)
            if option.endswith(("index-url", "find-links"))
        ]
    for folder in homes:
        settings = folder / "uv" / "uv.toml"
        if settings.is_file():
            places += re.findall(r"https?://[^\s\"']+", settings.read_text())
    parts = [urlsplit(word) for value in places for word in value.split()]
    return {one.hostname or one.path for one in parts if one.hostname or one.path.startswith("/")}
