"""Navigation between prompt, answers, runs and prompts of a comparison; copying and votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zaguan_tui.screens.chat.answers.answer import AnswerView
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.compare.compare_view import CompareView
from zaguan_tui.screens.compare.error_notices import NO_FOCUSED_ANSWER, NOTHING_ANSWERED
from zaguan_tui.screens.compare.lanes.presenter import LanePresenter
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.setup import LETTERS, count_votes
from zaguan_tui.state.conversations.conversation import answers_of

NO_REASONING: Final = "There is nothing to unfold: no reasoning came with the focused answer."
VOTE_TOO_EARLY: Final = "One votes when all answers are there."


@dataclass(slots=True, eq=False)
class NavigationController:
    """Moves the focus and the selection; one lane at a time can be shown alone."""

    services: ScreenServices
    selection: ComparisonSelection
    view: CompareView

    def show_all(self) -> None:
        """Show all answers again."""
        lane = self.view.focused_lane
        self.view.grid.enlarge(None)
        self.view.focus_lane(lane)
        self.view.refresh_keys()

    def toggle_enlarged(self) -> None:
        """Show the focused answer alone, or all again."""
        grid = self.view.grid
        grid.enlarge(None if grid.enlarged else self.view.focused_lane)
        self.view.refresh_keys()

    def leave_prompt(self) -> None:
        """Go from the prompt to the first answer."""
        self.view.focus_lane(self.view.find_lane(1, from_focus=False))

    def focus_prompt(self) -> None:
        """Go to the prompt."""
        self.view.prompt.focus()

    def step_lane(self, step: int) -> None:
        """Go to another answer; the one shown alone changes with it."""
        if (lane := self.view.find_lane(step)) is None:
            return
        grid = self.view.grid
        if grid.enlarged:
            grid.enlarge(lane)
        lane.focus()
        grid.scroll_to_widget(lane, animate=False)

    def page(self, step: int) -> None:
        """Scroll the focused answer a page, also while writing."""
        lane = self.view.focused_lane or self.view.find_lane(1, from_focus=False)
        if lane is not None:
            lane.page(step)

    async def step_run(self, step: int) -> None:
        """Show another run of the same prompt."""
        await self._show(self.selection.step_run(step))

    async def step_prompt(self, step: int) -> None:
        """Show the answers to another prompt."""
        await self._show(self.selection.step_prompt(step))

    def toggle_reasoning(self) -> None:
        """Fold or unfold the reasoning of the focused answer."""
        if reason := self.explain_no_reasoning():
            self.services.inform(reason)
        elif (answer := self._focused_answer) is not None:
            answer.toggle_reasoning()

    def explain_no_reasoning(self) -> str:
        """Why there is nothing to unfold; empty when there is something."""
        answer = self._focused_answer
        return "" if answer is not None and answer.has_reasoning else NO_REASONING

    def copy(self) -> None:
        """Copy the focused answer."""
        if reason := self.explain_no_copy():
            self.services.inform(reason)
        else:
            self.services.copy(self._copy_text)

    def explain_no_copy(self) -> str:
        """Why there is nothing to copy; empty when there is something."""
        if self.view.focused_lane is None:
            return NO_FOCUSED_ANSWER
        return "" if self._copy_text else "There is nothing to copy yet."

    def explain_no_answer(self) -> str:
        """Why there is no run and no prompt to step to; empty when there is one."""
        return NOTHING_ANSWERED if self.selection.turn is None else ""

    @property
    def _copy_text(self) -> str:
        return answer.copy_text if (answer := self._focused_answer) is not None else ""

    @property
    def _focused_answer(self) -> AnswerView | None:
        lane = self.view.focused_lane
        return lane.answer if lane is not None else None

    async def _show(self, changed: bool) -> None:
        if changed:
            await self.view.show()
        else:
            self.services.warn(NOTHING_ANSWERED)


@dataclass(slots=True, eq=False)
class VoteController:
    """Votes for an answer; the vote shows the names that were hidden."""

    services: ScreenServices
    comparison: Comparison
    selection: ComparisonSelection
    presenter: LanePresenter
    view: CompareView

    def vote_for_focused(self) -> None:
        """Vote for the focused answer."""
        lane = self.view.focused_lane
        if reason := self.explain_no_vote():
            self.services.warn(reason)
        elif lane is not None:
            self.services.run("vote", self._vote, lane.key, exclusive=True)

    def vote_for_letter(self, letter: str) -> None:
        """Vote for the answer of that letter."""
        if self.has_letter(letter):
            key = self.view.grid.lanes[LETTERS.index(letter.upper())].key
            self.services.run("vote", self._vote, key, exclusive=True)

    def has_letter(self, letter: str) -> bool:
        """Whether an answer has that letter."""
        return LETTERS.index(letter.upper()) < len(self.view.grid.lanes)

    def explain_no_vote(self) -> str:
        """Why there is no vote for the focused answer now; empty when there is one."""
        if self.comparison.progress is not None:
            return VOTE_TOO_EARLY
        return NO_FOCUSED_ANSWER if self.view.focused_lane is None else ""

    async def _vote(self, key: str) -> None:
        turn = self.selection.turn
        if turn is None or not answers_of(turn, key):
            self.services.warn(NOTHING_ANSWERED)
            return
        was_hidden, letter = self.selection.names_hidden, self.presenter.names()[key].plain
        await self.comparison.vote(turn.id, key)
        await self.view.show()
        name = self.presenter.names()[key].plain
        votes, polls = count_votes(self.comparison.turns)
        choice = f"{letter}, which is {name}" if was_hidden else name
        self.services.inform(f"You voted for {choice}: {votes.get(key, 0)} of {polls} votes.", timeout=3)
