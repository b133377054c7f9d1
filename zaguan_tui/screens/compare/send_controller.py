"""Sending one prompt to all compared models: submit, ask again, stop, and give an unsent prompt back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.error_messages import NO_PROMPT, OPENING
from zaguan_tui.screens.chat.send_request import SendRequest
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.compare.compare_view import CompareView
from zaguan_tui.screens.compare.cost_estimate_controller import CostEstimateController
from zaguan_tui.screens.compare.error_notices import (
    ANSWERS_IN_PROGRESS,
    NO_FOCUSED_ANSWER,
    TOO_FEW_MODELS,
    warn_on_error,
)
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.state.chat.prompt_request import PromptRequest
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.rounds import ComparisonRound

NOT_STREAMING: Final = "Nothing is coming there."


@dataclass(slots=True, eq=False)
class CompareSendController:
    """Sends rounds. ``is_open`` says whether conversations can be read and kept."""

    services: ScreenServices
    comparison: Comparison
    selection: ComparisonSelection
    view: CompareView
    cost: CostEstimateController
    drafts: DraftKeeper
    is_open: Callable[[], bool]

    def submit(self, text: str) -> bool:
        """Send what was written to all models; false, with the reason shown, when it cannot be sent."""
        reason = self.explain_busy() or ("" if self.comparison.ready else TOO_FEW_MODELS)
        if reason:
            self.services.warn(reason)
            return False
        round_ = self.comparison.ask(PromptRequest(text))
        self.drafts.hold(_make_send_request(round_))
        self._start(round_)
        self.view.focus_lane(self.view.find_lane(1, from_focus=False))
        return True

    def ask_again(self) -> None:
        """Send the last prompt again, for as many more runs."""
        if reason := self.explain_busy():
            self.services.warn(reason)
        elif (round_ := self.comparison.ask_again()) is None:
            self.services.warn(NO_PROMPT)
        else:
            self._start(round_)

    def stop(self) -> None:
        """Stop all answers, and the runs to come."""
        self.comparison.stop()

    def stop_target(self) -> None:
        """Stop the focused answer; the others go on."""
        lane, reason = self.view.focused_lane, self.explain_no_stop()
        if lane is not None and not self.comparison.stop_lane(lane.key):
            reason = NOT_STREAMING
        if reason:
            self.services.inform(reason)

    def explain_no_stop(self) -> str:
        """Why the focused answer cannot be stopped; empty when it can, as far as is known."""
        if self.view.focused_lane is None:
            return NO_FOCUSED_ANSWER
        return NOT_STREAMING if self.comparison.progress is None else ""

    def explain_busy(self) -> str:
        """Why no prompt can be sent now; empty when one can."""
        if not self.is_open():
            return OPENING
        return "" if self.comparison.progress is None else ANSWERS_IN_PROGRESS

    def explain_no_repeat(self) -> str:
        """Why the last prompt cannot be sent again now; empty when it can."""
        return self.explain_busy() or ("" if self.comparison.turns else NO_PROMPT)

    def _start(self, round_: ComparisonRound) -> None:
        self.selection.select_newest()
        self.services.run("round", self._deliver, round_)

    async def _deliver(self, round_: ComparisonRound) -> None:
        self.view.refresh_keys()
        with warn_on_error(self.services, "Something went wrong here; the prompt is kept."):
            try:
                if not await self.cost.confirm_round(round_):
                    await self._withdraw(round_)
                    if round_.question is not None:
                        self.view.prompt.focus()
                    return
                await self.comparison.deliver(round_)
            except Exception:
                await self._withdraw(round_)
                raise
            finally:
                self.view.draw()
        if round_.conversation_id == self.comparison.id:
            self._return_unanswered(round_)

    async def _withdraw(self, round_: ComparisonRound) -> None:
        self.comparison.withdraw(round_)
        await self.drafts.give_back(_make_send_request(round_))

    def _return_unanswered(self, round_: ComparisonRound) -> None:
        """Put a prompt back that no model answered with any text."""
        turns = self.comparison.turns
        if round_.question is None or not turns or not turns[-1].answers:
            return
        if all(answer.empty and answer.problem is not None for answer in turns[-1].answers):
            self.view.prompt.put_back(round_.question.text)


def _make_send_request(round_: ComparisonRound) -> SendRequest:
    """The round as the drafts know it."""
    return SendRequest(
        round_.conversation_id, round_.lanes, round_.question, round_.draft_place, round_.turn_id
    )
