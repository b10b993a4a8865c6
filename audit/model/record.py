"""The common records into which every platform's responses are mapped.

Field names are those of the public surface (``account-audit replay``). ``None`` means that
the platform does not give a field, ``0`` that it says zero. Identities of the public live
in these records only in memory: storing replaces them by keyed hashes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from audit.model.item import Facet, GapKind
from audit.model.life import AccountState


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRecord:
    """A picture, video or sound."""

    type: str
    url: str | None = None
    alt_text: str | None = None
    """``None``: not given by the platform. Empty: offered and not filled."""
    has_captions: bool | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Counts as the platform gives them."""

    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    quotes: int | None = None
    views: int | None = None
    bookmarks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRecord:
    """Something the account published, its own answers in threads included."""

    platform: str
    post_id: str
    account_id: str | None
    """The platform's id of the author."""
    text: str
    text_html: str | None = None
    title: str | None = None
    permalink: str | None = None
    created_at: dt.datetime | None = None
    edited_at: dt.datetime | None = None
    language: str | None = None
    sensitive: bool | None = None
    content_warning: str | None = None
    kind: str = "original"
    """``original``, ``reply``, ``repost`` or ``quote``."""
    in_reply_to_id: str | None = None
    root_id: str | None = None
    quoted_id: str | None = None
    media: tuple[MediaRecord, ...] = ()
    links: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    """Without ``#``, as written."""
    card: str | None = None
    """Title and description of a link preview."""
    poll: tuple[str, ...] = ()
    """The choices of a poll."""
    metrics: Metrics = Metrics()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRecord:
    """Somebody's words under an item of the account."""

    platform: str
    comment_id: str
    post_id: str | None
    parent_id: str | None = None
    """The comment answered; ``None`` when it answers the post itself."""
    author: str = "public"
    """``account`` when the audited account wrote it, else ``public``."""
    author_id: str | None = None
    author_name: str | None = None
    text: str = ""
    text_html: str | None = None
    created_at: dt.datetime | None = None
    edited_at: dt.datetime | None = None
    likes: int | None = None
    replies_count: int | None = None
    hidden: bool | None = None
    permalink: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRecord:
    """The account's page about itself."""

    platform: str
    account_id: str | None
    handle: str | None
    display_name: str | None = None
    bio: str | None = None
    url: str | None = None
    links: tuple[str, ...] = ()
    avatar_url: str | None = None
    followers: int | None = None
    following: int | None = None
    posts_count: int | None = None
    verified: bool | None = None
    locked: bool | None = None
    created_at: dt.datetime | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRecord:
    """An answer that says why something is missing."""

    facet: Facet | None
    """``None`` when the answer alone does not tell which part was asked for."""
    kind: GapKind
    reason: str
    status: int | None = None
    retry_after: float | None = None
    """Seconds to wait, where the platform says so."""
    account_state: AccountState | None = None
    """What the answer says about the account itself, where it says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStateRecord:
    """What a platform says about the account itself in another way than by an error.

    Yielded at most once by ``gather``, and never where the profile alone tells it: a name that
    differs from the registered one, or what ``Platform.hides`` stands for.
    """

    state: AccountState
    handle: str | None = None
    """The name or address that it has now; of an account that moved, where it moved to."""
    detail: str | None = None
    """For people to read; names nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPage:
    """How to ask for the next page; never an address."""

    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRecord:
    """A well-formed answer that holds no record."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A known item that the platform no longer gives, although it answers for its neighbours."""

    record_id: str
    reason: str
    """``deleted``, ``private``, or what the platform says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A known item that a re-check found unchanged, without giving it again."""

    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """What to send with the next conditional request for an address (RFC 9110, 13.1)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


Record = (
    PostRecord
    | CommentRecord
    | ProfileRecord
    | GapRecord
    | AccountStateRecord
    | NextPage
    | NoRecord
    | Gone
    | Checked
    | Validator
)
