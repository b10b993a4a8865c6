"""How dates, times, numbers and lists are said: US English, the institution's local time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

PLATFORMS = {
    "bluesky": "Bluesky",
    "facebook": "Facebook",
    "feed": "News feed",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "rss": "News feed",
    "threads": "Threads",
    "tiktok": "TikTok",
    "wordpress": "WordPress",
    "x": "X",
    "youtube": "YouTube",
}
"""Platforms as they write themselves."""
SITES = frozenset({"archive", "feed", "rss", "website", "wordpress"})
"""Platforms where a handle is no name that people would write with an ``@``."""


def platform(name: str) -> str:
    """Return a platform's own spelling."""
    return PLATFORMS.get(name, name.replace("_", " ").capitalize())


def handle(platform_name: str, name: str) -> str:
    """Return ``@name``, or the name alone where the platform knows no handles."""
    plain = platform_name in SITES or name.startswith("@") or " " in name
    return name if plain else f"@{name}"


def day(value: dt.date) -> str:
    """Return ``Tue, May 18``."""
    return f"{value:%a, %b} {value.day}"


def short_day(value: dt.date) -> str:
    """Return ``May 18``."""
    return f"{value:%b} {value.day}"


def long_day(value: dt.date) -> str:
    """Return ``Tuesday, May 18, 2027``."""
    return f"{value:%A, %B} {value.day}, {value.year}"


def clock(value: dt.datetime) -> str:
    """Return ``8:12 pm`` for a local time."""
    return f"{value.hour % 12 or 12}:{value:%M} {'am' if value.hour < 12 else 'pm'}"


def moment(value: dt.datetime, zone: ZoneInfo) -> str:
    """Return ``Mon, May 17, 8:12 pm`` for an instant."""
    local = value.astimezone(zone)
    return f"{day(local)}, {clock(local)}"


def zone_name(value: dt.datetime, zone: ZoneInfo) -> str:
    """Return how people call the zone: ``PT`` in winter and summer, else the zone's own name."""
    name = value.astimezone(zone).strftime("%Z")
    return re.sub(r"^([ECMP])[SD]T$", r"\1T", name)


def span(moments: Iterable[dt.datetime], zone: ZoneInfo) -> str | None:
    """Return ``Tue, May 18, 2:04 am to 2:31 am PT`` for the first and last of some instants."""
    ordered = sorted(moments)
    if not ordered:
        return None
    first, last = (ordered[0].astimezone(zone), ordered[-1].astimezone(zone))
    name = zone_name(last, zone)
    if (first.date(), clock(first)) == (last.date(), clock(last)):
        return f"{day(first)}, {clock(first)} {name}"
    if first.date() == last.date():
        return f"{day(first)}, {clock(first)} to {clock(last)} {name}"
    return f"{moment(first, zone)} to {moment(last, zone)} {name}"


def number(value: int) -> str:
    """Spell a small number, for headings: ``two``, ``12``, ``1,718``."""
    return SMALL[value] if 0 <= value < len(SMALL) else f"{value:,}"


def plural(value: int, one: str, many: str | None = None) -> str:
    """Return the noun for that many."""
    return one if value == 1 else many or f"{one}s"


def count(value: int, one: str, many: str | None = None) -> str:
    """Return ``1 post`` or ``1,718 posts``."""
    return f"{value:,} {plural(value, one, many)}"


def listing(parts: Sequence[str], last: str = "and") -> str:
    """Return ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def share(part: int, whole: int) -> str | None:
    """Return ``96.4%``; ``None`` below ten of the whole, where a share would mislead.

    Never rounds up to all, nor down to nothing.
    """
    if whole < 10:
        return None
    percent = round(100 * part / whole, 1)
    if percent == 100 and part < whole:
        percent = 99.9
    if percent == 0 and part > 0:
        percent = 0.1
    return f"{percent:g}%"


def heading(text: str) -> str:
    """Return the text with a capital at its start."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return the text with a capital at its start and a full stop at its end."""
    text = text.strip()
    if not text:
        return text
    return heading(text) + ("" if text[-1] in ".!?" else ".")


def cut(text: str, limit: int) -> str:
    """Return the text, shortened at a word to at most ``limit`` characters."""
    if len(text) <= limit:
        return text
    head = text[: limit - 3]
    if " " in head and not text[limit - 3].isspace():
        head = head.rpartition(" ")[0]
    return head.rstrip(" ,;:") + "..."
