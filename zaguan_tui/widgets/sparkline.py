"""A row of bars for a table cell: no plotting library, no widget, a gap where nothing was read."""

from __future__ import annotations

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
GAP = " "


def sparkline(values: Sequence[float | None], width: int) -> str:
    """The newest ``width`` values as bars between 0 and their maximum; ``None`` is a gap."""
    newest = list(values)[-width:]
    top = max((value for value in newest if value is not None), default=0.0)
    return "".join(_bar(value, top) for value in newest).rjust(width)


def _bar(value: float | None, top: float) -> str:
    if value is None:
        return GAP
    if top <= 0:
        return BARS[0]
    return BARS[min(len(BARS) - 1, int(value / top * (len(BARS) - 1) + 0.5))]
