"""What a platform is: how an account is read, and how one recorded answer becomes records.

``gather`` may use the network, through the client that it is given and nothing else.
``read`` is pure: the same mapping, for one response, with no knowledge of earlier ones.
``gather`` is a loop around ``read`` that decides what to ask next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from audit.client import Client
from audit.model.account import Account
from audit.model.item import Facet, Window
from audit.model.record import Record, Validator
from audit.platforms.access import Access
from audit.platforms.limits import Tariff
from audit.response import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An item stored on an earlier night, to be looked at again for edits and deletion."""

    record_id: str
    """The platform's own id."""
    created_at: dt.datetime | None
    comment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What lets an account be read; never shown, and gone from memory after the call."""

    token: str = field(repr=False)
    """An access token or API key, as the platform wants it in a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to read."""

    account: Account
    window: Window
    """Posts before its start are not asked for, though they may be given. What was written at
    or after its end belongs to the next night and is not given; where a platform lets its
    clients choose the time, the earlier of that and its own time counts."""
    platform_id: str | None = None
    """The platform's own id of the account, as an earlier night saw it; ``None``: none did since
    the registry names this address. Where a platform can be asked by it, this is the registered
    account, whatever its name is now; and another one under the registered name is not."""
    known: tuple[Known, ...] = ()
    """Items of the window that earlier nights saw. A platform that can ask by id yields
    ``Gone`` for those that have vanished."""
    credential: Credential | None = None
    """``None``: nothing is configured. A platform that cannot be read without one yields a gap
    of kind ``denied`` for each facet and asks nothing."""
    validators: Mapping[str, Validator] = field(default_factory=dict)
    """By address; empty when this night has to read without conditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform."""

    name: str
    provides: frozenset[Facet]
    """Facets it can give; the others become gaps of kind ``unsupported``."""
    gather: Callable[[Target, Client], Iterator[Record]]
    """Yields records of all facets. What cannot be read is yielded as a ``GapRecord`` with
    its facet; one facet that fails does not lose the others. Never yields ``NextPage``
    or ``NoRecord``."""
    read: Callable[[Response], Iterator[Record]]
    """Maps one response, whatever it is: a list, one object, a token answer, an error."""
    locate: Callable[[Account], str | None]
    """Says what is wrong with the registered handle or address; ``None`` when it can be read.

    Checks the form only, without network."""
    tariff: Tariff
    """Its limits, and what its calls cost."""
    access: tuple[Access, ...] = ()
    """Its ways in, see ``access.fitting``; empty: it answers everybody."""
    hides: bool = False
    """Whether a locked profile hides from the public what the account publishes; elsewhere a
    lock means less, such as that followers are let in one by one."""
    comments_apart: bool = False
    """Whether comments are read across the account, not under each of its posts."""
    local: bool = False
    """Whether ``account.url`` is a path of files, in a registry relative to its own folder."""
