"""Finds the messages before a reply or a comment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from audit.checks.base import Turn
from audit.model.item import Item, ItemKind

Threads = Mapping[str, tuple[Turn, ...] | None]
"""By item id, the messages before it, oldest first; ``None`` where they could not be read."""


def threads(items: Iterable[Item]) -> dict[str, tuple[Turn, ...] | None]:
    """Return the thread of each reply and comment.

    ``None`` where a message on the way to the root is not among ``items``.
    """
    by_id = {item.item_id: item for item in items}
    return {
        item.item_id: _before(item, by_id)
        for item in by_id.values()
        if item.kind in (ItemKind.REPLY, ItemKind.COMMENT)
    }


def _before(item: Item, by_id: Mapping[str, Item]) -> tuple[Turn, ...] | None:
    turns: list[Turn] = []
    seen = {item.item_id}
    parent = item.parent_id
    while parent is not None:
        if parent in seen or parent not in by_id:
            return None
        seen.add(parent)
        one = by_id[parent]
        turns.append(Turn(by_account=one.kind.own, text="\n".join(text.text for text in one.texts)))
        parent = one.parent_id
    return tuple(reversed(turns))
