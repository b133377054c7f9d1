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
        """Full titles where they fit, else short ones, else the digits and where one is."""
        row = Content("")
        for titles in (self._full, self._short, self._digits):
            row = self._row(titles(), "  " if titles == self._full else " ")
            if row.cell_length <= self.content_size.width:
                break
        return row

    async def on_click(self, event: events.Click) -> None:
        """Go to the room that was clicked."""
        zone = zone_at(self._zones, event.get_content_offset(self))
        if zone is not None:
            await self.run_action(f"app.show_room('{zone.target}')")

    def _full(self) -> list[str]:
        return [tab.title for tab in self._tabs]

    def _short(self) -> list[str]:
        return [tab.short for tab in self._tabs]

    def _digits(self) -> list[str]:
        return [tab.short if tab.name == self._current else "" for tab in self._tabs]

    def _row(self, titles: Sequence[str], gap: str) -> Content:
        row = Content("")
        self._zones = []
        for tab, title in zip(self._tabs, titles, strict=True):
            look = self._tab(tab, title)
            row = Content(gap).join([row, look]) if row else look
            self._zones.append(Zone(row.cell_length - look.cell_length, row.cell_length, tab.name))
        return row

    def _tab(self, tab: Tab, title: str) -> Content:
        if not title:
            return Content.styled(tab.digit, "$ink-soft")
        if tab.name == self._current:
            return Content.assemble((f"{tab.digit} ", "$primary"), (title, "bold underline $ink-strong"))
        color = "$ink-faint" if tab.to_come else "$ink-soft"
        return Content.assemble((f"{tab.digit} ", "$ink-faint"), (title, color))
