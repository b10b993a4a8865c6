"""Mastodon: statuses as texts, servers that differ, and what a night does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audit.errors import TransientFetchError
from audit.jobs.replay import replay
from audit.model.account import Account
from audit.model.record import (
    CommentRecord,
    GapRecord,
    NextPage,
    NoRecord,
    PostRecord,
    ProfileRecord,
)
from audit.platforms.answers.mastodon import read
from audit.platforms.mastodon import PLATFORM, locate
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

ME, YOU = "900", "901"
TOKEN = "t0ken-that-nobody-may-see"


def status(key: str, author: str = ME, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "created_at": "2026-10-10T09:00:00.000Z",
        "content": "<p>Hello</p>",
        "account": {"id": author, "acct": f"u{author}", "display_name": f"Name {author}"},
        "replies_count": 0,
        "url": f"https://m.test/@u{author}/{key}",
        **more,
    }


def one(**more: Any) -> PostRecord:
    (found,) = read(answer([status("1", **more)]))
    assert isinstance(found, PostRecord)
    return found


def test_html_mentions_hashtags_and_links() -> None:
    found = one(
        content='<p>One<br>two <a href="https://m.test/@you" class="u-url mention">@you</a></p>'
        '<p><a href="https://m.test/tags/campuslife" class="mention hashtag">#CampusLife</a> '
        '<a href="https://a.example/long"><span class="invisible">https://</span>'
        '<span class="ellipsis">a.example/lo</span><span class="invisible">ng</span></a></p>',
        mentions=[{"url": "https://m.test/@you", "acct": "you"}],
        tags=[{"name": "campuslife", "url": "https://m.test/tags/campuslife"}],
    )
    assert found.text == "One\ntwo @you\n#CampusLife https://a.example/long"
    assert (found.links, found.hashtags) == (("https://a.example/long",), ("CampusLife",))


def test_warning_edit_poll_card_and_pictures() -> None:
    found = one(
        spoiler_text="Food",
        sensitive=True,
        edited_at="2026-10-11T09:00:00.000Z",
        poll={"options": [{"title": "Yes"}, {"title": "No"}]},
        card={"title": "T", "description": "", "url": "https://c.example/"},
        quote={"state": "accepted", "quoted_status": {"id": "7"}},
        media_attachments=[
            {"type": "image", "description": None, "meta": {"original": {"width": 4}}},
            {"type": "gifv", "description": "G", "meta": {"original": {"duration": 1.5}}},
        ],
        favourites_count=0,
    )
    assert (found.content_warning, found.sensitive) == ("Food", True)
    assert str(found.edited_at) == "2026-10-11 09:00:00+00:00"
    assert (found.poll, found.card, found.links) == (("Yes", "No"), "T", ("https://c.example/",))
    assert (found.kind, found.quoted_id) == ("quote", "7")
    assert [(x.type, x.alt_text, x.width, x.duration) for x in found.media] == [
        ("image", "", 4, None),
        ("animated_gif", "G", None, 1.5),
    ]
    assert (found.metrics.likes, found.metrics.views) == (0, None)


def test_boost_has_the_words_of_the_other() -> None:
    found = one(content="", reblog=status("5", YOU, favourites_count=9))
    assert (found.post_id, found.account_id, found.kind) == ("1", ME, "repost")
    assert (found.text, found.quoted_id, found.permalink) == ("Hello", "5", None)
    assert found.metrics.likes is None


def test_answer_to_what_the_server_does_not_know_is_an_answer() -> None:
    found = one(in_reply_to_id=None, in_reply_to_account_id=YOU)
    assert (found.kind, found.in_reply_to_id) == ("reply", None)


def test_software_that_leaves_fields_out() -> None:
    (found,) = read(answer([{"id": "01HXYZ", "content": "a &amp; b", "pleroma": {}}]))
    assert isinstance(found, PostRecord)
    assert (found.post_id, found.text, found.account_id) == ("01HXYZ", "a & b", None)
    assert (found.created_at, found.sensitive, found.metrics.comments) == (None, None, None)


def test_profile() -> None:
    account = {
        "id": ME, "acct": "mine", "display_name": "Mine", "locked": False, "statuses_count": 2,
        "note": '<p>About <a href="https://b.example/">b</a></p>',
        "fields": [
            {"name": "Web", "value": '<a href="https://mine.example/">x</a>',
             "verified_at": "2026-01-01T00:00:00Z"},
            {"name": "Plain", "value": "https://plain.example/", "verified_at": None},
        ],
    }  # fmt: skip
    (found,) = read(answer(account))
    assert isinstance(found, ProfileRecord)
    links = ("https://mine.example/", "https://plain.example/", "https://b.example/")
    assert (found.bio, found.links) == ("About b", links)
    assert (found.verified, found.locked, found.followers) == (True, False, None)


def test_suspended_account_is_not_found() -> None:
    (found,) = read(answer({"id": ME, "acct": "mine", "suspended": True}))
    assert isinstance(found, GapRecord)
    assert found.kind == "not_found"


def test_next_page_is_an_id_and_never_an_address() -> None:
    link = (
        f'<https://m.test/api/v1/x?limit=40&max_id=5&access_token={TOKEN}>; rel="next", '
        '<https://m.test/api/v1/x?min_id=9>; rel="prev"'
    )
    *_, last = read(answer([status("6")], link=link))
    assert last == NextPage(cursor="5")
    last = list(read(answer([status("6")], link='<https://m.test/x?min_id=9>; rel="prev"')))[-1]
    assert isinstance(last, PostRecord)


@pytest.mark.parametrize(
    ("body", "status_", "headers", "kind", "wait"),
    [
        ({"error": "Record not found"}, 404, {}, "not_found", None),
        ({"error": "The access token is invalid"}, 401, {}, "denied", None),
        ({"error": "This method requires an authenticated user"}, 422, {}, "denied", None),
        ({"error": "This action is outside the authorized scopes"}, 403, {}, "denied", None),
        ({"error": "Gone"}, 410, {}, "not_found", None),
        (
            {"error": "Too many requests"},
            429,
            {
                "x_ratelimit_reset": "2026-10-10T09:05:00.212100Z",
                "date": "Sat, 10 Oct 2026 09:00:00 GMT",
            },
            "rate_limited",
            300.2121,
        ),
        ({"error": "Remote SSL certificate of you@x"}, 503, {}, "broken", None),
        ("<html>busy</html>", 502, {}, "broken", None),
    ],
)
def test_what_went_wrong(
    body: object, status_: int, headers: dict[str, str], kind: str, wait: float | None
) -> None:
    (found,) = read(answer(body, status_, **headers))
    assert isinstance(found, GapRecord)
    assert (found.kind, found.status) == (kind, status_)
    assert found.retry_after == pytest.approx(wait)
    assert "you@x" not in found.reason


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ([], "an empty list"),
        ([{"content": "<p>before</p>", "created_at": "x"}], "the versions of a post"),
        ({"ancestors": [], "descendants": []}, "an empty list"),
        ({"access_token": TOKEN, "token_type": "Bearer"}, "a token"),
    ],
)
def test_answers_without_a_record(body: object, what: str) -> None:
    (found,) = read(answer(body))
    assert found == NoRecord(what=what)


def test_comment_is_told_without_its_writer(tmp_path: Path) -> None:
    context = {"descendants": [status("2", YOU, in_reply_to_id="1", spoiler_text="CW")]}
    file = tmp_path / "context.json"
    file.write_text(json.dumps(context))
    (told,) = replay("mastodon", [file], print)
    assert (told["author"], told["post_id"], told["text"]) == ("public", "1", "CW\nHello")
    assert told["permalink"] == "https://m.test/@public/2"
    assert YOU not in json.dumps(told)


LOOKUP, LIST, CONTEXT, SEVERAL = "lookup", "/900/statuses", "/context", "v1/statuses"


def script(**answers: Any) -> Script:
    names = {"lookup": LOOKUP, "list": LIST, "context": CONTEXT, "several": SEVERAL}
    well = {
        LOOKUP: answer({"id": ME, "acct": "mine"}),
        LIST: answer([status("1")], link='<https://m.test/x?min_id=1>; rel="prev"'),
        CONTEXT: answer({"ancestors": [], "descendants": []}),
        SEVERAL: answer([]),
    }
    return Script({**well, **{names.get(name, name): value for name, value in answers.items()}})


def night(service: Script, **more: Any) -> list[Any]:
    return gather(PLATFORM, service, **{"handle": "mine@m.test", **more})


def ids(found: list[Any]) -> list[str]:
    return [x.post_id for x in found if isinstance(x, PostRecord)]


def test_list_is_walked_to_the_start_of_the_window_without_a_gap() -> None:
    """A server like Mastodon, with more new statuses than two pages hold."""
    old = {"created_at": "2026-09-01T00:00:00.000Z"}
    held = [status(str(n), **(old if n < 1050 else {})) for n in range(1200, 999, -1)]

    def listed(_: str, params: dict[str, Any]) -> Any:
        assert not {"since_id", "min_id"} & set(params)
        below = int(params.get("max_id", 10**9))
        page = [x for x in held if int(x["id"]) < below][: params["limit"]]
        link = f'<https://m.test/x?max_id={page[-1]["id"]}>; rel="next"' if page else ""
        return answer(page, link=link)

    service = script(list=listed)
    assert ids(night(service)) == [str(n) for n in range(1200, 1049, -1)]
    assert service.calls(LIST) == 5


def test_server_without_a_link_header_is_read_on() -> None:
    pages = [answer([status("b")]), answer([status("a")]), answer([])]
    service = script(list=pages)
    assert ids(night(service)) == ["b", "a"]
    asked = [params.get("max_id") for url, params, _ in service.asked if url.endswith(LIST)]
    assert asked == [None, "b", "a"]


def test_account_goes_by_its_name_on_its_own_server() -> None:
    service = script()
    night(service)
    assert service.asked[0][:2] == ("https://m.test/api/v1/accounts/lookup", {"acct": "mine"})
    assert service.asked[0][2] == {}
    night(service, url="https://other.test/@whatever", token=TOKEN)
    url, params, sent = next(x for x in service.asked if "other.test" in x[0])
    assert (url, params) == ("https://other.test/api/v1/accounts/lookup", {"acct": "mine@m.test"})
    assert sent == {"Authorization": f"Bearer {TOKEN}"}


def test_answers_of_others_in_the_window() -> None:
    below = [
        status("2", YOU, in_reply_to_id="1"),
        status("3", ME, in_reply_to_id="2"),
        status("4", YOU, in_reply_to_id="3"),
        status("5", YOU, in_reply_to_id="1", created_at="2026-11-05T00:00:00Z"),
    ]
    own = [status("3", in_reply_to_id="2"), status("1", replies_count=1)]
    service = script(
        list=answer(own, link="x"), context=answer({"ancestors": [], "descendants": below})
    )
    comments = [x for x in night(service) if isinstance(x, CommentRecord)]
    assert [(x.comment_id, x.post_id, x.parent_id) for x in comments] == [
        ("2", "1", None),
        ("4", "1", "3"),
    ]


def test_sixty_answers_without_a_login_are_a_gap() -> None:
    below = [status(str(n), YOU, in_reply_to_id="1") for n in range(100, 160)]
    answers = {
        "list": answer([status("1", replies_count=80)], link="x"),
        "context": answer({"ancestors": [], "descendants": below}),
    }
    found = night(script(**answers))
    assert gaps(found) == {("comments", "denied")}
    assert sum(isinstance(x, CommentRecord) for x in found) == 60
    assert gaps(night(script(**answers), token=TOKEN)) == set()


def test_answers_the_server_still_fetches_are_asked_for_once_more() -> None:
    first = answer({"ancestors": [], "descendants": []}, mastodon_async_refresh='id="x", retry=3')
    second = answer({"ancestors": [], "descendants": [status("2", YOU, in_reply_to_id="1")]})
    posts = answer([status("1", replies_count=1)], link="x")
    service = script(list=posts, context=[first, second])
    found = night(service)
    assert any(isinstance(x, CommentRecord) for x in found)
    assert gaps(found) == set()
    assert gaps(night(script(list=posts, context=first))) == {("comments", "broken")}


def test_known_statuses_are_asked_for_in_twenties() -> None:
    def several(_: str, params: dict[str, Any]) -> Any:
        assert len(params["id[]"]) <= 20
        return answer([status(x) for x in params["id[]"] if x != "120"])

    service = script(several=several)
    found = night(service, known=[known(str(n)) for n in range(100, 145)])
    assert gone(found) == {"120": "deleted"}
    assert service.calls(SEVERAL) == 3


def test_server_that_cannot_look_up_several_is_asked_one_by_one() -> None:
    service = Script(
        {
            **script().answers,
            SEVERAL: answer({"error": "Not Found"}, 404),
            "statuses/7": answer(status("7")),
            "statuses/8": answer({"error": "Record not found"}, 404),
            "statuses/9": answer(status("9", YOU, in_reply_to_id="1")),
        }
    )
    found = night(service, known=[known("7"), known("8"), known("9", comment=True)])
    assert gone(found) == {"8": "deleted"}
    assert "7" in ids(found)
    assert service.calls(SEVERAL) == 1
    assert any(isinstance(x, CommentRecord) and x.comment_id == "9" for x in found)


def test_list_that_ignores_the_ids_is_no_proof() -> None:
    """Software that does not know ``id[]`` may answer 200 with an empty list."""
    lost = {"statuses/8": answer({"error": "Record not found"}, 404)}
    service = Script(
        {**script().answers, SEVERAL: answer([]), "statuses/7": answer(status("7")), **lost}
    )
    assert gone(night(service, known=[known("7"), known("8")])) == {"8": "deleted"}


def test_page_of_a_proxy_is_no_deletion() -> None:
    missing = answer("<html>404 Not Found</html>", 404)
    service = Script({**script().answers, SEVERAL: missing, "statuses/7": missing})
    found = night(service, known=[known("7")])
    assert (gone(found), gaps(found)) == ({}, {("posts", "not_found")})


EVERYWHERE = ("profile", "posts", "comments")


@pytest.mark.parametrize(
    ("looked", "kind"),
    [
        (answer({"error": "Record not found"}, 404), "not_found"),
        (answer({"error": "The access token is invalid"}, 401), "denied"),
        (TransientFetchError("no answer in time"), "broken"),
        (answer([]), "broken"),
    ],
)
def test_account_that_cannot_be_found_is_a_gap_in_everything(looked: Any, kind: str) -> None:
    assert gaps(night(script(lookup=looked))) == {(facet, kind) for facet in EVERYWHERE}


def test_lookup_that_fails_marks_nothing_as_gone() -> None:
    found = night(script(several=answer({"error": "x"}, 503)), known=[known("7")])
    assert (gone(found), gaps(found)) == ({}, {("posts", "broken")})


def test_limit_stops_the_threads_of_the_night() -> None:
    posts = [status(str(n), replies_count=1) for n in range(10)]
    limited = answer({"error": "Too many requests"}, 429)
    service = script(list=answer(posts, link="x"), context=limited)
    assert gaps(night(service)) == {("comments", "rate_limited")}
    assert service.calls(CONTEXT) == 1


@pytest.mark.parametrize(
    ("handle", "url", "right"),
    [
        ("name@server.example", None, True),
        ("@name@server.example", None, True),
        ("name", "https://server.example", True),
        ("name", None, False),
        ("na me@server.example", None, False),
        ("name@server.example", "server.example", False),
    ],
)
def test_handle_in_the_registry(handle: str, url: str | None, right: bool) -> None:
    account = Account(account_id="a", platform="mastodon", handle=handle, url=url, unit="U")
    assert (locate(account) is None) is right
