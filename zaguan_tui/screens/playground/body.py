"""What an answer says, as it comes: a picture of what is long settled, live Markdown, and the tail below.

Textual rebuilds the last Markdown block at every append, so only what can no longer change is appended; the
rest is one plain widget, repainted at most twenty times a second. At the end the tail is settled too: nothing
is drawn anew, so nothing flickers and nobody loses the line they are reading. Parts that are full become one
:class:`~.picture.Picture`, so that the thousandth line costs what the first did.
"""

from __future__ import annotations

import asyncio
import re
from time import monotonic
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.widget import MountError, Widget
from textual.widgets import Static

from zaguan_tui.screens.playground.markdown import CalmMarkdown, widgets_of
from zaguan_tui.screens.playground.picture import Picture, picture_of
from zaguan_tui.text.sanitize import StreamCleaner, clean
from zaguan_tui.text.settle import Settler

PAINT_EVERY_S: Final = 0.05
PAINTING_SHARE: Final = 0.25
"""How much of the time painting may take: slow machines and long answers are painted less often."""

SHARE_WHILE_TYPING: Final = 0.05
TYPING_S: Final = 0.7
LONGEST_PAUSE_S: Final = 0.6

LONGEST_LINE: Final = 8_000
LIVE_PARTS: Final = 2
"""The last parts stay widgets: what came last is laid out last."""

STEP: Final = 10_000
MOST_WIDGETS: Final = 500
SHOWN_TAIL: Final = 4_000
TOO_LONG = "This part is long: it is shown as plain text."

_LINK_DEFINITION: Final = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S", re.MULTILINE)


class AnswerBody(Vertical):
    """Shows text that grows, or is there already. Everything fed is cleaned here, and only here."""

    def __init__(self) -> None:
        super().__init__(classes="body")
        self._one_at_a_time = asyncio.Lock()
        self._painting_s = 0.0
        self._typed_at = float("-inf")
        self._width = 0
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._cleaner, self._settler = StreamCleaner(), Settler()
        self._settled: list[str] = []
        self._paint_due = False

    @property
    def weight(self) -> int:
        """About how many widgets the text takes."""
        return sum(part.weight if isinstance(part, CalmMarkdown) else 1 for part in self._parts)

    def compose(self) -> ComposeResult:
        """The tail; parts of the settled text come before it."""
        yield Static("", classes="tail")

    def feed(self, text: str) -> None:
        """More came."""
        self._settled.append(self._settler.push(self._cleaner.feed(text)))
        if not self._paint_due:
            self._paint_due = True
            self.set_timer(self._pause, self._paint)

    def give_way(self) -> None:
        """Somebody types: paint seldom for a moment, so that no key waits for a paragraph."""
        self._typed_at = monotonic()

    @property
    def _pause(self) -> float:
        """Seconds until the next paint."""
        if monotonic() - self._typed_at < TYPING_S:
            return min(LONGEST_PAUSE_S, max(PAINT_EVERY_S, self._painting_s / SHARE_WHILE_TYPING))
        return min(LONGEST_PAUSE_S, max(PAINT_EVERY_S, self._painting_s / PAINTING_SHARE))

    async def finish(self, text: str) -> None:
        """It is over: what was open is settled. ``text`` is all that was said, for what only the end can
        tell."""
        async with self._one_at_a_time:
            rest = self._cleaner.finish()
            self._settled.append((self._settler.push(rest) if rest else "") + self._settler.finish())
            with self.app.batch_update():
                self._tail.display = False
                await self._settle()
            if _LINK_DEFINITION.search(text):
                await self._draw_anew(clean(text))

    async def show(self, text: str) -> None:
        """Show a text that is there already, instead of what was shown."""
        async with self._one_at_a_time:
            with self.app.batch_update():
                await self._clear()
                await self._append_all(clean(text))

    async def show_line(self, line: Content) -> None:
        """Show one line instead of the text."""
        async with self._one_at_a_time:
            with self.app.batch_update():
                await self._clear()
                await self.mount(Static(line, classes="folded"))

    async def clear(self) -> None:
        """Forget what was said: it was not meant."""
        async with self._one_at_a_time:
            await self._clear()

    @property
    def _tail(self) -> Static:
        return self.query_one(".tail", Static)

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
        if self.query(Picture):
            self.run_worker(self._wake_pictures(), group="pictures", exclusive=True, exit_on_error=False)

    async def _wake_pictures(self) -> None:
        """Markdown again in the place of each picture; it becomes one again when it is laid out."""
        for picture in list(self.query_children(Picture)):
            async with self._one_at_a_time:
                if not picture.is_attached:
                    continue
                parts = [CalmMarkdown() for _ in picture.sources]
                with self.app.batch_update():
                    await self.mount_all(parts, before=picture)
                    for part, source in zip(parts, picture.sources, strict=True):
                        await part.append(source)
                    await picture.remove()
        self.call_after_refresh(self._draw_pictures)

    async def _paint(self) -> None:
        async with self._one_at_a_time:
            self._paint_due = False
            began = monotonic()
            rest = self._settler.tail
            try:
                with self.app.batch_update():
                    await self._settle()
                    self._tail.display = bool(rest)
                    self._tail.update(Content(rest[-SHOWN_TAIL:]))
            except (MountError, NoMatches):
                if self.is_attached:
                    raise
                return  # the app is closing around us
        self.call_after_refresh(self._painted, began)

    def _painted(self, began: float) -> None:
        self._painting_s = min(1.0, monotonic() - began)

    async def _draw_pictures(self) -> None:
        """Put pictures in the place of the parts that change no more, next to the pictures before them."""
        async with self._one_at_a_time:
            if not self.is_attached or not self.screen.is_current:
                return
            with self.app.batch_update():
                for part in self._parts[:-LIVE_PARTS]:
                    if isinstance(part, CalmMarkdown) and part.size.width == self.size.width:
                        await self._draw_picture(part)

    async def _draw_picture(self, part: CalmMarkdown) -> None:
        if (strips := picture_of(part)) is None:
            return
        place = self.children.index(part)
        before = self.children[place - 1] if place else None
        part.display = False
        if isinstance(before, Picture):
            before.extend(part.source, strips)
        else:
            await self.mount(Picture(part.source, strips), before=part)
        await part.remove()

    async def _settle(self) -> None:
        settled, self._settled = "".join(self._settled), []
        if settled:
            await self._append(settled)

    async def _append(self, settled: str) -> None:
        """Put settled text into the last part, or into a new one where the last is long enough."""
        if len(max(settled.split("\n"), key=len)) > LONGEST_LINE:
            await self._add(Static(Content(settled.rstrip("\n")), classes="part"))
        elif widgets_of(settled) > MOST_WIDGETS:
            await self._add(Static(Content.styled(TOO_LONG, "$ink-faint"), classes="part"))
            await self._add(Static(Content(settled.rstrip("\n")), classes="part"))
        elif isinstance(last := self._parts[-1] if self._parts else None, CalmMarkdown) and last.has_room:
            await last.append(settled)
        elif settled.strip():
            part = CalmMarkdown()
            await self._add(part)
            await part.append(settled)

    @property
    def _parts(self) -> list[Widget]:
        return [child for child in self.children if not child.has_class("tail")]

    async def _add(self, part: Widget) -> None:
        await self.mount(part, before=self._tail)
        self.call_after_refresh(self._draw_pictures)

    async def _draw_anew(self, text: str) -> None:
        """Draw everything once more, for links whose definitions came last; the reader's place stays."""
        with self.app.batch_update():
            for part in self._parts:
                await part.remove()
            if widgets_of(text) <= MOST_WIDGETS:
                await self._append(text)
            else:
                await self._append_all(text)

    async def _append_all(self, text: str) -> None:
        """Settle a whole text in the steps in which it would have come, so that it looks the same."""
        settler = Settler()
        for start in range(0, len(text), STEP):
            if settled := settler.push(text[start : start + STEP]):
                await self._append(settled)
        if rest := settler.finish():
            await self._append(rest)

    async def _clear(self) -> None:
        for part in self._parts:
            await part.remove()
        self._tail.display = False
        self._begin_anew()
