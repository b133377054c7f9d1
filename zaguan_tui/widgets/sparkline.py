"""A row of bars for a table cell: no plotting library, no widget, a gap where nothing was read."""

from __future__ import annotations

import math
from collections.abc import Sequence

BARS = "▁▂▃▄▅▆"
"""Two steps short of the full cell, so that rows below each other stay apart."""

FLAT = 0
MIN_SWING = 0.1
"""A series that moves by less than a tenth of its maximum is drawn flat: noise should look like noise."""

GAP = " "


def sparkline(values: Sequence[float | None], width: int) -> str:
    """The newest ``width`` values as bars between their minimum and maximum; ``None`` is a gap, and
    so is a number that is none."""
    newest = [_finite(value) for value in list(values)[-width:]] if width > 0 else []
    known = [value for value in newest if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    flat = high - low <= high * MIN_SWING
    return "".join(_bar(value, low, high, flat=flat) for value in newest).rjust(width)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _bar(value: float | None, low: float, high: float, *, flat: bool) -> str:
    if value is None:
        return GAP
    return BARS[FLAT if flat else round((value - low) / (high - low) * (len(BARS) - 1))]
