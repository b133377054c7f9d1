"""The text sections of the wire panel: a text that scrolls with the keys of the registry."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.wire.exchange import format_exchange
from zaguan_tui.screens.chat.wire.timing import format_timing
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.wire.record import WireRecord

MARGIN: Final = 3
MIN_WIDTH: Final = 20


class TextPage(VerticalScroll, inherit_bindings=False):
    """Text of one piece. The arrows to the sides are the pane's."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground.wire.page")]

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._text = ""

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static("")

    @property
    def copy_text(self) -> str:
        """The text on the page."""
        return self._text

    def show(self, content: Content) -> None:
        """Show this; the place in it stays."""
        if content.plain != self._text:
            self._text = content.plain
            self.query_one(Static).update(content)

    def take_keys(self) -> None:
        """Scroll with the keys from now on."""
        self.focus()

    def page(self, step: int) -> None:
        """Scroll a page."""
        if step > 0:
            self.scroll_page_down(animate=False)
        else:
            self.scroll_page_up(animate=False)


class RequestView(TextPage):
    """The requests and responses, laid out in a thread whenever there is more of them."""

    def __init__(self) -> None:
        super().__init__(id="wire-request")
        self._shown: tuple[object, ...] = ()

    def show_wire(self, record: WireRecord, message: Message | None) -> None:
        """Show the requests of an answer."""
        now = (record, *((attempt.number, attempt.status, attempt.reason) for attempt in record.attempts))
        if now != self._shown:
            self._shown = now
            self._lay_out(record, now)

    @work(group="request", exclusive=True, exit_on_error=False)
    async def _lay_out(self, record: WireRecord, now: tuple[object, ...]) -> None:
        content = await asyncio.to_thread(format_exchange, record)
        if now == self._shown:
            self.show(content)


class TimingView(TextPage):
    """The figures and the rhythm."""

    def __init__(self) -> None:
        super().__init__(id="wire-timing")
        self._shown: tuple[WireRecord, Message | None] | None = None

    def show_wire(self, record: WireRecord, message: Message | None) -> None:
        """Show the timing of an answer."""
        self._shown = record, message
        self._draw()

    def on_resize(self) -> None:
        """Another number of bars."""
        self._draw()

    def _draw(self) -> None:
        if self._shown is not None:
            self.show(format_timing(*self._shown, max(MIN_WIDTH, self.size.width - MARGIN)))
