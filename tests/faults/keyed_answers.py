"""What is answered about the accounts on TikTok, X and YouTube."""

from __future__ import annotations

from typing import Any

from audit.response import Response
from tests.audit.platforms import test_tiktok, test_x, test_youtube
from tests.audit.platforms.script import answer
from tests.faults.scene import Params, Told


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
    return "again", answer(
        {"data": [entry(one, test_x.ME if one == "7" else test_x.YOU) for one in ids]}
    )


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
