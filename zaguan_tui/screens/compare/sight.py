"""The half of the comparing room that shows: which prompt, which run, whose lanes, ranked by what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content
from textual.widgets import Static

from zaguan_tui.screens.chat.answers.status_line import StatusLine
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.compare.formatting import (
    format_lane_head,
    format_lane_name,
    format_prompt_line,
    format_setup,
    lane_note,
)
from zaguan_tui.screens.compare.lane import LaneView
from zaguan_tui.screens.compare.lane_grid_view import LaneContent, LaneGridView
from zaguan_tui.screens.compare.ranking_view import RankingView
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.parameters.support import find_not_sent
from zaguan_tui.state.chat.prompt_request import ModelTarget, target_key
from zaguan_tui.state.chat.stream_meter import MeterReading
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.ranking import AnswerCost, Column, RankingInput, rank_targets
from zaguan_tui.state.comparison.setup import LETTERS, count_votes, mask_message, vote_of
from zaguan_tui.state.conversations.conversation import Turn, answers_of
from zaguan_tui.state.credits.pricing import credits_for
from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.text.sanitize import clean_line

RANK_EVERY_S: Final = 0.25
"""The ranking moves at most four times a second."""


class SightRoom(BaseScreen):
    """A room with a comparison, a board, a ranking and a prompt. Subclasses compose them.

    ``_turn_id`` and ``_run`` are what is looked at; ``None`` is the newest.
    """

    comparison: Comparison
    _meters: dict[str, MeterReading]
    _turn_id: str | None = None
    _run: int | None = None
    _column = Column.TTFT
    _over_all = False
    _ranking_due = False

    @property
    def _turn(self) -> Turn | None:
        """The prompt that is looked at, with its answers."""
        turns = self.comparison.turns
        return next((turn for turn in turns if turn.id == self._turn_id), turns[-1] if turns else None)

    @property
    def _at_newest(self) -> bool:
        turns = self.comparison.turns
        return not turns or self._turn_id in (None, turns[-1].id)

    @property
    def _lanes(self) -> tuple[ModelTarget, ...]:
        """The lanes as they stand: those of the prompt looked at; under the newest, new ones wait."""
        turn, comparison = self._turn, self.comparison
        if turn is None:
            return comparison.places()
        stood = comparison.places(turn)
        if comparison.progress is not None or not self._at_newest:
            return stood
        wanted = {target_key(lane): lane for lane in comparison.setup.lanes}
        kept = [lane for lane in stood if target_key(lane) in wanted]
        known = {target_key(lane) for lane in kept}
        return (*kept, *(lane for key, lane in wanted.items() if key not in known))

    def _names(self, style: str = "") -> dict[str, Content]:
        """What each lane is called at this moment, by its key."""
        lanes, hidden = self._lanes, self.comparison.hidden(self._turn)
        models = [lane.model for lane in lanes]
        return {
            target_key(lane): format_lane_name(
                lane,
                LETTERS[place % len(LETTERS)] if hidden else None,
                twice=models.count(lane.model) > 1,
                style=style,
            )
            for place, lane in enumerate(lanes)
        }

    def _places(self) -> list[LaneContent]:
        turn, hidden = self._turn, self.comparison.hidden(self._turn)
        names, chosen = self._names("bold $ink-strong"), vote_of(turn) if turn is not None else None
        places = []
        for lane in self._lanes:
            key = target_key(lane)
            own = answers_of(turn, key) if turn is not None else ()
            answer = next((one for one in own if one.run == self._run), own[-1] if own else None)
            runs = max((one.run for one in turn.answers), default=1) if turn is not None else 1
            entry = self._entry_of(lane.model)
            note = lane_note(entry, hidden=hidden)
            gone = () if hidden else find_not_sent(self.comparison.params, entry, lane.dialect)
            shown = mask_message(answer, names[key].plain) if answer is not None and hidden else answer
            head = format_lane_head(names[key], answer, runs, chosen=key == chosen, gone=gone)
            places.append(LaneContent(key, tuple(head), shown, note))
        return places

    def _as_shown(self, answer: Message) -> Message:
        """An answer as it may be seen at this moment."""
        if not self.comparison.hidden(self._turn):
            return answer
        return mask_message(answer, self._names()[target_key(answer)].plain)

    async def _look(self) -> None:
        """Show what is looked at, whole."""
        await self._board.lay(self._places())
        self._draw()

    def _draw(self) -> None:
        """The lines and the ranking; the lanes keep their answers."""
        turns, turn, comparison = self.comparison.turns, self._turn, self.comparison
        prompts, letters = "", LETTERS.casefold()
        vote = f"vote with {letters[0]}–{letters[len(self._lanes) - 1]}" if self._vote_due else ""
        if turn is not None and len(turns) > 1:
            prompts = f"prompt {[one.id for one in turns].index(turn.id) + 1} of {len(turns)}"
        self.query_one("#setup-line", StatusLine).show(
            format_setup(
                comparison.setup,
                comparison.params,
                comparison.system_prompt,
                comparison.progress,
                prompts,
                vote,
            )
        )
        asked = self.query_one("#asked", Static)
        asked.display = turn is not None
        asked.update(format_prompt_line(turn.prompt.text.splitlines()) if turn is not None else "")
        self._board.call(self._places())
        self._rank()
        self.refresh_bindings()

    def _rank(self) -> None:
        """The ranking as it stands."""
        self._ranking_due = False
        if not self.is_attached:
            return
        rows = rank_targets(self._entries(), self._column, self._price)
        self._ranking.show(rows, self._names(), self._column)
        self._ranking.display = bool(rows) and not self.has_class("-without-ranking")

    def _rank_soon(self) -> None:
        """The figures moved."""
        if not self._ranking_due:
            self._ranking_due = True
            self.set_timer(RANK_EVERY_S, self._rank)

    @property
    def _vote_due(self) -> bool:
        """Whether letters vote: names are hidden, and all answers are there."""
        turn = self._turn
        return turn is not None and self.comparison.progress is None and self.comparison.hidden(turn)

    def _entries(self) -> list[RankingInput]:
        turn, comparison = self._turn, self.comparison
        if turn is None:
            return []
        looked_at: Sequence[Turn] = comparison.turns if self._scope_is_all else (turn,)
        votes, polls = count_votes(comparison.turns)
        entries = []
        for lane in self._lanes:
            key = target_key(lane)
            answers = [answer for one in looked_at for answer in answers_of(one, key)]
            if answers:
                entries.append(
                    RankingInput(key, answers, self._planned(answers), self._meters, votes.get(key, 0), polls)
                )
        return entries

    @property
    def _scope_is_all(self) -> bool:
        """Over all prompts the hidden order would be given away by the names of earlier ones."""
        return self._over_all and not self.comparison.hidden(self._turn)

    def _planned(self, answers: Sequence[Message]) -> int:
        """How many answers of a lane are asked for, those still to come included."""
        progress = self.comparison.progress
        if progress is None or not self._at_newest or progress.stopped:
            return len(answers)
        if target_key(answers[0]) in progress.given_up:
            return len(answers)
        return len(answers) + progress.last - progress.run

    def _entry_of(self, model: str) -> ModelEntry | None:
        models = self.app_state.models
        return models.entry(model) or self.app_state.virtual_models.entry(model, models.catalogue)

    def _price(self, answer: Message) -> AnswerCost | None:
        """What an answer cost: debited, else expected, else by its tokens and the listed price."""
        receipt = answer.receipt
        if receipt is not None and receipt.debited is not None:
            return AnswerCost(receipt.debited, estimated=False)
        if receipt is not None and receipt.expected is not None:
            return AnswerCost(receipt.expected)
        entry = self._entry_of(answer.model) if answer.model else None
        expected = credits_for(answer.usage, entry, self.app_state.estimates.tariff)
        return None if expected is None else AnswerCost(expected)

    @property
    def _board(self) -> LaneGridView:
        return self.query_one(LaneGridView)

    @property
    def _ranking(self) -> RankingView:
        return self.query_one(RankingView)

    @property
    def _prompt(self) -> Prompt:
        return self.query_one(Prompt)

    @property
    def _lane(self) -> LaneView | None:
        """The lane that has the focus, or is shown alone."""
        return self._board.focused_lane(self.focused)

    def _tell(self, sentence: str, *, timeout: float | None = None) -> None:
        self.notify(clean_line(sentence), timeout=timeout, markup=False)

    def _warn(self, sentence: str) -> None:
        self.notify(clean_line(sentence), severity="warning", markup=False)
