"""Turns platforms' records into the items that are stored and judged.

Here the public becomes pseudonymous: ids of their comments, and of whatever else is not the
account's own, are replaced by keyed hashes, and their names are dropped. What a person wrote
stays as it is and is stored encrypted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from audit.model.account import Account
from audit.model.item import Item, ItemKind, ItemText, Media, ProfileFacts, TextSource
from audit.model.record import (
    CommentRecord,
    MediaRecord,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.vault import Purpose, Vault

PROFILE_ID = "profile"


@dataclass(frozen=True)
class Intake:
    """Knows which ids are the account's own."""

    account: Account
    vault: Vault
    own: frozenset[str]
    """Ids of items that the account itself wrote, of this night and earlier ones."""

    def items(self, records: Iterable[Record]) -> list[Item]:
        """Return one item for each id, the fullest one where a platform tells of it twice."""
        found: dict[str, Item] = {}
        for record in records:
            item = self._item(record)
            if item is not None:
                # A post's own listing says more than its appearance in a thread.
                fuller = isinstance(record, PostRecord) or item.item_id not in found
                found[item.item_id] = item if fuller else found[item.item_id]
        return list(found.values())

    def item_id(self, record_id: str) -> str:
        """Return the id under which a record is stored."""
        if record_id in self.own:
            return record_id
        return self.vault.digest(Purpose.HANDLES, self.account.platform, "item", record_id)

    def _item(self, record: Record) -> Item | None:
        if isinstance(record, PostRecord):
            return self._post(record)
        if isinstance(record, CommentRecord):
            return self._comment(record)
        if isinstance(record, ProfileRecord):
            return _profile(record)
        return None

    def _post(self, record: PostRecord) -> Item:
        item_id = self.item_id(record.post_id)
        repost = record.kind == "repost"
        return Item(
            item_id=item_id,
            kind=ItemKind.REPLY if record.kind == "reply" else ItemKind.POST,
            texts=tuple(_texts(record)),
            created_at=record.created_at,
            edited_at=record.edited_at,
            permalink=None if repost else record.permalink,
            parent_id=self._link(record.in_reply_to_id),
            root_id=self._link(record.root_id),
            repost=repost,
            language=record.language,
            media=tuple(_media(one) for one in record.media),
            links=record.links,
            hashtags=record.hashtags,
            sensitive=record.sensitive,
            likes=record.metrics.likes,
            comments=record.metrics.comments,
            shares=record.metrics.shares,
            source_id=record.post_id if item_id != record.post_id else None,
        )

    def _comment(self, record: CommentRecord) -> Item:
        item_id = self.item_id(record.comment_id)
        own = record.author == "account"
        return Item(
            item_id=item_id,
            kind=ItemKind.REPLY if own else ItemKind.COMMENT,
            texts=(ItemText(source=TextSource.BODY, text=record.text),),
            created_at=record.created_at,
            edited_at=record.edited_at,
            permalink=record.permalink,
            parent_id=self._link(record.parent_id or record.post_id),
            root_id=self._link(record.post_id),
            author_key=None if own else self._author(record),
            likes=record.likes,
            comments=record.replies_count,
            source_id=record.comment_id if item_id != record.comment_id else None,
        )

    def _link(self, record_id: str | None) -> str | None:
        return None if record_id is None else self.item_id(record_id)

    def _author(self, record: CommentRecord) -> str | None:
        name = record.author_id or record.author_name
        if name is None:
            return None
        return self.vault.digest(Purpose.HANDLES, self.account.platform, "author", name)


def own_ids(records: Iterable[Record]) -> frozenset[str]:
    """Return the ids of what the account wrote itself."""
    posts = {one.post_id for one in records if isinstance(one, PostRecord) and one.kind != "repost"}
    answers = {
        one.comment_id
        for one in records
        if isinstance(one, CommentRecord) and one.author == "account"
    }
    return frozenset(posts | answers)


def _texts(record: PostRecord) -> Iterable[ItemText]:
    body = "\n\n".join(part for part in (record.title, record.text) if part)
    sources = [
        (TextSource.BODY, body),
        (TextSource.CONTENT_WARNING, record.content_warning),
        (TextSource.CARD, record.card),
        *((TextSource.ALT, one.alt_text) for one in record.media),
        *((TextSource.POLL, choice) for choice in record.poll),
    ]
    return (ItemText(source=source, text=text) for source, text in sources if text)


def _media(record: MediaRecord) -> Media:
    return Media(kind=record.type, alt_text=record.alt_text, has_captions=record.has_captions)


def _profile(record: ProfileRecord) -> Item:
    texts = ((TextSource.NAME, record.display_name), (TextSource.BODY, record.bio))
    return Item(
        item_id=PROFILE_ID,
        kind=ItemKind.PROFILE,
        texts=tuple(ItemText(source=source, text=text) for source, text in texts if text),
        language=record.language,
        profile=ProfileFacts(
            handle=record.handle,
            url=record.url,
            links=record.links,
            followers=record.followers,
            locked=record.locked,
            verified=record.verified,
        ),
    )
