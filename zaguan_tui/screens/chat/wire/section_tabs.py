"""The sections of the wire panel on a line, the present one marked; a click goes there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from zaguan_tui.widgets.clickable import ClickZone, zone_at

GAP = "  "


class SectionTabs(Widget):
    """``titles`` by name. Posts :class:`Chosen` for a click."""

    ALLOW_SELECT: ClassVar[bool] = False

    @dataclass
    class Chosen(Message):
        """A section was clicked."""

        name: str

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__(id="wire-sections")
        self._titles = dict(titles)
        self._current = next(iter(titles))
        self._notes: dict[str, str] = {}
        self._zones: list[ClickZone] = []

    def show(self, current: str, notes: Mapping[str, str]) -> None:
        """Mark this one. ``notes`` stand behind titles, such as a count."""
        if (current, dict(notes)) != (self._current, self._notes):
            self._current, self._notes = current, dict(notes)
            self.refresh()

    def render(self) -> Content:
        """The titles in a row."""
        row = Content("")
        self._zones = []
        for name, title in self._titles.items():
            chosen = name == self._current
            look = Content.assemble(
                ("▸ " if chosen else "  ", "$primary"),
                (title, "bold $ink-strong" if chosen else "$ink-soft"),
                (f" {self._notes[name]}" if name in self._notes else "", "$ink-faint"),
            )
            row = Content(GAP).join([row, look]) if row else look
            self._zones.append(ClickZone(row.cell_length - look.cell_length, row.cell_length, name))
        return row

    def on_click(self, event: events.Click) -> None:
        """Say which was clicked."""
        zone = zone_at(self._zones, event.get_content_offset(self))
        if zone is not None:
            self.post_message(self.Chosen(zone.target))
