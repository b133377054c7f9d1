"""Settled text in parts: a rendered block of what is long settled, live Markdown below it."""

from __future__ import annotations

import asyncio
from typing import Final

from textual.content import Content
from textual.widget import MountError, Widget
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


class MarkdownParts:
    """Appends settled text to a widget in parts. Parts that are full become one :class:`RenderedBlock`, so
    that the thousandth line costs what the first did.

    The parts are mounted before ``tail``, the last child of ``body``. Callers hold ``lock`` while they change
    them.
    """

    def __init__(self, body: Widget, tail: Widget) -> None:
        self.lock = asyncio.Lock()
        self._body = body
        self._tail = tail
        self._width = 0
        self._live_parts = LIVE_PARTS

    @property
    def weight(self) -> int:
        """About how many widgets the text takes."""
        return sum(part.weight if isinstance(part, AnswerMarkdown) else 1 for part in self._widgets)

    def freeze(self) -> None:
        """Render all parts: nothing will come any more, and something newer is read."""
        self._live_parts = 0
        self._body.call_after_refresh(self._render_parts)

    def resize(self, width: int) -> None:
        """Render anew where the width changed: it makes other lines."""
        if width != self._width:
            self._width = width
            self.render_anew()

    def render_anew(self) -> None:
        """Render the blocks once more, in the colours and the width of now."""
        if self._body.query(RenderedBlock):
            self._body.run_worker(
                self._restore_markdown(), group="pictures", exclusive=True, exit_on_error=False
            )

    async def append(self, settled: str) -> bool:
        """Put settled text into the last part, or into a new one where the last is long enough.

        False where the body takes no widgets, not yet or no more: then nothing was appended.
        """
        if len(max(settled.split("\n"), key=len)) > MAX_LINE_LENGTH:
            return await self._mount(Static(plain(settled), classes="part"))
        if estimate_widgets(settled) > MAX_WIDGETS:
            note = Static(Content.styled(TOO_LONG, "$ink-faint"), classes="part")
            return await self._mount(note, Static(plain(settled), classes="part"))
        part = self._widgets[-1] if self._widgets else None
        if not isinstance(part, AnswerMarkdown) or not part.can_grow or not part.display:
            if not settled.strip():
                return True
            part = AnswerMarkdown()
            if not await self._mount(part):
                return False
        try:
            await part.append(settled)
        except MountError:
            return False  # the part was removed while it waited for its turn
        return True

    async def clear(self) -> None:
        """Remove all parts."""
        for part in self._widgets:
            await part.remove()

    @property
    def _widgets(self) -> list[Widget]:
        return [child for child in self._body.children if child is not self._tail]

    async def _mount(self, *parts: Widget) -> bool:
        if not self._tail.is_attached:
            return False
        await self._body.mount(*parts, before=self._tail)
        self._body.call_after_refresh(self._render_parts)
        return parts[0].is_attached  # a widget that is being removed mounts nothing, and does not say so

    async def _restore_markdown(self) -> None:
        """Markdown again in the place of each block; it is rendered again when it is laid out."""
        for block in list(self._body.query_children(RenderedBlock)):
            async with self.lock:
                if not block.is_attached:
                    continue
                parts = [AnswerMarkdown() for _ in block.sources]
                with self._body.app.batch_update():
                    await self._body.mount_all(parts, before=block)
                    if not parts[0].is_attached:
                        return
                    for part, source in zip(parts, block.sources, strict=True):
                        await part.append(source)
                    await block.remove()
        self._body.call_after_refresh(self._render_parts)

    async def _render_parts(self) -> None:
        """Put rendered blocks in the place of the parts that change no more."""
        async with self.lock:
            if not self._body.is_attached or not self._body.screen.is_current:
                return
            count = len(self._widgets) - self._live_parts
            full = [part for part in self._widgets[: max(0, count)] if isinstance(part, AnswerMarkdown)]
            with self._body.app.batch_update():
                for part in full:
                    if part.size.width == self._body.size.width:
                        await self._render_part(part)
        if self._body.size and any(part.is_attached and not part.size for part in full):
            self._body.set_timer(LAID_OUT_WITHIN_S, self._render_parts)  # not laid out yet

    async def _render_part(self, part: AnswerMarkdown) -> None:
        if (strips := render_to_lines(part)) is None:
            return
        place = self._body.children.index(part)
        before = self._body.children[place - 1] if place else None
        part.display = False
        if isinstance(before, RenderedBlock):
            before.extend(part.source, strips)
        else:
            await self._body.mount(RenderedBlock(part.source, strips), before=part)
        await part.remove()
