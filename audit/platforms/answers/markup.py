"""HTML of posts as the text, the pictures and the links that a reader meets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from audit.model.record import MediaRecord

BLOCKS = {
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
    "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
"""Elements that begin a line of their own. Source: HTML Living Standard, 15.3 (rendering)."""
UNSEEN = ("script", "style", "template", "noscript")
EMOJI = frozenset({"emoji", "wp-smiley"})
"""Classes of pictures that WordPress puts in place of a character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What a piece of HTML holds."""

    text: str
    media: tuple[MediaRecord, ...] = ()
    links: tuple[str, ...] = ()
    """Absolute where ``base`` was known; each once, in order."""


def read_markup(html: str, base: str | None = None) -> Markup:
    """Take HTML apart.

    A picture without ``alt`` counts as one whose alternative text nobody filled: the field is
    always on offer in HTML.
    """
    # The line break keeps the library from taking a lone address for a slip of the caller.
    soup = BeautifulSoup("\n" + html, "html.parser")
    for tag in soup(UNSEEN):
        tag.decompose()
    for image in soup("img"):
        if EMOJI & set(image.get_attribute_list("class")):
            image.replace_with(_attribute(image, "alt") or "")
    media = tuple(_medium(tag, base) for tag in soup(["img", "video", "audio", "iframe"]))
    links = dict.fromkeys(
        urljoin(base or "", href).strip()
        for href in (_attribute(tag, "href") for tag in soup("a"))
        if href and not href.startswith("#")
    )
    return Markup(text=_text(soup), media=media, links=tuple(links))


def plain(html: str) -> str:
    """Return the text alone, on one line; for titles and names with entities."""
    return " ".join(read_markup(html).text.split()) if "<" in html or "&" in html else html.strip()


def _text(soup: BeautifulSoup) -> str:
    for piece in soup.find_all(string=True):
        if type(piece) is NavigableString and not piece.find_parent("pre"):
            piece.replace_with(re.sub(r"\s+", " ", piece))
    for tag in soup("br"):
        tag.replace_with("\n")
    for tag in soup(sorted(BLOCKS)):
        tag.insert_before("\n")
        tag.insert_after("\n")
    for tag in soup(["td", "th"]):
        tag.insert_after(" ")
    lines = (re.sub(r" +", " ", line).strip() for line in soup.get_text().split("\n"))
    return "\n".join(line for line in lines if line)


def _medium(tag: Tag, base: str | None) -> MediaRecord:
    source = _attribute(tag, "src") or _attribute(tag.find("source"), "src")
    url = urljoin(base or "", source) if source else None
    if tag.name == "img":
        return MediaRecord(
            type="image",
            url=url,
            alt_text=_attribute(tag, "alt") or "",
            width=_pixels(tag, "width"),
            height=_pixels(tag, "height"),
        )
    if tag.name == "iframe":
        return MediaRecord(type="embed", url=url, alt_text=_attribute(tag, "title"))
    tracks = (_attribute(track, "kind") or "subtitles" for track in tag("track"))
    return MediaRecord(
        type=tag.name,
        url=url,
        alt_text=_attribute(tag, "aria-label"),
        has_captions=any(kind in ("captions", "subtitles") for kind in tracks),
    )


def _attribute(tag: object, name: str) -> str | None:
    value = tag.get(name) if isinstance(tag, Tag) else None
    return value if isinstance(value, str) else None


def _pixels(tag: Tag, name: str) -> int | None:
    value = _attribute(tag, name) or ""
    return int(value) if value.isascii() and value.isdigit() else None
