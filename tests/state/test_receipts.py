"""What an answer cost is found in the ledger, politely, and said honestly where it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from state.fake_gateway import FakeGateway
from state.scripted_chat import ScriptedStream
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta, UsageUpdate
from zaguan_tui.client.types.account.credits_history import CreditEntry
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Message, Receipt
from zaguan_tui.state.conversations.rows import message_from_row, message_to_row
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.credits.receipts import GATEWAY_LEFT, NO_HISTORY, NO_ID

MODEL = "groq/llama"


class Gateway(FakeGateway):
    """Answers every chat; asked for the ledger, notes the query."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.queries: list[dict[str, Any]] = []
        self.script: list[Any] | None = None
        self.capabilities = [Capability(model_id=MODEL, input_cost_per_1m=1.0, output_cost_per_1m=2.0)]

    async def get_credits_history(self, *, options: Any = None, **query: Any) -> Any:
        if "query" in query:  # not what is learned of a credit's worth
            self.queries.append(query)
        return await super().get_credits_history(options=options)

    def chat_stream(self, **call: Any) -> Any:
        usage = Usage(prompt_tokens=1000, completion_tokens=500, total_tokens=1500)
        script = [TextDelta("Well."), UsageUpdate(usage), StreamEnded(Ending.FINISHED)]
        return ScriptedStream(list(script if self.script is None else self.script), self.clock)


@dataclass
class Shop:
    """A house with a gateway, one conversation, and its receipts."""

    clock: FakeClock
    gateway: Gateway
    app_state: AppState
    talk: str = field(default="")

    async def ask(self) -> Message:
        answer = await self.app_state.turns.send(self.talk, "How are you?", model=MODEL)
        await self.clock.settle()
        return answer

    def receipt(self, answer: Message) -> Receipt:
        turns = self.app_state.conversations.get(self.talk).turns
        found = next(one for turn in turns for one in turn.answers if one.id == answer.id)
        assert found.receipt is not None
        return found.receipt


@asynccontextmanager
async def shop() -> AsyncIterator[Shop]:
    clock = FakeClock()
    gateway, app_state = Gateway(clock), AppState.build(clock=clock, seed=7)
    app_state.open_storage()
    app_state.connect(gateway)
    app_state.start()
    await app_state.refresh()
    yield Shop(clock, gateway, app_state, app_state.conversations.create(MODEL).id)
    await app_state.aclose()


def row(request_id: str = "req_1", **facts: Any) -> CreditEntry:
    at = datetime(2025, 1, 6, 9, 0, 1, tzinfo=UTC)
    facts = {"id": f"cred_{request_id}", "timestamp": at, "credits_debited": 3.0, "cost": 0.002} | facts
    return CreditEntry(request_id=request_id, model=MODEL, status=facts.pop("status", "success"), **facts)


async def test_the_row_is_found_by_the_request_id() -> None:
    async with shop() as it:
        answer = await it.ask()
        first = it.receipt(answer)
        assert first.debited is None
        assert first.expected == 2.0  # 1,000 in at 1 USD, 500 out at 2 USD a million, 1,000 credits a USD
        assert first.estimated is not None
        it.gateway.debits = [row("req_0", credits_debited=99.0), row()]
        await it.clock.advance(1.4)
        assert not it.gateway.queries
        await it.clock.advance(0.2)
        found = it.receipt(answer)
        assert (found.debited, found.entry_id, found.sentence) == (3.0, "cred_req_1", "")
        assert found.row["cost"] == 0.002
        assert len(it.gateway.queries) == 1
        query = it.gateway.queries[0]["query"]
        assert query.model == MODEL or query.model is None
        assert query.start_date == answer.at - timedelta(minutes=1)


async def test_a_row_may_carry_the_completions_id() -> None:
    async with shop() as it:
        answer = await it.ask()
        turn = it.app_state.conversations.get(it.talk).turns[-1]
        named = turn.answers[-1]
        assert named.request_id == "req_1"
        it.app_state.receipts.search_of(answer.id).ids = frozenset({"req_1", "chatcmpl-9"})
        it.gateway.debits = [row("chatcmpl-9")]
        await it.clock.advance(2)
        assert it.receipt(answer).entry_id == "cred_chatcmpl-9"


async def test_three_tries_then_it_says_so() -> None:
    async with shop() as it:
        answer = await it.ask()
        await it.clock.advance(60)
        assert len(it.gateway.queries) == 3
        assert it.gateway.queries[-1]["query"].start_date is None
        receipt = it.receipt(answer)
        assert receipt.sentence == "The ledger has no row of this request."
        assert receipt.at is not None
        assert receipt.debited is None
        it.gateway.debits = [row()]
        assert it.app_state.receipts.look_again(it.talk, answer)
        await it.clock.advance(0.1)
        assert it.receipt(answer).debited == 3.0


async def test_one_page_serves_all_that_wait() -> None:
    async with shop() as it:
        answers = [await it.ask() for _ in range(4)]
        it.gateway.debits = [row()]
        await it.clock.advance(30)
        assert len(it.gateway.queries) == 1
        assert all(it.receipt(answer).debited == 3.0 for answer in answers)


async def test_a_gateway_without_a_history_is_asked_once() -> None:
    async with shop() as it:
        it.gateway.errors["history"] = lambda: APIError(
            "Not found", kind=ErrorKind.NOT_FOUND, status=404, endpoint_absent=True
        )
        answer = await it.ask()
        await it.clock.advance(30)
        assert it.receipt(answer).sentence == NO_HISTORY
        again = await it.ask()
        await it.clock.advance(30)
        assert it.receipt(again).sentence == NO_HISTORY
        assert len(it.gateway.queries) == 1
        assert not it.app_state.receipts.look_again(it.talk, again)


async def test_a_ledger_that_fails_is_waited_for_as_long_as_it_asks() -> None:
    async with shop() as it:
        it.gateway.errors["history"] = lambda: APIError(
            "Slow down", kind=ErrorKind.RATE_LIMIT, status=429, retry_after=20.0
        )
        answer = await it.ask()
        await it.clock.advance(21)
        assert len(it.gateway.queries) == 1
        await it.clock.advance(40)
        assert len(it.gateway.queries) == 3
        assert it.receipt(answer).sentence.startswith("Too many requests")


async def test_a_request_that_was_sent_twice_has_two_rows() -> None:
    async with shop() as it:
        answer = await it.ask()
        refused = row(id="cred_0", credits_debited=0.0, status="rate_limited")
        it.gateway.debits = [refused, row()]
        await it.clock.advance(2)
        receipt = it.receipt(answer)
        assert (receipt.debited, receipt.entry_id, receipt.row["rows"]) == (3.0, "cred_req_1", 2)


async def test_an_answer_without_an_id_is_not_looked_for() -> None:
    async with shop() as it:
        it.gateway.script = [APIError("No.", status=500, kind=ErrorKind.SERVER)]
        answer = await it.ask()
        await it.clock.advance(30)
        assert it.receipt(answer).sentence == NO_ID
        assert it.receipt(answer).expected is None
        assert not it.gateway.queries


async def test_a_gateway_that_is_left_is_not_asked_any_more() -> None:
    async with shop() as it:
        answer = await it.ask()
        await it.app_state.disconnect()
        it.app_state.connect(Gateway(it.clock))
        it.app_state.client_handle.client.base_url = "http://127.0.0.1:9999"
        await it.clock.advance(30)
        assert not it.gateway.queries
        assert it.receipt(answer).sentence == GATEWAY_LEFT


async def test_receipts_and_completion_ids_are_kept_on_disk() -> None:
    async with shop() as it:
        answer = await it.ask()
        it.gateway.debits = [row(provider="groq", latency_ms=12.5)]
        await it.clock.advance(2)
        conversation = it.app_state.conversations.get(it.talk)
        kept = replace(conversation.turns[-1].answers[-1], completion_id="chatcmpl-9")
        assert message_from_row(message_to_row(kept, it.talk, "turn_1")) == kept
        assert kept.receipt is not None
        assert kept.receipt.row["latency_ms"] == 12.5
        assert kept.id == answer.id


async def test_a_conversation_that_is_deleted_meanwhile_is_no_trouble() -> None:
    async with shop() as it:
        await it.ask()
        await it.app_state.conversations.remove(it.talk)
        it.gateway.debits = [row()]
        await it.clock.advance(30)
