"""Reading labelled cases: what is unknown stays unknown, and errors say where and what."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from audit import cases
from audit.errors import ConfigError
from audit.model.item import TextSource
from audit.model.verdict import Level

UNKNOWN = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)


def read(**values: Any) -> cases.Case:
    return cases.read(json.dumps(values), 7, UNKNOWN)


def test_only_text_is_required() -> None:
    case = read(text="Hello")
    assert case.case_id == "line-7"
    assert case.level is Level.POST
    assert case.as_of == UNKNOWN
    assert case.item is not None
    assert case.item.created_at is None
    assert (case.account.spokesperson, case.account.clinical) == (None, None)
    assert case.directory is None
    assert not case.labelled


def test_the_moment_is_that_of_the_item() -> None:
    case = read(text="Hello", posted_at="2026-09-01T10:00:00-07:00")
    assert case.item is not None
    assert case.as_of == case.item.created_at == dt.datetime(2026, 9, 1, 17, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("media", "alt_text", "captions"),
    [
        ({"kind": "image"}, None, None),
        ({"kind": "image", "alt_text": None}, "", None),
        ({"kind": "image", "alt_text": "A dog"}, "A dog", None),
        ({"kind": "video", "captions": False}, None, False),
        ({"kind": "video", "captions": "Hello and welcome"}, None, True),
    ],
)
def test_an_absent_field_is_not_an_empty_one(
    media: dict[str, Any], alt_text: str | None, captions: bool | None
) -> None:
    item = read(text="x", media=[media]).item
    assert item is not None
    assert (item.media[0].alt_text, item.media[0].has_captions) == (alt_text, captions)


def test_every_text_of_an_item_is_kept_with_its_source() -> None:
    media = [{"alt_text": "A dog"}, {"kind": "video", "captions": "Woof"}]
    item = read(text="x", media=media).item
    assert item is not None
    assert [(one.source, one.text) for one in item.texts] == [
        (TextSource.BODY, "x"),
        (TextSource.ALT, "A dog"),
        (TextSource.CAPTION, "Woof"),
    ]


def test_a_thread_that_is_not_given_is_unknown() -> None:
    assert read(text="x", level="reply").thread is None
    assert read(text="x", level="reply", thread=[]).thread == ()
    (turn,) = read(text="x", level="reply", thread=[{"by": "public", "text": "hi"}]).thread or ()
    assert not turn.by_account


def test_other_levels() -> None:
    profile = read(level="profile", profile={"name": "Lab", "bio": "We", "url": ""}).item
    assert profile is not None
    assert profile.profile is not None
    assert profile.profile.url == ""
    account = read(level="account", history=[{"posted_at": "2026-09-01T00:00:00Z"}])
    assert account.capture is not None
    assert len(account.capture.history) == 1
    registry = read(
        level="registry",
        accounts=[{"handle": "lab", "cadence_days": 7}],
        directory=[{"email": "Ana@Example.edu", "name": "Ana"}],
    )
    assert registry.accounts[0].cadence_days == 7
    assert set(registry.directory or {}) == {"ana@example.edu"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"line 7: no JSON: .* at column"),
        ("[]", "line 7: no JSON object"),
        ("{}", "line 7: text: missing"),
        ('{"text": 1}', "line 7: text: "),
        ('{"text": "x", "level": "poem"}', "line 7: level: "),
        ('{"text": "x", "posted_at": "2026-09-01T10:00:00"}', "line 7: posted_at: "),
        ('{"text": "x", "thread": [{"by": "me", "text": "x"}]}', "line 7: thread.0.by: "),
        ('{"text": "x", "account": {"spokesman": true}}', "did you mean 'spokesperson'"),
        ('{"text": "x", "account": {"spokesperson": "perhaps"}}', "line 7: spokesperson: "),
    ],
)
def test_errors_say_where_and_what(line: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        cases.read(line, 7, UNKNOWN)


def test_errors_never_quote_what_was_written() -> None:
    with pytest.raises(ConfigError) as caught:
        cases.read('{"text": ["219-09-9998"], "level": "Velez"}', 7, UNKNOWN)
    assert "219" not in str(caught.value)
    assert "Velez" not in str(caught.value)
