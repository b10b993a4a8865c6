"""What is answered about the accounts that anybody may read."""

from __future__ import annotations

from typing import Any

from audit.response import Response
from tests.audit.platforms import test_bluesky, test_feed, test_mastodon, test_wordpress
from tests.audit.platforms.script import answer
from tests.faults.scene import TOKEN, Params, Told


def bluesky_answers(path: str, params: Params, _: Any) -> Told:
    me, uri, view = test_bluesky.ME, test_bluesky.uri, test_bluesky.view
    call = path.rpartition(".")[2]
    if call == "resolveHandle":
        return "identity", answer({"did": me})
    if call == "getProfile":
        return "profile", answer({"did": me, "handle": "mine.test", "followersCount": 1})
    if call == "getAuthorFeed":
        number = "2" if params.get("cursor") else "1"
        posts = [{"post": view(number, replyCount=1)}]
        cursor = {} if params.get("cursor") else {"cursor": "next"}
        return f"posts {number}", answer({"feed": posts, **cursor})
    if call == "getPostThread":
        number = params["uri"][-1]
        below = view(
            f"9{number}", test_bluesky.YOU, record=test_bluesky.reply(uri(number), uri(number))
        )
        thread = {"post": view(number), "replies": [{"post": below}]}
        return f"comments {number}", answer({"thread": thread})
    return "again", answer({"posts": [_again(one) for one in params["uris"].split(",")]})


def _again(asked: str) -> dict[str, Any]:
    did, key = asked.split("/")[2], asked.rpartition("/")[2]
    post = test_bluesky.uri(key[-1])
    below = {} if did == test_bluesky.ME else {"record": test_bluesky.reply(post, post)}
    return test_bluesky.view(key, did, **below)


def bluesky_page(cursor: str, filled: bool) -> Response:
    posts = [{"post": test_bluesky.view("1", replyCount=0)}] if filled else []
    return answer({"feed": posts, "cursor": cursor})


def mastodon_answers(path: str, params: Params, _: Any) -> Told:
    status = test_mastodon.status
    if path.endswith(("/lookup", f"/accounts/{test_mastodon.ME}")):
        return "profile", answer({"id": test_mastodon.ME, "acct": "mine"})
    if "/accounts/" in path:
        if params.get("max_id"):
            return "posts 2", answer([status("1", replies_count=1)], link="<x>; rel=prev")
        listed = answer([status("2", replies_count=1)], link=_max_id("2"))
        return "posts 1", listed
    if path.endswith("/context"):
        number = path.split("/")[-2]
        below = status(f"9{number}", test_mastodon.YOU, in_reply_to_id=number)
        body = {"ancestors": [], "descendants": [below]}
        return ("comments 1" if number == "2" else "comments 2"), answer(body)
    return "again", answer([status("7")])


def _max_id(cursor: str) -> str:
    return f'<https://m.test/x?max_id={cursor}&access_token={TOKEN}>; rel="next"'


def mastodon_page(cursor: str, filled: bool) -> Response:
    return answer([test_mastodon.status("1")] if filled else [], link=_max_id(cursor))


def wordpress_answers(path: str, params: Params, _: Any) -> Told:
    post, comment, page = test_wordpress.post, test_wordpress.comment, params.get("page")
    if path.endswith("/wp-json/") or params.get("rest_route") == "/":
        return "profile", answer(test_wordpress.SITE)
    if path.endswith("/posts/7"):
        return "alone", answer(post(7))
    following = _page_link("2") if page == "1" else {}
    number = 1 if page == "1" else 2
    if path.endswith("/comments"):
        return f"comments {number}", answer([comment(90 + number)], **following)
    if "include" in params:
        return "again", answer([post(7)])
    if "modified_after" in params:
        return "posts 3", answer([])
    return f"posts {number}", answer([post(number)], **following)


def _page_link(cursor: str) -> dict[str, str]:
    return {"link": f'<https://s.example/wp-json/wp/v2/posts?page={cursor}>; rel="next"'}


def wordpress_page(cursor: str, filled: bool) -> Response:
    return answer([test_wordpress.post(1)] if filled else [], **_page_link(cursor))


def feed_answers(path: str, _: Params, __: Any) -> Told:
    if path != "/feed":
        number = path[-1]
        text = test_feed.rss(test_feed.item(f"https://s.example/{number}#comment-9{number}"))
        return f"comments {number}", answer(text)
    entries = [
        test_feed.item(one, f"<wfw:commentRss>https://s.example/{one}</wfw:commentRss>")
        for one in ("1", "2")
    ]
    return "feed", answer(test_feed.rss(*entries))


def plain_feed_answers(_: str, __: Params, ___: Any) -> Told:
    """A feed without comments, which may be asked for on condition."""
    return "feed", answer(
        test_feed.rss(test_feed.item("1"), test_feed.item("2")), etag='"1"', last_modified="x"
    )
