"""What the realtime view writes: sound as WAV, events as lines of JSON; nothing is written over."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest
from state.scripted_realtime import ScriptedConnection

from screens.realtime_scene import RealtimeScene, open_realtime
from zaguan_tui.state.realtime import turn_log as book


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def save(scene: RealtimeScene) -> None:
    await scene.press("alt+w")
    await scene.play.until(lambda: "Save the sound" in scene.text)


async def test_the_sound_of_a_turn_is_saved(tmp_path: Path) -> None:
    async with open_realtime() as scene:
        await scene.connect()
        await scene.turn()
        await save(scene)
        assert "The sound of turn 1: 1.0 s, 48 kB" in scene.text
        path = tmp_path / "realtime-gpt-realtime-turn-1.wav"
        assert scene.play.screen.query_one("Input").value == str(path)
        await scene.press("enter")
        await scene.play.until(lambda: "Wrote 1.0 s of sound" in scene.toasts)
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnframes()) == (24_000, 24_000)
        await save(scene)
        assert scene.play.screen.query_one("Input").value.endswith("turn-1-2.wav")
        scene.play.screen.query_one("Input").value = str(path)
        await scene.press("enter")
        await scene.play.until(lambda: "already: nothing was written" in scene.toasts)


async def test_telephone_sound_keeps_its_format(tmp_path: Path) -> None:
    async with open_realtime() as scene:
        await scene.connect(audio={"output": {"format": {"type": "audio/pcmu"}}})
        await scene.turn(octets=8_000)
        await save(scene)
        await scene.press("enter")
        await scene.play.until(lambda: "Wrote 1.0 s of sound" in scene.toasts)
        assert (tmp_path / "realtime-gpt-realtime-turn-1.wav").read_bytes()[20] == 7


async def test_an_unknown_format_is_a_sentence() -> None:
    async with open_realtime() as scene:
        await scene.connect(audio={"output": {"format": {"type": "audio/opus"}}})
        await scene.turn()
        await save(scene)
        await scene.press("enter")
        await scene.play.until(lambda: "audio/opus cannot be put into a WAV file" in scene.toasts)


async def test_a_folder_there_is_not_is_a_sentence_and_leaving_writes_nothing(tmp_path: Path) -> None:
    async with open_realtime() as scene:
        await scene.connect()
        await scene.turn()
        await save(scene)
        scene.play.screen.query_one("Input").value = str(tmp_path / "nowhere" / "x.wav")
        await scene.press("f2")
        await scene.play.until(lambda: "could not be written" in scene.toasts)
        await save(scene)
        await scene.press("escape")
        assert not (tmp_path / "realtime-gpt-realtime-turn-1.wav").exists()


async def test_no_sound_and_dropped_sound_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MAX_AUDIO_BYTES", 10)
    async with open_realtime() as scene:
        await scene.press("alt+w")
        await scene.settle()
        assert "No sound came" in scene.toasts
        await scene.connect()
        await scene.turn()
        assert "let go" in scene.text
        await scene.press("alt+w")
        await scene.settle()
        assert "was let go" in scene.toasts


async def test_the_events_are_exported_without_their_sound(tmp_path: Path) -> None:
    async with open_realtime(ScriptedConnection()) as scene:
        await scene.press("alt+e")
        await scene.settle()
        assert "no events" in scene.toasts
        await scene.connect()
        await scene.turn()
        await scene.press("alt+e")
        await scene.play.until(lambda: "Export the events" in scene.text)
        await scene.press("enter")
        await scene.play.until(lambda: "Wrote 8 events" in scene.toasts)
        lines = [
            json.loads(line) for line in (tmp_path / "realtime-gpt-realtime.jsonl").read_text().splitlines()
        ]
        assert [line["dir"] for line in lines][:4] == ["note", "server", "client", "client"]
        assert lines[-2]["event"]["delta"] == "♪ 48 kB"
        assert lines[-1]["at_s"] == 1.0
