"""The playground room: a conversation above, a prompt below, the model in a line between header and text."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from zaguan_tui.keys import bindings_for
from zaguan_tui.screens.frame import Frame, ScreenOptions
from zaguan_tui.screens.playground.desk import Desk
from zaguan_tui.screens.playground.drafts import Drafts
from zaguan_tui.screens.playground.finding import conversation_search
from zaguan_tui.screens.playground.greeting import SUGGESTIONS, Suggestion
from zaguan_tui.screens.playground.listener import Listener
from zaguan_tui.screens.playground.models import model_line, no_models_line
from zaguan_tui.screens.playground.prompt import Prompt
from zaguan_tui.screens.playground.reading import ReadingRoom
from zaguan_tui.screens.playground.transcript import Transcript
from zaguan_tui.state.model_entry import ModelCatalogue
from zaguan_tui.state.store import Snapshot
from zaguan_tui.text.sanitize import clean_line

SYSTEM_HELP = "What the model reads before the conversation, at every turn. Empty means none."


class PlaygroundRoom(ReadingRoom):
    """What does this model answer through this gateway, how fast, and how did it end?"""

    NAME = "playground"
    STYLES = "playground.tcss"
    HELP_TEXT = (
        "Write below and press enter. The line under an answer says how it ended, how long the first token "
        "took, how fast it came, how many tokens went in and out, and its request id. Escape stops an answer "
        "and keeps what came; escape again leaves the prompt, so that digits go to the rooms and y copies. "
        "Scrolling up stops following the newest line; end follows again. "
        "Drafts and half answers are on disk."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground")]

    def compose_room(self) -> ComposeResult:
        """The model, the conversation, the prompt."""
        self.desk = Desk(self.house)
        yield Static("", id="model-line")
        yield Transcript()
        with Vertical(id="prompt-box", classes="panel"):
            yield Prompt(enter_sends=isinstance(self.app, ScreenOptions) and self.app.options.enter_sends)

    def on_mount(self) -> None:
        """Watch the models and listen to the conversations once they are open."""
        super().on_mount()
        self._listener: Listener | None = None
        self.query_one("#prompt-box").border_subtitle = self._prompt.how_to_send
        self.follow(self.house.models.store, self._show_models)
        self.follow(self.session.frame, lambda _frame: self._draw_model())
        self.follow(self.session.ready, self._begin)
        self._prompt.suggestions = SUGGESTIONS
        self._drafts = Drafts(self.house, self.desk, self._prompt)
        self._prompt.focus()
        self._draw_model()

    def on_unmount(self) -> None:
        """Listen no more."""
        super().on_unmount()
        if self._listener is not None:
            self._listener.close()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first room that shows models makes them be read."""
        super().on_screen_resume(event)
        self.house.models.set_visible(1)

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """No room shows models any more, unless it was only a sheet that came over us."""
        self.house.models.set_visible(1 if self.is_current else 0)

    def open_link(self, target: str) -> None:
        """``model:openai/gpt-4o`` talks to it, ``chat:conv_…`` opens it."""
        if target.startswith("conv_"):
            self._take(target)
        else:
            self._choose(target)

    def _begin(self, snapshot: Snapshot[bool]) -> None:
        """The store is open: listen."""
        if snapshot.value and self._listener is None:
            self._listener = Listener(
                self.house.conversations, self.desk, self._transcript, turned=self._turned, warned=self._warn
            )
            self._listen(self._listener)

    @work(group="listen", exclusive=True, exit_on_error=False)
    async def _listen(self, listener: Listener) -> None:
        await self._drafts.begin()
        await self.desk.remember_model()
        self._draw_model()
        await listener.run()

    def _turned(self, given_back: str | None) -> None:
        if given_back is not None:
            self._prompt.put_back(given_back)
        self._prompt.suggestions = ()
        self.refresh_bindings()

    def _warn(self, sentence: str) -> None:
        self.notify(clean_line(sentence), severity="warning", markup=False)

    @on(Prompt.Submitted)
    def _submitted(self, event: Prompt.Submitted) -> None:
        if self.desk.answering:
            self._warn("An answer is still coming. Escape stops it.")
        elif self.desk.model is None:
            self._warn("Pick a model first: ctrl+o.")
        elif self._listener is None:
            self._warn("One moment: the conversations are being opened.")
        else:
            event.prompt.clear_sent()
            self._send(event.text)

    @work(group="turn", exit_on_error=False)
    async def _send(self, text: str) -> None:
        await self._drafts.sent()
        await self.desk.send(text)

    @work(group="turn", exit_on_error=False)
    async def action_retry(self) -> None:
        """Ask the last question again."""
        if not self.desk.answering:
            await self.desk.retry()

    async def action_new_conversation(self) -> None:
        """Clear the desk."""
        if self.desk.id is not None:
            await self._drafts.keep()
            self.desk.start_new()
            await self._drafts.show()
        await self._transcript.open(None)
        self._prompt.suggestions = SUGGESTIONS
        self._transcript.written(self._prompt.text)
        self._prompt.focus()
        self.refresh_bindings()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_pick_model(self) -> None:
        """Choose among all models."""
        from zaguan_tui.screens.playground.model_picker import ModelPicker

        picker = ModelPicker(self.house.models, self.desk.model, lambda: self._why_no_models().plain)
        if (chosen := await self.app.push_screen_wait(picker)) is not None:
            self._choose(chosen)

    @work(group="model", exclusive=True, exit_on_error=False)
    async def _choose(self, model: str) -> None:
        await self.desk.choose_model(model)
        self._draw_model()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_edit_system(self) -> None:
        """Edit the system prompt of this conversation."""
        from zaguan_tui.screens.modals.edit_text import EditText

        sheet = EditText("System prompt", self.desk.system_prompt, SYSTEM_HELP)
        if (text := await self.app.push_screen_wait(sheet)) is not None:
            await self.desk.set_system_prompt(text)
            self._draw_model()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_open_conversation(self) -> None:
        """Choose among earlier conversations."""
        from zaguan_tui.widgets.picker import Picker

        recent = await self.house.conversations.recent()
        search = conversation_search(recent, self.house.clock.now())
        picker = Picker(
            "Conversations",
            search,
            total=len(recent),
            current=self.desk.id,
            empty="No conversation is kept yet.",
        )
        if (chosen := await self.app.push_screen_wait(picker)) is not None:
            self._take(chosen)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _take(self, conversation_id: str) -> None:
        await self._drafts.keep()
        try:
            conversation = await self.desk.take(conversation_id)
        except KeyError:
            self._warn("That conversation is not kept any more.")
            return
        await self._transcript.open(conversation)
        await self._drafts.show()
        self._prompt.suggestions = ()
        self._draw_model()
        self._prompt.focus()
        self.refresh_bindings()

    @on(Suggestion.Picked)
    def _suggested(self, event: Suggestion.Picked) -> None:
        self._prompt.write(event.text)
        self._prompt.focus()

    @on(TextArea.Changed, "#prompt")
    def _written(self) -> None:
        """Mark what was suggested, and bring the draft to disk soon."""
        self._transcript.written(self._prompt.text)
        self._drafts.written()

    def _show_models(self, _snapshot: Snapshot[ModelCatalogue]) -> None:
        self.desk.choose_first_model()
        self._draw_model()

    def _draw_model(self) -> None:
        model = self.desk.model
        if model is None and not self.house.models.catalogue.entries:
            line = self._why_no_models()
        else:
            entry = self.house.models.entry(model) if model else None
            line = model_line(model, entry, self.desk.system_prompt)
        self.query_one("#model-line", Static).update(line)

    def _why_no_models(self) -> Content:
        frame = self.session.frame.snapshot.value or Frame()
        return no_models_line(self.house.models.store.snapshot, connecting=frame.configured)
