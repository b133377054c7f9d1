"""The half of the comparing room that reckons: what a round would take is on the frame; a large one asks."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on, work
from textual.widgets import TextArea

from zaguan_tui.screens.playground.compare.reading import ReadingRoom
from zaguan_tui.screens.playground.foot import fitted
from zaguan_tui.screens.playground.weighing import COUNT_AFTER_S, FRAME_CELLS, LONG, WEIGH_LONG_AFTER_S
from zaguan_tui.state.comparing.plan import goes_out, lanes_to_ask, outgoing
from zaguan_tui.state.comparing.rounds import Round
from zaguan_tui.state.estimate import Estimate, Outgoing
from zaguan_tui.state.question import Question


class WeighingRoom(ReadingRoom):
    """A room that says what all its lanes in all their runs would cost."""

    _estimates: Sequence[Estimate] = ()

    @on(TextArea.Changed, "#prompt")
    def _weigh_what_is_written(self) -> None:
        self._reckon()

    @on(events.Resize)
    def _fit_the_line(self) -> None:
        self.call_after_refresh(self._draw_estimates)

    def _draw(self) -> None:
        """Other lanes, runs or prices cost otherwise."""
        super()._draw()
        self._reckon()

    def _reckon(self) -> None:
        """Say what the prompt as it stands would take; nothing while nothing is written."""
        text = self._prompt.text
        if self.comparison.ready and text.strip():
            self._weigh(Question(text))
        else:
            self.workers.cancel_group(self, "estimate")
            self._say(())

    @work(group="estimate", exclusive=True, exit_on_error=False)
    async def _weigh(self, question: Question) -> None:
        clock = self.house.clock
        if len(question.text) > LONG:
            await clock.sleep(WEIGH_LONG_AFTER_S)
        comparison = self.comparison
        lanes = lanes_to_ask(comparison.setup.lanes, comparison.params, self._entry_of)
        planned = outgoing(lanes, question, comparison.turns, comparison.system_prompt)
        self._say(await self._weighed(planned))
        await clock.sleep(COUNT_AFTER_S)
        await self.house.estimates.learn()
        self._say(await self._weighed(planned))

    async def _weighed(self, planned: Sequence[Outgoing]) -> list[Estimate]:
        return [await self.house.estimates.weigh(one) for one in planned]

    def _say(self, estimates: Sequence[Estimate]) -> None:
        self._estimates = estimates
        self._draw_estimates()

    def _draw_estimates(self) -> None:
        box = self.query_one("#prompt-box")
        if not self._estimates:
            box.border_title = None
            return
        from zaguan_tui.screens.playground.compare.presend import round_figures

        figures = round_figures(self._estimates, self.comparison.setup.runs)
        box.border_title = fitted(figures, box.size.width - FRAME_CELLS)

    async def _allowed(self, round_: Round) -> bool:
        """Ask before a round that would cost more than the set share of the balance."""
        from zaguan_tui.screens.playground.compare.presend import round_total, round_tripped

        house, runs = self.house.estimates, round_.last - round_.first + 1
        conversation = self.house.conversations.get(round_.conversation_id)
        estimates = await self._weighed(goes_out(round_, conversation))
        if not house.trips(round_total(estimates, runs).credits_high):
            return True
        from zaguan_tui.screens.modals.confirm import Confirm

        body = round_tripped(round_.lanes, estimates, runs, house.remaining or 0.0, house.tripwire)
        return await self.app.push_screen_wait(Confirm("A large round", body, "Yes, ask them all"))
