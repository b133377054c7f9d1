"""The conversation as one scrolls it: the newest turns live, older ones folded, the oldest only counted.

Widgets make typing slow, not tokens: 120 mounted Markdown answers cost 67 ms of CPU a key press. So the DOM
is a window on the conversation, and the store keeps everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.screens.playground.answer import AnswerView
from zaguan_tui.state.conversation import Conversation
from zaguan_tui.state.message import Message
from zaguan_tui.state.meter import Meter
from zaguan_tui.widgets.content import foreign

UNFOLDED = 8
MOUNTED = 40

WELCOME = (
    "Pick a model with ctrl+o, write below, enter sends.\n"
    "Answers stream as they come; esc stops one and keeps what came.\n"
    "Everything is saved while it streams."
)


class Transcript(VerticalScroll, can_focus=False):
    """Shows a conversation. Follows the newest line until the reader scrolls up; end follows again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", show=False, id="transcript.down"),
        Binding("k,up", "scroll_up", "Up", show=False, id="transcript.up"),
        Binding("G,end", "follow", "Newest", id="transcript.end", show=False),
        Binding("g,home", "scroll_home", "Oldest", id="transcript.home", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="transcript")
        self._answers: dict[str, AnswerView] = {}
        self._earlier = 0

    def on_mount(self) -> None:
        """Stick to the bottom."""
        self.anchor()

    async def open(self, conversation: Conversation | None) -> None:
        """Show this conversation from its newest turns."""
        await self.remove_children()
        self._answers.clear()
        turns = conversation.turns if conversation is not None else ()
        self._earlier = max(0, len(turns) - MOUNTED)
        if not turns:
            await self.mount(Static(Content.styled(WELCOME, "$ink-soft"), classes="welcome"))
            return
        shown = turns[self._earlier :]
        await self.mount(self._earlier_line())
        for place, turn in enumerate(shown):
            await self._mount_turn(turn.prompt, turn.answers, folded=place < len(shown) - UNFOLDED)
        self.anchor()

    async def start(self, prompt: Message, answer: Message) -> None:
        """A prompt went out: show it, and an answer that waits. A prompt put again stands again."""
        for welcome in self.query(".welcome"):
            await welcome.remove()
        if not self.query(Earlier):
            await self.mount(self._earlier_line())
        await self._mount_turn(prompt, (answer,), folded=False)
        await self._thin_out()
        self.anchor()

    def feed(self, message_id: str, text: str, reasoning: str) -> None:
        """More of an answer came."""
        if (answer := self._answers.get(message_id)) is not None:
            answer.feed(text, reasoning)

    def text_became_reasoning(self, message_id: str) -> None:
        """What an answer said so far was reasoning."""
        if (answer := self._answers.get(message_id)) is not None:
            answer.text_became_reasoning()

    def meter(self, message_id: str, meter: Meter) -> None:
        """The figures of an answer moved."""
        if (answer := self._answers.get(message_id)) is not None:
            answer.meter(meter)

    async def end(self, message: Message) -> None:
        """An answer is over."""
        if (answer := self._answers.get(message.id)) is not None:
            await answer.end(message)

    @property
    def newest(self) -> AnswerView | None:
        """The newest answer shown."""
        return next(reversed(self._answers.values()), None)

    def action_follow(self) -> None:
        """Go to the newest line and stay there."""
        self.anchor()
        self.scroll_end(animate=False)

    async def _mount_turn(self, prompt: Message, answers: Sequence[Message], *, folded: bool) -> None:
        await self.mount(Static(foreign(prompt.text, "$ink-strong"), classes="asked"))
        for message in answers:
            view = AnswerView(message, folded=folded)
            self._answers[message.id] = view
            await self.mount(view)

    async def _thin_out(self) -> None:
        """Fold what is older than the newest few, drop what is older than the window."""
        views = list(self._answers.items())
        for _, view in views[:-UNFOLDED]:
            if view.query("Markdown"):
                await view.fold()
        for message_id, view in views[:-MOUNTED]:
            del self._answers[message_id]
            place = self.children.index(view)
            asked = self.children[place - 1]
            await view.remove()
            if asked.has_class("asked"):
                await asked.remove()
            self._earlier += 1
        self.query_one(Earlier).count(self._earlier)

    def _earlier_line(self) -> Earlier:
        line = Earlier()
        line.count(self._earlier)
        return line


class Earlier(Static):
    """Says how many turns lie above the window."""

    def count(self, turns: int) -> None:
        """Show the number, or nothing."""
        self.display = turns > 0
        self.update(Content.styled(f"{turns} earlier turns are kept but not shown", "$ink-faint"))
