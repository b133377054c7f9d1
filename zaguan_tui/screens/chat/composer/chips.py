"""The files that go with the prompt, on one line above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from zaguan_tui.state.chat.message import Attachment
from zaguan_tui.text.cells import fit
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean_line, reveal
from zaguan_tui.widgets.clickable import ClickZone, zone_at

IMAGE, TEXT, REMOVE = "▣", "▤", "×"
NAME_CELLS: Final = 28
GAP: Final = "  "


def format_chip(attachment: Attachment) -> Content:
    """One file: what kind, its name, its size."""
    mark = IMAGE if attachment.is_image else TEXT
    name = fit(clean_line(reveal(attachment.name)), NAME_CELLS)
    return Content.assemble(
        (f"{mark} ", "$primary"), (name, "$foreground"), (f" {size(attachment.size)}", "$ink-soft")
    )


class AttachmentChips(Widget):
    """Shows files, each with a cross to take it away. Hidden while there is none."""

    @dataclass
    class Removed(Message):
        """The cross of a file was clicked; ``place`` counts from 0."""

        place: int

    def __init__(self) -> None:
        super().__init__(id="chips")
        self._attachments: tuple[Attachment, ...] = ()
        self._zones: list[ClickZone] = []

    def on_mount(self) -> None:
        """Nothing is attached yet."""
        self.display = False

    def show(self, attachments: Sequence[Attachment]) -> None:
        """Show these from now on."""
        self._attachments = tuple(attachments)
        self.display = bool(attachments)
        self.refresh()

    def render(self) -> Content:
        """As many as fit, and how many do not."""
        width = self.content_size.width
        line, self._zones = Content(""), []
        for place, attachment in enumerate(self._attachments):
            start = line.cell_length + (len(GAP) if place else 0)
            own = Content.assemble(
                GAP if place else "", format_chip(attachment), (f" {REMOVE}", "$ink-faint")
            )
            left = len(self._attachments) - place
            available = width - (len(f"{GAP}+{left - 1} more") if left > 1 else 0)
            if place and line.cell_length + own.cell_length > available:
                return Content.assemble(line, (f"{GAP}+{left} more", "$ink-soft"))
            line = Content.assemble(line, own)
            self._zones.append(ClickZone(start, line.cell_length, str(place)))
        return line.truncate(max(0, width), ellipsis=True)

    def on_click(self, event: events.Click) -> None:
        """A click on a cross takes its file away."""
        zone = zone_at(self._zones, event.get_content_offset(self))
        offset = event.get_content_offset(self)
        if zone is not None and offset is not None and offset.x >= zone.end - 2:
            self.post_message(self.Removed(int(zone.target)))
