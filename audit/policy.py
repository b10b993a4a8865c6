"""The policy: a pack bound to the checks that exist, before anything runs."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from audit import pack as packs
from audit.checks.base import Check
from audit.errors import ConfigError, plainly, suggest
from audit.language.facts import Institution, Lexicon
from audit.model.verdict import Severity
from audit.pack import Pack


@dataclass(frozen=True, kw_only=True)
class BoundCheck:
    """A check with the values that the policy gives it."""

    check: Check
    params: Any
    severity: Severity
    shadow: bool = False


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A pack bound to the checks that exist."""

    pack: Pack
    checks: tuple[BoundCheck, ...]
    terms: Mapping[str, tuple[str, ...]]
    version: str
    """Hash over everything that can change a verdict or a word in a report."""

    @property
    def zone(self) -> ZoneInfo:
        """The institution's time zone."""
        return ZoneInfo(self.pack.institution.timezone)

    def lexicon(self, staff: frozenset[str] = frozenset()) -> Lexicon:
        """Return what the language layers may know."""
        names = self.pack.institution
        return Lexicon(
            institution=Institution(
                names=names.names,
                domains=names.domains,
                contacts=names.contacts,
                timezone=names.timezone,
            ),
            terms=self.terms,
            staff=staff,
        )


Ceilings = Mapping[str, Mapping[str, int | None]]
"""What a pack may set per platform, by key, and the most that it may say; ``None``: anything."""


def load(name: str, checks: tuple[Check, ...], ceilings: Ceilings | None = None) -> Policy:
    """Read a pack and bind it.

    Args:
        name: the name of a shipped pack, or the path of a folder.
        checks: every check there is, in the order in which they run.
        ceilings: the limits of all platforms; without them, for judging alone, what the pack
            says of platforms is not looked at.

    Raises:
        ConfigError: with file, table and key, when anything is unknown, missing or of the
            wrong form, or when no check is left.
    """
    pack, terms, file = packs.read(name)
    bound = _bind(pack, checks, file)
    if ceilings is not None:
        _check_retention(pack, ceilings, file)
        _check_limits(pack, ceilings, file)
    if not bound:
        raise ConfigError(f"{file}: every check is switched off; nothing would be judged")
    digest = hashlib.sha256(
        json.dumps(
            [pack.model_dump(mode="json", exclude={"platforms"}), terms], sort_keys=True
        ).encode()
    )
    return Policy(
        pack=pack,
        checks=bound,
        terms=terms,
        version=f"{pack.pack.id}-{pack.pack.version}-{digest.hexdigest()[:12]}",
    )


def _bind(pack: Pack, checks: tuple[Check, ...], file: Path) -> tuple[BoundCheck, ...]:
    known = {check.id: check for check in checks}
    for name in pack.checks:
        if name not in known:
            raise ConfigError(f"{file}: [checks.{name}] no such check{suggest(name, known)}")
    for check in checks:
        if check.clause not in pack.clauses:
            raise ConfigError(f"{file}: [clauses.{check.clause}] is missing; {check.id} needs it")
    bound = (_bind_one(check, pack.checks.get(check.id, {}), file) for check in checks)
    return tuple(one for one in bound if one is not None)


def _check_retention(pack: Pack, platforms: Collection[str], file: Path) -> None:
    for name in pack.retention.platforms:
        if name not in platforms:
            hint = suggest(name, platforms)
            raise ConfigError(f"{file}: [retention.platforms.{name}] no such platform{hint}")


def _check_limits(pack: Pack, ceilings: Ceilings, file: Path) -> None:
    for name, table in pack.platforms.items():
        where = f"{file}: [platforms.{name}]"
        if name not in ceilings:
            raise ConfigError(f"{where} no such platform{suggest(name, ceilings)}")
        for key, amount in table.amounts().items():
            if key not in ceilings[name]:
                known = ", ".join(sorted(ceilings[name])) or "nothing"
                raise ConfigError(f"{where} {key}: {name} has no such limit (there is: {known})")
            most = ceilings[name][key]
            if most is not None and amount > most:
                raise ConfigError(
                    f"{where} {key}: {amount} is more than the {most} that {name} itself allows"
                )


_SEVERITY = TypeAdapter(Severity)


def _bind_one(check: Check, table: Mapping[str, Any], file: Path) -> BoundCheck | None:
    where = f"{file}: [checks.{check.id}]"
    values = dict(table)
    enabled, shadow = values.pop("enabled", True), values.pop("shadow", False)
    for key, value in (("enabled", enabled), ("shadow", shadow)):
        if not isinstance(value, bool):
            raise ConfigError(f"{where} {key} must be true or false")
    try:
        severity = _SEVERITY.validate_python(values.pop("severity", check.severity))
    except ValidationError:
        raise ConfigError(f"{where} severity must be one of {', '.join(Severity)}") from None
    fields = [field.name for field in dataclasses.fields(check.params)]
    for key in values:
        if key not in fields:
            known = [*fields, "enabled", "severity", "shadow"]
            raise ConfigError(f"{where} unknown key {key!r}{suggest(key, known)}")
    try:
        params = TypeAdapter(check.params).validate_python(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigError(f"{where} {first['loc'][0]}: {plainly(first['msg'])}") from None
    if shadow and severity is Severity.CRITICAL:
        raise ConfigError(f"{where} a critical check never goes to shadow")
    return (
        BoundCheck(check=check, params=params, severity=severity, shadow=shadow)
        if enabled
        else None
    )
