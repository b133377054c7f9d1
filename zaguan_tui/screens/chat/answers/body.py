"""What an answer says, as it comes: a picture of what is long settled, live Markdown, and the tail below.

Textual rebuilds the last Markdown block at every append, so only what can no longer change is appended; the
rest is one plain widget, repainted at most twenty times a second. At the end the tail is settled too: nothing
is drawn anew, so nothing flickers and nobody loses the line they are reading. Parts that are full become one
:class:`~.picture.Picture`, so that the thousandth line costs what the first did.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from time import monotonic
from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.css.query import NoMatches
from textual.widget import MountError
from textual.widgets import Static

from zaguan_tui.screens.chat.answers.markdown import estimate_widgets
from zaguan_tui.screens.chat.answers.parted_markdown import MAX_WIDGETS, PartedMarkdown
from zaguan_tui.text.markdown_settler import MarkdownSettler
from zaguan_tui.text.sanitize import StreamCleaner, clean

PAINT_EVERY_S: Final = 0.05
PAINTING_SHARE: Final = 0.25
"""How much of the time painting may take: slow machines and long answers are painted less often."""

SHARE_WHILE_TYPING: Final = 0.02
TYPING_S: Final = 0.7
MAX_PAUSE_S: Final = 1.0


STEP: Final = 1_500
"""Characters that are settled at a time."""

SHOWN_TAIL: Final = 4_000
SHOWN_WHILE_TYPING: Final = 1_200

_LINK_DEFINITION: Final = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S", re.MULTILINE)


class AnswerBody(PartedMarkdown):
    """Shows text that grows, or is there already. Everything fed is cleaned here, and only here."""

    def __init__(self) -> None:
        super().__init__(classes="body")
        self._painting_s = 0.0
        self._typed_at = float("-inf")
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._cleaner, self._settler = StreamCleaner(), MarkdownSettler()
        self._settled: deque[str] = deque()
        self._paint_due = False

    def compose(self) -> ComposeResult:
        """The tail; parts of the settled text come before it."""
        yield Static("", classes="tail")

    def feed(self, text: str) -> None:
        """More came."""
        if settled := self._settler.push(self._cleaner.feed(text)):
            self._settled.append(settled)
        self._paint_soon()

    def pause_painting(self) -> None:
        """Somebody types: no key shall wait for a paragraph, so all that comes is plain for a moment."""
        self._typed_at = monotonic()

    def _paint_soon(self) -> None:
        if not self._paint_due:
            self._paint_due = True
            self.set_timer(self._pause, self._paint)

    @property
    def _typing(self) -> bool:
        return monotonic() - self._typed_at < TYPING_S

    @property
    def _pause(self) -> float:
        """Seconds until the next paint."""
        if self._typing:
            return min(MAX_PAUSE_S, max(PAINT_EVERY_S, self._painting_s / SHARE_WHILE_TYPING))
        return min(MAX_PAUSE_S, max(PAINT_EVERY_S, self._painting_s / PAINTING_SHARE))

    async def finish(self, text: str) -> None:
        """The answer is over: what was open is settled. ``text`` is the whole text, for what only its end
        decides."""
        async with self._one_at_a_time:
            rest = self._cleaner.finish()
            self._settled.append((self._settler.push(rest) if rest else "") + self._settler.finish())
            self._tail.display = False
            await self._settle_all()
            if _LINK_DEFINITION.search(text):
                await self._draw_anew(clean(text))

    async def show(self, text: str) -> None:
        """Show a text that is there already, instead of what was shown."""
        async with self._one_at_a_time:
            await self._clear()
            await self._append_all(clean(text))

    async def show_line(self, line: Content) -> None:
        """Show one line instead of the text."""
        async with self._one_at_a_time:
            with self.app.batch_update():
                await self._clear()
                await self.mount(Static(line, classes="folded"))

    async def clear(self) -> None:
        """Drop the text so far."""
        async with self._one_at_a_time:
            await self._clear()

    @property
    def _tail(self) -> Static:
        return self.query_one(".tail", Static)

    async def _paint(self) -> None:
        async with self._one_at_a_time:
            self._paint_due = False
            began = monotonic()
            try:
                with self.app.batch_update():
                    shown = SHOWN_WHILE_TYPING
                    if not self._typing:
                        shown = SHOWN_TAIL
                        await self._settle()
                    rest = "".join((*self._settled, self._settler.tail))
                    self._tail.display = bool(rest)
                    self._tail.update(Content(rest[-shown:]))
            except (MountError, NoMatches):
                if self.is_attached:
                    raise
                return  # the app is closing around us
        if self._settled:
            self._paint_soon()
        self.call_after_refresh(self._painted, began)

    def _painted(self, began: float) -> None:
        self._painting_s = min(1.0, monotonic() - began)

    async def _settle(self) -> None:
        """Append what is settled and waits, about :data:`STEP` characters of it."""
        taken: list[str] = []
        while self._settled and sum(map(len, taken)) < STEP:
            taken.append(self._settled.popleft())
        if settled := "".join(taken):
            await self._append(settled)

    async def _settle_all(self) -> None:
        """The same step by step until nothing waits, so that keys get a word in between."""
        while self._settled:
            with self.app.batch_update():
                await self._settle()
            await asyncio.sleep(0)

    async def _draw_anew(self, text: str) -> None:
        """Draw everything once more, for links whose definitions came last; the reader's place stays."""
        with self.app.batch_update():
            for part in self._parts:
                await part.remove()
            if estimate_widgets(text) <= MAX_WIDGETS:
                await self._append(text)
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
        for part in self._parts:
            await part.remove()
        self._tail.display = False
        self._begin_anew()
