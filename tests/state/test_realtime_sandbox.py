"""The session against the real sandbox: the same over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from zaguan_tui.client.client import ZaguanClient
from zaguan_tui.sandbox.embedded import EmbeddedSandbox
from zaguan_tui.state.client_handle import ClientHandle
from zaguan_tui.state.core.clock import SystemClock
from zaguan_tui.state.realtime.audio import write_wav
from zaguan_tui.state.realtime.notices import Phase
from zaguan_tui.state.realtime.session import RealtimeSession
from zaguan_tui.state.realtime.turns import TurnEnding


@pytest.fixture
async def session() -> AsyncIterator[RealtimeSession]:
    sandbox = EmbeddedSandbox(scenario="calm", seed=7)
    sandbox.spawn()
    address = await sandbox.ready()
    try:
        async with ZaguanClient(address.base_url, address.api_key) as client:
            session = RealtimeSession(ClientHandle(client), SystemClock())
            yield session
            await session.aclose()
    finally:
        await asyncio.to_thread(sandbox.stop)


async def until(holds: Callable[[], object], seconds: float = 40.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.02)


async def test_a_whole_life(session: RealtimeSession, tmp_path: Path) -> None:
    session.connect("openai/gpt-realtime")
    await until(lambda: session.status.session_id)
    await session.say("Say hello in five words.")
    await until(lambda: session.running is None)
    (turn,) = session.book.turns
    assert (turn.ending, turn.prompt) == (TurnEnding.FINISHED, "Say hello in five words.")
    assert turn.text
    times = turn.times
    assert 0 < times.first_event_s <= times.first_text_s <= times.first_audio_s < times.done_s
    assert turn.tokens is not None
    assert {gauge.name for gauge in session.status.gauges} == {"requests", "tokens"}
    pieces, sound = session.book.sound_of(turn.id)
    assert write_wav(tmp_path / "a.wav", pieces, sound) == pytest.approx(turn.seconds)

    await session.change({"output_modalities": ["text"]})
    await until(lambda: session.status.modalities == ("text",))
    await session.say("Tell me a long story about rivers.")
    await until(lambda: session.book.turns[-1].text)
    await session.stop()
    await until(lambda: session.running is None)
    assert session.book.turns[-1].ending is TurnEnding.CANCELLED
    assert session.book.turns[-1].octets == 0
    await session.disconnect()
    assert (session.status.phase, session.status.problem) == (Phase.CLOSED, None)


async def test_a_tool_is_asked_for(session: RealtimeSession) -> None:
    parameters = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    tool = {"type": "function", "name": "get_weather", "description": "Weather", "parameters": parameters}
    await session.change({"tools": [tool], "tool_choice": "required"})
    session.connect("openai/gpt-realtime")
    await until(lambda: any(entry.type == "session.updated" for entry in session.log.entries))
    await session.say("What is the weather in Oslo?")
    await until(lambda: session.running is None)
    turn = session.book.turns[-1]
    assert turn.ending is TurnEnding.TOOL_CALLS
    assert turn.calls[0].name == "get_weather"
    await session.change({"tools": [tool], "tool_choice": "auto"})
    await session.answer([(turn.calls[0], '{"temperature": 4}')])
    await until(lambda: session.running is None)
    after = session.book.turns[-1]
    assert (after.ending, after.problem) == (TurnEnding.FINISHED, None)
    assert after.text


async def test_a_model_without_sessions_is_refused_in_a_sentence(session: RealtimeSession) -> None:
    session.connect("openai/gpt-4o-mini")
    await until(lambda: session.status.phase is Phase.CLOSED)
    assert session.status.problem is not None
    assert "has no realtime sessions" in session.status.problem.sentence
