"""Sets the parameters, the dialect and the system prompt of a conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from zaguan_tui.screens.chat.chat_session import ChatSession, find_model_entry
from zaguan_tui.screens.chat.error_messages import warn_of_errors
from zaguan_tui.screens.chat.models.default_model import can_chat
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.dialects import find_unsupported
from zaguan_tui.state.chat.message import Dialect

SYSTEM_HELP = "What the model reads before the conversation, at every turn. Empty means none."
SYSTEM_FAULT = "The system prompt could not be changed."


@dataclass(eq=False)
class ParameterController:
    """Changes how the next prompts are sent. ``on_change`` is called after each change."""

    app_state: AppState
    session: ChatSession
    services: ChatServices
    on_change: Callable[[], None]

    async def edit(self) -> None:
        """Set parameters, dialect and model in a sheet."""
        from zaguan_tui.screens.chat.parameters.sheet import ParameterChoice, ParametersSheet

        session, models = self.session, self.app_state.models
        before = ParameterChoice(session.model, session.dialect, session.params)
        sheet = ParametersSheet(
            before,
            partial(find_model_entry, self.app_state),
            lambda: [entry for entry in models.catalogue.entries if can_chat(entry)],
            self.app_state.library,
        )
        after = await self.services.show_sheet(sheet)
        if after is None or after == before:
            return
        with warn_of_errors(self.services.warn, "The parameters could not be changed."):
            await session.set_params(after.params)
            if after.dialect is not before.dialect:
                await session.set_dialect(after.dialect)
            if after.model is not None and after.model != before.model:
                await session.choose_model(after.model)
        self.on_change()

    async def toggle_dialect(self) -> None:
        """Send in the other dialect, and say which parameters it does not have."""
        session = self.session
        dialect = Dialect.MESSAGES if session.dialect is Dialect.CHAT else Dialect.CHAT
        with warn_of_errors(self.services.warn, "The dialect could not be changed."):
            await session.set_dialect(dialect)
        self.on_change()
        path = "/v1/messages" if dialect is Dialect.MESSAGES else "/v1/chat/completions"
        unsupported = find_unsupported(session.params, dialect)
        lost = f" Not sent in this dialect: {', '.join(unsupported)}." if unsupported else ""
        self.services.inform(f"Prompts go to {path} now.{lost}")

    async def edit_system_prompt(self) -> None:
        """Edit the system prompt in a sheet."""
        from zaguan_tui.screens.modals.edit_text import EditTextScreen

        sheet = EditTextScreen("System prompt", self.session.system_prompt, SYSTEM_HELP)
        if (text := await self.services.show_sheet(sheet)) is not None:
            await self.set_system_prompt(text)

    async def set_system_prompt(self, text: str) -> None:
        """Have the model read this before the conversation."""
        with warn_of_errors(self.services.warn, SYSTEM_FAULT):
            await self.session.set_system_prompt(text)
        self.on_change()
