"""Judging needs no network: not once, and not on first use either."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPT = """
import datetime, pathlib, socket

def refuse(*args, **kwargs):
    raise OSError("the network is closed")

class Closed(socket.socket):
    __init__ = refuse

socket.socket = Closed
socket.create_connection = socket.getaddrinfo = refuse

from audit import cases, catalogue, policy, trial
from audit.model.verdict import Outcome

bound = policy.load("ucsf", catalogue.checks())
now = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
judged = 0
for file in sorted(pathlib.Path("tests/cases").glob("*.jsonl")):
    for number, line in enumerate(file.read_text().splitlines(), 1):
        for result in trial.results(cases.read(line, number, now), bound):
            assert result.outcome is not Outcome.ERROR, (file, number, result.reason)
            judged += 1
mail = '{"text": "Her mother Ana, write to ana@example.co.uk: her biopsy came back"}'
(found,) = [r for r in trial.results(cases.read(mail, 1, now), bound) if r.code == "BP10.1"]
assert "e-mail" in found.findings[0].message, found
print(judged)
"""


def test_judging_with_sockets_closed(tmp_path: Path) -> None:
    """In a process of its own with an empty home: a cached suffix list would hide a download."""
    environ = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
    command = [sys.executable, "-W", "error", "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 1000
    assert list(tmp_path.iterdir()) == []
