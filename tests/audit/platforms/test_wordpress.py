"""WordPress: answers of sites that are locked, old or odd."""

from __future__ import annotations

from typing import Any

import pytest

from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.record import CommentRecord, GapRecord, NoRecord, PostRecord, ProfileRecord
from audit.platforms.answers.wordpress import read
from audit.platforms.wordpress import MAX_ALONE, PLATFORM, locate
from audit.response import Response
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

SITE = {
    "name": "Campus &amp; News",
    "description": "Daily",
    "home": "https://s.example",
    "namespaces": [],
}


def post(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "date_gmt": "2026-10-10T09:00:00",
        "modified_gmt": "2026-10-10T09:00:00",
        "link": f"https://s.example/{number}/",
        "title": {"rendered": "Title"},
        "content": {"rendered": "<p>Text</p>", "protected": False},
        "author": 3,
        **more,
    }


def comment(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "post": 1,
        "parent": 0,
        "author": 0,
        "author_name": "Somebody",
        "date_gmt": "2026-10-11T09:00:00",
        "content": {"rendered": "<p>Words</p>"},
        "status": "approved",
        **more,
    }


def only(body: object, **more: Any) -> Any:
    (found,) = read(answer(body), **more)
    return found


def test_site() -> None:
    found = only(SITE)
    assert isinstance(found, ProfileRecord)
    assert (found.display_name, found.bio, found.account_id) == (
        "Campus & News",
        "Daily",
        "https://s.example",
    )


def test_edit_is_a_change_after_publication() -> None:
    assert only(post(1)).edited_at is None
    # A draft that was written long before it came out.
    assert only(post(1, modified_gmt="2026-09-01T00:00:00")).edited_at is None
    assert str(only(post(1, modified_gmt="2026-10-12T00:00:00")).edited_at).startswith("2026-10-12")


@pytest.mark.parametrize(
    ("embedded", "alt"),
    [
        ({"wp:featuredmedia": [{"alt_text": "A door", "media_type": "image"}]}, "A door"),
        ({"wp:featuredmedia": [{"alt_text": "", "media_type": "image"}]}, ""),
        ({"wp:featuredmedia": [{"code": "rest_forbidden", "data": {"status": 401}}]}, None),
        ({}, None),
    ],
)
def test_picture_on_top(embedded: dict[str, Any], alt: str | None) -> None:
    media = only(post(1, featured_media=8, _embedded=embedded)).media
    assert [one.alt_text for one in media] == [alt]
    assert only(post(1, featured_media=0, _embedded=embedded)).media == ()


def test_post_with_a_password_has_no_text() -> None:
    found = only(post(1, content={"rendered": "", "protected": True}))
    assert (found.text, found.title) == ("", "Title")


@pytest.mark.parametrize(
    ("fields", "authors", "writer"),
    [
        ({}, (), "public"),
        ({"author": 3}, (), "public"),
        ({"author": 3}, ("3",), "account"),
        ({"author": 0}, ("0",), "public"),
        ({"author": 3, "_embedded": {"author": [{"id": 3, "slug": "staff"}]}}, (), "account"),
        ({"author": 3, "_embedded": {"author": [{"code": "rest_user_cannot_view"}]}}, (), "public"),
    ],
)
def test_whose_comment_it_is(fields: dict[str, Any], authors: tuple[str, ...], writer: str) -> None:
    assert only([comment(7, **fields)], authors=authors).author == writer


def test_ids_and_times_of_a_comment() -> None:
    found = only([comment(9007199254740993, parent=5)])
    assert (found.comment_id, found.parent_id, found.post_id) == ("9007199254740993", "5", "1")
    assert str(found.created_at) == "2026-10-11 09:00:00+00:00"
    assert found.hidden is False


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (
            {"code": "rest_post_invalid_page_number", "message": "", "data": {"status": 400}},
            400,
            "end",
        ),
        ({"code": "rest_forbidden", "message": "", "data": {"status": 401}}, 0, "denied"),
        ({"code": "rest_login_required", "message": "", "data": {"status": 401}}, 0, "denied"),
        ({"code": "rest_no_route", "message": "", "data": {"status": 404}}, 404, "not_found"),
        ({"code": "rate_limit_exceeded", "message": ""}, 429, "rate_limited"),
        ("<html>Just a moment</html>", 403, "denied"),
        ("<html>Error establishing a database connection</html>", 500, "broken"),
        ("<html>Welcome</html>", 200, "broken"),
    ],
)
def test_errors(body: object, status: int, kind: str) -> None:
    (found,) = read(answer(body, status))
    assert isinstance(found, GapRecord)
    assert found.kind == kind


def test_feed_is_left_to_the_feed_platform() -> None:
    found = only(b'<?xml version="1.0"?><rss version="2.0"/>')
    assert isinstance(found, NoRecord)


def script(**answers: Any) -> Script:
    """Return a site on which all is well, but for ``answers``."""
    names = {"site": "/wp-json/", "posts": "/posts", "comments": "/comments"}
    well = {
        "/wp-json/": answer(SITE),
        "/posts": answer([]),
        "/comments": answer([]),
    }
    return Script({**well, **{names.get(name, name): value for name, value in answers.items()}})


def night(site: Script, **more: Any) -> list[Any]:
    return gather(PLATFORM, site, url="https://s.example/", **more)


def test_site_without_pretty_addresses_is_asked_by_parameter() -> None:
    def plain(_: str, params: dict[str, Any]) -> Any:
        route = params.get("rest_route")
        return answer(SITE if route == "/" else [post(1)] if route.endswith("posts") else [])

    site = Script({"/wp-json/": answer("<html>", 404), "s.example/": plain})
    found = night(site)
    assert gaps(found) == set()
    assert {one.post_id for one in found if isinstance(one, PostRecord)} == {"1"}


@pytest.mark.parametrize(
    ("answered", "kind"),
    [
        (answer({"code": "rest_disabled", "message": "", "data": {"status": 401}}, 401), "denied"),
        (answer("<html>", 404), "not_found"),
        (answer("<html>", 200), "broken"),
        (answer([post(1)]), "broken"),
        (answer("", 429), "rate_limited"),
        (TransientFetchError("no answer in time"), "broken"),
    ],
)
def test_site_that_cannot_be_read_is_a_gap_in_everything(answered: Any, kind: str) -> None:
    found = night(Script({"/": answered}), known=[known("1")])
    assert gaps(found) == {(facet, kind) for facet in ("profile", "posts", "comments")}
    assert gone(found) == {}


def test_pages_are_followed_to_the_end() -> None:
    link = '<https://s.example/wp-json/wp/v2/posts?per_page=100&page=2>; rel="next"'
    pages = {1: answer([post(1)], link=link), 2: answer([post(2)])}

    def listed(_: str, params: dict[str, Any]) -> Any:
        return pages[int(params["page"])] if "after" in params else answer([])

    found = night(script(posts=listed))
    assert [one.post_id for one in found if isinstance(one, PostRecord)] == ["1", "2"]


def test_list_that_shrinks_while_it_is_read_is_no_gap() -> None:
    link = '<https://s.example/wp-json/wp/v2/comments?page=2>; rel="next"'
    end = {"code": "rest_comment_invalid_page_number", "message": "", "data": {"status": 400}}
    site = script(comments=[answer([comment(1)], link=link), answer(end, 400)])
    assert gaps(night(site)) == set()


def test_old_post_edited_in_the_window_is_read_again() -> None:
    old = post(5, date_gmt="2026-01-01T00:00:00", modified_gmt="2026-10-20T00:00:00")
    untouched = post(6, date_gmt="2026-09-30T12:00:00", modified_gmt="2026-09-30T12:00:00")
    future = post(7, date_gmt="2026-11-05T00:00:00", modified_gmt="2026-11-05T00:00:00")

    def listed(_: str, params: dict[str, Any]) -> Any:
        return answer([old] if "modified_after" in params else [untouched, future])

    found = night(script(posts=listed))
    assert [one.post_id for one in found if isinstance(one, PostRecord)] == ["5"]


def test_comments_cannot_be_mistaken_for_posts() -> None:
    site = script(posts=answer([post(1)]), comments=answer([comment(1, parent=2, author=3)]))
    (found,) = (one for one in night(site) if isinstance(one, CommentRecord))
    assert (found.comment_id, found.parent_id, found.post_id) == ("comment-1", "comment-2", "1")
    assert found.author == "account"  # who wrote post 1


def test_what_vanished_is_asked_for_alone() -> None:
    forbidden = {"code": "rest_forbidden", "message": "", "data": {"status": 401}}
    missing = {"code": "rest_post_invalid_id", "message": "", "data": {"status": 404}}

    def listed(_: str, params: dict[str, Any]) -> Any:
        return answer([post(4)] if "include" in params else [])

    site = script(
        posts=listed,
        **{
            "/posts/1": answer(forbidden, 401),
            "/posts/2": answer(missing, 404),
            "/posts/3": answer("<html>", 502),
        },
    )
    found = night(site, known=[known(str(one)) for one in (1, 2, 3, 4)])
    assert gone(found) == {"1": "private", "2": "deleted"}
    assert gaps(found) == {("posts", "broken")}
    assert "4" in {one.post_id for one in found if isinstance(one, PostRecord)}


def test_many_known_items_are_asked_for_in_hundreds() -> None:
    asked: list[list[str]] = []

    def listed(_: str, params: dict[str, Any]) -> Any:
        ids = params["include"].split(",") if "include" in params else []
        asked.extend([ids] if ids else [])
        return answer([post(int(one)) for one in ids])

    found = night(script(posts=listed), known=[known(str(one)) for one in range(1000, 1250)])
    assert [len(ids) for ids in asked] == [100, 100, 50]
    assert gone(found) == {}


def test_comments_are_asked_for_by_their_own_numbers() -> None:
    asked = []

    def listed(_: str, params: dict[str, Any]) -> Any:
        asked.append(params.get("include"))
        return answer([comment(7)] if "include" in params else [])

    found = night(
        script(comments=listed),
        known=[known("comment-7", comment=True), known("comment-8", comment=True)],
    )
    assert asked[-1] == "7,8"
    assert gone(found) == {"comment-8": "deleted or not public"}


@pytest.mark.parametrize("blocked", [answer("<html>", 404), answer("<html>", 403)])
def test_call_that_a_guard_of_the_site_blocks_makes_nothing_gone(blocked: Response) -> None:
    route = {"code": "rest_no_route", "message": "", "data": {"status": 404}}
    site = script(**{"/posts/1": blocked, "/posts/2": answer(route, 404)})
    found = night(site, known=[known("1"), known("2")])
    assert gone(found) == {}
    assert {facet for facet, _ in gaps(found)} == {"posts"}


def test_list_that_brings_nothing_of_what_it_was_asked_for_is_no_proof() -> None:
    missing = {"code": "rest_comment_invalid_id", "message": "", "data": {"status": 404}}
    site = script(
        **{"/comments/1": answer(comment(1)), "/comments/2": answer(missing, 404)},
    )
    found = night(site, known=[known(f"comment-{one}", comment=True) for one in (1, 2)])
    assert gone(found) == {"comment-2": "deleted"}
    many = [known(str(one)) for one in range(100, 200)]
    lost = {"code": "rest_post_invalid_id", "message": "", "data": {"status": 404}}
    site = script(**{f"/posts/{one}": answer(lost, 404) for one in range(100, 200)})
    assert len(gone(night(site, known=many))) == MAX_ALONE


def test_lookup_that_fails_marks_nothing_as_gone() -> None:
    def listed(_: str, params: dict[str, Any]) -> Any:
        return answer("<html>", 502) if "include" in params else answer([])

    found = night(script(posts=listed), known=[known("1")])
    assert gone(found) == {}
    assert gaps(found) == {("posts", "broken")}


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("https://news.example", True),
        ("https://example/blog/", True),
        (None, False),
        ("news.example", False),
        ("https://news.example/?p=1", False),
    ],
)
def test_address_in_the_registry(url: str | None, right: bool) -> None:
    account = Account(account_id="a", platform="wordpress", handle="a", url=url, unit="U")
    assert (locate(account) is None) is right
