"""The half of the comparing room that asks: one prompt down all lanes, run after run, or back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from textual import work

from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.error_messages import NO_PROMPT, OPENING, error_message
from zaguan_tui.screens.chat.send_request import SendRequest
from zaguan_tui.screens.compare.weighing import WeighingRoom
from zaguan_tui.state.chat.prompt_request import PromptRequest
from zaguan_tui.state.comparison.comparison import ComparisonDeletedError
from zaguan_tui.state.comparison.rounds import ComparisonRound

if TYPE_CHECKING:
    from zaguan_tui.screens.compare.listener import ComparisonListener

ANSWERING: Final = "Answers are still coming. Escape stops all of them, x the focused one."
GONE: Final = "That comparison is not kept any more."
TOO_FEW: Final = "Pick at least two models first: ctrl+o."


class AskingRoom(WeighingRoom):
    """A room with drafts. ``_listener`` is there once the conversations are open."""

    _drafts: DraftKeeper
    _listener: ComparisonListener | None = None

    @contextmanager
    def _telling(self, fault: str) -> Iterator[None]:
        """Say in a sentence what went wrong; ``fault`` for what nobody expected, which is reported too."""
        try:
            yield
        except ComparisonDeletedError:
            self._warn(GONE)
        except Exception as error:
            sentence = error_message(error)
            self._warn(sentence or fault)
            if sentence is None:
                raise

    def _submit(self, text: str) -> bool:
        """Take what was written, or refuse it and say why."""
        if not self._may_ask():
            return False
        if not self.comparison.ready:
            self._warn(TOO_FEW)
            return False
        round_ = self.comparison.ask(PromptRequest(text))
        self._drafts.hold(_make_send_request(round_))
        self._turn_id = self._run = None
        self._deliver(round_)
        self.set_focus(self._board.step(None, 1))
        return True

    def action_again(self) -> None:
        """Ask the last prompt again."""
        if not self._may_ask():
            return
        if (round_ := self.comparison.ask_again()) is None:
            self._warn(NO_PROMPT)
            return
        self._turn_id = self._run = None
        self._deliver(round_)

    def action_stop(self) -> None:
        """Stop all answers, and the runs to come."""
        self.comparison.stop()

    def action_stop_lane(self) -> None:
        """Stop the focused lane; the others go on."""
        lane = self._lane
        if lane is None:
            self._tell("Go to an answer first: h and l step from one to the next.")
        elif not self.comparison.stop_lane(lane.key):
            self._tell("Nothing is coming there.")

    @work(group="round", exit_on_error=False)
    async def _deliver(self, round_: ComparisonRound) -> None:
        self.refresh_bindings()
        with self._telling("Something went wrong here; the prompt is kept."):
            try:
                if not await self._allowed(round_):
                    await self._take_back(round_)
                    return
                await self.comparison.deliver(round_)
            except Exception:
                self.comparison.withdraw(round_)
                await self._drafts.give_back(_make_send_request(round_))
                raise
            finally:
                self._draw()
        if round_.conversation_id == self.comparison.id:
            self._give_back_unanswered(round_)

    async def _take_back(self, round_: ComparisonRound) -> None:
        """A round that a person did not want is as if it had not been asked for."""
        self.comparison.withdraw(round_)
        await self._drafts.give_back(_make_send_request(round_))
        if round_.question is not None:
            self._prompt.focus()

    def _give_back_unanswered(self, round_: ComparisonRound) -> None:
        """A first prompt that no lane answered with a word stands in the prompt again."""
        turns = self.comparison.turns
        if round_.question is None or not turns or len(turns[-1].answers) == 0:
            return
        if all(answer.empty and answer.problem is not None for answer in turns[-1].answers):
            self._prompt.put_back(round_.question.text)

    def _may_ask(self) -> bool:
        if self._listener is None:
            self._warn(OPENING)
        elif self.comparison.progress is not None:
            self._warn(ANSWERING)
        else:
            return True
        return False


def _make_send_request(round_: ComparisonRound) -> SendRequest:
    """What the drafts need to know of a round."""
    return SendRequest(
        round_.conversation_id, round_.lanes, round_.question, round_.draft_place, round_.turn_id
    )
