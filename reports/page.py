"""What the templates of pages read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from reports.drawing import Mark
from reports.model.parts import Link

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A figure worth a glance, with what it was taken of."""

    label: str
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a chart's key."""

    kind: str
    """``line``, ``dashes``, ``mark``, ``interval``, ``hollow``, ``floor``, or a fill."""
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """One of several small charts."""

    code: str
    title: str
    drawing: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as it is shown."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One chart with its words, its table and its file."""

    name: str
    """For addresses and file names."""
    title: str
    words: str
    key: tuple[Entry, ...] = ()
    drawing: Markup | None = None
    smalls: tuple[Small, ...] = ()
    table: Grid
    frame: pd.DataFrame
    """What the CSV file holds; its index becomes the first column."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """The pages of one night."""

    file: str = "index.html"
    institution: str
    span: str
    run: str
    figures_of_note: tuple[Note, ...]
    marks: tuple[Mark, ...]
    figures: tuple[Figure, ...]
    reading: tuple[str, ...]
    nights: Grid
    frame: pd.DataFrame
    """All nights in one table."""
    mails: tuple[Link, ...] = ()
