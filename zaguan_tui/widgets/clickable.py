"""Parts of a one-line widget that can be clicked, without turning them into underlined links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Offset


@dataclass(frozen=True, slots=True)
class ClickZone:
    """Cells from ``start`` up to, not including, ``end`` of the first line, and what a click there means."""

    start: int
    end: int
    target: str


def zone_at(zones: Sequence[ClickZone], offset: Offset | None) -> ClickZone | None:
    """The zone under ``offset``, if any."""
    if offset is None:
        return None
    return next((zone for zone in zones if zone.start <= offset.x < zone.end), None)
