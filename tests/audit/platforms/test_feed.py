"""Feeds: what is in them, and what a night makes of them."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

from audit.errors import TransientFetchError
from audit.model.account import Account
from audit.model.record import (
    Checked,
    CommentRecord,
    GapRecord,
    PostRecord,
    ProfileRecord,
    Validator,
)
from audit.platforms.answers.feed import parse, read
from audit.platforms.feed import PLATFORM, locate
from audit.response import Response
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known
from tests.tree import ROOT

URL = "https://s.example/feed"
NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def rss(*items: str, head: str = "<title>News</title>") -> str:
    return f'<rss version="2.0" {NAMESPACES}><channel>{head}{"".join(items)}</channel></rss>'


def item(guid: str, inside: str = "", day: int = 10) -> str:
    date = f"<pubDate>{day:02} Oct 2026 09:00:00 GMT</pubDate>" if day else ""
    return f'<item><guid isPermaLink="false">{guid}</guid>{date}{inside}</item>'


def posts(body: object, **headers: str) -> list[PostRecord]:
    return [one for one in read(answer(body, **headers)) if isinstance(one, PostRecord)]


def test_full_text_wins_over_the_summary() -> None:
    html = "<![CDATA[<p>Full <a href='/x'>text</a> <img src='/i.png'></p>]]>"
    (post,) = posts(
        rss(
            item(
                "1",
                "<title>T &amp;amp; U</title><link>https://s.example/a/</link>"
                f"<description>Short</description><content:encoded>{html}</content:encoded>",
            )
        )
    )
    assert (post.title, post.text) == ("T & U", "Full text")
    assert post.links == ("https://s.example/x",)
    assert [(one.url, one.alt_text) for one in post.media] == [("https://s.example/i.png", "")]


def test_descriptions_of_media_are_their_alternative_texts() -> None:
    (post,) = posts(
        rss(
            item(
                "1",
                "<description>Said</description>"
                '<media:content url="https://s.example/1.jpg" medium="image" width="10">'
                "<media:description>A door</media:description></media:content>"
                '<media:content url="https://s.example/2.mp4" type="video/mp4"/>',
            )
        )
    )
    assert post.text == "Said"
    assert [(one.type, one.alt_text, one.width) for one in post.media] == [
        ("image", "A door", 10),
        ("video", None, None),
    ]


def test_edit_and_language_in_atom() -> None:
    (post,) = posts(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><entry><id>tag:1</id>'
        "<title>Un &lt; deux</title><published>2026-10-10T09:00:00+02:00</published>"
        "<updated>2026-10-12T09:00:00Z</updated>"
        '<content type="html">&lt;p&gt;Bonjour&lt;/p&gt;</content></entry></feed>'
    )
    assert (post.post_id, post.title, post.text, post.language) == (
        "tag:1",
        "Un < deux",
        "Bonjour",
        "fr",
    )
    assert str(post.created_at) == "2026-10-10 07:00:00+00:00"
    assert str(post.edited_at) == "2026-10-12 09:00:00+00:00"
    assert post.permalink is None


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (
            b'<?xml version="1.0" encoding="iso-8859-1"?>' + rss(item("é")).encode("latin-1"),
            "",
        ),
        (rss(item("é")).encode("latin-1"), "text/xml; charset=iso-8859-1"),
        (b"\xef\xbb\xbf" + rss(item("é")).encode(), "text/xml"),
        (rss(item("é")).encode("utf-16"), "application/xml"),
    ],
)
def test_encodings(body: bytes, header: str) -> None:
    headers = {"content_type": header} if header else {}
    assert [post.post_id for post in posts(body, **headers)] == ["é"]


def test_entry_without_identity_keeps_the_one_it_is_given() -> None:
    first, second = posts(rss("<item><title>A</title></item><item><title>B</title></item>"))
    again = posts(rss("<item><title>A</title></item>"))[0]
    assert first.post_id == again.post_id != second.post_id


@pytest.mark.parametrize("date", ["", "<pubDate>soon</pubDate>", "<pubDate>99 Foo 20266</pubDate>"])
def test_date_that_is_none(date: str) -> None:
    (post,) = posts(rss(f"<item><guid>1</guid>{date}</item>"))
    assert post.created_at is None


def test_comments_tell_nobody_s_name() -> None:
    salutation = '<p>En réponse à <a href="https://s.example/p/#comment-2">Jo Doe</a>.</p>'
    found = list(
        read(
            answer(
                rss(
                    item(
                        "https://s.example/?p=1#comment-7",
                        "<title>Commentaire de Max</title><dc:creator>Max Moe</dc:creator>"
                        f"<content:encoded><![CDATA[{salutation}<p>Words</p>]]></content:encoded>",
                    ),
                    item("https://s.example/?p=1#comment-2", "<description>First</description>"),
                )
            )
        )
    )
    assert all(isinstance(one, CommentRecord) for one in found)
    reply = found[0]
    assert isinstance(reply, CommentRecord)
    assert (reply.text, reply.text_html) == ("Words", "<p>Words</p>")
    assert reply.post_id == "https://s.example/?p=1"
    assert reply.parent_id == "https://s.example/?p=1#comment-2"
    assert reply.author == "public"


def test_link_at_the_start_of_a_comment_is_no_salutation() -> None:
    html = '<p>See <a href="https://s.example/p/#comment-2">there</a> for more.</p>'
    (found,) = read(
        answer(
            rss(
                item(
                    "https://s.example/?p=1#comment-7",
                    f"<description><![CDATA[{html}]]></description>",
                )
            )
        )
    )
    assert isinstance(found, CommentRecord)
    assert (found.text, found.parent_id) == ("See there for more.", None)


def test_feed_that_ends_in_the_middle() -> None:
    whole = rss(item("1"), item("2"))
    found = list(read(answer(whole[: whole.index("2</guid>") + 2])))
    assert "1" in {one.post_id for one in found if isinstance(one, PostRecord)}
    assert gaps(found) == {("posts", "broken")}
    assert gaps(list(read(answer(whole)))) == set()


def test_small_faults_lose_nothing() -> None:
    assert [one.post_id for one in posts(rss(item("1", "<title>a & b &nbsp; c</title>")))] == ["1"]


@pytest.mark.parametrize(
    "body", ["<html><body>Hi</body></html>", "", "{}", '{"a": 1}', "[1]", "/etc/hostname"]
)
def test_answers_that_are_no_feed(body: str) -> None:
    (found,) = read(answer(body))
    assert isinstance(found, GapRecord)
    assert found.kind == "broken"


def test_entities_are_not_resolved() -> None:
    bomb = "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    declared = (
        f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{bomb}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    )
    body = rss(item("1", "<title>&i;&f;</title>"))
    found = list(read(answer(f'<?xml version="1.0"?>{declared}{body}')))
    assert sum(len(str(one)) for one in found) < 3000


def json_feed(*items: Any, **more: Any) -> str:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": items, **more}
    )


def test_feed_of_a_youtube_channel() -> None:
    body = (ROOT / "tests/cases/platforms/feed/youtube_channel.xml").read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        profile, first, second = read(answer(body, content_type="text/xml; charset=UTF-8"))
    assert isinstance(profile, ProfileRecord)
    assert profile.display_name == "Bayline University Library"
    assert profile.url is None, "the channel's own page is no website of its owner"
    assert isinstance(first, PostRecord)
    assert first.title == "How to book a reading room & a locker"
    assert first.text.splitlines()[0] == "Rooms can be booked two weeks ahead."
    assert first.text.endswith("#StudyRooms <3")
    assert first.permalink == "https://www.youtube.com/watch?v=AbCdEfGhIj1"
    assert (first.links, first.hashtags) == (
        ("https://library.bayline.example/rooms",),
        ("StudyRooms",),
    )
    assert (first.metrics.views, first.metrics.likes, first.metrics.comments) == (1977, None, None)
    assert first.edited_at is None, "counts move it as well"
    assert [(one.type, one.alt_text) for one in first.media] == [("video", None)]
    assert isinstance(second, PostRecord)
    assert (second.text, second.metrics.views) == ("", 0)


def test_a_night_of_a_youtube_channel() -> None:
    body = (ROOT / "tests/cases/platforms/feed/youtube_channel.xml").read_bytes()
    url = "https://www.youtube.com/feeds/videos.xml"
    account = {"url": f"{url}?channel_id=UCexampleexampleexample0"}
    script = Script({"channel_id=UCexampleexampleexample0": answer(body)})
    found = gather(PLATFORM, script, [known("yt:video:AbCdEfGhIj3", day=7)], **account)
    assert [one.post_id for one in found if isinstance(one, PostRecord)] == [
        "yt:video:AbCdEfGhIj1",
        "yt:video:AbCdEfGhIj2",
    ]
    assert gone(found) == {"yt:video:AbCdEfGhIj3": "deleted"}
    assert gaps(found) == {("comments", "unsupported")}


def test_json_feed() -> None:
    profile, post = read(
        answer(
            json_feed(
                {
                    "id": 7,
                    "content_html": "<p>Hi <img src='/a.png' alt='A'></p>",
                    "date_published": "2026-10-10T09:00:00-07:00",
                    "date_modified": "2026-10-11T09:00:00-07:00",
                    "image": "https://s.example/top.png",
                },
                language="en",
            )
        )
    )
    assert isinstance(profile, ProfileRecord)
    assert isinstance(post, PostRecord)
    assert (post.post_id, post.text, post.language) == ("7", "Hi", "en")
    assert [one.alt_text for one in post.media] == [None, "A"]
    assert str(post.created_at) == "2026-10-10 16:00:00+00:00"
    assert post.edited_at is not None


def test_json_feed_with_a_broken_entry() -> None:
    found = list(read(answer(json_feed({"id": "1"}, {"id": "2", "title": []}, "x", {"id": "4"}))))
    assert [one.post_id for one in found if isinstance(one, PostRecord)] == ["1", "4"]
    reasons = [one.reason for one in found if isinstance(one, GapRecord)]
    assert reasons == [
        "entry 2 of the feed: title has the wrong form",
        "entry 3 of the feed: the entry has the wrong form",
    ]


def night(script: Script, **more: Any) -> list[Any]:
    return gather(PLATFORM, script, url=URL, **more)


def json_page(day: str, further: str | None = None) -> Response:
    entry = {"id": day, "content_text": "Hi", "date_published": f"{day}T09:00:00Z"}
    return answer(json_feed(entry, **({"next_url": further} if further else {})), etag="1")


def test_further_pages_are_read_down_to_the_window() -> None:
    pages = {
        URL: json_page("2026-10-20", f"{URL}?page=2"),
        f"{URL}?page=2": json_page("2026-10-05", f"{URL}?page=3"),
        f"{URL}?page=3": json_page("2026-09-05", f"{URL}?page=4"),
    }
    script = Script(pages)
    found = night(script, known=[known("2026-10-07", 7)])
    posts = [one.post_id for one in found if isinstance(one, PostRecord)]
    assert posts == ["2026-10-20", "2026-10-05"]
    assert len(script.asked) == 3
    assert gone(found) == {"2026-10-07": "deleted"}
    assert not any(isinstance(one, Validator) for one in found)


@pytest.mark.parametrize("second", [answer("", 500), json_page("2026-10-05", URL)])
def test_further_page_that_fails_is_a_gap(second: Response) -> None:
    pages = {URL: json_page("2026-10-20", f"{URL}?page=2"), f"{URL}?page=2": second}
    found = night(Script(pages), known=[known("2026-10-07", 7)])
    assert ("posts", "broken") in gaps(found)
    assert gone(found) == {}


def test_pages_elsewhere_are_not_read() -> None:
    script = Script({URL: json_page("2026-10-20", "https://elsewhere.test/2")})
    night(script)
    assert len(script.asked) == 1
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>'
        b'<link rel="next" href="https://s.test/2"/><entry><id>1</id></entry></feed>'
    )
    assert parse(answer(atom)).further == "https://s.test/2"


def test_conditions_are_offered_and_used() -> None:
    body = rss(item("1"))
    found = night(Script({URL: answer(body, etag='W/"1"', last_modified="x")}))
    (validator,) = (one for one in found if isinstance(one, Validator))
    assert validator == Validator(url=URL, etag='W/"1"', last_modified="x")

    script = Script({URL: answer("", 304)})
    items = [known("1"), known("c", comment=True)]
    found = night(script, validators={URL: validator}, known=items)
    headers = script.asked[0][2]
    assert headers["If-None-Match"] == 'W/"1"'
    assert headers["If-Modified-Since"] == "x"
    assert [one.record_id for one in found if isinstance(one, Checked)] == ["1"]
    assert gaps(found) == {("comments", "unsupported")}


@pytest.mark.parametrize(
    "body",
    [
        rss(item("1"), head="<generator>https://wordpress.org/?v=6.1</generator>"),
        rss(
            item(
                "1",
                "<wfw:commentRss>https://s.example/1/feed/</wfw:commentRss><slash:comments>0</slash:comments>",
            )
        ),
    ],
)
def test_conditions_are_not_offered_where_they_would_hide_changes(body: str) -> None:
    found = night(Script({URL: answer(body, etag="1")}))
    assert not [one for one in found if isinstance(one, Validator)]


def test_entries_of_the_window() -> None:
    body = rss(
        item("future", day=31),
        item("in", day=20),
        item("undated", day=0),
        item("old", day=1).replace("Oct", "Sep"),
    )
    found = night(Script({URL: answer(body)}))
    assert [one.post_id for one in found if isinstance(one, PostRecord)] == ["in", "undated"]


def test_entry_that_should_be_listed_and_is_not_is_gone() -> None:
    items = [
        known("new", 20),
        known("there", 15),
        known("rolled-over", 5),
        known("c", 20, comment=True),
    ]
    body = rss(item("top", day=25), item("there", day=15), item("last", day=10))
    assert gone(night(Script({URL: answer(body)}), known=items)) == {"new": "deleted"}
    shuffled = rss(item("last", day=10), item("top", day=25))
    assert gone(night(Script({URL: answer(shuffled)}), known=items)) == {}
    assert gone(night(Script({URL: answer(body[:-20])}), known=items)) == {}


def test_comment_feeds_are_read_on_the_same_host_only() -> None:
    body = rss(
        item(
            "1",
            "<wfw:commentRss>https://s.example/1/feed/</wfw:commentRss><slash:comments>2</slash:comments>",
        ),
        item(
            "2",
            "<wfw:commentRss>https://s.example/2/feed/</wfw:commentRss><slash:comments>0</slash:comments>",
        ),
        item("3", "<wfw:commentRss>http://localhost:2584/feed/</wfw:commentRss>"),
        item("4", "<wfw:commentRss>https://s.example/4/feed/</wfw:commentRss>"),
    )
    script = Script(
        {
            URL: answer(body),
            "/1/feed/": answer(rss(item("https://s.example/1#comment-5"))),
            "/4/feed/": TransientFetchError("no answer in time"),
        }
    )
    found = night(script)
    assert [url for url, _, _ in script.asked][1:] == [
        "https://s.example/1/feed/",
        "https://s.example/4/feed/",
    ]
    (comment,) = (one for one in found if isinstance(one, CommentRecord))
    assert comment.post_id == "1"
    assert gaps(found) == {("comments", "broken")}


@pytest.mark.parametrize(
    ("answered", "kind"),
    [
        (answer("", 404), "not_found"),
        (answer("", 410), "not_found"),
        (answer("", 403), "denied"),
        (answer("", 429), "rate_limited"),
        (TransientFetchError("no answer in time"), "broken"),
    ],
)
def test_feed_that_cannot_be_read_is_a_gap_in_everything(answered: Any, kind: str) -> None:
    found = night(Script({URL: answered}), known=[known("1")])
    assert gaps(found) == {(facet, kind) for facet in ("profile", "posts", "comments")}
    assert gone(found) == {}


@pytest.mark.parametrize(("url", "right"), [(URL, True), (None, False), ("s.example/feed", False)])
def test_address_in_the_registry(url: str | None, right: bool) -> None:
    account = Account(account_id="a", platform="feed", handle="a", url=url, unit="U")
    assert (locate(account) is None) is right
