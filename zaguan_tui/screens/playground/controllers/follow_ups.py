"""Follows up the newest answer: asks for its rest, or answers as the tool that it calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.error_messages import ANSWER_IN_PROGRESS, NO_PROMPT
from zaguan_tui.screens.chat.next_steps import AGAIN, TOOL, can_continue, find_key
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.playground.controllers.send import SendController
from zaguan_tui.state.chat.message import Message, MessageStatus
from zaguan_tui.state.chat.prompt_request import CONTINUE, PromptRequest

WHOLE = "The answer is whole: there is nothing to continue."
FILTERED = "The provider's filter ended the answer; it would end the rest, too. Another wording may pass."
NOTHING_CAME = "Nothing came that could be continued."
NO_CALLS = "The newest answer asks for no tool."
BROKEN_CALLS = "The answer broke off before its calls were whole."


@dataclass(eq=False)
class FollowUpController:
    """Sends what continues the newest answer."""

    session: ChatSession
    sender: SendController
    services: ChatServices
    _results: dict[str, dict[str, tuple[str, bool]]] = field(default_factory=dict, init=False)

    @property
    def answer(self) -> Message | None:
        """The answer that the next prompt follows."""
        conversation = self.session.conversation
        return conversation.turns[-1].answer if conversation is not None and conversation.turns else None

    def continue_answer(self) -> None:
        """Ask for the rest of the answer."""
        self.sender.send(PromptRequest(CONTINUE))

    def continue_reason(self) -> str:
        """Why there is no rest to ask for."""
        answer = self.answer
        if answer is None:
            return NO_PROMPT
        if answer.status is not MessageStatus.ENDED:
            return ANSWER_IN_PROGRESS
        if not can_continue(answer):
            return explain_no_rest(answer, self.services.keymap)
        return self.sender.disabled_reason()

    async def answer_tools(self) -> None:
        """Write what the tools give, and send it. What was written is kept until it is sent."""
        from zaguan_tui.screens.chat.answers.tool_result_sheet import ToolResultSheet

        if (answer := self.answer) is None:
            return
        written = self._results.setdefault(answer.id, {})
        results = await self.services.show_sheet(ToolResultSheet(answer, written))
        if results is None:
            return
        if reason := self.sender.busy_reason():
            self.services.warn(reason)
        elif self.answer is not None and self.answer.id == answer.id:
            self.sender.send(PromptRequest(tool_results=results))
            del self._results[answer.id]

    def tools_reason(self) -> str:
        """Why there is no tool call to answer."""
        answer = self.answer
        if answer is None or not answer.tool_calls:
            return NO_PROMPT if answer is None else NO_CALLS
        if answer.ending is None:
            return ANSWER_IN_PROGRESS
        return "" if answer.ending.whole else BROKEN_CALLS


def explain_no_rest(answer: Message, keymap: Mapping[str, str]) -> str:
    """The sentence for an answer that has no rest."""
    if answer.ending is Ending.TOOL_CALLS:
        return f"The model waits for the result of its call: {find_key(TOOL, keymap)} answers as the tool."
    if answer.ending is Ending.CONTENT_FILTER:
        return FILTERED
    if answer.ending is Ending.FINISHED:
        return WHOLE
    return f"{NOTHING_CAME} {find_key(AGAIN, keymap)} asks again."
