"""From series of readings to chart specs: up to a quarter of an hour on the x axis, round numbers on the y
axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from zaguan_tui.text.format import milliseconds
from zaguan_tui.widgets.plot import LINE_MARK, ChartSpec, PlotLine

WINDOW_SECONDS = 15 * 60
WINDOWS = (60, 120, 300, WINDOW_SECONDS)
"""How far back a chart may look, in seconds: as far as there is something to see."""

MIN_READINGS = 3
"""With fewer there is no course to see, only dots."""

HEADROOM = 1.1
"""The axis ends this much above the highest reading."""

P95_MARK = "·"
"""p95 is dotted: told from p50 without a colour."""

_STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)

Points = Sequence[tuple[datetime, float | None]]
"""Readings by moment, oldest first; ``None`` is a poll that failed: a gap, never a guess."""


def window_for(points: Points, now: datetime) -> int:
    """The smallest window that holds all readings, in seconds."""
    oldest = (now - points[0][0]).total_seconds() if points else 0.0
    return next((window for window in WINDOWS if oldest <= window), WINDOW_SECONDS)


def latency_chart(p50: Points, p95: Points, now: datetime) -> ChartSpec:
    """p50 and p95 in milliseconds."""
    window = window_for(p50, now)
    lines = (
        _line("p95", "chart-2", p95, now, window, P95_MARK),
        _line("p50", "chart-1", p50, now, window),
    )
    top = _round_up(
        HEADROOM * max((y for line in lines for _, y in line.points if y is not None), default=0.0)
    )
    ticks = tuple((top * part, milliseconds(top * part) if part else "0") for part in (0, 0.5, 1))
    return ChartSpec(lines, (-window, 0), (0, top), _time_ticks(window), ticks)


def error_chart(rates: Points, now: datetime) -> ChartSpec:
    """Error rate in percent."""
    window = window_for(rates, now)
    percents = [(at, None if rate is None else rate * 100) for at, rate in rates]
    line = _line("errors", "error", percents, now, window)
    highest = max((y for _, y in line.points if y is not None), default=0.0)
    top = min(100.0, max(5.0, _round_up(HEADROOM * highest)))
    ticks = tuple((top * part, f"{top * part:g} %") for part in (0, 0.5, 1))
    return ChartSpec((line,), (-window, 0), (0, top), _time_ticks(window), ticks)


def explain_few(points: Points, nothing: str) -> str:
    """Why there is no chart yet: ``nothing`` without a reading; empty once there are enough."""
    readings = sum(y is not None for _, y in points)
    if not readings:
        return nothing
    return "" if readings >= MIN_READINGS else f"Collecting: {readings} of {MIN_READINGS} readings"


def _line(
    name: str, color: str, points: Points, now: datetime, window: float, mark: str = LINE_MARK
) -> PlotLine:
    placed = (((at - now).total_seconds(), y) for at, y in points)
    known = ((x, y if y is not None and math.isfinite(y) else None) for x, y in placed)
    return PlotLine(name, color, tuple((x, y) for x, y in known if x >= -window), mark)


def _time_ticks(window: int) -> tuple[tuple[float, str], ...]:
    return ((-window, f"−{span(window)}"), (-window / 2, f"−{span(window / 2)}"), (0, "now"))


def span(seconds: float) -> str:
    """A stretch of an axis: ``30 s``, ``2 min``, ``7.5 min``."""
    return f"{seconds:g} s" if seconds < 60 else f"{seconds / 60:g} min"


def _round_up(value: float) -> float:
    """The next round number: an axis that does not jump at every reading, and wastes little height."""
    if value <= 0:
        return 1.0
    scale = 10.0 ** math.floor(math.log10(value))
    return next(step * scale for step in _STEPS if value <= step * scale * 1.000001)
