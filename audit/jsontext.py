"""JSON that somebody else wrote."""

from __future__ import annotations

import json
import re
from typing import Any

UNKEPT = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def parse_json(text: str | bytes) -> Any:
    """Parse JSON that a platform wrote.

    NUL and halves of surrogate pairs, which JSON can hold and no database keeps, come out as
    replacement characters.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if isinstance(value, str):
        return UNKEPT.sub(REPLACEMENT, value)
    # Not by recursion: a thread may be nested as deep as the parser goes.
    waiting = [value]
    while waiting:
        waiting += _mend(waiting.pop())
    return value


def _mend(node: Any) -> list[Any]:
    """Replace what cannot be kept in one object or list; returns what lies inside it."""
    if isinstance(node, dict):
        for name in [name for name in node if UNKEPT.search(name)]:
            node[UNKEPT.sub(REPLACEMENT, name)] = node.pop(name)
        places = list(node.items())
    elif isinstance(node, list):
        places = list(enumerate(node))
    else:
        return []
    inside = []
    for place, value in places:
        if isinstance(value, str):
            node[place] = UNKEPT.sub(REPLACEMENT, value)
        elif isinstance(value, (dict, list)):
            inside.append(value)
    return inside
