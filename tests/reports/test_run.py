"""A whole night by ``account-audit run``: exit codes, the second call, and canaries."""

from __future__ import annotations

import email
import json
import logging
import os
import subprocess
import sys
from email import policy as mail_policy
from pathlib import Path

import pytest

from tests.organisation import Organisation, comment, post, profile

ROOT = Path(__file__).parents[2]
CANARIES = (
    "Canaryname",
    "canary.patient@mail.example",
    "415-555-0199",
    "60412287",
    "387-52-6014",
    "canary-comment",
    "author-of-canary",
    "Name of canary",
    "canaryhandle",
)
"""Parts of identifiers that only the fetched texts hold."""


@pytest.fixture
def bayline(tmp_path: Path) -> Organisation:
    return Organisation(tmp_path)


Process = subprocess.CompletedProcess[str]


def call(bayline: Organisation, *words: str, **environment: str) -> Process:
    """Run the real command in a process of its own."""
    code = "import sys; sys.argv[0] = 'account-audit'; from reports.cli import app; app()"
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "AUDIT_HOME": str(bayline.folder / "home"),
            "AUDIT_POLICY": str(bayline.folder / "pack"),
            "AUDIT_REGISTERS": str(bayline.folder / "registers"),
            "AUDIT_RELEASE_BASELINE": "true",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run(bayline: Organisation, *words: str) -> Process:
    registry = str(bayline.folder / "registry.csv")
    return call(bayline, "run", "--registry", registry, "--as-of", "2026-10-02", *words)


def mails(bayline: Organisation) -> list[Path]:
    return sorted((bayline.folder / "home" / "mail").glob("*.eml"))


def test_the_second_call_adds_nothing(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", "Well, shit happens."))
    first = run(bayline, "--json")
    assert first.returncode == 0, first.stderr
    assert "BP04.1" in [one["code"] for one in json.loads(first.stdout)]
    written = {file: file.read_bytes() for file in mails(bayline)}
    assert len(written) == 2, "one owner, one digest"
    second = run(bayline, "--json")
    assert second.stdout == first.stdout
    assert {file: file.read_bytes() for file in mails(bayline)} == written


def test_exit_codes_say_what_happened(bayline: Organisation) -> None:
    bayline.account("library", profile(), post("1", "Well, shit happens."))
    assert run(bayline, "--fail-on", "high").returncode == 1
    assert run(bayline, "--fail-on", "critical").returncode == 0
    bayline.account("museum", profile())
    (bayline.folder / "museum.jsonl").unlink()
    incomplete = run(bayline, "--fail-on", "high")
    assert incomplete.returncode == 3
    assert "museum: comments, posts, profile: not found" in incomplete.stderr
    assert "Traceback" not in incomplete.stderr
    assert run(bayline, "--fail-on", "grave").returncode == 2
    misspelt = call(bayline, "mail", "release", "--night", "yesterday")
    assert (misspelt.returncode, "is no date" in misspelt.stderr) == (2, True)
    nowhere = run(bayline, "--send")
    assert (nowhere.returncode, "AUDIT_SMTP_HOST" in nowhere.stderr) == (2, True)


def test_nothing_raw_of_a_finding_leaves_the_vault(
    bayline: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bayline.account(
        "library",
        profile(),
        post("1", "Ms. Canaryname's surgery on March 3 went great, room 1142."),
        post("2", "Our patient Ignacio Canaryname, MRN 60412287, is home after his bypass."),
        post("3", "Tina's paperwork has social 387-52-6014 on top. Damn."),
        post("4", "Draft, internal only: call canary.patient@mail.example or 415-555-0199."),
        comment("canary-comment", "1", "I want to die. Goodbye, @canaryhandle."),
    )
    done = run(bayline, "--json")
    assert done.returncode == 0, done.stderr
    found = {one["code"] for one in json.loads(done.stdout)}
    assert {"BP10.1", "BP02.1", "BP02.3", "BP12.1"} <= found
    places = {
        "standard output": done.stdout,
        "standard error": done.stderr,
        "log": caplog.text,
        **{str(file): _readable(file) for file in (bayline.folder / "home").rglob("*")},
    }
    leaks = [
        (place, canary)
        for place, content in places.items()
        for canary in CANARIES
        if canary.casefold() in f"{place}\n{content}".casefold()
    ]
    assert leaks == []
    assert any(place.endswith(".eml") for place in places)


def _readable(file: Path) -> str:
    """Everything that somebody could read in a file, with mails decoded."""
    if not file.is_file():
        return ""
    raw = file.read_bytes()
    if file.suffix != ".eml":
        return raw.decode("utf-8", "replace")
    message = email.message_from_bytes(raw, policy=mail_policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(message.items()), *parts])
