"""Reading an account of a real server, as a night does."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlsplit

import pytest

from audit.client import Client
from audit.model.account import Account
from audit.model.item import Window
from audit.model.record import CommentRecord, GapRecord, Gone, PostRecord, Record
from audit.platforms.base import Known, Platform, Target
from audit.settings import Settings

R = TypeVar("R")


def address(variable: str) -> str:
    """Return a server's address, or skip the test with the reason."""
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set")
    return value.rstrip("/")


def night(
    platform: Platform, account: Account, known: Sequence[Known] = (), days: int = 3
) -> list[Record]:
    """Read an account once."""
    now = dt.datetime.now(dt.UTC)
    window = Window(start=now - dt.timedelta(days=days), end=now + dt.timedelta(minutes=1))
    pair = urlsplit(account.url or "").netloc
    with Client(Settings(allow_hosts=(pair,)), pause_s=0.0) as client:
        target = Target(account=account, window=window, known=tuple(known))
        return list(platform.gather(target, client))


def kept(records: Sequence[Record]) -> list[Known]:
    """Return what the next night knows of these records."""
    posts = [one for one in records if isinstance(one, PostRecord)]
    comments = [one for one in records if isinstance(one, CommentRecord)]
    return [
        *(Known(record_id=one.post_id, created_at=one.created_at) for one in posts),
        *(
            Known(
                record_id=one.comment_id,
                created_at=one.created_at,
                comment=one.author == "public",
            )
            for one in comments
        ),
    ]


def only(kind: type[R], records: Sequence[Record]) -> list[R]:
    """Return the records of one kind."""
    return [one for one in records if isinstance(one, kind)]


def posts(records: Sequence[Record]) -> dict[str, PostRecord]:
    """Return posts by id."""
    return {one.post_id: one for one in only(PostRecord, records)}


def comments(records: Sequence[Record]) -> dict[str, CommentRecord]:
    """Return comments by id."""
    return {one.comment_id: one for one in only(CommentRecord, records)}


def gone(records: Sequence[Record]) -> dict[str, str]:
    """Return reasons by id."""
    return {one.record_id: one.reason for one in only(Gone, records)}


def gaps(records: Sequence[Record]) -> set[tuple[str, str]]:
    """Return facets and kinds of gaps."""
    return {(str(one.facet), str(one.kind)) for one in only(GapRecord, records)}
