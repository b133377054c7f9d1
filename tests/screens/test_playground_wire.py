"""The wire tap beside the answers: requests, frames, stalls, copies without the key, replay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from screens.stage import SMALL, Stage, deceivers
from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.client.dispatch.trace import AttemptFinished, AttemptStarted, StreamClosed
from zaguan_tui.client.streaming.sse import SSEEvent
from zaguan_tui.screens.chat.wire.pane import FRAMES, REPLAY, REQUEST, TIMING, WirePane
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.turn_runner import TurnRunner
from zaguan_tui.state.chat.wire.record import WireRecord

WIDE = (140, 40)
KEY = "zk-live-0123456789abcdef"
SAID = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
ADDRESS: dict[str, Any] = {
    "endpoint": "POST /v1/chat/completions",
    "method": "POST",
    "path": "/v1/chat/completions",
    "url": "http://127.0.0.1:8787/v1/chat/completions",
    "at": 1_700_000_000.0,
}


class Faulty:
    """The app's own client, tapped, asking the sandbox for a fault with every chat."""

    def __init__(self, app: Any, fault: str) -> None:
        self.app = app
        self.fault = fault

    def chat_stream(self, *, options: Any, **call: Any) -> Any:
        client = self.app.session.app_state.client_handle.required()
        headers = {"x-sandbox-fault": self.fault}
        return client.chat_stream(
            **call, options=replace(options, headers=headers, max_retries=0, timeout=1.5)
        )


def break_down(app: Any, fault: str) -> None:
    app_state = app.session.app_state
    client: Any = Faulty(app, fault)
    app_state.chat.turns = TurnRunner(
        client, app_state.conversations, app_state.clock, app_state.client_handle.explain, tap=app_state.wire
    )


def delta(text: str) -> str:
    return json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]})


def pane_of(scene: Scene) -> WirePane:
    return scene.screen.query_one(WirePane)


def begin(scene: Scene, body: dict[str, Any] | None = None, status: int = 200) -> WireRecord:
    """As if the newest answer had been given over a real line."""
    wire = scene.app.session.app_state.wire
    message_id = scene.answer.message.id
    wire.watch(message_id)
    record = wire.of(message_id)
    assert record is not None
    sent = json.dumps(body or {"model": "m/one", "stream": True}).encode()
    wire.observe(AttemptStarted(**ADDRESS, request_id=record.request_id, attempt=1, body=sent))
    wire.observe(
        AttemptFinished(
            **ADDRESS, request_id=record.request_id, attempt=1, status=status, elapsed_s=0.4, streaming=True
        )
    )
    return record


def hear(record: WireRecord, frames: Sequence[tuple[float, str]]) -> None:
    for at_s, data in frames:
        record.add_frame(SSEEvent(data), at_s)


def end(scene: Scene, record: WireRecord, reason: str = "closed") -> None:
    scene.app.session.app_state.wire.observe(
        StreamClosed(ADDRESS["endpoint"], record.request_id, 1, ADDRESS["at"], reason, 3.0, 1_234)
    )


TALK = [(0.5, delta("one ")), (0.7, delta("two ")), (4.9, delta("three")), (5.0, "[DONE]")]


async def tapped(scene: Scene, frames: Sequence[tuple[float, str]] = TALK) -> WireRecord:
    """Ask, give the answer a wire, and open the tap with the keys in it."""
    await scene.ask("tell me")
    record = begin(scene)
    hear(record, frames)
    end(scene, record)
    await scene.press("escape", "w")
    await scene.until(lambda: pane_of(scene).record is record)
    return record


async def test_the_request_and_the_frames_of_a_real_answer(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=WIDE) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        await scene.press("alt+w")
        assert "Nothing has been asked yet." in scene.text
        assert scene.screen.focused is scene.prompt
        await scene.ask("one two three")
        await scene.until(lambda: "[DONE] ends the stream" in scene.text)
        assert '"one"' in scene.text or '"one ' in scene.text
        assert "usage" in scene.text
        assert scene.answer.display  # beside it
        await scene.press("escape", "tab")
        pane_of(scene).take_keys()
        await scene.press("left")
        await scene.until(lambda: "Body that went out" in scene.text)
        assert pane_of(scene).section == REQUEST
        for words in (
            "POST http://127.0.0.1",
            "/v1/chat/completions",
            "● attempt 1  200 after",
            "authorization: [redacted]",
            '"content": "one two three"',
            '"stream": true',
        ):
            assert words in pane_of(scene).copy_text, words
        await scene.press("right", "right")
        assert pane_of(scene).section == TIMING
        for words in ("first byte", "TTFT", "frames", "longest gap"):
            assert words in scene.text


async def test_the_messages_dialect_has_its_own_frames(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=WIDE) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        await scene.screen.chat_session.set_dialect(Dialect.MESSAGES)
        await scene.press("alt+w")
        await scene.ask("one two three")
        await scene.until(lambda: "message_stop ends the stream" in scene.text)
        assert "text_delta" in scene.text
        record = pane_of(scene).record
        assert record is not None
        assert record.attempts[0].path == "/v1/messages"


async def test_a_refused_request_shows_status_and_body(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=WIDE) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        break_down(app, "402")
        await scene.press("alt+w")
        await scene.ask("hello")
        await scene.until(lambda: "Body that came back" in scene.text)
        assert "✖ attempt 1  402 after" in scene.text
        assert '"error"' in scene.text
        text = pane_of(scene).copy_text
        assert text.index("Body that came back") < text.index("Body that went out")


async def test_a_stall_is_marked_where_it_was(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=WIDE) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        break_down(app, "stall; after=6")
        await scene.press("alt+w")
        await scene.ask(SAID)
        await scene.until(lambda: "s of silence" in scene.text)
        assert "▲ 1.5" in scene.text
        assert "✖ cut off" in scene.text
        assert "▲ 1 stall" in scene.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("curl", "curl -N"), ("httpx", "import httpx"), ("openai", "OpenAI("), ("typescript", "await fetch(")],
)
async def test_copy_as_each_language_without_the_key(make_app: MakeApp, language: str, words: str) -> None:
    app = make_app("playground")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        session: Any = app.session
        key = _key_of(session)
        await scene.ask(f"my key is {key}")
        await scene.press("escape", "w", "c")
        await scene.until(lambda: "curl" in scene.text and "Copy the request as" in scene.text)
        await scene.press(*["j"] * ["curl", "httpx", "openai", "typescript"].index(language))
        await scene.until(lambda: words in scene.text)
        assert "$ZAGUAN_API_KEY" in scene.text or "ZAGUAN_API_KEY" in scene.text
        await scene.press("enter")
        await scene.until(lambda: "characters of" in scene.toasts)
        assert words in app.clipboard
        assert key not in app.clipboard
        assert f"Sent {len(app.clipboard):,} characters" in scene.toasts


def _key_of(session: Any) -> str:
    (key, *_) = sorted(session._redactor._known)
    return str(key)


async def test_a_snippet_and_the_frames_become_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with playing(well(), size=WIDE) as (scene, _):
        await tapped(scene)
        await scene.press("c")
        await scene.until(lambda: "Authorization" in scene.text or "curl" in scene.text)
        await scene.press("s")
        await scene.until(lambda: "Save to a file" in scene.text)
        await scene.press("enter")
        await scene.until(lambda: (tmp_path / "request-model-000.sh").exists())
        assert "curl" in (tmp_path / "request-model-000.sh").read_text()
        await scene.until(lambda: "Wrote" in scene.toasts)
        await scene.press("s")
        await scene.until(lambda: "Save to a file" in scene.text)
        await scene.press("enter")
        place = tmp_path / "wire-model-000.jsonl"
        await scene.until(place.exists)
        kinds = [json.loads(line)["kind"] for line in place.read_text().splitlines()]
        assert kinds == ["request", "response", "frame", "frame", "stall", "frame", "frame", "end"]


async def test_frames_come_live_and_a_reader_keeps_the_place() -> None:
    async with playing(well(), size=WIDE) as (scene, _):
        await scene.ask("tell me")
        await scene.press("escape", "w")
        assert "is not kept" in scene.text
        record = begin(scene)
        hear(record, [(0.5 + place * 0.01, delta(f"word-{place} ")) for place in range(100)])
        await scene.until(lambda: '"word-99 "' in scene.text)
        await scene.press("w", "w")  # away and back
        await scene.press("g")
        assert '"word-0 "' in scene.text
        hear(record, [(2 + place * 0.01, delta(f"more-{place} ")) for place in range(100)])
        await scene.until(lambda: "200" in scene.text)
        assert '"word-0 "' in scene.text
        await scene.press("G")
        assert '"more-99 "' in scene.text
        hear(record, [(4.0, delta("the last"))])
        await scene.until(lambda: '"the last"' in scene.text)


async def test_twenty_thousand_frames_stay_quick() -> None:
    import time

    async with playing(well(), size=WIDE) as (scene, _):
        await tapped(scene, [(0.5 + place * 0.001, delta(f"word-{place} ")) for place in range(20_000)])
        assert '"word-19999 "' in scene.text
        began = time.process_time()
        await scene.press("k", "k", "g", "G", "pageup")
        assert time.process_time() - began < 2.0
        await scene.press("g")
        assert '"word-0 "' in scene.text


async def test_a_frame_opens_in_full_and_others_are_a_key_away() -> None:
    async with playing(well(), size=WIDE) as (scene, _):
        await tapped(scene)
        await scene.press("g", "enter")
        await scene.until(lambda: "Frame 1" in scene.text and '"content": "one "' in scene.text)
        await scene.press("n", "n")
        await scene.until(lambda: "Frame 3" in scene.text and '"content": "three"' in scene.text)
        await scene.press("y")
        assert '"content": "three"' in scene.app.clipboard
        await scene.press("p")
        await scene.until(lambda: "Frame 2" in scene.text)
        await scene.press("escape")
        assert pane_of(scene).frames.lines.has_focus


async def test_frames_are_filtered_shown_raw_and_copied() -> None:
    async with playing(well(), size=WIDE) as (scene, _):
        await tapped(scene)
        await scene.press("slash", *"gap>1", "enter")
        await scene.until(lambda: "1 of 6" in scene.text)
        assert '"three"' in scene.text
        assert '"one "' not in scene.text
        await scene.press("slash", "escape")
        await scene.until(lambda: '"one "' in scene.text)
        await scene.press("v")
        assert '{"choices": [{"index"' in scene.text
        await scene.press("g", "y")
        assert scene.app.clipboard == delta("one ")


async def test_the_next_stall_is_a_key_away() -> None:
    async with playing(well(), size=WIDE) as (scene, _):
        await tapped(scene)
        assert "▲ 4.20 s of silence" in scene.text
        await scene.press("g", "S")
        assert type(pane_of(scene).frames.lines.current).__name__ == "Stall"
        await scene.press("right")
        assert "▲ 4.20 s of silence at 0.700 s" in scene.text


async def test_replay_has_the_rhythm_of_the_stream() -> None:
    async with playing(well(), size=WIDE) as (scene, play):
        await tapped(scene)
        await scene.press("r")
        replay = pane_of(scene).replay
        await scene.until(lambda: replay.replay is not None)
        await _pass(play, 0.6)
        assert replay.copy_text == "one "
        await _pass(play, 0.2)
        assert replay.copy_text == "one two "
        await _pass(play, 1.0)
        assert replay.copy_text == "one two "
        assert "▲ silent" in scene.text
        await scene.press("space")
        assert "‖ paused" in scene.text
        await _pass(play, 30.0)
        assert replay.copy_text == "one two "
        await scene.press("x", "space")
        assert "4×" in scene.text
        await _pass(play, 1.2)
        assert replay.copy_text == "one two three"
        assert "■ over" in scene.text
        await scene.press("comma", "comma")
        assert replay.copy_text == "one two "
        await scene.press("full_stop")
        assert replay.copy_text == "one two three"
        await scene.press("x", "r")
        await scene.until(lambda: replay.replay is not None and replay.replay.speed == 1.0)
        await scene.press("escape")
        assert pane_of(scene).section == FRAMES
        assert replay.replay is None
        assert len(play.gateway.chats) == 1  # nothing was asked again


async def _pass(play: Stage, seconds: float) -> None:
    await play.clock.advance(seconds)
    await play.pilot.pause()


async def test_an_answer_that_is_coming_cannot_be_played_yet() -> None:
    async with playing(well(), size=WIDE) as (scene, _):
        await scene.ask("tell me")
        record = begin(scene)
        hear(record, TALK[:2])
        await scene.press("escape", "w", "r")
        await scene.until(lambda: "still coming" in scene.text)
        assert pane_of(scene).section == REPLAY


async def test_small_terminals_show_the_tap_in_the_place_of_the_answers() -> None:
    async with playing(well("Said aloud."), size=SMALL) as (scene, play):
        await tapped(scene)
        assert "Said aloud." not in scene.text
        assert '"three"' in scene.text
        assert "▲ 4.20 s of silence" in scene.text
        await scene.press("escape")
        assert "Said aloud." in scene.text
        assert '"three"' not in scene.text
        await scene.press("w")
        await play.resize(*WIDE)
        assert "Said aloud." in scene.text
        assert '"three"' in scene.text
        await scene.press("escape")
        assert scene.answer.has_focus
        await scene.press("w")
        assert '"three"' not in scene.text


async def test_the_focused_answer_is_the_one_whose_wire_is_shown() -> None:
    async with playing(well(), well(), size=WIDE) as (scene, _):
        await scene.ask("first")
        first = begin(scene)
        hear(first, [(0.5, delta("of the first"))])
        await scene.ask("second")
        second = begin(scene)
        hear(second, [(0.5, delta("of the second"))])
        await scene.press("alt+w")
        await scene.until(lambda: "of the second" in scene.text)
        scene.answers[0].focus()
        await scene.until(lambda: "of the first" in scene.text)
        pane_of(scene).take_keys()
        await scene.press("g")
        assert "of the first" in scene.text
        scene.answers[1].focus()
        await scene.until(lambda: "of the second" in scene.text)


HOSTILE = "漢字🙂 [red]not red[/] \x1b[31mred\x1b]52;c;Zm9v\x07 \u202egnp.exe \u2028 "


async def test_hostile_frames_are_literal_and_harmless() -> None:
    frames = [
        (0.5, delta(HOSTILE)),
        (0.6, HOSTILE),
        (0.7, "x" * 100_000),
        (0.8, '{"error": "[/]\\u001b[2J"}'),
    ]
    async with playing(well(), size=WIDE) as (scene, _):
        record = await tapped(scene, frames)
        record.add_frame(SSEEvent(HOSTILE, "\x1b[2J[bold]"), 0.9)
        await scene.until(lambda: "[red]not re" in scene.text)
        assert "漢字🙂" in scene.text
        assert not deceivers(scene.text)
        await scene.press("g", "enter")
        await scene.until(lambda: "Frame 1" in scene.text)
        assert not deceivers(scene.text)
        await scene.press("n", "n")
        await scene.until(lambda: "more characters" in scene.text or "xxxx" in scene.text)
        await scene.press("escape", "v")
        assert not deceivers(scene.text)
        await scene.press("y", "r", "x", "x")
        assert not deceivers(scene.app.clipboard)
        assert not deceivers(scene.text)


async def test_a_key_that_a_server_echoes_is_masked_everywhere() -> None:
    async with playing(well(), size=WIDE) as (scene, _):
        scene.app.session.app_state.wire.clean = Redactor([KEY]).text
        await tapped(scene, [(0.5, delta(KEY)), (0.6, "[DONE]")])
        assert "[redacted]" in scene.text
        for keys in (["g", "y"], ["enter"], ["y"], ["escape", "r", "x", "x"]):
            await scene.press(*keys)
            await scene.until(lambda: "[redac" in scene.text)
            assert KEY[:8] not in scene.text
            assert KEY not in scene.text
            assert KEY not in scene.app.clipboard


async def test_an_answer_of_an_earlier_run_says_why_there_is_no_wire() -> None:
    async with playing(well(), size=WIDE) as (scene, _):
        await scene.ask("tell me")
        await scene.press("escape", "w")
        assert "The wire of this answer is not kept" in scene.text
        await scene.press("alt+w")
        assert "The wire of this answer is not kept" not in scene.text


async def test_escape_leads_out_of_a_tap_that_has_nothing_to_show() -> None:
    async with playing(well("Said aloud."), size=SMALL) as (scene, _):
        await scene.ask("tell me")
        await scene.press("alt+w")
        assert "The wire of this answer is not kept" in scene.text
        await scene.press("escape")
        assert "Said aloud." in scene.text
        assert scene.answer.has_focus
