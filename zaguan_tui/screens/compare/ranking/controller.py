"""Ranking of the compared models: sorting, scope, costs, and updates while answers stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.compare.lanes.presenter import FindEntry, LanePresenter
from zaguan_tui.screens.compare.ranking.lines import describe_column
from zaguan_tui.screens.compare.ranking.view import RankingView
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.prompt_request import target_key
from zaguan_tui.state.chat.stream_meter import MeterReading
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.ranking import AnswerCost, Column, PriceOf, RankingInput, rank_targets
from zaguan_tui.state.comparison.setup import count_votes
from zaguan_tui.state.conversations.conversation import answers_of
from zaguan_tui.state.credits.pricing import CreditRate, credits_for

UPDATE_INTERVAL_S: Final = 0.25


@dataclass(slots=True, eq=False)
class RankingController:
    """Ranks by one figure; updates the view at most four times a second."""

    services: ScreenServices
    comparison: Comparison
    selection: ComparisonSelection
    presenter: LanePresenter
    view: RankingView
    price: PriceOf
    visible: bool = True
    _meters: dict[str, MeterReading] = field(default_factory=dict)
    _column: Column = Column.TTFT
    _all_prompts: bool = False
    _update_pending: bool = False

    def record_meter(self, message_id: str, meter: MeterReading) -> None:
        """Rank a streaming answer by these figures."""
        self._meters[message_id] = meter
        self.update_soon()

    def update_soon(self) -> None:
        """Update the view within a quarter of a second."""
        if not self._update_pending:
            self._update_pending = True
            self.view.set_timer(UPDATE_INTERVAL_S, self.update)

    def update(self) -> None:
        """Show the present ranking."""
        self._update_pending = False
        if self.view.is_attached:
            rows = rank_targets(self._inputs(), self._column, self.price)
            self.view.show(rows, self.presenter.names(), self._column)
            self.view.display = bool(rows) and self.visible

    def sort_by_next_column(self) -> None:
        """Rank by the next figure."""
        has_votes = bool(count_votes(self.comparison.turns)[1])
        columns = [column for column in Column if column is not Column.VOTES or has_votes]
        place = columns.index(self._column) if self._column in columns else -1
        self._column = columns[(place + 1) % len(columns)]
        self.update()
        if not self.view.display:
            self.services.inform(f"Ranked by {describe_column(self._column)}.")

    def toggle_visibility(self) -> None:
        """Show or hide the ranking."""
        self.visible = not self.visible
        self.update()

    def toggle_scope(self) -> None:
        """Rank over all prompts, or over the selected one."""
        self._all_prompts = not self._all_prompts
        self.update()
        if self._all_prompts and self.selection.names_hidden:
            self.services.inform("Over all prompts after the vote: until then it would tell the names.")
        else:
            self.services.inform(
                "Ranked over all prompts." if self._all_prompts else "Ranked over this prompt."
            )

    def _inputs(self) -> list[RankingInput]:
        """Targets with answers. Over all prompts the hidden order would be given away by earlier names."""
        turn, turns = self.selection.turn, self.comparison.turns
        if turn is None:
            return []
        ranked = turns if self._all_prompts and not self.selection.names_hidden else (turn,)
        votes, polls = count_votes(turns)
        inputs = []
        for key in map(target_key, self.selection.targets):
            if answers := [answer for one in ranked for answer in answers_of(one, key)]:
                planned = self._count_planned(key, answers)
                inputs.append(RankingInput(key, answers, planned, self._meters, votes.get(key, 0), polls))
        return inputs

    def _count_planned(self, key: str, answers: Sequence[Message]) -> int:
        """How many answers of a target are asked for, those still to come included."""
        progress = self.comparison.progress
        if progress is None or not self.selection.at_newest or progress.stopped or key in progress.given_up:
            return len(answers)
        return len(answers) + progress.last - progress.run


def price_answer(
    answer: Message, find_entry: FindEntry, tariff: Callable[[], CreditRate]
) -> AnswerCost | None:
    """What an answer cost: debited, else expected, else by its tokens and the listed price."""
    receipt = answer.receipt
    if receipt is not None and receipt.debited is not None:
        return AnswerCost(receipt.debited, estimated=False)
    if receipt is not None and receipt.expected is not None:
        return AnswerCost(receipt.expected)
    entry = find_entry(answer.model) if answer.model else None
    expected = credits_for(answer.usage, entry, tariff())
    return None if expected is None else AnswerCost(expected)
