"""Widgets of the compare screen, drawn from the comparison: setup line, prompt line, lanes, ranking, cost."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.screen import Screen
from textual.widgets import Static

from zaguan_tui.screens.chat.answers.status_line import StatusLine
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.compare.cost_estimate_controller import CostEstimateController
from zaguan_tui.screens.compare.formatting import format_prompt_line, format_setup
from zaguan_tui.screens.compare.lanes.grid_view import LaneGridView
from zaguan_tui.screens.compare.lanes.lane_view import LaneView
from zaguan_tui.screens.compare.lanes.presenter import LanePresenter
from zaguan_tui.screens.compare.ranking.controller import RankingController
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.setup import LETTERS


@dataclass(slots=True, eq=False)
class CompareView:
    """Draws; knows which lane has the focus."""

    screen: Screen[None]
    comparison: Comparison
    selection: ComparisonSelection
    presenter: LanePresenter
    ranking: RankingController
    cost: CostEstimateController
    grid: LaneGridView
    prompt: Prompt
    setup_line: StatusLine = field(default_factory=lambda: StatusLine(id="setup-line"))
    prompt_line: Static = field(default_factory=lambda: Static("", id="asked"))

    @property
    def focused_lane(self) -> LaneView | None:
        """The lane that has the focus, or is shown alone."""
        return self.grid.focused_lane(self.screen.focused)

    @property
    def prompt_focused(self) -> bool:
        """Whether the prompt has the focus."""
        return self.screen.focused is self.prompt

    def focus_lane(self, lane: LaneView | None) -> None:
        """Give a lane the focus; ``None`` takes it from whatever has it."""
        self.screen.set_focus(lane)

    def find_lane(self, step: int, *, from_focus: bool = True) -> LaneView | None:
        """The lane so many places after the focused one, or from the first one on."""
        return self.grid.step(self.screen.focused if from_focus else None, step)

    async def show(self) -> None:
        """Show the selected answers, and draw everything round them."""
        await self.grid.show(self.presenter.contents())
        self.draw()

    def draw(self) -> None:
        """Draw the lines, the ranking and the cost; the lanes keep their answers."""
        turn, comparison = self.selection.turn, self.comparison
        self.setup_line.show(
            format_setup(
                comparison.setup,
                comparison.params,
                comparison.system_prompt,
                comparison.progress,
                self._position,
                self._vote_hint,
            )
        )
        self.prompt_line.display = turn is not None
        self.prompt_line.update(format_prompt_line(turn.prompt.text.splitlines()) if turn is not None else "")
        self.grid.set_headings(self.presenter.contents())
        self.ranking.update()
        self.refresh_keys()
        self.cost.update()

    def refresh_keys(self) -> None:
        """Let the key bar ask again which actions can run."""
        self.screen.refresh_bindings()

    @property
    def _position(self) -> str:
        turn, turns = self.selection.turn, self.comparison.turns
        if turn is None or len(turns) < 2:
            return ""
        return f"prompt {[one.id for one in turns].index(turn.id) + 1} of {len(turns)}"

    @property
    def _vote_hint(self) -> str:
        letters = LETTERS[: len(self.selection.targets)].casefold()
        return f"vote with {letters[0]}–{letters[-1]}" if self.selection.vote_due else ""
