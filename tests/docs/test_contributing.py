"""The platform that CONTRIBUTING shows is one: found, replayed, and read from a server."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import audit.platforms
from audit import catalogue, registry
from audit.client import Client
from audit.model.account import Account
from audit.model.item import Facet, GapKind, Window
from audit.model.record import GapRecord, Gone, PostRecord, ProfileRecord, Record
from audit.platforms.base import Known, Platform, Target
from audit.settings import Settings
from reports.cli import app
from tests.audit.platforms.script import answer
from tests.docs.test_readme import examples, matches
from tests.serving import Server, serving
from tests.tree import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILE = re.compile(r"^\*\*([\w./-]+)\*\*[^*\n]*:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILES = dict(FILE.findall(PAGE))
MODULE, CASE = "audit/platforms/lemmy.py", "tests/cases/platforms/lemmy/person.json"
EXAMPLES = list(examples(PAGE))
WINDOW = Window(
    start=dt.datetime(2026, 10, 1, tzinfo=dt.UTC), end=dt.datetime(2026, 10, 31, tzinfo=dt.UTC)
)


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The example's file in a folder that belongs to the package, and its case in another."""
    for file in (MODULE, CASE):
        path = tmp_path / file
        path.parent.mkdir(parents=True)
        path.write_text(FILES[file], encoding="utf-8")
    folder = str((tmp_path / MODULE).parent)
    monkeypatch.setattr(audit.platforms, "__path__", [*audit.platforms.__path__, folder])
    monkeypatch.chdir(tmp_path)
    importlib.invalidate_caches()
    catalogue.platforms.cache_clear()
    yield catalogue.platform("lemmy")
    catalogue.platforms.cache_clear()
    for name in [name for name in sys.modules if name.endswith("platforms.lemmy")]:
        del sys.modules[name]
    vars(audit.platforms).pop("lemmy", None)


def test_the_page_holds_one_file_and_its_case() -> None:
    assert sorted(FILES) == [MODULE, CASE]
    assert "lemmy" not in catalogue.platforms(), "then another example has to be found"


def test_the_catalogue_finds_it_with_no_other_edit(platform: Platform) -> None:
    assert "lemmy" in catalogue.platforms()
    assert platform.provides == {Facet.PROFILE, Facet.POSTS}


def test_a_replay_says_what_the_page_says(platform: Platform) -> None:
    (example,) = EXAMPLES
    words = example.command.split()
    done = CliRunner().invoke(app, words[1:])
    assert done.exit_code == 0, done.output
    assert matches(done.output, example.expected), done.output
    assert words[3] == CASE


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", '{"posts": 3}', '{"posts": [{}]}', "<p>"])
def test_an_odd_answer_is_read_all_the_same(platform: Platform, body: str) -> None:
    for status in (200, 404, 429, 500):
        found = list(platform.read(answer(body, status)))
        assert found
        assert all(isinstance(one, Record) for one in found)


def test_a_registry_takes_an_account_of_it(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("account_id,platform,handle,unit\na,lemmy,library@lemmy.example,Library\n")
    (account,) = registry.read(file)
    assert platform.locate(account) is None
    assert platform.locate(Account(account_id="a", platform="lemmy", handle="a", unit="L"))


def read(platform: Platform, server: Server, *known: str) -> list[Record]:
    """Read the account as a night does."""
    account = Account(
        account_id="a",
        platform="lemmy",
        handle="library@lemmy.example",
        url=server.url("/"),
        unit="Library",
    )
    target = Target(
        account=account,
        window=WINDOW,
        known=tuple(Known(record_id=one, created_at=WINDOW.start) for one in known),
    )
    settings = Settings(allow_hosts=(server.pair,))
    with Client(settings, pause_s=0.0, attempts=1) as client:
        return list(platform.gather(target, client))


def pages(server: Server, *bodies: object) -> None:
    """Let the server answer one page after the other."""
    answers = [(200, {}, json.dumps(body).encode()) for body in bodies]
    server.answers("/api/v3/user", *answers)


def test_a_night_reads_on_to_the_start_of_the_window(platform: Platform) -> None:
    first, older = json.loads(FILES[CASE]), json.loads(FILES[CASE])
    older["posts"][0]["post"] |= {"id": 12, "published": "2026-09-01T09:00:00Z"}
    with serving() as server:
        pages(server, first, older)
        found = read(platform, server, "91", "90")
    assert [one.handle for one in found if isinstance(one, ProfileRecord)] == ["library"]
    assert [one.post_id for one in found if isinstance(one, PostRecord)] == ["91"]
    assert [one for one in found if isinstance(one, Gone)] == [
        Gone(record_id="90", reason="deleted")
    ]
    asked = [path for path, _ in server.requests]
    assert len(asked) == 2
    assert asked[0].startswith("/api/v3/user?username=library&sort=New")


def test_what_cannot_be_read_is_a_gap_and_nothing_is_gone(platform: Platform) -> None:
    first = json.loads(FILES[CASE])
    with serving() as server:
        server.answers("/api/v3/user", (404, {}, b'{"error": "couldnt_find_person"}'))
        lost = read(platform, server, "91")
        server.answers(
            "/api/v3/user", (200, {}, json.dumps(first).encode()), (500, {}, b"oh"), (500, {}, b"")
        )
        partly = read(platform, server, "90")
    assert {(one.facet, one.kind) for one in lost if isinstance(one, GapRecord)} == {
        (Facet.PROFILE, GapKind.NOT_FOUND),
        (Facet.POSTS, GapKind.NOT_FOUND),
    }
    gaps = [one for one in partly if isinstance(one, GapRecord)]
    assert [(one.facet, one.kind) for one in gaps] == [(Facet.POSTS, GapKind.BROKEN)]
    assert not [one for one in (*lost, *partly) if isinstance(one, Gone)]


@pytest.mark.parametrize("order", [("check",), ("format", "--check")], ids=" ".join)
def test_it_is_in_the_house_style(order: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *order, "--stdin-filename", MODULE, "-"],
        input=FILES[MODULE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
