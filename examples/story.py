"""Reads the story of the sample organisation: what its accounts publish, and when.

The form is described in ``bayline/story/README.md``.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

BAYLINE = Path(__file__).parent / "bayline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What stands there from ``at`` on."""

    at: dt.datetime
    text: str = ""
    title: str | None = None
    name: str | None = None
    """The display name, of a profile."""
    images: tuple[str, ...] = ()
    """One description per picture; empty where nobody wrote one."""
    deleted: bool = False
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of an account, or its profile, with all its versions."""

    key: str
    versions: tuple[Version, ...]
    kind: str = "post"
    to: str | None = None
    by: str | None = None
    url: str | None = None
    """The website field of a profile."""
    near: tuple[str, ...] = ()

    @property
    def at(self) -> dt.datetime:
        """When it was published, in UTC."""
        return self.versions[0].at

    def as_of(self, moment: dt.datetime) -> Version | None:
        """Return what stood there at a moment; ``None`` before it was published or once gone."""
        past = [version for version in self.versions if version.at < moment]
        return past[-1] if past and not past[-1].deleted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A finding about an account or its registry row, from one night to another."""

    code: str
    since: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything about one account."""

    account: str
    profile: Entry
    entries: tuple[Entry, ...]
    unreadable_from: dt.datetime | None = None
    about_account: tuple[Standing, ...] = ()
    about_registry: tuple[Standing, ...] = ()

    def readable(self, moment: dt.datetime) -> bool:
        """Whether the platform still shows the account."""
        return self.unreadable_from is None or moment < self.unreadable_from

    def entry(self, key: str) -> Entry:
        """Return an item by its key."""
        return next(entry for entry in self.entries if entry.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The whole organisation."""

    zone: ZoneInfo
    lookback: dt.timedelta
    nights: tuple[dt.datetime, ...]
    """Moments for which the audit judges, in UTC, oldest first."""
    stories: Mapping[str, Story]

    def name(self, night: dt.datetime) -> str:
        """Return a night's local date, by which it is named."""
        return night.astimezone(self.zone).date().isoformat()


def load(folder: Path = BAYLINE / "story") -> Sample:
    """Read the story.

    Raises:
        ValueError: a key is unknown, or an item answers one that does not exist.
    """
    nights = tomllib.loads((folder / "nights.toml").read_text("utf-8"))
    zone = ZoneInfo(nights["timezone"])
    stories = {
        file.stem: _story(file, zone)
        for file in sorted(folder.glob("*.toml"))
        if file.name != "nights.toml"
    }
    return Sample(
        zone=zone,
        lookback=dt.timedelta(days=nights["lookback_days"]),
        nights=tuple(_utc(night, zone) for night in nights["nights"]),
        stories=stories,
    )


def _story(file: Path, zone: ZoneInfo) -> Story:
    table = tomllib.loads(file.read_text("utf-8"))
    profile = table.pop("profile")
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    unreadable = table.pop("unreadable_from", None)
    entries = tuple(_entry(item, file, zone) for item in table.pop("item", []))
    story = Story(
        account=file.stem,
        profile=_entry({"key": "profile", "at": start, **_bio(profile)}, file, zone),
        entries=entries,
        unreadable_from=_utc(unreadable, zone) if unreadable else None,
        about_account=_standing(table.pop("account", {})),
        about_registry=_standing(table.pop("registry", {})),
    )
    keys = {entry.key for entry in entries}
    loose = [entry.key for entry in entries if entry.to is not None and entry.to not in keys]
    if table or loose or len(keys) != len(entries):
        raise ValueError(
            f"{file}: unknown {sorted(table)}, answers nothing {loose}, or a key twice"
        )
    return story


def _bio(profile: dict[str, Any]) -> dict[str, Any]:
    changes = [_renamed(change) for change in profile.pop("change", [])]
    return {**_renamed(profile), "change": changes}


def _renamed(table: dict[str, Any]) -> dict[str, Any]:
    return {"text" if key == "bio" else key: value for key, value in table.items()}


def _entry(item: dict[str, Any], file: Path, zone: ZoneInfo) -> Entry:
    fields = dict(item)
    changes = fields.pop("change", [])
    first = Version(
        at=_utc(fields.pop("at"), zone),
        text=fields.pop("text"),
        title=fields.pop("title", None),
        name=fields.pop("name", None),
        images=tuple(fields.pop("images", ())),
        expect=tuple(fields.pop("expect", ())),
    )
    versions = [first]
    for change in changes:
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in change.items()
        }
        values["at"] = _utc(values["at"], zone)
        versions.append(replace(versions[-1], **values))
    fields["near"] = tuple(fields.get("near", ()))
    try:
        return Entry(versions=tuple(versions), **fields)
    except TypeError as error:
        raise ValueError(f"{file}: {item['key']}: {error}") from None


def _standing(table: dict[str, Any]) -> tuple[Standing, ...]:
    return tuple(
        Standing(code=one["code"], since=one["from"], until=one["until"])
        for one in table.get("expect", [])
    )


def _utc(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    aware = local if local.tzinfo else local.replace(tzinfo=zone)
    return aware.astimezone(dt.UTC)
