"""What the checks of phrases share: where to look, what to pass over, what to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol
from urllib.parse import urlsplit

from audit.language.facts import Text
from audit.language.normalise import PLAIN
from audit.model.item import TextSource
from audit.model.verdict import PASSED, Hit, Verdict

CONTEXT_WORDS = 6
"""Words shown on each side of a phrase: with it, at most about a dozen."""

_DIGITS = re.compile(r"\d")
_MAIL = re.compile(r"\S+@\S+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


class Stretch(Protocol):
    """Anything with a start and an end in a ``PLAIN`` text."""

    @property
    def start(self) -> int:
        """Position of the first character."""
        ...

    @property
    def end(self) -> int:
        """Position after the last character."""
        ...


def verdict(hits: Iterable[Hit]) -> Verdict:
    """Return the verdict for ``hits``, which may be none."""
    found = tuple(hits)
    return Verdict(hits=found) if found else PASSED


def each(texts: Iterable[Text], pattern: re.Pattern[str]) -> Iterator[tuple[Text, re.Match[str]]]:
    """Yield every match of ``pattern`` in the ``PLAIN`` form of each text."""
    for text in texts:
        for match in pattern.finditer(text[PLAIN]):
            yield text, match


def inside(position: int, stretches: Iterable[Stretch]) -> bool:
    """Whether ``position`` lies in one of ``stretches``."""
    return any(one.start <= position < one.end for one in stretches)


def excerpt(plain: str, start: int, end: int, hide: Iterable[Stretch] = ()) -> str:
    """Return a phrase with a few words around it; digits, mail addresses and ``hide`` masked."""
    masked = plain
    for one in sorted(hide, key=lambda stretch: -stretch.start):
        masked = masked[: one.start] + "_" * (one.end - one.start) + masked[one.end :]
    before = masked[:start].split()[-CONTEXT_WORDS:]
    after = masked[end:].split()[:CONTEXT_WORDS]
    words = " ".join([*before, masked[start:end], *after])
    return _DIGITS.sub("*", _MAIL.sub("[address]", words))


def links(texts: Iterable[Text], known: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the web addresses in ``texts``, and those that the platform lists besides."""
    found = [match[0].rstrip(".,;:!?)\"'") for _, match in each(texts, _LINK)]
    return tuple(dict.fromkeys([*found, *known]))


def host(link: str) -> str:
    """Return the host of a web address in lower case, without ``www``; empty if it has none."""
    address = link if "//" in link else f"//{link}"
    try:
        name = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")


def belongs(link: str, domains: Iterable[str]) -> bool:
    """Whether a web address lies on one of ``domains`` or below it."""
    name = host(link)
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


def listing(words: Iterable[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    parts = list(dict.fromkeys(words))
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


WHERE = {
    TextSource.BODY: "the text",
    TextSource.ALT: "an image description",
    TextSource.CAPTION: "a caption",
    TextSource.CARD: "a link preview",
    TextSource.POLL: "a poll",
    TextSource.CONTENT_WARNING: "a content warning",
    TextSource.NAME: "the display name",
}
"""Where a text stands, in the words of a report."""
