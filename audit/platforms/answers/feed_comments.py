"""Comments in RSS and Atom.

An entry is a comment when it says so: an Atom ``thr:in-reply-to`` (RFC 4685), or, as
WordPress writes them, an id that ends in ``#comment-7``. Who wrote it is only a name, which
anybody can claim; so all comments are the public's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urldefrag

from bs4 import BeautifulSoup, Tag

from audit.model.record import CommentRecord
from audit.platforms.answers.feed_entry import full_text, line, link_of, said, times
from audit.platforms.answers.feed_parts import made_up_id
from audit.platforms.answers.loose import filled, mapping
from audit.platforms.answers.markup import read_markup

Json = Mapping[str, Any]

COMMENT = re.compile(r"^comment-?\d+$")


def comment(entry: Json) -> CommentRecord | None:
    """Map an entry that is a comment; ``None`` for all others."""
    own_id = said(entry, "id") or said(entry, "link") or ""
    base, fragment = urldefrag(own_id)
    answered = filled(mapping(entry, "thr_in-reply-to").get("ref"))
    if not answered and not COMMENT.match(fragment):
        return None
    link = link_of(entry)
    html, body = full_text(entry, link, {})
    html, parent = _without_salutation(html)
    if answered and COMMENT.match(urldefrag(answered).fragment):
        parent = urldefrag(answered).fragment
    post_id = urldefrag(answered).url if answered else base
    return CommentRecord(
        platform="feed",
        comment_id=own_id or made_up_id(body.text, said(entry, "published")),
        post_id=post_id or None,
        parent_id=f"{post_id}#{parent}" if parent else None,
        author_name=line(entry, "author"),
        text=read_markup(html).text if html else body.text,
        text_html=html,
        created_at=times(entry)[0],
        permalink=link,
    )


def _without_salutation(html: str | None) -> tuple[str | None, str | None]:
    """Drop the line that WordPress puts before an answer, and return which comment it names.

    The line names a member of the public: ``<p>In reply to <a href="...#comment-2">X</a>.</p>``,
    in the language of the site.
    """
    soup = BeautifulSoup(html or "", "html.parser")
    first = soup.find("p")
    if not isinstance(first, Tag) or len(first("a")) != 1:
        return html, None
    link = first("a")[0]
    fragment = urldefrag(str(link.get("href", ""))).fragment
    after = "".join(str(piece) for piece in link.next_siblings).strip()
    if not COMMENT.match(fragment) or len(after) > 1:
        return html, None
    first.decompose()
    return str(soup).strip(), fragment
