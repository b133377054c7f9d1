"""Fills the prompt: an external editor, the library, earlier prompts, prompts that got no answer."""

from __future__ import annotations

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.services import ScreenServices
from zaguan_tui.screens.playground.controllers.attachments import AttachmentController
from zaguan_tui.screens.playground.controllers.parameters import ParameterController
from zaguan_tui.state.app_state import AppState
from zaguan_tui.text.sanitize import clean


class PromptController:
    """Puts texts into the prompt that the person does not type there."""

    def __init__(
        self,
        app_state: AppState,
        session: ChatSession,
        prompt: Prompt,
        attachments: AttachmentController,
        parameters: ParameterController,
        services: ScreenServices,
    ) -> None:
        self._app_state, self._session, self._prompt = app_state, session, prompt
        self._attachments, self._parameters, self._services = attachments, parameters, services

    async def recall_earlier(self) -> None:
        """Let prompts of earlier runs of the program be walked through."""
        if self._app_state.prompts is not None:
            self._prompt.recall(await self._app_state.prompts.recent())

    def suggest(self, text: str) -> None:
        """Write a suggestion of the empty conversation."""
        self._prompt.write(text)
        self._prompt.focus()

    def give_back(self, text: str) -> None:
        """Give a prompt that got no answer back with its files, unless something else is written."""
        empty = not self._prompt.text.strip()
        self._prompt.put_back(text)
        conversation = self._session.conversation
        if empty and not self._attachments.files and conversation is not None and conversation.turns:
            self._attachments.add(conversation.turns[-1].prompt.attachments)

    async def open_editor(self) -> None:
        """Write the prompt in the editor of $VISUAL or $EDITOR."""
        from zaguan_tui.screens.chat.composer.editor import EditorError, edit_text

        try:
            text = await edit_text(self._prompt.app, self._prompt.text)
        except EditorError as error:
            self._services.warn(str(error))
        else:
            self._prompt.write(text)
        self._prompt.focus()

    async def open_library(self) -> None:
        """Take a text from the library, or keep one there."""
        from zaguan_tui.screens.chat.composer.library_sheet import Kind, LibrarySheet

        texts: dict[Kind, str] = {"prompt": self._prompt.text, "system": self._session.system_prompt}
        choice = await self._services.ask(LibrarySheet(self._app_state.library, texts))
        if choice is None:
            return
        if choice.kind == "prompt":
            self._prompt.insert(clean(choice.text))
            self._prompt.focus()
        else:
            await self._parameters.set_system_prompt(choice.text)
