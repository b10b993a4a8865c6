"""Finds every check and every platform by walking the two packages."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType
from typing import Any

import audit.checks
import audit.platforms
from audit.checks.base import Check
from audit.errors import ConfigError, suggest
from audit.platforms.base import Platform

SHARED = {"access", "answers", "base", "calls", "limits", "phrases", "readers"}
"""Modules and packages inside the two packages that declare nothing."""


@functools.cache
def checks() -> tuple[Check, ...]:
    """Return all checks, in the order of their codes.

    Raises:
        ConfigError: a module declares no check, or one whose id is not its file's name, or
            an id or code stands twice.
    """
    found: dict[str, Check] = {}
    for module in _modules(audit.checks):
        check = _declared(module, "CHECK", Check)
        name = module.__name__.rpartition(".")[2].replace("_", "-")
        if check.id != name:
            raise ConfigError(
                f"{module.__name__}: CHECK.id is {check.id!r}, the file says {name!r}"
            )
        if check.id in found or any(check.code == other.code for other in found.values()):
            raise ConfigError(f"{module.__name__}: {check.id} ({check.code}) is declared twice")
        found[check.id] = check
    return tuple(sorted(found.values(), key=lambda check: natural(check.code)))


@functools.cache
def platforms() -> dict[str, Platform]:
    """Return all platforms by name."""
    found = {}
    for module in _modules(audit.platforms):
        platform = _declared(module, "PLATFORM", Platform)
        found[platform.name] = platform
    return found


def platform(name: str) -> Platform:
    """Return one platform.

    Raises:
        ConfigError: there is none of that name.
    """
    known = platforms()
    if name not in known:
        raise ConfigError(
            f"unknown platform {name!r}{suggest(name, known)} (known: {', '.join(sorted(known))})"
        )
    return known[name]


@functools.cache
def ceilings() -> dict[str, dict[str, int | None]]:
    """Return by platform what a pack may set, and the most that it may say; ``None``: anything."""
    found: dict[str, dict[str, int | None]] = {}
    for name, one in platforms().items():
        limits = {limit.key: limit for limit in one.tariff.limits if limit.key}
        found[name] = {key: None if each.ours else each.amount for key, each in limits.items()}
        if not one.local:
            found[name].setdefault("daily_calls", None)
    return found


def _modules(package: ModuleType) -> list[ModuleType]:
    names = sorted(
        info.name
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not info.ispkg and SHARED.isdisjoint(info.name.split("."))
    )
    return [importlib.import_module(name) for name in names]


def _declared(module: ModuleType, name: str, kind: type[Any]) -> Any:
    value = getattr(module, name, None)
    if not isinstance(value, kind):
        raise ConfigError(f"{module.__name__}: declares no {name} of type {kind.__name__}")
    return value


def natural(code: str) -> tuple[str, tuple[int, ...]]:
    """Sort ``BP10.2`` before ``BP10.10``."""
    clause, _, number = code.partition(".")
    return clause, tuple(int(part) for part in number.split(".") if part.isdigit())
