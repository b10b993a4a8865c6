"""A night that is interrupted at any call and begun again ends as if it had not been."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.store import runs
from tests.faults import town
from tests.faults.town import FIRST, SECOND, Town, counted, night, state, stored
from tests.serving import serving
from tests.tree import ROOT


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Path, dict[str, Any]]]:
    """A server, a folder in which the first night is over, and how the second one ends."""
    folder = tmp_path_factory.mktemp("town") / "first"
    folder.mkdir()
    with serving() as server:
        there = Town(server=server)
        server.otherwise = there.route
        night(folder, server.pair, FIRST)
        there.second = True
        there.asked.clear()
        whole = folder.parent / "whole"
        shutil.copytree(folder, whole)
        night(whole, server.pair, SECOND)
        yield there, folder, state(whole, server.pair)


CALLS = 24
"""Of the second night, when nothing goes wrong; the test below holds it to that."""


def begin(there: Town, folder: Path, copy: Path) -> None:
    shutil.copytree(folder, copy)
    there.trouble, there.status = None, 500
    there.asked.clear()


def resumed(there: Town, copy: Path, expected: dict[str, Any]) -> None:
    """Go on with a night that was left, and compare with one that was not."""
    pair = there.server.pair
    done, first = stored(copy, pair, SECOND), list(there.asked)
    there.asked.clear()
    night(copy, pair, SECOND)
    again = {name.replace(" ", "-") for name, _ in there.asked}
    assert not done & again, "what was stored was asked for again"
    both = {name for name, _ in first} & {name for name, _ in there.asked}
    assert len(both) <= 1, "only the account that was being read is read again"
    found = state(copy, pair)
    for name in expected:
        assert found[name] == expected[name], name


def test_the_second_night_sees_an_edit_a_loss_and_no_change(
    place: tuple[Town, Path, dict[str, Any]], tmp_path: Path
) -> None:
    there, folder, expected = place
    begin(there, folder, tmp_path / "copy")
    night(tmp_path / "copy", there.server.pair, SECOND)
    assert len(there.asked) == CALLS
    assert {name for name, _ in there.asked} == set(town.HOSTS)
    assert any('"version": 2' in row for row in expected["item_version"])
    assert any('"gone_reason": "deleted"' in row for row in expected["item"])
    assert expected["validator"]
    there.asked.clear()
    night(tmp_path / "copy", there.server.pair, SECOND)
    assert there.asked == []
    assert state(tmp_path / "copy", there.server.pair) == expected


@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_stopped_at_any_call(
    place: tuple[Town, Path, dict[str, Any]], tmp_path: Path, call: int
) -> None:
    there, folder, expected = place
    begin(there, folder, tmp_path / "copy")

    def stop() -> None:
        raise KeyboardInterrupt

    with counted(call, stop) as hook, pytest.raises(KeyboardInterrupt):
        night(tmp_path / "copy", there.server.pair, SECOND, hook)
    resumed(there, tmp_path / "copy", expected)


@pytest.mark.parametrize("call", [1, 12, CALLS])
def test_killed(place: tuple[Town, Path, dict[str, Any]], tmp_path: Path, call: int) -> None:
    there, folder, expected = place
    begin(there, folder, tmp_path / "copy")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.town",
            tmp_path / "copy",
            there.server.pair,
            str(call),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )
    assert done.returncode == -9
    assert len(there.asked) == call - 1
    resumed(there, tmp_path / "copy", expected)


def test_stopped_while_an_account_is_stored(
    place: tuple[Town, Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, folder, expected = place
    begin(there, folder, tmp_path / "copy")
    before = state(tmp_path / "copy", there.server.pair)
    with monkeypatch.context() as patch:

        def stop(*_: Any) -> None:
            raise KeyboardInterrupt

        patch.setattr(runs, "save_fetched", stop)
        with pytest.raises(KeyboardInterrupt):
            night(tmp_path / "copy", there.server.pair, SECOND)
    after = state(tmp_path / "copy", there.server.pair)
    for name in ("item", "item_version", "validator", "fetch"):
        assert after[name] == before[name], name
    resumed(there, tmp_path / "copy", expected)


@pytest.mark.parametrize(
    "trouble",
    [("bluesky", "comments 2"), ("bluesky", "posts 2"), ("mastodon", "profile"), ("feed", "feed"),
     ("wordpress", "comments 2"), ("feed on condition", "feed")],
)  # fmt: skip
def test_only_an_account_with_a_passing_gap_is_read_again(
    place: tuple[Town, Path, dict[str, Any]], tmp_path: Path, trouble: tuple[str, str]
) -> None:
    there, folder, expected = place
    begin(there, folder, tmp_path / "copy")
    there.trouble = trouble
    night(tmp_path / "copy", there.server.pair, SECOND, last_try=False)
    there.trouble = None
    there.asked.clear()
    night(tmp_path / "copy", there.server.pair, SECOND)
    assert {name for name, _ in there.asked} == {trouble[0]}
    found = state(tmp_path / "copy", there.server.pair)
    for name in expected:
        assert found[name] == expected[name], name


@pytest.mark.parametrize(
    ("trouble", "status", "asked"),
    [(("wordpress", "comments 2"), 403, set()), (("feed", "feed"), 404, {"feed"})],
)
def test_a_lasting_gap_is_asked_about_again_only_where_nothing_was_read(
    place: tuple[Town, Path, dict[str, Any]],
    tmp_path: Path,
    trouble: tuple[str, str],
    status: int,
    asked: set[str],
) -> None:
    there, folder, _ = place
    begin(there, folder, tmp_path / "copy")
    there.trouble, there.status = trouble, status
    night(tmp_path / "copy", there.server.pair, SECOND)
    there.asked.clear()
    night(tmp_path / "copy", there.server.pair, SECOND)
    assert {name for name, _ in there.asked} == asked
