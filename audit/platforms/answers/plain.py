"""Hashtags and addresses in a text that a platform gives without saying where they are."""

from __future__ import annotations

import re

TAG = re.compile(r"(?<![\w&/#])[#＃](\w*[^\W\d_]\w*)")
"""A sign, then letters, digits and low lines, one letter at least; not inside an address."""
ADDRESS = re.compile(r"https?://[^\s<>\"'）」]+")
TRAILING = ".,;:!?)]}…"


def hashtags(*texts: str | None) -> tuple[str, ...]:
    """Return the hashtags of texts as written, each once, without the sign."""
    found = (tag for text in texts if text for tag in TAG.findall(ADDRESS.sub(" ", text)))
    return tuple(dict.fromkeys(found))


def addresses(text: str | None) -> tuple[str, ...]:
    """Return the web addresses of a text, each once, without the punctuation after them."""
    found = (one.rstrip(TRAILING) for one in ADDRESS.findall(text or ""))
    return tuple(dict.fromkeys(one for one in found if "://" in one))
