"""The playground screen: the model, the conversation, the prompt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static, TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.composer.chips import AttachmentChips
from zaguan_tui.screens.chat.empty_conversation import SUGGESTIONS, Suggestion
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.services import Command
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.common.connection_info import ScreenOptions
from zaguan_tui.screens.playground.controllers.commands import build_commands, map_action_ids
from zaguan_tui.screens.playground.controllers.controller_set import PlaygroundControllers, PlaygroundWidgets
from zaguan_tui.screens.playground.prompt_box import PromptBox
from zaguan_tui.state.chat.prompt_request import DraftHandoff


class PlaygroundScreen(BaseScreen):
    """What does this model answer through this gateway, how fast, and how did it end?"""

    NAME = "playground"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground")]
    _commands: Mapping[str, Command] = MappingProxyType({})

    def compose_screen(self) -> ComposeResult:
        """The model, the conversation, the prompt."""
        enter_sends = isinstance(self.app, ScreenOptions) and self.app.options.enter_sends
        self.chat_session = ChatSession(self.app_state)
        self.prompt = Prompt(
            lambda text: self.controllers.sender.submit(text),
            enter_sends=enter_sends,
            accompanied=lambda: bool(self.controllers.attachments.files),
        )
        self.transcript, chips, box = Transcript(), AttachmentChips(), PromptBox()
        model_line, title_line = Static("", id="model-line"), Static("", id="title-line")
        widgets = PlaygroundWidgets(self.prompt, self.transcript, chips, box, model_line, title_line)
        self.controllers = PlaygroundControllers(self, self.chat_session, widgets)
        commands = build_commands(self.controllers)
        self.controllers.services.bind_commands(commands)
        self._commands = map_action_ids(commands)
        yield model_line
        yield title_line
        with Horizontal(id="sides"):
            yield self.transcript
        yield chips
        box.border_subtitle = self.prompt.how_to_send
        with box:
            yield self.prompt

    def on_mount(self) -> None:
        """Follow models, credits and the connection, and begin once the conversations are open."""
        controllers, app_state = self.controllers, self.app_state
        self.follow(app_state.models.store, controllers.models.read_models)
        self.follow(self.session.frame, lambda _frame: controllers.models.refresh())
        self.follow(self.session.ready, controllers.begin)
        self.follow(app_state.credits.store, lambda _snapshot: controllers.cost.update())
        self.follow(app_state.virtual_models.store, lambda _snapshot: controllers.models.refresh())
        self.prompt.suggestions = SUGGESTIONS
        self.prompt.focus()
        controllers.models.refresh()

    @on(events.Unmount)
    async def _close_controllers(self) -> None:
        """Save what was written last: the session closes after its screens."""
        await self.controllers.close()

    def hidden(self) -> None:
        """Hand over what is being written: it may go on elsewhere."""
        session = self.chat_session
        self.app_state.draft_handoff = DraftHandoff(
            self.prompt.text, session.target, session.params, session.system_prompt
        )

    def tick(self) -> None:
        """Move the countdowns under answers, and the wire."""
        self.transcript.tick(self.app_state.clock.now())
        self.controllers.wire.refresh()

    def open_link(self, target: str) -> None:
        """``model:openai/gpt-4o`` talks to it, ``chat:conv_…`` opens it, ``chat:conv_…#turn_…`` at a turn."""
        self.controllers.open_link(target)

    def disabled_reason(self, action_id: str) -> str:
        """Why an action cannot run now; "" when it can."""
        command = self._commands.get(action_id)
        return "" if command is None else command.disabled_reason()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape stops an answer while one comes, and else leaves the prompt."""
        if action in ("stop", "leave"):
            return (action == "stop") == self.chat_session.answering
        return super().check_action(action, parameters)

    @on(TextArea.Changed, "#prompt")
    @on(Prompt.AtTyped)
    @on(Prompt.LinePasted)
    @on(Prompt.NothingLeft)
    @on(AttachmentChips.Removed)
    @on(Suggestion.Picked)
    def _handle_message(self, message: Message) -> None:
        self.controllers.handle(message)

    def on_resize(self, event: events.Resize) -> None:
        """Place the wire panel by the width of the terminal."""
        self.controllers.wire.resize(event.size.width)

    def on_descendant_focus(self) -> None:
        """Show the wire of the focused answer."""
        self.controllers.wire.follow_focus()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Show what came over the wire meanwhile."""
        self.controllers.wire.refresh()
