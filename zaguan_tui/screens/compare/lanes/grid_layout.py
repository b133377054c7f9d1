"""Layout of lanes in a grid: one row where each is wide enough, else rows of nearly the same length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

MIN_WIDTH: Final = 36
"""Cells below which an answer cannot be read beside others."""

MIN_HEIGHT: Final = 7
"""Lines below which an answer cannot be read above others."""


@dataclass(frozen=True, slots=True)
class LaneGrid:
    """Rows of so many lanes each. ``columns`` of a grid, of which lane ``n`` takes ``spans[n]``."""

    rows: tuple[int, ...]

    @property
    def columns(self) -> int:
        """Columns of a grid in which every row can be divided."""
        return math.lcm(*self.rows)

    @property
    def spans(self) -> tuple[int, ...]:
        """The columns that each lane takes, in their order."""
        return tuple(self.columns // row for row in self.rows for _ in range(row))


def arrange_lanes(lanes: int, width: int) -> LaneGrid:
    """``lanes`` in ``width`` cells: the fewest rows in which each lane gets 36, the fuller rows first."""
    if lanes <= 0:
        return LaneGrid((1,))
    per_row = min(lanes, max(1, width // MIN_WIDTH))
    rows = math.ceil(lanes / per_row)
    least, rest = divmod(lanes, rows)
    return LaneGrid(tuple(least + (row < rest) for row in range(rows)))


def row_heights(rows: int, height: int) -> tuple[int, ...]:
    """The lines of each row in ``height`` lines; where that is too low to read, more than there are."""
    if rows > 1 and height // rows < MIN_HEIGHT:
        return (MIN_HEIGHT,) * rows
    least, rest = divmod(height, rows)
    return tuple(max(1, least + (row < rest)) for row in range(rows))
