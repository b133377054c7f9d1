"""Reads answers: copies text and code, saves images, folds reasoning, shows receipts, scrolls."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.error_messages import ANSWER_IN_PROGRESS, NO_PROMPT
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Message, MessageStatus

NO_TEXT = "There is nothing to copy yet."
NO_CODE = "There is nothing to copy: the answer holds no code block."
NO_IMAGE = "There is nothing to save: the answer holds no image."
ONLY_LINKS = "The image came as a link, which is not opened from here; its address stands below the answer."
NO_REASONING = "There is nothing to unfold: neither reasoning nor a long call came with the answer."


@dataclass(eq=False)
class AnswerController:
    """Does what can be done with the focused answer, else with the newest."""

    app_state: AppState
    session: ChatSession
    transcript: Transcript
    services: ChatServices

    @property
    def message(self) -> Message | None:
        """The answer that is meant."""
        view = self.transcript.answer_at(self.services.focused)
        return None if view is None else view.message

    def focus_newest(self) -> None:
        """Go from the prompt to the newest answer."""
        self.services.focus(self.transcript.newest)

    def scroll_page(self, step: int) -> None:
        """Read on or back, also while writing; at the newest line it is followed again."""
        transcript = self.transcript
        transcript.scroll_page_down(animate=False) if step > 0 else transcript.scroll_page_up(animate=False)

    def toggle_reasoning(self) -> None:
        """Fold or unfold the reasoning and the long tool calls."""
        if (view := self.transcript.answer_at(self.services.focused)) is not None:
            view.toggle_reasoning()

    def reasoning_reason(self) -> str:
        """Why there is nothing to fold."""
        view = self.transcript.answer_at(self.services.focused)
        return "" if view is not None and view.has_reasoning else NO_REASONING

    def copy(self) -> None:
        """Copy the text."""
        if (view := self.transcript.answer_at(self.services.focused)) is not None:
            self.services.copy(view.copy_text)

    def copy_reason(self) -> str:
        """Why there is no text to copy."""
        view = self.transcript.answer_at(self.services.focused)
        return "" if view is not None and view.copy_text else NO_TEXT

    async def copy_code(self) -> None:
        """Copy a code block; which one is asked where there are several."""
        from zaguan_tui.screens.chat.answers.code_blocks import find_code_blocks, make_block_search
        from zaguan_tui.widgets.picker import Picker

        message = self.message
        blocks = await asyncio.to_thread(find_code_blocks, message.text if message is not None else "")
        if not blocks:
            self.services.hint(NO_CODE)
            return
        chosen: str | None = "0"
        if len(blocks) > 1:
            picker = Picker("Copy which block?", make_block_search(blocks), total=len(blocks))
            chosen = await self.services.show_sheet(picker)
        if chosen is not None:
            code = blocks[int(chosen)].code.rstrip("\n")
            self.services.copy(code, f"{len(code):,} characters of code")

    async def save_image(self) -> None:
        """Save an image to a file."""
        from zaguan_tui.screens.chat.answers.image_export import save_image

        if (message := self.message) is not None:
            await save_image(self.services, message)

    def image_reason(self) -> str:
        """Why there is no image to save."""
        if (message := self.message) is None:
            return NO_PROMPT
        if any(image.data for image in message.attachments):
            return ""
        return ONLY_LINKS if message.attachments else NO_IMAGE

    async def show_receipt(self) -> None:
        """Show what the answer cost."""
        from zaguan_tui.screens.chat.receipts.sheet import ReceiptSheet

        message, conversation_id = self.message, self.session.id
        if message is not None and conversation_id is not None:
            await self.services.show_sheet(ReceiptSheet(self.app_state, conversation_id, message))

    def receipt_reason(self) -> str:
        """Why there is no receipt yet."""
        message = self.message
        if message is None or self.session.id is None:
            return NO_PROMPT
        return "" if message.status is MessageStatus.ENDED else ANSWER_IN_PROGRESS
