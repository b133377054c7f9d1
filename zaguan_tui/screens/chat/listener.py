"""Listener that shows the notices of the conversation store in the transcript, in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from zaguan_tui.screens.chat.answers.answer import AnswerView
from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.screens.common.notice_queue import NoticeQueue
from zaguan_tui.state.conversations import notices as news
from zaguan_tui.state.conversations.notices import ConversationNotice

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.store import ConversationStore


class ConversationListener:
    """Queues the notices of all conversations, and shows those of the open one.

    ``on_start`` is called with the conversation as soon as a prompt is on disk, whichever conversation it is;
    ``on_turn`` when a turn begins or ends, with the prompt to give back if nothing came of it;
    ``on_warning`` with a sentence when something could not be kept.
    """

    def __init__(
        self,
        conversations: ConversationStore,
        chat_session: ChatSession,
        transcript: Transcript,
        *,
        on_start: Callable[[str], None],
        on_turn: Callable[[str | None], None],
        on_warning: Callable[[str], None],
    ) -> None:
        self._chat_session, self._transcript = chat_session, transcript
        self._on_start, self._on_turn, self._on_warning = on_start, on_turn, on_warning
        self._queue: NoticeQueue[ConversationNotice] = NoticeQueue(conversations.watch, self._on_notice)
        self.close = self._queue.close

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._queue.drain(self._show)

    def _on_notice(self, notice: ConversationNotice) -> bool:
        if isinstance(notice, news.TurnStarted):
            self._on_start(notice.conversation_id)
        return True

    async def _show(self, notice: ConversationNotice) -> None:
        if isinstance(notice, news.StorageFailed):
            self._on_warning(notice.sentence)
            return
        if notice.conversation_id != self._chat_session.id:
            return
        transcript = self._transcript
        if isinstance(notice, news.TurnStarted):
            await transcript.start(notice.prompt, notice.answers)
            self._on_turn(None)
            return
        async with transcript.changing:
            if (view := transcript.find_answer(answer_id_of(notice))) is not None:
                await show_notice(view, notice)
        if isinstance(notice, news.TurnEnded):
            self._on_turn(notice.prompt)


async def show_notice(view: AnswerView, notice: ConversationNotice) -> None:
    """Show a notice about an answer."""
    match notice:
        case news.Delta(text=text, reasoning=reasoning):
            view.feed(text, reasoning)
        case news.ToolCallDelta(call=call, name=name, arguments=arguments):
            view.feed_call(call, name, arguments)
        case news.TextBecameReasoning():
            await view.text_became_reasoning()
        case news.MeterChanged(meter=meter):
            view.meter(meter)
        case news.TurnEnded(answer=answer):
            await view.end(answer)
        case news.MessageAmended(message=message):
            view.amend(message)


def answer_id_of(notice: ConversationNotice) -> str:
    """The id of the answer that a notice is about; empty when it is about none."""
    match notice:
        case news.TurnEnded(answer=message) | news.MessageAmended(message=message):
            return message.id
        case (
            news.Delta(message_id=message_id)
            | news.ToolCallDelta(message_id=message_id)
            | news.TextBecameReasoning(message_id=message_id)
            | news.MeterChanged(message_id=message_id)
        ):
            return message_id
    return ""
