"""What was published, in the form in which it is stored and judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Facet(StrEnum):
    """A kind of data that a check may need: read from the platform, or kept as a register."""

    PROFILE = "profile"
    POSTS = "posts"
    COMMENTS = "comments"
    DIRECTORY = "directory"

    @property
    def fetched(self) -> bool:
        """Whether a platform gives it (otherwise University Relations keeps it)."""
        return self in FETCHED_FACETS


FETCHED_FACETS = (Facet.PROFILE, Facet.POSTS, Facet.COMMENTS)


class GapKind(StrEnum):
    """Why something is missing."""

    UNSUPPORTED = "unsupported"
    """The platform does not offer it."""
    DENIED = "denied"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    BUDGET = "budget"
    """Reading stopped of itself: a limit of calls, quota or money that we keep is used up."""
    BROKEN = "broken"
    """No answer, or one that cannot be read."""
    END = "end"
    """A page past the last one: an error body, yet nothing is missing."""

    @property
    def transient(self) -> bool:
        """Whether the same call may succeed later."""
        return self in (GapKind.RATE_LIMITED, GapKind.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A facet of an account that could not be read, or not in full."""

    facet: Facet
    kind: GapKind
    reason: str
    """For people to read; never holds a token, nor an address with a query."""
    partial: bool = False
    """Whether some of the facet was read before it stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A half-open span of time, in UTC."""

    start: dt.datetime
    end: dt.datetime

    def holds(self, moment: dt.datetime) -> bool:
        """Whether ``moment`` lies inside."""
        return self.start <= moment < self.end


class ItemKind(StrEnum):
    """What an item is to the account."""

    POST = "post"
    REPLY = "reply"
    """The account's own comment or answer."""
    COMMENT = "comment"
    """Somebody else's words on the account's item."""
    PROFILE = "profile"

    @property
    def own(self) -> bool:
        """Whether the account wrote it."""
        return self is not ItemKind.COMMENT


class TextSource(StrEnum):
    """Where in an item a text stands."""

    BODY = "body"
    ALT = "alt"
    CAPTION = "caption"
    CARD = "card"
    POLL = "poll"
    CONTENT_WARNING = "content_warning"
    NAME = "name"
    """The display name of a profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """One text of an item, exactly as published, after HTML was turned into text."""

    source: TextSource
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, video or sound of an item."""

    kind: str
    """``image``, ``video``, ``audio`` or what the platform calls it."""
    alt_text: str | None = None
    """``None``: the platform does not say. Empty: it offers the field and nobody filled it."""
    has_captions: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFacts:
    """What a profile shows besides its texts. ``None``: the platform does not give it."""

    handle: str | None = None
    url: str | None = None
    """The website field."""
    links: tuple[str, ...] = ()
    """Other addresses in the profile."""
    followers: int | None = None
    locked: bool | None = None
    verified: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One published thing in one version."""

    item_id: str
    """The platform's id as text; of the public's comments, a keyed hash of it."""
    kind: ItemKind
    texts: tuple[ItemText, ...] = ()
    created_at: dt.datetime | None = None
    edited_at: dt.datetime | None = None
    permalink: str | None = None
    parent_id: str | None = None
    """The item answered, in the form of ``item_id``."""
    root_id: str | None = None
    """The item under which the thread hangs, in the form of ``item_id``."""
    author_key: str | None = None
    """A keyed hash of the member of the public who wrote it; ``None`` for the account's own."""
    repost: bool = False
    """Whether the words are somebody else's, passed on without a word of one's own."""
    language: str | None = None
    media: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    """Without ``#``, as written."""
    sensitive: bool | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    authorization_ref: str | None = None
    """The number of a signed patient authorisation filed for this item."""
    profile: ProfileFacts | None = None
    source_id: str | None = None
    """The platform's own id where ``item_id`` is a hash; only ever stored encrypted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What is known of an account at one moment: a view over stored items."""

    account_id: str
    as_of: dt.datetime
    window: Window
    items: tuple[Item, ...] = ()
    """Posts, replies and comments of the window, and the profile, oldest first."""
    gaps: tuple[Gap, ...] = ()
    fetched_at: dt.datetime | None = None
    history: tuple[Item, ...] = field(default=())
    """Posts and replies before the window, as far as they are kept, oldest first."""

    def gap(self, facet: Facet) -> Gap | None:
        """Return the gap in ``facet``, if there is one."""
        return next((gap for gap in self.gaps if gap.facet is facet), None)
