"""What is answered about the accounts on Meta's platforms and on LinkedIn."""

from __future__ import annotations

from typing import Any

from audit.response import Response
from tests.audit.platforms import test_facebook, test_instagram, test_linkedin, test_threads
from tests.audit.platforms.script import answer
from tests.faults.scene import LEAK, Params, Told


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
