"""The note to the operators."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model.digest import Notes
from reports.model.parts import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorsNote:
    """What those who keep the audit running have to see to."""

    frame: Frame
    fresh: Notes
    """What the night before did not tell."""
    earlier: Notes
