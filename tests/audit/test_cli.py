"""Commands as a person types them: what they print, and how they fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audit.cli import app
from tests.conftest import KEY
from tests.organisation import Organisation, comment, post, profile


@pytest.fixture
def bayline(tmp_path: Path) -> Organisation:
    made = Organisation(tmp_path)
    made.account("library", profile(), post("1", "Well, shit happens."), comment("c", "1", "Hm."))
    return made


def call(folder: Path, *words: str, stdin: str | None = None, **environment: str) -> Result:
    """Run a command in the installation of a folder; nothing may end in a traceback."""
    variables = {
        "AUDIT_HOME": str(folder / "home"),
        "AUDIT_POLICY": str(folder / "pack"),
        "AUDIT_REGISTERS": str(folder / "registers"),
        **environment,
    }
    result = CliRunner().invoke(app, list(words), input=stdin, env=variables)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def test_a_night_by_hand(bayline: Organisation) -> None:
    folder = bayline.folder
    imported = call(folder, "registry", "import", str(folder / "registry.csv"))
    assert "1 added, 0 changed, 0 removed" in imported.stderr
    fetched = json.loads(call(folder, "fetch", "--as-of", "2026-10-02", "--json").stdout)
    assert {one["facet"]: one["items"] for one in fetched} == {
        "profile": 1,
        "posts": 1,
        "comments": 1,
    }
    found = json.loads(call(folder, "check", "--as-of", "2026-10-02", "--json").stdout)
    assert ("BP04.1", "new") in [(one["code"], one["state"]) for one in found]
    assert "shit" not in json.dumps(found)
    again = json.loads(call(folder, "check", "--as-of", "2026-10-02", "--json").stdout)
    assert again == found
    table = call(folder, "check", "--as-of", "2026-10-02").stdout
    assert "BP04.1" in table
    assert f"F-{found[0]['fingerprint'][:8]}" in table


def test_what_was_resolved_before_is_left_out_of_the_table(bayline: Organisation) -> None:
    folder = bayline.folder
    call(folder, "registry", "import", str(folder / "registry.csv"))
    nights = ["2026-10-02", "2026-10-03", "2026-10-04"]
    said = []
    for night in nights:
        call(folder, "fetch", "--as-of", night)
        said.append(call(folder, "check", "--as-of", night))
        calm = post("1", "All is well.", edited_at="2026-10-02T17:00:00Z")
        bayline.account("library", profile(), calm, comment("c", "1", "Hm."))
    assert ["BP04.1" in one.stdout for one in said] == [True, True, False]
    assert "1 resolved earlier; --json lists them as well" in said[2].stderr


def test_the_registry_is_shown_with_its_history(bayline: Organisation) -> None:
    folder = bayline.folder
    call(folder, "registry", "import", str(folder / "registry.csv"))
    bayline.account("museum", profile(), owners="")
    call(folder, "registry", "import", str(folder / "registry.csv"))
    assert [one["account_id"] for one in json.loads(_stdout(folder, "show"))] == [
        "library",
        "museum",
    ]
    history = json.loads(_stdout(folder, "history"))
    assert [(one["account_id"], one["change"]) for one in history] == [
        ("library", "added"),
        ("museum", "added"),
    ]


def _stdout(folder: Path, *words: str) -> str:
    return call(folder, "registry", *words, "--json").stdout


@pytest.mark.parametrize(
    ("words", "environment", "message"),
    [
        (("fetch",), {}, "registry import FILE"),
        (("fetch", "--as-of", "02.10.2026"), {}, "is no date; write 2026-01-31"),
        (("registry", "import", "nothing.csv"), {}, "nothing.csv: no such file"),
        (("registry", "import-register", "nothing.csv"), {}, "no such register"),
        (("judge", "nothing.jsonl"), {}, "nothing.jsonl: No such file"),
        (("replay", "blusky", "x"), {}, "did you mean 'bluesky'"),
        (("checks", "list", "--policy", "uscf"), {}, "shipped packs: ucsf"),
        (("fetch",), {"AUDIT_SMPT_HOST": "x"}, "did you mean 'AUDIT_SMTP_HOST'"),
        (("registry", "show"), {"AUDIT_HOME": "/dev/null"}, "AUDIT_HOME: /dev/null is no folder"),
        (("fetch",), {"AUDIT_OAUTH_CLIENTS": '{"x": {"id": "a", "ids": "b"}}'}, "unknown key"),
        (("fetch",), {"AUDIT_SEND": "perhaps"}, "AUDIT_SEND: write true or false"),
        (("fetch",), {"AUDIT_DATABASE_URL": "postgresql://db/a"}, "AUDIT_KEY is not set"),
        (
            ("fetch",),
            {"AUDIT_DATABASE_URL": "postgresql://u:canary@127.0.0.1:1/a", "AUDIT_KEY": KEY},
            "Check AUDIT_DATABASE_URL",
        ),
    ],
)
def test_bad_input_is_one_clear_error(
    bayline: Organisation, words: tuple[str, ...], environment: dict[str, str], message: str
) -> None:
    result = call(bayline.folder, *words, **environment)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.startswith("error: ")
    assert "canary" not in result.output


def test_a_server_that_cannot_be_reached_cannot_be_migrated(bayline: Organisation) -> None:
    url = "postgresql://u:canary@127.0.0.1:1/a"
    result = call(bayline.folder, "doctor", "--migrate", AUDIT_DATABASE_URL=url, AUDIT_KEY=KEY)
    assert result.exit_code == 2
    assert "Check AUDIT_DATABASE_URL" in result.stderr
    assert "canary" not in result.output


@pytest.mark.parametrize(
    "row",
    [
        "x,archve,x,x.jsonl,Unit,,,,\n",
        "x,archive,x\n",
        "library,archive,x,x.jsonl,Unit,,,,\n",
        "x,archive,y,library.jsonl,Unit,,,,\n",
        "x,archive,x,x.jsonl,Unit,nobody,,,\n",
    ],
)
def test_a_broken_registry_changes_nothing(bayline: Organisation, row: str) -> None:
    folder = bayline.folder
    call(folder, "registry", "import", str(folder / "registry.csv"))
    before = _stdout(folder, "show")
    with (folder / "registry.csv").open("a", encoding="utf-8") as stream:
        stream.write(row)
    result = call(folder, "registry", "import", str(folder / "registry.csv"))
    assert result.exit_code == 2
    assert "registry.csv, row 3" in result.stderr
    assert _stdout(folder, "show") == before


def test_a_broken_file_leaves_no_database_behind(bayline: Organisation) -> None:
    folder = bayline.folder
    (folder / "registry.csv").write_text("account_id,platfrm\nx,y\n", encoding="utf-8")
    assert call(folder, "registry", "import", str(folder / "registry.csv")).exit_code == 2
    assert not (folder / "home").exists()


def test_judging_needs_no_database_and_no_key(bayline: Organisation) -> None:
    folder = bayline.folder
    lines = '{"id": "a", "text": "Vote YES on Prop 99!"}\n{"id": "b"}\n'
    result = call(folder, "judge", "-", "--json", stdin=lines)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["code"] for one in found[0]["findings"]] == ["BP06.3"]
    assert found[1] == {"id": "b", "error": "line 2: text: missing"}
    assert result.exit_code == 2
    assert call(folder, "draft", "Open until nine.", "--json").stdout.strip() == "[]"
    assert not (folder / "home").exists()


def test_checks_are_listed_for_machines(bayline: Organisation) -> None:
    rows = json.loads(call(bayline.folder, "checks", "list", "--json").stdout)
    assert {"id", "code", "clause", "level", "kind", "severity", "title", "shadow"} == set(rows[0])
    levels = {level for row in rows for level in row["level"].split(", ")}
    assert levels == {"post", "reply", "comment", "profile", "account", "registry"}


def test_doctor_says_what_is_wrong_and_what_to_do(bayline: Organisation) -> None:
    folder = bayline.folder
    empty = call(folder, "doctor")
    assert empty.exit_code == 2
    assert "account-audit registry import FILE" in empty.stdout
    bayline.account("museum", profile(), owners="gone@bayline.example")
    call(folder, "registry", "import", str(folder / "registry.csv"))
    call(folder, "fetch", "--as-of", "2026-10-02")
    well = call(folder, "doctor", "--json")
    assert well.exit_code == 0
    said = {one["what"]: one["detail"] for one in json.loads(well.stdout)}
    assert said["registry"] == "2 accounts"
    assert said["owners"] == "nobody answers for museum"
    wrong = call(folder, "doctor", AUDIT_SEND="yes")
    assert wrong.exit_code == 2
    assert "AUDIT_SMTP_HOST" in wrong.stdout


def test_a_gap_is_acknowledged_for_a_time(bayline: Organisation) -> None:
    folder = bayline.folder
    call(folder, "registry", "import", str(folder / "registry.csv"))
    words = ["registry", "acknowledge-gap", "library", "posts", "denied", "--by", "UR"]
    wrong = call(folder, *words, "--reason", "moving", "--until", "2020-01-01")
    assert wrong.exit_code == 2
    assert "between today and a year from now" in wrong.stderr
    for changed, message in (("postss", "did you mean 'posts'"), ("profile", None)):
        words[3] = changed
        import datetime as dt

        tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).date().isoformat()
        result = call(folder, *words, "--reason", "moving", "--until", tomorrow)
        assert (result.exit_code, message is None or message in result.stderr) == (
            0 if message is None else 2,
            True,
        )


def test_an_unexpected_fault_is_told_without_what_it_says(
    bayline: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit.jobs import checks

    def fail(pack: str) -> None:
        raise RuntimeError("canary words of a patient")

    monkeypatch.setattr(checks, "describe", fail)
    result = call(bayline.folder, "checks", "list")
    assert result.exit_code == 2
    assert "unexpected RuntimeError in test_cli.py, line" in result.stderr
    assert "canary" not in result.output


def test_help_is_there_for_every_command() -> None:
    import typer.main

    def walk(command: object, path: list[str]) -> list[list[str]]:
        children = getattr(command, "commands", {})
        return [path, *(p for name, one in children.items() for p in walk(one, [*path, name]))]

    for path in walk(typer.main.get_command(app), []):
        result = CliRunner().invoke(app, [*path, "--help"])
        assert result.exit_code == 0, path
        assert len(result.stdout.splitlines()) > 4, path


def test_a_finding_is_shown_without_a_word_and_noted_as_seen(bayline: Organisation) -> None:
    folder = bayline.folder
    call(folder, "registry", "import", str(folder / "registry.csv"))
    for night, text in (("2026-10-02", "Well, shit happens."), ("2026-10-03", "All is calm.")):
        bayline.account("library", profile(), post("1", text))
        call(folder, "fetch", "--as-of", night)
        found = json.loads(call(folder, "check", "--as-of", night, "--json").stdout)
    (key,) = [one["fingerprint"] for one in found if one["code"] == "BP04.1"]
    name = f"F-{key[:8]}"
    table = call(folder, "findings", "show", name).stdout
    assert [word for word in ("seen", "cleared", "wording 1", "wording 2") if word in table] == [
        "seen", "cleared", "wording 1", "wording 2",
    ]  # fmt: skip
    assert "shit" not in table
    seen = call(folder, "findings", "acknowledge", name, "--by", "Ann", "--reason", "looked")
    assert f"{name}: noted" in seen.stderr
    shown = json.loads(call(folder, "findings", "show", name, "--json").stdout)
    assert [one["decision"] for one in shown["decisions"]] == ["acknowledge"]
    for wrong in ("F-12", "F-00000000"):
        failed = call(folder, "findings", "show", wrong)
        assert (failed.exit_code, "error:" in failed.stderr) == (2, True)
    empty = call(folder, "findings", "acknowledge", name, "--by", " ", "--reason", "x")
    assert empty.exit_code == 2


def test_the_history_of_one_account_and_its_confirmation(bayline: Organisation) -> None:
    folder = bayline.folder
    bayline.account("museum", profile())
    call(folder, "registry", "import", str(folder / "registry.csv"))
    done = call(folder, "registry", "confirm", "library", "--by", "Ann", "--reason", "made anew")
    assert "library: noted" in done.stderr
    rows = json.loads(call(folder, "registry", "history", "library", "--json").stdout)
    assert [(one["account_id"], one["where"], one["change"]) for one in rows] == [
        ("library", "registry", "added"),
        ("library", "registry", "confirmed under its present name by Ann: made anew"),
    ]
    wrong = call(folder, "registry", "history", "libary")
    assert (wrong.exit_code, "did you mean 'library'?" in wrong.stderr) == (2, True)
