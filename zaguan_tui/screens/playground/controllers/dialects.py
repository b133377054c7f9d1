"""Sends a prompt in both dialects, and compares the two answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.error_messages import NO_PROMPT
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.playground.controllers.send import SendController
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Dialect, Message
from zaguan_tui.state.chat.prompt_request import ModelTarget
from zaguan_tui.state.conversations.notices import ConversationNotice, TurnStarted
from zaguan_tui.state.core.subscribers import Unsubscribe


@dataclass(eq=False)
class DialectComparisonController:
    """Sends as chat and as messages, and opens the comparison as soon as both answers have begun."""

    app_state: AppState
    session: ChatSession
    prompt: Prompt
    sender: SendController
    services: ChatServices
    _unsubscribe: Unsubscribe | None = field(default=None, init=False)

    def compare(self) -> None:
        """Send the prompt in both dialects; an empty prompt shows both answers, or asks for them."""
        if self.prompt.says_something:
            self._send(written=True)
        elif (pair := self._pair) is not None and self.session.id is not None:
            self.services.run("pick", self._show, self.session.id, pair, exclusive=True)
        else:
            self._send(written=False)

    def disabled_reason(self) -> str:
        """Why there is nothing to compare or to send."""
        if not self.prompt.says_something:
            conversation = self.session.conversation
            if conversation is None or not conversation.turns:
                return NO_PROMPT
            if self._pair is not None:
                return ""
        return self.sender.disabled_reason()

    def close(self) -> None:
        """Wait for no answers any more."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    @property
    def _pair(self) -> tuple[Message, Message] | None:
        """Both answers to the newest prompt, once they are over."""
        from zaguan_tui.state.chat.dialect_diff import order_by_dialect

        conversation = self.session.conversation
        if conversation is None or not conversation.turns or self.session.answering:
            return None
        return order_by_dialect(conversation.turns[-1].answers)

    def _send(self, *, written: bool) -> None:
        if (model := self.session.model) is None or self.sender.disabled_reason():
            return
        self._await_pair()
        targets = [ModelTarget(model, dialect, self.session.params) for dialect in Dialect]
        if written:
            self.prompt.offer(lambda text: self.sender.submit(text, targets))
        else:
            self.sender.send_again(None, targets)

    def _await_pair(self) -> None:
        """Show the pair as soon as it begins: a person may be asked before."""
        self.close()

        def on_notice(notice: ConversationNotice) -> None:
            if not isinstance(notice, TurnStarted) or notice.conversation_id != self.session.id:
                return
            self.close()
            from zaguan_tui.state.chat.dialect_diff import order_by_dialect

            if (pair := order_by_dialect(notice.answers)) is not None:
                self.services.call_later(self._open, notice.conversation_id, pair)

        self._unsubscribe = self.app_state.conversations.watch(on_notice)

    def _open(self, conversation_id: str, pair: tuple[Message, Message]) -> None:
        self.services.run("pick", self._show, conversation_id, pair, exclusive=True)

    async def _show(self, conversation_id: str, pair: tuple[Message, Message]) -> None:
        from zaguan_tui.screens.playground.dialect_comparison.screen import DialectComparisonScreen

        screen = DialectComparisonScreen(self.app_state, conversation_id, pair)
        if await self.services.show_sheet(screen) and self.session.id == conversation_id:
            if reason := self.sender.disabled_reason():
                self.services.warn(reason)
            else:
                self._send(written=False)
