"""Rendered lines of finished Markdown as one widget, instead of the many widgets that drew them.

It is widgets that make typing and streaming slow, not letters: an answer of twenty thousand tokens is three
hundred widgets as Markdown, which the layout looks at again for every line that comes after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.segment import Segment
from textual._compositor import Compositor  # the only way to draw widgets that are not visible
from textual.geometry import Size
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets._markdown import MarkdownFence  # not exported; Textual is pinned below 8.3

SELECTED = "screen--selection"


def render_to_lines(widget: Widget) -> list[Strip] | None:
    """The lines of a mounted widget as it looks now; ``None`` where the block would hide something.

    Code that is wider than its place can be scrolled sideways, so it stays alive.
    """
    if not widget.size or any(
        fence.virtual_size.width > fence.size.width for fence in widget.query(MarkdownFence)
    ):
        return None
    compositor = Compositor()
    compositor.reflow(widget, widget.size)
    return [_drop_style_meta(strip) for strip in compositor.render_strips()]


def _drop_style_meta(strip: Strip) -> Strip:
    """A line without the places its letters had in other widgets; links stay."""
    segments = []
    for text, style, control in strip:
        if style is not None and style.meta and "@click" not in style.meta:
            style = style.clear_meta_and_links()
        segments.append(Segment(text, style, control))
    return Strip(segments, strip.cell_length).simplify()


class RenderedBlock(Widget):
    """Shows lines drawn before. Text in it can be selected, links in it can be clicked.

    ``sources`` are the Markdown texts that were drawn, to draw them anew at another width.
    """

    @dataclass
    class LinkClicked(Message):
        """A link in the picture was clicked."""

        href: str = field(repr=False)

    def __init__(self, source: str, strips: Sequence[Strip]) -> None:
        super().__init__(classes="picture")
        self.sources = [source]
        self._strips = list(strips)

    def extend(self, source: str, strips: Sequence[Strip]) -> None:
        """Show more below."""
        self.sources.append(source)
        self._strips += strips
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the lines."""
        return self._strips[0].cell_length if self._strips else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as there are lines."""
        return len(self._strips)

    def render_line(self, y: int) -> Strip:
        """One line, what is selected of it marked."""
        if y >= len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._strips[y]
        if (selection := self.text_selection) is not None and (span := selection.get_span(y)) is not None:
            start, end = span
            end = len(strip.text) if end == -1 else end
            mark = self.screen.get_component_rich_style(SELECTED)
            head, middle, tail = (
                strip.crop(0, start),
                strip.crop(start, end),
                strip.crop(end, strip.cell_length),
            )
            strip = Strip.join([head, middle.apply_style(mark), tail])
        return strip.crop_extend(0, self.size.width, self.rich_style).apply_offsets(0, y)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that is selected."""
        return selection.extract("\n".join(strip.text.rstrip() for strip in self._strips)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Mark it."""
        self.refresh()

    def action_link(self, href: str) -> None:
        """A link was clicked."""
        self.post_message(self.LinkClicked(href))
