"""Cost estimator of the present gateway: counts tokens where the gateway can, and learns the credit rate."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from zaguan_tui.client.errors.exceptions import APIError, ArgumentError
from zaguan_tui.state.chat.dialects import messages_params
from zaguan_tui.state.chat.message import Message, Role
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.conversations.conversation import Conversation
from zaguan_tui.state.conversations.model_context import build_messages_turns
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.problems import is_unsupported_call
from zaguan_tui.state.credits.balance import CreditsState
from zaguan_tui.state.credits.estimate import (
    CostEstimate,
    OutgoingRequest,
    compute_estimate,
    estimate_prompt_tokens,
)
from zaguan_tui.state.credits.pricing import ASSUMED_RATE, CreditRate, derive_credit_rate
from zaguan_tui.state.models.catalogue import ModelsState
from zaguan_tui.state.subject import Subject

if TYPE_CHECKING:
    from zaguan_tui.config.settings import Settings
    from zaguan_tui.state.client_handle import ClientHandle

MAX_COUNTED: Final = 400_000
"""Characters of a prompt above which it is not sent for counting."""

DEFAULT_TRIPWIRE: Final = 0.01
MAX_COUNTS: Final = 64
TIMEOUT_S: Final = 10.0
RETRY_AFTER_S: Final = 30.0
"""Seconds without counting after a call that failed."""

TARIFF_REFRESH_S: Final = 600.0
ROWS: Final = 100
IN_THREAD_FROM: Final = 20_000
"""Weighing more characters than this may hold the event loop for longer than a frame."""

_UNSUPPORTED_STATUSES: Final = frozenset({400, 404, 405, 422, 501})


@dataclass(slots=True)
class _GatewayKnowledge:
    """What is known of one gateway. Moments are of the monotonic clock."""

    counts: OrderedDict[Hashable, int] = field(default_factory=OrderedDict)
    uncounted: set[str] = field(default_factory=set)
    asking: asyncio.Task[None] | None = None
    count_from: float = 0.0
    learn_from: float = 0.0
    tariff: CreditRate = ASSUMED_RATE


class CostEstimator(Subject):
    """Estimates what a request costs; what the gateway does not count is estimated, and marked so.

    ``tripwire`` is the share of the balance, 0..1, above which a send is asked about; 0 never asks.
    """

    def __init__(
        self, client_handle: ClientHandle, models: ModelsState, account: CreditsState, clock: Clock
    ) -> None:
        self._client_handle, self._models, self._account, self._clock = client_handle, models, account, clock
        self._address = ""
        self.tripwire = DEFAULT_TRIPWIRE
        self._known = _GatewayKnowledge()

    def apply(self, settings: Settings) -> None:
        """Take over the share of the balance above which a send is asked about."""
        self.tripwire = settings.prompt.tripwire_percent / 100

    @property
    def tariff(self) -> CreditRate:
        """What a credit is worth, as far as it was learned."""
        return self._known.tariff

    def guess(self, outgoing: OutgoingRequest) -> CostEstimate:
        """The estimate by what is known here, at once. Of long texts in a thread: :meth:`weigh`."""
        return self._estimate_cost(outgoing, estimate_prompt_tokens(outgoing), exact=False)

    async def weigh(self, outgoing: OutgoingRequest) -> CostEstimate:
        """The same, however long the texts are; exact if the gateway counted this very prompt before."""
        self._reset_for_new_address()
        if _characters(outgoing) > IN_THREAD_FROM:
            tokens_in, exact = await asyncio.to_thread(self._find_tokens, outgoing)
        else:
            tokens_in, exact = self._find_tokens(outgoing)
        return self._estimate_cost(outgoing, tokens_in, exact=exact)

    async def count(self, outgoing: OutgoingRequest) -> CostEstimate | None:
        """The estimate with the tokens as the gateway counts them; ``None`` where it cannot.

        Pictures are not sent for counting, nor prompts of more than 400,000 characters. One count is under
        way at most: who asks meanwhile waits for it. Who is cancelled lets it end, for its count is kept.
        """
        self._reset_for_new_address()
        if not _countable(outgoing):
            return None
        key = _key(outgoing)
        while key not in self._known.counts and self._may_count(outgoing.lane.model):
            if self._known.asking is None or self._known.asking.done():
                self._known.asking = asyncio.create_task(
                    self._request_count(_body(outgoing), key, self._known.counts)
                )
            await asyncio.wait({self._known.asking})
        counted = self._known.counts.get(key)
        return None if counted is None else self._estimate_cost(outgoing, counted, exact=True)

    async def learn(self) -> None:
        """Read the newest rows of the ledger for what a credit is worth, unless that was done lately."""
        self._reset_for_new_address()
        now = self._clock.monotonic()
        if now < self._known.learn_from or self._client_handle.client is None:
            return
        self._known.learn_from = now + TARIFF_REFRESH_S
        try:
            page = await self._client_handle.required().get_credits_history(
                limit=ROWS, options=self._client_handle.read_options(TIMEOUT_S)
            )
        except asyncio.CancelledError:
            self._known.learn_from = 0.0
            raise
        except Exception as error:  # noqa: BLE001 - boundary: the assumption is good enough without
            if is_unsupported_call(error):
                self._known.learn_from = float("inf")
            return
        learned = derive_credit_rate(page.data)
        if not learned.assumed:
            self._known.tariff = learned

    def before_answer(self, conversation: Conversation, turn_id: str, answer: Message) -> CostEstimate:
        """What an answer was to cost when its prompt went out."""
        turn = conversation.turn(turn_id)
        prompt = turn.prompt
        question = PromptRequest(prompt.text, prompt.attachments, prompt.tool_results)
        lane = ModelTarget(answer.model or "", answer.dialect, answer.params)
        before = conversation.until(turn_id)
        return self.guess(OutgoingRequest(lane, question, before, conversation.system_prompt))

    def share_of_balance(self, amount: float | None) -> float | None:
        """Which share of the remaining credits an amount is, 0..1 and more; ``None`` where not known."""
        remaining = self.remaining
        if amount is None or remaining is None:
            return None
        if remaining <= 0:
            return float("inf") if amount > 0 else 0.0
        return amount / remaining

    def trips(self, amount: float | None) -> bool:
        """Whether an amount is so large a share of the remaining credits that it is asked about."""
        share = self.share_of_balance(amount)
        return bool(amount) and share is not None and 0 < self.tripwire < share

    @property
    def remaining(self) -> float | None:
        """The credits that are left, as last read."""
        balance = self._account.store.snapshot.value
        return balance.credits_remaining if balance is not None else None

    def _estimate_cost(self, outgoing: OutgoingRequest, tokens_in: int, *, exact: bool) -> CostEstimate:
        entry = self._models.entry(outgoing.lane.model)
        balance = self._account.store.snapshot.value
        return compute_estimate(outgoing, tokens_in, entry, balance, self._known.tariff, exact=exact)

    def _may_count(self, model: str) -> bool:
        rested = self._clock.monotonic() >= self._known.count_from
        return self._client_handle.client is not None and rested and model not in self._known.uncounted

    def _find_tokens(self, outgoing: OutgoingRequest) -> tuple[int, bool]:
        counted = self._known.counts.get(_key(outgoing)) if _countable(outgoing) else None
        return (estimate_prompt_tokens(outgoing), False) if counted is None else (counted, True)

    async def _request_count(
        self, body: dict[str, Any], key: Hashable, counts: OrderedDict[Hashable, int]
    ) -> None:
        try:
            token_count = await self._client_handle.required().count_tokens(
                **body, options=self._client_handle.read_options(TIMEOUT_S)
            )
        except Exception as error:  # noqa: BLE001 - boundary: an estimate does without
            if is_unsupported_call(error):
                self._known.count_from = float("inf")
            elif _is_unanswerable(error):
                self._known.uncounted.add(body["model"])
            else:
                self._known.count_from = self._clock.monotonic() + RETRY_AFTER_S
            return
        counts[key] = token_count.input_tokens
        while len(counts) > MAX_COUNTS:
            counts.popitem(last=False)

    def _reset_for_new_address(self) -> None:
        """Another gateway counts and charges otherwise."""
        if self._client_handle.address != self._address:
            self._address = self._client_handle.address
            self._known = _GatewayKnowledge()


def _is_unanswerable(error: Exception) -> bool:
    """Whether counting fails for this model whenever it is tried."""
    if isinstance(error, APIError):
        return error.status in _UNSUPPORTED_STATUSES
    return isinstance(error, ArgumentError)


def _characters(outgoing: OutgoingRequest) -> int:
    question = outgoing.question
    own = len(question.text) + sum(len(file.data) for file in question.attachments if not file.is_image)
    history = (
        len(turn.prompt.text) + sum(len(answer.text) for answer in turn.answers) for turn in outgoing.turns
    )
    return own + sum(history) + len(outgoing.system_prompt)


def _countable(outgoing: OutgoingRequest) -> bool:
    questions = [outgoing.question.attachments, *(turn.prompt.attachments for turn in outgoing.turns)]
    images = any(attachment.is_image for attachments in questions for attachment in attachments)
    return bool(outgoing.lane.model) and not images and _characters(outgoing) <= MAX_COUNTED


def _body(outgoing: OutgoingRequest) -> dict[str, Any]:
    """The call that counts what would go out."""
    question, lane = outgoing.question, outgoing.lane
    prompt = Message(
        "",
        Role.TOOL if question.tool_results else Role.USER,
        question.text,
        datetime.now(UTC),
        attachments=question.attachments,
        tool_results=question.tool_results,
    )
    body: dict[str, Any] = {
        "model": lane.model,
        "messages": build_messages_turns(outgoing.turns, prompt, lane.model),
        **_counted_params(lane),
    }
    if outgoing.system_prompt.strip():
        body["system"] = outgoing.system_prompt
    return body


def _counted_params(lane: ModelTarget) -> dict[str, Any]:
    params = messages_params(lane.params)
    return {name: params[name] for name in ("tools", "tool_choice", "thinking") if name in params}


def _key(outgoing: OutgoingRequest) -> Hashable:
    """What tells one count from another. Asked for at every key, so nothing is written out for it: what was
    said is known by its ids, and by its length while it is still being said.
    """
    answers = [(turn.id, turn.answer) for turn in outgoing.turns]
    history = tuple(
        (turn_id, None if answer is None else (answer.id, len(answer.text))) for turn_id, answer in answers
    )
    params = json.dumps(_counted_params(outgoing.lane), sort_keys=True, default=str)
    return outgoing.lane.model, params, outgoing.system_prompt, outgoing.question, history
