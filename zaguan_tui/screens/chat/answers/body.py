"""Text of an answer while it streams: rendered blocks of settled text, live Markdown, and the tail below.

Textual rebuilds the last Markdown block at every append, so only what can no longer change is appended; the
rest is one plain widget, repainted at most twenty times a second. At the end the tail is settled too: nothing
is drawn anew, so nothing flickers and nobody loses the line they are reading. Parts that are full become one
:class:`~.rendered_block.RenderedBlock`, so that the thousandth line costs what the first did.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from time import monotonic
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.screens.chat.answers.markdown import estimate_widgets
from zaguan_tui.screens.chat.answers.markdown_parts import MAX_WIDGETS, MarkdownParts
from zaguan_tui.screens.chat.answers.paint_pace import PaintPace
from zaguan_tui.text.markdown_settler import MarkdownSettler
from zaguan_tui.text.sanitize import StreamCleaner, clean

STEP: Final = 1_500
"""Characters that are settled at a time."""

SHOWN_TAIL: Final = 4_000
SHOWN_WHILE_TYPING: Final = 1_200

_LINK_DEFINITION: Final = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S", re.MULTILINE)


class AnswerBody(Vertical):
    """Shows text that grows, or is there already. Everything fed is cleaned here, and only here."""

    def __init__(self, pace: PaintPace | None = None) -> None:
        super().__init__(classes="body")
        self._tail = Static("", classes="tail")
        self._parts = MarkdownParts(self, self._tail)
        self._pace = pace if pace is not None else PaintPace()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._cleaner, self._settler = StreamCleaner(), MarkdownSettler()
        self._settled: deque[str] = deque()
        self._paint_due = False

    def compose(self) -> ComposeResult:
        """The tail; parts of the settled text come before it."""
        yield self._tail

    def on_mount(self) -> None:
        """Rendered blocks hold the colours of the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._parts.render_anew())

    def on_unmount(self) -> None:
        """Unsubscribe from the signal: it would keep this widget alive."""
        self.app.theme_changed_signal.unsubscribe(self)

    def on_resize(self, event: events.Resize) -> None:
        """Another width makes other lines."""
        self._parts.resize(event.size.width)

    @property
    def weight(self) -> int:
        """About how many widgets the text takes."""
        return self._parts.weight

    def freeze(self) -> None:
        """Render all parts, so that an older answer costs few widgets."""
        self._parts.freeze()

    def feed(self, text: str) -> None:
        """Append streamed text."""
        if settled := self._settler.push(self._cleaner.feed(text)):
            self._settled.append(settled)
        self._paint_soon()

    def pause_painting(self) -> None:
        """Paint plain text for a moment while a person types: no key shall wait for a paragraph."""
        self._pace.note_typing()

    def _paint_soon(self) -> None:
        if not self._paint_due:
            self._paint_due = True
            self.set_timer(self._pace.pause_s(), self._paint)

    async def finish(self, text: str) -> None:
        """Settle the rest at the end of an answer. ``text`` is the whole text, for link definitions at its
        end."""
        async with self._parts.lock:
            rest = self._cleaner.finish()
            self._settled.append((self._settler.push(rest) if rest else "") + self._settler.finish())
            self._tail.display = False
            await self._settle_all()
            if _LINK_DEFINITION.search(text):
                await self._draw_anew(clean(text))

    async def show(self, text: str) -> None:
        """Show a whole text in place of the present one."""
        async with self._parts.lock:
            await self._clear()
            await self._append_all(clean(text))

    async def show_line(self, line: Content) -> None:
        """Show one line instead of the text."""
        async with self._parts.lock:
            with self.app.batch_update():
                await self._clear()
                await self.mount(Static(line, classes="folded"))

    async def clear(self) -> None:
        """Drop the text so far."""
        async with self._parts.lock:
            await self._clear()

    async def _paint(self) -> None:
        async with self._parts.lock:
            self._paint_due = False
            if not self.is_attached:
                return
            began = monotonic()
            with self.app.batch_update():
                shown = SHOWN_WHILE_TYPING
                if not self._pace.typing:
                    shown = SHOWN_TAIL
                    await self._settle()
                rest = "".join((*self._settled, self._settler.tail))
                self._tail.display = bool(rest)
                self._tail.update(Content(rest[-shown:]))
        if self._settled:
            self._paint_soon()
        self.call_after_refresh(self._pace.record_paint, began)

    async def _settle(self) -> bool:
        """Append what is settled and waits, about :data:`STEP` characters; false where it must wait on."""
        pieces: list[str] = []
        while self._settled and sum(map(len, pieces)) < STEP:
            pieces.append(self._settled.popleft())
        settled = "".join(pieces)
        if settled and not await self._parts.append(settled):
            self._settled.appendleft(settled)
            return False
        return True

    async def _settle_all(self) -> None:
        """The same step by step until nothing waits, so that keys get a word in between."""
        while self._settled:
            with self.app.batch_update():
                appended = await self._settle()
            if not appended:
                self._paint_soon()  # the body is being mounted or removed: where it stays, it is tried again
                return
            await asyncio.sleep(0)

    async def _draw_anew(self, text: str) -> None:
        """Draw everything once more, for links whose definitions came last; the reader's place stays."""
        self._settled.clear()
        with self.app.batch_update():
            await self._parts.clear()
            if estimate_widgets(text) <= MAX_WIDGETS and await self._parts.append(text):
                return
        await self._append_all(text)

    async def _append_all(self, text: str) -> None:
        """Settle a whole text in the steps in which it would have come, so that it looks the same."""
        settler = MarkdownSettler()
        for start in range(0, len(text), STEP):
            if settled := settler.push(text[start : start + STEP]):
                self._settled.append(settled)
        self._settled.append(settler.finish())
        await self._settle_all()

    async def _clear(self) -> None:
        await self._parts.clear()
        self._tail.display = False
        self._begin_anew()
