"""Fills the prompt: an external editor, the library, earlier prompts, prompts that got no answer."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.playground.controllers.attachments import AttachmentController
from zaguan_tui.screens.playground.controllers.parameters import ParameterController
from zaguan_tui.state.app_state import AppState
from zaguan_tui.text.sanitize import clean


@dataclass(eq=False)
class PromptController:
    """Puts texts into the prompt that the person does not type there."""

    app_state: AppState
    session: ChatSession
    prompt: Prompt
    attachments: AttachmentController
    parameters: ParameterController
    services: ChatServices

    async def recall_earlier(self) -> None:
        """Let prompts of earlier runs of the program be walked through."""
        if self.app_state.prompts is not None:
            self.prompt.recall(await self.app_state.prompts.recent())

    def suggest(self, text: str) -> None:
        """Write a suggestion of the empty conversation."""
        self.prompt.write(text)
        self.prompt.focus()

    def give_back(self, text: str) -> None:
        """Give a prompt that got no answer back with its files, unless something else is written."""
        empty = not self.prompt.text.strip()
        self.prompt.put_back(text)
        conversation = self.session.conversation
        if empty and not self.attachments.files and conversation is not None and conversation.turns:
            self.attachments.add(conversation.turns[-1].prompt.attachments)

    async def open_editor(self) -> None:
        """Write the prompt in the editor of $VISUAL or $EDITOR."""
        from zaguan_tui.screens.chat.composer.editor import EditorError, edit_text

        try:
            text = await edit_text(self.prompt.app, self.prompt.text)
        except EditorError as error:
            self.services.warn(str(error))
        else:
            self.prompt.write(text)
        self.prompt.focus()

    async def open_library(self) -> None:
        """Take a text from the library, or keep one there."""
        from zaguan_tui.screens.chat.composer.library_sheet import Kind, LibrarySheet

        texts: dict[Kind, str] = {"prompt": self.prompt.text, "system": self.session.system_prompt}
        choice = await self.services.show_sheet(LibrarySheet(self.app_state.library, texts))
        if choice is None:
            return
        if choice.kind == "prompt":
            self.prompt.insert(clean(choice.text))
            self.prompt.focus()
        else:
            await self.parameters.set_system_prompt(choice.text)
