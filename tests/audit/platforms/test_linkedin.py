"""LinkedIn: markup, addresses, oddities of answers, and what a night does when a call fails."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit.client import Client
from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.item import GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
)
from audit.platforms.answers.linkedin import read, refused
from audit.platforms.answers.linkedin_text import read_little
from audit.platforms.linkedin import PLATFORM, locate
from audit.platforms.readers.linkedin import VERSION, encoded
from audit.response import Response
from audit.settings import Settings
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known
from tests.serving import serving

TOKEN = "AQ-secret"
EVERYWHERE = {"profile", "posts", "comments"}
OCTOBER, AUGUST = 1791622800000, 1786352400000  # 10 October and 10 August 2026, 09:00 UTC
THREAD = "urn:li:activity:70"
LIMITED = answer({"status": 429, "message": "Resource level throttle APPLICATION DAY limit"}, 429)


def post(number: str = "5", **more: Any) -> dict[str, Any]:
    return {
        "id": f"urn:li:share:{number}",
        "author": "urn:li:organization:1",
        "commentary": "Hello",
        "lifecycleState": "PUBLISHED",
        "publishedAt": OCTOBER,
        **more,
    }


def remark(number: str = "9", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "object": THREAD,
        "commentUrn": f"urn:li:comment:({THREAD},{number})",
        "actor": "urn:li:person:abc",
        "message": {"text": "Well"},
        "created": {"time": OCTOBER, "actor": "urn:li:person:abc"},
        **more,
    }


def listed(*entries: dict[str, Any], start: int = 0, more: bool = False) -> Response:
    links = [{"rel": "next", "href": f"/rest/x?token={TOKEN}", "type": "json"}] if more else []
    paging = {"start": start, "count": 100, "links": links}
    return answer({"elements": list(entries), "paging": paging})


def one(body: dict[str, Any], account: str | None = "1", **more: Any) -> Any:
    return next(iter(read(answer(body, **more), account)))


@pytest.mark.parametrize(
    ("written", "text", "hashtags"),
    [
        (r"a \(b\) c\_d \* e \\ f", r"a (b) c_d * e \ f", ()),
        ("Thanks @[Acme \\(Inc\\)](urn:li:organization:1)!", "Thanks Acme (Inc)!", ()),
        ("@[Ann] (urn:li:person:x-_1) and", "Ann and", ()),
        (r"\@[Ann](urn:li:person:x)", "@[Ann](urn:li:person:x)", ()),
        (r"{hashtag|\#|CampusLife} now", "#CampusLife now", ("CampusLife",)),
        (r"{hashtag\|#\|a\_b}", "#a_b", ("a_b",)),
        (r"plain #tag and \#sign, {hashtag|\#|T}", "plain #tag and #sign, #T", ("T", "tag")),
        (r"\{hashtag|#|x\}", "{hashtag|#|x}", ()),
        ("a\\\nb", "a\nb", ()),
        ("end \\", "end \\", ()),
        ("@[open](no urn)", "@[open](no urn)", ()),
    ],
)
def test_little_text(written: str, text: str, hashtags: tuple[str, ...]) -> None:
    found = read_little(written)
    assert (found.text, found.hashtags) == (text, hashtags)


def test_time_is_in_milliseconds_and_changes_are_no_edits() -> None:
    found = one(post(createdAt=AUGUST, lastModifiedAt=OCTOBER + 5000))
    assert str(found.created_at) == "2026-10-10 09:00:00+00:00"
    assert found.edited_at is None
    edited = post(lastModifiedAt=OCTOBER + 5000, lifecycleStateInfo={"isEditedByAuthor": True})
    assert str(one(edited).edited_at) == "2026-10-10 09:00:05+00:00"
    assert one(post(publishedAt=10**18)).created_at is None


def test_what_is_not_published_is_no_post() -> None:
    assert isinstance(one(post(lifecycleState="DRAFT")), NoRecord)


def test_names_and_address_of_a_post() -> None:
    found = one(post(id="urn:li:ugcPost:6"))
    assert (found.post_id, found.account_id) == ("urn:li:ugcPost:6", "1")
    assert found.permalink == "https://www.linkedin.com/feed/update/urn:li:ugcPost:6/"
    assert found.metrics.likes is None


@pytest.mark.parametrize(
    ("commentary", "kind"), [("Look", "quote"), ("", "repost"), (" ", "repost")]
)
def test_shared_post(commentary: str, kind: str) -> None:
    shared = {"parent": "urn:li:share:2", "root": "urn:li:ugcPost:1"}
    found = one(post(commentary=commentary, reshareContext=shared))
    assert (found.kind, found.quoted_id, found.root_id) == (
        kind, "urn:li:share:2", "urn:li:ugcPost:1",
    )  # fmt: skip


def test_what_is_attached() -> None:
    images = {"images": [{"id": "urn:li:image:1", "altText": "A"}, {"id": "urn:li:image:2"}]}
    many = one(post(content={"multiImage": images}))
    assert [(x.type, x.alt_text) for x in many.media] == [("image", "A"), ("image", None)]
    film = one(post(content={"media": {"id": "urn:li:video:1", "altText": ""}}))
    assert [(x.type, x.alt_text) for x in film.media] == [("video", "")]
    article = {"source": "https://s.example", "title": "Story", "description": "About"}
    linked = one(post(content={"article": article}))
    assert (linked.card, linked.links, linked.media) == (
        "Story\nAbout", ("https://s.example",), (),
    )  # fmt: skip
    poll = {"question": "Tea?", "options": [{"text": "Yes"}, {"text": "No"}]}
    asked = one(post(content={"poll": poll}))
    assert (asked.card, asked.poll) == ("Tea?", ("Yes", "No"))


def test_comment_hangs_on_the_activity() -> None:
    found = one({"elements": [remark(likesSummary={"totalLikes": 2})]})
    assert isinstance(found, CommentRecord)
    assert (found.comment_id, found.post_id) == (f"urn:li:comment:({THREAD},9)", THREAD)
    assert (found.author, found.likes, found.replies_count) == ("public", 2, None)
    bare = remark(actor="urn:li:organization:1", parentComment="urn:li:comment:(x,1)")
    del bare["commentUrn"]
    answered = one({"elements": [bare]})
    assert (answered.comment_id, answered.author) == (found.comment_id, "account")
    assert answered.parent_id == "urn:li:comment:(x,1)"
    assert one({"elements": [bare]}, None).author == "public"


def test_organization_in_its_preferred_language() -> None:
    names = {"localized": {"en_US": "Library", "fr_FR": "Biblio"}}
    body = {
        "id": 1,
        "vanityName": "library",
        "name": {**names, "preferredLocale": {"language": "fr", "country": "FR"}},
        "localizedWebsite": "https://library.example",
    }
    found = one(body)
    assert (found.display_name, found.url, found.followers) == (
        "Biblio", "https://library.example", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, {"serviceErrorCode": 65600}, GapKind.DENIED, "not valid"),
        (401, {"serviceErrorCode": 65601}, GapKind.DENIED, "revoked"),
        (401, {"code": "EXPIRED_ACCESS_TOKEN"}, GapKind.DENIED, "expired"),
        (401, {}, GapKind.DENIED, "refused"),
        (403, {"serviceErrorCode": 100, "code": "ACCESS_DENIED"}, GapKind.DENIED, "role"),
        (404, {}, GapKind.NOT_FOUND, "gone"),
        (
            426,
            {"code": "NONEXISTENT_VERSION", "message": "version 20250201"},
            GapKind.BROKEN,
            "20250201",
        ),
        (400, {"code": "VERSION_MISSING"}, GapKind.BROKEN, "version"),
        (400, {"code": "ILLEGAL_ARGUMENT"}, GapKind.BROKEN, "400"),
        (429, {"message": "throttle"}, GapKind.RATE_LIMITED, "midnight"),
        (500, {}, GapKind.BROKEN, "500"),
    ],
)
def test_errors(status: int, body: dict[str, Any], kind: GapKind, words: str) -> None:
    for sent in (status, 0):
        found = one({"status": status, "message": "of Ann", **body}, status=sent)
        assert isinstance(found, GapRecord)
        assert (found.kind, found.status) == (kind, status)
        assert words in found.reason
        assert "Ann" not in found.reason


def test_limit_of_a_day_ends_at_midnight() -> None:
    day = {"status": 429, "message": "Resource level throttle APPLICATION DAY limit"}
    date = "Sat, 10 Oct 2026 21:30:00 GMT"
    assert one(day, status=429, date=date).retry_after == 9000.0
    assert one(day, status=429).retry_after is None
    assert one({**day, "message": "busy"}, status=429, date=date).retry_after is None


def test_part_that_was_throttled_inside_a_good_answer() -> None:
    logo = {"logo!": {"status": 429, "message": "throttle"}, "logo": "urn:li:image:1"}
    found = list(read(answer({"id": 1, "vanityName": "library", "logoV2": logo})))
    assert [type(x) for x in found] == [ProfileRecord, GapRecord]
    assert isinstance(found[1], GapRecord)
    assert found[1].kind is GapKind.RATE_LIMITED


def test_pages() -> None:
    found = list(read(listed(post(), start=100, more=True)))
    assert found[-1] == NextPage(cursor="200")
    assert TOKEN not in repr(found)
    assert list(read(listed(more=True))) == [NextPage(cursor="100")]
    assert list(read(listed(start=300))) == [NoRecord(what="an empty list")]
    total = {"start": 0, "count": 1, "total": 2}
    assert list(read(answer({"elements": [post()], "paging": total})))[-1] == NextPage(cursor="1")
    past = {"elements": [], "paging": {**total, "start": 0}}
    assert list(read(answer(past))) == [NoRecord(what="an empty list")]


def test_lookup_of_several() -> None:
    body = {
        "results": {"urn:li:share:5": post()},
        "errors": {"urn:li:share:6": {"status": 404}, "urn:li:share:7": {"status": 403}},
    }
    first, *lost = read(answer(body))
    assert isinstance(first, PostRecord)
    assert [str(x.kind) for x in lost if isinstance(x, GapRecord)] == ["not_found", "denied"]
    assert refused(answer(body)) == {"urn:li:share:6": 404, "urn:li:share:7": 403}
    assert refused(answer("<html>")) == {}


class Service(Script):
    """LinkedIn, by the part of the address that tells what is asked for."""

    def get(self, url: str, *more: Any) -> Response:
        kind = next(name for name in KINDS if name in url)
        return super().get(f"{url} {kind}", *more)


KINDS = (
    "organizations",
    "networkSizes",
    "posts?author",
    "posts?ids",
    "comment%3A",
    "comments?",
    "/comments/",
)
ORGANIZATION = {"id": 1, "vanityName": "library", "localizedName": "Library"}


def script(**answers: Any) -> Service:
    """Return a page with which all is well, but for ``answers``."""
    names = {
        "profile": "organizations",
        "size": "networkSizes",
        "posts": "posts?author",
        "several": "posts?ids",
        "replies": "comment%3A",
        "comments": "comments?",
        "alone": "/comments/",
    }
    well = {
        "profile": listed(ORGANIZATION),
        "size": answer({"firstDegreeSize": 42}),
        "posts": listed(post()),
        "comments": listed(remark()),
        "several": answer({"results": {}, "errors": {"urn:li:share:7": {"status": 404}}}),
        "alone": answer({"status": 404}, 404),
    }
    return Service({names[name]: value for name, value in {**well, **answers}.items()})


def night(service: Script, **more: Any) -> list[Any]:
    return gather(PLATFORM, service, **{"handle": "library", "token": TOKEN, **more})


def test_nothing_is_asked_without_a_token() -> None:
    service = script()
    assert gaps(night(service, token=None)) == {(facet, "denied") for facet in EVERYWHERE}
    assert service.asked == []


def test_page_is_read() -> None:
    service = script()
    found = night(service)
    assert [type(x) for x in found] == [ProfileRecord, PostRecord, CommentRecord]
    assert found[0].followers == 42
    assert found[2].post_id == "urn:li:share:5"
    for _, _, headers in service.asked:
        assert headers["Authorization"] == f"Bearer {TOKEN}"
        assert headers["LinkedIn-Version"] == VERSION
        assert headers["X-Restli-Protocol-Version"] == "2.0.0"
    assert TOKEN not in repr(found) + repr([x[:2] for x in service.asked])
    assert "urn%3Ali%3Aorganization%3A1" in service.asked[1][0]


def test_posts_are_read_until_a_page_lies_before_the_window() -> None:
    old = post("4", publishedAt=AUGUST)
    pages = [
        listed(more=True),
        listed(post(), old, start=100, more=True),
        listed(old, start=200, more=True),
    ]
    service = script(posts=pages)
    assert [x.post_id for x in night(service) if isinstance(x, PostRecord)] == ["urn:li:share:5"]
    asked = [url for url, _, _ in service.asked if "posts?author" in url]
    assert [url.partition("start=")[2].partition("&")[0] for url in asked] == ["0", "100", "200"]


def test_answers_to_a_comment_are_asked_for_by_its_name() -> None:
    top = remark(commentsSummary={"aggregatedTotalComments": 1})
    parent = f"urn:li:comment:({THREAD},9)"
    service = script(comments=listed(top), replies=listed(remark("10", parentComment=parent)))
    found = [x for x in night(service) if isinstance(x, CommentRecord)]
    assert [x.parent_id for x in found] == [None, parent]
    assert {x.post_id for x in found} == {"urn:li:share:5"}
    asked = [url for url, _, _ in service.asked if "comment%3A" in url]
    assert len(asked) == 1
    assert "/urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A70%2C9%29/comments?" in asked[0]


def test_known_posts_are_asked_for_with_open_parentheses() -> None:
    service = script()
    lost = [known("urn:li:share:7"), known("urn:li:ugcPost:8")]
    assert gone(night(service, known=lost)) == {"urn:li:share:7": "deleted or not visible"}
    url, _, headers = service.asked[-1]
    assert "ids=List(urn%3Ali%3Ashare%3A7,urn%3Ali%3AugcPost%3A8)" in url
    assert headers["X-RestLi-Method"] == "BATCH_GET"


def test_many_known_posts_are_asked_for_in_fifties() -> None:
    service = script()
    night(service, known=[known(f"urn:li:share:{number}") for number in range(1000, 1120)])
    asked = [url for url, _, _ in service.asked if "ids=List(" in url]
    assert [url.count("urn%3Ali%3Ashare") for url in asked] == [50, 50, 20]


def test_known_comment_is_asked_for_in_its_thread() -> None:
    urn = f"urn:li:comment:({THREAD},8)"
    service = script()
    assert gone(night(service, known=[known(urn, comment=True)])) == {urn: "deleted or not visible"}
    assert "/socialActions/urn%3Ali%3Aactivity%3A70/comments/8" in service.asked[-1][0]
    busy = script(alone=answer({}, 500))
    assert gone(night(busy, known=[known(urn)])) == {}
    there = script(alone=answer(remark("8")))
    assert night(there, known=[known(urn)])[-1].comment_id == urn


def test_list_that_was_refused_is_no_witness() -> None:
    """Without its role on the page a token is told 404 of each post."""
    urn = f"urn:li:comment:({THREAD},8)"
    lost = [known("urn:li:share:7"), known(urn, comment=True)]
    refused = answer({"status": 403}, 403)
    assert gone(night(script(posts=refused), known=lost)) == {}
    half = night(script(comments=refused), known=lost)
    assert gone(half) == {"urn:li:share:7": "deleted or not visible"}


def test_refusal_of_one_known_post_is_a_gap() -> None:
    several = answer({"results": {}, "errors": {"urn:li:share:7": {"status": 403}}})
    found = night(script(several=several), known=[known("urn:li:share:7")])
    assert (gone(found), gaps(found)) == ({}, {("posts", "denied")})


def test_address_arrives_as_it_was_built() -> None:
    with serving() as server:
        server.answers("/rest/posts", (200, {}, b"{}"))
        settings = Settings(allow_hosts=(server.pair,))
        listing = f"List({encoded('urn:li:share:1')},{encoded('urn:li:share:2')})"
        with Client(settings, pause_s=0) as client:
            client.get(
                server.url(f"/rest/posts?ids={listing}"), {}, {"X-RestLi-Method": "BATCH_GET"}
            )
        path, headers = server.requests[0]
        assert path == "/rest/posts?ids=List(urn%3Ali%3Ashare%3A1,urn%3Ali%3Ashare%3A2)"
        assert headers["x-restli-method"] == "BATCH_GET"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"profile": answer({"status": 426}, 426)}, {(facet, "broken") for facet in EVERYWHERE}),
        ({"profile": listed()}, {(facet, "not_found") for facet in EVERYWHERE}),
        ({"profile": LIMITED}, {(facet, "rate_limited") for facet in EVERYWHERE}),
        ({"size": answer({"status": 403}, 403)}, {("profile", "denied")}),
        ({"size": TransientFetchError("no answer in time")}, {("profile", "broken")}),
        ({"posts": answer({"status": 500}, 500)}, {("posts", "broken")}),
        ({"comments": answer({"status": 403}, 403)}, {("comments", "denied")}),
    ],
)
def test_one_facet_that_fails_does_not_lose_the_others(
    answers: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert gaps(night(script(**answers))) == expected


def test_limit_ends_the_calls_of_the_night() -> None:
    service = script(posts=listed(post("1"), post("2")), comments=LIMITED)
    found = night(service, known=[known("urn:li:share:7")])
    assert gaps(found) == {("comments", "rate_limited"), ("posts", "rate_limited")}
    assert len(service.asked) == 4


def test_page_that_is_registered_by_number() -> None:
    service = script(profile=answer(ORGANIZATION))
    assert gaps(night(service, handle="1")) == set()
    assert service.asked[0][0].startswith("https://api.linkedin.com/rest/organizations/1")


@pytest.mark.parametrize(("handle", "right"), [("my-library", True), ("1", True), ("a/b", False)])
def test_handle_in_the_registry(handle: str, right: bool) -> None:
    account = Account(account_id="a", platform="linkedin", handle=handle, unit="U")
    assert (locate(account) is None) is right


def test_answer_is_json() -> None:
    assert isinstance(one(json.loads("{}")), NoRecord)
    (found,) = read(answer("<html>", 502))
    assert isinstance(found, GapRecord)


def test_a_page_of_drafts_alone_is_no_gap() -> None:
    service = script(posts=listed(post(lifecycleState="DRAFT")))
    assert gaps(night(service)) == set()
