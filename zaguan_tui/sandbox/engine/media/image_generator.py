"""Draw images from a prompt in the colours that it names."""

from __future__ import annotations

import colorsys
import math
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


def draw(prompt: str, width: int, height: int, variant: int = 0) -> RgbImage:
    """A disc on a gradient, in that size; the same prompt and variant always give the same image."""
    rng = stream(variant, "picture", prompt)
    hue = rng.random()
    own = [_rgb(hue + shift, rng.uniform(0.4, 0.75), rng.uniform(0.6, 0.95)) for shift in (0, 0.08, 0.5)]
    named = [_COLOURS[word] for word in re.findall(r"[a-z]+", prompt.lower()) if word in _COLOURS][:3]
    top, bottom, disc = (*own[: 3 - len(named)], *named[::-1])
    centre_x, centre_y = rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height
    radius = rng.uniform(0.1, 0.4) * min(width, height)
    rows = []
    for y in range(height):
        row = bytearray(bytes(_mixed(top, bottom, y / height)) * width)
        half = math.sqrt(max(0.0, radius**2 - (y - centre_y) ** 2))
        first, last = max(0, int(centre_x - half)), min(width, int(centre_x + half))
        row[first * 3 : last * 3] = bytes(disc) * (last - first)
        rows.append(bytes(row))
    return RgbImage(width, height, tuple(rows))


def edit(picture: RgbImage, prompt: str, variant: int = 0) -> RgbImage:
    """The given image with the prompt's own drawn into its middle."""
    inner = draw(prompt, max(1, picture.width // 2), max(1, picture.height // 2), variant)
    left, top = (picture.width - inner.width) // 2 * 3, (picture.height - inner.height) // 2
    rows = list(picture.rows)
    for y, part in enumerate(inner.rows):
        row = rows[top + y]
        rows[top + y] = row[:left] + part + row[left + len(part) :]
    return RgbImage(picture.width, picture.height, tuple(rows))


def vary(picture: RgbImage, variant: int = 0) -> RgbImage:
    """The given image with its colours exchanged, and upside down every other time."""
    order = ((1, 2, 0), (2, 0, 1), (1, 0, 2), (2, 1, 0), (0, 2, 1))[variant % 5]
    rows = []
    for row in picture.rows:
        out = bytearray(len(row))
        for to, source in enumerate(order):
            out[to::3] = row[source::3]
        rows.append(bytes(out))
    return RgbImage(picture.width, picture.height, tuple(rows[::-1] if variant % 2 else rows))


def resized(picture: RgbImage, width: int, height: int) -> RgbImage:
    """The image in another size, nearest pixel."""
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


def _rgb(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return int(red * 255), int(green * 255), int(blue * 255)


def _mixed(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue
