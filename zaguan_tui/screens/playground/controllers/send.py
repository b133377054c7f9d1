"""Sends prompts: refuses, confirms the cost, delivers, and gives back what was not sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.error_messages import (
    ANSWER_IN_PROGRESS,
    NO_ANSWER_IN_PROGRESS,
    NO_MODEL,
    OPENING,
    warn_of_errors,
)
from zaguan_tui.screens.chat.send_request import SendRequest
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.playground.controllers.attachments import AttachmentController
from zaguan_tui.screens.playground.controllers.cost_estimate import CostEstimateController
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest


@dataclass(eq=False)
class SendController:
    """Sends what was written once, to the conversation and the model of that moment, or gives it back.

    ``ready`` is whether conversations can be read and kept; ``opening`` counts the conversations that are
    being opened: nothing is sent while session, draft and transcript are of two conversations.
    """

    session: ChatSession
    drafts: DraftKeeper
    attachments: AttachmentController
    cost: CostEstimateController
    services: ChatServices
    ready: bool = field(default=False, init=False)
    opening: int = field(default=0, init=False)

    def submit(self, text: str, targets: Sequence[ModelTarget] = ()) -> bool:
        """Send a prompt with the files beside it; false when it is refused, which is notified.

        What the model cannot look at is refused: it would be paid for and answered with an error.
        """
        files = self.attachments.files
        if reason := self.attachments.explain_refusal(files) or self.disabled_reason():
            self.services.warn(reason)
            return False
        self.send(PromptRequest(text, files), targets)
        return True

    def send(self, question: PromptRequest, targets: Sequence[ModelTarget] = ()) -> None:
        """Send to the session's model, or to ``targets``. Look at :meth:`disabled_reason` first."""
        request = self.session.ask(question, targets)
        self.drafts.hold(request)
        self.start(request)
        self.attachments.remove_sent(request.draft_place, question.attachments)

    def send_again(self, turn_id: str | None = None, targets: Sequence[ModelTarget] = ()) -> None:
        """Send the prompt of a turn (``None``: the last one) again."""
        if (request := self.session.ask_again(turn_id, targets)) is not None:
            self.start(request)

    def start(self, request: SendRequest) -> None:
        """Deliver a request beside whatever else runs."""
        self.services.run("turn", self.deliver, request)

    async def deliver(self, request: SendRequest) -> None:
        """Confirm the cost where it is large, send, and wait until the answer is over."""
        with warn_of_errors(self.services.warn, "Something went wrong here; the prompt is kept."):
            try:
                if await self.cost.confirm(request):
                    await self.session.deliver(request)
                else:
                    self.session.withdraw(request)
                    await self._give_back(request)
            except Exception:
                await self._give_back(request)
                raise
            finally:
                self.services.refresh_bindings()

    async def _give_back(self, request: SendRequest) -> None:
        """Put the text and the files of an unsent prompt back to where they were written."""
        await self.drafts.give_back(request)
        if request.question is not None:
            self.attachments.add(request.question.attachments, request.draft_place)

    def stop(self) -> None:
        """Stop the answer; what came is kept."""
        self.session.stop()

    def stop_reason(self) -> str:
        """Why there is nothing to stop."""
        return "" if self.session.answering else NO_ANSWER_IN_PROGRESS

    def opening_reason(self) -> str:
        """Why conversations cannot be used yet."""
        return "" if self.ready else OPENING

    def answer_reason(self) -> str:
        """The answer that has to be over first."""
        return ANSWER_IN_PROGRESS if self.session.answering else ""

    def busy_reason(self) -> str:
        """Why nothing can be sent now, whatever it is and to whichever model."""
        if not self.ready or self.opening:
            return OPENING
        return self.answer_reason()

    def disabled_reason(self) -> str:
        """Why no prompt can be sent now."""
        return NO_MODEL if self.session.model is None else self.busy_reason()
