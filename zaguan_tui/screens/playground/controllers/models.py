"""Chooses the model of a conversation and shows it: the picker, the model line, virtual models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.error_messages import warn_of_errors
from zaguan_tui.screens.chat.models.lines import format_model_line
from zaguan_tui.screens.chat.models.virtual_lines import format_virtual_mark
from zaguan_tui.screens.chat.parameters.summary_line import format_parameters
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.store import Snapshot
from zaguan_tui.state.models.entry import ModelCatalogue


@dataclass(eq=False)
class ModelController:
    """Keeps the model line. ``show`` gets it; ``on_change`` is called after; ``explain_missing`` says why
    there is no model.
    """

    app_state: AppState
    session: ChatSession
    services: ChatServices
    explain_missing: Callable[[], Content]
    show: Callable[[Content], object]
    on_change: Callable[[], None]

    def refresh(self) -> None:
        """Show the model and how it is asked, or why there is none."""
        session = self.session
        if session.model is None and not self.app_state.models.catalogue.entries:
            line = self.explain_missing()
        else:
            virtual = format_virtual_mark(session.model or "", self.app_state.virtual_models)
            details = [] if virtual is None else [virtual]
            details += format_parameters(session.params, session.entry, session.dialect)
            line = format_model_line(session.model, session.entry, session.system_prompt, details)
        self.show(line)
        self.on_change()

    def read_models(self, snapshot: Snapshot[ModelCatalogue]) -> None:
        """Other models are known: take one if none was chosen, and read the virtual ones when it is time."""
        self.session.choose_first_model()
        self.refresh()
        if snapshot.value is not None and self.app_state.virtual_models.due:
            self.services.run("virtual", self.app_state.virtual_models.refresh)

    async def choose(self, model: str) -> None:
        """Send to this model from now on."""
        with warn_of_errors(self.services.warn, "The model could not be changed."):
            await self.session.choose_model(model)
        self.refresh()

    async def pick(self) -> None:
        """Choose among all models."""
        from zaguan_tui.screens.chat.models.picker import ModelPicker

        picker = ModelPicker(self.app_state, self.session.model, lambda: self.explain_missing().plain)
        if (model := await self.services.show_sheet(picker)) is not None:
            self.services.run("model", self.choose, model, exclusive=True)
