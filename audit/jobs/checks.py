"""Describes the checks under a pack."""

from __future__ import annotations

from typing import Any

from audit import catalogue, policy


def describe(pack: str) -> list[dict[str, Any]]:
    """Return a row per check that the pack has switched on, in the order of the codes."""
    return [
        {
            "id": bound.check.id,
            "code": bound.check.code,
            "clause": bound.check.clause,
            "level": ", ".join(bound.check.levels),
            "kind": bound.check.kind.value,
            "severity": bound.severity.value,
            "title": bound.check.title,
            "shadow": bound.shadow,
        }
        for bound in policy.load(pack, catalogue.checks(), catalogue.ceilings()).checks
    ]
