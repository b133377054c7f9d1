"""Lines drawn by plotext, away from the event loop, in colours that belong to the theme.

plotext 6 draws on one process-wide figure, so one lock guards it; its native kernel builds a 120×40 chart in
about 15 ms. It knows nothing of themes: every part is painted with a marker colour, and the ANSI text that
comes back is read into runs of ``$variables``, so a theme switch recolours a chart without drawing it again.
"""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass
from typing import Any

from textual.content import Content

_LOCK = threading.Lock()
_RUN = re.compile(r"\x1b\[([0-9;]*)m")
_AXIS, _LABEL, _SERIES = 1, 2, 10


LINE_MARK = "braille"
"""A thin drawn line. Any single character is repeated along the line instead."""


@dataclass(frozen=True, slots=True)
class PlotLine:
    """One line of a chart: its name, its theme colour, points ``(x, y)`` where ``None`` is a gap, and what it
    is drawn with."""

    name: str
    color: str
    points: tuple[tuple[float, float | None], ...]
    mark: str = LINE_MARK


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """What to draw. ``x_ticks`` and ``y_ticks`` are ``(place, label)``; limits are in data units."""

    lines: tuple[PlotLine, ...]
    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    x_ticks: tuple[tuple[float, str], ...] = ()
    y_ticks: tuple[tuple[float, str], ...] = ()

    @property
    def drawable(self) -> bool:
        """Whether there is a point at all."""
        return any(y is not None for line in self.lines for _, y in line.points)


def draw(spec: ChartSpec, width: int, height: int) -> Content:
    """The chart as content of exactly ``width`` × ``height`` cells. Slow: call it in a thread."""
    import plotext

    with _LOCK:
        figure = plotext.figure
        figure.clear()
        plotext.terminal.limit(False, False)  # else it believes in the terminal it finds, not in our size
        figure.plot_size(width, height)
        figure.canvas("default")
        figure.axes(active=False, axis="both", side=1)
        figure.axes(active=True, axis="both", side=0, pixel=_pixel(plotext, _AXIS))
        _rule(plotext, "x", spec.x_limits, spec.x_ticks)
        _rule(plotext, "y", spec.y_limits, spec.y_ticks)
        for number, line in enumerate(spec.lines):
            marker = plotext.marker(line.mark, pixel=_pixel(plotext, _SERIES + number))
            for piece in _unbroken(line, spec):
                signal = figure.signal([x for x, _ in piece], [y for _, y in piece], marker=marker)
                if len(piece) > 1:
                    signal.lines()
                figure.draw(signal)
        text = str(figure.build()).rstrip("\n")
    return _read(text, tuple(line.color for line in spec.lines))


def _pixel(plotext: Any, role: int) -> Any:
    return plotext.pixel((role, 0, 0), "default")


def _rule(plotext: Any, axis: str, limits: tuple[float, float], ticks: tuple[tuple[float, str], ...]) -> None:
    ruler = plotext.figure.ruler(axis, 0)
    ruler.pixel(_pixel(plotext, _LABEL))
    ruler.lim(*limits)
    ruler.ticks([place for place, _ in ticks], [label for _, label in ticks])


def _unbroken(line: PlotLine, spec: ChartSpec) -> list[list[tuple[float, float]]]:
    """The pieces between gaps: nothing is ever drawn across one.

    What lies beyond the limits in time is left out, in height it is drawn at the edge: plotext's kernel
    aborts the whole process on points far outside. A number that is none is a gap.
    """
    (first, last), (low, high) = spec.x_limits, spec.y_limits
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, y in line.points:
        if y is None or not math.isfinite(y):
            pieces.append([])
        elif first <= x <= last:
            pieces[-1].append((x, min(max(y, low), high)))
    return [piece for piece in pieces if piece]


def _read(ansi: str, colors: tuple[str, ...]) -> Content:
    parts: list[tuple[str, str]] = []
    style, end = "", 0
    for code in _RUN.finditer(ansi):
        if code.start() > end:
            parts.append((ansi[end : code.start()], style))
        style, end = _style(code.group(1), style, colors), code.end()
    parts.append((ansi[end:], style))
    return Content.assemble(*((text.replace("\u2800", " "), style) for text, style in parts if text))


def _style(code: str, style: str, colors: tuple[str, ...]) -> str:
    if code.startswith("38;2;"):
        role = int(code.split(";")[2])
        if role >= _SERIES:
            return f"${colors[role - _SERIES]}"
        return "$rule" if role == _AXIS else "$ink-soft"
    return "" if code in ("", "0") else style
