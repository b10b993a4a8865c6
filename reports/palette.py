"""The colours of every mail and page, by the name of their use.

Each pair that is used as text on a ground has a contrast of at least 4.5 to 1 by the formula
of WCAG 2, each pair that is used as a mark or border at least 3 to 1; a test computes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "bg": "#F4F6F8",
        "surface": "#FFFFFF",
        "sunken": "#EDF1F5",
        "text": "#17212B",
        "muted": "#475463",
        "line": "#D3DAE2",
        "control": "#6F7C8B",
        "accent": "#14598C",
        "accent-hi": "#0E4570",
        "on-accent": "#FFFFFF",
        "accent-bg": "#E6F0F8",
        "focus": "#14598C",
        "crit": "#8A1226",
        "crit-bg": "#FBECEE",
        "high": "#8A3B00",
        "high-bg": "#FDF1E3",
        "med": "#5C4D00",
        "med-bg": "#FAF5DA",
        "low": "#475463",
        "low-bg": "#EDF1F5",
        "ok": "#1B6241",
        "ok-bg": "#E7F4EC",
        "s1": "#14598C",
        "s2": "#B4530A",
        "s3": "#6F7C8B",
        "s1-soft": "#C4DAEB",
        "grid": "#DDE3E9",
    }
)

DARK: Mapping[str, str] = MappingProxyType(
    {
        "bg": "#10161C",
        "surface": "#18212A",
        "sunken": "#212C37",
        "text": "#E8EDF2",
        "muted": "#AAB7C4",
        "line": "#35424F",
        "control": "#8593A2",
        "accent": "#86BFEA",
        "accent-hi": "#B1D7F4",
        "on-accent": "#0C1A26",
        "accent-bg": "#1B3346",
        "focus": "#86BFEA",
        "crit": "#FFB0B8",
        "crit-bg": "#431A22",
        "high": "#F9BD85",
        "high-bg": "#3E2711",
        "med": "#E7D475",
        "med-bg": "#353010",
        "low": "#AAB7C4",
        "low-bg": "#212C37",
        "ok": "#8FD6AE",
        "ok-bg": "#17352A",
        "s1": "#86BFEA",
        "s2": "#F2A65A",
        "s3": "#94A1AF",
        "s1-soft": "#2C4F6B",
        "grid": "#2B3742",
    }
)
