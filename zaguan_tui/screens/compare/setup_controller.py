"""Setup of a comparison: models, runs, hidden names, dialects, parameters and the system prompt."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from zaguan_tui.screens.chat.models.default_model import can_chat
from zaguan_tui.screens.chat.models.lines import explain_missing_models
from zaguan_tui.screens.common.connection_info import Session
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.compare.compare_view import CompareView
from zaguan_tui.screens.compare.default_models import choose_default_models
from zaguan_tui.screens.compare.error_notices import (
    ANSWERS_IN_PROGRESS,
    NO_FOCUSED_ANSWER,
    TOO_FEW_MODELS,
    warn_on_error,
)
from zaguan_tui.screens.compare.lanes.presenter import FindEntry
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.prompt_request import DraftHandoff, ModelTarget, target_key
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.setup import add_other_dialect, clamp_runs
from zaguan_tui.state.core.store import Snapshot
from zaguan_tui.state.models.entry import ModelCatalogue

if TYPE_CHECKING:
    from zaguan_tui.screens.chat.parameters.sheet import ParameterChoice

SYSTEM_HELP: Final = "What every model reads before the prompt. Empty means none."
RUN_STEPS: Final = (1, 3, 5, 10, 20)
CHANGE_ERROR: Final = "The comparison could not be changed."


@dataclass(slots=True, eq=False)
class ComparisonSetupController:
    """Changes how the next prompt is asked. ``untouched`` until a person set something up."""

    services: ScreenServices
    session: Session
    comparison: Comparison
    selection: ComparisonSelection
    view: CompareView
    find_entry: FindEntry
    untouched: bool = True
    _adopted_text: str = ""

    async def pick_targets(self) -> None:
        """Choose the models."""
        from zaguan_tui.screens.compare.target_picker import TargetPicker

        if reason := self.explain_busy():
            self.services.warn(reason)
            return
        targets = self.comparison.setup.lanes
        dialect = targets[0].dialect if targets else Dialect.CHAT
        sheet = TargetPicker(
            self.session.app_state, targets, dialect, lambda: explain_missing_models(self.session).plain
        )
        if (chosen := await self.services.show_sheet(sheet)) is not None:
            await self._change(lanes=chosen)

    async def change_runs(self, step: int) -> None:
        """Ask every model once more, or once less."""
        await self._change(runs=clamp_runs(self.comparison.setup.runs + step))

    async def set_next_runs(self) -> None:
        """Ask every model the next usual number of times."""
        runs = self.comparison.setup.runs
        await self._change(runs=next((step for step in RUN_STEPS if step > runs), RUN_STEPS[0]))

    async def toggle_blind(self) -> None:
        """Hide the names until the vote, in an order shuffled for every prompt; or show them."""
        await self._change(blind=not self.comparison.setup.blind, seed=secrets.randbelow(1 << 31))

    async def toggle_dialect(self) -> None:
        """Ask the focused model in the other dialect."""
        if reason := self.explain_busy():
            self.services.warn(reason)
        elif reason := self.explain_no_dialect():
            self.services.inform(reason)
        else:
            await self._change(lanes=self._add_other_dialect())

    async def edit_parameters(self) -> None:
        """Set how all models are asked; the sheet names what the focused (or first) one does not support."""
        from zaguan_tui.screens.chat.parameters.sheet import ParameterChoice, ParametersSheet

        if reason := self.explain_no_parameters():
            self.services.warn(reason)
            return
        targets, lane = self.comparison.setup.lanes, self.view.focused_lane
        target = next((one for one in targets if lane and target_key(one) == lane.key), targets[0])
        model = None if self.selection.names_hidden else target.model
        before = ParameterChoice(model, target.dialect, self.comparison.params)
        models = self.session.app_state.models
        sheet = ParametersSheet(
            before,
            self.find_entry,
            lambda: list(filter(can_chat, models.catalogue.entries)),
            self.session.app_state.library,
        )
        if (after := await self.services.show_sheet(sheet)) is None or after == before:
            return
        with warn_on_error(self.services, CHANGE_ERROR):
            await self.comparison.set_params(after.params)
        await self._change(lanes=self._apply_choice(before, after))

    async def edit_system_prompt(self) -> None:
        """Edit the system prompt of this comparison."""
        from zaguan_tui.screens.modals.edit_text import EditTextScreen

        sheet = EditTextScreen("System prompt", self.comparison.system_prompt, SYSTEM_HELP)
        if (text := await self.services.show_sheet(sheet)) is not None:
            with warn_on_error(self.services, CHANGE_ERROR):
                await self.comparison.set_system_prompt(text)
            self.view.draw()

    def adopt(self, handoff: DraftHandoff | None) -> None:
        """Start as the chat would ask, as long as this comparison is untouched."""
        self.services.run("change", self._adopt, handoff)

    def on_models(self, snapshot: Snapshot[ModelCatalogue]) -> None:
        """Start with default models, or rank by new prices; virtual models are read after the others."""
        if snapshot.value is not None and self.session.app_state.virtual_models.due:
            self.services.run("virtual", self.session.app_state.virtual_models.refresh)
        if not self.comparison.ready and self.untouched:
            self.adopt(None)
        else:
            self.view.draw()

    def explain_busy(self) -> str:
        """Why the models cannot be changed now; empty when they can."""
        return "" if self.comparison.progress is None else ANSWERS_IN_PROGRESS

    def explain_no_dialect(self) -> str:
        """Why the dialect of the focused model cannot be changed now; empty when it can."""
        if reason := self.explain_busy():
            return reason
        if self.view.focused_lane is None:
            return NO_FOCUSED_ANSWER
        if self.selection.names_hidden:
            return "Not while names are hidden: B shows them."
        return "" if self._add_other_dialect() else "That model is asked in the other dialect already."

    def explain_no_parameters(self) -> str:
        """Why the parameters cannot be changed now; empty when they can."""
        return TOO_FEW_MODELS if not self.comparison.setup.lanes else self.explain_busy()

    def _add_other_dialect(self) -> tuple[ModelTarget, ...] | None:
        lane = self.view.focused_lane
        return None if lane is None else add_other_dialect(self.comparison.setup.lanes, lane.key)

    async def _change(self, **changes: Any) -> None:
        self.untouched = False
        with warn_on_error(self.services, CHANGE_ERROR):
            await self.comparison.lay_out(replace(self.comparison.setup, **changes))
        await self.view.show()

    async def _adopt(self, handoff: DraftHandoff | None) -> None:
        comparison, prompt = self.comparison, self.view.prompt
        text = handoff.text if handoff is not None else ""
        if text not in ("", self._adopted_text) and not prompt.text.strip():
            self._adopted_text = text
            prompt.write(text)
        if not self.untouched or comparison.turns:
            return
        first = comparison.setup.lanes[0] if comparison.setup.lanes else ModelTarget("")
        if handoff is not None:
            first = handoff.lane
            await comparison.set_params(handoff.params)
            await comparison.set_system_prompt(handoff.system_prompt)
        models = choose_default_models(self.session.app_state.models.catalogue.entries, first.model or None)
        targets = tuple(ModelTarget(model, first.dialect) for model in models)
        await comparison.lay_out(replace(comparison.setup, lanes=targets))
        await self.view.show()

    def _apply_choice(self, before: ParameterChoice, after: ParameterChoice) -> tuple[ModelTarget, ...]:
        """The targets with what was chosen: another dialect is for all of them."""
        targets = self.comparison.setup.lanes
        if after.dialect is not before.dialect:
            targets = tuple(replace(target, dialect=after.dialect) for target in targets)
        if before.model is None or after.model is None:
            return targets
        return tuple(
            replace(target, model=after.model) if target.model == before.model else target
            for target in targets
        )
