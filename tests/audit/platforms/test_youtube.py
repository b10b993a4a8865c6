"""YouTube: kinds of items, what is left out rather than zero, and what a night does."""

from __future__ import annotations

from typing import Any

import pytest

from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.record import CommentRecord, GapRecord, NoRecord, PostRecord, ProfileRecord
from audit.platforms.answers.youtube import read
from audit.platforms.youtube import PLATFORM, locate
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

ME, YOU = "UC" + "m" * 22, "UC" + "y" * 22
KEY = "AIza-that-nobody-may-see"


def name(number: int) -> str:
    """Return an id as long as those of videos."""
    return f"v{number:010}"


def video(number: int = 1, **more: Any) -> dict[str, Any]:
    snippet = {
        "channelId": ME, "title": "Talk #Health", "description": "See https://a.example/x. #Campus",
        "publishedAt": "2026-10-10T09:00:00Z", **more.pop("snippet", {}),
    }  # fmt: skip
    return {"kind": "youtube#video", "id": name(number), "snippet": snippet, **more}


def listed(number: int, when: str | None = "2026-10-10T09:00:00Z", **snippet: Any) -> Any:
    content = {"videoId": name(number), **({"videoPublishedAt": when} if when else {})}
    shown = {"title": "T", "publishedAt": "2020-01-01T00:00:00Z", "channelId": ME, **snippet}
    return {"kind": "youtube#playlistItem", "id": "x", "snippet": shown, "contentDetails": content}


def comment(key: str, author: str = YOU, **snippet: Any) -> dict[str, Any]:
    said = {
        "authorChannelId": {"value": author}, "authorDisplayName": "Somebody",
        "textDisplay": "Hi", "publishedAt": "2026-10-10T10:00:00Z", "likeCount": 0,
        "updatedAt": "2026-10-10T10:00:00Z", **snippet,
    }  # fmt: skip
    return {"kind": "youtube#comment", "id": key, "snippet": said}


def thread(key: str, answers: int = 0, shown: int = 0, **snippet: Any) -> dict[str, Any]:
    replies = [comment(f"{key}.{n}", parentId=key) for n in range(shown)]
    return {
        "kind": "youtube#commentThread",
        "id": key,
        "snippet": {
            "videoId": name(1), "channelId": ME, "totalReplyCount": answers,
            "topLevelComment": comment(key, **snippet),
        },
        **({"replies": {"comments": replies}} if replies else {}),
    }  # fmt: skip


def items(*held: Any, **body: Any) -> Any:
    return answer({"kind": "youtube#x", "items": list(held), **body})


def one(entry: dict[str, Any], **how: Any) -> Any:
    (found,) = read(items(entry), **how)
    return found


def test_video() -> None:
    found = one(
        video(
            statistics={"viewCount": "12", "likeCount": "0"},
            contentDetails={
                "caption": "false",
                "duration": "PT1H2M3S",
                "contentRating": {"ytRating": "ytAgeRestricted"},
            },
            snippet={"defaultAudioLanguage": "en"},
        )
    )
    assert (found.title, found.hashtags) == ("Talk #Health", ("Health", "Campus"))
    assert found.links == ("https://a.example/x",)
    assert (found.media[0].has_captions, found.media[0].duration) == (False, 3723.0)
    assert (found.sensitive, found.language) == (True, "en")
    # Numbers are texts; one that is left out is hidden, not zero.
    assert (found.metrics.views, found.metrics.likes, found.metrics.comments) == (12, 0, None)
    bare = one(video())
    assert (bare.media[0].has_captions, bare.sensitive) == (None, None)
    assert one(video(contentDetails={"caption": "true"})).media[0].has_captions is True


def test_time_in_a_playlist_is_not_that_of_the_video() -> None:
    assert str(one(listed(1)).created_at) == "2026-10-10 09:00:00+00:00"
    assert one(listed(1, None)).created_at is None
    assert isinstance(one(listed(1, None, title="Private video")), NoRecord)


def test_channel() -> None:
    found = one(
        {
            "kind": "youtube#channel", "id": ME,
            "snippet": {"title": "Mine", "customUrl": "@mine", "description": "https://m.example"},
            "statistics": {"subscriberCount": "5", "hiddenSubscriberCount": True,
                           "videoCount": "3"},
            "status": {"privacyStatus": "public"},
        }
    )  # fmt: skip
    assert isinstance(found, ProfileRecord)
    assert (found.handle, found.links) == ("mine", ("https://m.example",))
    assert (found.followers, found.posts_count, found.locked) == (None, 3, False)


@pytest.mark.parametrize(
    ("shown", "plain", "text"),
    [
        ("a &lt; b<br>c <a href='https://x'>x</a>", False, "a < b\nc x"),
        ("a < b & c", False, "a < b & c"),
        ("<br> &amp; as written", True, "<br> &amp; as written"),
    ],
)
def test_comment_as_html_or_plain(shown: str, plain: bool, text: str) -> None:
    found = one(comment("c", textDisplay=shown), plain=plain)
    assert (found.text, found.edited_at, found.likes) == (text, None, 0)


def test_thread() -> None:
    top, answer_ = read(items(thread("c", 3, 1, updatedAt="2026-10-11T00:00:00Z")))
    assert isinstance(top, CommentRecord)
    assert isinstance(answer_, CommentRecord)
    assert (top.post_id, top.replies_count, top.author) == (name(1), 3, "public")
    assert str(top.edited_at) == "2026-10-11 00:00:00+00:00"
    assert (answer_.parent_id, answer_.post_id) == ("c", name(1))
    own = next(read(items(thread("c", authorChannelId={"value": ME}))))
    assert isinstance(own, CommentRecord)
    assert own.author == "account"


def error(reason: str, status: int = 403, **headers: str) -> Any:
    body = {"error": {"code": status, "message": f"no {YOU}", "errors": [{"reason": reason}]}}
    return answer(body, status, **headers)


@pytest.mark.parametrize(
    ("got", "kind", "wait"),
    [
        # Summer and winter in California, and a day of 25 hours between them.
        (error("quotaExceeded", date="Sat, 10 Oct 2026 06:00:00 GMT"), "rate_limited", 3600.0),
        (error("quotaExceeded", date="Sun, 01 Nov 2026 07:30:00 GMT"), "rate_limited", 88200.0),
        (error("dailyLimitExceeded"), "rate_limited", None),
        (error("rateLimitExceeded", date="Sat, 10 Oct 2026 06:00:00 GMT"), "rate_limited", None),
        (error("forbidden"), "denied", None),
        (error("keyInvalid", 400), "denied", None),
        (error("videoNotFound", 404), "not_found", None),
        (error("backendError", 503), "broken", None),
        (error("badRequest", 400), "broken", None),
        (answer({"error": {"code": 403, "status": "PERMISSION_DENIED"}}, 403), "denied", None),
        (answer({"error": {"code": 400, "errors": [{"reason": "badRequest"}],
                           "details": [{"reason": "API_KEY_INVALID"}]}}, 400), "denied", None),
        (answer({"error": "invalid_grant"}, 400), "denied", None),
        (answer("<html>", 502), "broken", None),
    ],
)  # fmt: skip
def test_what_went_wrong(got: Any, kind: str, wait: float | None) -> None:
    (found,) = read(got)
    assert isinstance(found, GapRecord)
    assert (found.kind, found.retry_after) == (kind, wait)
    assert YOU not in found.reason


def test_comments_that_are_turned_off_are_no_error() -> None:
    (found,) = read(error("commentsDisabled"))
    assert found == NoRecord(what="comments that are turned off")


CHANNEL = {
    "kind": "youtube#channel", "id": ME,
    "contentDetails": {"relatedPlaylists": {"uploads": "UU1"}},
}  # fmt: skip
EVERYWHERE = ("profile", "posts", "comments")


def looked(_: str, params: dict[str, Any]) -> Any:
    return items(*(video(int(one[1:])) for one in params["id"].split(",")))


def script(**answers: Any) -> Script:
    well = {
        "channels": items(CHANNEL),
        "playlistItems": items(listed(1)),
        "videos": looked,
        "commentThreads": items(),
        "comments": items(),
    }
    return Script({**well, **answers})


def night(service: Script, **more: Any) -> list[Any]:
    found = gather(PLATFORM, service, **{"handle": "mine", "token": KEY, **more})
    assert KEY not in repr(found)
    assert all(KEY not in url + str(params) for url, params, _ in service.asked)
    return found


def ids(found: list[Any]) -> list[str]:
    return [x.post_id for x in found if isinstance(x, PostRecord)]


def test_without_a_key_nothing_is_asked() -> None:
    service = script()
    assert gaps(night(service, token=None)) == {(facet, "denied") for facet in EVERYWHERE}
    assert service.asked == []


@pytest.mark.parametrize(
    ("credential", "sent"),
    [(KEY, {"X-Goog-Api-Key": KEY}), ("ya29.x", {"Authorization": "Bearer ya29.x"})],
)
def test_credential_goes_in_a_header(credential: str, sent: dict[str, str]) -> None:
    service = script()
    night(service, token=credential)
    assert [headers for *_, headers in service.asked] == [sent] * len(service.asked)


@pytest.mark.parametrize(("handle", "asked"), [("mine", {"forHandle": "@mine"}), (ME, {"id": ME})])
def test_channel_by_handle_or_id(handle: str, asked: dict[str, str]) -> None:
    service = script()
    night(service, handle=handle)
    assert asked.items() <= service.asked[0][1].items()


def test_one_old_video_among_new_ones_does_not_end_the_reading() -> None:
    old = "2026-09-01T00:00:00Z"
    pages = [
        # A video that was scheduled long ago stands above a newer one.
        items(listed(9), listed(8, old), nextPageToken="a"),
        items(listed(7), nextPageToken="b"),
        items(listed(6, old), nextPageToken="c"),
        items(listed(5)),
    ]
    service = script(playlistItems=pages)
    assert ids(night(service)) == [name(9), name(7)]
    assert service.calls("playlistItems") == 3
    assert service.calls("videos") == 1


def test_video_counts_from_when_it_became_public() -> None:
    late = video(1, snippet={"publishedAt": "2026-11-05T00:00:00Z"})
    assert ids(night(script(videos=items(late)))) == []


def test_videos_are_asked_for_in_fifties() -> None:
    uploaded = items(*(listed(n) for n in range(120)))
    service = script(playlistItems=uploaded)
    assert len(ids(night(service))) == 120
    sizes = [len(params["id"].split(",")) for url, params, _ in service.asked if "videos" in url]
    assert sizes == [50, 50, 20]


def test_vanished_videos_and_comments() -> None:
    items_ = [known(name(2)), known("Ug2", comment=True), known("Ug3.x")]
    found = night(script(videos=items(video(1)), comments=items(comment("Ug2"))), known=items_)
    assert gone(found) == {name(2): "deleted or private", "Ug3.x": "deleted or private"}
    assert any(isinstance(x, CommentRecord) and x.comment_id == "Ug2" for x in found)


def test_answers_beyond_those_that_came_with_the_thread() -> None:
    threads = items(thread("c", answers=3, shown=1), thread("d", answers=1, shown=1), thread("e"))
    rest = [
        items(comment("c.0", parentId="c"), comment("c.1", parentId="c"), nextPageToken="n"),
        items(comment("c.2", parentId="c")),
    ]
    service = script(commentThreads=threads, comments=rest)
    found = {x.comment_id: x for x in night(service) if isinstance(x, CommentRecord)}
    assert found.keys() == {"c", "c.0", "c.1", "c.2", "d", "d.0", "e"}
    assert {x.post_id for x in found.values()} == {name(1)}
    assert str(found["c.2"].permalink).endswith(f"{name(1)}&lc=c.2")
    assert [p["parentId"] for url, p, _ in service.asked if url.endswith("/comments")] == ["c", "c"]


def test_comments_that_are_off_or_none_are_no_gap() -> None:
    assert gaps(night(script(commentThreads=error("commentsDisabled")))) == set()
    assert gaps(night(script(commentThreads=error("videoNotFound", 404)))) == set()
    service = script(videos=items(video(1, statistics={"commentCount": "0"})))
    night(service)
    assert service.calls("commentThreads") == 0


def test_quota_that_is_used_up_stops_the_night() -> None:
    service = script(playlistItems=error("quotaExceeded"))
    found = night(service, known=[known(name(2))])
    assert gaps(found) == {("posts", "rate_limited"), ("comments", "rate_limited")}
    assert gone(found) == {}
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    ("channels", "kind"),
    [
        (items(), "not_found"),
        (error("keyInvalid", 400), "denied"),
        (TransientFetchError("no answer in time"), "broken"),
    ],
)
def test_channel_that_cannot_be_read_is_a_gap_in_everything(channels: Any, kind: str) -> None:
    assert gaps(night(script(channels=channels))) == {(facet, kind) for facet in EVERYWHERE}


def test_channel_without_videos() -> None:
    assert gaps(night(script(playlistItems=error("playlistNotFound", 404)))) == set()


@pytest.mark.parametrize(
    ("handle", "right"), [("@mine.news", True), (ME, True), ("a b", False), ("", False)]
)
def test_handle_in_the_registry(handle: str, right: bool) -> None:
    account = Account(account_id="a", platform="youtube", handle=handle, unit="U")
    assert (locate(account) is None) is right


def test_a_page_of_private_videos_alone_is_no_gap() -> None:
    service = script(playlistItems=items(listed(1, None, title="Private video")))
    assert gaps(night(service)) == set()
