"""What Meta's three platforms share: classes of errors, waits, pages, and no token anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from audit.model.item import GapKind
from audit.model.record import GapRecord, NextPage, NoRecord, PostRecord, Record
from audit.platforms.answers.facebook import read
from audit.platforms.answers.graph import ambiguous
from tests.audit.platforms.script import answer

SECRET = "EAAB-secret"


def problem(code: int, subcode: int | None = None, message: str = "", **more: Any) -> GapRecord:
    """Map an error; ``more`` are status and headers."""
    body = {"error": {"message": message, "code": code, "error_subcode": subcode}}
    (found,) = read(answer(body, **{"status": 400, **more}))
    assert isinstance(found, GapRecord)
    return found


@pytest.mark.parametrize("status", [0, 200, 400, 403, 500])
@pytest.mark.parametrize(
    ("code", "subcode", "kind", "words"),
    [
        (190, None, GapKind.DENIED, "not valid"),
        (190, 458, GapKind.DENIED, "removed the app"),
        (190, 460, GapKind.DENIED, "password"),
        (190, 463, GapKind.DENIED, "expired"),
        (190, 467, GapKind.DENIED, "no longer valid"),
        (102, None, GapKind.DENIED, "login"),
        (4, None, GapKind.RATE_LIMITED, "app"),
        (17, None, GapKind.RATE_LIMITED, "user"),
        (32, None, GapKind.RATE_LIMITED, "Page"),
        (613, None, GapKind.RATE_LIMITED, "calls"),
        (80001, None, GapKind.RATE_LIMITED, "business"),
        (80002, None, GapKind.RATE_LIMITED, "business"),
        (10, None, GapKind.DENIED, "permission"),
        (200, None, GapKind.DENIED, "permission"),
        (299, None, GapKind.DENIED, "permission"),
        (1, None, GapKind.BROKEN, "moment"),
        (2, None, GapKind.BROKEN, "moment"),
        (368, None, GapKind.DENIED, "policies"),
        (100, None, GapKind.BROKEN, "field"),
        (100, 33, GapKind.DENIED, "does not tell which"),
        (803, None, GapKind.NOT_FOUND, "nothing has this name"),
        (24, 2108006, GapKind.UNSUPPORTED, "professional"),
        (31337, None, GapKind.BROKEN, "31337"),
    ],
)
def test_the_code_tells_the_class_whatever_the_status(
    code: int, subcode: int | None, kind: GapKind, words: str, status: int
) -> None:
    found = problem(code, subcode, status=status)
    assert found.kind is kind
    assert words in found.reason
    assert str(code) in found.reason


def test_missing_and_forbidden_look_alike() -> None:
    words = "(#100) Object does not exist, cannot be loaded due to missing permission"
    assert ambiguous(problem(100, 33))
    assert ambiguous(problem(100, message=words))
    assert not ambiguous(problem(100, message="(#100) Tried accessing nonexisting field (likes)"))
    assert not ambiguous(problem(10))


def test_words_of_an_error_are_not_passed_on() -> None:
    found = problem(190, message=f"Error validating access token {SECRET} of Ann Example")
    assert SECRET not in repr(found)
    assert "Ann" not in repr(found)


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        (
            "x_business_use_case_usage",
            {"1": [{"type": "pages", "estimated_time_to_regain_access": 12}]},
            720.0,
        ),
        (
            "x_business_use_case_usage",
            {
                "1": [{"estimated_time_to_regain_access": 3}],
                "2": [{"estimated_time_to_regain_access": 5}],
            },
            300.0,
        ),
        ("x_app_usage", {"call_count": 100, "estimated_time_to_regain_access": 2}, 120.0),
        ("x_app_usage", {"call_count": 100}, None),
        ("x_app_usage", [], None),
        ("retry_after", 30, 30.0),
    ],
)
def test_minutes_until_calls_are_possible_again(
    header: str, value: Any, seconds: float | None
) -> None:
    assert problem(4, **{header: json.dumps(value)}).retry_after == seconds


def test_usage_without_a_limit_asks_for_no_wait() -> None:
    usage = json.dumps({"1": [{"estimated_time_to_regain_access": 12}]})
    assert problem(190, x_business_use_case_usage=usage).retry_after is None
    assert problem(4, x_business_use_case_usage="{").retry_after is None


def paged(data: list[Any], **paging: Any) -> list[Record]:
    return list(read(answer({"data": data, "paging": paging})))


def cursors(records: list[Record]) -> Iterator[str]:
    return (one.cursor for one in records if isinstance(one, NextPage))


POST = {"id": "1_2", "message": "Hi", "created_time": "2026-10-10T09:00:00+0000"}
NEXT = f"https://graph.facebook.com/v25.0/1/feed?access_token={SECRET}&after=abc"


def test_address_of_the_next_page_is_never_passed_on() -> None:
    found = paged([POST], cursors={"after": "abc"}, next=NEXT, previous=NEXT)
    assert list(cursors(found)) == ["abc"]
    assert SECRET not in repr(found)


def test_last_page_has_a_cursor_and_no_next() -> None:
    assert list(cursors(paged([POST], cursors={"after": "abc"}))) == []


def test_empty_page_with_a_next_one_is_not_the_end() -> None:
    found = paged([], cursors={"after": "abc"}, next=NEXT)
    assert found == [NextPage(cursor="abc")]
    assert paged([]) == [NoRecord(what="an empty list")]


def test_list_that_pages_by_time_goes_on_where_it_ended() -> None:
    assert list(cursors(paged([POST], next=NEXT))) == ["until=1791622800"]
    (lost,) = paged([], next=NEXT)
    assert isinstance(lost, GapRecord)
    assert SECRET not in repr(lost)


def test_several_ids_are_answered_by_id() -> None:
    both = {"1_2": POST, "1_3": {**POST, "id": "1_3"}}
    found = list(read(answer(both)))
    assert [one.post_id for one in found if isinstance(one, PostRecord)] == ["1_2", "1_3"]
    lists = {"1": {"data": [POST], "paging": {"cursors": {"after": "x"}, "next": NEXT}}}
    assert list(cursors(list(read(answer(lists))))) == ["x"]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"access_token": SECRET, "token_type": "bearer", "expires_in": 5184000}, "a token"),
        ({"data": {"is_valid": True, "scopes": []}}, "the state of a token"),
        ({"data": [{"name": "views", "period": "day", "values": []}]}, "insights"),
        ({"data": [{"quota_usage": 1}]}, "a quota of publishing"),
        ({"id": "1"}, "nothing of an account"),
    ],
)
def test_answers_that_hold_no_record(body: Any, what: str) -> None:
    assert list(read(answer(body))) == [NoRecord(what=what)]


def test_token_that_is_told_to_be_invalid() -> None:
    (found,) = read(answer({"data": {"is_valid": False}}))
    assert isinstance(found, GapRecord)
    assert found.kind is GapKind.DENIED


@pytest.mark.parametrize(("body", "status"), [("<html>", 200), ("<html>", 502), ([], 200)])
def test_what_is_no_answer_of_the_api_is_broken(body: Any, status: int) -> None:
    (found,) = read(answer(body, status))
    assert isinstance(found, GapRecord)
    assert found.kind is GapKind.BROKEN
