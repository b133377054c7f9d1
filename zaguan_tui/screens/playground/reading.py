"""The half of the room that reads: what can be done with the answers on the screen."""

from __future__ import annotations

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.screens.common.base_screen import BaseScreen


class ReadingRoom(BaseScreen):
    """A room with a desk, a transcript and a prompt. Subclasses compose them."""

    chat_session: ChatSession

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape stops an answer while one comes, and else leaves the prompt."""
        if action in ("stop", "leave"):
            return (action == "stop") == self.chat_session.answering
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop the answer; what came is kept."""
        self.chat_session.stop()

    def action_leave(self) -> None:
        """Go from the prompt to the newest answer."""
        self.set_focus(self._transcript.newest)

    def action_page(self, step: int) -> None:
        """Read on or back, also while writing; at the newest line it is followed again."""
        transcript = self._transcript
        transcript.scroll_page_down(animate=False) if step > 0 else transcript.scroll_page_up(animate=False)

    def action_write(self) -> None:
        """Go to the prompt."""
        self._prompt.focus()

    def action_toggle_reasoning(self) -> None:
        """Fold or unfold what the focused (or newest) answer thought."""
        answer = self._transcript.answer_at(self.focused)
        if answer is not None and answer.has_reasoning:
            answer.toggle_reasoning()
        else:
            self._nothing("unfold: neither reasoning nor a long call came with the answer")

    def action_copy(self) -> None:
        """Copy the focused (or newest) answer."""
        answer = self._transcript.answer_at(self.focused)
        if answer is not None and answer.copy_text:
            self.app.copy_to_clipboard(answer.copy_text)
            self.notify(
                f"Sent {len(answer.copy_text):,} characters to the terminal's clipboard.", markup=False
            )
        else:
            self._nothing("copy yet")

    def _nothing(self, what: str) -> None:
        """A key that finds nothing to do says so."""
        self.notify(f"There is nothing to {what}.", timeout=3, markup=False)

    @property
    def _prompt(self) -> Prompt:
        return self.query_one(Prompt)

    @property
    def _transcript(self) -> Transcript:
        return self.query_one(Transcript)
