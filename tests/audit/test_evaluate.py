"""Judging and measuring from files, against arithmetic done by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit import evaluate
from audit.errors import ConfigError
from audit.jobs.judge import judge_draft, judge_lines

SWEAR = "Well, shit happens."
CALM = "The reading room is open until nine."


def line(case_id: str, text: str, **more: Any) -> str:
    return json.dumps({"id": case_id, "text": text, "posted_at": "2026-10-01T09:00:00Z", **more})


def test_precision_and_recall_are_those_of_the_definition() -> None:
    cases = [
        line("hit", SWEAR, expect=["BP04.1"]),
        line("missed", CALM, expect=["BP04.1"]),
        line("wrong by name", SWEAR, expect=[], forbid=["BP04.1"]),
        line("wrong by star", SWEAR, expect=[], forbid=["*"]),
        line("beyond", SWEAR, expect=["BP09.3"], forbid=["*"]),
        line("neither", SWEAR, expect=[], forbid=["A.5"]),
        line("clean", CALM, expect=[], forbid=["*"]),
    ]
    report = evaluate.evaluate_lines(cases, "ucsf")
    assert report["cases"] == 7
    assert report["checks"]["BP04.1"] == {
        "tp": 1,
        "fp": 3,
        "fn": 1,
        "precision": 0.25,
        "recall": 0.5,
    }
    assert report["checks"]["BP09.3"]["recall"] == 0
    assert report["checks"]["BP09.3"]["precision"] is None
    assert report["micro"] == {"tp": 1, "fp": 3, "fn": 2, "precision": 0.25, "recall": 1 / 3}
    assert report["clean"] == {"cases": 2, "clean": 1, "rate": 0.5}
    assert report["failures"] == [
        {"id": "missed", "missed": ["BP04.1"], "wrong": []},
        {"id": "wrong by name", "missed": [], "wrong": ["BP04.1"]},
        {"id": "wrong by star", "missed": [], "wrong": ["BP04.1"]},
        {"id": "beyond", "missed": ["BP09.3"], "wrong": ["BP04.1"]},
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "no case"),
        (["\n"], "no case"),
        ([line("a", CALM)], "line 1: expect: missing"),
        ([line("a", CALM, expect=[]), "{"], "line 2: no JSON"),
    ],
)
def test_what_cannot_be_measured_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        evaluate.evaluate_lines(lines, "ucsf")


def test_a_line_out_for_each_line_in() -> None:
    lines = [line("a", SWEAR), "", "{", '{"id": "b"}', "[]", '{"text": "x"}']
    found = list(judge_lines(lines, "ucsf"))
    assert [one["id"] for one in found] == ["a", "line-3", "b", "line-5", "line-6"]
    assert found[0]["findings"] == [
        {
            "code": "BP04.1",
            "kind": "D",
            "outcome": "fail",
            "severity": "high",
            "message": found[0]["findings"][0]["message"],
            "text": "body",
        }
    ]
    assert "shit" not in json.dumps(found)
    assert [("error" in one) for one in found] == [False, True, True, True, False]


def test_what_is_not_given_is_unknown() -> None:
    words = "UCSF condemns the new rule in the strongest terms."
    unknown, forbidden, allowed = judge_lines(
        [
            line("a", words),
            line("b", words, account={"spokesperson": False}),
            line("c", words, account={"spokesperson": True}),
        ],
        "ucsf",
    )
    fired = [[one["code"] for one in found["findings"]] for found in (unknown, forbidden, allowed)]
    assert fired == [[], ["BP06.1"], []]


def test_the_text_that_fired_is_named() -> None:
    media = [{"kind": "image", "alt_text": SWEAR}]
    (found,) = judge_lines([line("a", CALM, media=media)], "ucsf")
    assert [(one["code"], one["text"]) for one in found["findings"]] == [("BP04.1", "alt")]


def test_a_draft_is_told_what_to_do() -> None:
    (found,) = judge_draft("Come to #welcometothelibrary day.", "ucsf")
    assert found["code"] == "A.5"
    assert found["remedy"]
    assert found["suggestion"] == "#WelcomeToTheLibrary"


def test_a_draft_reply_is_judged_as_a_reply() -> None:
    words = "Sorry your visit with Dr. Lee went badly, we checked your chart."
    found = judge_draft(words, "ucsf", reply_to="My visit was awful.")
    assert "BP10.2" in [one["code"] for one in found]
    assert "BP10.2" not in [one["code"] for one in judge_draft(words, "ucsf")]


def test_an_empty_draft_is_refused() -> None:
    with pytest.raises(ConfigError, match="no words"):
        judge_draft(" \n", "ucsf")
