"""Every recorded response of the platforms so far, as ``account-audit replay`` tells it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from audit.jobs.replay import replay
from tests.shared import shared

pytestmark = pytest.mark.recorded

EXPECTED: dict[str, dict[str, str]] = {
    "bluesky": {
        "appview_authorfeed_deactivated.json": "1 not_found",
        "appview_authorfeed_empty.json": "1 none",
        "appview_authorfeed_p1.json": "6 post 1 next_page",
        "appview_authorfeed_p2_cursor.json": "6 post 1 next_page",
        "appview_authorfeed_p3_last.json": "2 post",
        "appview_bad_limit.json": "1 broken",
        # Of 9 answers one is deleted, one hangs on it, and one writer has left.
        "appview_postthread.json": "1 post 7 comment",
        "appview_postthread_deleted.json": "1 not_found",
        "appview_profile.json": "1 profile",
        "appview_profile_deactivated.json": "1 not_found",
        "appview_resolvehandle.json": "1 none",
        "bsky_social_thread_with_media.json": "1 post",
        "pds_authorfeed_noauth.json": "1 denied",
        "pds_createsession_wrong_password_401.json": "1 denied",
        "pds_describerepo.json": "1 none",
        "pds_getprofile_noauth.json": "1 denied",
        "pds_listrecords_429.json": "1 rate_limited",
        "pds_listrecords_deactivated.json": "1 not_found",
        "pds_listrecords_empty.json": "1 none",
        "pds_listrecords_p1.json": "5 post 1 next_page",
        "pds_listrecords_ratelimit_headers.json": "1 post 1 next_page",
        "pds_listrecords_unknown_repo.json": "1 not_found",
        "pds_resolvehandle_unknown.json": "1 not_found",
    },
    "wordpress": {
        "comments_empty.json": "1 none",
        "comments_p1.json": "10 comment 1 next_page",
        "no_route_404.json": "1 not_found",
        "post_missing_404.json": "1 not_found",
        "post_password_protected.json": "1 post",
        "posts_empty_after_future.json": "1 none",
        "posts_last.json": "2 post",
        "posts_modified_after.json": "2 post",
        "posts_p1.json": "5 post 1 next_page",
        "posts_page_beyond_end_400.json": "1 end",
        "posts_per_page_101_400.json": "1 broken",
        "users.json": "1 none",
        # feeds of the same site, which the platform "feed" reads
        "comments_feed_rss.json": "1 none",
        "comments_feed_rss.xml": "1 none",
        "feed_304.json": "1 none",
        "feed_atom.json": "1 none",
        "feed_atom.xml": "1 none",
        "feed_rss.json": "1 none",
        "feed_rss.xml": "1 none",
    },
    "feed": {
        "comments_feed_rss.json": "10 comment",
        "comments_feed_rss.xml": "10 comment",
        "feed_304.json": "1 none",
        "feed_atom.json": "1 profile 10 post",
        "feed_atom.xml": "1 profile 10 post",
        "feed_rss.json": "1 profile 10 post",
        "feed_rss.xml": "1 profile 10 post",
        "encoding__big5.xml": "1 none",
        "encoding__double-encoded-html.xml": "1 post",
        "encoding__http_application_atom_xml_default.xml": "1 none",
        "illformed__http_high_bit_date.xml": "1 none",
        "illformed__undeclared_namespace.xml": "1 profile",
        "json_feed_example.json": "1 profile 2 post",
        "wellformed__atom10__entry_content_type.xml": "1 post",
        "wellformed__atom10__entry_link_rel_enclosure.xml": "1 post",
        "wellformed__atom10__entry_link_rel_enclosure_map_enclosure_length.xml": "1 post",
        "wellformed__atom10__entry_link_rel_enclosure_map_enclosure_url.xml": "1 post",
        "wellformed__atom10__entry_link_rel_enclosure_no_href.xml": "2 post",
        "wellformed__atom10__feed_title_content_type.xml": "1 profile",
        "wellformed__atom10__feed_title_content_type_text.xml": "1 profile",
        "wellformed__atom10__feed_title_escaped_markup.xml": "1 profile",
        "wellformed__atom10__feed_title_inline_markup.xml": "1 profile",
        "wellformed__lang__feed_xml_lang.xml": "1 profile",
        "wellformed__lang__feed_xml_lang_underscore.xml": "1 profile",
        "wellformed__rss__item_content_encoded_mode.xml": "1 post",
        "wellformed__rss__item_content_encoded_type.xml": "1 post",
        "wellformed__rss__item_dc_date_parsed.xml": "1 post",
        "wellformed__rss__item_enclosure_url.xml": "1 post",
        "wellformed__rss__item_guid_conflict_link.xml": "1 post",
        "wellformed__rss__item_guid_guidislink.xml": "1 post",
        "wellformed__rss__item_guid_map_link.xml": "1 post",
        "wellformed__rss__item_guid_not_permalink.xml": "1 post",
        "wellformed__rss__item_guid_not_permalink_not_guidislink.xml": "1 post",
        "wellformed__rss__item_guid_not_permalink_not_url.xml": "1 post",
        "wellformed__rss__item_pubDate_map_updated_parsed.xml": "1 post",
    },
    "x": {
        "docs_200_partial_errors.json": "1 post 1 not_found",
        "error_429_usage_cap.json": "1 rate_limited",
        "get_home_timeline.json": "98 post 1 next_page",
        "get_me.json": "1 profile",
        "get_tweets.json": "2 post",
        "get_user.json": "1 profile",
        "get_users_tweets.json": "2 post 1 next_page",
        "lookup_with_users.json": "2 post",
        "search_recent_tweets.json": "10 comment 1 next_page",
        "search_replies_expansions.json": "4 comment",
        "user_timeline_public_metrics.json": "5 post 1 next_page",
        "users_search.json": "23 profile 1 next_page",
    },
    "mastodon": {
        "account_statuses.json": "5 post 1 next_page",
        "account_statuses_2.json": "5 post 1 next_page",
        "account_statuses_3.json": "5 post 1 next_page",
        "context_empty.json": "1 none",
        "instance.json": "1 none",
        "lookup.json": "1 not_found",
        "lookup_2.json": "1 profile",
        "lookup_3.json": "1 profile",
        "public_timeline.json": "8 post 1 next_page",
        "status_card.json": "1 post",
        "status_edit.json": "1 none",
        "status_edit_2.json": "1 post",
        "status_edit_3.json": "1 none",
        "status_edit_4.json": "1 none",
        "status_missing_404.json": "1 not_found",
        "unauthorized_401.json": "1 denied",
    },
    "youtube": {
        "captions.json": "1 none",
        "channel.json": "1 profile",
        "commentthreads_p1.json": "5 comment 1 next_page",
        "commentthreads_p2.json": "5 comment",
        "empty_list.json": "1 none",
        "error_400_key_invalid.json": "1 denied",
        "error_403_quota_exceeded.json": "1 rate_limited",
        "playlistitems_p1.json": "10 post 1 next_page",
        "playlistitems_p2.json": "3 post",
        "replies_p1.json": "2 comment 1 next_page",
        "replies_p2.json": "1 comment",
        "videos.json": "2 post",
    },
    "tiktok": {
        "docs_error_401_access_token_invalid.json": "1 denied",
        "research_comments.json": "1 comment 1 next_page",
        "research_user.json": "1 profile",
    },
    "facebook": {
        "comments_p1.json": "10 comment 1 next_page",
        "comments_p2.json": "5 comment",
        "debug_token.json": "1 none",
        "error_100_permission.json": "1 denied",
        "error_190_463_expired.json": "1 denied",
        "error_4_app_rate_limit.json": "1 rate_limited",
        "feed_p1.json": "5 post 1 next_page",
        "feed_p2.json": "5 post",
        "long_lived_token.json": "1 none",
        "page_feed_recorded_1.json": "3 post",
        "page_feed_recorded_2.json": "25 post 1 next_page",
        "page_feed_recorded_3.json": "25 post 15 comment 1 next_page",
        "page_profile.json": "1 profile",
        "post.json": "1 post",
    },
    "instagram": {
        # This list never says whether it goes on; while it gives a cursor, it may.
        "business_discovery_p1.json": "2 post 1 next_page",
        "business_discovery_p2.json": "2 post 1 next_page",
        # parts of an album, which is a post of another answer
        "carousel_children.json": "1 none",
        "comment_replies.json": "1 comment",
        "comments_p1.json": "2 comment 1 next_page",
        "comments_p2.json": "2 comment",
        "media_insights.json": "1 none",
        "media_p1.json": "2 post 1 next_page",
        "media_p2.json": "2 post",
        "profile.json": "1 profile",
    },
    "threads": {
        "long_lived_token.json": "1 none",
        "post_insights.json": "1 none",
        "profile.json": "1 profile",
        "publishing_limit.json": "1 none",
        "replies.json": "1 comment",
        "threads_list.json": "1 post",
    },
    "linkedin": {
        "docs_429_throttle_in_decoration.json": "1 rate_limited",
        "error_401_revoked.json": "1 denied",
        "error_426_version.json": "1 broken",
        "organization.json": "1 profile",
    },
}
CASES = [(platform, name) for platform, names in EXPECTED.items() for name in names]


def path(platform: str, name: str) -> Path:
    """Return a recorded file; the feeds of a WordPress site lie with the site."""
    if platform != "feed":
        return shared("payloads", platform, name)
    return shared("payloads", "wordpress" if name in EXPECTED["wordpress"] else "feeds", name)


def told(platform: str, name: str) -> list[dict[str, Any]]:
    """Replay one file; every record has to be JSON."""
    unread: list[str] = []
    found = list(replay(platform, [path(platform, name)], unread.append))
    assert unread == []
    again: list[dict[str, Any]] = json.loads(json.dumps(found))
    return again


@pytest.mark.parametrize(("platform", "name"), CASES)
def test_file_is_read_as_what_it_is(platform: str, name: str) -> None:
    kinds = Counter(
        str(one.get("kind") if one["type"] == "gap" else one["type"])
        for one in told(platform, name)
    )
    assert " ".join(f"{count} {kind}" for kind, count in kinds.items()) == EXPECTED[platform][name]


@pytest.mark.parametrize(
    "folder",
    [
        "bluesky", "wordpress", "feeds", "facebook", "instagram", "threads", "linkedin",
        "x", "mastodon", "youtube", "tiktok",
    ],
)  # fmt: skip
def test_no_file_is_left_out(folder: str) -> None:
    names = {name for names in EXPECTED.values() for name in names}
    assert {file.name for file in shared("payloads", folder).iterdir()} <= names


@pytest.mark.parametrize("name", EXPECTED["bluesky"])
def test_nobody_of_the_public_is_named(name: str) -> None:
    found = told("bluesky", name)
    own = {one.get("account_id") for one in found if one["type"] in ("post", "profile")}
    printed = json.dumps(found, ensure_ascii=False)
    in_file = set(re.findall(r"did:[a-z]+:[a-z0-9]+", path("bluesky", name).read_text()))
    assert not [did for did in in_file - own if did in printed]
    for handle in ("bob.test", "carla.test", "gone.test"):
        assert handle not in printed


@pytest.mark.parametrize(
    ("platform", "name"),
    [("wordpress", "comments_p1.json"), ("feed", "comments_feed_rss.json")],
)
def test_commenters_are_not_named(platform: str, name: str) -> None:
    printed = json.dumps(told(platform, name))
    assert "Reader" not in printed
    assert "gravatar.com/avatar" not in printed


def test_details_of_bluesky() -> None:
    feed = [
        one
        for number in ("p1", "p2_cursor", "p3_last")
        for one in told("bluesky", f"appview_authorfeed_{number}.json")
        if one["type"] == "post"
    ]
    by_text = {one["text"].partition(":")[0]: one for one in feed}
    assert [one["alt_text"] for one in by_text["Notice 2"]["media"]] == ["A chart of rainfall", ""]
    assert by_text["Notice 3"]["card"] == "Story\nAbout"
    assert by_text["Notice 4"]["sensitive"] is True
    assert by_text["Notice 5"]["kind"] == "quote"
    assert by_text["Notice 6"]["language"] == "fr"
    assert by_text["Notice 7"]["created_at"].startswith("2026-11-22")  # it says 2031
    assert by_text["reply 1"]["kind"] == "repost"
    assert by_text["agency answers"]["kind"] == "reply"
    assert by_text["agency answers"]["in_reply_to_id"].startswith("at://public/")
    assert by_text["Notice 1"]["links"] == ["https://example.org/n/1"]
    thread = told("bluesky", "appview_postthread.json")
    assert Counter(one.get("author") for one in thread if one["type"] == "comment") == {
        "public": 6,
        "account": 1,
    }
    limited = told("bluesky", "pds_listrecords_429.json")[0]
    assert (limited["status"], limited["retry_after"]) == (429, 272.0)


def test_details_of_wordpress() -> None:
    first = told("wordpress", "comments_p1.json")
    assert first[2]["parent_id"] == "2"
    assert first[-1] == {"type": "next_page", "cursor": "2"}
    edited = told("wordpress", "posts_modified_after.json")[0]
    assert edited["edited_at"] == "2026-01-15T08:00:00Z"
    assert edited["title"] == "Post 9: café & naïve — «тест»"
    assert edited["links"] == ["https://example.org/9"]
    assert edited["text"].endswith("Second half, emoji 😀.")


def test_details_of_feeds() -> None:
    for name in ("feed_rss.json", "feed_atom.json"):
        post = told("feed", name)[2]
        assert post["title"] == "Post 23: café & naïve — «тест»"
        assert post["text"].endswith("Second half, emoji 😀.")
        assert post["created_at"] == "2026-01-24T08:00:00Z"
        assert post["media"] == []
    answer = told("feed", "comments_feed_rss.json")[2]
    assert answer["text"] == "Comment 12 ok"
    assert answer["parent_id"].endswith("#comment-2")
    video = told("feed", "json_feed_example.json")[1]
    assert video["media"][0]["type"] == "video"


def test_details_of_x() -> None:
    replies = told("x", "search_replies_expansions.json")
    assert {one["post_id"] for one in replies} == {
        "1275653067283759104", "1273733248749690880", "1274086728471461889",
    }  # fmt: skip
    assert "happycamper/status" not in json.dumps(replies)
    cap = told("x", "error_429_usage_cap.json")[0]
    assert (cap["status"], cap["retry_after"]) == (429, None)
    metrics = told("x", "user_timeline_public_metrics.json")[0]["metrics"]
    assert (metrics["shares"], metrics["comments"], metrics["views"]) == (10, 2, None)


def test_details_of_mastodon() -> None:
    first = told("mastodon", "account_statuses.json")
    assert first[-1] == {"type": "next_page", "cursor": "117020580489281910"}
    assert (first[0]["text"], first[0]["sensitive"]) == ("Toot number 9!", True)
    edited = told("mastodon", "status_edit_2.json")[0]
    assert edited["edited_at"] == "2026-08-01T13:54:00.695000Z"
    mixed = told("mastodon", "public_timeline.json")
    assert mixed[6]["poll"] == ["four twenty", "sixty-nine"]
    assert mixed[4]["links"] == []  # it mentions somebody
    assert told("mastodon", "status_card.json")[0]["card"] == "Example Domain"


def test_details_of_youtube() -> None:
    assert told("youtube", "commentthreads_p1.json")[0]["text"] == "Google.com"
    assert told("youtube", "replies_p2.json")[0]["parent_id"] == "Ugw5zYU6n9pmIgAZWvN4AaABAg"
    channel = told("youtube", "channel.json")[0]
    assert (channel["handle"], channel["followers"]) == ("googledevelopers", 1927873)
    video = told("youtube", "videos.json")[0]
    assert (video["created_at"], video["language"]) == ("2019-03-21T20:37:49Z", "en")
    listed = told("youtube", "playlistitems_p2.json")[0]
    assert listed["post_id"] == "6aSG8SdvkoU"


def test_details_of_tiktok() -> None:
    comment = told("tiktok", "research_comments.json")[0]
    assert comment["comment_id"] == "12345616934634134"
    assert (comment["post_id"], comment["parent_id"]) == (
        "1234563451201523412",
        "1234561201524010",
    )
    assert comment["created_at"] == "2022-12-19T23:13:18Z"


def test_details_of_facebook() -> None:
    thread = told("facebook", "page_feed_recorded_3.json")
    assert Counter(one["author"] for one in thread if one["type"] == "comment") == {
        "public": 13,
        "account": 2,
    }
    picture = thread[0]
    assert (picture["text"], picture["media"][0]["type"]) == ("", "image")
    answer = told("facebook", "comments_p1.json")[5]
    assert answer["parent_id"] == "10158407654328553_10158407903973553"
    assert told("facebook", "feed_p1.json")[-1]["cursor"] == "until=1624385168"
    for name in EXPECTED["facebook"]:
        printed = json.dumps(told("facebook", name))
        assert "access_token" not in printed
        assert "MASKED" not in printed


def test_details_of_instagram() -> None:
    album = told("instagram", "media_p2.json")[0]
    assert [one["type"] for one in album["media"]] == ["image", "image", "video"]
    assert (album["text"], album["metrics"]["likes"], album["edited_at"]) == ("ALBUM", 1, None)
    assert told("instagram", "media_p1.json")[0]["text"] == ""  # it has no caption
    assert told("instagram", "business_discovery_p1.json")[-1]["cursor"] == "after"


def test_details_of_threads() -> None:
    post = told("threads", "threads_list.json")[0]
    assert post["poll"] == ["first", "second", "third", "fourth"]
    assert (post["permalink"], post["metrics"]["comments"]) == (None, 0)
    assert told("threads", "replies.json")[0]["author"] == "public"


def test_details_of_linkedin() -> None:
    page = told("linkedin", "organization.json")[0]
    assert (page["handle"], page["display_name"]) == ("oursource", "Testing Company")
    assert page["created_at"].startswith("2023-01-20T14:47:21")
    assert "20250201" in told("linkedin", "error_426_version.json")[0]["reason"]
