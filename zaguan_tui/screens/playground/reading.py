"""The half of the room that reads: what can be done with the answers on the screen."""

from __future__ import annotations

from zaguan_tui.screens.playground.answer import AnswerView
from zaguan_tui.screens.playground.desk import Desk
from zaguan_tui.screens.playground.prompt import Prompt
from zaguan_tui.screens.playground.transcript import Transcript
from zaguan_tui.screens.room import Room


class ReadingRoom(Room):
    """A room with a desk, a transcript and a prompt. Subclasses compose them."""

    desk: Desk

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape stops an answer while one comes, and else leaves the prompt."""
        if action in ("stop", "leave"):
            return (action == "stop") == self.desk.answering
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop the answer; what came is kept."""
        self.desk.stop()

    def action_leave(self) -> None:
        """Go from the prompt to the newest answer."""
        self.set_focus(self._transcript.newest)

    def action_write(self) -> None:
        """Go to the prompt."""
        self._prompt.focus()

    def action_toggle_reasoning(self) -> None:
        """Fold or unfold what the focused (or newest) answer thought."""
        if (answer := self._focused_answer()) is not None:
            answer.toggle_reasoning()

    def action_copy(self) -> None:
        """Copy the focused (or newest) answer."""
        answer = self._focused_answer()
        if answer is not None and answer.copy_text:
            self.app.copy_to_clipboard(answer.copy_text)
            self.notify(
                f"Sent {len(answer.copy_text):,} characters to the terminal's clipboard.", markup=False
            )

    def _focused_answer(self) -> AnswerView | None:
        return self.focused if isinstance(self.focused, AnswerView) else self._transcript.newest

    @property
    def _prompt(self) -> Prompt:
        return self.query_one(Prompt)

    @property
    def _transcript(self) -> Transcript:
        return self.query_one(Transcript)
