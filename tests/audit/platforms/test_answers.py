"""What mappings share, and that no answer, however odd, makes one stumble."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import catalogue
from audit.model.record import Record
from audit.platforms.answers import gaps, loose
from audit.platforms.answers.markup import plain, read_markup
from tests.audit.platforms.script import answer


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>One\n  two<br/>three</p>", "One two\nthree"),
        ("<b>Bo</b>ld &amp; <i>it</i>", "Bold & it"),
        ("<ul><li>A</li><li>B</li></ul>", "A\nB"),
        ("<table><tr><td>A</td><td>B</td></tr></table>", "A B"),
        ("A<script>x()</script><style>y</style>B", "AB"),
        ("<pre>a\nb</pre>", "a\nb"),
        ('Hi <img class="emoji" alt="😀" src="x">', "Hi 😀"),
        ("a < b & c", "a < b & c"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("<!-- no --><p>yes</p>", "yes"),
        ("https://alone.example/x?a=1&b=2", "https://alone.example/x?a=1&b=2"),
        ("picture.png", "picture.png"),
        ("", ""),
    ],
)
def test_html_as_text(html: str, text: str) -> None:
    assert read_markup(html).text == text


def test_media_and_links_in_html() -> None:
    found = read_markup(
        '<a href="/a">x</a><a href="#top">y</a><a href="/a">z</a>'
        '<img src="p.png" alt="P" width="10" height="auto"><img src="q.png">'
        '<video src="v.mp4"><track kind="captions"></video><video><source src="w.mp4"></video>'
        '<iframe src="https://v.example/1" title="Talk"></iframe>',
        "https://s.example/post/",
    )
    assert found.links == ("https://s.example/a",)
    assert [(one.type, one.alt_text, one.has_captions) for one in found.media] == [
        ("image", "P", None),
        ("image", "", None),
        ("video", None, True),
        ("video", None, False),
        ("embed", "Talk", None),
    ]
    assert found.media[0].url == "https://s.example/post/p.png"
    assert found.media[3].url == "https://s.example/post/w.mp4"
    assert (found.media[0].width, found.media[0].height) == (10, None)


def test_title_is_one_line() -> None:
    assert plain("A &amp; <em>B</em>\n C ") == "A & B C"
    assert plain("A & B") == "A & B"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-10-10T09:00:00Z", "2026-10-10 09:00:00+00:00"),
        ("2021-08-13T08:25:28+0000", "2021-08-13 08:25:28+00:00"),
        ("2026-10-10T09:00:00.123-07:00", "2026-10-10 16:00:00.123000+00:00"),
        ("2026-10-10T09:00:00", "None"),
        ("0001-01-01T00:00:00+14:00", "None"),
        ("never", "None"),
        (12, "None"),
        (None, "None"),
    ],
)
def test_moments(value: object, found: str) -> None:
    assert str(loose.moment(value)) == found


def test_moment_in_documented_utc() -> None:
    assert loose.moment("2026-10-10T09:00:00", assume_utc=True) == dt.datetime(
        2026, 10, 10, 9, tzinfo=dt.UTC
    )


def test_numbers_and_ids() -> None:
    assert [loose.count(one) for one in (3, "3", "", "x", True, None, "٣")] == [
        3, 3, None, None, None, None, None,
    ]  # fmt: skip
    assert [loose.identity(one) for one in (2**60, "a", "", True, None)] == [
        str(2**60), "a", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "30"}, 30.0),
        (
            {
                "retry_after": "Sat, 10 Oct 2026 09:01:00 GMT",
                "date": "Sat, 10 Oct 2026 09:00:00 GMT",
            },
            60.0,
        ),
        (
            {
                "retry_after": "Sat, 10 Oct 2026 08:00:00 GMT",
                "date": "Sat, 10 Oct 2026 09:00:00 GMT",
            },
            0.0,
        ),
        ({"retry_after": "Sat, 10 Oct 2026 09:01:00 GMT"}, None),
        ({"ratelimit_reset": "1791622830", "date": "Sat, 10 Oct 2026 09:00:00 GMT"}, 30.0),
        ({"ratelimit_reset": "9" * 30, "date": "Sat, 10 Oct 2026 09:00:00 GMT"}, None),
        (
            {"x_rate_limit_reset": "1791622830", "date": "Sat, 10 Oct 2026 09:00:00 UTC"},
            30.0,
        ),
        (
            {
                "x_ratelimit_reset": "2026-10-10T09:00:30.500000Z",
                "date": "Sat, 10 Oct 2026 09:00:00 GMT",
            },
            30.5,
        ),
        ({"x_ratelimit_reset": "2026-10-10T09:00:30Z"}, None),
        ({"x_ratelimit_reset": "later", "date": "Sat, 10 Oct 2026 09:00:00 GMT"}, None),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_time_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert gaps.retry_after(answer("", 429, **headers)) == seconds


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.just("2026-10-10T09:00:00Z"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)

POST = {
    "uri": "at://did:plc:a/app.bsky.feed.post/1",
    "author": {"did": "did:plc:a", "handle": "a.test"},
    "record": {
        "text": "x #y",
        "createdAt": "2026-10-10T09:00:00Z",
        "langs": ["en"],
        "tags": ["t"],
        "reply": {"root": {"uri": "at://did:plc:a/c/1"}, "parent": {"uri": "at://did:plc:b/c/1"}},
        "labels": {"values": [{"val": "porn"}]},
        "facets": [
            {
                "index": {"byteStart": 2, "byteEnd": 4},
                "features": [
                    {"$type": "x#tag", "tag": "y"},
                    {"$type": "x#link", "uri": "https://a"},
                ],
            }
        ],
        "embed": {
            "media": {"images": [{"alt": "a", "aspectRatio": {"width": 1}}], "video": {}},
            "record": {"record": {"uri": "at://x/app.bsky.feed.post/2"}},
            "external": {"uri": "https://x", "title": "t"},
        },
    },
    "embed": {"images": [{"fullsize": "https://i"}], "playlist": "https://p"},
    "labels": [{"val": "x"}],
    "indexedAt": "2026-10-10T09:00:00Z",
    "replyCount": 1,
}
SAMPLES: dict[str, list[Any]] = {
    "bluesky": [
        {
            "feed": [{"post": POST, "reason": {"$type": "x#reasonRepost", "by": {"did": "d"}}}],
            "cursor": "c",
        },
        {
            "thread": {"post": POST, "replies": [{"post": POST, "replies": []}]},
            "threadgate": {"record": {"hiddenReplies": []}},
        },
        {"posts": [POST]},
        {"records": [{"uri": POST["uri"], "value": POST["record"]}]},
        {
            "did": "d",
            "associated": {},
            "description": "d",
            "verification": {"verifiedStatus": "valid"},
        },
        {"error": "InvalidRequest", "message": "not found"},
    ],
    "wordpress": [
        [
            {
                "id": 1,
                "title": {"rendered": "t"},
                "content": {"rendered": "<p>c</p>"},
                "date_gmt": "x",
                "link": "l",
                "featured_media": 1,
                "_embedded": {"wp:featuredmedia": [{"media_details": {"width": 1}}]},
            }
        ],
        [
            {
                "id": 1,
                "post": 1,
                "author_name": "n",
                "author": 1,
                "_embedded": {"author": [{"id": 1}]},
                "parent": 1,
            }
        ],
        {"name": "n", "home": "h", "namespaces": []},
        {"code": "c", "message": "m", "data": {"status": 404}},
    ],
    "feed": [
        {
            "version": "https://jsonfeed.org/version/1",
            "items": [
                {
                    "id": "1",
                    "content_html": "<p>",
                    "url": "https://x",
                    "attachments": [{"url": "https://x", "mime_type": "video/mp4"}],
                }
            ],
        },
    ],
    "facebook": [
        {
            "data": [
                {
                    "id": "1_2",
                    "message": "m",
                    "created_time": "2026-10-10T09:00:00+0000",
                    "attachments": {
                        "data": [
                            {"media_type": "photo", "media": {"image": {"src": "https://i"}}},
                            {"media_type": "link", "title": "t", "unshimmed_url": "https://x"},
                        ]
                    },
                    "reactions": {"summary": {"total_count": 1}},
                    "comments": {"data": [{"id": "2_3", "message": "m", "from": {"id": "1"}}]},
                }
            ],
            "paging": {"cursors": {"after": "a"}, "next": "https://x"},
        },
        {"data": [{"message": "m", "comment_count": 1, "permalink_url": "https://x"}]},
        {"1": {"id": "1", "name": "n", "picture": {"data": {"url": "https://i"}}}},
        {"error": {"code": 190, "error_subcode": 463, "message": "m"}},
        {"data": {"is_valid": True}},
    ],
    "instagram": [
        {
            "data": [
                {
                    "id": "1",
                    "caption": "c",
                    "media_type": "CAROUSEL_ALBUM",
                    "timestamp": "2026-10-10T09:00:00+0000",
                    "owner": {"id": "2"},
                    "children": {"data": [{"id": "3", "media_type": "IMAGE", "alt_text": "a"}]},
                }
            ],
            "paging": {"cursors": {"after": "a"}, "next": "https://x"},
        },
        {
            "data": [
                {"id": "1", "text": "t", "from": {"id": "2"}, "replies": {"data": [{"id": "3"}]}}
            ]
        },
        {
            "business_discovery": {
                "id": "1",
                "username": "n",
                "media": {
                    "data": [{"id": "2", "caption": "c"}],
                    "paging": {"cursors": {"after": "a"}},
                },
            }
        },
        {"id": "1", "username": "n", "biography": "b"},
    ],
    "threads": [
        {
            "data": [
                {
                    "id": "1",
                    "media_type": "REPOST_FACADE",
                    "timestamp": "2026-10-10T09:00:00+0000",
                    "owner": {"id": "2"},
                    "reposted_post": {"id": "3", "text": "t", "media_type": "IMAGE"},
                    "text_entities": [{"entity_type": "SPOILER"}],
                },
                {
                    "id": "4",
                    "is_reply": True,
                    "root_post": {"id": "1"},
                    "replied_to": {"id": "1"},
                    "hide_status": "HIDDEN",
                    "text_attachment": {"plaintext": "p", "link_attachment_url": "https://x"},
                    "poll_attachment": {"option_a": "a"},
                },
            ],
            "paging": {"cursors": {"after": "a"}, "next": "https://x"},
        },
        {"id": "1", "username": "n", "is_verified": True},
    ],
    "linkedin": [
        {
            "elements": [
                {
                    "id": "urn:li:share:1",
                    "commentary": "Hi @[A](urn:li:organization:1) {hashtag|#|b} \\(c\\)",
                    "author": "urn:li:organization:1",
                    "lifecycleState": "PUBLISHED",
                    "publishedAt": 1760000000000,
                    "content": {
                        "media": {"id": "urn:li:image:1", "altText": "a"},
                        "multiImage": {"images": [{"id": "urn:li:image:1"}]},
                        "article": {"source": "https://x", "title": "t"},
                        "poll": {"question": "q", "options": [{"text": "o"}]},
                    },
                    "reshareContext": {"parent": "urn:li:share:2"},
                }
            ],
            "paging": {"start": 0, "count": 10, "links": [{"rel": "next", "href": "/x"}]},
        },
        {
            "elements": [
                {
                    "id": "1",
                    "object": "urn:li:activity:1",
                    "actor": "urn:li:person:1",
                    "message": {"text": "t"},
                    "created": {"time": 1760000000000},
                    "likesSummary": {"totalLikes": 1},
                }
            ]
        },
        {"id": 1, "vanityName": "n", "name": {"localized": {"en_US": "N"}, "preferredLocale": {}}},
        {"id": "1", "logo!": {"status": 429, "message": "DAY limit"}},
        {"status": 401, "serviceErrorCode": 65601, "message": "m"},
        {"results": {}, "errors": {"urn:li:share:1": {"status": 404}}},
    ],
    "archive": [
        {
            "type": "post",
            "post_id": "1",
            "created_at": "2026-10-10T09:00:00Z",
            "media": [{"type": "image"}],
            "metrics": {},
        },
        {
            "type": "comment",
            "comment_id": "1",
            "post_id": "1",
            "created_at": "2026-10-10T09:00:00Z",
        },
        {"type": "profile", "handle": "h", "seen_at": "2026-10-10T09:00:00Z"},
    ],
    "x": [
        {
            "data": [
                {
                    "id": "1843000000000000000",
                    "text": "t #x",
                    "author_id": "1",
                    "created_at": "2026-10-10T09:00:00Z",
                    "lang": "qht",
                    "edit_history_post_ids": ["1", "1843000000000000000"],
                    "referenced_posts": [{"type": "retweeted", "id": "2"}],
                    "note_post": {"text": "t", "entities": {"hashtags": [{"tag": "x"}]}},
                    "entities": {"urls": [{"expanded_url": "https://x", "title": "t"}]},
                    "attachments": {"media_keys": ["k"], "poll_ids": ["p"]},
                    "public_metrics": {"like_count": 1},
                }
            ],
            "includes": {
                "media": [{"media_key": "k", "type": "video", "duration_ms": 1}],
                "polls": [{"id": "p", "options": [{"label": "y"}]}],
                "posts": [{"id": "2", "text": "o"}],
                "users": [{"id": "1", "username": "u"}],
            },
            "errors": [{"type": "x/resource-not-found", "resource_id": "3", "detail": "d"}],
            "meta": {"next_token": "n"},
        },
        {"data": {"id": "1", "username": "u", "entities": {"url": {"urls": [{}]}}}},
        {"title": "t", "type": "about:blank", "detail": "suspended"},
        {"errors": [{"code": 88, "message": "m"}]},
    ],
    "mastodon": [
        [
            {
                "id": "1",
                "content": "<p>t <a href='https://x'>x</a> #y</p>",
                "account": {"id": "1", "acct": "a"},
                "reblog": {"id": "2", "content": "c"},
                "poll": {"options": [{"title": "y"}]},
                "card": {"title": "t", "url": "https://c"},
                "tags": [{"name": "y", "url": "u"}],
                "mentions": [{"url": "u"}],
                "quote": {"quoted_status": {"id": "3"}},
                "media_attachments": [
                    {"type": "image", "meta": {"original": {"width": 1, "duration": 1.5}}}
                ],
            }
        ],
        {"ancestors": [], "descendants": [{"id": "2", "in_reply_to_id": "1", "account": {}}]},
        {"id": "1", "acct": "a", "note": "<p>", "fields": [{"value": "v", "verified_at": None}]},
        {"error": "Record not found", "error_description": "d"},
    ],
    "youtube": [
        {
            "items": [
                {
                    "kind": "youtube#video",
                    "id": "v",
                    "snippet": {"title": "t", "publishedAt": "2026-10-10T09:00:00Z"},
                    "contentDetails": {"duration": "PT1M", "contentRating": {}},
                    "statistics": {"likeCount": "1"},
                },
                {
                    "kind": "youtube#playlistItem",
                    "snippet": {"resourceId": {"videoId": "v"}},
                    "contentDetails": {"videoId": "v"},
                },
                {
                    "kind": "youtube#channel",
                    "id": "c",
                    "snippet": {"customUrl": "@c", "thumbnails": {"high": {"url": "u"}}},
                    "statistics": {"hiddenSubscriberCount": False},
                    "status": {"privacyStatus": "public"},
                },
                {
                    "kind": "youtube#commentThread",
                    "snippet": {
                        "totalReplyCount": 1,
                        "topLevelComment": {
                            "id": "c",
                            "snippet": {
                                "textDisplay": "a<br>b",
                                "authorChannelId": {"value": "c"},
                                "updatedAt": "2026-10-10T09:00:00Z",
                            },
                        },
                    },
                    "replies": {"comments": [{"id": "r", "snippet": {}}]},
                },
            ],
            "nextPageToken": "n",
        },
        {"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}], "details": [{}]}},
    ],
    "tiktok": [
        {
            "data": {
                "videos": [{"id": 1, "create_time": 1, "share_url": "https://x", "title": "t"}],
                "comments": [{"id": 1, "video_id": 1, "parent_comment_id": 1, "text": "t"}],
                "user": {"open_id": "o", "bio_description": "b"},
                "cursor": 1,
                "has_more": True,
            },
            "error": {"code": "ok"},
        },
        {"error": {"code": "rate_limit_exceeded", "message": "m"}},
    ],
}


@pytest.mark.parametrize("platform", SAMPLES)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_answer_with_a_part_of_another_kind_is_read_all_the_same(
    platform: str, data: st.DataObject
) -> None:
    sample = json.loads(json.dumps(data.draw(st.sampled_from(SAMPLES[platform]))))
    holder, key = data.draw(st.sampled_from(list(_places({"": sample}))))
    holder[key] = data.draw(JSON)
    body = json.dumps(sample)
    for status in (200, 400):
        _reads(platform, body.encode(), status)


@pytest.mark.parametrize("platform", catalogue.platforms())
@given(body=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=40, deadline=None)
def test_any_body_is_read(platform: str, body: bytes) -> None:
    _reads(platform, body, 200)


def _reads(platform: str, body: bytes, status: int) -> None:
    found = list(catalogue.platform(platform).read(answer(body, status)))
    assert found
    assert all(isinstance(one, Record) for one in found)


def _places(value: Any) -> Any:
    """Yield where in a structure something can be put in place of what is there."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)
