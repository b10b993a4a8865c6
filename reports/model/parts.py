"""What mails of every kind are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What changed since the mail before, and what did not."""

    new: int = 0
    reopened: int = 0
    still_open: int = 0
    resolved: int = 0

    @property
    def open(self) -> int:
        """How many items somebody still has to do something about."""
        return self.new + self.reopened + self.still_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something to follow."""

    label: str
    url: str
    """``http``, ``https``, ``mailto`` or ``tel``; anything else is not built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do first."""

    action: str
    """Shown strong: what it is about, and which items."""
    rest: str
    """What to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """The part of the guidelines an item stands on."""

    code: str
    title: str
    summary: str
    wording: str | None = None
    """The institution's official text, where it has given it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """What was read of one account."""

    platform: str
    account: str
    fetched: str
    """When, or ``not read``."""
    checked: str | None
    """``None``: nothing was."""
    not_assessed: tuple[str, ...] = ()
    """One clause a line: what, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One night of a small chart."""

    date: str
    label: str
    """The date, or empty where labels would touch."""
    value: int | None
    """``None``: not assessed."""
    height: int
    """Pixels; 0 for nothing and for not assessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A small chart, and what it says."""

    title: str
    bars: tuple[Bar, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom readers may ask."""

    office: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every mail says about itself."""

    institution: str
    date: str
    """``Tuesday, May 18, 2027``."""
    short_date: str
    """``May 18``."""
    headline: str
    lead: str
    preheader: str
    """What a mail program shows after the subject; never a repeat of it."""
    subject: str
    """What to do and how things stand, without prefix, unit and date."""
    contact: Contact
    coverage_words: tuple[str, ...]
    why: str
    """Why the reader gets this mail, and when the next one comes."""
    run: str
    """Night and policy pack."""
    pages: tuple[Link, ...] = ()
    """Pages behind a login; empty while there are none."""
