"""Tabs: the row of screens with their digits, and the row of views of one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget

from zaguan_tui.widgets.clickable import ClickZone, zone_at

if TYPE_CHECKING:
    from textual.screen import Screen

WHILE_WRITING = "alt+digit"
"""Shown at the end of the row while a text field takes the digits."""

MIN_SPACE = 2
VIEW_GAP = "   "


@dataclass(frozen=True, slots=True)
class ScreenTab:
    """A screen on the row: its digit, its full and its short title, and whether it is still to come."""

    name: str
    digit: str
    title: str
    short: str
    to_come: bool = False


class ScreenTabs(Widget):
    """Shows all screens, the current one marked; a click goes there."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, tabs: Sequence[ScreenTab], current: str) -> None:
        super().__init__(id="tabs")
        self._tabs = tuple(tabs)
        self._current = current
        self._zones: list[ClickZone] = []
        self._hint = False

    def on_mount(self) -> None:
        """Follow the focus: a text field takes the digits."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_unmount(self) -> None:
        """Let go of the signal: it would keep this widget alive."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        focused = screen.focused
        takes_digits = focused is not None and focused.check_consume_key("1", "1")
        if self._hint != takes_digits:
            self._hint = takes_digits
            self.refresh()

    def render(self) -> Content:
        """Full titles where they fit, else short ones, else the digits and the current one; the hint if there
        is space left.
        """
        row, width = Content(""), self.content_size.width
        for titles in (self._full, self._short, self._digits):
            row = self._row(titles(), "  " if titles == self._full else " ")
            if row.cell_length <= width:
                break
        space = width - row.cell_length - len(WHILE_WRITING)
        if self._hint and space >= MIN_SPACE:
            row = Content.assemble(row, " " * space, (WHILE_WRITING, "$ink-faint"))
        return row

    async def on_click(self, event: events.Click) -> None:
        """Go to the screen that was clicked."""
        zone = zone_at(self._zones, event.get_content_offset(self))
        if zone is not None:
            await self.run_action(f"app.show_screen('{zone.target}')")

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
            self._zones.append(ClickZone(row.cell_length - look.cell_length, row.cell_length, tab.name))
        return row

    def _tab(self, tab: ScreenTab, title: str) -> Content:
        if not title:
            return Content.styled(tab.digit, "$ink-soft")
        if tab.name == self._current:
            return Content.assemble((f"{tab.digit} ", "$primary"), (title, "bold underline $ink-strong"))
        color = "$ink-faint" if tab.to_come else "$ink-soft"
        return Content.assemble((f"{tab.digit} ", "$ink-faint"), (title, color))


@dataclass(frozen=True, slots=True)
class View:
    """One view: the name of its screen, and its title."""

    name: str
    title: str


class ViewTabs(Widget):
    """Shows a screen and its views on a line, the current one marked; a click goes there."""

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
            row = Content(VIEW_GAP).join([row, look]) if row else look
            self._zones.append(ClickZone(row.cell_length - look.cell_length, row.cell_length, view.name))
        return row

    async def on_click(self, event: events.Click) -> None:
        """Go to the view that was clicked."""
        zone = zone_at(self._zones, event.get_content_offset(self))
        if zone is not None:
            await self.run_action(f"app.show_screen('{zone.target}')")
