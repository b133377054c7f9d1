"""Draw images from a prompt in the colours that it names."""

from __future__ import annotations

import colorsys
import math
import random
import re

from zaguan_tui.sandbox.engine.media.png import RgbImage
from zaguan_tui.sandbox.engine.seeds import stream

Colour = tuple[int, int, int]

_COLOURS: dict[str, Colour] = {
    "red": (205, 60, 52), "orange": (233, 138, 48), "yellow": (240, 208, 74), "green": (74, 150, 84),
    "blue": (62, 110, 200), "purple": (122, 78, 168), "pink": (232, 138, 170), "brown": (122, 86, 58),
    "black": (24, 24, 30), "white": (242, 242, 238), "grey": (132, 136, 142), "gray": (132, 136, 142),
    "gold": (212, 175, 55), "teal": (38, 138, 136),
}  # fmt: skip
_LAYERS = 4


def draw(prompt: str, width: int, height: int, variant: int = 0) -> RgbImage:
    """A picture of that size; the same prompt and variant always give the same one."""
    rng = stream(variant, "picture", prompt)
    palette = _palette(prompt, rng)
    night = bool(re.search(r"\b(?:night|dark|moon|space|stars?)\b", prompt, re.I))
    sky = _mixed(palette[0], (12, 14, 34) if night else (250, 246, 235), 0.6)
    sun_x, sun_y = rng.uniform(0.15, 0.85) * width, rng.uniform(0.15, 0.4) * height
    radius = rng.uniform(0.06, 0.13) * min(width, height)
    hills = [_hill(rng, layer, width, height) for layer in range(_LAYERS)]
    rows = []
    for y in range(height):
        row = bytearray(bytes(_mixed(sky, palette[1], y / height * 0.8)) * width)
        half = math.sqrt(max(0.0, radius**2 - (y - sun_y) ** 2))
        _span(row, sun_x - half, sun_x + half, palette[2], width)
        for layer, hill in enumerate(hills):
            colour = _mixed(palette[3], (10, 12, 20), layer / (_LAYERS + 1))
            for left, right in _under(hill, y, width):
                _span(row, left, right, colour, width)
        rows.append(bytes(row))
    return RgbImage(width, height, tuple(rows))


def edit(picture: RgbImage, prompt: str, variant: int = 0) -> RgbImage:
    """The given picture with the prompt's own drawn into its middle."""
    inner = draw(prompt, max(1, picture.width // 2), max(1, picture.height // 2), variant)
    left, top = (picture.width - inner.width) // 2 * 3, (picture.height - inner.height) // 2
    rows = list(picture.rows)
    for y, part in enumerate(inner.rows):
        row = rows[top + y]
        rows[top + y] = row[:left] + part + row[left + len(part) :]
    return RgbImage(picture.width, picture.height, tuple(rows))


def vary(picture: RgbImage, variant: int = 0) -> RgbImage:
    """The given picture with its colours exchanged, and upside down every other time."""
    order = ((1, 2, 0), (2, 0, 1), (1, 0, 2), (2, 1, 0), (0, 2, 1))[variant % 5]
    rows = []
    for row in picture.rows:
        out = bytearray(len(row))
        for to, source in enumerate(order):
            out[to::3] = row[source::3]
        rows.append(bytes(out))
    return RgbImage(picture.width, picture.height, tuple(rows[::-1] if variant % 2 else rows))


def resized(picture: RgbImage, width: int, height: int) -> RgbImage:
    """The picture in another size, nearest pixel."""
    if (width, height) == (picture.width, picture.height):
        return picture
    columns = [x * picture.width // width * 3 for x in range(width)]
    cache: dict[int, bytes] = {}
    rows = []
    for y in range(height):
        source = y * picture.height // height
        if source not in cache:
            row = picture.rows[source]
            cache[source] = b"".join(row[x : x + 3] for x in columns)
        rows.append(cache[source])
    return RgbImage(width, height, tuple(rows))


def _palette(prompt: str, rng: random.Random) -> list[Colour]:
    """Four colours: sky, horizon, sun, hills; those the prompt names come last, where they show most."""
    hue = rng.random()
    own = [
        _rgb(hue + shift, rng.uniform(0.4, 0.75), rng.uniform(0.6, 0.95)) for shift in (0, 0.08, 0.45, 0.55)
    ]
    named = [_COLOURS[word] for word in re.findall(r"[a-z]+", prompt.lower()) if word in _COLOURS][:4]
    return [*own[: 4 - len(named)], *named[::-1]]


def _rgb(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return int(red * 255), int(green * 255), int(blue * 255)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _hill(rng: random.Random, layer: int, width: int, height: int) -> list[int]:
    """The height of one ridge for every column, as a row number."""
    base = height * (0.52 + 0.12 * layer)
    waves = [
        (rng.uniform(1, 4) * (layer + 1), rng.uniform(0, 6.3), rng.uniform(0.01, 0.05)) for _ in range(3)
    ]
    return [
        int(base + height * sum(size * math.sin(x / width * 6.3 * pace + at) for pace, at, size in waves))
        for x in range(width)
    ]


def _under(hill: list[int], y: int, width: int) -> list[tuple[int, int]]:
    """The columns where the ridge has risen above row ``y``, as spans, looking at every fourth column."""
    spans, start = [], -1
    for x in range(0, width, 4):
        inside = hill[x] <= y
        if inside and start < 0:
            start = x
        elif not inside and start >= 0:
            spans.append((start, x))
            start = -1
    return [*spans, (start, width)] if start >= 0 else spans


def _span(row: bytearray, left: float, right: float, colour: Colour, width: int) -> None:
    first, last = max(0, int(left)), min(width, int(right))
    if last > first:
        row[first * 3 : last * 3] = bytes(colour) * (last - first)
