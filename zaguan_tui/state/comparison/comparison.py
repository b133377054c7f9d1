"""The comparison shown: its targets, runs and votes. Every prompt goes through the one turn runner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.comparison.rounds import ComparisonRound, RoundProgress, RoundRunner, select_targets
from zaguan_tui.state.comparison.setup import (
    MAX_TARGETS,
    MIN_TARGETS,
    ComparisonSetup,
    clamp_runs,
    read_setup,
    shuffle_targets,
    targets_of,
    unique_targets,
    vote_of,
)
from zaguan_tui.state.conversations.conversation import Conversation, ConversationKind, Turn, answers_of
from zaguan_tui.state.models.entry import ModelEntry

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState

NEW_COMPARISON_DRAFT = "compare:new"
"""Where the draft of a comparison is kept that is not begun yet."""


class ComparisonDeletedError(Exception):
    """The comparison was deleted, or is none."""


class Comparison:
    """Holds one comparison at a time; what was begun in another goes on.

    ``entry`` gives what is known of a model: parameters that it is known to refuse do not go to it.
    """

    def __init__(
        self, app_state: AppState, entry: Callable[[str], ModelEntry | None] = lambda _model: None
    ) -> None:
        self._app_state, self._entry = app_state, entry
        self._id: str | None = None
        self._setup = ComparisonSetup()
        self._params: Mapping[str, object] = {}
        self._system_prompt = ""
        self._rounds = RoundRunner(app_state)

    @property
    def id(self) -> str | None:
        """The id of the conversation that keeps it; ``None`` before the first prompt."""
        return self._id

    @property
    def conversation(self) -> Conversation | None:
        """The conversation that keeps it, as it stands."""
        return None if self._id is None else self._app_state.conversations.get(self._id)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The prompts put so far, with their answers."""
        conversation = self.conversation
        return conversation.turns if conversation is not None else ()

    @property
    def setup(self) -> ComparisonSetup:
        """Lanes, runs, and whether names are hidden."""
        return self._setup

    @property
    def params(self) -> Mapping[str, object]:
        """The parameters of the next prompt, the same for all lanes."""
        return self._params

    @property
    def system_prompt(self) -> str:
        """What every model reads first."""
        return self._system_prompt

    @property
    def draft_place(self) -> str:
        """Where the draft of this comparison is kept."""
        return NEW_COMPARISON_DRAFT if self._id is None else f"conversation:{self._id}"

    @property
    def progress(self) -> RoundProgress | None:
        """How far the round is that is under way; ``None`` when none is."""
        return self._rounds.progress(self._id)

    @property
    def ready(self) -> bool:
        """Whether there are lanes enough to compare."""
        return len(self._setup.lanes) >= MIN_TARGETS

    def places(self, turn: Turn | None = None) -> tuple[ModelTarget, ...]:
        """The lanes of a turn (``None``: of the next one) in the order in which they stand on the screen."""
        lanes = self._setup.lanes if turn is None else targets_of(turn)
        if not self._setup.blind:
            return lanes
        ids = [one.id for one in self.turns]
        number = ids.index(turn.id) if turn is not None and turn.id in ids else len(ids)
        return shuffle_targets(lanes, self._setup.seed, number)

    def hidden(self, turn: Turn | None = None) -> bool:
        """Whether the names of a turn's lanes must not be seen: blind, and no vote was cast."""
        return self._setup.blind and (turn is None or vote_of(turn) is None)

    async def lay_out(self, setup: ComparisonSetup) -> None:
        """Compare in this way from the next prompt on: six lanes and twenty runs at most."""
        self._setup = replace(
            setup, lanes=unique_targets(setup.lanes)[:MAX_TARGETS], runs=clamp_runs(setup.runs)
        )
        await self._update_setup(setup=self._setup.written())

    async def set_params(self, params: Mapping[str, object]) -> None:
        """Send these parameters from now on."""
        self._params = dict(params)
        await self._update_setup(params=self._params)

    async def set_system_prompt(self, text: str) -> None:
        """Give the models another system prompt."""
        self._system_prompt = text
        await self._update_setup(system_prompt=text)

    def start_new(self) -> None:
        """Close the comparison shown; lanes, runs, parameters and system prompt stay."""
        self._id = None

    async def take(self, conversation_id: str) -> Conversation:
        """Open an earlier comparison. Raises ``ComparisonGoneError``."""
        try:
            conversation: Conversation = await self._app_state.conversations.open(conversation_id)
        except KeyError as error:
            raise ComparisonDeletedError(conversation_id) from error
        if conversation.kind is not ConversationKind.COMPARISON:
            raise ComparisonDeletedError(conversation_id)
        self._id, self._setup = conversation.id, read_setup(conversation.setup)
        self._params, self._system_prompt = conversation.params, conversation.system_prompt
        return conversation

    def ask(self, question: PromptRequest) -> ComparisonRound:
        """Fix where a question goes. From here on a round is under way; :meth:`deliver` it."""
        place = self.draft_place
        if self._id is None:
            begun = self._app_state.conversations.create(
                None,
                self._system_prompt,
                ConversationKind.COMPARISON,
                params=self._params,
                setup=self._setup.written(),
            )
            self._id = begun.id
        return self._rounds.begin(
            ComparisonRound(
                self._id,
                select_targets(self._setup.lanes, self._params, self._entry),
                question,
                place,
                1,
                self._setup.runs,
            )
        )

    def ask_again(self) -> ComparisonRound | None:
        """The same for as many more runs of the last prompt; ``None`` when nothing was asked."""
        if self._id is None or not (turns := self.turns):
            return None
        turn = turns[-1]
        runs_so_far = max((answer.run for answer in turn.answers), default=0)
        return self._rounds.begin(
            ComparisonRound(
                self._id,
                targets_of(turn),
                None,
                self.draft_place,
                runs_so_far + 1,
                runs_so_far + self._setup.runs,
                turn.id,
            )
        )

    async def deliver(self, round_: ComparisonRound) -> None:
        """Ask, run after run, until all is said or stopped. Raises as the turn runner does."""
        try:
            await self._rounds.deliver(round_)
        except Exception:
            self.withdraw(round_)
            raise

    def withdraw(self, round_: ComparisonRound) -> None:
        """A round does not go out. A comparison whose first prompt never began is none."""
        self._rounds.withdraw(round_)
        if (
            round_.draft_place == NEW_COMPARISON_DRAFT
            and self._id == round_.conversation_id
            and not self.turns
        ):
            self._id = None

    def stop(self) -> bool:
        """Stop all lanes and all runs still to come; whether there was anything to stop."""
        return self._id is not None and self._rounds.stop(self._id)

    def stop_lane(self, key: str) -> bool:
        """Stop one lane, also in the runs to come; the others go on. Whether it was under way."""
        return self._id is not None and self._rounds.stop_lane(self._id, key)

    async def vote(self, turn_id: str, key: str) -> bool:
        """Vote for a lane's newest answer to the prompt of a turn; false when it gave none. The last vote
        counts."""
        if self._id is None:
            return False
        conversation: Conversation = self._app_state.conversations.get(self._id)
        turn = conversation.turn(turn_id)
        own = answers_of(turn, key)
        if not own:
            return False
        for answer in turn.answers:
            if answer.chosen and answer is not own[-1]:
                await self._app_state.conversations.amend(self._id, answer.id, chosen=False)
        await self._app_state.conversations.amend(self._id, own[-1].id, chosen=True)
        return True

    async def _update_setup(self, **changes: Any) -> None:
        if self._id is None:
            return
        try:
            await self._app_state.conversations.change(self._id, **changes)
        except KeyError as error:
            raise ComparisonDeletedError(self._id) from error
