"""Posts of LinkedIn as ``ugcPosts`` and ``shares`` give them, which came before ``/rest/posts``.

Their words are plain text: mentions are told apart by offsets, hashtags stand as written.

Sources: https://learn.microsoft.com/linkedin/marketing/community-management/shares/ugc-post-api
and ``/share-api``
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.model.record import MediaRecord, PostRecord
from audit.platforms.answers.linkedin_parts import PAGE, moment_ms, organization
from audit.platforms.answers.loose import filled, identity, mapping, objects, text
from audit.platforms.answers.plain import addresses, hashtags

Json = Mapping[str, Any]

CONTENT = "com.linkedin.ugc.ShareContent"
KINDS = {"IMAGE": "image", "VIDEO": "video", "NATIVE_DOCUMENT": "document", "RICH": "image"}


def ugc_post(entry: Json) -> PostRecord | None:
    """Map a post of ``ugcPosts``; ``None`` for drafts and for what was taken back."""
    urn = filled(entry.get("id"))
    if urn is None or entry.get("lifecycleState") not in (None, "PUBLISHED"):
        return None
    content = mapping(entry, "specificContent", CONTENT)
    shared = mapping(entry, "responseContext")
    kind = KINDS.get(text(content.get("shareMediaCategory")) or "")
    entities = list(objects(content.get("media")))
    return _post(
        urn,
        author=filled(entry.get("author")),
        said=text(mapping(content, "shareCommentary").get("text")) or "",
        when=entry.get("firstPublishedAt") or mapping(entry, "created").get("time"),
        parent=filled(shared.get("parent")),
        root=filled(shared.get("root")),
        media=tuple(MediaRecord(type=kind) for _ in entities) if kind else (),
        links=[filled(one.get("originalUrl")) for one in entities],
        card=[] if kind else [x for one in entities for x in _described(one)],
    )


def share(entry: Json) -> PostRecord | None:
    """Map a post of ``shares``, whose id is a number."""
    number = identity(entry.get("id"))
    if number is None:
        return None
    content = mapping(entry, "content")
    kind = KINDS.get(text(content.get("shareMediaCategory")) or "")
    entities = list(objects(content.get("contentEntities")))
    return _post(
        number if number.startswith("urn:") else f"urn:li:share:{number}",
        author=filled(entry.get("owner")),
        said=text(mapping(entry, "text").get("text")) or "",
        when=mapping(entry, "created").get("time"),
        parent=filled(entry.get("resharedShare")),
        root=filled(entry.get("originalShare")),
        media=tuple(MediaRecord(type=kind) for _ in entities) if kind else (),
        links=[] if kind else [filled(one.get("entityLocation")) for one in entities],
        card=[content.get("title"), content.get("description")],
    )


def _post(
    urn: str,
    *,
    author: str | None,
    said: str,
    when: object,
    parent: str | None,
    root: str | None,
    media: tuple[MediaRecord, ...],
    links: list[str | None],
    card: list[object],
) -> PostRecord:
    given = [*filter(None, links), *addresses(said)]
    return PostRecord(
        platform="linkedin",
        post_id=urn,
        account_id=organization(author),
        text=said,
        permalink=f"{PAGE}{urn}/",
        created_at=moment_ms(when),
        kind="original" if not parent else "quote" if said.strip() else "repost",
        root_id=root,
        quoted_id=parent,
        media=media,
        links=tuple(dict.fromkeys(given)),
        hashtags=hashtags(said),
        card="\n".join(filter(None, map(filled, card))) or None,
    )


def _described(entity: Json) -> Iterator[object]:
    for name in ("title", "description"):
        yield mapping(entity, name).get("text")
