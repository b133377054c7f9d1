"""The half of the room that follows up an answer: go on, answer as the tool, receipt, both dialects."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from textual import work

from zaguan_tui.features.feature import Feature
from zaguan_tui.screens.chat.error_messages import ANSWER_IN_PROGRESS, NO_MODEL, NO_PROMPT
from zaguan_tui.screens.chat.next_steps import AGAIN, TOOL, can_continue, find_key, get_keymap
from zaguan_tui.screens.common.connection_info import Session
from zaguan_tui.screens.playground.asking import AskingRoom
from zaguan_tui.state.chat.message import Dialect, Message, MessageEnding, MessageStatus
from zaguan_tui.state.chat.prompt_request import CONTINUE, ModelTarget, PromptRequest
from zaguan_tui.state.conversations.notices import ConversationNotice, TurnStarted
from zaguan_tui.state.core.subscribers import Unsubscribe

WHOLE = "The answer is whole: there is nothing to continue."
FILTERED = "The provider's filter ended the answer; it would end the rest, too. Another wording may pass."
NOTHING_CAME = "Nothing came that could be continued."
NO_CALLS = "The newest answer asks for no tool."
BROKEN_CALLS = "The answer broke off before its calls were whole."


class ConcludingRoom(AskingRoom):
    """A room whose answers can be followed up."""

    def __init__(self, session: Session, info: Feature | None = None) -> None:
        super().__init__(session, info)
        self._lanes: Sequence[ModelTarget] = ()
        self._await_both: Unsubscribe | None = None
        self._written_results: dict[str, dict[str, tuple[str, bool]]] = {}

    def tick(self) -> None:
        """Countdowns under answers move."""
        super().tick()
        self._transcript.tick(self.app_state.clock.now())

    def on_unmount(self) -> None:
        """Wait for nothing any more."""
        if self._await_both is not None:
            self._await_both()

    def action_continue_answer(self) -> None:
        """Ask for the rest of the newest answer."""
        answer = self._counting
        if answer is None:
            self._warn(NO_PROMPT)
        elif answer.status is not MessageStatus.ENDED:
            self._warn(ANSWER_IN_PROGRESS)
        elif not can_continue(answer):
            self._warn(why_not_continue(answer, get_keymap(self.app)))
        elif self.chat_session.model is None:
            self._warn(NO_MODEL)
        elif self._may_ask():
            self._send(PromptRequest(CONTINUE))

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_answer_tools(self) -> None:
        """Write what the tools give, and send it."""
        from zaguan_tui.screens.playground.tool_result_sheet import ToolResultSheet

        answer = self._counting
        if answer is None or not answer.tool_calls:
            self._warn(NO_CALLS if answer is not None else NO_PROMPT)
            return
        if answer.ending is None or not answer.ending.whole:
            self._warn(BROKEN_CALLS if answer.ending is not None else ANSWER_IN_PROGRESS)
            return
        written = self._written_results.setdefault(answer.id, {})
        results = await self.app.push_screen_wait(ToolResultSheet(answer, written))
        if results is None or not self._may_ask():
            return
        now = self._counting
        if now is not None and now.id == answer.id:
            self._send(PromptRequest(tool_results=results))
            del self._written_results[answer.id]

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_copy_code(self) -> None:
        """Copy the code block of the focused (or newest) answer; which one, where there are several."""
        from zaguan_tui.screens.chat.answers.code_blocks import find_code_blocks, make_block_search
        from zaguan_tui.widgets.picker import Picker

        answer = self._transcript.answer_at(self.focused)
        text = answer.message.text if answer is not None else ""
        blocks = await asyncio.to_thread(find_code_blocks, text)
        if not blocks:
            self._nothing("copy: the answer holds no code block")
            return
        chosen: str | None = "0"
        if len(blocks) > 1:
            picker = Picker("Copy which block?", make_block_search(blocks), total=len(blocks))
            chosen = await self.app.push_screen_wait(picker)
        if chosen is not None:
            code = blocks[int(chosen)].code.rstrip("\n")
            self.app.copy_to_clipboard(code)
            sent = f"Sent {len(code):,} characters of code to the terminal's clipboard."
            self.notify(sent, markup=False)

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_save_image(self) -> None:
        """Save an image of the focused (or newest) answer."""
        from zaguan_tui.screens.playground.saving_images import save_image

        if (answer := self._transcript.answer_at(self.focused)) is None:
            self._warn(NO_PROMPT)
        else:
            await save_image(self, answer.message)

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_show_receipt(self) -> None:
        """Show what the focused (or newest) answer cost."""
        from zaguan_tui.screens.playground.receipt import ReceiptSheet

        answer, talk = self._transcript.answer_at(self.focused), self.chat_session.id
        if answer is None or talk is None:
            self._warn(NO_PROMPT)
        elif answer.message.status is not MessageStatus.ENDED:
            self._warn(ANSWER_IN_PROGRESS)
        else:
            await self.app.push_screen_wait(ReceiptSheet(self.app_state, talk, answer.message))

    def action_send_both(self) -> None:
        """Send the prompt in both dialects; an empty prompt shows both answers, or asks for them."""
        from zaguan_tui.state.chat.dialect_diff import order_by_dialect

        if self._prompt.says_something:
            self._ask_both(written=True)
            return
        conversation = self.chat_session.conversation
        if conversation is None or not conversation.turns:
            self._warn(NO_PROMPT)
        elif not self.chat_session.answering and (pair := order_by_dialect(conversation.turns[-1].answers)):
            self._show_both(conversation.id, pair)
        else:
            self._ask_both(written=False)

    def _ask_both(self, *, written: bool) -> None:
        model = self.chat_session.model
        if model is None:
            self._warn(NO_MODEL)
            return
        if not self._may_ask():
            return
        self._expect_both()
        self._lanes = [ModelTarget(model, dialect, self.chat_session.params) for dialect in Dialect]
        try:
            if written:
                self._prompt.action_send()
            elif (send_request := self.chat_session.ask_again(None, self._lanes)) is not None:
                self._deliver(send_request)
        finally:
            self._lanes = ()

    def _send(self, question: PromptRequest, lanes: Sequence[ModelTarget] = ()) -> None:
        """Down the lanes of *both dialects* while that is what is being sent."""
        super()._send(question, lanes or self._lanes)

    def _expect_both(self) -> None:
        """Show the pair as soon as it begins: a person may be asked before."""
        if self._await_both is not None:
            self._await_both()

        def hear(notice: ConversationNotice) -> None:
            if not isinstance(notice, TurnStarted) or notice.conversation_id != self.chat_session.id:
                return
            if self._await_both is not None:
                self._await_both()
                self._await_both = None
            from zaguan_tui.state.chat.dialect_diff import order_by_dialect

            if (pair := order_by_dialect(notice.answers)) is not None:
                self.call_later(self._show_both, notice.conversation_id, pair)

        self._await_both = self.app_state.conversations.watch(hear)

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def _show_both(self, conversation_id: str, pair: tuple[Message, Message]) -> None:
        from zaguan_tui.screens.playground.dialect_comparison.screen import DialectComparisonScreen

        again = await self.app.push_screen_wait(
            DialectComparisonScreen(self.app_state, conversation_id, pair)
        )
        if again and self.chat_session.id == conversation_id:
            self._ask_both(written=False)

    @property
    def _counting(self) -> Message | None:
        """The answer that the next prompt follows."""
        conversation = self.chat_session.conversation
        return conversation.turns[-1].answer if conversation is not None and conversation.turns else None


def why_not_continue(answer: Message, keymap: Mapping[str, str]) -> str:
    """The sentence for an answer that has no rest."""
    if answer.ending is MessageEnding.TOOL_CALLS:
        return f"The model waits for the result of its call: {find_key(TOOL, keymap)} answers as the tool."
    if answer.ending is MessageEnding.CONTENT_FILTER:
        return FILTERED
    if answer.ending is MessageEnding.FINISHED:
        return WHOLE
    return f"{NOTHING_CAME} {find_key(AGAIN, keymap)} asks again."
