"""Estimates the cost of the prompt while it is written, and asks before a send that costs much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from textual.content import Content

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.composer.estimate_line import COUNT_AFTER_S, ESTIMATE_LONG_AFTER_S, LONG_TEXT
from zaguan_tui.screens.chat.send_request import SendRequest
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.prompt_request import PromptRequest
from zaguan_tui.state.credits.estimate import CostEstimate, OutgoingRequest


@dataclass(eq=False)
class CostEstimateController:
    """Keeps the estimate of what is written. ``show`` gets each new one; ``None`` while nothing is."""

    app_state: AppState
    session: ChatSession
    services: ChatServices
    read_prompt: Callable[[], PromptRequest]
    show: Callable[[CostEstimate | None], None]
    estimate: CostEstimate | None = field(default=None, init=False)

    def update(self) -> None:
        """Estimate the prompt as it stands."""
        question = self.read_prompt()
        if self.session.model is not None and (question.text.strip() or question.attachments):
            self.services.run("estimate", self._estimate, question, exclusive=True)
        else:
            self.services.cancel("estimate")
            self._set(None)

    async def _estimate(self, question: PromptRequest) -> None:
        """Estimate at once, and have the gateway count when nobody types any more."""
        clock, estimates = self.app_state.clock, self.app_state.estimates
        if len(question.text) > LONG_TEXT:
            await clock.sleep(ESTIMATE_LONG_AFTER_S)
        conversation = self.session.conversation
        turns = conversation.turns if conversation is not None else ()
        outgoing = OutgoingRequest(self.session.target, question, turns, self.session.system_prompt)
        self._set(await estimates.weigh(outgoing))
        await clock.sleep(COUNT_AFTER_S)
        await estimates.learn()
        self._set(await estimates.count(outgoing) or await estimates.weigh(outgoing))

    def _set(self, estimate: CostEstimate | None) -> None:
        self.estimate = estimate
        self.show(estimate)

    async def confirm(self, request: SendRequest) -> bool:
        """Ask before a send that would cost more than the set share of the balance; whether it may go out."""
        estimator = self.app_state.estimates
        estimates = [await estimator.weigh(outgoing) for outgoing in self._list_outgoing(request)]
        total = sum(estimate.credits_high or 0.0 for estimate in estimates)
        if not estimator.trips(total):
            return True
        from zaguan_tui.screens.chat.composer.estimate_line import explain_tripwire
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        body: Content = explain_tripwire(estimates, total, estimator.remaining or 0.0, estimator.tripwire)
        return await self.services.show_sheet(ConfirmScreen("A large send", body, "Yes, send it"))

    def _list_outgoing(self, request: SendRequest) -> list[OutgoingRequest]:
        """The requests that a send makes, one for each of its targets."""
        conversation = self.app_state.conversations.get(request.conversation_id)
        turns, question = conversation.turns, request.question
        if question is None and turns:
            turn = next((turn for turn in turns if turn.id == request.turn_id), turns[-1])
            prompt = turn.prompt
            turns = conversation.until(turn.id)
            question = PromptRequest(prompt.text, prompt.attachments, prompt.tool_results)
        return [
            OutgoingRequest(target, question or PromptRequest(), turns, conversation.system_prompt)
            for target in request.targets
        ]
