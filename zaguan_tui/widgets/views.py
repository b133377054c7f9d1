"""The views of one room on a line: a click goes there, and the line says which key does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget

from zaguan_tui.widgets.clickable import ClickZone, zone_at

GAP = "   "


@dataclass(frozen=True, slots=True)
class View:
    """One view: the name of its room, and what it is called."""

    name: str
    title: str


class ViewTabs(Widget):
    """Shows the views of a room, the current one marked."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, views: Sequence[View], current: str) -> None:
        super().__init__(id="views")
        self._views, self._current = tuple(views), current
        self._zones: list[ClickZone] = []

    def render(self) -> Content:
        """The titles in a row."""
        row = Content("")
        self._zones = []
        for view in self._views:
            style = "bold $ink-strong" if view.name == self._current else "$ink-soft"
            mark = "▸ " if view.name == self._current else "  "
            look = Content.assemble((mark, "$primary"), (view.title, style))
            row = Content(GAP).join([row, look]) if row else look
            self._zones.append(ClickZone(row.cell_length - look.cell_length, row.cell_length, view.name))
        return row

    async def on_click(self, event: events.Click) -> None:
        """Go to the view that was clicked."""
        zone = zone_at(self._zones, event.get_content_offset(self))
        if zone is not None:
            await self.run_action(f"app.show_room('{zone.target}')")
