"""Controllers of the realtime screen, without a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from state.scripted_realtime import ScriptedConnection, ScriptedDoor, created, response, sound, spoken

from screens.fake_services import FakeServices
from zaguan_tui.screens.realtime.default_model import NextSession
from zaguan_tui.screens.realtime.recording_controller import NO_EVENTS, NO_SOUND, RecordingController
from zaguan_tui.screens.realtime.settings_controller import SessionSettingsController, read_json_object
from zaguan_tui.screens.realtime.talk_controller import (
    ANSWER_IN_PROGRESS,
    NO_MODEL,
    NOT_OPEN,
    RealtimeTalkController,
)
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.models.entry import ModelCatalogue, ModelEntry
from zaguan_tui.state.realtime.session import NotOpenError, RealtimeSession

ENTRIES = tuple(ModelEntry(name, "openai") for name in ("openai/gpt-4o", "openai/gpt-realtime"))


class Bench:
    """The controllers of a session on one scripted connection."""

    def __init__(self, *results: Any) -> None:
        self.clock = FakeClock()
        self.connection = ScriptedConnection()
        self.session = RealtimeSession(ScriptedDoor(self.connection), self.clock)
        self.services = FakeServices(*results)
        self.next_session = NextSession()
        self.written: list[str] = []
        self.view: Any = SimpleNamespace(
            draw=lambda: None,
            focus_prompt=lambda: None,
            prompt=SimpleNamespace(put_above=self.written.append),
            focused_event=None,
            focused_turn=None,
            turn_text="",
        )
        catalogue = ModelCatalogue(ENTRIES, {entry.id: entry for entry in ENTRIES})
        state: Any = SimpleNamespace(realtime=self.session, models=SimpleNamespace(catalogue=catalogue))
        self.talk = RealtimeTalkController(self.services, self.session, self.next_session, self.view)
        self.settings = SessionSettingsController(self.services, state, self.next_session, self.view)
        self.recording = RecordingController(self.services, self.session, self.view)

    async def hear(self, *frames: Any) -> None:
        self.connection.hear(*frames)
        await self.clock.settle()

    async def open(self) -> None:
        self.next_session.model = "openai/gpt-realtime"
        self.talk.connect()
        await self.clock.settle()
        await self.hear(created())

    async def say(self, text: str) -> None:
        assert self.talk.submit(text)
        await self.services.settle()
        await self.clock.settle()


async def test_sending_is_refused_with_the_reason() -> None:
    bench = Bench()
    assert bench.talk.explain_no_connect() == NO_MODEL
    bench.talk.connect()
    assert not bench.talk.submit("Hi")
    await bench.open()
    assert bench.talk.explain_no_connect() == ""
    await bench.say("Hi")
    assert not bench.talk.submit("More")
    assert bench.services.notices == [NO_MODEL, NOT_OPEN, ANSWER_IN_PROGRESS]
    await bench.session.disconnect()


async def test_a_turn_that_came_too_late_returns_to_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    await bench.open()

    async def say(self: RealtimeSession, text: str) -> None:
        raise NotOpenError

    monkeypatch.setattr(RealtimeSession, "say", say)
    await bench.say("Hi")
    assert bench.written == ["Hi"]
    assert bench.services.notices == [NOT_OPEN]
    await bench.session.disconnect()


async def test_tool_calls_are_answered_and_leaving_one_leaves_all() -> None:
    bench = Bench(None, '{"degrees": 7}')
    await bench.open()
    await bench.say("Weather?")
    call = {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{}"}
    await bench.hear(response(), response("completed", output=[call]))
    assert [one.name for one in bench.talk.open_calls] == ["weather"]
    sent = len(bench.connection.sent)
    await bench.talk.answer_calls()
    assert len(bench.connection.sent) == sent
    await bench.talk.answer_calls()
    await bench.clock.settle()
    assert bench.connection.sent[-2]["item"]["output"] == '{"degrees": 7}'
    await bench.session.disconnect()


async def test_the_default_model_is_one_that_seems_realtime_and_a_choice_stays() -> None:
    bench = Bench("openai/gpt-4o")
    bench.settings.on_models(SimpleNamespace())  # type: ignore[arg-type]
    assert bench.next_session.model == "openai/gpt-realtime"
    await bench.settings.pick_model()
    bench.settings.on_models(SimpleNamespace())  # type: ignore[arg-type]
    assert bench.next_session.model == "openai/gpt-4o"


async def test_session_fields_are_edited_until_they_are_json() -> None:
    bench = Bench("{nonsense", '{"instructions": "Be brief."}')
    await bench.settings.edit_fields()
    assert dict(bench.session.requested_settings) == {"instructions": "Be brief."}
    assert bench.services.notices[0].startswith("This is not JSON")
    await bench.settings.toggle_output()
    assert bench.session.requested_settings["output_modalities"] == ["text"]
    await bench.settings.toggle_output()
    assert bench.session.requested_settings["output_modalities"] == ["audio"]
    assert read_json_object("[]")[1] == "The session is a JSON object: { … }."
    assert read_json_object(" ") == ({}, "")


async def test_sound_and_events_are_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bench = Bench("offered", "offered")
    await bench.recording.save_sound()
    await bench.recording.export_events()
    assert bench.services.notices == [NO_SOUND, NO_EVENTS]
    await bench.open()
    await bench.say("Hi")
    await bench.hear(response(), spoken("Hello."), sound(b"\1\0" * 24_000), response("completed"))
    await bench.recording.save_sound()
    await bench.recording.export_events()
    assert "Wrote 1.0 s of sound, 48 kB, to" in bench.services.notices[2]
    assert (tmp_path / "realtime-gpt-realtime-turn-1.wav").stat().st_size > 48_000
    lines = (tmp_path / "realtime-gpt-realtime.jsonl").read_text().splitlines()
    assert [json.loads(line)["dir"] for line in lines][:2] == ["note", "server"]
    bench.recording.copy()
    bench.view.turn_text = "Hello."
    bench.recording.copy()
    assert bench.services.notices[-1] == "There is nothing to copy yet."
    assert bench.services.copies == ["Hello."]
    await bench.session.disconnect()
