"""What answers about tokens say, in the shapes of all platforms."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from audit.model.item import GapKind
from audit.platforms.answers.tokens import Grant, Refusal, Told, granted, told
from audit.response import Response

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def answer(body: Any, status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(body).encode())


def after(**span: int) -> dt.datetime:
    return NOW + dt.timedelta(**span)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            {"token_type": "bearer", "expires_in": 7200, "access_token": "a-token",
             "scope": "tweet.read users.read", "refresh_token": "r-token"},
            Grant(token="a-token", refresh_token="r-token", scopes=("tweet.read", "users.read"),
                  expires_at=after(hours=2)),
            id="X",
        ),
        pytest.param(
            {"access_token": "a-token", "expires_in": 3599, "scope": "youtube.readonly",
             "token_type": "Bearer", "refresh_token_expires_in": 604799},
            Grant(token="a-token", scopes=("youtube.readonly",), expires_at=after(seconds=3599),
                  refresh_expires_at=after(seconds=604799)),
            id="Google, no new refresh token",
        ),
        pytest.param(
            {"access_token": "a-token", "expires_in": 5184000, "refresh_token": "r-token",
             "refresh_token_expires_in": 31536000, "scope": "b,a"},
            Grant(token="a-token", refresh_token="r-token", scopes=("a", "b"),
                  expires_at=after(days=60), refresh_expires_at=after(days=365)),
            id="LinkedIn",
        ),
        pytest.param(
            {"access_token": "a-token", "expires_in": 7200, "open_id": "o", "scope": "video.list",
             "refresh_token": "r-token", "refresh_expires_in": 15552000, "token_type": "Bearer"},
            Grant(token="a-token", refresh_token="r-token", scopes=("video.list",),
                  expires_at=after(hours=2), refresh_expires_at=after(days=180)),
            id="TikTok",
        ),
        pytest.param(
            {"access_token": "a-token", "token_type": "bearer", "expires_in": 5183944},
            Grant(token="a-token", expires_at=after(seconds=5183944)),
            id="Graph",
        ),
        pytest.param(
            {"data": [{"access_token": "a-token", "user_id": "1", "permissions": "a,b"}]},
            Grant(token="a-token", scopes=("a", "b")),
            id="Instagram, for a code",
        ),
        pytest.param({"access_token": "a-token", "id": "1"}, Grant(token="a-token"), id="a Page"),
    ],
)  # fmt: skip
def test_a_token_that_is_given(body: Any, expected: Grant) -> None:
    assert granted(answer(body), NOW) == expected


@pytest.mark.parametrize(
    ("status", "body", "kind", "dead"),
    [
        (400, {"error": "invalid_grant"}, GapKind.DENIED, True),
        (400, {"error": "invalid_grant", "error_description": "Session expired"}, "denied", True),
        (400, {"error": "invalid_request",
               "error_description": "Value passed for the token was invalid."}, "denied", True),
        (400, {"error": "invalid_request", "error_description":
               "The provided authorization grant or refresh token is expired"}, "denied", True),
        (400, {"error": "invalid_request", "error_description":
               'A required parameter "refresh_token" is missing'}, "denied", False),
        (400, {"error": {"code": 190, "message": "canary"}}, "denied", True),
        (400, {"error": {"code": 101, "message": "canary"}}, "denied", False),
        (401, {"error": "invalid_client"}, "denied", False),
        (200, {"error": "invalid_grant", "log_id": "1"}, "denied", True),
        (200, {"error": "invalid_client"}, "denied", False),
        (429, {}, "rate_limited", False),
        (503, {}, "broken", False),
        (200, {}, "broken", False),
        (200, [], "broken", False),
        (200, {"access_token": "with space"}, "broken", False),
        (302, {"access_token": ""}, "broken", False),
        (403, {"error": "canary_text_of_theirs"}, "denied", False),
    ],
)  # fmt: skip
def test_no_token_comes(status: int, body: Any, kind: str, dead: bool) -> None:
    found = granted(answer(body, status), NOW)
    assert isinstance(found, Refusal)
    assert (found.kind, found.dead) == (kind, dead)
    assert "canary" not in found.reason


def test_tokens_are_not_shown() -> None:
    assert "secret" not in repr(Grant(token="secret", refresh_token="secret"))


def test_what_is_no_json_is_no_token() -> None:
    assert granted(Response(status=200, body=b"<html>"), NOW).kind is GapKind.BROKEN
    assert told(Response(status=200, body=b"<html>")) is None


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        pytest.param(
            200,
            {"data": {"is_valid": True, "scopes": ["b", "a"], "expires_at": 1793491200}},
            Told(valid=True, scopes=("a", "b"), expires_at=NOW),
            id="Graph",
        ),
        pytest.param(
            200,
            {"data": {"is_valid": True, "scopes": ["a"], "expires_at": 0}},
            Told(valid=True, scopes=("a",), endless=True),
            id="Graph, without date",
        ),
        pytest.param(200, {"data": {"is_valid": False}}, Told(valid=False), id="Graph, ended"),
        pytest.param(
            200,
            {"active": True, "status": "active", "scope": "a,b", "expires_at": 1793491200},
            Told(valid=True, scopes=("a", "b"), expires_at=NOW),
            id="LinkedIn",
        ),
        pytest.param(200, {"active": False}, Told(valid=False), id="LinkedIn, ended"),
        pytest.param(
            200,
            {"scope": "a b", "exp": "1793491200", "expires_in": "3500"},
            Told(valid=True, scopes=("a", "b"), expires_at=NOW),
            id="Google",
        ),
        pytest.param(400, {"error": "invalid_token"}, Told(valid=False), id="Google, ended"),
        pytest.param(400, {"error": {"code": 100}}, None, id="not told"),
        pytest.param(200, {}, None, id="nothing"),
    ],
)
def test_what_a_platform_knows_of_a_token(status: int, body: Any, expected: Told | None) -> None:
    assert told(answer(body, status)) == expected
