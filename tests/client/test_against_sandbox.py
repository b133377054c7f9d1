"""The client against the sandbox, in a process of its own: whole errands, from the first call to the last."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from client_doubles import FastTime
from rows import CONTRACTS

from zaguan_tui.client import APIError, ErrorKind, ZaguanClient, paginate
from zaguan_tui.client.catalogue.declare import CATALOGUE, EXTENSIONS
from zaguan_tui.client.realtime.events import OutputEvent, ResponseEvent
from zaguan_tui.client.realtime.requests import create_response, say, update_session
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.tape.session import record, replay
from zaguan_tui.client.types.models.lifecycle import Stage
from zaguan_tui.sandbox.embedded import Address, EmbeddedSandbox

ASK: dict[str, Any] = {
    "model": "anthropic/claude-3-5-sonnet-20241022",
    "messages": [{"role": "user", "content": "hello there"}],
    "max_tokens": 60,
}


OVER_HTTP = [(row, name) for row in (*CATALOGUE, *EXTENSIONS) for name in row.names if name in CONTRACTS]


@pytest.fixture(scope="module")
def sandbox() -> Any:
    running = EmbeddedSandbox(time_scale=50.0)
    running.spawn()
    yield running
    running.stop()


@pytest.fixture
async def address(sandbox: EmbeddedSandbox) -> Address:
    return await sandbox.ready()


@pytest.fixture
async def client(address: Address) -> AsyncIterator[ZaguanClient]:
    async with ZaguanClient(address.base_url, address.api_key, admin_key=address.admin_key) as client:
        yield client


async def test_the_sandbox_serves_every_row(client: ZaguanClient) -> None:
    """With an answer our readers take, or a word about the ids that the contracts made up."""
    for row, name in OVER_HTTP:
        try:
            await CONTRACTS[name].make(client)
        except APIError as error:
            assert error.kind in (ErrorKind.NOT_FOUND, ErrorKind.INVALID_REQUEST), f"{name}: {error}"
            assert (error.endpoint, error.endpoint_absent) == (row.label, False)


async def test_a_message_whole_and_streamed(client: ZaguanClient) -> None:
    whole = await client.messages(**ASK)
    assert (whole.ending, whole.notes) == (Ending.FINISHED, ())
    assert whole.text
    assert whole.usage is not None
    async with client.messages_stream(**ASK) as stream:
        _ = [event async for event in stream]
    result = stream.result()
    assert (result.ending, result.end_marker, result.notes) == (Ending.FINISHED, True, ())
    counted = await client.count_tokens(model=ASK["model"], messages=ASK["messages"])
    assert counted.input_tokens == whole.usage.prompt_tokens


async def test_a_batch_from_its_making_to_its_results(client: ZaguanClient) -> None:
    requests = [{"custom_id": f"c{number}", "params": ASK} for number in range(3)]
    batch = await client.create_messages_batch(requests=requests)
    assert batch.counts.size == 3
    batch = await client.wait_for_messages_batch(batch.id)
    assert batch.stage is Stage.SUCCEEDED
    async with client.get_messages_batch_results(batch.id) as lines:
        results = [line async for line in lines]
    assert sorted(line.custom_id or "" for line in results) == ["c0", "c1", "c2"]
    assert all(line.message and line.message.text for line in results)
    assert batch.id in [one.id async for one in paginate(client.list_messages_batches, cursor="after_id")]


@pytest.mark.parametrize("numbered", [False, True])
async def test_the_ledger_is_read_to_its_end(client: ZaguanClient, numbered: bool) -> None:
    pager = client.iter_credits_history(
        page_size=200, numbered=numbered, provider="groq", start_date="2026-11-01", end_date="2026-11-18"
    )
    entries = [entry async for entry in pager.entries()]
    assert pager.coverage.complete, str(pager.coverage)
    assert len(entries) == pager.coverage.total
    assert {entry.provider for entry in entries} <= {"groq"}
    stats = await client.get_credits_stats(period="week")
    assert stats.totals.credits
    assert stats.series


async def test_a_provider_is_switched_off_and_on(client: ZaguanClient) -> None:
    off = await client.disable_provider("groq")
    assert (off.accepted, off.enabled) == (True, False)
    seen = {provider.id: provider.enabled for provider in (await client.get_provider_status()).data}
    assert seen["groq"] is False
    assert (await client.enable_provider("groq")).enabled is True
    assert (await client.reload_config()).accepted


async def test_virtual_models(client: ZaguanClient) -> None:
    listed = await client.list_virtual_models()
    shown = await client.get_virtual_model(listed.data[0].id)
    assert shown.data.targets == listed.data[0].targets


@pytest.mark.parametrize("beta", [False, True])
async def test_a_realtime_turn(client: ZaguanClient, beta: bool) -> None:
    async with client.realtime(model="openai/gpt-4o-realtime-preview", beta=beta) as session:
        await session.send(update_session({"type": "realtime", "output_modalities": ["text"]}))
        await session.send(say("hello"))
        await session.send(create_response())
        pieces: list[str] = []
        async for event in session:
            if isinstance(event, OutputEvent) and event.kind == "text" and not event.whole:
                pieces.append(event.text)
            if isinstance(event, ResponseEvent) and event.type == "response.done":
                assert event.response.ending is Ending.FINISHED
                assert event.response.text == "".join(pieces)
                break
        assert await session.ping() < 5
    assert session.closing is not None
    assert session.closing.by_us


async def test_a_session_can_be_taken_home(client: ZaguanClient, address: Address, tmp_path: Any) -> None:
    async def run_calls(of: ZaguanClient) -> list[Any]:
        models = await of.list_models()
        async with of.messages_stream(**ASK) as stream:
            _ = [event async for event in stream]
        return [models.data, stream.result().text, (await of.get_capabilities()).data]

    recording = record(client, tmp_path / "tape.jsonl")
    seen = await run_calls(recording)
    await recording.aclose()
    assert await run_calls(replay(tmp_path / "tape.jsonl", clock=FastTime().clock())) == seen
    tape = (tmp_path / "tape.jsonl").read_text()
    assert address.api_key not in tape
    assert address.admin_key not in tape
