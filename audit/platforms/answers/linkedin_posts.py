"""Posts of organisations on LinkedIn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from audit.model.record import MediaRecord, PostRecord
from audit.platforms.answers.linkedin_parts import PAGE, moment_ms, organization
from audit.platforms.answers.linkedin_text import read_little
from audit.platforms.answers.loose import filled, mapping, objects, text
from audit.platforms.answers.plain import addresses

Json = Mapping[str, Any]

KINDS = {"image": "image", "video": "video", "document": "document"}
URN = re.compile(r"urn:li:([a-zA-Z]+):")


def post(entry: Json) -> PostRecord | None:
    """Map a post; ``None`` for drafts and for what was taken back."""
    urn = filled(entry.get("id"))
    if urn is None or entry.get("lifecycleState") not in (None, "PUBLISHED"):
        return None
    words = read_little(text(entry.get("commentary")) or "")
    content, shared = mapping(entry, "content"), mapping(entry, "reshareContext")
    article, poll = mapping(content, "article"), mapping(content, "poll")
    parent, root = (filled(shared.get(name)) for name in ("parent", "root"))
    # ``lastModifiedAt`` alone moves without a change of the words.
    edited = mapping(entry, "lifecycleStateInfo").get("isEditedByAuthor") is True
    source = filled(article.get("source"))
    card = [article.get("title"), article.get("description"), poll.get("question")]
    return PostRecord(
        platform="linkedin",
        post_id=urn,
        account_id=organization(filled(entry.get("author"))),
        text=words.text,
        permalink=f"{PAGE}{urn}/" if URN.match(urn) else None,
        created_at=moment_ms(entry.get("publishedAt")) or moment_ms(entry.get("createdAt")),
        edited_at=moment_ms(entry.get("lastModifiedAt")) if edited else None,
        kind="original" if not parent else "quote" if words.text.strip() else "repost",
        root_id=root,
        quoted_id=parent,
        media=tuple(_media(content)),
        links=tuple(dict.fromkeys([*filter(None, [source]), *addresses(words.text)])),
        hashtags=tuple(dict.fromkeys(words.hashtags)),
        card="\n".join(filter(None, map(filled, card))) or None,
        poll=tuple(
            choice for one in objects(poll.get("options")) if (choice := filled(one.get("text")))
        ),
    )


def _media(content: Json) -> Iterator[MediaRecord]:
    listed = list(objects(mapping(content, "multiImage").get("images")))
    single = mapping(content, "media")
    for one in [*listed, *([single] if single else [])]:
        named = URN.match(filled(one.get("id")) or "")
        kind = KINDS.get(named[1], named[1]) if named else "image"
        # NOTE: left out where nobody filled it, as far as is known, but that is nowhere said.
        yield MediaRecord(type=kind, alt_text=text(one.get("altText")))
