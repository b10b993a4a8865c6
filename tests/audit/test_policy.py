"""Policy packs: inheritance, binding, and what is said about errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit import catalogue, policy
from audit.errors import ConfigError
from audit.model.verdict import Severity

PACK = """
[pack]
id = "site"
version = "1"
title = "Site"
source = "here"
inherits = "ucsf"
"""


def write(folder: Path, text: str, **terms: str) -> str:
    (folder / "terms").mkdir(parents=True)
    (folder / "guidelines.toml").write_text(PACK + text, encoding="utf-8")
    for name, words in terms.items():
        (folder / "terms" / f"{name}.txt").write_text(words, encoding="utf-8")
    return str(folder)


def load(name: str) -> policy.Policy:
    return policy.load(name, catalogue.checks(), catalogue.ceilings())


def test_the_shipped_pack_binds_every_check_and_holds_every_clause() -> None:
    found = load("ucsf")
    assert {one.check.id for one in found.checks} == {one.id for one in catalogue.checks()}
    assert set(found.pack.clauses) == {
        "P0",
        *(f"BP{number:02}" for number in range(1, 14)),
        "HC01",
        "HC02",
    }
    assert all(one.title and one.summary for one in found.pack.clauses.values())


def test_a_site_lays_its_own_over_a_shipped_pack(tmp_path: Path) -> None:
    name = write(
        tmp_path / "site",
        '[institution]\nnames = ["Elsewhere"]\n[checks.profanity]\nseverity = "low"\n'
        "[checks.hashtag-capitals]\nenabled = false\n",
        own="one # why\n\n# nothing\ntwo\n",
    )
    found, shipped = load(name), load("ucsf")
    assert found.pack.institution.names == ("Elsewhere",)
    assert found.pack.institution.domains == shipped.pack.institution.domains
    by_id = {one.check.id: one for one in found.checks}
    assert by_id["profanity"].severity is Severity.LOW
    assert "hashtag-capitals" not in by_id
    assert found.terms["own"] == ("one", "two")
    assert set(found.terms) > set(shipped.terms)
    assert found.version != shipped.version


def test_a_list_of_the_same_name_replaces_the_inherited_one(tmp_path: Path) -> None:
    inherited = load("ucsf").terms
    name = next(iter(inherited))
    assert load(write(tmp_path / "site", "", **{name: "only\n"})).terms[name] == ("only",)


def test_the_version_changes_with_any_word(tmp_path: Path) -> None:
    one = load(write(tmp_path / "a", "", own="x\n"))
    two = load(write(tmp_path / "b", "", own="y\n"))
    again = load(write(tmp_path / "c", "", own="x # a comment\n"))
    assert one.version != two.version
    assert one.version == again.version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[checks.profanty]\n", r"\[checks.profanty\] no such check, did you mean 'profanity'"),
        (
            "[checks.profanity]\nseverty = 1\n",
            r"\[checks.profanity\] unknown key 'severty', did you mean 'severity'",
        ),
        ('[checks.profanity]\nseverity = "grave"\n', "severity must be one of critical, high"),
        ("[checks.profanity]\nenabled = 1\n", "enabled must be true or false"),
        ("[window]\nlookback = 3\n", "did you mean 'lookback_days'"),
        ("[window]\nlookback_days = 0\n", r"\[window.lookback_days\]"),
        ("[windw]\n", "did you mean 'window'"),
        ('[institution]\ntimezone = "Mars/Base"\n', "no such time zone"),
        ("[checks.crisis-comment]\nshadow = true\n", "a critical check never goes to shadow"),
        ("[[[", "guidelines.toml"),
    ],
)
def test_an_error_says_where_and_what(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load(write(tmp_path / "site", text))
    assert "guidelines.toml" in str(caught.value)


def test_a_pack_without_any_check_is_refused(tmp_path: Path) -> None:
    off = "".join(f"[checks.{one.id}]\nenabled = false\n" for one in catalogue.checks())
    with pytest.raises(ConfigError, match="nothing would be judged"):
        load(write(tmp_path / "site", off))


def test_packs_that_inherit_in_a_circle_are_refused(tmp_path: Path) -> None:
    for name, other in (("a", "../b"), ("b", "../a")):
        folder = tmp_path / name
        folder.mkdir()
        pack = PACK.replace('"ucsf"', f'"{other}"')
        (folder / "guidelines.toml").write_text(pack, encoding="utf-8")
    with pytest.raises(ConfigError, match="inherit from each other"):
        load(str(tmp_path / "a"))


def test_an_unknown_pack_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="shipped packs: ucsf"):
        load("uscf")
