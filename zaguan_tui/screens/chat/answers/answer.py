"""View of one answer: model, reasoning, text, tool calls, figures, and what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import AwaitMount, Widget
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.answers.body import AnswerBody
from zaguan_tui.screens.chat.answers.extras import show_extras
from zaguan_tui.screens.chat.answers.links import HarmlessLinks
from zaguan_tui.screens.chat.answers.meter_line import ended_figures, live_figures
from zaguan_tui.screens.chat.answers.paint_pace import PaintPace
from zaguan_tui.screens.chat.answers.reasoning_view import ReasoningView
from zaguan_tui.screens.chat.answers.schema_check import mount_format_check
from zaguan_tui.screens.chat.answers.status_line import StatusLine
from zaguan_tui.screens.chat.answers.tool_calls import ToolCalls
from zaguan_tui.screens.chat.answers.trouble_line import TroubleLine
from zaguan_tui.state.chat.message import Dialect, Message, MessageStatus
from zaguan_tui.state.chat.stream_meter import MeterReading
from zaguan_tui.text.sanitize import clean
from zaguan_tui.widgets.foreign_text import foreign_line, identifier


class AnswerView(HarmlessLinks, can_focus=True):
    """Shows one :class:`Message` of the assistant, live or stored."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground.transcript.answer")]

    def __init__(self, message: Message, *, folded: bool = False, pace: PaintPace | None = None) -> None:
        super().__init__(classes="answer")
        self.message = message
        self._folded = folded
        self._body = AnswerBody(pace)
        self._reasoning = ReasoningView(message)
        self._calls = ToolCalls()
        self._status_line = StatusLine()
        self._trouble = TroubleLine()
        self._ttft_s: float | None = None
        self._pieces: list[str] = []
        self._place = ""

    def compose(self) -> ComposeResult:
        """The model, the text, the status. Parts that most answers do without come when needed: each
        widget is a task, and a part of what a key press costs.
        """
        yield Static(_who(self.message, self._place), classes="who")
        if not self._reasoning.empty:
            yield self._reasoning
        yield self._body
        yield self._status_line

    async def on_mount(self) -> None:
        """Show a stored message, or what has streamed so far."""
        if self.message.status is MessageStatus.ENDED:
            await self._show_whole()
            await self._show_end()
        else:
            self._status_line.show(live_figures(MeterReading()))
            self.feed(self.message.text, "")

    @property
    def copy_text(self) -> str:
        """The answer as copied: its text, else its tool calls; harmless."""
        message = self.message
        calls = "\n".join(f"{call.name}({call.arguments})" for call in message.tool_calls)
        return clean(message.text or message.refusal or calls)

    @property
    def has_reasoning(self) -> bool:
        """Whether there is reasoning, or a long call, to fold or unfold."""
        return self._reasoning.display or self._calls.foldable

    @property
    def folded(self) -> bool:
        """Whether it is one line only."""
        return self._folded

    @property
    def weight(self) -> int:
        """About how many widgets the text takes."""
        return self._body.weight

    def feed(self, text: str, reasoning: str) -> None:
        """Append text and reasoning."""
        if reasoning:
            _mount_beside(self._body, self._reasoning, below=False)
            self._reasoning.feed(reasoning)
        if text:
            self._pieces.append(text)
            self._reasoning.answering()
            self._body.feed(text)

    def feed_call(self, call: int, name: str, arguments: str) -> None:
        """Append to a tool call."""
        self._reasoning.answering()
        _mount_beside(self._body, self._calls, below=True)
        self._calls.feed(call, name, arguments)

    def pause_painting(self) -> None:
        """Somebody types: paint less often for a moment."""
        self._body.pause_painting()

    async def text_became_reasoning(self) -> None:
        """The text so far was reasoning: a lone ``</think>`` came."""
        text, self._pieces = "".join(self._pieces), []
        _mount_beside(self._body, self._reasoning, below=False)
        self._reasoning.feed(text)
        await self._body.clear()

    def meter(self, meter: MeterReading) -> None:
        """New figures."""
        if self.message.status is not MessageStatus.ENDED:
            self._ttft_s = meter.ttft_s
            self._status_line.show(live_figures(meter))

    async def end(self, message: Message) -> None:
        """Show the ended answer: the rest of the text, and how it ended."""
        missed = len(message.text) != sum(map(len, self._pieces))
        self.message, self._pieces = message, []
        if missed:  # it was opened while it came
            await self._body.show(message.text)
        else:
            await self._body.finish(message.text)
        self._trouble.start_wait(message)
        await self._show_end()

    def amend(self, message: Message) -> None:
        """Show an amended message: its cost became known."""
        self.message = message
        self._status_line.show(ended_figures(message, self._ttft_s))

    def tick(self, now: datetime) -> None:
        """Count down the wait before a retry; called once a second."""
        self._trouble.tick(self.message, now)

    def freeze(self) -> None:
        """Render the text of an older answer, so that it costs few widgets."""
        if self.message.status is MessageStatus.ENDED:
            self._body.freeze()

    def place(self, words: str) -> None:
        """Say which of several answers to one prompt this is."""
        if words != self._place:
            self._place = words
            self.query_one(".who", Static).update(_who(self.message, words))

    def step_back(self) -> None:
        """Withdraw the next steps: a newer prompt was sent."""
        self._trouble.withdraw_steps(self.message)

    async def fold(self) -> None:
        """Become one line, so that a long conversation stays quick to type in."""
        self._folded = True
        await self._show_whole()

    async def action_fold(self) -> None:
        """Fold or unfold."""
        if self.message.status is MessageStatus.ENDED:
            self._folded = not self._folded
            await self._show_whole()

    def toggle_reasoning(self) -> None:
        """Show or hide the reasoning, and the rest of long calls."""
        if self._reasoning.display:
            self._reasoning.toggle()
        self._calls.toggle()

    def on_click(self, event: events.Click) -> None:
        """A click on the head of the reasoning opens it."""
        if event.widget is not None and event.widget.has_class("thought-head"):
            self.toggle_reasoning()

    async def _show_whole(self) -> None:
        text = self.message.text or self.message.refusal
        if self._folded:
            await self._body.show_line(_summary(clean(text)))
        else:
            await self._body.show(text)

    async def _show_end(self) -> None:
        message = self.message
        self._reasoning.show(message)
        if message.refusal and not message.text and not self._folded:
            await self._body.show(message.refusal)
        if not self._reasoning.empty:
            await _mount_beside(self._body, self._reasoning, below=False)
        if message.tool_calls:
            await _mount_beside(self._body, self._calls, below=True)
        self._calls.show(message.tool_calls)
        self.query_one(".who", Static).update(_who(message, self._place))
        self._status_line.show(ended_figures(message, self._ttft_s))
        if self._trouble.show(message) and not self._trouble.is_attached:
            self.mount(self._trouble)
        await show_extras(self, message, self._status_line)
        await mount_format_check(self, message, self._status_line)


def _mount_beside(body: AnswerBody, part: Widget, *, below: bool) -> AwaitMount:
    """Mount a part that most answers do without; text fed meanwhile is painted once it is mounted."""
    if part.is_attached or not isinstance(answer := body.parent, Widget):
        return AwaitMount(body, [])
    return answer.mount(part, after=body) if below else answer.mount(part, before=body)


def _who(message: Message, place: str = "") -> Content:
    """The requested model, the dialect where it is messages, the answering model where it differs."""
    parts = [identifier(message.model, "$ink-soft")]
    if place:
        parts.append(Content.styled(place, "$ink-faint"))
    if message.dialect is Dialect.MESSAGES:
        parts.append(Content.styled("messages", "$ink-faint"))
    requested, answered = message.model or "", message.answered_by
    if answered and answered != requested and not requested.endswith(f"/{answered}"):
        parts.append(Content.assemble(("answered by ", "$ink-faint"), identifier(answered, "$ink-soft")))
    return Content.styled(" · ", "$ink-faint").join(parts)


def _summary(text: str) -> Content:
    first = next((line for line in text.splitlines() if line.strip()), "")
    more = len(text.strip().splitlines()) - 1
    lines = f"  (+{more} lines, enter unfolds)" if more > 0 else ""
    return Content.assemble(("▸ ", "$ink-soft"), foreign_line(first, "$ink-soft", 100), (lines, "$ink-faint"))
