"""Settled text in parts: a picture of what is long settled, live Markdown below it."""

from __future__ import annotations

import asyncio
from typing import Final

from textual import events
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from zaguan_tui.screens.chat.answers.markdown import AnswerMarkdown, estimate_widgets
from zaguan_tui.screens.chat.answers.rendered_block import RenderedBlock, render_to_lines

LAID_OUT_WITHIN_S: Final = 0.05
MAX_LINE_LENGTH: Final = 8_000

MAX_WIDGETS: Final = 500

LIVE_PARTS: Final = 2
"""The last parts stay widgets: what came last is laid out last."""

TOO_LONG = "This part is long: it is shown as plain text."

LONGEST_PLAIN: Final = 30_000
"""Characters of one plain part that are laid out: on one line 50,000 take Textual 100 ms."""


def plain(text: str) -> Content:
    """Text that is not read as Markdown, its end left out where it is very long."""
    text = text.rstrip("\n")
    if len(text) <= LONGEST_PLAIN:
        return Content(text)
    more = f"\n… {len(text) - LONGEST_PLAIN:,} more characters: copy or export the answer to have them."
    return Content.assemble(text[:LONGEST_PLAIN], (more, "$ink-faint"))


class PartedMarkdown(Vertical):
    """Text that is appended in parts. Parts that are full become one :class:`RenderedBlock`, so that the
    thousandth line costs what the first did. Its last child, of class ``tail``, is the subclass's own.
    """

    def __init__(self, *, classes: str) -> None:
        super().__init__(classes=classes)
        self._one_at_a_time = asyncio.Lock()
        self._width = 0
        self._live_parts = LIVE_PARTS

    @property
    def weight(self) -> int:
        """About how many widgets the text takes."""
        return sum(part.weight if isinstance(part, AnswerMarkdown) else 1 for part in self._parts)

    def freeze(self) -> None:
        """Nothing will come any more, and something newer is read: no part need stay alive."""
        self._live_parts = 0
        self.call_after_refresh(self._draw_pictures)

    def on_mount(self) -> None:
        """Pictures hold the colours they were drawn in."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._redraw())

    def on_unmount(self) -> None:
        """Let go of the signal: it would keep this widget alive."""
        self.app.theme_changed_signal.unsubscribe(self)

    def on_resize(self, event: events.Resize) -> None:
        """Another width makes other lines."""
        if event.size.width != self._width:
            self._width = event.size.width
            self._redraw()

    def _redraw(self) -> None:
        """Draw what was drawn before once more."""
        if self.query(RenderedBlock):
            self.run_worker(self._wake_pictures(), group="pictures", exclusive=True, exit_on_error=False)

    async def _wake_pictures(self) -> None:
        """Markdown again in the place of each picture; it becomes one again when it is laid out."""
        for picture in list(self.query_children(RenderedBlock)):
            async with self._one_at_a_time:
                if not picture.is_attached:
                    continue
                parts = [AnswerMarkdown() for _ in picture.sources]
                with self.app.batch_update():
                    await self.mount_all(parts, before=picture)
                    for part, source in zip(parts, picture.sources, strict=True):
                        await part.append(source)
                    await picture.remove()
        self.call_after_refresh(self._draw_pictures)

    async def _draw_pictures(self) -> None:
        """Put pictures in the place of the parts that change no more, next to the pictures before them."""
        async with self._one_at_a_time:
            if not self.is_attached or not self.screen.is_current:
                return
            count = len(self._parts) - self._live_parts
            full = [part for part in self._parts[: max(0, count)] if isinstance(part, AnswerMarkdown)]
            with self.app.batch_update():
                for part in full:
                    if part.size.width == self.size.width:
                        await self._draw_picture(part)
        if self.size and any(part.is_attached and not part.size for part in full):
            self.set_timer(LAID_OUT_WITHIN_S, self._draw_pictures)  # not laid out yet

    async def _draw_picture(self, part: AnswerMarkdown) -> None:
        if (strips := render_to_lines(part)) is None:
            return
        place = self.children.index(part)
        before = self.children[place - 1] if place else None
        part.display = False
        if isinstance(before, RenderedBlock):
            before.extend(part.source, strips)
        else:
            await self.mount(RenderedBlock(part.source, strips), before=part)
        await part.remove()

    async def _append(self, settled: str) -> None:
        """Put settled text into the last part, or into a new one where the last is long enough."""
        if len(max(settled.split("\n"), key=len)) > MAX_LINE_LENGTH:
            await self._add(Static(plain(settled), classes="part"))
        elif estimate_widgets(settled) > MAX_WIDGETS:
            await self._add(Static(Content.styled(TOO_LONG, "$ink-faint"), classes="part"))
            await self._add(Static(plain(settled), classes="part"))
        elif isinstance(last := self._parts[-1] if self._parts else None, AnswerMarkdown) and last.can_grow:
            await last.append(settled)
        elif settled.strip():
            part = AnswerMarkdown()
            await self._add(part)
            await part.append(settled)

    @property
    def _parts(self) -> list[Widget]:
        return [child for child in self.children if not child.has_class("tail")]

    async def _add(self, part: Widget) -> None:
        await self.mount(part, before=self.query_one(".tail"))
        self.call_after_refresh(self._draw_pictures)
