"""Lane of the compare screen: heading, one answer with its figures, scrolling of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.answers.answer import AnswerView
from zaguan_tui.screens.chat.answers.body import AnswerBody
from zaguan_tui.screens.chat.answers.paint_pace import AlignedPaintPace
from zaguan_tui.screens.chat.answers.status_line import Figure, StatusLine
from zaguan_tui.state.chat.message import Message, MessageStatus
from zaguan_tui.state.chat.stream_meter import MeterReading

PAINT_EVERY_S: Final = 0.1
PAINT_EVERY_S_WHILE_TYPING: Final = 0.5


class LaneAnswer(AnswerView, can_focus=False):
    """Answer whose figures are those of the ranking, also after the last meter reading."""

    def __init__(self, message: Message) -> None:
        super().__init__(message, pace=AlignedPaintPace(PAINT_EVERY_S, PAINT_EVERY_S_WHILE_TYPING))

    async def end(self, message: Message) -> None:
        """Show the ended answer."""
        self._ttft_s = None
        await super().end(message)


class LaneView(Vertical, can_focus=True):
    """Shows one answer at a time; answers come masked while names are hidden."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("compare.lane")]

    class Enlarged(TextualMessage):
        """Show this lane alone, or all again."""

    def __init__(self) -> None:
        super().__init__(classes="lane")
        self.key = ""
        self._head = StatusLine()
        self._answer: AnswerView | None = None
        self._follows = False

    def compose(self) -> ComposeResult:
        """The heading and the note; the answer is mounted below."""
        yield self._head
        yield Static("", classes="lane-note")

    @property
    def answer(self) -> AnswerView | None:
        """The answer shown, if any."""
        return self._answer

    @property
    def message(self) -> Message | None:
        """The message of the answer, as it is shown."""
        return self._answer.message if self._answer is not None else None

    def set_heading(self, key: str, figures: Sequence[Figure], note: Content) -> None:
        """Set the target and its heading; ``note`` is shown while there is no answer."""
        self.key = key
        self._head.show(figures)
        line = self.query_one(".lane-note", Static)
        line.update(note)
        line.display = self._answer is None

    async def show(self, message: Message | None) -> None:
        """Show this answer, or none. The one shown already stays, unless it was masked."""
        shown = self.message
        if shown and message and (shown.id, shown.model) == (message.id, message.model):
            return  # its changes arrive as notices, in order
        if self._answer is not None:
            await self._answer.remove()
            self._answer = None
        self.query_one(".lane-note", Static).display = message is None
        if message is None:
            return
        self._answer = view = LaneAnswer(message)
        self._follows = message.status is MessageStatus.ENDED  # an ended answer is read from its start
        await self.mount(view)

    def feed(self, text: str, reasoning: str) -> None:
        """Append text and reasoning."""
        if self._answer is not None:
            self._answer.feed(text, reasoning)
            self._follow_once_full()

    async def text_became_reasoning(self) -> None:
        """The text so far was reasoning."""
        if self._answer is not None:
            self._body_of(self._answer).anchor(False)
            self._follows = False
            await self._answer.text_became_reasoning()

    def meter(self, meter: MeterReading) -> None:
        """Show new figures."""
        if self._answer is not None:
            self._answer.meter(meter)
            self._follow_once_full()

    async def end(self, message: Message) -> None:
        """Show the ended answer."""
        if self._answer is not None:
            await self._answer.end(message)
            self.call_after_refresh(self._follow_once_full)

    def pause_painting(self) -> None:
        """Paint less often for a moment, while a person types."""
        if self._answer is not None:
            self._answer.pause_painting()

    def action_enlarge(self) -> None:
        """Show this answer alone, or all again."""
        self.post_message(self.Enlarged())

    def action_scroll_text(self, step: int) -> None:
        """Scroll a line."""
        if (body := self._body) is not None:
            body.scroll_relative(y=step, animate=False)

    def action_home(self) -> None:
        """Go to the beginning."""
        if (body := self._body) is not None:
            body.scroll_home(animate=False)

    def action_follow(self) -> None:
        """Go to the newest line and follow it."""
        if (body := self._body) is not None:
            body.anchor()
            body.scroll_end(animate=False)

    def page(self, step: int) -> None:
        """Scroll a page."""
        if (body := self._body) is not None:
            body.scroll_page_down(animate=False) if step > 0 else body.scroll_page_up(animate=False)

    def on_click(self, _event: events.Click) -> None:
        """A click chooses the lane."""
        self.focus()

    def _follow_once_full(self) -> None:
        """Follow the newest line once there are more lines than fit; before, the text stays at the top."""
        if not self._follows and (body := self._body) is not None and body.max_scroll_y > 0:
            self._follows = True
            body.anchor()

    @property
    def _body(self) -> AnswerBody | None:
        return None if self._answer is None else self._body_of(self._answer)

    @staticmethod
    def _body_of(view: AnswerView) -> AnswerBody:
        return view.query_one(AnswerBody)
