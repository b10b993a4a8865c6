"""Bluesky: oddities of answers, and what a night does when a call fails."""

from __future__ import annotations

from typing import Any

import pytest

from audit.errors import PermanentFetchError, TransientFetchError
from audit.model.account import Account
from audit.model.record import CommentRecord, GapRecord, NoRecord, PostRecord, ProfileRecord
from audit.platforms.answers.bluesky import read
from audit.platforms.answers.bluesky_threads import cut_branches
from audit.platforms.bluesky import PLATFORM, locate
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

ME, YOU = "did:plc:mine", "did:plc:yours"
RESOLVE, PROFILE = "identity.resolveHandle", "actor.getProfile"
FEED, THREAD, POSTS = "feed.getAuthorFeed", "feed.getPostThread", "feed.getPosts"


def uri(key: str, did: str = ME) -> str:
    return f"at://{did}/app.bsky.feed.post/{key}"


def view(key: str, did: str = ME, text: str = "Hello", **more: Any) -> dict[str, Any]:
    """Return a post as the AppView shows it; ``record`` adds to what was written."""
    record = {"text": text, "createdAt": "2026-10-10T09:00:00.000Z", **more.pop("record", {})}
    return {
        "uri": uri(key, did),
        "author": {"did": did, "handle": f"{did[-5:]}.test"},
        "record": record,
        "indexedAt": "2026-10-10T09:00:01.000Z",
        "replyCount": 0,
        "labels": [],
        **more,
    }


def reply(root: str, parent: str) -> dict[str, Any]:
    return {"reply": {"root": {"uri": root}, "parent": {"uri": parent}}}


def one_post(**record: Any) -> PostRecord:
    found = list(read(answer({"posts": [view("1", record=record)]})))
    assert isinstance(found[0], PostRecord)
    return found[0]


def test_hashtag_is_cut_out_by_bytes() -> None:
    text = "Größe 😀 #CampusLife"
    start = text.encode().index(b"#")
    facet = {
        "index": {"byteStart": start, "byteEnd": len(text.encode())},
        "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "campuslife"}],
    }
    assert one_post(text=text, facets=[facet]).hashtags == ("CampusLife",)


@pytest.mark.parametrize("index", [{}, {"byteStart": 900, "byteEnd": 3}, {"byteStart": "x"}])
def test_hashtag_with_useless_offsets_is_taken_from_the_link(index: dict[str, Any]) -> None:
    feature = {"$type": "app.bsky.richtext.facet#tag", "tag": "Day"}
    assert one_post(facets=[{"index": index, "features": [feature]}]).hashtags == ("Day",)


def test_tags_beside_the_text_count() -> None:
    assert one_post(tags=["Health", "Campus"]).hashtags == ("Health", "Campus")


@pytest.mark.parametrize(
    ("embed", "alts", "captions"),
    [
        ({"images": [{"alt": "A"}, {}]}, ["A", ""], [None, None]),
        ({"items": [{"alt": "G", "aspectRatio": {"width": 4, "height": 3}}]}, ["G"], [None]),
        ({"video": {}, "captions": [{"lang": "en"}]}, [""], [True]),
        ({"video": {}, "alt": "V"}, ["V"], [False]),
        ({"video": {}, "presentation": "gif"}, [""], [None]),
        ({"media": {"video": {}}, "record": {"record": {"uri": uri("9")}}}, [""], [False]),
        ({"record": {"uri": uri("9")}}, [], []),
    ],
)
def test_what_is_attached(
    embed: dict[str, Any], alts: list[str], captions: list[bool | None]
) -> None:
    media = one_post(embed=embed).media
    assert [one.alt_text for one in media] == alts
    assert [one.has_captions for one in media] == captions


def test_embedded_list_is_no_quote() -> None:
    embed = {"record": {"uri": f"at://{ME}/app.bsky.graph.list/1"}}
    assert (one_post(embed=embed).kind, one_post(embed=embed).quoted_id) == ("original", None)


@pytest.mark.parametrize(
    ("labels", "written", "sensitive"),
    [
        ([], [], False),
        ([{"val": "porn"}], [], True),
        ([{"val": "porn", "neg": True}], [], False),
        ([{"val": "spam"}], [], False),
        ([], [{"val": "graphic-media"}], True),
        (None, [], None),
    ],
)
def test_labels(labels: Any, written: Any, sensitive: bool | None) -> None:
    shown = view("1", record={"labels": {"values": written}}, labels=labels)
    found = next(read(answer({"posts": [shown]})))
    assert isinstance(found, PostRecord)
    assert found.sensitive is sensitive


def test_post_dated_into_the_future_counts_from_when_it_was_seen() -> None:
    ahead, skewed = "2031-01-01T00:00:00Z", "2026-10-10T09:00:05.000Z"
    assert str(one_post(createdAt=ahead).created_at) == "2026-10-10 09:00:01+00:00"
    assert str(one_post(createdAt=skewed).created_at) == "2026-10-10 09:00:05+00:00"
    assert str(one_post(createdAt="nonsense").created_at) == "2026-10-10 09:00:01+00:00"


def test_thread_with_nodes_that_show_nothing() -> None:
    thread = {
        "post": view("1", replyCount=4),
        "replies": [
            {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri("2", YOU), "notFound": True},
            {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri("3", YOU), "blocked": True},
            {"post": view("4", YOU, record=reply(uri("1"), uri("1"))), "replies": []},
            {"post": view("5", YOU, record=reply(uri("1"), uri("4")), replyCount=2)},
        ],
    }
    got = answer({"thread": thread, "threadgate": {"record": {"hiddenReplies": [uri("4", YOU)]}}})
    post, *comments = read(got)
    assert isinstance(post, PostRecord)
    assert all(isinstance(one, CommentRecord) for one in comments)
    by_id = {one.comment_id: one for one in comments if isinstance(one, CommentRecord)}
    assert by_id.keys() == {uri("4", YOU), uri("5", YOU)}
    assert by_id[uri("4", YOU)].hidden is True
    assert by_id[uri("5", YOU)].hidden is False
    assert cut_branches(got) == [uri("5", YOU)]


@pytest.mark.parametrize(
    ("node", "kind"),
    [({"notFound": True}, "not_found"), ({"blocked": True}, "denied"), ({}, "not_found")],
)
def test_thread_without_its_post(node: dict[str, Any], kind: str) -> None:
    (found,) = read(answer({"thread": {"uri": uri("1"), **node}}))
    assert isinstance(found, GapRecord)
    assert found.kind == kind


def test_thread_as_deep_as_it_likes() -> None:
    node: dict[str, Any] = {"post": view("last", YOU), "replies": []}
    for number in range(400):
        node = {"post": view(str(number), YOU, record=reply(uri("1"), uri("1"))), "replies": [node]}
    body = {"thread": {"post": view("1"), "replies": [node]}}
    assert len(list(read(answer(body)))) == 402


def test_comment_on_an_answer_in_a_strangers_thread_hangs_on_the_answer() -> None:
    theirs = view("9", YOU, record=reply(uri("1", YOU), uri("2")))
    (found,) = read(answer({"posts": [theirs]}), ME)
    assert isinstance(found, CommentRecord)
    assert (found.post_id, found.parent_id, found.author) == (uri("2"), None, "public")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"accessJwt": "secret", "refreshJwt": "secret", "did": ME}, "session"),
        ({"did": ME}, "identity"),
        ({"did": ME, "didDoc": {}}, "repository"),
        ({"likes": []}, "nothing"),
        ({"records": []}, "empty"),
    ],
)
def test_answers_without_a_record(body: dict[str, Any], what: str) -> None:
    (found,) = read(answer(body))
    assert isinstance(found, NoRecord)
    assert what in found.what
    assert "secret" not in found.what


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"error": "RateLimitExceeded"}, 429, "rate_limited"),
        ({"error": "AccountTakedown"}, 400, "not_found"),
        ({"error": "InvalidRequest", "message": f"Profile not found: {YOU}"}, 400, "not_found"),
        ({"error": "InvalidRequest", "message": f"limit too high for {YOU}"}, 400, "broken"),
        ({"error": f"Odd {YOU}"}, 418, "broken"),
        ({"error": "Odd"}, 403, "denied"),
        ({"message": "no name"}, 404, "not_found"),
        ({"error": "ExpiredToken"}, 0, "denied"),
        ("<html>busy</html>", 502, "broken"),
        ("<html>welcome</html>", 200, "broken"),
        ("[]", 200, "broken"),
        ("", 200, "broken"),
    ],
)
def test_errors_say_what_kind_and_name_nobody(body: object, status: int, kind: str) -> None:
    (found,) = read(answer(body, status))
    assert isinstance(found, GapRecord)
    assert (found.kind, found.status) == (kind, status or None)
    assert YOU not in found.reason


def test_profile_of_a_verified_account_with_a_website() -> None:
    body = {
        "did": ME,
        "handle": "mine.test",
        "followersCount": 0,
        "website": "https://x.example",
        "description": "See https://a.example/b, (https://c.example).",
        "verification": {"verifiedStatus": "valid", "trustedVerifierStatus": "none"},
    }
    (found,) = read(answer(body))
    assert isinstance(found, ProfileRecord)
    assert (found.verified, found.followers, found.following) == (True, 0, None)
    assert found.url == "https://x.example"
    assert found.links == ("https://a.example/b", "https://c.example")


def test_repository_without_views() -> None:
    records = [
        {"uri": uri("1"), "value": {"text": "Hi", "createdAt": "2026-10-10T09:00:00Z"}},
        {
            "uri": f"at://{ME}/app.bsky.feed.repost/2",
            "value": {"subject": {"uri": uri("8", YOU)}, "createdAt": "2026-10-10T09:00:00Z"},
        },
        {"uri": f"at://{ME}/app.bsky.actor.profile/self", "value": {"displayName": "Me"}},
        {"uri": f"at://{ME}/app.bsky.feed.like/3", "value": {}},
    ]
    post, repost, profile = read(answer({"records": records}))
    assert isinstance(post, PostRecord)
    assert (post.account_id, post.sensitive, post.metrics.likes) == (ME, None, None)
    assert isinstance(repost, PostRecord)
    assert (repost.kind, repost.quoted_id) == ("repost", uri("8", YOU))
    assert isinstance(profile, ProfileRecord)
    assert (profile.account_id, profile.display_name) == (ME, "Me")


def script(**answers: Any) -> Script:
    """Return a service on which all is well, but for ``answers``."""
    names = {"resolve": RESOLVE, "profile": PROFILE, "feed": FEED, "thread": THREAD, "posts": POSTS}
    well = {
        RESOLVE: answer({"did": ME}),
        PROFILE: answer({"did": ME, "followersCount": 1}),
        FEED: answer({"feed": [{"post": view("1")}]}),
        THREAD: answer({"thread": {"post": view("1")}}),
        POSTS: answer({"posts": []}),
    }
    return Script({**well, **{names[name]: value for name, value in answers.items()}})


def night(service: Script, **more: Any) -> list[Any]:
    return gather(PLATFORM, service, handle="mine.test", url="http://view.test", **more)


EVERYWHERE = ("profile", "posts", "comments")


@pytest.mark.parametrize(
    ("resolved", "kind"),
    [
        (TransientFetchError("no answer in time"), "broken"),
        (answer({"error": "HandleNotFound"}, 400), "not_found"),
        (answer("<html>", 200), "broken"),
        (answer([], 200), "broken"),
        (answer({"error": "RateLimitExceeded"}, 429), "rate_limited"),
    ],
)
def test_handle_that_leads_nowhere_is_a_gap_in_everything(resolved: Any, kind: str) -> None:
    assert gaps(night(script(resolve=resolved))) == {(facet, kind) for facet in EVERYWHERE}


def test_one_facet_that_fails_does_not_lose_the_others() -> None:
    busy = answer({"error": "InternalServerError"}, 500)
    found = night(script(profile=busy))
    assert gaps(found) == {("profile", "broken")}
    assert any(isinstance(one, PostRecord) for one in found)
    found = night(script(feed=busy), known=[known(uri("1"))])
    assert gaps(found) == {("posts", "broken")}
    assert any(isinstance(one, ProfileRecord) for one in found)


def test_feed_is_read_until_it_lies_before_the_window() -> None:
    old = view(
        "old", record={"createdAt": "2026-09-01T00:00:00Z"}, indexedAt="2026-09-01T00:00:00Z"
    )
    late = view(
        "late", record={"createdAt": "2026-11-05T00:00:00Z"}, indexedAt="2026-11-05T00:00:00Z"
    )
    pages = [
        answer({"feed": [{"post": late}], "cursor": "a"}),
        answer({"feed": [], "cursor": "b"}),
        answer({"feed": [{"post": view("1")}, {"post": old}], "cursor": "c"}),
        answer({"feed": [{"post": old}], "cursor": "d"}),
    ]
    service = script(feed=pages)
    assert [one.post_id for one in night(service) if isinstance(one, PostRecord)] == [uri("1")]
    assert service.calls(FEED) == 4


def test_cursor_that_turns_round_ends_the_walk() -> None:
    service = script(feed=answer({"feed": [{"post": view("1")}], "cursor": "same"}))
    night(service)
    assert service.calls(FEED) == 2


def test_feed_that_fails_in_the_middle_marks_nothing_as_gone() -> None:
    pages = [
        answer({"feed": [{"post": view("1")}], "cursor": "a"}),
        TransientFetchError("no answer in time"),
    ]
    repost = f"at://{ME}/app.bsky.feed.repost/7"
    found = night(script(feed=pages), known=[known(repost)])
    assert gaps(found) == {("posts", "broken")}
    assert gone(found) == {}


def test_answers_the_service_cut_off_are_asked_for() -> None:
    top = {
        "post": view("1", replyCount=1),
        "replies": [{"post": view("2", YOU, replyCount=1, record=reply(uri("1"), uri("1")))}],
    }
    deeper = view("3", YOU, record=reply(uri("1"), uri("2", YOU)))
    branch = {"post": view("2", YOU), "replies": [{"post": deeper, "replies": []}]}
    service = script(
        feed=answer({"feed": [{"post": view("1", replyCount=1)}]}),
        thread=[answer({"thread": top}), answer({"thread": branch})],
    )
    found = [one.comment_id for one in night(service) if isinstance(one, CommentRecord)]
    assert found == [uri("2", YOU), uri("3", YOU)]
    assert service.calls(THREAD) == 2


def test_limit_stops_the_threads_of_the_night() -> None:
    posts = [{"post": view(str(number), replyCount=1)} for number in range(5)]
    limited = answer({"error": "RateLimitExceeded"}, 429, retry_after="300")
    service = script(feed=answer({"feed": posts}), thread=limited)
    found = night(service)
    assert gaps(found) == {("comments", "rate_limited")}
    assert service.calls(THREAD) == 1


def test_thread_that_went_away_meanwhile_is_no_gap() -> None:
    feed = answer({"feed": [{"post": view("1", replyCount=1)}]})
    assert gaps(night(script(feed=feed, thread=answer({"error": "NotFound"}, 400)))) == set()
    broken = night(script(feed=feed, thread=PermanentFetchError("more than 1 MB")))
    assert gaps(broken) == {("comments", "broken")}


def test_known_items_are_asked_for_in_batches() -> None:
    service = script(posts=lambda _, params: answer({"posts": [view(params["uris"][0][-2:])]}))
    items = [known(uri(f"{number:02}")) for number in range(10, 62)]
    found = night(service, known=items)
    assert service.calls(POSTS) == 3
    assert len(gone(found)) == 49


def test_lookup_that_fails_marks_nothing_as_gone() -> None:
    service = script(posts=answer({"error": "InternalServerError"}, 500))
    found = night(service, known=[known(uri("7")), known(uri("8", YOU), comment=True)])
    assert gone(found) == {}
    assert ("posts", "broken") in gaps(found)


def test_own_words_in_a_thread_are_not_told_twice() -> None:
    own = view("2", record=reply(uri("1"), uri("1")))
    service = script(
        feed=answer({"feed": [{"post": own}, {"post": view("1", replyCount=1)}]}),
        thread=answer({"thread": {"post": view("1"), "replies": [{"post": own}]}}),
    )
    found = night(service)
    assert not any(isinstance(one, CommentRecord) for one in found)


@pytest.mark.parametrize(
    ("handle", "url", "right"),
    [
        ("name.bsky.social", None, True),
        ("@news.university.edu", None, True),
        ("did:plc:abc", "https://view.example", True),
        ("name", None, False),
        ("name.bsky.social", "view.example", False),
    ],
)
def test_handle_in_the_registry(handle: str, url: str | None, right: bool) -> None:
    account = Account(account_id="a", platform="bluesky", handle=handle, url=url, unit="U")
    assert (locate(account) is None) is right
