"""The half of the composer that reckons: what a send would take stands on the frame, and a large one asks."""

from __future__ import annotations

from textual import events, on, work
from textual.content import Content
from textual.widgets import TextArea

from zaguan_tui.screens.chat.answers.status_line import fit_figures
from zaguan_tui.screens.chat.send_request import SendRequest
from zaguan_tui.screens.playground.asking import AskingRoom
from zaguan_tui.state.chat.prompt_request import PromptRequest
from zaguan_tui.state.credits.estimate import CostEstimate, OutgoingRequest

COUNT_AFTER_S = 0.4
"""Seconds without a key after which the gateway is asked to count."""

LONG = 50_000
WEIGH_LONG_AFTER_S = 0.2
"""A text of more than so many characters is weighed only when nobody types."""

FRAME_CELLS = 8


class WeighingRoom(AskingRoom):
    """A room that says what its prompt would cost."""

    _estimate: CostEstimate | None = None

    def on_mount(self) -> None:
        """The balance says which bands are open, and how large a send is."""
        self.follow(self.app_state.credits.store, lambda _snapshot: self._estimate_cost())

    @on(TextArea.Changed, "#prompt")
    def _weigh_what_is_written(self) -> None:
        self._estimate_cost()

    @on(events.Resize)
    def _fit_the_line(self) -> None:
        self.call_after_refresh(self._draw_estimate)

    def _estimate_cost(self) -> None:
        """Say what the prompt as it stands would take; nothing while nothing is written."""
        question = self._question(self._prompt.text)
        if self.chat_session.model is not None and (question.text.strip() or question.attachments):
            self._weigh(question)
        else:
            self.workers.cancel_group(self, "estimate")
            self._tell(None)

    @work(group="estimate", exclusive=True, exit_on_error=False)
    async def _weigh(self, question: PromptRequest) -> None:
        clock, estimates = self.app_state.clock, self.app_state.estimates
        if len(question.text) > LONG:
            await clock.sleep(WEIGH_LONG_AFTER_S)
        outgoing = self._outgoing(question)
        self._tell(await estimates.weigh(outgoing))
        await clock.sleep(COUNT_AFTER_S)
        await estimates.learn()
        self._tell(await estimates.count(outgoing) or await estimates.weigh(outgoing))

    def _outgoing(self, question: PromptRequest) -> OutgoingRequest:
        conversation = self.chat_session.conversation
        turns = conversation.turns if conversation is not None else ()
        return OutgoingRequest(self.chat_session.lane, question, turns, self.chat_session.system_prompt)

    def _tell(self, estimate: CostEstimate | None) -> None:
        self._estimate = estimate
        self._draw_estimate()

    def _draw_estimate(self) -> None:
        box = self.query_one("#prompt-box")
        if self._estimate is None:
            box.border_title = None
            return
        from zaguan_tui.screens.chat.composer.estimate_line import format_estimate

        box.border_title = fit_figures(format_estimate(self._estimate), box.size.width - FRAME_CELLS)

    async def _allowed(self, send_request: SendRequest) -> bool:
        """Ask before a send that would cost more than the set share of the balance."""
        app_state = self.app_state.estimates
        estimates = [await app_state.weigh(outgoing) for outgoing in self._goes_out(send_request)]
        total = sum(estimate.credits_high or 0.0 for estimate in estimates)
        if not app_state.trips(total):
            return True
        from zaguan_tui.screens.chat.composer.estimate_line import explain_tripwire
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        body: Content = explain_tripwire(estimates, total, app_state.remaining or 0.0, app_state.tripwire)
        sheet = ConfirmScreen("A large send", body, "Yes, send it")
        return await self.app.push_screen_wait(sheet)

    def _goes_out(self, send_request: SendRequest) -> list[OutgoingRequest]:
        """What an errand sends, down each of its lanes."""
        conversation = self.app_state.conversations.get(send_request.conversation_id)
        turns, question = conversation.turns, send_request.question
        if question is None and turns:
            turn = next((turn for turn in turns if turn.id == send_request.turn_id), turns[-1])
            prompt = turn.prompt
            turns = conversation.until(turn.id)
            question = PromptRequest(prompt.text, prompt.attachments, prompt.tool_results)
        asked = question or PromptRequest()
        return [
            OutgoingRequest(lane, asked, turns, conversation.system_prompt) for lane in send_request.lanes
        ]
