"""The row of rooms: one line, one widget, the digits that lead there always in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.style import Style
from textual.widget import Widget


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

    def render(self) -> Content:
        """Full titles where they fit, short ones where they do not."""
        width = self.content_size.width
        full = self._row(short=False)
        return full if full.cell_length <= width else self._row(short=True)

    def _row(self, *, short: bool) -> Content:
        gap = " " if short else "  "
        return Content(gap).join([self._tab(tab, tab.short if short else tab.title) for tab in self._tabs])

    def _tab(self, tab: Tab, title: str) -> Content:
        if tab.name == self._current:
            look = Content.assemble((f"{tab.digit} ", "$primary"), (title, "bold underline $ink-strong"))
        else:
            color = "$ink-faint" if tab.to_come else "$ink-soft"
            look = Content.assemble((f"{tab.digit} ", "$ink-faint"), (title, color))
        return look.stylize(Style.from_meta({"@click": f"app.show_room('{tab.name}')"}))
