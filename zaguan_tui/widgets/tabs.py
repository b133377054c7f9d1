"""The row of rooms: one line, one widget, the digits that lead there always in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget

from zaguan_tui.widgets.clickable import Zone, zone_at


@dataclass(frozen=True, slots=True)
class Tab:
    """A room on the row: its digit, its full and its short title, and whether it is still to come."""

    name: str
    digit: str
    title: str
    short: str
    to_come: bool = False


class RoomTabs(Widget):
    """Shows all rooms, the current one marked; a click goes there."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, tabs: Sequence[Tab], current: str) -> None:
        super().__init__(id="tabs")
        self._tabs = tuple(tabs)
        self._current = current
        self._zones: list[Zone] = []

    def render(self) -> Content:
        """Full titles where they fit, short ones where they do not."""
        width = self.content_size.width
        full = self._row(short=False)
        return full if full.cell_length <= width else self._row(short=True)

    async def on_click(self, event: events.Click) -> None:
        """Go to the room that was clicked."""
        zone = zone_at(self._zones, event.get_content_offset(self))
        if zone is not None:
            await self.run_action(f"app.show_room('{zone.target}')")

    def _row(self, *, short: bool) -> Content:
        gap = " " if short else "  "
        row = Content("")
        self._zones = []
        for tab in self._tabs:
            look = self._tab(tab, tab.short if short else tab.title)
            row = Content(gap).join([row, look]) if row else look
            self._zones.append(Zone(row.cell_length - look.cell_length, row.cell_length, tab.name))
        return row

    def _tab(self, tab: Tab, title: str) -> Content:
        if tab.name == self._current:
            return Content.assemble((f"{tab.digit} ", "$primary"), (title, "bold underline $ink-strong"))
        color = "$ink-faint" if tab.to_come else "$ink-soft"
        return Content.assemble((f"{tab.digit} ", "$ink-faint"), (title, color))
