"""How often text that grows is painted: slow machines and long answers less often, and less while typing."""

from __future__ import annotations

import math
from time import monotonic
from typing import Final

PAINT_EVERY_S: Final = 0.05
PAINTING_SHARE: Final = 0.25
"""How much of the time painting may take."""

SHARE_WHILE_TYPING: Final = 0.02
TYPING_S: Final = 0.7
MAX_PAUSE_S: Final = 1.0


class PaintPace:
    """The pause until the next paint, from how long the last one took and when a key was pressed."""

    def __init__(self) -> None:
        self._painting_s = 0.0
        self._typed_at = float("-inf")

    @property
    def typing(self) -> bool:
        """Whether a key was pressed a moment ago."""
        return monotonic() - self._typed_at < TYPING_S

    def note_typing(self) -> None:
        """A key was pressed."""
        self._typed_at = monotonic()

    def record_paint(self, began: float) -> None:
        """A paint that began at this time of :func:`~time.monotonic` is on the terminal."""
        self._painting_s = min(1.0, monotonic() - began)

    def pause_s(self) -> float:
        """Seconds until the next paint."""
        share = SHARE_WHILE_TYPING if self.typing else PAINTING_SHARE
        return min(MAX_PAUSE_S, max(PAINT_EVERY_S, self._painting_s / share))


class AlignedPaintPace(PaintPace):
    """Paints at the same moments as others of its kind, so that one layout serves all."""

    def __init__(self, every_s: float, every_s_while_typing: float) -> None:
        super().__init__()
        self._every_s, self._every_s_while_typing = every_s, every_s_while_typing

    def pause_s(self) -> float:
        """Seconds until the next moment that is due."""
        interval = self._every_s_while_typing if self.typing else self._every_s
        now = monotonic()
        return math.ceil((now + super().pause_s()) / interval) * interval - now
