"""The half of the room that asks: what was written goes out once, to where it was meant for, or back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual import work

from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.error_messages import (
    ANSWER_IN_PROGRESS,
    NO_MODEL,
    NO_PROMPT,
    OPENING,
    error_message,
)
from zaguan_tui.screens.chat.send_request import SendRequest
from zaguan_tui.screens.playground.reading import ReadingRoom
from zaguan_tui.state.chat.message import Attachment
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.text.sanitize import clean_line

if TYPE_CHECKING:
    from zaguan_tui.screens.chat.listener import ConversationListener


class AskingRoom(ReadingRoom):
    """A reading room with drafts. ``_listener`` is there once the conversations are open."""

    _drafts: DraftKeeper
    _listener: ConversationListener | None = None
    _opening = 0

    @contextmanager
    def _telling(self, fault: str) -> Iterator[None]:
        """Say in a sentence what went wrong; ``fault`` for what nobody expected, which is reported too."""
        try:
            yield
        except Exception as error:
            sentence = error_message(error)
            self._warn(sentence or fault)
            if sentence is None:
                raise

    def _submit(self, text: str) -> bool:
        """Take what was written, or refuse it and say why."""
        if self.chat_session.model is None:
            self._warn(NO_MODEL)
        elif self._may_ask():
            self._send(self._question(text))
            return True
        return False

    def _question(self, text: str) -> PromptRequest:
        """What goes out when this was written."""
        return PromptRequest(text)

    def _send(self, question: PromptRequest, lanes: Sequence[ModelTarget] = ()) -> None:
        """Put a question to the model of the desk, or down these lanes. Ask :meth:`_may_ask` first."""
        send_request = self.chat_session.ask(question, lanes)
        self._drafts.hold(send_request)
        self._deliver(send_request)

    def _may_ask(self) -> bool:
        if self._listener is None or self._opening:
            self._warn(OPENING)
        elif self.chat_session.answering:
            self._warn(ANSWER_IN_PROGRESS)
        else:
            return True
        return False

    @work(group="turn", exit_on_error=False)
    async def _deliver(self, send_request: SendRequest) -> None:
        with self._telling("Something went wrong here; the prompt is kept."):
            try:
                if await self._allowed(send_request):
                    await self.chat_session.deliver(send_request)
                else:
                    self.chat_session.withdraw(send_request)
                    await self._give_back(send_request)
            except Exception:
                await self._give_back(send_request)
                raise
            finally:
                self.refresh_bindings()

    async def _allowed(self, send_request: SendRequest) -> bool:
        """Whether an errand may go out; a person may have to be asked."""
        return True

    async def _give_back(self, send_request: SendRequest) -> None:
        """What could not be sent stands where it was written."""
        await self._drafts.give_back(send_request)

    def _put_beside(self, attachments: Sequence[Attachment]) -> None:
        """Put files beside the prompt, as if they had been chosen."""

    def action_retry(self) -> None:
        """Ask the last question again."""
        if not self._may_ask():
            return
        if (send_request := self.chat_session.ask_again()) is None:
            self._warn(NO_PROMPT)
        else:
            self._deliver(send_request)

    @contextmanager
    def _turning_the_page(self) -> Iterator[None]:
        """Nothing can be asked while the desk, the draft and the transcript are of two conversations."""
        self._opening += 1
        try:
            yield
        finally:
            self._opening -= 1
        self._prompt.focus()
        self.refresh_bindings()

    def _warn(self, sentence: str) -> None:
        self.notify(clean_line(sentence), severity="warning", markup=False)
