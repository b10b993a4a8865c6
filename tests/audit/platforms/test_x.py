"""X: both sets of names, versions of posts, the shapes of errors, and what a night does."""

from __future__ import annotations

from typing import Any

import pytest

from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.record import (
    CommentRecord,
    GapRecord,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
)
from audit.platforms.answers.x import missing, read
from audit.platforms.answers.x_calls import MAX_QUERY, searches
from audit.platforms.answers.x_posts import EPOCH_MS, born
from audit.platforms.x import PLATFORM, locate
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

ME, YOU = "900", "901"
TOKEN = "t0ken-that-nobody-may-see"
FIRST = (1791622800000 - EPOCH_MS) << 22
"""An id of 10 October 2026, 9 o'clock."""
PROBLEM = "https://api.x.com/2/problems/"
DATE = "Sat, 10 Oct 2026 09:00:00 UTC"


def entry(key: str, author: str = ME, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "text": "Hello",
        "author_id": author,
        "created_at": "2026-10-10T09:00:00.000Z",
        "conversation_id": key,
        **more,
    }


def posts(*entries: dict[str, Any], **body: Any) -> list[Any]:
    return list(read(answer({"data": list(entries), **body}), ME, described=True))


def one(**more: Any) -> PostRecord:
    held = more.pop("includes", {})
    (found,) = posts(entry("1", **more), includes=held)
    assert isinstance(found, PostRecord)
    return found


@pytest.mark.parametrize(
    "names",
    [
        {"note": "note_tweet", "refers": "referenced_tweets", "shares": "retweet_count",
         "posts": "tweets"},
        {"note": "note_post", "refers": "referenced_posts", "shares": "repost_count",
         "posts": "posts"},
    ],
)  # fmt: skip
def test_both_sets_of_names(names: dict[str, str]) -> None:
    found = one(
        text="short…",
        **{
            names["note"]: {
                "text": "long &amp; wide &lt;3 &quot;",
                "entities": {"hashtags": [{"tag": "Long"}]},
            },
            names["refers"]: [{"type": "quoted", "id": "7"}],
            "public_metrics": {names["shares"]: 3, "like_count": 0, "impression_count": 9},
        },
    )
    assert found.text == "long & wide <3 &quot;"
    assert (found.kind, found.quoted_id, found.hashtags) == ("quote", "7", ("Long",))
    assert (found.metrics.shares, found.metrics.likes, found.metrics.views) == (3, 0, 9)
    assert found.metrics.bookmarks is None


@pytest.mark.parametrize("name", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_versions_of_a_post_are_one_item(name: str) -> None:
    first, last = str(1843000000000000000), str(1843000400000000000)
    (found,) = posts(entry(last, **{name: [first, last]}))
    assert found.post_id == first
    assert str(found.edited_at) == "2026-10-10 09:00:00+00:00"
    assert found.created_at == born(first)
    assert found.permalink.endswith(last)
    (unchanged,) = posts(entry(first, **{name: [first]}))
    assert unchanged.edited_at is None


def test_repost_has_the_whole_words_of_the_other() -> None:
    reposted = entry("5", YOU, text="All of it", note_tweet={"text": "All of it, and more"})
    found = one(
        text="RT @you: All of…",
        referenced_tweets=[{"type": "retweeted", "id": "5"}],
        public_metrics={"like_count": 4},
        includes={"tweets": [reposted]},
    )
    assert (found.kind, found.text, found.quoted_id) == ("repost", "All of it, and more", "5")
    assert (found.metrics.likes, found.permalink, found.account_id) == (None, None, ME)


def test_media_poll_links_and_language() -> None:
    found = one(
        lang="und",
        possibly_sensitive=True,
        attachments={"media_keys": ["3_1", "7_2", "gone"], "poll_ids": ["8"]},
        entities={
            "urls": [
                {"expanded_url": "https://a.example/x", "title": "T", "description": "D"},
                {"expanded_url": "https://x.com/a/status/1/photo/1", "media_key": "3_1"},
            ]
        },
        includes={
            "media": [
                {"media_key": "3_1", "type": "photo", "url": "https://i.example/1"},
                {"media_key": "7_2", "type": "video", "duration_ms": 1500, "alt_text": "V"},
            ],
            "polls": [{"id": "8", "options": [{"label": "Yes"}, {"label": "No"}]}],
            "users": [{"id": ME, "username": "mine"}],
        },
    )
    assert [(x.type, x.alt_text, x.duration) for x in found.media] == [
        ("image", "", None),
        ("video", "V", 1.5),
        ("media", None, None),
    ]
    assert (found.poll, found.links, found.card) == (
        ("Yes", "No"),
        ("https://a.example/x",),
        "T\nD",
    )
    assert (found.language, found.sensitive) == (None, True)
    assert found.permalink == "https://x.com/mine/status/1"


def test_alternative_text_that_was_not_asked_for_is_unknown() -> None:
    held = {"media": [{"media_key": "3_1", "type": "photo"}]}
    body = {"data": [entry("1", attachments={"media_keys": ["3_1"]})], "includes": held}
    (found,) = read(answer(body))
    assert isinstance(found, PostRecord)
    assert found.media[0].alt_text is None


def test_profile() -> None:
    user = {
        "id": ME, "username": "mine", "name": "Mine", "description": "About",
        "public_metrics": {"followers_count": 0, "post_count": 4}, "protected": True,
        "verified_type": "none", "url": "https://t.co/x",
        "entities": {"url": {"urls": [{"expanded_url": "https://mine.example"}]}},
    }  # fmt: skip
    (found,) = read(answer({"data": user}))
    assert isinstance(found, ProfileRecord)
    assert (found.url, found.followers, found.following) == ("https://mine.example", 0, None)
    assert (found.locked, found.verified, found.posts_count) == (True, False, 4)


@pytest.mark.parametrize(
    ("body", "status", "headers", "kind", "wait"),
    [
        (
            {
                "title": "UsageCapExceeded",
                "type": "https://api.twitter.com/2/problems/usage-capped",
            },
            429,
            {"x_rate_limit_remaining": "39999", "x_rate_limit_reset": "1791622830", "date": DATE},
            "rate_limited",
            None,
        ),
        (
            {"title": "Too Many Requests", "type": "about:blank", "status": 429},
            429,
            {"x_rate_limit_remaining": "0", "x_rate_limit_reset": "1791622830", "date": DATE},
            "rate_limited",
            30.0,
        ),
        ({"title": "CreditsDepleted", "detail": "no"}, 402, {}, "rate_limited", None),
        (
            {"errors": [{"code": 88, "message": "Rate limit exceeded"}]},
            429,
            {},
            "rate_limited",
            None,
        ),
        ({"errors": [{"code": 63, "message": "suspended"}]}, 403, {}, "not_found", None),
        ({"title": "Unauthorized", "type": "about:blank", "status": 401}, 401, {}, "denied", None),
        ({"type": PROBLEM + "client-forbidden", "reason": "x"}, 403, {}, "denied", None),
        ({"type": PROBLEM + "invalid-request", "errors": [{}]}, 400, {}, "broken", None),
        ({"code": 503, "message": "over capacity"}, 503, {}, "broken", None),
        ("<html>Access denied</html>", 403, {}, "denied", None),
        ("<html>Try again</html>", 200, {}, "broken", None),
    ],
)
def test_what_went_wrong(
    body: object, status: int, headers: dict[str, str], kind: str, wait: float | None
) -> None:
    (found,) = read(answer(body, status, **headers))
    assert isinstance(found, GapRecord)
    assert (found.kind, found.status, found.retry_after) == (kind, status, wait)


@pytest.mark.parametrize(
    ("problem", "kind", "reason"),
    [
        ({"type": PROBLEM + "resource-not-found", "detail": "Could not find @you"},
         "not_found", "deleted"),
        ({"type": PROBLEM + "resource-not-found", "detail": "User has been suspended: [you]."},
         "not_found", "suspended"),
        ({"type": PROBLEM + "not-authorized-for-resource", "detail": "@you"},
         "denied", "protected"),
    ],
)  # fmt: skip
def test_errors_with_http_200(problem: dict[str, str], kind: str, reason: str) -> None:
    (found,) = read(answer({"errors": [problem]}))
    assert isinstance(found, GapRecord)
    assert (found.kind, found.status) == (kind, 200)
    assert reason in found.reason
    assert "you" not in found.reason


def test_what_a_post_refers_to_may_be_gone_without_a_gap() -> None:
    problem = {"type": PROBLEM + "resource-not-found", "parameter": "referenced_tweets.id"}
    found = posts(entry("1"), errors=[problem])
    assert [type(x) for x in found] == [PostRecord]


def test_empty_and_further_pages() -> None:
    (found,) = read(answer({"meta": {"result_count": 0}}))
    assert isinstance(found, NoRecord)
    (found,) = read(answer({"meta": {"result_count": 0, "next_token": "n"}}))
    assert found == NextPage(cursor="n")
    (found,) = read(answer({"token_type": "bearer", "access_token": TOKEN}))
    assert found == NoRecord(what="a token")


def test_answers_by_several_people_are_comments() -> None:
    refers = {"referenced_tweets": [{"type": "replied_to", "id": "1"}]}
    body = {"data": [entry("2", YOU, **refers), entry("3", "902", **refers)]}
    assert all(isinstance(x, CommentRecord) for x in read(answer(body)))


BY, LIST, SEARCH, LOOKUP = "/username/mine", "/900/tweets", "/search/recent", "/2/tweets"


def script(**answers: Any) -> Script:
    names = {"by": BY, "list": LIST, "search": SEARCH, "lookup": LOOKUP}
    well = {
        BY: answer({"data": {"id": ME, "username": "mine", "created_at": "x"}}),
        LIST: answer({"data": [entry("1")]}),
        SEARCH: answer({"meta": {"result_count": 0}}),
        LOOKUP: answer({"data": []}),
    }
    return Script({**well, **{names[name]: value for name, value in answers.items()}})


def night(service: Script, **more: Any) -> list[Any]:
    found = gather(PLATFORM, service, handle="mine", token=TOKEN, **more)
    assert TOKEN not in repr(found)
    assert all(TOKEN not in url + str(params) for url, params, _ in service.asked)
    return found


EVERYWHERE = ("profile", "posts", "comments")


def test_without_a_credential_nothing_is_asked() -> None:
    service = script()
    found = gather(PLATFORM, service, handle="mine")
    assert gaps(found) == {(facet, "denied") for facet in EVERYWHERE}
    assert service.asked == []


def test_token_goes_in_the_header() -> None:
    service = script()
    night(service)
    assert {sent["Authorization"] for _, _, sent in service.asked} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    "refusal", [answer({"type": PROBLEM + "invalid-request"}, 400), answer({"data": [{"id": "1"}]})]
)
def test_older_names_where_the_newer_bring_nothing(refusal: Any) -> None:
    service = script(list=[refusal, answer({"data": [entry("1")]})])
    found = night(service)
    asked = [params for url, params, _ in service.asked if url.endswith(LIST)]
    assert ["post.fields" in one for one in asked] == [True, False]
    assert "referenced_tweets.id" in asked[1]["expansions"]
    assert [x.post_id for x in found if isinstance(x, PostRecord)] == ["1"]


def test_pages_until_there_is_no_token() -> None:
    pages = [
        answer({"data": [entry("3")], "meta": {"next_token": "a"}}),
        answer({"meta": {"result_count": 0, "next_token": "b"}}),
        answer({"data": [entry("1"), entry("0", created_at="2026-11-05T00:00:00Z")]}),
    ]
    service = script(list=pages)
    assert [x.post_id for x in night(service) if isinstance(x, PostRecord)] == ["3", "1"]
    sent = [
        params.get("pagination_token") for url, params, _ in service.asked if url.endswith(LIST)
    ]
    assert sent == [None, "a", "b"]


def test_usage_cap_stops_the_night() -> None:
    capped = answer({"title": "UsageCapExceeded", "type": PROBLEM + "usage-capped"}, 429)
    service = script(list=capped)
    found = night(service, known=[known("5")])
    assert gaps(found) == {("posts", "rate_limited"), ("comments", "rate_limited")}
    assert gone(found) == {}
    assert service.calls(LOOKUP) == 0


def test_answers_are_searched_for_together() -> None:
    busy = {"public_metrics": {"reply_count": 2}}
    listed = [entry(str(FIRST + n), **busy) for n in range(1, 21)]
    listed[0]["edit_history_tweet_ids"] = [str(FIRST), listed[0]["id"]]
    refers = {"referenced_tweets": [{"type": "replied_to", "id": listed[0]["id"]}]}
    theirs = entry("77", YOU, **refers, conversation_id=listed[0]["id"])
    outside = entry("78", YOU, **refers, created_at="2026-11-05T00:00:00Z")
    service = script(
        list=answer({"data": listed}),
        search=[answer({"data": [theirs, outside]}), answer({"meta": {"result_count": 0}})],
    )
    found = night(service, known=[known("77", comment=True)])
    comments = [x for x in found if isinstance(x, CommentRecord)]
    # It hangs on the first version, under whose id the post is kept.
    assert [(x.comment_id, x.post_id) for x in comments] == [("77", str(FIRST))]
    queries = [params["query"] for url, params, _ in service.asked if url.endswith(SEARCH)]
    assert 1 < len(queries) < 4
    assert all(len(one) <= MAX_QUERY and one.endswith(" -from:mine -is:retweet") for one in queries)
    assert sum(one.count("conversation_id:") for one in queries) == 21


def test_answer_to_an_answer_elsewhere_hangs_on_the_accounts_own() -> None:
    refers = {"referenced_tweets": [{"type": "replied_to", "id": "50"}], "conversation_id": "50"}
    mine = entry("60", **refers, public_metrics={"reply_count": 1})
    theirs = entry(
        "70", YOU, conversation_id="50", referenced_tweets=[{"type": "replied_to", "id": "60"}]
    )
    service = script(list=answer({"data": [mine]}), search=answer({"data": [theirs]}))
    (comment,) = [x for x in night(service) if isinstance(x, CommentRecord)]
    assert (comment.post_id, comment.parent_id) == ("60", None)
    assert "in_reply_to_tweet_id:60" in str(service.asked)


def test_answers_too_old_to_be_searched_are_told() -> None:
    old = entry("1", public_metrics={"reply_count": 2})
    service = script(list=answer({"data": [old]}))
    assert gaps(night(service)) == {("comments", "unsupported")}
    assert gaps(night(service, known=[known("9", comment=True)])) == set()


def test_known_posts_are_asked_for_in_hundreds() -> None:
    lost = [
        {"type": PROBLEM + "resource-not-found", "resource_id": "1000"},
        {"type": PROBLEM + "not-authorized-for-resource", "resource_id": "1001"},
    ]

    def looked(_: str, params: dict[str, Any]) -> Any:
        ids = params["ids"].split(",")
        assert len(ids) <= 100
        return answer({"data": [entry(x) for x in ids if x > "1001"], "errors": lost})

    service = script(lookup=looked)
    found = night(service, known=[known(str(number)) for number in range(1000, 1150)])
    assert service.calls(LOOKUP) == 2
    assert gone(found) == {"1000": "deleted", "1001": "private"}


def test_old_version_is_not_taken_for_the_newest() -> None:
    ids = ["40", "41"]
    answers = [
        answer({"data": [entry("40", text="before", edit_history_tweet_ids=ids)]}),
        answer({"data": [entry("41", text="after", edit_history_tweet_ids=ids)]}),
    ]
    found = night(script(lookup=answers), known=[known("40")])
    again = [x for x in found if isinstance(x, PostRecord) and x.post_id == "40"]
    assert [x.text for x in again] == ["after"]
    assert gone(found) == {}


def test_protected_account() -> None:
    refusal = {"errors": [{"type": PROBLEM + "not-authorized-for-resource", "value": ME}]}
    found = night(script(list=answer(refusal)))
    assert gaps(found) == {("posts", "denied")}


def test_suspended_account_is_a_gap_in_everything() -> None:
    problem = {"type": PROBLEM + "resource-not-found", "detail": "User has been suspended: [a]."}
    found = night(script(by=answer({"errors": [problem]})))
    assert gaps(found) == {(facet, "not_found") for facet in EVERYWHERE}


def test_one_facet_that_fails_does_not_lose_the_others() -> None:
    found = night(script(list=TransientFetchError("no answer in time")), known=[known("5")])
    assert gaps(found) == {("posts", "broken")}
    assert any(isinstance(x, ProfileRecord) for x in found)


def test_searches_keep_within_their_length() -> None:
    assert list(searches([], " x")) == []
    assert list(searches(["a", "b"], " x")) == ["(a OR b) x"]


@pytest.mark.parametrize(
    ("handle", "right"), [("mine_1", True), ("@mine", True), ("a b", False), ("x" * 16, False)]
)
def test_handle_in_the_registry(handle: str, right: bool) -> None:
    account = Account(account_id="a", platform="x", handle=handle, unit="U")
    assert (locate(account) is None) is right


def test_a_field_that_is_refused_makes_no_post_private() -> None:
    problem = {"resource_type": "post", "parameter": "id", "resource_id": "5", "value": "5"}
    body = {
        "data": [{"id": "5", "text": "There"}],
        "errors": [
            {**problem, "type": f"{PROBLEM}not-authorized-for-field"},
            {**problem, "type": f"{PROBLEM}resource-not-found", "resource_id": "6", "value": "6"},
            {**problem, "type": f"{PROBLEM}not-authorized-for-resource"},
        ],
    }
    assert missing(answer(body)) == {"6": "deleted"}
