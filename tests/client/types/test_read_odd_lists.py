"""Lists as servers in daily use send them: sizes, prices and owners in any spelling, rows without ids, and
one odd field that never decides over the whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.client.paging.pages import paginate
from zaguan_tui.client.types.account.credits_history import read_credits_history_page
from zaguan_tui.client.types.assistants.runs import read_run_steps
from zaguan_tui.client.types.assistants.threads import read_thread_messages
from zaguan_tui.client.types.core.page import Page
from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.jobs.batches import read_batch
from zaguan_tui.client.types.jobs.fine_tuning import FineTuningEvent, read_fine_tuning_events
from zaguan_tui.client.types.models.capabilities import Capability, capability_of_model, read_capabilities
from zaguan_tui.client.types.models.lifecycle import Stage
from zaguan_tui.client.types.models.models import provider_of, read_models
from zaguan_tui.client.types.models.virtual_models import read_virtual_models
from zaguan_tui.client.types.providers.circuit_breakers import read_circuit_breakers
from zaguan_tui.client.types.providers.provider_fields import MOST_PROVIDERS
from zaguan_tui.client.types.providers.providers import read_provider_status

FIELD = Path(__file__).parents[2] / "fixtures" / "field"


def load(name: str) -> Any:
    return json.loads((FIELD / name).read_text(encoding="utf-8"))


def abilities(entry: dict[str, Any]) -> Capability:
    (model,) = read_models({"data": [{"id": "m", **entry}]}).data
    found = capability_of_model(model)
    assert found is not None
    return found


def test_the_context_of_vllm() -> None:
    (model,) = read_models(load("models_vllm.json")).data
    capability = capability_of_model(model)
    assert capability is not None
    assert (capability.max_context_tokens, model.provider) == (262144, "vllm")


@pytest.mark.parametrize(
    "entry",
    [
        {"max_model_len": 8192},
        {"context_length": 8192},
        {"context_window": 8192},
        {"max_context_length": 8192},
        {"max_context_length": 131072, "loaded_context_length": 8192},
        {"max_input_tokens": "8,192"},
        {"inputTokenLimit": 8192},
        {"meta": {"n_ctx_train": 8192, "n_vocab": 151936}},
        {"meta": {"n_ctx_train": 131072, "n_ctx": 8192}},
        {"limit": {"context": 8192, "output": 4096}},
        {"top_provider": {"context_length": 8192}},
        {"model_info": {"max_input_tokens": 8192}},
        {"capabilities": {"limits": {"max_context_window_tokens": 8192, "max_prompt_tokens": 4096}}},
        {"context_length": 0, "max_model_len": 8192},
        {"context_length": "n/a", "max_model_len": 8192},
    ],
)
def test_context_in_every_spelling(entry: dict[str, Any]) -> None:
    assert abilities(entry).max_context_tokens == 8192


def test_prices_without_a_unit_and_with_one() -> None:
    large, small = map(capability_of_model, read_models(load("models_prices_per_million.json")).data)
    assert large is not None
    assert small is not None
    assert (large.input_cost_per_1m, large.output_cost_per_1m) == (0.88, 2.5)
    assert (small.input_cost_per_1m, small.output_cost_per_1m) == (0.10, 0.40)
    assert (large.max_context_tokens, small.max_context_tokens) == (131072, 32768)


@pytest.mark.parametrize(
    "entry",
    [
        {"pricing": {"prompt": "0.00000088", "completion": "0.0000025", "image": "0.003", "request": 1}},
        {"pricing": {"input": 0.88, "output": 2.5, "cached_input": 0.2, "hourly": 0, "base": 0}},
        {"pricing": {"unit": "per_1k_tokens", "input": 0.00088, "output": 0.0025}},
        {"pricing": {"unit": "1M", "input": "$0.88", "output": "$2.50"}},
        {"pricing": {"unit": "tokens", "input": 0.88, "output": 2.5}},
        {"pricing": {"unit": 1_000_000, "prompt": 0.88, "completion": 2.5}},
        {"pricing": {"unit": "token", "prompt": 0.00000088, "completion": 0.0000025}},
        {"pricing": {"input": "$0.88 / 1M tokens", "output": "2.5 USD per million tokens"}},
        {"pricing": {"input": "0.00088/1K", "output": "$0.0025 per thousand"}},
        {"pricing": {"input": {"usd": 0.88}, "output": {"usd": 2.5}}},
        {"pricing": {"input": {"price": 0.00088, "unit": "1k"}, "output": {"price": 0.0025, "unit": "1k"}}},
        {"pricing": {"input_per_million": 0.88, "output_per_million": 2.5}},
        {"cost": {"input": 0.88, "output": 2.5, "cache_read": 0.1}},
        {"input_cost_per_token": 8.8e-07, "output_cost_per_token": 2.5e-06},
        {"input_cost_per_1k_tokens": 0.00088, "output_cost_per_1k_tokens": 0.0025},
        {"inputCostPer1M": 0.88, "outputCostPer1M": 2.5},
        {"input_price_per_million_tokens": "0.88", "output_price_per_million_tokens": "2.5"},
        {"model_info": {"input_cost_per_token": 8.8e-07, "output_cost_per_token": 2.5e-06}},
        {"metadata": {"pricing": {"input_tokens": 0.88, "output_tokens": 2.5}}},
    ],
)
def test_prices_in_every_unit(entry: dict[str, Any]) -> None:
    read = abilities(entry)
    assert (read.input_cost_per_1m, read.output_cost_per_1m) == (0.88, 2.5)


def test_prices_that_are_none() -> None:
    router = abilities({"pricing": {"prompt": "-1", "completion": -1}, "context_length": 5})
    assert (router.input_cost_per_1m, router.output_cost_per_1m) == (None, None)
    free = abilities({"pricing": {"prompt": "0", "completion": 0}})
    assert (free.input_cost_per_1m, free.output_cost_per_1m) == (0, 0)
    odd = abilities({"pricing": {"prompt": [], "completion": "0.0000025", "input": {}}})
    assert (odd.input_cost_per_1m, odd.output_cost_per_1m) == (None, 2.5)


@given(
    st.dictionaries(
        st.sampled_from(["unit", "input", "prompt", "output", "per", "reasoning"]),
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | st.just({"usd": {}}),
    )
)
def test_no_odd_price_breaks_an_entry(pricing: dict[str, Any]) -> None:
    (model,) = read_models({"data": [{"id": "m", "pricing": pricing, "cost": pricing, **pricing}]}).data
    capability = capability_of_model(model)
    for price in () if capability is None else (capability.input_cost_per_1m, capability.output_cost_per_1m):
        assert price is None or 0 <= price < float("inf")


@given(
    st.floats(0.01, 600),
    st.sampled_from([("per_1m_tokens", 1.0), ("per_1k_tokens", 1000.0), ("per_token", 1e6), (None, 1e6)]),
    st.booleans(),
)
def test_a_price_is_the_same_in_every_unit(
    per_million: float, unit: tuple[str | None, float], as_text: bool
) -> None:
    name, parts = unit
    price: Any = per_million / parts
    pricing = {"input": repr(price) if as_text else price, **({"unit": name} if name else {})}
    assert abilities({"pricing": pricing}).input_cost_per_1m == pytest.approx(per_million)


def test_the_provider_of_an_id_that_is_a_path() -> None:
    models = read_models(load("models_gemini_ids.json")).data
    assert [(model.id, model.provider) for model in models] == [
        ("models/gemini-2.5-flash", "google"),
        ("models/gemini-2.5-pro", "google"),
    ]


@pytest.mark.parametrize(
    ("model_id", "provider"),
    [
        ("openai/gpt-4o", "openai"),
        ("openrouter/openai/gpt-4o", "openrouter"),
        ("gpt-4o", None),
        ("models/gemini-2.5-flash", None),
        ("accounts/fireworks/models/llama-v3p1-8b", "fireworks"),
        ("publishers/google/models/gemini-pro", "google"),
        ("/models/qwen", None),
        ("./qwen.gguf", None),
        ("C:/models/qwen.gguf", None),
    ],
)
def test_the_provider_in_an_id(model_id: str, provider: str | None) -> None:
    assert provider_of(model_id) == provider
    (model,) = read_models({"data": [{"id": model_id, "owned_by": "acme"}]}).data
    assert model.provider == (provider if model_id.startswith("open") else "acme")


FOREIGN = (
    {"choices": {"index": 0, "message": {"name": "x"}}},
    {"choices": {"0": {"message": {}}}, "usage": {"total_tokens": 3}, "created": 1},
    {"data": {"choices": {"message": {}}}},
    {"message": {"role": "assistant"}, "answer": {"text": "hi"}},
)


@pytest.mark.parametrize("body", FOREIGN)
@pytest.mark.parametrize(
    "read",
    [read_models, read_capabilities, read_provider_status, read_circuit_breakers, read_virtual_models],
)
def test_no_member_of_another_answer_becomes_an_entry(read: Any, body: Any) -> None:
    with pytest.raises(UnreadableValue):
        read(body)


def test_a_chat_answer_is_no_model() -> None:
    with pytest.raises(UnreadableValue):
        read_models({"id": "chatcmpl-1", "object": "chat.completion", "choices": [], "model": "m"})


@pytest.mark.parametrize("read", [read_models, read_capabilities, read_fine_tuning_events])
def test_data_that_is_null_is_an_empty_list_with_a_note(read: Any) -> None:
    answer = read({"object": "list", "data": None})
    assert (answer.data, answer.notes) == ((), ("data: null in place of a list",))


def test_a_batch_in_which_all_requests_failed() -> None:
    batch = read_batch(load("batch_all_failed.json"))
    assert (batch.status, batch.stage, batch.is_over) == ("completed", Stage.FAILED, True)
    assert (batch.error_file_id, batch.output_file_id) == ("file-err", None)


@pytest.mark.parametrize(
    ("counts", "stage"),
    [
        ({"total": 9, "completed": 9, "failed": 0}, Stage.SUCCEEDED),
        ({"total": 9, "completed": 8, "failed": 1}, Stage.SUCCEEDED),
        ({"total": "9", "completed": None, "failed": "9"}, Stage.FAILED),
        ({"total": 9, "completed": [], "failed": "nine"}, Stage.SUCCEEDED),
        ([], Stage.SUCCEEDED),
        ("9 of 9", Stage.SUCCEEDED),
        (None, Stage.SUCCEEDED),
    ],
)
def test_the_counts_of_a_completed_batch(counts: Any, stage: Stage) -> None:
    assert read_batch({"id": "b", "status": "completed", "request_counts": counts}).stage is stage


def test_events_without_ids() -> None:
    page = read_fine_tuning_events(load("tuning_events_without_ids.json"))
    assert [event.message for event in page.data] == [
        "Fine tune request created",
        "Training started",
        "Epoch completed, at step 24",
    ]
    assert len({event.id for event in page.data}) == 3
    assert not any(event.has_own_id for event in page.data)
    assert (page.next_cursor, page.notes) == (None, ())
    again = read_fine_tuning_events(load("tuning_events_without_ids.json"))
    assert [event.id for event in again.data] == [event.id for event in page.data]


async def test_the_same_event_twice_is_two_and_the_list_has_an_end() -> None:
    event = {"message": "step", "created_at": 1760000000}

    async def fetch(after: str | None = None) -> Page[FineTuningEvent]:
        return read_fine_tuning_events({"data": [event, event]})

    pager = paginate(fetch)
    assert [found.message async for found in pager] == ["step", "step"]
    assert (pager.pages, pager.complete) == (1, True)


def test_other_rows_without_ids() -> None:
    steps = read_run_steps({"data": [{"type": "tool_calls", "status": "completed"}]})
    assert [step.type for step in steps.data] == ["tool_calls"]
    said = read_thread_messages({"data": [{"role": "user", "content": "hi"}, {"x": 1}]})
    assert ([message.text for message in said.data], len(said.notes)) == (["hi"], 1)
    row = {"timestamp": "2026-10-03T21:42:09Z", "credits_debited": 3, "model": "m"}
    page = read_credits_history_page({"entries": [row, row, {**row, "id": "a"}]})
    assert [entry.credits_debited for entry in page.data] == [3, 3, 3]
    assert len({entry.id for entry in page.data}) == 3


def test_one_odd_word_among_many() -> None:
    words: dict[str, Any] = dict.fromkeys(["openai", "groq", "xai", "mistral"], "closed")
    breakers = read_circuit_breakers({**words, "cohere": ["odd"]})
    assert [breaker.provider for breaker in breakers.data] == list(words)
    assert len(breakers.notes) == 1
    providers = read_provider_status({**dict.fromkeys(words, "up"), "cohere": "like never before"})
    assert [one.status for one in providers.data] == ["healthy"] * 4 + ["unknown"]


def test_one_odd_tool_among_many() -> None:
    from zaguan_tui.client.types.assistants.assistants import read_assistant

    tools = [{"type": "file_search"}, "odd", {"type": "code_interpreter"}]
    assistant = read_assistant({"id": "a", "tools": tools})
    assert [tool["type"] for tool in assistant.tools] == ["file_search", "code_interpreter"]


@pytest.mark.parametrize("read", [read_provider_status, read_circuit_breakers])
@pytest.mark.parametrize(
    "wrap", [list, lambda rows: {"providers": rows}, lambda rows: {r["name"]: r for r in rows}]
)
def test_of_more_providers_than_any_gateway_has_the_first_are_read(read: Any, wrap: Any) -> None:
    rows = [{"name": f"p{n}", "status": "healthy", "state": "closed"} for n in range(MOST_PROVIDERS + 1_500)]
    report = read(wrap(rows))
    assert len(report.data) == MOST_PROVIDERS
    assert any("1,500 more entries were not read" in note for note in report.notes)
    assert report.raw is None


def test_a_map_of_words_and_objects_is_read_in_time() -> None:
    rows: dict[str, Any] = {f"p{n}": "healthy" if n % 2 else {"status": "healthy"} for n in range(40_000)}
    assert len(read_provider_status(rows).data) == MOST_PROVIDERS
