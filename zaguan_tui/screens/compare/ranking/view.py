"""Widget of the ranking: drawn, not mounted, so that it can change four times a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from zaguan_tui.screens.compare.ranking.lines import render_ranking
from zaguan_tui.state.comparison.ranking import Column, RankingRow


class RankingView(Widget):
    """Draws rows in the order given."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__(id="ranking")
        self._rows: tuple[RankingRow, ...] = ()
        self._names: Mapping[str, Content] = {}
        self._column = Column.TTFT

    @property
    def rows(self) -> tuple[RankingRow, ...]:
        """The rows shown."""
        return self._rows

    def show(self, rows: Sequence[RankingRow], names: Mapping[str, Content], column: Column) -> None:
        """Show these rows."""
        lines = len(self._rows)
        self._rows, self._names, self._column = tuple(rows), dict(names), column
        self.refresh(layout=len(self._rows) != lines)

    def get_content_height(self, *_: object) -> int:
        """A heading and a line for each lane."""
        return 1 + len(self._rows)

    def render(self) -> Content:
        """As much as fits."""
        return Content("\n").join(
            render_ranking(self._rows, self._names, self._column, self.content_size.width)
        )
