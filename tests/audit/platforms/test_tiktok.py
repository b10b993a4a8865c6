"""TikTok: two APIs, seconds and milliseconds, errors with HTTP 200, and what a night does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.item import Facet
from audit.model.record import (
    CommentRecord,
    GapRecord,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
)
from audit.platforms.answers.tiktok import read
from audit.platforms.tiktok import PLATFORM, locate
from tests.audit.platforms.script import END, Script, answer, gaps, gather, gone, known

TOKEN = "act.t0ken-that-nobody-may-see"
WELL = {"code": "ok", "message": "", "log_id": "x"}
WHEN = int(dt.datetime(2026, 10, 10, 9, tzinfo=dt.UTC).timestamp())


def video(key: object, when: int = WHEN, **more: Any) -> dict[str, Any]:
    return {"id": key, "create_time": when, "video_description": "Hello", **more}


def data(status: int = 200, **held: Any) -> Any:
    return answer({"data": held, "error": WELL}, status)


def one(**more: Any) -> PostRecord:
    (found,) = read(data(videos=[video("1", **more)]))
    assert isinstance(found, PostRecord)
    return found


def test_video_of_the_display_api() -> None:
    found = one(
        title="Hello",
        video_description="Hello #CampusLife https://a.example/x",
        duration=12,
        height=9,
        share_url="https://www.tiktok.com/@mine/video/1?utm_source=x&share=y",
        like_count=0,
    )
    assert str(found.created_at) == "2026-10-10 09:00:00+00:00"
    assert (found.title, found.hashtags) == (None, ("CampusLife",))
    assert found.permalink == "https://www.tiktok.com/@mine/video/1"
    assert (found.media[0].duration, found.media[0].alt_text) == (12.0, None)
    assert (found.media[0].has_captions, found.language, found.sensitive) == (None, None, None)
    assert (found.metrics.likes, found.metrics.comments) == (0, None)
    assert one(title="Apart").title == "Apart"


def test_ids_of_the_research_api_stay_exact() -> None:
    big = 7412345678901234567
    listed = f'{{"id": {big}, "create_time": {WHEN}, "username": "mine", "hashtag_names": ["a"]}}'
    body = f'{{"data": {{"videos": [{listed}], "cursor": 100, "has_more": true}}}}'
    post, following = read(answer(body))
    assert isinstance(post, PostRecord)
    assert (post.post_id, post.hashtags) == (str(big), ("a",))
    assert post.permalink == f"https://www.tiktok.com/@mine/video/{big}"
    assert following == NextPage(cursor="100")


@pytest.mark.parametrize(("parent", "found"), [(5, None), (8, "8"), (0, None)])
def test_comment_of_the_research_api(parent: int, found: str | None) -> None:
    said = {"id": 9007199254740993, "video_id": 5, "parent_comment_id": parent, "text": "Hi",
            "create_time": WHEN, "reply_count": 0}  # fmt: skip
    (comment,) = read(data(comments=[said], has_more=False, cursor=1))
    assert isinstance(comment, CommentRecord)
    assert (comment.comment_id, comment.post_id) == ("9007199254740993", "5")
    assert (comment.parent_id, comment.replies_count, comment.likes) == (found, 0, None)


def test_profile_of_either_api() -> None:
    user = {"open_id": "o", "username": "mine", "bio_description": "https://m.example",
            "is_verified": True, "follower_count": 0}  # fmt: skip
    for held in ({"user": user}, user):
        (found,) = read(data(**held))
        assert isinstance(found, ProfileRecord)
        assert (found.handle, found.verified, found.followers) == ("mine", True, 0)
        assert (found.following, found.locked) == (None, None)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"data": {}, "error": {"code": "access_token_invalid", "message": TOKEN}}, 401, "denied"),
        # The code counts, whatever HTTP says.
        ({"data": {"videos": []}, "error": {"code": "scope_not_authorized"}}, 200, "denied"),
        ({"data": {}, "error": {"code": "rate_limit_exceeded"}}, 200, "rate_limited"),
        ({"error": {"code": "daily_quota_limit_exceeded"}}, 429, "rate_limited"),
        ({"error": {"code": "internal_error"}}, 500, "broken"),
        ({"error": {"code": "something_new"}}, 200, "broken"),
        ({"error": {"code": "ok"}}, 500, "broken"),
        ({"error": "invalid_grant", "error_description": TOKEN}, 200, "denied"),
        ({"message": "what"}, 200, "broken"),
        ("<html>busy</html>", 502, "broken"),
    ],
)
def test_what_went_wrong(body: object, status: int, kind: str) -> None:
    (found,) = read(answer(body, status))
    assert isinstance(found, GapRecord)
    assert (found.kind, found.status) == (kind, status)
    assert TOKEN not in found.reason


def test_answers_without_a_record() -> None:
    (found,) = read(data(videos=[], has_more=False, cursor=0))
    assert found == NoRecord(what="an empty list")
    (found,) = read(data(videos=[], has_more=True, cursor=7))
    assert found == NextPage(cursor="7")
    (found,) = read(answer({"access_token": TOKEN, "refresh_token": TOKEN, "expires_in": 7200}))
    assert found == NoRecord(what="a token")
    (found,) = read(answer({"data": {"videos": []}, "error": {"code": 0}}))
    assert found == NoRecord(what="an empty list")


USER, LIST, QUERY = "/user/info/", "/video/list/", "/video/query/"


def script(**answers: Any) -> Script:
    names = {"user": USER, "list": LIST, "query": QUERY}
    well = {
        USER: data(user={"open_id": "o", "username": "Mine"}),
        LIST: data(videos=[video("1")], has_more=False, cursor=0),
        QUERY: data(videos=[]),
    }
    return Script({**well, **{names[name]: value for name, value in answers.items()}})


def night(service: Script, **more: Any) -> list[Any]:
    found = gather(PLATFORM, service, **{"handle": "mine", "token": TOKEN, **more})
    assert TOKEN not in repr(found)
    assert all(TOKEN not in url + str(params) for url, params, _ in service.asked)
    return found


def ids(found: list[Any]) -> list[str]:
    return [x.post_id for x in found if isinstance(x, PostRecord)]


def test_comments_are_not_offered() -> None:
    assert PLATFORM.provides == {Facet.PROFILE, Facet.POSTS}


def test_without_a_token_nothing_is_asked() -> None:
    service = script()
    found = night(service, token=None)
    assert gaps(found) == {("profile", "denied"), ("posts", "denied")}
    assert service.asked == []


def test_list_is_walked_in_milliseconds_from_the_end_of_the_window() -> None:
    old = WHEN - 60 * 86400
    pages = [
        data(videos=[video("9")], has_more=True, cursor=5000),
        data(videos=[], has_more=True, cursor=4000),
        data(videos=[video("8"), video("7", old)], has_more=True, cursor=3000),
        data(videos=[video("6", old)], has_more=True, cursor=2000),
    ]
    service = script(list=pages)
    found = night(service)
    assert ids(found) == ["9", "8"]
    assert {x.account_id for x in found if isinstance(x, PostRecord)} == {"o"}
    asked = [params for url, params, _ in service.asked if url.endswith(LIST)]
    cursors = [one["body"]["cursor"] for one in asked]
    assert cursors == [int(END.timestamp() * 1000), 5000, 4000, 3000]
    assert all(one["body"]["max_count"] == 20 and "create_time" in one["fields"] for one in asked)


def test_known_videos_are_asked_for_in_twenties() -> None:
    def queried(_: str, params: dict[str, Any]) -> Any:
        held = params["body"]["filters"]["video_ids"]
        assert len(held) <= 20
        return data(videos=[video(x) for x in held if x != "110"])

    service = script(query=queried)
    found = night(service, known=[known(str(n)) for n in range(100, 145)])
    assert gone(found) == {"110": "deleted or private"}
    assert service.calls(QUERY) == 3


def test_token_of_another_account_is_refused() -> None:
    service = script(user=data(user={"open_id": "o", "username": "theirs"}))
    found = night(service, known=[known("5")])
    assert gaps(found) == {("profile", "denied"), ("posts", "denied")}
    assert (len(service.asked), gone(found)) == (1, {})
    assert "theirs" not in repr(found)


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        (answer({"error": {"code": "access_token_invalid"}}, 401), "denied"),
        (answer({"error": {"code": "rate_limit_exceeded"}}, 200), "rate_limited"),
    ],
)
def test_token_that_is_refused_ends_the_night(user: Any, kind: str) -> None:
    service = script(user=user)
    assert gaps(night(service)) == {("profile", kind), ("posts", kind)}
    assert len(service.asked) == 1


def test_one_facet_that_fails_does_not_lose_the_other() -> None:
    found = night(script(user=TransientFetchError("no answer in time")))
    assert gaps(found) == {("profile", "broken")}
    assert ids(found) == ["1"]
    found = night(script(query=answer({"error": {"code": "internal_error"}}, 500)),
                  known=[known("5")])  # fmt: skip
    assert (gaps(found), gone(found)) == ({("posts", "broken")}, {})


@pytest.mark.parametrize(("handle", "right"), [("@mine.news", True), ("a b", False), ("m", False)])
def test_handle_in_the_registry(handle: str, right: bool) -> None:
    account = Account(account_id="a", platform="tiktok", handle=handle, unit="U")
    assert (locate(account) is None) is right
