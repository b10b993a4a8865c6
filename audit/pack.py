"""A policy pack as it is written: its tables, its word lists, and what it inherits.

A pack is a folder with ``guidelines.toml`` and ``terms/*.txt``. Shipped packs lie in
``audit/data/packs``; an institution's own lies where it likes and usually inherits from a
shipped one, in which case its tables are laid over the inherited ones key by key, and its
word lists replace those of the same name.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audit.errors import ConfigError, plainly, suggest

SHIPPED = Path(__file__).parent / "data" / "packs"
FILE = "guidelines.toml"
MICRO = 1_000_000
"""Micro-dollars in a dollar; money is never a binary fraction."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackTable(_Table):
    """Which pack this is."""

    id: str
    version: str
    title: str
    source: str
    """Address of the published guidelines."""
    inherits: str | None = None


class InstitutionTable(_Table):
    """See ``audit.language.facts.Institution``."""

    names: tuple[str, ...]
    domains: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    timezone: str = "UTC"


class WindowTable(_Table):
    """How far back the audit looks, in days before the night."""

    lookback_days: Annotated[int, Field(ge=1)] = 30
    """Items judged and looked at again."""
    history_days: Annotated[int, Field(ge=1)] = 120
    """Items that checks over time may see."""


class CoverageTable(_Table):
    """What a night must at least have read."""

    floor: Annotated[float, Field(ge=0, le=1)] = 0.9
    """Share of an institution's accounts that were read in full."""


class ClockTable(_Table):
    """Business days until a finding is due, by severity; ``None``: at the next review."""

    critical: int | None = 0
    high: int | None = 1
    medium: int | None = 5
    low: int | None = None
    info: int | None = None
    holidays: tuple[dt.date, ...] = ()


class PeopleTable(_Table):
    """Who gets what besides the owners, and whom readers may call."""

    university_relations: tuple[str, ...] = ()
    """Mail addresses that get the digest."""
    operators: tuple[str, ...] = ()
    """Mail addresses of those who keep the audit running; they hear of credentials that end, of
    limits that are reached, and of mails that did not go out."""
    university_relations_phone: str | None = None
    privacy_office_phone: str | None = None


class RegisterTable(_Table):
    """A list that University Relations keeps."""

    max_age_days: Annotated[int, Field(ge=1)] = 35


class PlatformTable(_Table):
    """What reading a platform may take; it can only lower what the platform itself allows."""

    daily_calls: Annotated[int, Field(ge=0)] | None = None
    """Requests in a calendar day, which ends where the platform's own does, else in UTC."""
    daily_units: Annotated[int, Field(ge=0)] | None = None
    """Units of the platform's quota in its day."""
    monthly_usd: Annotated[Decimal, Field(ge=0, decimal_places=2, max_digits=9)] | None = None
    """US dollars in a calendar month (UTC)."""

    def amounts(self) -> dict[str, int]:
        """Return what is set, by key, in whole units; money in micro-dollars."""
        found = {"daily_calls": self.daily_calls, "daily_units": self.daily_units}
        if self.monthly_usd is not None:
            found["monthly_usd"] = int(self.monthly_usd * MICRO)
        return {key: amount for key, amount in found.items() if amount is not None}


class RuleTable(_Table):
    """How many days a class of content is kept; ``None``: as the rule around it says."""

    days: Annotated[int, Field(ge=1)] | None = None
    """After the last night that saw it; a night that sees it again begins anew."""
    gone_days: Annotated[int, Field(ge=0)] | None = None
    """After the night that found it gone, or edited: that counts for the earlier wording."""


class ClassesTable(_Table):
    """A rule for each class of content."""

    posts: RuleTable = RuleTable()
    """What the account wrote: posts, comments, answers."""
    comments: RuleTable = RuleTable()
    """What the public wrote."""
    profiles: RuleTable = RuleTable()


class PlatformRetentionTable(ClassesTable):
    """What a platform's terms ask for in place of the general rules."""

    source: str
    """Where it stands in the terms."""


class RetentionTable(ClassesTable):
    """How long content is kept; see ``audit.retention``."""

    mail_days: Annotated[int, Field(ge=1)] = 90
    """Days after which the text of a mail in the outbox is deleted, and its files."""
    platforms: Mapping[str, PlatformRetentionTable] = {}


class ClauseTable(_Table):
    """One clause of the guidelines."""

    title: str
    summary: str
    """In the pack author's own words."""
    source: str
    version: str
    wording: str = ""
    """The institution's official text; empty until it has filled it in."""


class Pack(_Table):
    """A whole pack as written."""

    pack: PackTable
    institution: InstitutionTable
    window: WindowTable = WindowTable()
    coverage: CoverageTable = CoverageTable()
    clock: ClockTable = ClockTable()
    people: PeopleTable = PeopleTable()
    registers: Mapping[str, RegisterTable] = {}
    platforms: Mapping[str, PlatformTable] = {}
    retention: RetentionTable = RetentionTable()
    clauses: Mapping[str, ClauseTable]
    checks: Mapping[str, Mapping[str, Any]] = {}


def read(name: str) -> tuple[Pack, dict[str, tuple[str, ...]], Path]:
    """Read a pack and what it inherits.

    Returns:
        The pack, its word lists by name, and the file to name in errors.

    Raises:
        ConfigError: with file, table and key, when anything is unknown, missing or wrong.
    """
    tables, terms, file = _read(name, seen=())
    return _parse(tables, file), terms, file


def time_zone(name: str) -> ZoneInfo:
    """Return the institution's time zone without binding a check; schedules need it early.

    Raises:
        ConfigError: the pack cannot be read, or is of the wrong form.
    """
    return ZoneInfo(read(name)[0].institution.timezone)


def _read(
    name: str, seen: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, tuple[str, ...]], Path]:
    folder = SHIPPED / name if (SHIPPED / name / FILE).is_file() else Path(name)
    file = folder / FILE
    shipped = sorted(path.name for path in SHIPPED.iterdir() if path.is_dir())
    if not file.is_file():
        raise ConfigError(
            f"policy {name!r}: no {FILE} there; give a folder that holds one, or one of the "
            f"shipped packs: {', '.join(shipped)}"
        )
    place = str(folder.resolve())
    if place in seen:
        raise ConfigError(f"{file}: packs inherit from each other: {' -> '.join((*seen, place))}")
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from None
    terms = {path.stem: _terms(path) for path in sorted((folder / "terms").glob("*.txt"))}
    parent = tables.get("pack", {}).get("inherits")
    if parent is not None:
        base = parent if (SHIPPED / parent).is_dir() else str(folder / parent)
        inherited, inherited_terms, _ = _read(base, (*seen, place))
        tables = _lay_over(inherited, tables)
        terms = {**inherited_terms, **terms}
    return tables, terms, file


def _terms(path: Path) -> tuple[str, ...]:
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line)


def _lay_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _lay_over(merged[key], value) if both else value
    return merged


def _parse(tables: Mapping[str, Any], file: Path) -> Pack:
    try:
        pack = Pack.model_validate(tables)
        ZoneInfo(pack.institution.timezone)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        hint = ""
        if first["type"] == "extra_forbidden":
            hint = suggest(str(first["loc"][-1]), _known_keys(first["loc"][:-1]))
        raise ConfigError(f"{file}: [{where}] {plainly(first['msg'])}{hint}") from None
    except (KeyError, ValueError):
        raise ConfigError(f"{file}: [institution] timezone: no such time zone") from None
    return pack


def _known_keys(path: tuple[int | str, ...]) -> list[str]:
    model: Any = Pack
    for part in path:
        fields = getattr(model, "model_fields", {})
        # Tables whose names the author chooses all have the form that the mapping gives.
        model = fields[part].annotation if part in fields else (*get_args(model), None)[-2]
    return list(getattr(model, "model_fields", {}))
