"""Turn of a realtime session: prompt, answer, tool calls, latencies, ending."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.screens.chat.answers.body import AnswerBody
from zaguan_tui.screens.chat.answers.status_line import StatusLine
from zaguan_tui.screens.realtime.formatting import format_latencies, format_turn, format_turn_problem
from zaguan_tui.state.realtime.turns import RealtimeTurn, TurnPhase
from zaguan_tui.text.sanitize import clean
from zaguan_tui.widgets.foreign_text import foreign, identifier

SHOWN_ARGUMENTS: Final = 4_000
SHOWN_PROMPT: Final = 4_000


class TurnView(Vertical, can_focus=True):
    """Shows one :class:`RealtimeTurn`, streaming or ended."""

    def __init__(self, turn: RealtimeTurn) -> None:
        super().__init__(classes="turn")
        self.turn = turn
        self._body = AnswerBody()
        self._times, self._status_line = StatusLine(), StatusLine()
        self._fed_length = 0

    def compose(self) -> ComposeResult:
        """Prompt, answer, calls, figures, problem."""
        if self.turn.prompt is not None:
            yield Static(foreign(self.turn.prompt[:SHOWN_PROMPT], "$ink-strong"), classes="asked")
        yield self._body
        yield Static("", classes="calls")
        yield self._times
        yield self._status_line
        yield Static("", classes="trouble")

    async def on_mount(self) -> None:
        """Show the text so far."""
        if self.turn.phase is TurnPhase.ENDED:
            await self._body.show(self.turn.text)
        elif self.turn.text:
            self.feed(self.turn.text)
        self.show(self.turn)

    @property
    def copy_text(self) -> str:
        """The answer without control sequences."""
        return clean(self.turn.text)

    def feed(self, text: str) -> None:
        """Append text."""
        self._fed_length += len(text)
        self._body.feed(text)

    def pause_painting(self) -> None:
        """Paint less often for a moment, while a person types."""
        self._body.pause_painting()

    def show(self, turn: RealtimeTurn) -> None:
        """Show figures, calls and problem."""
        self.turn = turn
        times = format_latencies(turn)
        self._times.display = bool(times)
        self._times.show(times)
        self._status_line.show(format_turn(turn))
        self._show_line(".calls", _format_calls(turn))
        self._show_line(".trouble", format_turn_problem(turn))

    async def end(self, turn: RealtimeTurn) -> None:
        """Show the ended turn."""
        if len(turn.text) == self._fed_length:
            await self._body.finish(turn.text)
        else:
            await self._body.show(turn.text)
        self.show(turn)

    def _show_line(self, selector: str, content: Content | None) -> None:
        line = self.query_one(selector, Static)
        line.display = content is not None
        if content is not None:
            line.update(content)


def _format_calls(turn: RealtimeTurn) -> Content | None:
    """``→ weather {"city": "Oslo"}``, a line each."""
    lines = [
        Content.assemble(
            ("→ ", "$primary"),
            identifier(call.name or "a function", "bold"),
            " ",
            foreign(call.arguments[:SHOWN_ARGUMENTS], "$ink-soft"),
        )
        for call in turn.calls
    ]
    return Content("\n").join(lines) if lines else None
