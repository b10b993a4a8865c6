"""Hashtags and addresses in texts of platforms that do not mark them."""

from __future__ import annotations

import pytest

from audit.platforms.answers.plain import addresses, hashtags


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#One two #Three3 #one", ("One", "Three3", "one")),
        ("a#b c/#d &#39; ## #", ()),
        ("#2026 #2026news", ("2026news",)),
        ("https://a.example/#top #Top", ("Top",)),
        ("＃全角 #größe.", ("全角", "größe")),
        ("", ()),
    ],
)
def test_hashtags(text: str, tags: tuple[str, ...]) -> None:
    assert hashtags(text, None) == tags


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "See https://a.example/x. And (http://b.example)",
            ("https://a.example/x", "http://b.example"),
        ),
        ("https://a.example https://a.example", ("https://a.example",)),
        ("a.example https://", ()),
        (None, ()),
    ],
)
def test_addresses(text: str | None, found: tuple[str, ...]) -> None:
    assert addresses(text) == found
