"""Shows what a night would take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from audit import shell

if TYPE_CHECKING:
    from audit.jobs.forecast import LimitUse, PlatformForecast

HEADER = (
    "platform", "accounts", "from", "calls", "quota", "price",
    "limit", "used", "left", "used tonight", "used by its end",
)  # fmt: skip


def show(found: Sequence[PlatformForecast], *, json: bool) -> None:
    """Print a forecast: a row for each limit of a platform, and one for platforms without."""
    if json:
        shell.emit({"platforms": found})
        return
    shell.table(HEADER, [row for one in found for row in _rows(one)])
    estimated: dict[str, list[str]] = {}
    for one in found:
        if one.assumptions:
            said = ", ".join(f"{name} {value}" for name, value in one.assumptions.items())
            estimated.setdefault(said, []).append(one.platform)
    for said, platforms in estimated.items():
        shell.tell(f"{', '.join(platforms)}: estimated with {said}")
    for one in found:
        for limit in one.limits:
            if not limit.enough:
                shell.tell(
                    f"{one.platform}: [platforms.{one.platform}] {limit.key}: not enough is left "
                    f"for tonight; reading stops before {limit.ends:%Y-%m-%d %H:%M} UTC"
                )
            elif limit.by_end > 1:
                shell.tell(
                    f"{one.platform}: [platforms.{one.platform}] {limit.key}: at this rate it is "
                    f"used up before {limit.ends:%Y-%m-%d}"
                )


def _rows(one: PlatformForecast) -> list[tuple[Any, ...]]:
    from audit.metering import amount_words
    from audit.platforms.limits import Unit

    bases = {"measured": one.measured, "stored": one.stored, "assumed": one.assumed}
    basis = ", ".join(f"{number} {name}" for name, number in bases.items() if number)
    price = None if one.micro_usd is None else amount_words(Unit.MICRO_USD, one.micro_usd)
    basis = basis if one.calls else "files"
    first = (one.platform, one.accounts, basis, one.calls, one.quota_units, price)

    def cells(limit: LimitUse) -> tuple[Any, ...]:
        return (
            limit.key,
            amount_words(limit.unit, limit.used),
            amount_words(limit.unit, limit.left),
            f"{limit.share:.1%}",
            f"{limit.by_end:.1%}",
        )

    if not one.limits:
        return [(*first, *(None,) * (len(HEADER) - len(first)))]
    blank: tuple[Any, ...] = (None,) * len(first)
    return [
        (*(blank if number else first), *cells(limit)) for number, limit in enumerate(one.limits)
    ]
