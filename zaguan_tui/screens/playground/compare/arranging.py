"""The half of the comparing room that arranges: lanes, runs, dialects, hidden names, the system prompt."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual import work
from textual.content import Content

from zaguan_tui.screens.frame import Frame
from zaguan_tui.screens.playground.choice import can_chat
from zaguan_tui.screens.playground.compare.asking import ANSWERING, TOO_FEW, AskingRoom
from zaguan_tui.screens.playground.compare.choice import first_models
from zaguan_tui.screens.playground.models import no_models_line
from zaguan_tui.state.carried import Carried
from zaguan_tui.state.comparing.setup import in_other_dialect, lane_key, within_runs
from zaguan_tui.state.message import Dialect
from zaguan_tui.state.model_entry import ModelCatalogue, ModelEntry
from zaguan_tui.state.question import Lane
from zaguan_tui.state.store import Snapshot

if TYPE_CHECKING:
    from zaguan_tui.screens.playground.parameters.sheet import Tuning

SYSTEM_HELP: Final = "What every model reads before the prompt. Empty means none."
RUN_STEPS: Final = (1, 3, 5, 10, 20)
CHANGE_FAULT: Final = "The comparison could not be changed."


class ArrangingRoom(AskingRoom):
    """A room whose comparison can be laid out in another way. ``_untouched`` until a person did."""

    _untouched = True
    _carried = ""

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_pick_lanes(self) -> None:
        """Choose the models."""
        from zaguan_tui.screens.playground.compare.lane_picker import LanePicker

        if self.comparison.progress is not None:
            self._warn(ANSWERING)
            return
        lanes = self.comparison.setup.lanes
        dialect = lanes[0].dialect if lanes else Dialect.CHAT
        sheet = LanePicker(self.house, lanes, dialect, lambda: self._why_no_models().plain)
        if (chosen := await self.app.push_screen_wait(sheet)) is not None:
            await self._lay_out(lanes=chosen)

    @work(group="change", exit_on_error=False)
    async def action_change_runs(self, step: int) -> None:
        """Ask every model once more, or once less."""
        await self._lay_out(runs=within_runs(self.comparison.setup.runs + step))

    @work(group="change", exit_on_error=False)
    async def action_next_runs(self) -> None:
        """Ask every model as often as the next of a few usual numbers says."""
        runs = self.comparison.setup.runs
        await self._lay_out(runs=next((step for step in RUN_STEPS if step > runs), RUN_STEPS[0]))

    @work(group="change", exit_on_error=False)
    async def action_toggle_blind(self) -> None:
        """Hide the names until the vote, in an order shuffled for every prompt; or show them."""
        blind = not self.comparison.setup.blind
        await self._lay_out(blind=blind, seed=secrets.randbelow(1 << 31))

    @work(group="change", exit_on_error=False)
    async def action_toggle_dialect(self) -> None:
        """Ask the focused model in the other dialect."""
        lane = self._lane
        if self.comparison.progress is not None:
            self._warn(ANSWERING)
        elif lane is None:
            self._tell("Go to an answer first: h and l step from one to the next.")
        elif self.comparison.hidden(self._turn):
            self._tell("Not while names are hidden: B shows them.")
        elif (turned := in_other_dialect(self.comparison.setup.lanes, lane.key)) is None:
            self._tell("That model is asked in the other dialect already.")
        else:
            await self._lay_out(lanes=turned)

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_parameters(self) -> None:
        """Set how all models are asked; what the focused (or first) one cannot do is told."""
        from zaguan_tui.screens.playground.parameters.sheet import ParametersSheet, Tuning

        lanes, focused = self.comparison.setup.lanes, self._lane
        if self.comparison.progress is not None or not lanes:
            self._warn(ANSWERING if lanes else TOO_FEW)
            return
        lane = next((one for one in lanes if focused and lane_key(one) == focused.key), lanes[0])
        hidden = self.comparison.hidden(self._turn)
        before = Tuning(None if hidden else lane.model, lane.dialect, self.comparison.params)
        sheet = ParametersSheet(before, self._entry_of, self._chatting, self.house.library)
        if (after := await self.app.push_screen_wait(sheet)) is None or after == before:
            return
        with self._telling(CHANGE_FAULT):
            await self.comparison.set_params(after.params)
        await self._lay_out(lanes=self._tune(before, after))

    def _chatting(self) -> list[ModelEntry]:
        return [entry for entry in self.house.models.catalogue.entries if can_chat(entry)]

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_edit_system(self) -> None:
        """Edit the system prompt of this comparison."""
        from zaguan_tui.screens.modals.edit_text import EditText

        sheet = EditText("System prompt", self.comparison.system_prompt, SYSTEM_HELP)
        if (text := await self.app.push_screen_wait(sheet)) is not None:
            with self._telling(CHANGE_FAULT):
                await self.comparison.set_system_prompt(text)
            self._draw()

    async def _lay_out(self, **changes: Any) -> None:
        self._untouched = False
        with self._telling(CHANGE_FAULT):
            await self.comparison.lay_out(replace(self.comparison.setup, **changes))
        await self._look()

    @work(group="change", exit_on_error=False)
    async def _take_over(self, carried: Carried | None) -> None:
        """Begin as the chat would ask, as long as nobody has laid this comparison out."""
        comparison = self.comparison
        if carried is not None and carried.text not in ("", self._carried) and not self._prompt.text.strip():
            self._carried = carried.text
            self._prompt.write(carried.text)
        if not self._untouched or comparison.turns:
            return
        if carried is not None:
            await comparison.set_params(carried.params)
            await comparison.set_system_prompt(carried.system_prompt)
        lanes = comparison.setup.lanes
        lane = carried.lane if carried is not None else (lanes[0] if lanes else Lane(""))
        entries = self.house.models.catalogue.entries
        models = first_models(entries, lane.model or None)
        await comparison.lay_out(
            replace(comparison.setup, lanes=tuple(Lane(model, lane.dialect) for model in models))
        )
        await self._look()

    def _models_came(self, snapshot: Snapshot[ModelCatalogue]) -> None:
        """There are models to begin with, or prices to rank by; virtual ones are read after them."""
        if snapshot.value is not None and self.house.virtual_models.due:
            self._read_virtual_models()
        if not self.comparison.ready and self._untouched:
            self._take_over(None)
        else:
            self._draw()

    @work(group="virtual", exit_on_error=False)
    async def _read_virtual_models(self) -> None:
        await self.house.virtual_models.refresh()

    def _why_no_models(self) -> Content:
        frame = self.session.frame.snapshot.value or Frame()
        return no_models_line(self.house.models.store.snapshot, connecting=frame.configured)

    def _tune(self, before: Tuning, after: Tuning) -> tuple[Lane, ...]:
        """The lanes as the form of the parameters leaves them: another dialect is for all."""
        lanes = self.comparison.setup.lanes
        if after.dialect is not before.dialect:
            lanes = tuple(replace(lane, dialect=after.dialect) for lane in lanes)
        if before.model is None or after.model is None:
            return lanes
        return tuple(
            replace(lane, model=after.model) if lane.model == before.model else lane for lane in lanes
        )
