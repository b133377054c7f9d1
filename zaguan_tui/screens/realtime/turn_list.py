"""Scrolling list of the turns of a realtime session; the oldest are only counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from zaguan_tui.state.realtime.turns import RealtimeTurn

if TYPE_CHECKING:
    from zaguan_tui.screens.realtime.turn_view import TurnView

MOUNTED: Final = 24
GREETING: Final = Content.assemble(
    ("A text session over the WebSocket.", "$ink-strong"),
    "\n\n",
    ("ctrl+n", "bold $primary"),
    (" connects to the model above, ", "$ink-soft"),
    ("ctrl+o", "bold $primary"),
    (
        " picks another. What you write goes out as a turn of text; the answer comes as text, or as sound "
        "with its transcript. Every event is in the log, and under each turn stands how long its first text, "
        "its first sound and its end took.",
        "$ink-soft",
    ),
    "\n\n",
    ("The session stays open while you are in other rooms.", "$ink-faint"),
)


class TurnList(VerticalScroll, can_focus=False):
    """Shows turns. Follows the newest line until a person scrolls up."""

    def __init__(self) -> None:
        super().__init__(id="talk")
        self._views: dict[int, TurnView] = {}
        self._hidden_count = 0

    def compose(self) -> ComposeResult:
        """The greeting, and the count of earlier turns."""
        with Vertical(id="page"):
            yield Static(GREETING, id="talk-greeting")
            yield Static("", id="talk-earlier")

    def on_mount(self) -> None:
        """Follow the newest line."""
        self.query_one("#talk-earlier").display = False
        self.anchor()

    async def open(self, turns: Sequence[RealtimeTurn]) -> None:
        """Show the newest of these turns."""
        self._hidden_count = max(0, len(turns) - MOUNTED)
        for turn in turns[self._hidden_count :]:
            await self.start(turn)

    async def start(self, turn: RealtimeTurn) -> None:
        """Show a turn that has begun."""
        from zaguan_tui.screens.realtime.turn_view import TurnView  # Markdown: no start needs it

        view = self._views[turn.id] = TurnView(turn)
        self.query_one("#talk-greeting").display = False
        await self.query_one("#page").mount(view)
        while len(self._views) > MOUNTED:
            oldest = next(iter(self._views))
            await self._views.pop(oldest).remove()
            self._hidden_count += 1
        earlier = self.query_one("#talk-earlier", Static)
        earlier.display = self._hidden_count > 0
        noun = "turn is" if self._hidden_count == 1 else "turns are"
        earlier.update(
            Content.styled(f"{self._hidden_count} earlier {noun} not shown any more", "$ink-faint")
        )
        self.anchor()

    def view(self, turn_id: int) -> TurnView | None:
        """The view of a turn, if it is shown."""
        return self._views.get(turn_id)

    def view_at(self, focused: Widget | None) -> TurnView | None:
        """The view that has the focus, else the newest."""
        return next((view for view in self._views.values() if view is focused), self.newest)

    @property
    def newest(self) -> TurnView | None:
        """The view of the newest turn."""
        return next(reversed(self._views.values()), None)
