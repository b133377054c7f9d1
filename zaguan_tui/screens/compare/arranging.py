"""The half of the comparing room that arranges: lanes, runs, dialects, hidden names, the system prompt."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual import work
from textual.content import Content

from zaguan_tui.screens.chat.models.default_model import can_chat
from zaguan_tui.screens.chat.models.lines import explain_no_models
from zaguan_tui.screens.common.connection_info import ConnectionInfo
from zaguan_tui.screens.compare.asking import ANSWERING, TOO_FEW, AskingRoom
from zaguan_tui.screens.compare.default_models import choose_default_models
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.prompt_request import DraftHandoff, ModelTarget, target_key
from zaguan_tui.state.comparison.setup import add_other_dialect, clamp_runs
from zaguan_tui.state.core.store import Snapshot
from zaguan_tui.state.models.entry import ModelCatalogue, ModelEntry

if TYPE_CHECKING:
    from zaguan_tui.screens.chat.parameters.sheet import ParameterChoice

SYSTEM_HELP: Final = "What every model reads before the prompt. Empty means none."
RUN_STEPS: Final = (1, 3, 5, 10, 20)
CHANGE_FAULT: Final = "The comparison could not be changed."


class ArrangingRoom(AskingRoom):
    """A room whose comparison can be laid out in another way. ``_untouched`` until a person did."""

    _untouched = True
    _handed_over_text = ""

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_pick_lanes(self) -> None:
        """Choose the models."""
        from zaguan_tui.screens.compare.lane_picker import LanePicker

        if self.comparison.progress is not None:
            self._warn(ANSWERING)
            return
        lanes = self.comparison.setup.lanes
        dialect = lanes[0].dialect if lanes else Dialect.CHAT
        sheet = LanePicker(self.app_state, lanes, dialect, lambda: self._why_no_models().plain)
        if (chosen := await self.app.push_screen_wait(sheet)) is not None:
            await self._lay_out(lanes=chosen)

    @work(group="change", exit_on_error=False)
    async def action_change_runs(self, step: int) -> None:
        """Ask every model once more, or once less."""
        await self._lay_out(runs=clamp_runs(self.comparison.setup.runs + step))

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
        elif (turned := add_other_dialect(self.comparison.setup.lanes, lane.key)) is None:
            self._tell("That model is asked in the other dialect already.")
        else:
            await self._lay_out(lanes=turned)

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_parameters(self) -> None:
        """Set how all models are asked; what the focused (or first) one cannot do is told."""
        from zaguan_tui.screens.chat.parameters.sheet import ParameterChoice, ParametersSheet

        lanes, focused = self.comparison.setup.lanes, self._lane
        if self.comparison.progress is not None or not lanes:
            self._warn(ANSWERING if lanes else TOO_FEW)
            return
        lane = next((one for one in lanes if focused and target_key(one) == focused.key), lanes[0])
        hidden = self.comparison.hidden(self._turn)
        before = ParameterChoice(None if hidden else lane.model, lane.dialect, self.comparison.params)
        sheet = ParametersSheet(before, self._entry_of, self._chatting, self.app_state.library)
        if (after := await self.app.push_screen_wait(sheet)) is None or after == before:
            return
        with self._telling(CHANGE_FAULT):
            await self.comparison.set_params(after.params)
        await self._lay_out(lanes=self._tune(before, after))

    def _chatting(self) -> list[ModelEntry]:
        return [entry for entry in self.app_state.models.catalogue.entries if can_chat(entry)]

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_edit_system(self) -> None:
        """Edit the system prompt of this comparison."""
        from zaguan_tui.screens.modals.edit_text import EditTextScreen

        sheet = EditTextScreen("System prompt", self.comparison.system_prompt, SYSTEM_HELP)
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
    async def _take_over(self, draft_handoff: DraftHandoff | None) -> None:
        """Begin as the chat would ask, as long as nobody has laid this comparison out."""
        comparison = self.comparison
        if (
            draft_handoff is not None
            and draft_handoff.text not in ("", self._handed_over_text)
            and not self._prompt.text.strip()
        ):
            self._handed_over_text = draft_handoff.text
            self._prompt.write(draft_handoff.text)
        if not self._untouched or comparison.turns:
            return
        if draft_handoff is not None:
            await comparison.set_params(draft_handoff.params)
            await comparison.set_system_prompt(draft_handoff.system_prompt)
        lanes = comparison.setup.lanes
        lane = draft_handoff.lane if draft_handoff is not None else (lanes[0] if lanes else ModelTarget(""))
        entries = self.app_state.models.catalogue.entries
        models = choose_default_models(entries, lane.model or None)
        await comparison.lay_out(
            replace(comparison.setup, lanes=tuple(ModelTarget(model, lane.dialect) for model in models))
        )
        await self._look()

    def _models_came(self, snapshot: Snapshot[ModelCatalogue]) -> None:
        """There are models to begin with, or prices to rank by; virtual ones are read after them."""
        if snapshot.value is not None and self.app_state.virtual_models.due:
            self._read_virtual_models()
        if not self.comparison.ready and self._untouched:
            self._take_over(None)
        else:
            self._draw()

    @work(group="virtual", exit_on_error=False)
    async def _read_virtual_models(self) -> None:
        await self.app_state.virtual_models.refresh()

    def _why_no_models(self) -> Content:
        frame = self.session.frame.snapshot.value or ConnectionInfo()
        return explain_no_models(self.app_state.models.store.snapshot, connecting=frame.configured)

    def _tune(self, before: ParameterChoice, after: ParameterChoice) -> tuple[ModelTarget, ...]:
        """The lanes as the form of the parameters leaves them: another dialect is for all."""
        lanes = self.comparison.setup.lanes
        if after.dialect is not before.dialect:
            lanes = tuple(replace(lane, dialect=after.dialect) for lane in lanes)
        if before.model is None or after.model is None:
            return lanes
        return tuple(
            replace(lane, model=after.model) if lane.model == before.model else lane for lane in lanes
        )
