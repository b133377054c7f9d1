"""The playground room: a conversation above, a prompt below, the model in a line between header and text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.composer.chips import AttachmentChips
from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.models.lines import explain_no_models, format_model_line
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.screens.common.connection_info import ConnectionInfo, ScreenOptions
from zaguan_tui.screens.playground.composing import ComposingRoom
from zaguan_tui.screens.playground.concluding import ConcludingRoom
from zaguan_tui.screens.playground.conversing import ConversingRoom
from zaguan_tui.screens.playground.empty_conversation import SUGGESTIONS, Suggestion
from zaguan_tui.screens.playground.tapping import TappingRoom
from zaguan_tui.screens.playground.tuning import TuningRoom
from zaguan_tui.state.chat.draft_handoff import DraftHandoff
from zaguan_tui.state.core.store import Snapshot
from zaguan_tui.state.models.entry import ModelCatalogue

if TYPE_CHECKING:
    from zaguan_tui.screens.chat.listener import ConversationListener

SYSTEM_HELP = "What the model reads before the conversation, at every turn. Empty means none."


class PlaygroundScreen(ComposingRoom, TappingRoom, TuningRoom, ConcludingRoom, ConversingRoom):
    """What does this model answer through this gateway, how fast, and how did it end?"""

    NAME = "playground"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground")]

    def compose_screen(self) -> ComposeResult:
        """The model, the conversation, the prompt."""
        self.chat_session = ChatSession(self.app_state)
        yield Static("", id="model-line")
        yield Static("", id="title-line")
        with Horizontal(id="sides"):
            yield Transcript()
        yield AttachmentChips()
        with Vertical(id="prompt-box", classes="panel"):
            enter_sends = isinstance(self.app, ScreenOptions) and self.app.options.enter_sends
            yield Prompt(self._submit, enter_sends=enter_sends, accompanied=lambda: bool(self._files.here))

    def on_mount(self) -> None:
        """Watch the models and listen to the conversations once they are open."""
        self.query_one("#prompt-box").border_subtitle = self._prompt.how_to_send
        self.follow(self.app_state.models.store, self._show_models)
        self.follow(self.session.frame, lambda _frame: self._draw_model())
        self.follow(self.session.ready, self._begin)
        self._prompt.suggestions = SUGGESTIONS
        self._drafts = DraftKeeper(self.app_state, self.chat_session, self._prompt)
        self._prompt.focus()
        self._draw_model()

    @on(events.Unmount)
    async def _keep_the_last_words(self) -> None:
        """What was typed last is kept: the session closes after its rooms."""
        await self._drafts.flush()
        if self._listener is not None:
            self._listener.close()

    def hidden(self) -> None:
        """Hand over what is being written: it may go on elsewhere."""
        chat_session = self.chat_session
        self.app_state.draft_handoff = DraftHandoff(
            self._prompt.text, chat_session.lane, chat_session.params, chat_session.system_prompt
        )

    def open_link(self, target: str) -> None:
        """``model:openai/gpt-4o`` talks to it, ``chat:conv_…`` opens it, ``chat:conv_…#turn_…`` at a turn."""
        if target.startswith("conv_"):
            conversation_id, _, turn_id = target.partition("#")
            self._take(conversation_id, turn_id or None)
        else:
            self._choose(target)

    def _begin(self, snapshot: Snapshot[bool]) -> None:
        """The store is open: listen."""
        if snapshot.value and self._listener is None:
            from zaguan_tui.screens.chat.listener import ConversationListener

            self._listener = ConversationListener(
                self.app_state.conversations,
                self.chat_session,
                self._transcript,
                started=self._drafts.sent,
                turned=self._turned,
                warned=self._warn,
            )
            self._listen(self._listener)

    @work(group="listen", exclusive=True, exit_on_error=False)
    async def _listen(self, listener: ConversationListener) -> None:
        await self._drafts.begin()
        await self.chat_session.remember_model()
        self._draw_model()
        await listener.run()

    def _turned(self, given_back: str | None) -> None:
        if given_back is not None:
            self._put_back(given_back)
        self._prompt.suggestions = ()
        self._draw_title()
        self._show_places()
        self.refresh_bindings()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_pick_model(self) -> None:
        """Choose among all models."""
        from zaguan_tui.screens.chat.models.picker import ModelPicker

        picker = ModelPicker(self.app_state, self.chat_session.model, lambda: self._why_no_models().plain)
        if (chosen := await self.app.push_screen_wait(picker)) is not None:
            self._choose(chosen)

    @work(group="model", exclusive=True, exit_on_error=False)
    async def _choose(self, model: str) -> None:
        with self._telling("The model could not be changed."):
            await self.chat_session.choose_model(model)
        self._draw_model()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_edit_system(self) -> None:
        """Edit the system prompt of this conversation."""
        from zaguan_tui.screens.modals.edit_text import EditTextScreen

        sheet = EditTextScreen("System prompt", self.chat_session.system_prompt, SYSTEM_HELP)
        if (text := await self.app.push_screen_wait(sheet)) is not None:
            with self._telling("The system prompt could not be changed."):
                await self.chat_session.set_system_prompt(text)
            self._draw_model()

    @on(Suggestion.Picked)
    def _suggested(self, event: Suggestion.Picked) -> None:
        self._prompt.write(event.text)
        self._prompt.focus()

    @on(TextArea.Changed, "#prompt")
    def _written(self) -> None:
        """Mark what was suggested, and bring the draft to disk soon."""
        self._transcript.written(self._prompt.text)
        self._drafts.written()

    def _system_changed(self) -> None:
        self._draw_model()

    def _show_models(self, _snapshot: Snapshot[ModelCatalogue]) -> None:
        self.chat_session.choose_first_model()
        self._draw_model()

    def _draw_model(self) -> None:
        model = self.chat_session.model
        if model is None and not self.app_state.models.catalogue.entries:
            line = self._why_no_models()
        else:
            line = format_model_line(
                model, self.chat_session.entry, self.chat_session.system_prompt, self._tuned()
            )
        self.query_one("#model-line", Static).update(line)
        self._estimate_cost()

    def _why_no_models(self) -> Content:
        frame = self.session.frame.snapshot.value or ConnectionInfo()
        return explain_no_models(self.app_state.models.store.snapshot, connecting=frame.configured)
