"""What platforms say about accounts themselves: renamed, private, suspended, gone, replaced."""

from __future__ import annotations

from typing import Any

import pytest

from audit import catalogue
from audit.account_sight import sight
from audit.model.account import Account
from audit.model.life import AccountSight, AccountState
from audit.model.record import PostRecord, ProfileRecord, Record
from audit.response import Response
from tests.audit.platforms.script import Answer, Script, answer, gaps, gather

EVERYWHERE = ("profile", "posts", "comments")
PROBLEM = "https://api.x.com/2/problems/resource-not-found"


def night(
    name: str, answers: dict[str, Any], **more: Any
) -> tuple[AccountSight, list[Record], Script]:
    """Read an account of a platform, and say what was seen of it."""
    platform, script = catalogue.platform(name), Script(answers)
    records = gather(platform, script, **more)
    handle, url = more.get("handle", "a"), more.get("url")
    account = Account(account_id="a", platform=name, handle=handle, url=url, unit="Unit")
    return sight(account, "2026-10-30", records, hides=platform.hides), records, script


def denied(records: list[Record], *facets: str) -> None:
    assert {(facet, "denied") for facet in facets} <= gaps(records)
    assert not any(isinstance(one, PostRecord | ProfileRecord) for one in records)


# Bluesky

DID, OTHER = "did:plc:mine", "did:plc:other"
RESOLVE, PROFILE, FEED = "identity.resolveHandle", "actor.getProfile", "feed.getAuthorFeed"


def bluesky(resolved: Answer, profile: Answer, **more: Any) -> Any:
    answers = {RESOLVE: resolved, PROFILE: profile, FEED: answer({"feed": []})}
    return night("bluesky", answers, handle="old.test", **more)


def bsky_profile(handle: str, did: str = DID) -> Response:
    return answer({"did": did, "handle": handle, "followersCount": 1})


@pytest.mark.parametrize(
    ("error", "state"),
    [
        ("AccountDeactivated", "deactivated"),
        ("AccountTakedown", "suspended"),
        ("RepoSuspended", "suspended"),
    ],
)
def test_bluesky_says_why_an_account_is_not_there(error: str, state: str) -> None:
    seen, records, _ = bluesky(answer({"did": DID}), answer({"error": error}, 400))
    assert seen.state.value == state
    assert gaps(records) == {(facet, "not_found") for facet in EVERYWHERE}


def test_bluesky_that_finds_no_profile_says_no_reason() -> None:
    missing = answer({"error": "InvalidRequest", "message": "Profile not found"}, 400)
    assert bluesky(answer({"did": DID}), missing)[0].state is AccountState.ABSENT


def test_bluesky_finds_a_renamed_account_by_its_id() -> None:
    nobody = answer({"error": "InvalidRequest", "message": "Unable to resolve handle"}, 400)
    seen, records, _ = bluesky(nobody, bsky_profile("new.test"), platform_id=DID)
    assert (seen.state.value, seen.handle, seen.platform_id) == ("renamed", "new.test", DID)
    assert gaps(records) == set()
    unknown, _, _ = bluesky(nobody, bsky_profile("new.test"))
    assert unknown.state is AccountState.ABSENT


def test_bluesky_reads_nobody_else_under_the_old_name() -> None:
    seen, records, script = bluesky(
        answer({"did": OTHER}), bsky_profile("new.test"), platform_id=DID
    )
    assert (seen.state.value, seen.handle) == ("renamed", "new.test")
    assert seen.detail == "the registered name belongs to another account now"
    assert {params["actor"] for _, params, _ in script.asked if "actor" in params} == {DID}
    missing = answer({"error": "InvalidRequest", "message": "Profile not found"}, 400)
    seen, records, _ = bluesky(answer({"did": OTHER}), missing, platform_id=DID)
    assert seen.state is AccountState.REPLACED
    denied(records, *EVERYWHERE)


def test_bluesky_with_a_handle_that_does_not_lead_back_is_not_renamed() -> None:
    seen, _, _ = bluesky(answer({"did": DID}), bsky_profile("handle.invalid"))
    assert (seen.state.value, seen.detail) == ("active", "its handle does not lead back to it")


def test_bluesky_registered_by_its_id_is_never_renamed() -> None:
    answers = {PROFILE: bsky_profile("new.test"), FEED: answer({"feed": []})}
    assert night("bluesky", answers, handle=DID)[0].state is AccountState.ACTIVE


# Mastodon

LOOKUP, BY_ID = "accounts/lookup", "accounts/900"
SERVER = "https://m.test"


def masto(**more: Any) -> Response:
    body = {"id": "900", "acct": "a", "locked": False, **more}
    return Response(status=200, body=answer(body).body, url=f"{SERVER}/api/v1/accounts/900")


def mastodon(answers: dict[str, Answer], **more: Any) -> Any:
    lists = {"/statuses": answer([])}
    return night("mastodon", {**lists, **answers}, handle="a", url=SERVER, **more)


@pytest.mark.parametrize(
    ("found", "state", "handle"),
    [
        ({"suspended": True}, "suspended", None),
        ({"moved": {"id": "7", "acct": "b@n.test"}}, "merged", "b@n.test"),
        ({"moved": {"id": "7", "acct": "b"}}, "merged", "b@m.test"),
        ({"moved": None}, "active", "a"),
        # People who follow are let in one by one; what is public stays so.
        ({"locked": True}, "active", "a"),
        ({"limited": True}, "active", "a"),
    ],
)
def test_mastodon_tells_of_itself(found: dict[str, Any], state: str, handle: str | None) -> None:
    seen, _, _ = mastodon({LOOKUP: masto(**found)})
    assert (seen.state.value, seen.handle) == (state, handle)


def test_mastodon_once_answered_410_for_the_suspended() -> None:
    assert mastodon({LOOKUP: answer({"error": "Gone"}, 410)})[0].state is AccountState.SUSPENDED


def test_mastodon_is_asked_by_id_where_it_is_known() -> None:
    seen, _, script = mastodon({BY_ID: masto()}, platform_id="900")
    assert (seen.state.value, script.calls(LOOKUP)) == ("active", 0)


def test_mastodon_reads_nobody_else_under_the_old_name() -> None:
    missing = answer({"error": "Record not found"}, 404)
    seen, records, _ = mastodon({BY_ID: missing, LOOKUP: masto(id="901")}, platform_id="900")
    assert seen.state is AccountState.REPLACED
    denied(records, *EVERYWHERE)
    seen, records, _ = mastodon({BY_ID: missing, LOOKUP: missing}, platform_id="900")
    assert seen.state is AccountState.ABSENT


# X

BY_NAME, USER = "/2/users/by/username/a", "/2/users/900"


def x_user(key: str = "900", name: str = "a", **more: Any) -> Response:
    return answer({"data": {"id": key, "username": name, "protected": False, **more}})


def x_lost(detail: str) -> Response:
    title = "Forbidden" if "suspended" in detail else "Not Found Error"
    return answer({"errors": [{"detail": detail, "title": title, "type": PROBLEM}]})


def x(answers: dict[str, Answer], **more: Any) -> Any:
    lists = {"/tweets": answer({"meta": {"result_count": 0}})}
    return night("x", {**lists, **answers}, token="t", **more)


def test_x_tells_the_suspended_from_the_missing() -> None:
    assert x({BY_NAME: x_lost("User has been suspended: [a].")})[0].state.value == "suspended"
    seen, _, _ = x({BY_NAME: x_lost("Could not find user with username: [a].")})
    assert seen.state is AccountState.ABSENT


def test_x_with_protected_posts_is_private() -> None:
    assert x({BY_NAME: x_user(protected=True)})[0].state is AccountState.PRIVATE


def test_x_finds_a_renamed_account_by_its_id_and_searches_under_the_new_name() -> None:
    told = {"id": "1", "text": "Hi", "author_id": "900", "created_at": "2026-10-10T09:00:00Z",
            "public_metrics": {"reply_count": 2}}  # fmt: skip
    lists = {"/tweets": answer({"data": [told]}), "/search/recent": answer({"meta": {}})}
    seen, _, script = x({USER: x_user(name="b"), **lists}, platform_id="900")
    assert (seen.state.value, seen.handle) == ("renamed", "b")
    (query,) = [params["query"] for url, params, _ in script.asked if url.endswith("recent")]
    assert "-from:b " in query


def test_x_reads_nobody_else_under_the_old_name() -> None:
    missing = x_lost("Could not find user with id: [900].")
    seen, records, _ = x({USER: missing, BY_NAME: x_user("901")}, platform_id="900")
    assert seen.state is AccountState.REPLACED
    denied(records, *EVERYWHERE)
    suspended = x_lost("User has been suspended: [900].")
    seen, _, script = x({USER: suspended, BY_NAME: x_user("901")}, platform_id="900")
    assert (seen.state.value, script.calls(BY_NAME)) == ("suspended", 0)


# YouTube

CHANNEL = "UC" + "c" * 22


def youtube(channels: Any, playlists: Answer | None = None, **more: Any) -> Any:
    answers = {
        "/channels": channels,
        "/playlists": playlists or answer({"items": []}),
        "/playlistItems": answer({"items": []}),
    }
    return night("youtube", answers, token="key", handle="old", **more)


def channel(name: str = "@old", key: str = CHANNEL, privacy: str = "public") -> Response:
    return answer(
        {
            "items": [
                {
                    "kind": "youtube#channel",
                    "id": key,
                    "snippet": {"title": "T", "customUrl": name},
                    "status": {"privacyStatus": privacy},
                    "contentDetails": {"relatedPlaylists": {"uploads": "UU"}},
                }
            ]
        }
    )


def reason(word: str) -> Response:
    return answer({"error": {"code": 403, "errors": [{"reason": word}]}}, 403)


@pytest.mark.parametrize(
    ("word", "state"),
    [("channelClosed", "deleted"), ("channelSuspended", "suspended"), ("forbidden", "absent")],
)
def test_youtube_says_in_another_call_why_a_channel_is_absent(word: str, state: str) -> None:
    seen, records, _ = youtube(answer({"items": []}), reason(word), platform_id=CHANNEL)
    assert seen.state.value == state
    assert gaps(records) == {(facet, "not_found") for facet in EVERYWHERE}


def test_youtube_finds_a_renamed_channel_by_its_id() -> None:
    seen, _, script = youtube(channel("@new"), platform_id=CHANNEL)
    assert (seen.state.value, seen.handle) == ("renamed", "new")
    assert [params.get("id") for url, params, _ in script.asked if url.endswith("channels")] == [
        CHANNEL
    ]


def test_youtube_compares_handles_without_case() -> None:
    assert youtube(channel("@OLD"))[0].state is AccountState.ACTIVE


def test_youtube_reads_nobody_else_under_the_old_name() -> None:
    def channels(_: str, params: dict[str, Any]) -> Response:
        return answer({"items": []}) if "id" in params else channel(key="UC" + "d" * 22)

    seen, records, _ = youtube(channels, platform_id=CHANNEL)
    assert seen.state is AccountState.REPLACED
    denied(records, *EVERYWHERE)


def test_youtube_private_channel() -> None:
    assert youtube(channel(privacy="private"))[0].state is AccountState.PRIVATE


# Facebook, Instagram, Threads


def graph_error(code: int, message: str = "no", subcode: int | None = None) -> Response:
    error = {"code": code, "message": message, "error_subcode": subcode}
    return answer({"error": error}, 400)


def page(key: str = "111", name: str = "a") -> Response:
    return answer({"id": key, "username": name, "name": "Page"})


def test_facebook_page_that_was_merged() -> None:
    message = "(#21) Page ID 111 was migrated to page ID 222.  Please update your API calls"
    seen, records, _ = night("facebook", {"/a": graph_error(21, message)}, token="t")
    assert seen.state is AccountState.MERGED
    assert seen.detail == "the Page was merged into another one with the number 222 (code 21)"
    assert gaps(records) == {(facet, "not_found") for facet in EVERYWHERE}


def test_facebook_that_may_not_be_read_is_never_deleted() -> None:
    seen, _, _ = night("facebook", {"/a": graph_error(100, subcode=33)}, token="t")
    assert seen.state is AccountState.UNCLEAR
    seen, _, _ = night("facebook", {"/a": graph_error(803)}, token="t")
    assert seen.state is AccountState.ABSENT


def test_facebook_finds_a_renamed_page_by_its_number() -> None:
    answers = {"/111": page(name="b"), "/published_posts": answer({"data": []})}
    seen, records, _ = night("facebook", answers, token="t", platform_id="111")
    assert (seen.state.value, seen.handle, gaps(records)) == ("renamed", "b", set())


def test_facebook_reads_nobody_else_under_the_old_name() -> None:
    answers = {"/111": graph_error(100, subcode=33), "/a": page("222")}
    seen, records, _ = night("facebook", answers, token="t", platform_id="111")
    assert seen.state is AccountState.REPLACED
    denied(records, *EVERYWHERE)


def instagram(own: dict[str, str], answers: dict[str, Answer], **more: Any) -> Any:
    owned = {"data": [{"instagram_business_account": own, "id": "1"}]}
    return night(
        "instagram",
        {"me/accounts": answer(owned), "/media": answer({"data": []}), **answers},
        token="t",
        **more,
    )


def test_instagram_token_finds_its_renamed_account() -> None:
    own = {"id": "178411", "username": "b"}
    seen, _, _ = instagram(own, {"/178411": answer(own)}, platform_id="178411")
    assert (seen.state.value, seen.handle) == ("renamed", "b")


def test_instagram_stranger_does_not_take_another_account_for_the_registered_one() -> None:
    own = {"id": "178410", "username": "mine"}
    shown = answer({"business_discovery": {"id": "178419", "username": "a"}, "id": "178410"})
    seen, records, _ = instagram(own, {"/178410": shown}, platform_id="178411")
    assert seen.state is AccountState.REPLACED
    denied(records, *EVERYWHERE)
    seen, _, _ = instagram(own, {"/178410": shown}, platform_id="178419")
    assert seen.state is AccountState.ACTIVE


def test_threads_token_finds_its_renamed_account() -> None:
    answers = {"/me": answer({"id": "5", "username": "b"}), "threads": answer({"data": []})}
    answers["replies"] = answer({"data": []})
    seen, records, _ = night("threads", answers, token="t", platform_id="5")
    assert (seen.state.value, seen.handle, gaps(records)) == ("renamed", "b", set())


# LinkedIn, TikTok


def organisation(key: int = 7, name: str = "a") -> Response:
    return answer({"id": key, "vanityName": name, "localizedName": "Page"})


def test_linkedin_finds_a_renamed_page_by_its_number() -> None:
    answers = {"organizations/7": organisation(name="b"), "CREATED": answer({"elements": []})}
    seen, _, _ = night("linkedin", answers, token="t", platform_id="7")
    assert (seen.state.value, seen.handle) == ("renamed", "b")


def test_linkedin_reads_nobody_else_under_the_old_name() -> None:
    answers = {
        "organizations/7": answer({"status": 404, "message": "no"}, 404),
        "vanityName=a": answer({"elements": [{"id": 8, "vanityName": "a", "localizedName": "B"}]}),
    }
    seen, records, _ = night("linkedin", answers, token="t", platform_id="7")
    assert seen.state is AccountState.REPLACED
    denied(records, *EVERYWHERE)


def test_tiktok_tells_a_new_name_from_a_foreign_token() -> None:
    answers = {
        "/user/info/": answer(
            {"data": {"user": {"open_id": "o1", "username": "b"}}, "error": {"code": "ok"}}
        ),
        "/video/list/": answer({"data": {"videos": []}, "error": {"code": "ok"}}),
    }
    seen, _, _ = night("tiktok", answers, token="t", handle="aa", platform_id="o1")
    assert (seen.state.value, seen.handle) == ("renamed", "b")
    seen, _, _ = night("tiktok", answers, token="t", handle="aa", platform_id="o2")
    assert seen.state is AccountState.UNCLEAR


# Sites and feeds

RSS = b"<rss version='2.0'><channel><title>News</title><link>https://s.test</link></channel></rss>"


@pytest.mark.parametrize(
    ("moved_to", "state", "handle"),
    [
        ("https://new.test/feed", "renamed", "https://new.test/feed"),
        ("https://www.s.test/feed/", "active", None),
        (None, "active", None),
    ],
)
def test_feed_that_has_moved_for_good(moved_to: str | None, state: str, handle: str | None) -> None:
    found = Response(status=200, body=RSS, moved_to=moved_to)
    seen, _, _ = night("feed", {"/feed": found}, url="http://s.test/feed")
    assert (seen.state.value, seen.handle) == (state, handle)


@pytest.mark.parametrize(("status", "state"), [(410, "deleted"), (404, "absent"), (503, "unclear")])
def test_feed_that_is_not_there(status: int, state: str) -> None:
    seen, _, _ = night("feed", {"/feed": answer(b"", status)}, url="https://s.test/feed")
    assert seen.state.value == state


def test_site_that_has_moved_for_good() -> None:
    body = answer({"name": "S", "home": "https://new.test", "namespaces": []}).body
    root = Response(status=200, body=body, moved_to="https://new.test/wp-json/")
    lists = {"/posts": answer([]), "/comments": answer([])}
    seen, _, _ = night("wordpress", {"/wp-json/": root, **lists}, url="https://s.test/")
    assert (seen.state.value, seen.handle) == ("renamed", "https://new.test")
    moved = Response(status=200, body=body, moved_to="https://www.s.test/wp-json/")
    seen, _, _ = night("wordpress", {"/wp-json/": moved, **lists}, url="https://s.test")
    assert seen.state is AccountState.ACTIVE


@pytest.mark.parametrize(
    ("platform", "script", "more"),
    [
        ("x", {"/users/by/username/a": answer({"errors": [{"message": "no"}]}, 410)}, {}),
        ("linkedin", {"vanityName=a": answer({"status": 410, "message": "no"}, 410)}, {}),
        ("youtube", {"/channels": answer({"error": {"code": 410}}, 410)}, {}),
        ("facebook", {"/v25.0/a": answer({"error": {"message": "no"}}, 410)}, {}),
        ("wordpress", {"/wp-json/": answer("", 410)}, {"url": "https://s.test"}),
    ],
)
def test_a_call_that_was_switched_off_says_nothing_of_the_account(
    platform: str, script: dict[str, Answer], more: dict[str, str]
) -> None:
    """X answers 410 where an endpoint was turned off: docs.x.com, response codes."""
    seen, records, _ = night(platform, script, token="t", **more)  # noqa: S106
    assert seen.state in (AccountState.ABSENT, AccountState.UNCLEAR)
    assert {facet for facet, _ in gaps(records)} == set(EVERYWHERE)
