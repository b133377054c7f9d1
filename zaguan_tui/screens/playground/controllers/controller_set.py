"""The controllers of the playground, wired to each other and to the widgets of one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Static, TextArea

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.composer.chips import AttachmentChips
from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.empty_conversation import Suggestion
from zaguan_tui.screens.chat.models.lines import explain_missing_models
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.playground.controllers.answers import AnswerController
from zaguan_tui.screens.playground.controllers.attachments import AttachmentController
from zaguan_tui.screens.playground.controllers.branches import BranchController
from zaguan_tui.screens.playground.controllers.conversations import ConversationController
from zaguan_tui.screens.playground.controllers.cost_estimate import CostEstimateController
from zaguan_tui.screens.playground.controllers.dialects import DialectComparisonController
from zaguan_tui.screens.playground.controllers.follow_ups import FollowUpController
from zaguan_tui.screens.playground.controllers.models import ModelController
from zaguan_tui.screens.playground.controllers.parameters import ParameterController
from zaguan_tui.screens.playground.controllers.prompt_texts import PromptController
from zaguan_tui.screens.playground.controllers.send import SendController
from zaguan_tui.screens.playground.controllers.wire_panel import WirePanelController
from zaguan_tui.screens.playground.prompt_box import PromptBox
from zaguan_tui.state.chat.message import Attachment
from zaguan_tui.state.chat.prompt_request import PromptRequest
from zaguan_tui.state.core.store import Snapshot

if TYPE_CHECKING:
    from zaguan_tui.screens.chat.listener import ConversationListener


@dataclass(frozen=True, slots=True)
class PlaygroundWidgets:
    """The widgets that the controllers read and change."""

    prompt: Prompt
    transcript: Transcript
    chips: AttachmentChips
    box: PromptBox
    model_line: Static
    title_line: Static


class PlaygroundControllers:
    """Builds the controllers of one screen, and passes links and messages to them."""

    _listener: ConversationListener | None = None

    def __init__(self, screen: BaseScreen, session: ChatSession, widgets: PlaygroundWidgets) -> None:
        app_state, services = screen.app_state, ChatServices(screen)
        prompt, transcript = widgets.prompt, widgets.transcript
        self._app_state, self._session, self._chips = app_state, session, widgets.chips
        self.prompt, self.transcript, self.services = prompt, transcript, services
        self.drafts = DraftKeeper(app_state, session, prompt)
        self.attachments = AttachmentController(app_state, session, prompt, services, self._show_files)
        self.cost = CostEstimateController(
            app_state, session, services, self._read_prompt, widgets.box.show_estimate
        )
        self.sender = SendController(session, self.drafts, self.attachments, self.cost, services)
        self.models = ModelController(
            app_state,
            session,
            services,
            explain_missing=partial(explain_missing_models, screen.session),
            show=widgets.model_line.update,
            on_change=self.cost.update,
        )
        self.parameters = ParameterController(app_state, session, services, self.models.refresh)
        self.prompt_texts = PromptController(
            app_state, session, prompt, self.attachments, self.parameters, services
        )
        self.wire = WirePanelController(screen, app_state, session, prompt, transcript, services)
        self.conversations = ConversationController(
            app_state,
            session,
            self.drafts,
            prompt,
            transcript,
            self.sender,
            services,
            show_title=widgets.title_line.update,
            on_switch=self._on_switch,
            on_model_change=self.models.refresh,
        )
        self.branches = BranchController(
            app_state,
            session,
            prompt,
            transcript,
            services,
            self.sender,
            self.attachments,
            self.conversations,
        )
        self.answers = AnswerController(app_state, session, transcript, services)
        self.follow_ups = FollowUpController(session, self.sender, services)
        self.dialects = DialectComparisonController(app_state, session, prompt, self.sender, services)

    def open_link(self, target: str) -> None:
        """Open a conversation (``conv_…``, ``conv_…#turn_…``), or choose a model."""
        if target.startswith("conv_"):
            conversation_id, _, turn_id = target.partition("#")
            open_ = self.conversations.open_or_warn
            self.services.run("open", open_, conversation_id, turn_id or None, exclusive=True)
        else:
            self.services.run("model", self.models.choose, target, exclusive=True)

    def begin(self, snapshot: Snapshot[bool]) -> None:
        """Listen to the conversations once they are open, and read what was written in earlier runs."""
        if not snapshot.value:
            return
        self.services.run("recall", self.prompt_texts.recall_earlier, exclusive=True)
        if self._listener is None:
            from zaguan_tui.screens.chat.listener import ConversationListener

            self._listener = ConversationListener(
                self._app_state.conversations,
                self._session,
                self.transcript,
                on_start=self.drafts.sent,
                on_turn=self._on_turn,
                on_warning=self.services.warn,
            )
            self.sender.ready = True
            self.services.run("listen", self._listen, self._listener, exclusive=True)

    async def _listen(self, listener: ConversationListener) -> None:
        await self.drafts.begin()
        await self._session.remember_model()
        self.models.refresh()
        await listener.run()

    async def close(self) -> None:
        """Save what was written last, and listen no more."""
        self.dialects.close()
        await self.drafts.flush()
        if self._listener is not None:
            self._listener.close()

    def handle(self, message: Message) -> None:
        """Pass a message of the prompt, of the files beside it or of the transcript on."""
        match message:
            case TextArea.Changed():
                self.transcript.written(self.prompt.text)
                self.drafts.written()
                self.cost.update()
            case Prompt.AtTyped():
                self.services.run("pick", self.attachments.choose, "@", exclusive=True)
            case Prompt.LinePasted(text=text):
                self.attachments.offer_pasted(text)
            case Prompt.NothingLeft():
                self.attachments.remove()
            case AttachmentChips.Removed(place=number):
                self.attachments.remove(number)
            case Suggestion.Picked(text=text):
                self.prompt_texts.suggest(text)

    def _read_prompt(self) -> PromptRequest:
        return PromptRequest(self.prompt.text, self.attachments.files)

    def _show_files(self, files: Sequence[Attachment]) -> None:
        self._chips.show(files)
        self.cost.update()

    def _on_switch(self) -> None:
        self.wire.reset()
        self.attachments.refresh()

    def _on_turn(self, unanswered: str | None) -> None:
        """A turn began or ended; ``unanswered`` is a prompt that got no answer."""
        if unanswered is not None:
            self.prompt_texts.give_back(unanswered)
        self.prompt.suggestions = ()
        self.conversations.refresh_title()
        self.transcript.number_answers(self._session.conversation)
        self.services.refresh_bindings()

    def leave_prompt(self) -> None:
        """Give the keys to the wire panel or to the newest answer."""
        if not self.wire.leave_prompt():
            self.answers.focus_newest()

    def scroll_page(self, step: int) -> None:
        """Scroll the wire panel or the transcript."""
        if not self.wire.scroll_page(step):
            self.answers.scroll_page(step)

    def copy(self) -> None:
        """Copy from the wire panel or the answer."""
        (self.wire if self.wire.has_focus else self.answers).copy()

    def copy_reason(self) -> str:
        """Why there is nothing to copy."""
        return (self.wire if self.wire.has_focus else self.answers).copy_reason()
