"""The half of the room that goes other ways: fork, edit and resend, ask again, choose among answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import work

from zaguan_tui.screens.chat.error_messages import NO_PROMPT, OPENING
from zaguan_tui.screens.playground.asking import AskingRoom
from zaguan_tui.state.chat.message import MessageStatus

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.conversation import Conversation, Turn

ONE_ANSWER: Final = "There is one answer to this prompt: ctrl+g asks for another."
NO_FURTHER: Final = "There is no other answer on that side."
WAIT: Final = "An answer to this prompt is still coming."
WITH_RESULTS: Final = "Here the results of tools are due; answer as the tool again."


class BranchingRoom(AskingRoom):
    """A room in which a conversation can go on from any of its turns."""

    def action_retry(self) -> None:
        """Ask the question of the focused (or newest) answer again."""
        turn = self._turn_in_focus
        if not self._may_ask():
            return
        if turn is None or (send_request := self.chat_session.ask_again(turn.id)) is None:
            self._warn(NO_PROMPT)
        else:
            self._deliver(send_request)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def action_fork(self) -> None:
        """Go on in a new conversation with all up to the focused (or newest) answer."""
        conversation, turn = self.chat_session.conversation, self._turn_in_focus
        if conversation is None or turn is None or self._listener is None:
            self._warn(NO_PROMPT)
            return
        after = conversation.turns[conversation.turns.index(turn) + 1 :]
        with self._telling("The conversation could not be forked."):
            fork = await self._fork(conversation, after[0].id if after else None)
            kept = "one turn" if len(fork.turns) == 1 else f"{len(fork.turns)} turns"
            self.notify(f"A fork with {kept}; the other conversation is as it was.", markup=False)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def action_edit_prompt(self) -> None:
        """Write the prompt of the focused (or newest) answer anew, with all before it."""
        conversation, turn = self.chat_session.conversation, self._turn_in_focus
        if self._listener is None:
            self._warn(OPENING)
            return
        if conversation is None or turn is None:
            self._warn(NO_PROMPT)
            return
        prompt = turn.prompt
        with self._telling("The prompt could not be taken up again."):
            if turn is conversation.turns[0]:
                await self._clear()
            else:
                await self._fork(conversation, turn.id)
            if prompt.tool_results:
                self._warn(WITH_RESULTS)
                return
            self._prompt.put_above(prompt.text)
            self._put_beside(prompt.attachments)
            self._prompt.focus()
            self.notify("The prompt can be written anew; the other conversation is as it was.", markup=False)

    @work(group="choose", exclusive=True, exit_on_error=False)
    async def action_choose_answer(self, step: int) -> None:
        """Let another answer to the same prompt count: what follows is asked after it."""
        conversation, turn = self.chat_session.conversation, self._turn_in_focus
        if conversation is None or turn is None or turn.answer is None:
            self._warn(NO_PROMPT)
            return
        if len(turn.answers) == 1:
            self._warn(ONE_ANSWER)
            return
        if any(answer.status is not MessageStatus.ENDED for answer in turn.answers):
            self._warn(WAIT)
            return
        place = turn.answers.index(turn.answer) + step
        if not 0 <= place < len(turn.answers):
            self.notify(NO_FURTHER, timeout=3, markup=False)
            return
        for answer in turn.answers:
            counts = answer is turn.answers[place]
            if answer.chosen != counts:
                await self.app_state.conversations.amend(conversation.id, answer.id, chosen=counts)
        self._show_places()
        self._transcript.show_answer(turn.answers[place].id)

    async def _fork(self, conversation: Conversation, before_turn: str | None) -> Conversation:
        fork: Conversation = await self.app_state.conversations.fork(conversation.id, before_turn)
        await self._open(fork.id)
        return fork

    async def _open(self, conversation_id: str, turn_id: str | None = None) -> None:
        """Put a conversation on the desk."""

    async def _clear(self) -> None:
        """Put nothing on the desk."""

    @property
    def _turn_in_focus(self) -> Turn | None:
        """The turn of the focused answer, else the newest."""
        conversation = self.chat_session.conversation
        if conversation is None or not conversation.turns:
            return None
        view = self._transcript.answer_at(self.focused)
        if view is not None and view is self.focused:
            for turn in conversation.turns:
                if any(answer.id == view.message.id for answer in turn.answers):
                    return turn
        return conversation.turns[-1]

    def _show_places(self) -> None:
        """Say of several answers to one prompt which is which, and which of them counts."""
        conversation = self.chat_session.conversation
        for turn in conversation.turns if conversation is not None else ():
            many = len(turn.answers)
            for place, answer in enumerate(turn.answers, 1):
                counts = " · counts" if answer is turn.answer else ""
                self._transcript.place(answer.id, f"answer {place} of {many}{counts}" if many > 1 else "")
