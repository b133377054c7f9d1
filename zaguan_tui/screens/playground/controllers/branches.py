"""Branches a conversation: fork, edit and resend, send again, choose among the answers to a prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.error_messages import NO_PROMPT, OPENING, warn_of_errors
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.screens.playground.controllers.attachments import AttachmentController
from zaguan_tui.screens.playground.controllers.conversations import ConversationController
from zaguan_tui.screens.playground.controllers.send import SendController
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import MessageStatus

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.conversation import Conversation, Turn

ONE_ANSWER: Final = "There is one answer to this prompt: ctrl+g asks for another."
NO_FURTHER: Final = "There is no other answer on that side."
WAIT: Final = "An answer to this prompt is still coming."
WITH_RESULTS: Final = "Here the results of tools are due; answer as the tool again."


@dataclass(eq=False)
class BranchController:
    """Goes on from any turn of the open conversation: that of the focused answer, else the newest."""

    app_state: AppState
    session: ChatSession
    prompt: Prompt
    transcript: Transcript
    services: ChatServices
    sender: SendController
    attachments: AttachmentController
    conversations: ConversationController

    @property
    def turn(self) -> Turn | None:
        """The turn of the focused answer, else the newest."""
        conversation = self.session.conversation
        if conversation is None or not conversation.turns:
            return None
        focused = self.services.focused
        view = self.transcript.answer_at(focused)
        if view is not None and view is focused:
            for turn in conversation.turns:
                if any(answer.id == view.message.id for answer in turn.answers):
                    return turn
        return conversation.turns[-1]

    def retry(self) -> None:
        """Send the prompt of the turn again."""
        if (turn := self.turn) is not None:
            self.sender.send_again(turn.id)

    def retry_reason(self) -> str:
        """Why nothing can be sent again."""
        return self.sender.busy_reason() or (NO_PROMPT if self.turn is None else "")

    async def fork(self) -> None:
        """Go on in a new conversation with all up to the turn."""
        conversation, turn = self.session.conversation, self.turn
        if conversation is None or turn is None:
            return
        after = conversation.turns[conversation.turns.index(turn) + 1 :]
        with warn_of_errors(self.services.warn, "The conversation could not be forked."):
            fork = await self._fork(conversation, after[0].id if after else None)
            count = "one turn" if len(fork.turns) == 1 else f"{len(fork.turns)} turns"
            self.services.inform(f"A fork with {count}; the other conversation is as it was.")

    def fork_reason(self) -> str:
        """Why there is nothing to fork."""
        return NO_PROMPT if self.turn is None or not self.sender.ready else ""

    async def edit_prompt(self) -> None:
        """Write the prompt of the turn anew, in a new conversation with all before it."""
        conversation, turn = self.session.conversation, self.turn
        if conversation is None or turn is None:
            return
        prompt = turn.prompt
        with warn_of_errors(self.services.warn, "The prompt could not be taken up again."):
            if turn is conversation.turns[0]:
                await self.conversations.clear()
            else:
                await self._fork(conversation, turn.id)
            if prompt.tool_results:
                self.services.warn(WITH_RESULTS)
                return
            self.prompt.put_above(prompt.text)
            self.attachments.add(prompt.attachments)
            self.prompt.focus()
            self.services.inform("The prompt can be written anew; the other conversation is as it was.")

    def edit_reason(self) -> str:
        """Why there is no prompt to edit."""
        if not self.sender.ready:
            return OPENING
        return NO_PROMPT if self.turn is None else ""

    async def choose_answer(self, step: int) -> None:
        """Let another answer to the same prompt count: what follows is sent after it."""
        conversation, turn = self.session.conversation, self.turn
        if conversation is None or turn is None or turn.answer is None:
            return
        place = turn.answers.index(turn.answer) + step
        if not 0 <= place < len(turn.answers):
            self.services.hint(NO_FURTHER)
            return
        for answer in turn.answers:
            chosen = answer is turn.answers[place]
            if answer.chosen != chosen:
                await self.app_state.conversations.amend(conversation.id, answer.id, chosen=chosen)
        self.transcript.number_answers(self.session.conversation)
        self.transcript.show_answer(turn.answers[place].id)

    def choose_reason(self) -> str:
        """Why there is no other answer to choose."""
        turn = self.turn
        if turn is None or turn.answer is None:
            return NO_PROMPT
        if len(turn.answers) == 1:
            return ONE_ANSWER
        return WAIT if any(answer.status is not MessageStatus.ENDED for answer in turn.answers) else ""

    async def _fork(self, conversation: Conversation, before_turn: str | None) -> Conversation:
        fork: Conversation = await self.app_state.conversations.fork(conversation.id, before_turn)
        await self.conversations.open(fork.id)
        return fork
