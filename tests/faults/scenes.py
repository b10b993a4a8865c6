"""One account on every platform that is read over the network, and what is answered about it.

Each has two pages of posts, comments under both, on several pages where the platform has pages,
and an item that an earlier night saw. The answers are of the documented shapes, made by the
factories of the platforms' own tests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
from audit.platforms.base import Platform
from tests.audit.platforms import test_bluesky, test_linkedin, test_youtube
from tests.audit.platforms.script import known
from tests.faults.graph_answers import (
    facebook_answers,
    facebook_page,
    instagram_answers,
    instagram_page,
    linkedin_answers,
    linkedin_page,
    threads_answers,
    threads_page,
)
from tests.faults.keyed_answers import (
    tiktok_answers,
    tiktok_page,
    x_answers,
    x_page,
    youtube_answers,
    youtube_page,
)
from tests.faults.open_answers import (
    bluesky_answers,
    bluesky_page,
    feed_answers,
    mastodon_answers,
    mastodon_page,
    plain_feed_answers,
    wordpress_answers,
    wordpress_page,
)
from tests.faults.scene import TOKEN, Scene


def _one(platform: Platform, **values: Any) -> Scene:
    return Scene(platform=platform, **{"further": None, "token": None, **values})


def _post(key: str) -> str:
    return test_bluesky.uri(key)


_ALL: dict[str, Scene] = {
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
SCENES = {name: replace(one, name=name) for name, one in _ALL.items()}
