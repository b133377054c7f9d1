"""Selection of the prompt and the run of a comparison that are on the screen."""

from __future__ import annotations

from zaguan_tui.state.chat.prompt_request import ModelTarget, target_key
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.conversations.conversation import Turn


class ComparisonSelection:
    """The selected turn and run; ``run`` is ``None`` for the newest."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._turn_id: str | None = None
        self.run: int | None = None

    @property
    def turn(self) -> Turn | None:
        """The selected prompt with its answers; ``None`` before the first."""
        turns = self._comparison.turns
        return next((turn for turn in turns if turn.id == self._turn_id), turns[-1] if turns else None)

    @property
    def at_newest(self) -> bool:
        """Whether the newest prompt is selected."""
        turns = self._comparison.turns
        return not turns or self._turn_id in (None, turns[-1].id)

    @property
    def names_hidden(self) -> bool:
        """Whether the names of the models must not be seen."""
        return self._comparison.hidden(self.turn)

    @property
    def vote_due(self) -> bool:
        """Whether letters vote: names are hidden, and all answers have ended."""
        return self.turn is not None and self._comparison.progress is None and self.names_hidden

    @property
    def targets(self) -> tuple[ModelTarget, ...]:
        """The targets in the order of the screen: those of the prompt; under the newest, added ones wait."""
        turn, comparison = self.turn, self._comparison
        if turn is None:
            return comparison.places()
        answered = comparison.places(turn)
        if comparison.progress is not None or not self.at_newest:
            return answered
        added = {target_key(target): target for target in comparison.setup.lanes}
        unchanged = [target for target in answered if added.pop(target_key(target), None) is not None]
        return (*unchanged, *added.values())

    def select_newest(self) -> None:
        """Follow the newest run of the newest prompt."""
        self._turn_id = self.run = None

    def step_run(self, step: int) -> bool:
        """Select another run of the same prompt; false without any answer."""
        turn = self.turn
        runs = sorted({answer.run for answer in turn.answers}) if turn is not None else []
        if not runs:
            return False
        place = runs.index(self.run) if self.run in runs else len(runs) - 1
        run = runs[min(len(runs) - 1, max(0, place + step))]
        self.run = None if run == runs[-1] else run
        return True

    def step_prompt(self, step: int) -> bool:
        """Select another prompt; false without any."""
        turns, turn = self._comparison.turns, self.turn
        if turn is None:
            return False
        place = [one.id for one in turns].index(turn.id) + step
        turn = turns[min(len(turns) - 1, max(0, place))]
        self._turn_id = None if turn.id == turns[-1].id else turn.id
        self.run = None
        return True
