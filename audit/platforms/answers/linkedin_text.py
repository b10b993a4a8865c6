"""LinkedIn's "little text": words in which mentions and hashtags stand as markup.

Source: https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.platforms.answers.plain import hashtags

ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ELEMENT = re.compile(
    r"@\[(?P<name>(?:\\.|[^\]\\])*)\]\s?\(urn:[^)\s]*\)"
    r"|\{hashtag\\?\|\\?(?P<sign>[#\uff03])\\?\|(?P<tag>(?:\\.|[^}\\])*)\}"
    r"|\\(?P<plain>.)",
    re.DOTALL,
)
"""A mention, a hashtag, or an escaped character, whichever begins first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LittleText:
    """What a reader sees."""

    text: str
    """Mentions as the name alone."""
    hashtags: tuple[str, ...] = ()
    """Those that stand as markup, then those that stand as a word; without the sign."""


def read_little(written: str) -> LittleText:
    """Turn markup into what a reader sees."""
    tags: list[str] = []

    def shown(match: re.Match[str]) -> str:
        if match["name"] is not None:
            return ESCAPED.sub(r"\1", match["name"])
        if match["tag"] is not None:
            tag = ESCAPED.sub(r"\1", match["tag"])
            tags.append(tag)
            return match["sign"] + tag
        return match["plain"]

    def bare(match: re.Match[str]) -> str:
        # An escaped sign begins no hashtag.
        return match["plain"] if match["plain"] not in (None, "#") else " "

    text = ELEMENT.sub(shown, written)
    words = hashtags(ELEMENT.sub(bare, written))
    return LittleText(text=text, hashtags=tuple(dict.fromkeys([*tags, *words])))
