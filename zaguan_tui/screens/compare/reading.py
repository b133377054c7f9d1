"""The half of the comparing room that reads: going from lane to lane, run to run, prompt to prompt; votes."""

from __future__ import annotations

from typing import Final

from textual import on, work

from zaguan_tui.screens.compare.lane import LaneView
from zaguan_tui.screens.compare.ranking_lines import describe_column
from zaguan_tui.screens.compare.sight import SightRoom
from zaguan_tui.state.comparison.ranking import Column
from zaguan_tui.state.comparison.setup import LETTERS, count_votes
from zaguan_tui.state.conversations.conversation import answers_of

NOTHING_ANSWERED: Final = "Nothing has been answered here yet."


class ReadingRoom(SightRoom):
    """A room whose answers can be read, and judged."""

    def action_shrink(self) -> None:
        """Show all lanes again."""
        lane = self._lane
        self._board.enlarge(None)
        self.set_focus(lane)
        self.refresh_bindings()

    @on(LaneView.Enlarged)
    def _enlarge(self, event: LaneView.Enlarged) -> None:
        event.stop()
        self._board.enlarge(None if self._board.enlarged else self._lane)
        self.refresh_bindings()

    def action_leave(self) -> None:
        """Go from the prompt to the first answer."""
        self.set_focus(self._board.step(None, 1))

    def action_write(self) -> None:
        """Go to the prompt."""
        self._prompt.focus()

    def action_step_lane(self, step: int) -> None:
        """Go to another lane; the one shown alone changes with it."""
        lane = self._board.step(self.focused, step)
        if lane is None:
            return
        if self._board.enlarged:
            self._board.enlarge(lane)
        lane.focus()
        self._board.scroll_to_widget(lane, animate=False)

    def action_page(self, step: int) -> None:
        """Read on or back, also while writing."""
        lane = self._lane or self._board.step(None, 1)
        if lane is not None:
            lane.page(step)

    @work(group="look", exit_on_error=False)
    async def action_step_run(self, step: int) -> None:
        """Show another run of the same prompt."""
        turn = self._turn
        runs = sorted({answer.run for answer in turn.answers}) if turn is not None else []
        if not runs:
            self._warn(NOTHING_ANSWERED)
            return
        here = runs.index(self._run) if self._run in runs else len(runs) - 1
        there = runs[min(len(runs) - 1, max(0, here + step))]
        self._run = None if there == runs[-1] else there
        await self._look()

    @work(group="look", exit_on_error=False)
    async def action_step_prompt(self, step: int) -> None:
        """Show the answers to another prompt."""
        turns, turn = self.comparison.turns, self._turn
        if turn is None:
            self._warn(NOTHING_ANSWERED)
            return
        here = [one.id for one in turns].index(turn.id)
        there = turns[min(len(turns) - 1, max(0, here + step))]
        self._turn_id = None if there.id == turns[-1].id else there.id
        self._run = None
        await self._look()

    def action_sort(self) -> None:
        """Rank by the next figure."""
        columns = [
            column for column in Column if column is not Column.VOTES or count_votes(self.comparison.turns)[1]
        ]
        at = columns.index(self._column) if self._column in columns else -1
        self._column = columns[(at + 1) % len(columns)]
        self._rank()
        if not self._ranking.display:
            self._tell(f"Ranked by {describe_column(self._column)}.")

    def action_toggle_ranking(self) -> None:
        """Show or hide the ranking."""
        self.toggle_class("-without-ranking")
        self._rank()

    def action_toggle_scope(self) -> None:
        """Rank over all prompts, or over the one that is looked at."""
        self._over_all = not self._over_all
        self._rank()
        if self._over_all and not self._scope_is_all:
            self._tell("Over all prompts after the vote: until then it would tell the names.")
        else:
            self._tell("Ranked over all prompts." if self._over_all else "Ranked over this prompt.")

    def action_toggle_reasoning(self) -> None:
        """Fold or unfold what the focused lane thought."""
        lane = self._lane
        answer = lane.answer if lane is not None else None
        if answer is not None and answer.has_reasoning:
            answer.toggle_reasoning()
        else:
            self._tell("There is nothing to unfold: no reasoning came with the focused answer.")

    def action_copy(self) -> None:
        """Copy the focused answer."""
        lane = self._lane
        answer = lane.answer if lane is not None else None
        if answer is None or not answer.copy_text:
            self._tell(
                "Go to an answer first: h and l step from one to the next."
                if lane is None
                else "There is nothing to copy yet."
            )
            return
        self.app.copy_to_clipboard(answer.copy_text)
        self._tell(f"Sent {len(answer.copy_text):,} characters to the terminal's clipboard.")

    def action_vote(self) -> None:
        """Vote for the focused lane."""
        if self.comparison.progress is not None:
            self._warn("One votes when all answers are there.")
        elif (lane := self._lane) is None:
            self._warn("Go to an answer first: h and l step from one to the next.")
        else:
            self._vote(lane.key)

    def action_vote_letter(self, letter: str) -> None:
        """Vote for the lane of that letter."""
        place = LETTERS.index(letter.upper())
        if place < len(self._board.lanes):
            self._vote(self._board.lanes[place].key)

    @work(group="vote", exclusive=True, exit_on_error=False)
    async def _vote(self, key: str) -> None:
        turn = self._turn
        if turn is None or not answers_of(turn, key):
            self._warn(NOTHING_ANSWERED)
            return
        was_hidden, letter = self.comparison.hidden(turn), self._names()[key].plain
        await self.comparison.vote(turn.id, key)
        await self._look()
        name = self._names()[key].plain
        votes, polls = count_votes(self.comparison.turns)
        whom = f"{letter}, which is {name}" if was_hidden else name
        self._tell(f"You voted for {whom}: {votes.get(key, 0)} of {polls} votes.", timeout=3)
