"""Screen that compares models: setup, prompt, lanes, ranking, and a place to write."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.common.connection_info import ScreenOptions
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.compare.compare_view import CompareView
from zaguan_tui.screens.compare.cost_estimate_controller import CostEstimateController
from zaguan_tui.screens.compare.default_models import find_model_entry
from zaguan_tui.screens.compare.lanes.grid_view import LaneGridView
from zaguan_tui.screens.compare.lanes.lane_view import LaneView
from zaguan_tui.screens.compare.lanes.presenter import LanePresenter
from zaguan_tui.screens.compare.listener import ComparisonListener
from zaguan_tui.screens.compare.navigation_controller import NavigationController, VoteController
from zaguan_tui.screens.compare.ranking.controller import RankingController, price_answer
from zaguan_tui.screens.compare.ranking.view import RankingView
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.screens.compare.send_controller import CompareSendController
from zaguan_tui.screens.compare.setup_controller import ComparisonSetupController
from zaguan_tui.screens.compare.storage_controller import ComparisonStorageController
from zaguan_tui.state.comparison.comparison import Comparison

MIN_HEIGHT_FOR_RANKING: Final = 30
"""Lines of the terminal below which the ranking is hidden at first."""


class CompareScreen(BaseScreen):
    """Which of these models answers best, how fast, at what cost, and how surely?"""

    NAME = "compare"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("compare")]

    def compose_screen(self) -> ComposeResult:
        """The setup, the prompt that was sent, the lanes, the ranking, the prompt to come."""
        enter_sends = isinstance(self.app, ScreenOptions) and self.app.options.enter_sends
        prompt = Prompt(lambda text: self.send.submit(text), enter_sends=enter_sends)
        frame = Vertical(prompt, id="prompt-box", classes="panel")
        frame.border_subtitle = prompt.how_to_send
        prompt.placeholder = "Ask all of them something …"
        ranking_view = RankingView()
        self._build_controllers(LaneGridView(), ranking_view, prompt, frame)
        yield self.view.setup_line
        yield self.view.prompt_line
        yield self.view.grid
        yield ranking_view
        yield frame

    def _build_controllers(
        self, grid: LaneGridView, ranking_view: RankingView, prompt: Prompt, frame: Vertical
    ) -> None:
        state, services = self.app_state, ScreenServices(self)
        find_entry = partial(find_model_entry, state)
        price = partial(price_answer, find_entry=find_entry, tariff=lambda: state.estimates.tariff)
        self.comparison = comparison = Comparison(state, find_entry)
        self.selection = selection = ComparisonSelection(comparison)
        presenter = LanePresenter(comparison, selection, find_entry)
        self.ranking = RankingController(services, comparison, selection, presenter, ranking_view, price)
        self.cost = CostEstimateController(services, state, comparison, find_entry, prompt, frame)
        self.view = view = CompareView(
            self, comparison, selection, presenter, self.ranking, self.cost, grid, prompt
        )
        self._drafts = drafts = DraftKeeper(state, comparison, prompt)
        self.listener = listener = ComparisonListener(
            services, state, comparison, view, presenter, self.ranking, drafts
        )
        self.setup = ComparisonSetupController(
            services, self.session, comparison, selection, view, find_entry
        )
        self.send = CompareSendController(
            services, comparison, selection, view, self.cost, drafts, lambda: listener.is_open
        )
        self.storage = ComparisonStorageController(
            services, state, comparison, selection, view, self.setup, drafts, price, lambda: listener.is_open
        )
        self.navigation = NavigationController(services, selection, view)
        self.votes = VoteController(services, comparison, selection, presenter, view)
        services.bind_actions(_make_actions(self, services))
        self._reasons = _make_reasons(self)

    def on_mount(self) -> None:
        """Follow models, credits and conversations."""
        self.ranking.visible = self.app.size.height >= MIN_HEIGHT_FOR_RANKING
        self.follow(self.app_state.models.store, self.setup.on_models)
        self.follow(self.app_state.virtual_models.store, lambda _snapshot: self.view.draw())
        self.follow(self.app_state.credits.store, lambda _snapshot: self.cost.update())
        self.follow(self.session.ready, self.listener.on_ready)
        self.navigation.focus_prompt()
        self.view.draw()

    @on(events.Unmount)
    async def _on_removed(self) -> None:
        """The session closes after its screens: what was typed last is saved."""
        await self.listener.close()

    def shown(self) -> None:
        """Take over what the chat was about to send."""
        draft_handoff, self.app_state.draft_handoff = self.app_state.draft_handoff, None
        self.setup.adopt(draft_handoff)

    def open_link(self, target: str) -> None:
        """``comparison:conv_…`` opens it."""
        self.storage.open(target)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape shows all lanes, else stops them, else leaves the prompt; letters vote when it is time."""
        running = self.comparison.progress is not None
        match action:
            case "shrink" | "stop" | "leave":
                meaning = "shrink" if self.view.grid.enlarged else "stop" if running else "leave"
                return action == meaning and (action != "leave" or self.view.prompt_focused)
            case "vote_letter":
                return self.selection.vote_due and self.votes.has_letter(str(parameters[0]))
            case "stop_lane":
                return running
            case "vote":
                return not running and self.selection.turn is not None
        return super().check_action(action, parameters)

    def disabled_reason(self, action_id: str) -> str:
        """The sentence that the action would warn with."""
        explain = self._reasons.get(action_id)
        return explain() if explain is not None else super().disabled_reason(action_id)

    @on(LaneView.Enlarged)
    def _on_enlarged(self, event: LaneView.Enlarged) -> None:
        event.stop()
        self.navigation.toggle_enlarged()

    @on(TextArea.Changed, "#prompt")
    def _on_prompt_changed(self) -> None:
        """Paint answers less often, save the draft soon, estimate its cost."""
        self.view.grid.pause_painting()
        self._drafts.written()
        self.cost.update()

    @on(events.Resize)
    def _on_resized(self) -> None:
        self.call_after_refresh(self.cost.draw)


def _make_actions(screen: CompareScreen, services: ScreenServices) -> dict[str, Callable[..., object]]:
    """The work of each action of the registry, by the name of its Textual action."""
    navigation, setup, send, storage = screen.navigation, screen.setup, screen.send, screen.storage
    pick = partial(services.worker, "pick", exclusive=True)
    change = partial(services.worker, "change")
    look = partial(services.worker, "look")
    return {
        "page": navigation.page,
        "shrink": navigation.show_all,
        "leave": navigation.leave_prompt,
        "write": navigation.focus_prompt,
        "step_lane": navigation.step_lane,
        "step_run": look(navigation.step_run),
        "step_prompt": look(navigation.step_prompt),
        "toggle_reasoning": navigation.toggle_reasoning,
        "copy": navigation.copy,
        "stop": send.stop,
        "stop_lane": send.stop_target,
        "again": send.ask_again,
        "vote": screen.votes.vote_for_focused,
        "vote_letter": screen.votes.vote_for_letter,
        "sort": screen.ranking.sort_by_next_column,
        "toggle_ranking": screen.ranking.toggle_visibility,
        "toggle_scope": screen.ranking.toggle_scope,
        "pick_lanes": pick(setup.pick_targets),
        "parameters": pick(setup.edit_parameters),
        "edit_system": pick(setup.edit_system_prompt),
        "next_runs": change(setup.set_next_runs),
        "change_runs": change(setup.change_runs),
        "toggle_blind": change(setup.toggle_blind),
        "toggle_dialect": change(setup.toggle_dialect),
        "new_comparison": services.worker("open", storage.start_new, exclusive=True),
        "open_comparison": pick(storage.pick),
        "export": services.worker("save", storage.export, exclusive=True),
    }


def _make_reasons(screen: CompareScreen) -> dict[str, Callable[[], str]]:
    """What says why an action cannot run, by the action's id."""
    explain_no_answer = screen.navigation.explain_no_answer
    return {
        "compare.lanes": screen.setup.explain_busy,
        "compare.dialect": screen.setup.explain_no_dialect,
        "compare.parameters": screen.setup.explain_no_parameters,
        "compare.history": screen.storage.explain_not_open,
        "compare.export": screen.storage.explain_no_export,
        "compare.again": screen.send.explain_no_repeat,
        "compare.stop_lane": screen.send.explain_no_stop,
        "compare.vote": screen.votes.explain_no_vote,
        "compare.copy": screen.navigation.explain_no_copy,
        "compare.reasoning": screen.navigation.explain_no_reasoning,
        "compare.run_before": explain_no_answer,
        "compare.run_after": explain_no_answer,
        "compare.prompt_before": explain_no_answer,
        "compare.prompt_after": explain_no_answer,
    }
