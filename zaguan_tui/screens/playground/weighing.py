"""The half of the composer that reckons: what a send would take stands on the frame, and a large one asks."""

from __future__ import annotations

from textual import events, on, work
from textual.content import Content
from textual.widgets import TextArea

from zaguan_tui.screens.playground.asking import AskingRoom
from zaguan_tui.screens.playground.errand import Errand
from zaguan_tui.screens.playground.foot import fitted
from zaguan_tui.state.estimate import Estimate, Outgoing
from zaguan_tui.state.question import Question

COUNT_AFTER_S = 0.4
"""Seconds without a key after which the gateway is asked to count."""

LONG = 50_000
WEIGH_LONG_AFTER_S = 0.2
"""A text of more than so many characters is weighed only when nobody types."""

FRAME_CELLS = 8


class WeighingRoom(AskingRoom):
    """A room that says what its prompt would cost."""

    _estimate: Estimate | None = None

    def on_mount(self) -> None:
        """The balance says which bands are open, and how large a send is."""
        self.follow(self.house.credits.store, lambda _snapshot: self._reckon())

    @on(TextArea.Changed, "#prompt")
    def _weigh_what_is_written(self) -> None:
        self._reckon()

    @on(events.Resize)
    def _fit_the_line(self) -> None:
        self.call_after_refresh(self._draw_estimate)

    def _reckon(self) -> None:
        """Say what the prompt as it stands would take; nothing while nothing is written."""
        question = self._question(self._prompt.text)
        if self.desk.model is not None and (question.text.strip() or question.attachments):
            self._weigh(question)
        else:
            self.workers.cancel_group(self, "estimate")
            self._tell(None)

    @work(group="estimate", exclusive=True, exit_on_error=False)
    async def _weigh(self, question: Question) -> None:
        clock, estimates = self.house.clock, self.house.estimates
        if len(question.text) > LONG:
            await clock.sleep(WEIGH_LONG_AFTER_S)
        outgoing = self._outgoing(question)
        self._tell(await estimates.weigh(outgoing))
        await clock.sleep(COUNT_AFTER_S)
        await estimates.learn()
        self._tell(await estimates.count(outgoing) or await estimates.weigh(outgoing))

    def _outgoing(self, question: Question) -> Outgoing:
        conversation = self.desk.conversation
        turns = conversation.turns if conversation is not None else ()
        return Outgoing(self.desk.lane, question, turns, self.desk.system_prompt)

    def _tell(self, estimate: Estimate | None) -> None:
        self._estimate = estimate
        self._draw_estimate()

    def _draw_estimate(self) -> None:
        box = self.query_one("#prompt-box")
        if self._estimate is None:
            box.border_title = None
            return
        from zaguan_tui.screens.playground.composer.presend import presend_figures

        box.border_title = fitted(presend_figures(self._estimate), box.size.width - FRAME_CELLS)

    async def _allowed(self, errand: Errand) -> bool:
        """Ask before a send that would cost more than the set share of the balance."""
        house = self.house.estimates
        estimates = [await house.weigh(outgoing) for outgoing in self._goes_out(errand)]
        total = sum(estimate.credits_high or 0.0 for estimate in estimates)
        if not house.trips(total):
            return True
        from zaguan_tui.screens.modals.confirm import Confirm
        from zaguan_tui.screens.playground.composer.presend import tripped

        body: Content = tripped(estimates, total, house.remaining or 0.0, house.tripwire)
        sheet = Confirm("A large send", body, "Yes, send it")
        return await self.app.push_screen_wait(sheet)

    def _goes_out(self, errand: Errand) -> list[Outgoing]:
        """What an errand sends, down each of its lanes."""
        conversation = self.house.conversations.get(errand.conversation_id)
        turns, question = conversation.turns, errand.question
        if question is None and turns:
            turn = next((turn for turn in turns if turn.id == errand.turn_id), turns[-1])
            prompt = turn.prompt
            turns = conversation.until(turn.id)
            question = Question(prompt.text, prompt.attachments, prompt.tool_results)
        asked = question or Question()
        return [Outgoing(lane, asked, turns, conversation.system_prompt) for lane in errand.lanes]
