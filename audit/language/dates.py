"""Reads the dates that people write in posts."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\b")
_NAMED = re.compile(
    r"\b(?P<m1>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<d1>\d{1,2})(?:st|"
    r"nd|rd|th)?\b"
    r"(?:,?\s+(?P<y1>\d{4}))?"
    r"|\b(?P<d2>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m2>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec)[a-z]*\.?"
    r"(?:,?\s+(?P<y2>\d{4}))?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(next\s+)?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_RELATIVE = {"today": 0, "tonight": 0, "tomorrow": 1, "next week": 7, "next month": 30}


def read_date(words: str, near: dt.date) -> dt.date | None:
    """Return the first date in ``words``, or ``None`` if none can be read.

    Args:
        words: a stretch of English text, US order of month and day.
        near: the day on which they were written; a date without a year is the one nearest to
            it, a weekday the next one.
    """
    if match := _ISO.search(words):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHED.search(words):
        year = int(match[3]) if match[3] else None
        return _in_year(year, int(match[1]), int(match[2]), near)
    if match := _NAMED.search(words):
        month = _MONTHS.index((match["m1"] or match["m2"])[:3].lower()) + 1
        written = match["y1"] or match["y2"]
        year = int(written) if written else None
        return _in_year(year, month, int(match["d1"] or match["d2"]), near)
    lowered = words.lower()
    for word, days in _RELATIVE.items():
        if re.search(rf"\b{word}\b", lowered):
            return near + dt.timedelta(days=days)
    if match := _WEEKDAY.search(words):
        ahead = (_DAYS.index(match[2][:3].lower()) - near.weekday()) % 7 or 7
        return near + dt.timedelta(days=ahead + (7 if match[1] else 0))
    return None


def _in_year(year: int | None, month: int, day: int, near: dt.date) -> dt.date | None:
    if year is not None:
        return _date(year + 2000 if year < 100 else year, month, day)
    options = [_date(near.year + step, month, day) for step in (-1, 0, 1)]
    return min(
        (one for one in options if one is not None), key=lambda one: abs(one - near), default=None
    )


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
