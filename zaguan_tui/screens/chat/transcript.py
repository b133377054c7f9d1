"""The transcript: a window on the conversation, the newest turns live, older ones folded, the oldest counted.

Widgets make typing slow, not tokens: 120 mounted Markdown answers cost 67 ms of CPU a key press. So the DOM
is a window on the conversation, and the store keeps everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.answers.user_message import render_prompt
from zaguan_tui.screens.chat.empty_conversation import EmptyConversation

if TYPE_CHECKING:
    from zaguan_tui.screens.chat.answers.answer import AnswerView
    from zaguan_tui.state.chat.message import Message
    from zaguan_tui.state.conversations.conversation import Conversation, Turn

UNFOLDED_TURNS = 6
MOUNTED_TURNS = 24
MAX_MOUNTED = 100
MAX_WIDGETS = 700


class Transcript(VerticalScroll, can_focus=False):
    """Shows a conversation. Follows the newest line until the reader scrolls up; end follows again."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground.transcript")]

    def __init__(self) -> None:
        super().__init__(id="transcript")
        self._answers: dict[str, AnswerView] = {}
        self._earlier = 0
        self.changing = asyncio.Lock()
        """Held while answers are mounted or changed: a turn that begins meanwhile would find no place."""

    def compose(self) -> ComposeResult:
        """A page at least as high as the window: an anchored window would push a shorter one down."""
        with Vertical(id="page"):
            yield EmptyConversation()

    def on_mount(self) -> None:
        """Stick to the bottom."""
        self.anchor()

    async def open(self, conversation: Conversation | None, turn_id: str | None = None) -> None:
        """Show this conversation from its newest turns, or so that one of its turns can be read."""
        async with self.changing:
            self._answers.clear()
            turns = conversation.turns if conversation is not None else ()
            target = next((place for place, turn in enumerate(turns) if turn.id == turn_id), None)
            first = max(0, len(turns) - MOUNTED_TURNS)
            self._earlier = first if target is None else max(min(first, target), len(turns) - MAX_MOUNTED)
            shown = turns[self._earlier :]
            widgets: list[Widget] = [self._earlier_line()] if turns else [EmptyConversation()]
            for place, turn in enumerate(shown):
                folded = place < len(shown) - UNFOLDED_TURNS and turn.id != turn_id
                widgets += self._turn(turn.prompt, turn.answers, folded=folded)
            with self.app.batch_update():
                await self._page.remove_children()
                await self._page.mount_all(widgets)
                if turns and target is None:
                    await self._thin_out()
            self.anchor()
            if target is not None and target >= self._earlier:
                self.call_after_refresh(self._show_turn, turns[target])

    def _show_turn(self, turn: Turn) -> None:
        """Go to a turn, and put the focus on its answer."""
        self.release_anchor()
        prompt = next((one for one in self.query(UserMessage) if one.prompt_id == turn.prompt.id), None)
        if prompt is not None:
            self.scroll_to_widget(prompt, animate=False, top=True, force=True)
        if turn.answer is not None and (view := self._answers.get(turn.answer.id)) is not None:
            view.focus(scroll_visible=False)

    async def start(self, prompt: Message, answers: Sequence[Message]) -> None:
        """A prompt went out: show it, and the answers that wait; put again, they stand below the others."""
        async with self.changing:
            if answers[0].id in self._answers:
                return
            with self.app.batch_update():
                await self.query(EmptyConversation).remove()
                if not self.query(EarlierTurns):
                    await self._page.mount(self._earlier_line())
                widgets = self._turn(prompt, answers, folded=False)
                last = self._last_of(prompt)
                if last is None:
                    await self._page.mount_all(widgets)
                else:
                    await self._page.mount_all(widgets[1:], after=last)
                    shown = self._page.children
                    self._answers = dict(
                        sorted(self._answers.items(), key=lambda entry: shown.index(entry[1]))
                    )
                await self._thin_out()
            if last is None or self.newest is widgets[-1]:
                self.anchor()
            else:
                self.release_anchor()
                self.call_after_refresh(self.scroll_to_widget, widgets[1], animate=False, top=True)

    def _last_of(self, prompt: Message) -> Widget | None:
        """The last widget of the turn that this prompt began."""
        last: Widget | None = None
        for widget in self._page.children:
            if isinstance(widget, UserMessage):
                if last is not None:
                    break
                last = widget if widget.prompt_id == prompt.id else None
            elif last is not None:
                last = widget
        return last

    def number_answers(self, conversation: Conversation | None) -> None:
        """Say of several answers to one prompt which is which, and which of them counts."""
        for turn in conversation.turns if conversation is not None else ():
            count = len(turn.answers)
            for number, message in enumerate(turn.answers, 1):
                if (view := self._answers.get(message.id)) is not None:
                    chosen = " · counts" if message is turn.answer else ""
                    view.place(f"answer {number} of {count}{chosen}" if count > 1 else "")

    def show_answer(self, message_id: str) -> None:
        """Give an answer the focus, and so scroll to it."""
        if (answer := self._answers.get(message_id)) is not None:
            answer.focus()

    def find_answer(self, message_id: str) -> AnswerView | None:
        """The view of an answer, if it is shown."""
        return self._answers.get(message_id)

    def tick(self, now: datetime) -> None:
        """A second passed."""
        for answer in self._answers.values():
            answer.tick(now)

    def written(self, text: str) -> None:
        """The prompt changed: mark the suggestion it is, and let typing go first."""
        if self.newest is not None:
            self.newest.pause_painting()
        for greeting in self.query(EmptyConversation):
            greeting.show_picked(text)

    @property
    def newest(self) -> AnswerView | None:
        """The newest answer shown."""
        return next(reversed(self._answers.values()), None)

    def answer_at(self, focused: Widget | None) -> AnswerView | None:
        """The answer that has the focus, else the newest."""
        return next((answer for answer in self._answers.values() if answer is focused), self.newest)

    def action_follow(self) -> None:
        """Go to the newest line and stay there."""
        self.anchor()
        self.scroll_end(animate=False)

    @property
    def _page(self) -> Vertical:
        return self.query_one("#page", Vertical)

    def _turn(self, prompt: Message, answers: Sequence[Message], *, folded: bool) -> list[Widget]:
        from zaguan_tui.screens.chat.answers.answer import AnswerView  # Markdown: 40 ms no start needs

        for view in self._answers.values():
            view.step_back()
        widgets: list[Widget] = [UserMessage(prompt)]
        for message in answers:
            view = AnswerView(message, folded=folded)
            self._answers[message.id] = view
            widgets.append(view)
        return widgets

    async def _thin_out(self) -> None:
        """Fold what is older than the newest few, or more than the widgets that typing can bear; drop what
        is older than the window."""
        views = list(self._answers.items())
        weight = 0
        for place, (_, view) in enumerate(reversed(views)):
            weight += view.weight
            if not view.folded and place and (place >= UNFOLDED_TURNS or weight > MAX_WIDGETS):
                await view.fold()
            elif place:
                view.freeze()
        for message_id, view in views[:-MOUNTED_TURNS]:
            del self._answers[message_id]
            place = self._page.children.index(view)
            before, after = self._page.children[place - 1], self._page.children[place + 1 : place + 2]
            await view.remove()
            if isinstance(before, UserMessage) and (not after or isinstance(after[0], UserMessage)):
                await before.remove()
                self._earlier += 1
        self.query_one(EarlierTurns).count(self._earlier)

    def _earlier_line(self) -> EarlierTurns:
        line = EarlierTurns()
        line.count(self._earlier)
        return line


class UserMessage(Static):
    """A prompt that was sent."""

    def __init__(self, prompt: Message) -> None:
        super().__init__(render_prompt(prompt), classes="asked")
        self.prompt_id = prompt.id


class EarlierTurns(Static):
    """Says how many turns lie above the window."""

    def count(self, turns: int) -> None:
        """Show the number, or nothing."""
        self.display = turns > 0
        noun = "turn is" if turns == 1 else "turns are"
        self.update(Content.styled(f"{turns} earlier {noun} kept but not shown", "$ink-faint"))
