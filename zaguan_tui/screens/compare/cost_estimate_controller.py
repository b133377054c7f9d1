"""Cost estimate of a round of all models and runs: on the frame of the prompt, and before a large round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical

from zaguan_tui.screens.chat.answers.status_line import fit_figures
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.compare.lanes.presenter import FindEntry
from zaguan_tui.state.chat.prompt_request import PromptRequest
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.rounds import ComparisonRound, plan_requests, plan_round, select_targets
from zaguan_tui.state.credits.estimate import CostEstimate, OutgoingRequest

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState

LEARN_DELAY_S = 0.4
"""Seconds without a key after which the ledger is read for what a credit is worth."""

LONG_TEXT = 50_000
LONG_TEXT_DELAY_S = 0.2
"""A text of more than so many characters is estimated only after a pause in typing."""

FRAME_CELLS = 8


@dataclass(slots=True, eq=False)
class CostEstimateController:
    """Estimates what the prompt as it stands would cost, and asks before a large round."""

    services: ScreenServices
    app_state: AppState
    comparison: Comparison
    find_entry: FindEntry
    prompt: Prompt
    frame: Vertical
    _estimates: Sequence[CostEstimate] = ()

    def update(self) -> None:
        """Estimate again: text, targets, runs or prices changed."""
        text = self.prompt.text
        if self.comparison.ready and text.strip():
            self.services.run("estimate", self._estimate_prompt, PromptRequest(text), exclusive=True)
        else:
            self.services.cancel("estimate")
            self._show(())

    def draw(self) -> None:
        """Write the estimate on the frame, as much of it as fits."""
        if not self._estimates:
            self.frame.border_title = None
            return
        from zaguan_tui.screens.compare.estimate_line import format_round_estimate

        figures = format_round_estimate(self._estimates, self.comparison.setup.runs)
        self.frame.border_title = fit_figures(figures, self.frame.size.width - FRAME_CELLS)

    async def confirm_round(self, round_: ComparisonRound) -> bool:
        """Whether a round may be sent: one that costs more than the set share of the balance asks first."""
        from zaguan_tui.screens.compare.estimate_line import explain_round_tripwire, sum_estimates

        service, runs = self.app_state.estimates, round_.last - round_.first + 1
        conversation = self.app_state.conversations.get(round_.conversation_id)
        estimates = await self._estimate(plan_round(round_, conversation))
        if not service.trips(sum_estimates(estimates, runs).credits_high):
            return True
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        body = explain_round_tripwire(
            round_.lanes, estimates, runs, service.remaining or 0.0, service.tripwire
        )
        return await self.services.show_sheet(ConfirmScreen("A large round", body, "Yes, ask them all"))

    async def _estimate_prompt(self, request: PromptRequest) -> None:
        clock, comparison = self.app_state.clock, self.comparison
        if len(request.text) > LONG_TEXT:
            await clock.sleep(LONG_TEXT_DELAY_S)
        targets = select_targets(comparison.setup.lanes, comparison.params, self.find_entry)
        requests = plan_requests(targets, request, comparison.turns, comparison.system_prompt)
        self._show(await self._estimate(requests))
        await clock.sleep(LEARN_DELAY_S)
        await self.app_state.estimates.learn()
        self._show(await self._estimate(requests))

    async def _estimate(self, requests: Sequence[OutgoingRequest]) -> list[CostEstimate]:
        return [await self.app_state.estimates.weigh(request) for request in requests]

    def _show(self, estimates: Sequence[CostEstimate]) -> None:
        self._estimates = estimates
        self.draw()
