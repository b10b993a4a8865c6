"""Threads: oddities of answers, and what a night does when a call fails."""

from __future__ import annotations

from typing import Any

import pytest

from audit.model.account import Account
from audit.model.record import CommentRecord, PostRecord, ProfileRecord
from audit.platforms.answers.threads import read
from audit.platforms.threads import PLATFORM, locate
from audit.response import Response
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

TOKEN = "TH-secret"
ME = "100"
EVERYWHERE = {"profile", "posts", "comments"}
MISSING = answer({"error": {"code": 100, "error_subcode": 33}}, 400)
REFUSED = answer({"error": {"code": 190, "error_subcode": 463}}, 401)
BUSY = answer({"error": {"code": 2}}, 500)


def post(number: str = "5", month: int = 10, **more: Any) -> dict[str, Any]:
    made = f"2026-{month:02}-10T09:00:00+0000"
    return {"id": number, "media_type": "TEXT_POST", "text": "Hi", "timestamp": made, **more}


def reply(number: str = "9", root: str = "5", parent: str | None = None, **more: Any) -> Any:
    made = {"is_reply": True, "root_post": {"id": root}, "replied_to": {"id": parent or root}}
    return post(number, username="ann", shortcode="C0de", **{**made, **more})


def listed(*entries: dict[str, Any], after: str | None = None) -> Response:
    paging = {"cursors": {"after": after}, "next": "https://x"} if after else {}
    return answer({"data": list(entries), "paging": paging})


def one(body: dict[str, Any], url: str | None = None) -> Any:
    return next(iter(read(Response(status=200, body=answer(body).body, url=url))))


def test_repost_holds_the_words_of_the_post_that_was_passed_on() -> None:
    passed_on = {"id": "3", "text": "Theirs", "media_type": "IMAGE", "alt_text": "A"}
    found = one(post(media_type="REPOST_FACADE", text="", reposted_post=passed_on))
    assert (found.kind, found.quoted_id, found.text) == ("repost", "3", "Theirs")
    assert [x.alt_text for x in found.media] == ["A"]
    bare = one(post(media_type="REPOST_FACADE", reposted_post={"id": "3"}))
    assert (bare.kind, bare.text, bare.metrics.comments) == ("repost", "", None)


def test_quote() -> None:
    found = one(post(is_quote_post=True, quoted_post={"id": "3"}))
    assert (found.kind, found.quoted_id) == ("quote", "3")


def test_long_text_is_attached() -> None:
    longer = {"plaintext": "And more.", "link_attachment_url": "https://s.example"}
    found = one(post(text_attachment=longer))
    assert (found.text, found.links) == ("Hi\n\nAnd more.", ("https://s.example",))


@pytest.mark.parametrize(
    ("entry", "sensitive"),
    [
        ({}, None),
        ({"is_spoiler_media": False}, False),
        ({"is_spoiler_media": True}, True),
        ({"text_entities": [{"entity_type": "SPOILER", "offset": 0, "length": 2}]}, True),
    ],
)
def test_spoilers(entry: dict[str, Any], sensitive: bool | None) -> None:
    assert one(post(**entry)).sensitive is sensitive


def test_counts_are_unknown_but_for_no_answers() -> None:
    assert one(post(has_replies=True)).metrics.comments is None
    assert one(post(has_replies=False)).metrics.comments == 0
    assert one(post()).metrics.likes is None


def test_owner_and_address_may_be_missing() -> None:
    assert (one(post()).account_id, one(post()).permalink) == (None, None)
    full = one(post(owner={"id": ME}, permalink="https://www.threads.com/@l/post/C"))
    assert (full.account_id, full.permalink) == (ME, "https://www.threads.com/@l/post/C")
    assert one(post(permalink="string")).permalink is None


def test_album_animation_poll_and_topic() -> None:
    album = post(
        media_type="CAROUSEL_ALBUM",
        children={"data": [{"media_type": "IMAGE", "alt_text": "A"}, {"media_type": "VIDEO"}]},
        gif_url="https://g.example/1",
        poll_attachment={"option_a": "Yes", "option_b": "No", "option_a_votes_percentage": 0.5},
        topic_tag="Campus",
    )
    found = one(album)
    assert [(x.type, x.alt_text) for x in found.media] == [
        ("image", "A"), ("video", None), ("image", None),
    ]  # fmt: skip
    assert (found.poll, found.hashtags) == (("Yes", "No"), ("Campus",))


@pytest.mark.parametrize(
    ("status", "hidden"),
    [(None, None), ("NOT_HUSHED", False), ("UNHUSHED", False), ("HIDDEN", True), ("COVERED", True)],
)
def test_whether_an_answer_is_hidden(status: str | None, hidden: bool | None) -> None:
    assert one({"data": [reply(hide_status=status)]}).hidden is hidden


def test_answer_of_somebody() -> None:
    link = "https://www.threads.com/@ann/post/C0de"
    found = one({"data": [reply(parent="8", permalink=link)]})
    assert isinstance(found, CommentRecord)
    assert (found.post_id, found.parent_id, found.author) == ("5", "8", "public")
    assert found.author_name == "ann"
    assert found.permalink == "https://www.threads.com/t/C0de"  # it names nobody
    assert one({"data": [reply()]}).parent_id is None


def test_answers_of_the_account() -> None:
    assert one({"data": [reply(is_reply_owned_by_me=True)]}).author == "account"
    found = one({"data": [reply(parent="8")]}, "https://graph.threads.net/v1.0/me/replies")
    assert isinstance(found, PostRecord)
    assert (found.kind, found.in_reply_to_id, found.root_id) == ("reply", "8", "5")


def test_profile_in_either_form() -> None:
    own = one({"id": ME, "username": "library", "threads_biography": "Books", "is_verified": True})
    assert isinstance(own, ProfileRecord)
    assert (own.bio, own.verified, own.followers) == ("Books", True, None)
    other = one({"username": "library", "biography": "Books", "follower_count": 7})
    assert (other.bio, other.verified, other.followers) == ("Books", None, 7)


def with_url(response: Response, url: str) -> Response:
    return Response(status=response.status, body=response.body, url=url)


def script(**answers: Any) -> Script:
    """Return an account with which all is well, but for ``answers``."""
    names = {
        "me": "/me",
        "posts": "/me/threads",
        "answers": "/me/replies",
        "conversation": "/conversation",
        "lookup": "/profile_lookup",
        "theirs": "/profile_posts",
        "alone": "/7",
    }
    own = reply("8", root="70", is_reply_owned_by_me=True)
    well = {
        "me": answer({"id": ME, "username": "Library"}),
        "posts": listed(post()),
        "answers": with_url(listed(own), "https://graph.threads.net/v1.0/me/replies"),
        "conversation": listed(reply(), reply("8", is_reply_owned_by_me=True)),
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
    found = night(service)
    assert [type(x) for x in found] == [ProfileRecord, PostRecord, PostRecord, CommentRecord]
    assert [x.account_id for x in found[:3]] == [ME, ME, ME]
    assert {headers["Authorization"] for _, _, headers in service.asked} == {f"Bearer {TOKEN}"}
    assert TOKEN not in repr(found) + repr([x[:2] for x in service.asked])


def test_posts_are_read_until_a_page_lies_before_the_window() -> None:
    pages = [
        listed(after="a"),
        listed(post("1"), post("2", month=9), after="b"),
        listed(post("3", month=9), after="c"),
    ]
    service = script(posts=pages, answers=listed(), conversation=listed())
    assert [x.post_id for x in night(service) if isinstance(x, PostRecord)] == ["1"]
    assert service.calls("/me/threads") == 3


def test_only_threads_with_answers_are_asked_for() -> None:
    quiet = post("6", has_replies=False)
    facade = post("7", media_type="REPOST_FACADE", reposted_post={"id": "1"})
    service = script(posts=listed(quiet, facade))
    night(service)
    assert service.calls("/conversation") == 0


def test_account_of_somebody_else_is_read_without_answers() -> None:
    service = script(
        lookup=answer({"username": "other", "biography": "B"}), theirs=listed(post("1"))
    )
    found = night(service, handle="other")
    assert [x.handle for x in found if isinstance(x, ProfileRecord)] == ["other"]
    assert [x.post_id for x in found if isinstance(x, PostRecord)] == ["1"]
    assert gaps(found) == {("comments", "denied")}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"me": REFUSED}, {(facet, "denied") for facet in EVERYWHERE}),
        ({"me": answer({"id": ME})}, {(facet, "broken") for facet in EVERYWHERE}),
        ({"posts": BUSY}, {("posts", "broken")}),
        ({"answers": BUSY}, {("posts", "broken")}),
        ({"conversation": BUSY}, {("comments", "broken")}),
        ({"conversation": answer({"error": {"code": 10}}, 403)}, {("comments", "denied")}),
    ],
)
def test_one_facet_that_fails_does_not_lose_the_others(
    answers: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert gaps(night(script(**answers))) == expected


def test_list_without_a_single_post_is_no_witness() -> None:
    """To a token that lost its permission the API may give an empty list, and 100/33 by id."""
    assert gone(night(script(posts=answer({"data": []})), known=[known("7")])) == {}


def test_vanished_post_needs_two_witnesses() -> None:
    lost = [known("7")]
    assert gone(night(script(), known=lost)) == {"7": "deleted or hidden"}
    assert gone(night(script(posts=BUSY), known=lost)) == {}
    assert gone(night(script(alone=answer(post("7"))), known=lost)) == {}
    assert gone(night(script(), known=[known("7", comment=True)])) == {}


@pytest.mark.parametrize(("handle", "right"), [("@my.library_1", True), ("my library", False)])
def test_handle_in_the_registry(handle: str, right: bool) -> None:
    account = Account(account_id="a", platform="threads", handle=handle, unit="U")
    assert (locate(account) is None) is right
