"""What answers hold beside their text, as it is kept, sent back and paid for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.client.types.models.models import read_models
from zaguan_tui.state.chat.message import Dialect, Message, ToolResult
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.chat.turn_runner import TurnRunner
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.credits.estimate import OutgoingRequest, compute_estimate
from zaguan_tui.state.credits.pricing import ASSUMED_PER_USD, cost_of
from zaguan_tui.state.models.entry import ModelEntry, join_models
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database

from .recorded_chat import FIELD, RecordedClient

Ask = Callable[..., Any]
DONE = b"data: [DONE]\n\n"


class Bench:
    """A runner over a file, whose client plays recorded bodies."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.store = ConversationStore(self.clock, ConversationTable(database))
        self.client = RecordedClient()
        self.runner = TurnRunner(self.client, self.store, self.clock)
        self.talk = self.store.create("acme/model").id

    async def ask(self, body: bytes, question: PromptRequest | str = "hi", **lane: Any) -> Message:
        self.client.bodies.append(body)
        return await self.runner.send(self.talk, question, **lane)

    async def remembered(self) -> Message:
        again = ConversationStore(self.clock, ConversationTable(self.database))
        answer = (await again.open(self.talk)).turns[-1].answer
        assert answer is not None
        return answer


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with await Database.open(tmp_path / "history.db") as database:
        yield Bench(database)


def field(name: str) -> bytes:
    return (FIELD / name).read_bytes()


async def test_calls_without_ids_get_ids_of_their_own(bench: Bench) -> None:
    answer = await bench.ask(field("calls_same_index_empty_ids.sse"))
    assert [(call.name, json.loads(call.arguments)) for call in answer.tool_calls] == [
        ("get_weather", {"city": "Graz"}),
        ("get_time", {"zone": "UTC"}),
    ]
    first, second = (call.id for call in answer.tool_calls)
    assert first
    assert second not in ("", first)
    assert await bench.remembered() == answer
    results = (ToolResult(first, "get_weather", "fog"), ToolResult(second, "get_time", "noon"))
    await bench.ask(DONE, PromptRequest(tool_results=results))
    sent = bench.client.calls[-1]["messages"]
    assert [call["id"] for call in sent[1]["tool_calls"]] == [first, second]
    assert [(one["tool_call_id"], one["content"]) for one in sent[2:]] == [(first, "fog"), (second, "noon")]


async def test_an_image_is_kept_with_the_answer(bench: Bench) -> None:
    answer = await bench.ask(field("image_in_delta.sse"))
    (image,) = answer.attachments
    assert (image.name, image.media_type, image.size) == ("image-1.png", "image/png", 70)
    assert (answer.ending, answer.empty, answer.text) == (Ending.FINISHED, False, "")
    assert await bench.remembered() == answer


async def test_sources_are_kept_with_the_answer(bench: Bench) -> None:
    answer = await bench.ask(field("citations_in_deltas.sse"))
    assert answer.citations == (Citation("https://example.org/rain", "Rain report"),)
    assert await bench.remembered() == answer


async def test_a_block_number_used_twice(bench: Bench) -> None:
    answer = await bench.ask(field("block_number_used_twice.sse"), dialect=Dialect.MESSAGES)
    assert (answer.text, answer.reasoning) == ("---\nFour.", "Two plus two is four.")
    assert [block["type"] for block in answer.blocks] == ["text", "thinking", "text"]
    assert await bench.remembered() == answer


@pytest.mark.parametrize("call_id", ["toolu_3", ""])
async def test_an_input_that_is_json_text_goes_back_as_an_object(bench: Bench, call_id: str) -> None:
    whole = json.loads(field("tool_input_as_text.json"))
    whole["content"][0]["id"] = call_id
    answer = await bench.ask(json.dumps(whole).encode(), dialect=Dialect.MESSAGES)
    (call,) = answer.tool_calls
    assert json.loads(call.arguments) == {"city": "Graz"}
    assert call.id
    question = PromptRequest(tool_results=(ToolResult(call.id, call.name, "fog"),))
    await bench.ask(DONE, question, dialect=Dialect.MESSAGES)
    sent = bench.client.calls[-1]["messages"]
    assert sent[1]["content"] == [
        {"type": "tool_use", "id": call.id, "name": "get_weather", "input": {"city": "Graz"}}
    ]
    assert sent[2]["content"][0]["tool_use_id"] == call.id


async def test_reasoning_beside_the_completion_is_paid_for(bench: Bench) -> None:
    answer = await bench.ask(field("reasoning_beside_completion.sse"))
    assert answer.usage is not None
    assert (answer.usage.completion_tokens, answer.usage.reasoning_tokens) == (388, 386)
    priced = ModelEntry(id="acme/model", input_cost=0.0, output_cost=1.0)
    assert cost_of(answer.usage, priced) == pytest.approx(388 / 1_000_000)


def test_a_chat_with_a_model_priced_per_million_costs_cents() -> None:
    models = read_models(json.loads(field("models_prices_per_million.json"))).data
    entries = {entry.id: entry for entry in join_models(models, {})}
    outgoing = OutgoingRequest(ModelTarget("acme-large"), PromptRequest("hello " * 1000))
    estimate = compute_estimate(outgoing, 2000, entries["acme-large"])
    assert estimate.credits_high is not None
    assert estimate.credits_high / ASSUMED_PER_USD == pytest.approx((2000 * 0.88 + 500 * 2.5) / 1_000_000)
    assert (entries["acme-large"].context, entries["acme-large"].provider) == (131072, "acme")


def test_context_and_provider_of_entries() -> None:
    vllm, *_ = join_models(read_models(json.loads(field("models_vllm.json"))).data, {})
    assert (vllm.context, vllm.provider) == (262144, "vllm")
    gemini = join_models(read_models(json.loads(field("models_gemini_ids.json"))).data, {})
    assert {entry.provider for entry in gemini} == {"google"}
