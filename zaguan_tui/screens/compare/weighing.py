"""The half of the comparing room that reckons: what a round would take is on the frame; a large one asks."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on, work
from textual.widgets import TextArea

from zaguan_tui.screens.chat.answers.status_line import fit_figures
from zaguan_tui.screens.chat.composer.estimate_line import (
    COUNT_AFTER_S,
    ESTIMATE_LONG_AFTER_S,
    FRAME_CELLS,
    LONG_TEXT,
)
from zaguan_tui.screens.compare.reading import ReadingRoom
from zaguan_tui.state.chat.prompt_request import PromptRequest
from zaguan_tui.state.comparison.plan import plan_requests, plan_round, select_targets
from zaguan_tui.state.comparison.rounds import ComparisonRound
from zaguan_tui.state.credits.estimate import CostEstimate, OutgoingRequest


class WeighingRoom(ReadingRoom):
    """A room that says what all its lanes in all their runs would cost."""

    _estimates: Sequence[CostEstimate] = ()

    @on(TextArea.Changed, "#prompt")
    def _weigh_what_is_written(self) -> None:
        self._estimate_cost()

    @on(events.Resize)
    def _fit_the_line(self) -> None:
        self.call_after_refresh(self._draw_estimates)

    def _draw(self) -> None:
        """Other lanes, runs or prices cost otherwise."""
        super()._draw()
        self._estimate_cost()

    def _estimate_cost(self) -> None:
        """Say what the prompt as it stands would take; nothing while nothing is written."""
        text = self._prompt.text
        if self.comparison.ready and text.strip():
            self._weigh(PromptRequest(text))
        else:
            self.workers.cancel_group(self, "estimate")
            self._say(())

    @work(group="estimate", exclusive=True, exit_on_error=False)
    async def _weigh(self, question: PromptRequest) -> None:
        clock = self.app_state.clock
        if len(question.text) > LONG_TEXT:
            await clock.sleep(ESTIMATE_LONG_AFTER_S)
        comparison = self.comparison
        lanes = select_targets(comparison.setup.lanes, comparison.params, self._entry_of)
        planned = plan_requests(lanes, question, comparison.turns, comparison.system_prompt)
        self._say(await self._weighed(planned))
        await clock.sleep(COUNT_AFTER_S)
        await self.app_state.estimates.learn()
        self._say(await self._weighed(planned))

    async def _weighed(self, planned: Sequence[OutgoingRequest]) -> list[CostEstimate]:
        return [await self.app_state.estimates.weigh(one) for one in planned]

    def _say(self, estimates: Sequence[CostEstimate]) -> None:
        self._estimates = estimates
        self._draw_estimates()

    def _draw_estimates(self) -> None:
        box = self.query_one("#prompt-box")
        if not self._estimates:
            box.border_title = None
            return
        from zaguan_tui.screens.compare.estimate_line import format_round_estimate

        figures = format_round_estimate(self._estimates, self.comparison.setup.runs)
        box.border_title = fit_figures(figures, box.size.width - FRAME_CELLS)

    async def _allowed(self, round_: ComparisonRound) -> bool:
        """Ask before a round that would cost more than the set share of the balance."""
        from zaguan_tui.screens.compare.estimate_line import explain_round_tripwire, sum_estimates

        app_state, runs = self.app_state.estimates, round_.last - round_.first + 1
        conversation = self.app_state.conversations.get(round_.conversation_id)
        estimates = await self._weighed(plan_round(round_, conversation))
        if not app_state.trips(sum_estimates(estimates, runs).credits_high):
            return True
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        body = explain_round_tripwire(
            round_.lanes, estimates, runs, app_state.remaining or 0.0, app_state.tripwire
        )
        return await self.app.push_screen_wait(ConfirmScreen("A large round", body, "Yes, ask them all"))
