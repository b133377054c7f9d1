"""One turn of a realtime session: what was asked, what was said, the tools it wants, the latencies."""

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
    """Shows one :class:`RealtimeTurn`, live or over."""

    def __init__(self, turn: RealtimeTurn) -> None:
        super().__init__(classes="turn")
        self.turn = turn
        self._body = AnswerBody()
        self._times, self._status_line = StatusLine(), StatusLine()
        self._fed = 0

    def compose(self) -> ComposeResult:
        """The question, the answer, the calls, the figures, the trouble."""
        if self.turn.prompt is not None:
            yield Static(foreign(self.turn.prompt[:SHOWN_PROMPT], "$ink-strong"), classes="asked")
        yield self._body
        yield Static("", classes="calls")
        yield self._times
        yield self._status_line
        yield Static("", classes="trouble")

    async def on_mount(self) -> None:
        """Show what is there already."""
        if self.turn.phase is TurnPhase.ENDED:
            await self._body.show(self.turn.text)
        elif self.turn.text:
            self.feed(self.turn.text)
        self.show(self.turn)

    @property
    def copy_text(self) -> str:
        """What was said, harmless."""
        return clean(self.turn.text)

    def feed(self, text: str) -> None:
        """More came."""
        self._fed += len(text)
        self._body.feed(text)

    def pause_painting(self) -> None:
        """Somebody types: paint less often for a moment."""
        self._body.pause_painting()

    def show(self, turn: RealtimeTurn) -> None:
        """New figures, calls or troubles."""
        self.turn = turn
        times = format_latencies(turn)
        self._times.display = bool(times)
        self._times.show(times)
        self._status_line.show(format_turn(turn))
        self._say(".calls", _calls(turn))
        self._say(".trouble", format_turn_problem(turn))

    async def end(self, turn: RealtimeTurn) -> None:
        """It is over."""
        if len(turn.text) == self._fed:
            await self._body.finish(turn.text)
        else:
            await self._body.show(turn.text)
        self.show(turn)

    def _say(self, selector: str, content: Content | None) -> None:
        line = self.query_one(selector, Static)
        line.display = content is not None
        if content is not None:
            line.update(content)


def _calls(turn: RealtimeTurn) -> Content | None:
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
