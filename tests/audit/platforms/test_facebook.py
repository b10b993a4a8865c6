"""Facebook Pages: oddities of answers, and what a night does when a call fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.record import CommentRecord, PostRecord, ProfileRecord
from audit.platforms.answers.facebook import read
from audit.platforms.facebook import PLATFORM, locate
from audit.response import Response
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

TOKEN = "EAAB-secret"
NEXT = f"https://graph.facebook.com/x?access_token={TOKEN}"
EVERYWHERE = ("profile", "posts", "comments")
MISSING = {"error": {"code": 100, "error_subcode": 33, "message": "does not exist"}}
LIMITED = {"error": {"code": 32, "message": "limit"}}


def post(number: str = "5", day: int = 10, **more: Any) -> dict[str, Any]:
    made = f"2026-10-{day:02}T09:00:00+0000"
    return {"id": f"1_{number}", "message": "Hello", "created_time": made, **more}


def counted(comments: int, **more: Any) -> dict[str, Any]:
    return {
        "reactions": {"summary": {"total_count": 3}},
        "comments": {"data": [], "summary": {"total_count": comments}},
        **more,
    }


def remark(number: str = "9", post: str = "5", **more: Any) -> dict[str, Any]:
    made = "2026-10-11T09:00:00+0000"
    return {"id": f"{post}_{number}", "message": "Well", "created_time": made, **more}


def one(body: dict[str, Any], url: str | None = None) -> Any:
    told = Response(status=200, body=answer(body).body, url=url)
    return next(iter(read(told)))


def test_photo_without_words_has_no_text() -> None:
    body = post(story="Library updated their cover photo.", status_type="added_photos")
    del body["message"]
    attached = {
        "media_type": "photo",
        "title": "Photos from Library's post",
        "media": {"image": {"src": "https://i.example/1.jpg", "width": 4, "height": 3}},
    }
    found = one({**body, "attachments": {"data": [attached]}})
    assert (found.text, found.card) == ("", None)
    assert [(x.type, x.url, x.alt_text, x.width) for x in found.media] == [
        ("image", "https://i.example/1.jpg", None, 4)
    ]


def test_comments_move_the_time_of_update() -> None:
    assert one(post(updated_time="2026-10-20T09:00:00+0000")).edited_at is None


def test_shares_are_zero_only_where_counts_were_asked_for() -> None:
    assert one(post()).metrics.shares is None
    assert one(post(**counted(2))).metrics.shares == 0
    metrics = one(post(**counted(2, shares={"count": 7}))).metrics
    assert (metrics.likes, metrics.comments, metrics.shares) == (3, 2, 7)


def test_album_and_link_preview() -> None:
    album = {
        "media_type": "album",
        "subattachments": {
            "data": [
                {"media_type": "photo", "media": {"image": {"src": "https://i.example/1.jpg"}}},
                {"media_type": "video", "media": {"source": "https://v.example/2.mp4"}},
            ]
        },
    }
    link = {
        "media_type": "link",
        "title": "Story",
        "description": "About",
        "url": "https://l.facebook.com/l.php",
        "unshimmed_url": "https://s.example/story",
    }
    found = one(post(attachments={"data": [album, link]}))
    assert [x.type for x in found.media] == ["image", "video"]
    assert (found.card, found.links) == ("Story\nAbout", ("https://s.example/story",))


def test_post_that_passes_another_on() -> None:
    assert (one(post(parent_id="2_3")).kind, one(post(parent_id="2_3")).quoted_id) == (
        "quote",
        "2_3",
    )
    assert one(post(parent_id="2_3", message="")).kind == "repost"


@pytest.mark.parametrize(
    ("writer", "author"),
    [
        ({"from": {"id": "1", "name": "Library"}}, "account"),
        ({"from": {"id": "2"}}, "public"),
        ({}, "public"),
    ],
)
def test_who_wrote_a_comment(writer: dict[str, Any], author: str) -> None:
    url = "https://graph.facebook.com/v25.0/1_5/comments"
    found = one({"data": [remark(**writer, parent={"id": "5_8"}, is_hidden=True)]}, url)
    assert isinstance(found, CommentRecord)
    assert (found.author, found.post_id, found.parent_id) == (author, "1_5", "5_8")
    assert found.hidden is True


def test_comment_without_id_is_named_by_its_address() -> None:
    link = "https://www.facebook.com/1/posts/5/?comment_id=8&reply_comment_id=9"
    body = remark(permalink_url=link, like_count=0)
    del body["id"]
    found = one({"data": [body]})
    assert (found.comment_id, found.parent_id, found.post_id) == ("5_9", "5_8", "1_5")
    del body["permalink_url"]
    assert not isinstance(one({"data": [body]}), CommentRecord)


def test_page() -> None:
    found = one(
        {
            "id": "1",
            "name": "Library",
            "username": "library",
            "about": "Books",
            "website": "https://a.example https://b.example",
            "fan_count": 5,
            "followers_count": 7,
            "verification_status": "not_verified",
        }
    )
    assert isinstance(found, ProfileRecord)
    assert (found.followers, found.verified, found.locked) == (7, False, None)
    assert (found.url, found.links) == ("https://a.example", ("https://b.example",))


def script(**answers: Any) -> Script:
    """Return a Page with which all is well, but for ``answers``."""
    names = {
        "profile": "/library",
        "posts": "/published_posts",
        "comments": "/comments",
        "several": "/v25.0/",
        "alone": "/1_7",
    }
    well = {
        "profile": answer({"id": "1", "name": "Library"}),
        "posts": answer({"data": [post(**counted(1))]}),
        "comments": answer({"data": [remark()]}),
        "several": answer(MISSING, 400),
        "alone": answer(MISSING, 400),
    }
    return Script({names[name]: value for name, value in {**well, **answers}.items()})


def night(service: Script, **more: Any) -> list[Any]:
    return gather(PLATFORM, service, **{"handle": "library", "token": TOKEN, **more})


def test_nothing_is_asked_without_a_token() -> None:
    service = script()
    assert gaps(night(service, token=None)) == {(facet, "denied") for facet in EVERYWHERE}
    assert service.asked == []


def test_token_travels_in_the_header_alone() -> None:
    service = script(posts=answer({"data": [post(**counted(1))], "paging": {"next": NEXT}}))
    found = night(service, known=[known("1_7")])
    assert {headers["Authorization"] for _, _, headers in service.asked} == {f"Bearer {TOKEN}"}
    assert not [url for url, params, _ in service.asked if TOKEN in url + repr(params)]
    assert TOKEN not in repr(found)


def test_page_is_read() -> None:
    found = night(script())
    assert [type(x) for x in found] == [ProfileRecord, PostRecord, CommentRecord]
    assert found[2].post_id == "1_5"


def test_posts_are_read_until_a_page_lies_before_the_window() -> None:
    old = {**post("2"), "created_time": "2026-09-01T09:00:00+0000"}
    late = {**post("3"), "created_time": "2026-11-05T09:00:00+0000"}
    more = {"next": NEXT}
    service = script(
        posts=[
            answer({"data": [late], "paging": {"cursors": {"after": "a"}, **more}}),
            answer({"data": [], "paging": {"cursors": {"after": "b"}, **more}}),
            answer({"data": [post(), old], "paging": more}),
            answer({"data": [old], "paging": {"cursors": {"after": "d"}, **more}}),
        ]
    )
    assert [x.post_id for x in night(service) if isinstance(x, PostRecord)] == ["1_5"]
    asked = [params for url, params, _ in service.asked if url.endswith("/published_posts")]
    assert [(x.get("after"), x.get("until")) for x in asked] == [
        (None, None), ("a", None), ("b", None), (None, "1788253200"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"profile": answer({"error": {"code": 2}}, 500)}, {("profile", "broken")}),
        ({"posts": TransientFetchError("no answer in time")}, {("posts", "broken")}),
        ({"comments": answer({"error": {"code": 10}}, 403)}, {("comments", "denied")}),
        ({"comments": answer(MISSING, 400)}, {("comments", "denied")}),
        (
            {"profile": answer({"error": {"code": 803}}, 404)},
            {(facet, "not_found") for facet in EVERYWHERE},
        ),
        (
            {"profile": answer({"error": {"code": 190, "error_subcode": 463}}, 400)},
            {("profile", "denied")},
        ),
    ],
)
def test_one_facet_that_fails_does_not_lose_the_others(
    answers: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert gaps(night(script(**answers))) == expected


def test_limit_ends_the_calls_of_the_night() -> None:
    posts = answer({"data": [post(str(number), **counted(1)) for number in range(5)]})
    service = script(posts=posts, comments=answer(LIMITED, 400))
    found = night(service, known=[known("1_7")])
    assert gaps(found) == {("comments", "rate_limited"), ("posts", "rate_limited")}
    assert len(service.asked) == 3
    assert gone(found) == {}


def test_list_without_a_single_post_is_no_witness() -> None:
    """To a token that lost its permission the API may give an empty list, and 100/33 by id."""
    assert gone(night(script(posts=answer({"data": []})), known=[known("1_7")])) == {}


def test_vanished_post_needs_two_witnesses() -> None:
    assert gone(night(script(), known=[known("1_7")])) == {"1_7": "deleted or hidden"}
    cut = TransientFetchError("no answer in time")
    assert gone(night(script(posts=cut), known=[known("1_7")])) == {}
    there = answer(post("7"))
    assert gone(night(script(alone=there), known=[known("1_7")])) == {}


def test_vanished_comment_is_gone_only_where_its_thread_was_read() -> None:
    lost = [known("5_8", comment=True), known("6_8", comment=True)]
    alone: Callable[..., Any] = lambda *_: answer(MISSING, 400)  # noqa: E731
    service = script()
    service.answers.update({"/5_8": alone, "/6_8": alone})
    assert gone(night(service, known=lost)) == {"5_8": "deleted or hidden"}
    service.answers["/comments"] = answer({"data": []})
    assert gone(night(service, known=lost)) == {}  # it has comments, and the token sees none


def test_several_known_items_are_asked_for_at_once() -> None:
    service = script(
        several=lambda _, params: answer({x: post(x[2:]) for x in params["ids"].split(",")})
    )
    found = night(service, known=[known(f"1_{number}") for number in range(100, 175)])
    assert service.calls("/v25.0/") == 2
    assert len([x for x in found if isinstance(x, PostRecord)]) == 76


@pytest.mark.parametrize(
    ("handle", "right"),
    [("library", True), ("Name-Of-Page-123", True), ("1234", True), ("a/b", False), ("a?b", False)],
)
def test_handle_in_the_registry(handle: str, right: bool) -> None:
    account = Account(account_id="a", platform="facebook", handle=handle, unit="U")
    assert (locate(account) is None) is right
