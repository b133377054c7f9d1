"""Names, headings and answers of the compared models for their lanes, masked while names are hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from zaguan_tui.screens.compare.formatting import format_lane_head, format_lane_name, format_lane_note
from zaguan_tui.screens.compare.lanes.grid_view import LaneContent
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.parameters.support import find_not_sent
from zaguan_tui.state.chat.prompt_request import ModelTarget, target_key
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.setup import LETTERS, mask_message, vote_of
from zaguan_tui.state.conversations.conversation import answers_of
from zaguan_tui.state.models.entry import ModelEntry

FindEntry = Callable[[str], ModelEntry | None]


@dataclass(slots=True, eq=False)
class LanePresenter:
    """Makes the content of the lanes from a comparison and what is selected of it."""

    comparison: Comparison
    selection: ComparisonSelection
    find_entry: FindEntry

    def names(self, style: str = "") -> dict[str, Content]:
        """What each target is called now, by its key."""
        targets, hidden = self.selection.targets, self.selection.names_hidden
        models = [target.model for target in targets]
        return {
            target_key(target): format_lane_name(
                target,
                LETTERS[place % len(LETTERS)] if hidden else None,
                twice=models.count(target.model) > 1,
                style=style,
            )
            for place, target in enumerate(targets)
        }

    def contents(self) -> list[LaneContent]:
        """The lanes in their order."""
        turn, names = self.selection.turn, self.names("bold $ink-strong")
        vote = vote_of(turn) if turn is not None else None
        runs = max((one.run for one in turn.answers), default=1) if turn is not None else 1
        contents = []
        for target in self.selection.targets:
            key = target_key(target)
            answers = answers_of(turn, key) if turn is not None else ()
            selected = [one for one in answers if one.run == self.selection.run] or answers[-1:]
            answer = selected[0] if selected else None
            not_sent, note = self._describe(target)
            head = format_lane_head(names[key], answer, runs, chosen=key == vote, not_sent=not_sent)
            contents.append(LaneContent(key, tuple(head), answer and self._mask(answer, names), note))
        return contents

    def _describe(self, target: ModelTarget) -> tuple[tuple[str, ...], Content]:
        """The parameters that do not go to a target, and what stands in its lane before an answer."""
        hidden, entry = self.selection.names_hidden, self.find_entry(target.model)
        not_sent = () if hidden else find_not_sent(self.comparison.params, entry, target.dialect)
        return tuple(not_sent), format_lane_note(entry, hidden=hidden)

    def mask(self, answer: Message) -> Message:
        """An answer as it may be seen now."""
        return self._mask(answer, self.names())

    def _mask(self, answer: Message, names: dict[str, Content]) -> Message:
        if not self.selection.names_hidden:
            return answer
        return mask_message(answer, names[target_key(answer)].plain)
