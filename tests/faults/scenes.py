"""One account on every platform that is read over the network, and what is answered about it.

Each has two pages of posts, comments under both, on several pages where the platform has pages,
and an item that an earlier night saw. The answers are of the documented shapes, made by the
factories of the platforms' own tests.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

from audit.client import Response
from audit.platforms import (
    bluesky,
    facebook,
    feed,
    instagram,
    linkedin,
    mastodon,
    threads,
    tiktok,
    wordpress,
    x,
    youtube,
)
from audit.platforms.base import Known, Platform
from tests.audit.platforms import (
    test_bluesky,
    test_facebook,
    test_feed,
    test_instagram,
    test_linkedin,
    test_mastodon,
    test_threads,
    test_tiktok,
    test_wordpress,
    test_x,
    test_youtube,
)
from tests.audit.platforms.script import answer, known

TOKEN = "EAAB-t0ken-that-nobody-may-see"
LEAK = f"https://x.example/next?access_token={TOKEN}"
"""Where a platform writes an address with a token into its answers."""
Params = Mapping[str, str]
Told = tuple[str, Response]
"""The name of a call, and the answer when all is well."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scene:
    """An account, and the server that answers for it."""

    platform: Platform
    answers: Callable[[str, Params, Any], Told]
    """Of a path, its parameters and what was posted."""
    calls: dict[str, str]
    """The calls of a night in their order, by name; each with the initials of the facets that
    are lost when it fails (``p``, ``o`` for posts, ``c``)."""
    holds: dict[str, tuple[str, ...]]
    """The ids of the records that a call brings."""
    further: Callable[[str, bool], Response] | None
    """A page of the list of posts: the cursor of the next one, and whether it holds a post."""
    account: dict[str, str]
    token: str | None = TOKEN
    known: tuple[Known, ...] = ()
    through: str = ""
    """The call that brings the posts, where the list tells only their names."""


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
    return "again", answer({"posts": [view("7")]})


def bluesky_page(cursor: str, filled: bool) -> Response:
    posts = [{"post": test_bluesky.view("1", replyCount=0)}] if filled else []
    return answer({"feed": posts, "cursor": cursor})


def graph_list(entries: list[Any], after: str | None) -> Response:
    paging = {"cursors": {"after": after}, "next": LEAK} if after else {}
    return answer({"data": entries, "paging": paging})


def facebook_answers(path: str, params: Params, _: Any) -> Told:
    if path.endswith("/library"):
        return "profile", answer({"id": "1", "name": "Library"})
    if path.endswith("/published_posts"):
        number, after = ("6", None) if params.get("after") else ("5", "next")
        entry = test_facebook.post(number, **test_facebook.counted(1))
        return "posts 2" if number == "6" else "posts 1", graph_list([entry], after)
    if path.endswith("/1_5/comments"):
        number, after = ("92", None) if params.get("after") else ("91", "next")
        return f"comments {number[1]}", graph_list([test_facebook.remark(number)], after)
    if path.endswith("/comments"):
        return "comments 3", graph_list([test_facebook.remark("93", "6")], None)
    return "again", answer({"1_7": test_facebook.post("7")})


def facebook_page(cursor: str, filled: bool) -> Response:
    return graph_list([test_facebook.post("5", **test_facebook.counted(0))] * filled, cursor)


def instagram_answers(path: str, params: Params, _: Any) -> Told:
    mine = {"id": test_instagram.ME, "username": "library"}
    if path.endswith("/me/accounts"):
        return "identity", graph_list([{"instagram_business_account": mine}], None)
    if path.endswith(f"/{test_instagram.ME}"):
        return "profile", answer(mine)
    if path.endswith("/media"):
        number, after = ("6", None) if params.get("after") else ("5", "next")
        return "posts 2" if after is None else "posts 1", graph_list(
            [test_instagram.medium(number)], after
        )
    if path.endswith("/5/comments"):
        number, after = ("92", None) if params.get("after") else ("91", "next")
        cut = {"replies": {"data": [], "paging": {"next": LEAK}}} if after else {}
        entry = test_instagram.remark(number, **cut)
        return f"comments {number[1]}", graph_list([entry], after)
    if path.endswith("/comments"):
        return "comments 4", graph_list([test_instagram.remark("94")], None)
    if path.endswith("/replies"):
        return "comments 3", graph_list([test_instagram.remark("93")], None)
    return "again", answer({"id": "7"})


def instagram_page(cursor: str, filled: bool) -> Response:
    return graph_list([test_instagram.medium("5", comments_count=0)] * filled, cursor)


def linkedin_answers(path: str, params: Params, _: Any) -> Told:
    listed, start = test_linkedin.listed, int(params.get("start", 0))
    if path.endswith("/organizations"):
        return "profile", listed(test_linkedin.ORGANIZATION)
    if "/networkSizes/" in path:
        return "followers", answer({"firstDegreeSize": 42})
    if path.endswith("/posts") and "author" in params:
        entry = test_linkedin.post("6" if start else "5")
        return ("posts 2" if start else "posts 1"), listed(entry, start=start, more=not start)
    if path.endswith("/posts"):
        urn = "urn:li:share:7"
        return "again", answer({"results": {urn: test_linkedin.post("7")}, "errors": {}})
    if "share%3A5" in path:
        entry = test_linkedin.remark("92" if start else "91")
        name = "comments 2" if start else "comments 1"
        return name, listed(entry, start=start, more=not start)
    return "comments 3", listed(test_linkedin.remark("93"))


def linkedin_page(cursor: str, filled: bool) -> Response:
    links = [{"rel": "next", "href": LEAK, "type": "json"}]
    paging = {"start": int(cursor) - 100, "count": 100, "links": links}
    held = [test_linkedin.post("5")] if filled else []
    return answer({"elements": held, "paging": paging})


def mastodon_answers(path: str, params: Params, _: Any) -> Told:
    status = test_mastodon.status
    if path.endswith("/lookup"):
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


def threads_answers(path: str, params: Params, _: Any) -> Told:
    post, reply, after = test_threads.post, test_threads.reply, params.get("after")
    if path.endswith("/me"):
        return "profile", answer({"id": test_threads.ME, "username": "Library"})
    if path.endswith("/me/threads"):
        entry = post("6" if after else "5")
        return ("posts 2" if after else "posts 1"), graph_list([entry], None if after else "next")
    if path.endswith("/me/replies"):
        own = reply("8", root="70", is_reply_owned_by_me=True)
        return "posts 3", graph_list([own], None)
    if path.endswith("/5/conversation"):
        entry = reply("92" if after else "91")
        name = "comments 2" if after else "comments 1"
        return name, graph_list([entry], None if after else "next")
    if path.endswith("/conversation"):
        return "comments 3", graph_list([reply("93", root="6")], None)
    return "again", answer(post("7"))


def threads_page(cursor: str, filled: bool) -> Response:
    return graph_list([test_threads.post("5", has_replies=False)] * filled, cursor)


def tiktok_answers(path: str, _: Params, body: Any) -> Told:
    data, video = test_tiktok.data, test_tiktok.video
    if path.endswith("/user/info/"):
        return "profile", data(user={"open_id": "o", "username": "Mine"})
    if path.endswith("/video/query/"):
        return "again", data(videos=[video("7")])
    if body["cursor"] == 1791000000000:
        return "posts 2", data(videos=[video("2")], has_more=False, cursor=1790000000000)
    return "posts 1", data(videos=[video("1")], has_more=True, cursor=1791000000000)


def tiktok_page(cursor: str, filled: bool) -> Response:
    held = [test_tiktok.video("1")] if filled else []
    found: Response = test_tiktok.data(videos=held, has_more=True, cursor=int(cursor))
    return found


def wordpress_answers(path: str, params: Params, _: Any) -> Told:
    post, comment, page = test_wordpress.post, test_wordpress.comment, params.get("page")
    if path.endswith("/wp-json/") or params.get("rest_route") == "/":
        return "profile", answer(test_wordpress.SITE)
    following = _page_link("2") if page == "1" else {}
    if path.endswith("/comments"):
        return f"comments {page}", answer([comment(90 + int(page or 0))], **following)
    if "include" in params:
        return "again", answer([post(7)])
    if "modified_after" in params:
        return "posts 3", answer([])
    return f"posts {page}", answer([post(int(page or 0))], **following)


def _page_link(cursor: str) -> dict[str, str]:
    return {"link": f'<https://s.example/wp-json/wp/v2/posts?page={cursor}>; rel="next"'}


def wordpress_page(cursor: str, filled: bool) -> Response:
    return answer([test_wordpress.post(1)] if filled else [], **_page_link(cursor))


def x_answers(path: str, params: Params, _: Any) -> Told:
    entry = test_x.entry
    if "/users/by/" in path:
        described = {"id": test_x.ME, "username": "mine", "created_at": "x"}
        return "profile", answer({"data": described})
    if path.endswith(f"/{test_x.ME}/tweets"):
        listed = {"public_metrics": {"reply_count": 1}}
        if params.get("pagination_token"):
            return "posts 2", answer({"data": [entry("12", **listed)], "meta": {}})
        body = {"data": [entry("11", **listed)], "meta": {"next_token": "next"}}
        return "posts 1", answer(body)
    if path.endswith("/search/recent"):
        number, meta = ("92", {}) if params.get("next_token") else ("91", {"next_token": "n"})
        said = entry(number, test_x.YOU, conversation_id="11", in_reply_to_user_id=test_x.ME)
        return f"comments {number[1]}", answer({"data": [said], "meta": meta})
    ids = params["ids"].split(",")
    return "again", answer({"data": [entry(one, test_x.ME if one == "7" else test_x.YOU) for one in ids]})


def x_page(cursor: str, filled: bool) -> Response:
    held = {"data": [test_x.entry("11")]} if filled else {}
    return answer({**held, "meta": {"next_token": cursor, "result_count": int(filled)}})


def youtube_answers(path: str, params: Params, _: Any) -> Told:
    items, name, number = test_youtube.items, test_youtube.name, "1"
    call, page = path.rpartition("/")[2], params.get("pageToken")
    if call == "channels":
        return "profile", items(test_youtube.CHANNEL)
    if call == "playlistItems":
        if page:
            return "posts 2", items(test_youtube.listed(2))
        return "posts 1", items(test_youtube.listed(1), nextPageToken="next")
    if call == "videos":
        found = items(*(test_youtube.video(int(one[1:])) for one in params["id"].split(",")))
        return ("again" if name(7) in params["id"] else "posts 3"), found
    if call == "comments":
        return "comments 3", items(test_youtube.comment("91.0", parentId="91"))
    number = "4" if params["videoId"] == name(2) else "2" if page else "1"
    thread = test_youtube.thread(f"9{number}", answers=int(number == "1"))
    more = {"nextPageToken": "next"} if number == "1" else {}
    return f"comments {number}", items(thread, **more)


def youtube_page(cursor: str, filled: bool) -> Response:
    held = [test_youtube.listed(1)] if filled else []
    found: Response = test_youtube.items(*held, nextPageToken=cursor)
    return found


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


def _one(platform: Platform, **values: Any) -> Scene:
    return Scene(platform=platform, **{"further": None, "token": None, **values})


def _post(key: str) -> str:
    return test_bluesky.uri(key)


SCENES: dict[str, Scene] = {
    "bluesky": _one(
        bluesky.PLATFORM,
        answers=bluesky_answers,
        calls={"identity": "poc", "profile": "p", "posts 1": "o", "posts 2": "o",
               "comments 1": "c", "comments 2": "c", "again": "o"},
        holds={"profile": ("profile",), "posts 1": (_post("1"),), "posts 2": (_post("2"),),
               "comments 1": (test_bluesky.uri("91", test_bluesky.YOU),),
               "comments 2": (test_bluesky.uri("92", test_bluesky.YOU),), "again": (_post("7"),)},
        further=bluesky_page,
        account={"handle": "mine.test"},
        known=(known(_post("7")),),
    ),
    "facebook": _one(
        facebook.PLATFORM,
        answers=facebook_answers,
        calls={"profile": "p", "posts 1": "o", "posts 2": "o", "comments 1": "c",
               "comments 2": "c", "comments 3": "c", "again": "o"},
        holds={"profile": ("profile",), "posts 1": ("1_5",), "posts 2": ("1_6",),
               "comments 1": ("5_91",), "comments 2": ("5_92",), "comments 3": ("6_93",),
               "again": ("1_7",)},
        further=facebook_page,
        account={"handle": "library"},
        token=TOKEN,
        known=(known("1_7"),),
    ),
    "feed": _one(
        feed.PLATFORM,
        answers=feed_answers,
        calls={"feed": "poc", "comments 1": "c", "comments 2": "c"},
        holds={"feed": ("profile", "1", "2"), "comments 1": ("https://s.example/1#comment-91",),
               "comments 2": ("https://s.example/2#comment-92",)},
        account={"handle": "feed", "url": "https://s.example/feed"},
    ),
    "feed on condition": _one(
        feed.PLATFORM,
        answers=plain_feed_answers,
        calls={"feed": "poc"},
        holds={"feed": ("profile", "1", "2")},
        account={"handle": "feed", "url": "https://s.example/feed"},
    ),
    "instagram": _one(
        instagram.PLATFORM,
        answers=instagram_answers,
        calls={"identity": "poc", "profile": "p", "posts 1": "o", "posts 2": "o",
               "comments 1": "c", "comments 2": "c", "comments 3": "c", "comments 4": "c",
               "again": "o"},
        holds={"profile": ("profile",), "posts 1": ("5",), "posts 2": ("6",),
               "comments 1": ("91",), "comments 2": ("92",), "comments 3": ("93",),
               "comments 4": ("94",)},
        further=instagram_page,
        account={"handle": "library"},
        token=TOKEN,
        known=(known("7"),),
    ),
    "linkedin": _one(
        linkedin.PLATFORM,
        answers=linkedin_answers,
        calls={"profile": "poc", "followers": "p", "posts 1": "o", "posts 2": "o",
               "comments 1": "c", "comments 2": "c", "comments 3": "c", "again": "o"},
        holds={"profile": ("profile",), "posts 1": ("urn:li:share:5",),
               "posts 2": ("urn:li:share:6",),
               **{f"comments {n}": (f"urn:li:comment:({test_linkedin.THREAD},9{n})",)
                  for n in "123"}, "again": ("urn:li:share:7",)},
        further=linkedin_page,
        account={"handle": "library"},
        token=TOKEN,
        known=(known("urn:li:share:7"),),
    ),
    "mastodon": _one(
        mastodon.PLATFORM,
        answers=mastodon_answers,
        calls={"profile": "poc", "posts 1": "o", "posts 2": "o", "comments 1": "c",
               "comments 2": "c", "again": "o"},
        holds={"profile": ("profile",), "posts 1": ("2",), "posts 2": ("1",),
               "comments 1": ("92",), "comments 2": ("91",), "again": ("7",)},
        further=mastodon_page,
        account={"handle": "mine@m.test"},
        token=TOKEN,
        known=(known("7"),),
    ),
    "threads": _one(
        threads.PLATFORM,
        answers=threads_answers,
        calls={"profile": "poc", "posts 1": "o", "posts 2": "o", "posts 3": "o",
               "comments 1": "c", "comments 2": "c", "comments 3": "c", "again": "o"},
        holds={"profile": ("profile",), "posts 1": ("5",), "posts 2": ("6",), "posts 3": ("8",),
               "comments 1": ("91",), "comments 2": ("92",), "comments 3": ("93",),
               "again": ("7",)},
        further=threads_page,
        account={"handle": "library"},
        token=TOKEN,
        known=(known("7"),),
    ),
    "tiktok": _one(
        tiktok.PLATFORM,
        answers=tiktok_answers,
        calls={"profile": "p", "posts 1": "o", "posts 2": "o", "again": "o"},
        holds={"profile": ("profile",), "posts 1": ("1",), "posts 2": ("2",), "again": ("7",)},
        further=tiktok_page,
        account={"handle": "mine"},
        token=TOKEN,
        known=(known("7"),),
    ),
    "wordpress": _one(
        wordpress.PLATFORM,
        answers=wordpress_answers,
        calls={"profile": "poc", "posts 1": "o", "posts 2": "o", "posts 3": "o",
               "comments 1": "c", "comments 2": "c", "again": "o"},
        holds={"profile": ("profile",), "posts 1": ("1",), "posts 2": ("2",),
               "comments 1": ("comment-91",), "comments 2": ("comment-92",), "again": ("7",)},
        further=wordpress_page,
        account={"handle": "site", "url": "https://s.example/"},
        known=(known("7"),),
    ),
    "x": _one(
        x.PLATFORM,
        answers=x_answers,
        calls={"profile": "poc", "posts 1": "o", "posts 2": "o", "comments 1": "c",
               "comments 2": "c", "again": "o"},
        holds={"profile": ("profile",), "posts 1": ("11",), "posts 2": ("12",),
               "comments 1": ("91",), "comments 2": ("92",), "again": ("7",)},
        further=x_page,
        account={"handle": "mine"},
        token=TOKEN,
        # With a comment of an earlier night X's limit to seven days is no gap.
        known=(known("7"), known("91", comment=True), known("92", comment=True)),
    ),
    "youtube": _one(
        youtube.PLATFORM,
        answers=youtube_answers,
        calls={"profile": "poc", "posts 1": "o", "posts 2": "o", "posts 3": "o",
               "comments 1": "c", "comments 2": "c", "comments 3": "c", "comments 4": "c",
               "again": "o"},
        holds={"profile": ("profile",), "posts 1": (test_youtube.name(1),),
               "posts 2": (test_youtube.name(2),),
               "comments 1": ("91",), "comments 2": ("92",), "comments 3": ("91.0",),
               "comments 4": ("94",), "again": (test_youtube.name(7),)},
        further=youtube_page,
        account={"handle": "mine"},
        token=TOKEN,
        known=(known(test_youtube.name(7)),),
        through="posts 3",
    ),
}  # fmt: skip


def posted(body: bytes) -> Any:
    """Return what was posted."""
    return json.loads(body) if body else None
