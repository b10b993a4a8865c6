"""Instagram: oddities of answers, two doors, and what a night does when a call fails."""

from __future__ import annotations

from typing import Any

import pytest

from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.record import (
    Checked,
    CommentRecord,
    GapRecord,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
)
from audit.platforms.answers.instagram import owned, read
from audit.platforms.instagram import PLATFORM, locate
from audit.response import Response
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

TOKEN = "EAAB-secret"
ME, OTHER = "100", "200"
EVERYWHERE = {"profile", "posts", "comments"}
MISSING = answer({"error": {"code": 100, "error_subcode": 33}}, 400)
REFUSED = answer({"error": {"code": 190, "error_subcode": 463}}, 400)
UNKNOWN_FIELD = answer({"error": {"code": 100, "message": "nonexisting field"}}, 400)


def medium(number: str = "5", day: int = 10, month: int = 10, **more: Any) -> dict[str, Any]:
    made = f"2026-{month:02}-{day:02}T09:00:00+0000"
    return {"id": number, "media_type": "IMAGE", "timestamp": made, "comments_count": 1, **more}


def remark(number: str = "9", **more: Any) -> dict[str, Any]:
    made = "2026-10-11T09:00:00+0000"
    return {"id": number, "text": "Well", "timestamp": made, **more}


def listed(*entries: dict[str, Any], after: str | None = None) -> Response:
    paging = {"cursors": {"after": after}, "next": "https://x"} if after else {}
    return answer({"data": list(entries), "paging": paging})


def one(body: dict[str, Any], url: str | None = None, account: str | None = None) -> Any:
    told = Response(status=200, body=answer(body).body, url=url)
    return next(iter(read(told, account)))


def test_hidden_likes_are_unknown_and_no_caption_is_no_text() -> None:
    found = one(medium())
    assert (found.metrics.likes, found.metrics.comments, found.text) == (None, 1, "")
    assert one(medium(like_count=0)).metrics.likes == 0


def test_alternative_text_is_unknown_where_it_is_left_out() -> None:
    assert one(medium()).media[0].alt_text is None
    assert one(medium(alt_text="A cat")).media[0].alt_text == "A cat"


def test_parts_of_an_album_come_with_it() -> None:
    parts = [
        {"id": "6", "media_type": "IMAGE", "media_url": "https://i.example/6", "alt_text": "A"},
        {"id": "7", "media_type": "VIDEO", "media_url": "https://i.example/7"},
    ]
    album = medium(media_type="CAROUSEL_ALBUM", children={"data": parts})
    assert [(x.type, x.alt_text) for x in one(album).media] == [("image", "A"), ("video", None)]
    assert isinstance(one({"data": parts}), NoRecord)


def test_comment_with_answers() -> None:
    url = "https://graph.facebook.com/v25.0/5/comments"
    mine = {"from": {"id": ME, "username": "library"}, "hidden": False, "like_count": 2}
    body = {"data": [remark(username="ann", replies={"data": [remark("10", **mine)]})]}
    told = Response(status=200, body=answer(body).body, url=url)
    first, second = read(told, ME)
    assert isinstance(first, CommentRecord)
    assert (first.post_id, first.author, first.author_id) == ("5", "public", "ann")
    assert isinstance(second, CommentRecord)
    assert (second.post_id, second.parent_id, second.author) == ("5", "9", "account")
    assert (second.hidden, second.likes) == (False, 2)


def test_cursor_of_a_strangers_list_is_nested() -> None:
    found = {"id": OTHER, "username": "other", "media": {"data": [medium()]}}
    records = list(read(answer({"business_discovery": found, "id": ME})))
    assert [type(x) for x in records] == [ProfileRecord, PostRecord]
    assert records[1].account_id == OTHER  # type: ignore[union-attr]  # a post
    found["media"]["paging"] = {"cursors": {"after": "x"}}  # type: ignore[index]  # an object
    assert list(read(answer({"business_discovery": found})))[-1] == NextPage(cursor="x")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"user_id": ME, "username": "library", "id": "7"}, [(ME, "library")]),
        ({"instagram_business_account": {"id": ME, "username": "library"}}, [(ME, "library")]),
        (
            {"data": [{"id": "1"}, {"instagram_business_account": {"id": ME, "username": "l"}}]},
            [(ME, "l")],
        ),
        ({"id": "1", "username": "somebody"}, []),
        ("<html>", []),
    ],
)
def test_whose_the_token_is(body: Any, found: list[tuple[str, str]]) -> None:
    assert owned(answer(body)) == found


def script(**answers: Any) -> Script:
    """Return an account with which all is well, but for ``answers``."""
    names = {
        "accounts": "/me/accounts",
        "me": "/me",
        "profile": f"/{ME}",
        "posts": "/media",
        "comments": "/comments",
        "replies": "/replies",
        "alone": "/7",
    }
    mine = {"instagram_business_account": {"id": ME, "username": "library"}}
    well = {
        "accounts": listed(mine),
        "profile": answer({"id": ME, "username": "library"}),
        "posts": listed(medium()),
        "comments": listed(remark()),
        "alone": MISSING,
    }
    return Script({names[name]: value for name, value in {**well, **answers}.items()})


def night(service: Script, **more: Any) -> list[Any]:
    return gather(PLATFORM, service, **{"handle": "library", "token": TOKEN, **more})


def test_nothing_is_asked_without_a_token() -> None:
    service = script()
    assert gaps(night(service, token=None)) == {(facet, "denied") for facet in EVERYWHERE}
    assert service.asked == []


def test_account_is_read_and_the_token_stays_in_the_header() -> None:
    service = script()
    found = night(service, known=[known("7")])
    assert [type(x) for x in found[:3]] == [ProfileRecord, PostRecord, CommentRecord]
    assert {headers["Authorization"] for _, _, headers in service.asked} == {f"Bearer {TOKEN}"}
    assert TOKEN not in repr(found) + repr([x[:2] for x in service.asked])
    assert all(url.startswith("https://graph.facebook.com/v") for url, _, _ in service.asked)


def test_token_of_an_instagram_login_takes_the_other_door() -> None:
    service = script(me=answer({"user_id": ME, "username": "Library"}))
    found = night(service, token="IGAA-secret")
    assert gaps(found) == set()
    assert all(url.startswith("https://graph.instagram.com/v") for url, _, _ in service.asked)


def test_token_of_a_page() -> None:
    mine = {"instagram_business_account": {"id": ME, "username": "library"}}
    assert gaps(night(script(accounts=UNKNOWN_FIELD, me=answer(mine)))) == set()


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"accounts": REFUSED, "me": REFUSED}, "denied"),
        ({"accounts": TransientFetchError("no answer in time")}, "broken"),
        ({"accounts": listed(), "me": UNKNOWN_FIELD}, "denied"),
        ({"accounts": answer({"error": {"code": 4}}, 400)}, "rate_limited"),
    ],
)
def test_token_that_leads_to_no_account(answers: dict[str, Any], kind: str) -> None:
    assert gaps(night(script(**answers))) == {(facet, kind) for facet in EVERYWHERE}


def test_account_of_somebody_else_is_read_without_comments() -> None:
    asked: list[str] = []

    def discover(_: str, params: dict[str, Any]) -> Response:
        asked.append(params["fields"])
        found: dict[str, Any] = {"id": OTHER, "username": "other"}
        if "media" in params["fields"].partition("{")[2][:6]:
            after = {} if ".after(x)" in params["fields"] else {"cursors": {"after": "x"}}
            found = {"id": OTHER, "media": {"data": [medium()], "paging": after}}
        return answer({"business_discovery": found, "id": ME})

    found = night(script(profile=discover, me=UNKNOWN_FIELD), handle="other")
    assert gaps(found) == {("comments", "denied")}
    assert [x.account_id for x in found if isinstance(x, PostRecord)] == [OTHER, OTHER]
    assert len(asked) == 3


def test_order_of_media_is_not_relied_on() -> None:
    old = medium("1", month=8)
    pages = [
        listed(old, medium("2"), after="a"),  # a pinned one first
        listed(old, after="b"),
        listed(medium("3"), after="c"),
        listed(old, after="d"),
        listed(old, after="e"),
        listed(medium("4")),
    ]
    service = script(posts=pages)
    assert [x.post_id for x in night(service) if isinstance(x, PostRecord)] == ["2", "3"]
    assert service.calls("/media") == 5


def test_answers_that_were_cut_off_are_asked_for() -> None:
    more = {"data": [remark("10")], "paging": {"cursors": {"after": "x"}, "next": "https://x"}}
    service = script(
        comments=listed(remark(replies=more)),
        replies=listed(remark("10"), remark("11", parent_id="9")),
    )
    found = {x.comment_id: x for x in night(service) if isinstance(x, CommentRecord)}
    assert set(found) == {"9", "10", "11"}
    assert (found["11"].parent_id, found["11"].post_id) == ("9", "5")


def test_one_facet_that_fails_does_not_lose_the_others() -> None:
    assert gaps(night(script(profile=UNKNOWN_FIELD))) == {("profile", "broken")}
    assert gaps(night(script(posts=REFUSED))) == {("posts", "denied")}
    found = night(script(comments=MISSING))
    assert gaps(found) == {("comments", "denied")}
    assert not [x for x in found if isinstance(x, GapRecord) and "deleted" in x.reason]


def test_limit_ends_the_calls_of_the_night() -> None:
    limit = answer({"error": {"code": 80002}}, 400)
    posts = listed(*(medium(str(number)) for number in range(5)))
    service = script(posts=posts, comments=limit)
    assert gaps(night(service, known=[known("7")])) == {("comments", "rate_limited")}
    assert service.calls("/comments") == 1
    assert service.calls("/7") == 0


def test_list_without_a_single_post_is_no_witness() -> None:
    """To a token that lost its permission the API may give an empty list, and 100/33 by id."""
    assert gone(night(script(posts=answer({"data": []})), known=[known("7")])) == {}


def test_vanished_post_needs_two_witnesses() -> None:
    lost = [known("7")]
    assert gone(night(script(), known=lost)) == {"7": "deleted or hidden"}
    assert gone(night(script(posts=UNKNOWN_FIELD), known=lost)) == {}
    assert gone(night(script(comments=MISSING), known=lost)) == {}
    assert gone(night(script(), known=[known("7", comment=True)])) == {}
    there = night(script(alone=answer({"id": "7"})), known=lost)
    assert there[-1] == Checked(record_id="7")


@pytest.mark.parametrize(("handle", "right"), [("@my.library_1", True), ("my library", False)])
def test_handle_in_the_registry(handle: str, right: bool) -> None:
    account = Account(account_id="a", platform="instagram", handle=handle, unit="U")
    assert (locate(account) is None) is right
