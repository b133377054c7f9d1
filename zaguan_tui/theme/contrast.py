"""Which colours can be read on which: contrast as WCAG 2 reckons it, 1 (the same) to 21 (black on white)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from textual.color import Color

TEXT = 4.5
"""The least contrast of text that is read."""

MARK = 3.0
"""The least contrast of signs and side notes."""

WHITE = Color(255, 255, 255)
BLACK = Color(0, 0, 0)


def contrast(one: Color, other: Color) -> float:
    """How far apart two opaque colours are in lightness."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def is_legible(ink: Color, grounds: Iterable[Color], least: float) -> bool:
    """Whether ``ink`` stands out by ``least`` on every one of ``grounds``."""
    return all(contrast(ink, ground) >= least for ground in grounds)


def find_legible_shade(start: Color, ink: Color, grounds: Sequence[Color], least: float) -> Color:
    """The first legible shade on the way from ``start`` to ``ink``, and from there to black or white."""
    end = max((WHITE, BLACK), key=lambda pole: min(contrast(pole, ground) for ground in grounds))
    way = chain(mix_shades(start, ink), mix_shades(ink, end))
    return next((color for color in way if is_legible(color, grounds, least)), end)


def mix_shades(start: Color, end: Color, count: int = 20) -> Iterable[Color]:
    """``count`` + 1 shades from ``start`` to ``end``."""
    return (start.blend(end, step / count) for step in range(count + 1))


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(value / 255) for value in (color.r, color.g, color.b))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
