"""The event log and the sound: bounded, folded, and true WAV files."""

from __future__ import annotations

import base64
import json
import wave
from pathlib import Path
from typing import Any

import pytest

from zaguan_tui.state.realtime import event_log as log_module
from zaguan_tui.state.realtime.audio import AudioError, AudioFormat, read_audio_format, write_wav
from zaguan_tui.state.realtime.event_log import EventLog
from zaguan_tui.state.realtime.frame_text import MAX_TEXT_LENGTH, format_frame, shorten_frame
from zaguan_tui.state.realtime.summary import event_label, summarize_event

FIXTURES = Path(__file__).parent.parent / "fixtures" / "realtime"


def events() -> list[tuple[str, Any]]:
    lines = [line for path in sorted(FIXTURES.glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [(entry["dir"], entry["event"]) for entry in map(json.loads, lines)]


def test_the_newest_entries_are_kept_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "MAX_ENTRIES", 3)
    log = EventLog()
    for number in range(5):
        log.received("response.created", {"type": "response.created"}, float(number))
    assert [entry.number for entry in log.entries] == [3, 4, 5]
    assert (log.dropped, log.events, log.get(1)) == (2, 5, None)


def test_large_frames_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "MAX_CHARACTERS", 1_000)
    log = EventLog()
    for number in range(5):
        log.received("x", {"text": "y" * 600}, float(number))
    assert len(log.entries) == 1


def test_a_run_of_deltas_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "MAX_FRAMES", 2)
    log = EventLog()
    for number in range(5):
        log.received("response.output_text.delta", {"delta": "a"}, float(number))
    assert [entry.times for entry in log.entries] == [2, 2, 1]


def test_an_entry_does_not_change_when_its_run_grows() -> None:
    log = EventLog()
    first = log.received("response.output_text.delta", {"delta": "a "}, 0.0)
    second = log.received("response.output_text.delta", {"delta": "b"}, 1.0)
    assert (len(first.kept_frames), len(second.kept_frames)) == (1, 2)
    assert (second.summary, second.last_s) == ("a b", 1.0)


def test_sound_is_folded_wherever_it_is() -> None:
    sound = base64.b64encode(b"\1" * 4200).decode()
    assert shorten_frame({"type": "response.audio.delta", "delta": sound})["delta"] == "♪ 4.2 kB"
    assert shorten_frame({"type": "input_audio_buffer.append", "audio": sound})["audio"] == "♪ 4.2 kB"
    inner = {"item": {"content": [{"type": "input_audio", "audio": sound}, {"image": sound}]}}
    folded = shorten_frame(inner)["item"]["content"]
    assert (folded[0]["audio"], folded[1]["image"]) == ("♪ 4.2 kB", "base64, 4.2 kB")


def test_what_is_said_is_not_taken_for_sound() -> None:
    line = "a" * 1000
    assert shorten_frame({"type": "response.output_text.delta", "delta": line})["delta"] == line
    long = shorten_frame({"text": "b" * (MAX_TEXT_LENGTH + 5)})["text"]
    assert long.endswith("… (5 more characters)")
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    assert "…" in format_frame({"deep": deep})


def test_every_event_of_the_fixtures_has_a_line_without_base64() -> None:
    for _, event in events():
        line = summarize_event(event["type"], event)
        assert len(line) <= 160
        assert "AAAA" not in line
        assert event_label(event["type"])
    assert summarize_event(
        "response.done", {"response": {"status": "completed", "usage": {"output_tokens": 7}}}
    ) == ("completed · 7 out")


@pytest.mark.parametrize("frame", [None, "x", 3, [], {"item": 3}, {"rate_limits": ["x"]}, {"error": 1}])
def test_no_frame_breaks_a_summary(frame: Any) -> None:
    for name in (
        "error",
        "response.done",
        "session.created",
        "conversation.item.added",
        "",
        "rate_limits.updated",
    ):
        assert isinstance(summarize_event(name, frame), str)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, ("audio/pcm", 24000, 1)),
        ({"type": "audio/pcm", "rate": 16000}, ("audio/pcm", 16000, 1)),
        ({"type": "audio/pcm", "rate": "fast"}, ("audio/pcm", 24000, 1)),
        ({"type": "audio/pcmu"}, ("audio/pcmu", 8000, 7)),
        ("g711_alaw", ("g711_alaw", 8000, 6)),
        ({"type": "audio/opus"}, ("audio/opus", 24000, None)),
        ({"type": ["x"]}, ("['x']", 24000, None)),
    ],
)
def test_the_format_of_a_session(told: Any, expected: tuple[Any, ...]) -> None:
    sound = read_audio_format({"audio": {"output": {"format": told}}})
    assert (sound.name, sound.rate, sound.tag) == expected


def test_a_wav_file_of_sixteen_bits(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    assert write_wav(path, [b"\0\1", b"\2\3\4"], AudioFormat()) == pytest.approx(2 / 24000)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24000)
        assert file.readframes(9) == b"\0\1\2\3"
    assert int.from_bytes(path.read_bytes()[4:8], "little") == path.stat().st_size - 8


def test_a_wav_file_of_the_telephone(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    assert write_wav(path, [b"\x7f" * 8001], AudioFormat("audio/pcmu", 8000, 7, 1)) == pytest.approx(1, 0.01)
    data = path.read_bytes()
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert (data[20], data[24:28], data[34]) == (7, (8000).to_bytes(4, "little"), 8)
    assert b"fact" in data


def test_no_file_is_written_over_and_no_half_one_left(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_wav(path, [b"\0\0"], AudioFormat())
    assert path.read_text() == "mine"
    with pytest.raises(AudioError, match="audio/opus"):
        write_wav(tmp_path / "b.wav", [b"\0\0"], AudioFormat("audio/opus", 48000, None, 1))
    assert not (tmp_path / "b.wav").exists()
