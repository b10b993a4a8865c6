"""What every check has to be, so that the manual, the policy and the engine can rely on it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import json
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import audit.checks
from audit import catalogue, engine, pack, policy
from audit.catalogue import SHARED
from audit.checks.base import Check
from audit.errors import ConfigError
from audit.model.account import Account
from audit.model.finding import Subject
from audit.model.item import (
    Capture,
    Facet,
    Gap,
    GapKind,
    Item,
    ItemKind,
    ItemText,
    TextSource,
    Window,
)
from audit.model.verdict import ITEM_LEVELS, Kind, Level, Outcome, Severity
from audit.policy import BoundCheck

CASES = Path(__file__).parents[1] / "cases"
PACK = pack.SHIPPED / "ucsf"
CLAUSES = {"P0", *(f"BP{n:02}" for n in range(1, 14)), "HC01", "HC02"}
SECTIONS = ("Measures:", "Cannot tell:", "Fails:", "Passes:", "Source:")
NOW = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)
ACCOUNT = Account(account_id="a", platform="mastodon", handle="a", unit="Library")
CHECKS = catalogue.checks()


def modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(audit.checks.__path__, "audit.checks."):
        if not info.ispkg and info.name.rpartition(".")[2] not in SHARED:
            yield importlib.import_module(info.name)


def module_of(check: Check) -> ModuleType:
    return next(one for one in modules() if one.__name__.endswith(check.id.replace("-", "_")))


def every(**more: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("check", CHECKS, ids=lambda one: one.id, **more)


def test_every_module_declares_one_check() -> None:
    found = [one.__name__ for one in modules()]
    assert len(found) == len(CHECKS) > 0
    for module in modules():
        checks = [value for value in vars(module).values() if isinstance(value, Check)]
        assert len(checks) == 1, module.__name__


@every()
def test_the_id_is_the_file(check: Check) -> None:
    assert module_of(check).__name__.rpartition(".")[2] == check.id.replace("-", "_")
    assert re.fullmatch(r"(?:P0|BP\d\d|HC\d\d|A)\.\d+", check.code)


@every()
def test_the_clause_is_in_the_pack(check: Check) -> None:
    belongs = "BP08" if check.code.startswith("A.") else check.code.partition(".")[0]
    assert check.clause == belongs


@every()
def test_the_docstring_is_the_manual_page(check: Check) -> None:
    page = module_of(check).__doc__ or ""
    first, _, rest = page.partition("\n")
    assert first.endswith("."), "the first line says what must hold"
    places = [rest.find(f"\n{section}\n") for section in SECTIONS]
    assert -1 not in places, f"a section is missing: {SECTIONS[places.index(-1)]}"
    assert places == sorted(places)
    for place in places:
        assert re.match(r"\n[\w ]+:\n    \S", rest[place:]), "an empty section"


@every()
def test_the_words_fit_the_kind(check: Check) -> None:
    hedged = re.search(r"\b(?:may|possible|possibly)\b", check.title)
    if check.kind is Kind.PROXY:
        assert hedged, "a proxy's title says may or possible"
    said = f"{check.title} {check.remedy}"
    assert not re.search(r"\b(?:violation|offender|failure|alert|flag(?:ged)?)\b", said, re.I)
    assert check.title[-1] not in ".!"
    assert check.remedy.endswith(".")


@every()
def test_evidence_is_never_shown_where_it_is_private(check: Check) -> None:
    private = re.fullmatch(r"BP02\.[12]|BP10\.\d+|HC01\.4|BP12\.\d+", check.code)
    public = Level.COMMENT in check.levels
    assert not (check.excerpt and (private or public))


@every()
def test_there_are_cases_enough(check: Check) -> None:
    file = CASES / f"{check.id}.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    failing = [row for row in rows if check.code in row["expect"]]
    near = [row for row in rows if row.get("note", "").startswith("near miss")]
    assert len(rows) >= 8
    assert len(failing) >= 3
    assert len(rows) - len(failing) - len(near) >= 3
    assert len(near) >= 2


def test_the_shipped_pack_has_every_clause_and_no_official_wording() -> None:
    tables = tomllib.loads((PACK / pack.FILE).read_text(encoding="utf-8"))
    assert set(tables["clauses"]) == CLAUSES
    for clause in tables["clauses"].values():
        assert clause["wording"] == ""
        assert clause["title"]
        assert clause["summary"]
        assert clause["source"]


def bind(tmp_path: Path, table: str) -> policy.Policy:
    text = f'[pack]\nid="s"\nversion="1"\ntitle="s"\nsource="s"\ninherits="ucsf"\n{table}\n'
    (tmp_path / pack.FILE).write_text(text, encoding="utf-8")
    return policy.load(str(tmp_path), CHECKS)


def toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "2027-01-01"  # the only optional parameters are dates
        case tuple():
            return f"[{', '.join(map(toml, value))}]"
        case str():
            return json.dumps(value)
        case _:
            return str(value)


@every()
def test_every_parameter_can_be_set_in_the_pack(check: Check, tmp_path: Path) -> None:
    parameters = dataclasses.fields(check.params)
    table = "".join(f"{one.name} = {toml(one.default)}\n" for one in parameters)
    bound = bind(tmp_path, f"[checks.{check.id}]\nseverity = 'low'\n{table}")
    mine = next(one for one in bound.checks if one.check.id == check.id)
    assert mine.severity is Severity.LOW
    for one in parameters:
        assert one.default is None or getattr(mine.params, one.name) == one.default


@every()
def test_an_unknown_parameter_is_refused_with_a_suggestion(check: Check, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown key 'severitty', did you mean 'severity'\?"):
        bind(tmp_path, f"[checks.{check.id}]\nseveritty = 'low'")


def bench(check: Check, **more: Any) -> engine.Bench:
    bound = BoundCheck(check=check, params=check.params(), severity=check.severity)
    return engine.Bench(
        checks=(bound,), as_of=NOW, today=NOW.date(), fingerprint=lambda *parts: str(parts), **more
    )


def judged(check: Check, gaps: tuple[Gap, ...] = (), **more: Any) -> list[Any]:
    """Judge one subject of each level that the check knows."""
    found: list[Any] = []
    capture = Capture(
        account_id="a",
        as_of=NOW,
        window=Window(start=NOW - dt.timedelta(days=120), end=NOW),
        gaps=gaps,
    )
    for level in check.levels:
        if level is Level.REGISTRY:
            found += engine.judge_registry(bench(check, **more), [ACCOUNT])
        elif level is Level.ACCOUNT:
            found += engine.judge_account(bench(check, **more), ACCOUNT, capture)
        else:
            texts = (ItemText(source=TextSource.BODY, text="Hello"),)
            item = Item(item_id="1", kind=ItemKind(level.value), texts=texts)
            found += engine.judge_items(bench(check, **more), ACCOUNT, [item])
    return found


@every()
def test_what_was_not_read_is_not_assessed(check: Check) -> None:
    facets = check.needs | {
        engine.FACET_OF[level] for level in check.levels if level in ITEM_LEVELS
    }
    for facet in facets:
        if facet is Facet.DIRECTORY:
            results = judged(check, missing={facet: "absent"})
        elif facet in check.needs:
            results = judged(check, gaps=(Gap(facet=facet, kind=GapKind.BROKEN, reason="down"),))
        else:
            gap = Gap(facet=facet, kind=GapKind.BROKEN, reason="down")
            window = Window(start=NOW, end=NOW)
            capture = Capture(account_id="a", as_of=NOW, window=window, gaps=(gap,))
            results = engine.unread(bench(check), ACCOUNT, capture)
        assert results
        assert {one.outcome for one in results} == {Outcome.NOT_ASSESSED}


@every()
def test_an_exception_is_an_error_and_quotes_nothing(check: Check) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("219-09-9998")

    results = judged(dataclasses.replace(check, judge=broken, needs=frozenset()))
    assert {one.outcome for one in results} == {Outcome.ERROR}
    assert all("219" not in one.reason for one in results)


def test_fingerprints_do_not_depend_on_the_order_of_items() -> None:
    texts = ("Damn.", "SSN 219-09-9998", "#welcometothelab")
    items = [
        Item(
            item_id=str(n),
            kind=ItemKind.POST,
            texts=(ItemText(source=TextSource.BODY, text=text),),
        )
        for n, text in enumerate(texts)
    ]
    bound = policy.load("ucsf", CHECKS)

    def prints(order: list[Item]) -> set[str]:
        one = engine.Bench(
            checks=bound.checks,
            as_of=NOW,
            today=NOW.date(),
            lexicon=bound.lexicon(),
            fingerprint=lambda check, subject, anchor: f"{check}{subject}{anchor}",
        )
        results = engine.judge_items(one, ACCOUNT, order)
        return {found.fingerprint for result in results for found in result.findings}

    assert len(prints(items)) >= 3
    assert prints(items) == prints(items[::-1])


def test_subjects_are_named_by_level() -> None:
    assert Subject(account_id="a", level=Level.POST, subject_id="1") in {
        one.subject for check in CHECKS for one in judged(check)
    }
