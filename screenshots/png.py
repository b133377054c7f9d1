"""Draw what a Textual screen shows as a PNG, cell by cell: text from DejaVu Sans Mono, braille as dots.

An SVG converter knows no font fallback, and no common monospaced font has braille; a grid of cells is simple.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from textual.strip import Strip

SIZE = 18
WIDE = "NotoSansCJK-Regular.ttc"
BRAILLE = range(0x2800, 0x2900)
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each of the eight bits of a braille character."""

RGB = tuple[int, int, int]


class Canvas:
    """A picture of ``columns`` × ``rows`` cells on ``paper``."""

    def __init__(self, columns: int, rows: int, paper: RGB) -> None:
        self._plain = ImageFont.truetype("DejaVuSansMono.ttf", SIZE)
        self._bold = ImageFont.truetype("DejaVuSansMono-Bold.ttf", SIZE)
        self._wide = _optional(WIDE) or self._plain
        self._cell = (round(self._plain.getlength("m")), round(SIZE * 1.22))
        margin = self._cell[0]
        self._origin = (margin, margin)
        size = (columns * self._cell[0] + 2 * margin, rows * self._cell[1] + 2 * margin)
        self._image = Image.new("RGB", size, paper)
        self._draw = ImageDraw.Draw(self._image)
        self._paper = paper

    def put(self, column: int, row: int, segment: Segment) -> int:
        """Draw a segment; returns the column behind it."""
        style = segment.style or Style()
        ink, paper = _rgb(style.color, (204, 211, 218)), _rgb(style.bgcolor, self._paper)
        if style.reverse:
            ink, paper = paper, ink
        for character in segment.text:
            cells = Segment(character).cell_length
            if cells:
                self._put_character(column, row, character, cells, ink, paper, style)
                column += cells
        return column

    def save(self, path: Path) -> None:
        """Write the picture with as few colours as it has."""
        self._image.quantize(128).save(path, optimize=True)

    def _put_character(
        self, column: int, row: int, character: str, cells: int, ink: RGB, paper: RGB, style: Style
    ) -> None:
        width, height = self._cell
        x, y = self._origin[0] + column * width, self._origin[1] + row * height
        self._draw.rectangle((x, y, x + cells * width - 1, y + height - 1), fill=paper)
        if ord(character) in BRAILLE:
            self._put_braille(x, y, ord(character) - BRAILLE.start, ink)
        elif not character.isspace():
            font = self._wide if cells == 2 else self._bold if style.bold else self._plain
            self._draw.text((x, y), character, font=font, fill=ink)
        if style.underline:
            self._draw.line((x, y + height - 2, x + cells * width - 1, y + height - 2), fill=ink)

    def _put_braille(self, x: int, y: int, bits: int, ink: RGB) -> None:
        width, height = self._cell
        for bit, (column, row) in enumerate(DOTS):
            if bits >> bit & 1:
                left, top = x + (column * 2 + 1) * width / 4, y + (row * 2 + 1) * height / 8
                self._draw.ellipse((left - 1.3, top - 1.3, left + 1.3, top + 1.3), fill=ink)


def write_png(strips: Iterable[Strip], path: Path) -> None:
    """Draw ``strips``, the lines of a screen from top to bottom, into ``path``."""
    lines = list(strips)
    papers = Counter(_rgb(s.style.bgcolor, (0, 0, 0)) for line in lines for s in line if s.style)
    paper = papers.most_common(1)[0][0] if papers else (0, 0, 0)
    canvas = Canvas(lines[0].cell_length, len(lines), paper)
    for row, strip in enumerate(lines):
        column = 0
        for segment in strip:
            column = canvas.put(column, row, segment)
    canvas.save(path)


def _rgb(color: Color | None, otherwise: RGB) -> RGB:
    if color is None or color.type is ColorType.DEFAULT:
        return otherwise
    return tuple(color.get_truecolor(DIMMED_MONOKAI))  # type: ignore[return-value]  # a triplet is three numbers


def _optional(name: str) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(name, SIZE - 2)
    except OSError:
        return None
