"""The realtime view: connect and talk, the event log, stop, refused, cut, narrow, hostile."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any, cast

import pytest
from state.scripted_realtime import ScriptedConnection, response, sound, spoken, text
from textual.actions import parse
from textual.binding import Binding

from screens.realtime_scene import open_realtime
from screens.stage import SMALL, deceivers, shown, wait_until
from zaguan_tui.client.errors.exceptions import ErrorKind, InsufficientCreditsError, UnsupportedError
from zaguan_tui.client.types.models.models import Model
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.realtime.log_pane import LogPane
from zaguan_tui.screens.realtime.screen import RealtimeScreen
from zaguan_tui.screens.realtime.turn_list import TurnList
from zaguan_tui.state.realtime import event_log as log_module
from zaguan_tui.state.realtime.notices import Phase


async def test_connect_and_talk() -> None:
    async with open_realtime() as scene:
        assert "◌ no session · openai/gpt-realtime" in scene.text
        await scene.connect()
        assert scene.opened == ["openai/gpt-realtime"]
        assert "● open since" in scene.text
        assert "voice marin" in scene.text
        assert "sess_1" in scene.text
        await scene.send("Hi")
        assert scene.prompt.text == ""
        assert "◌ waiting" in scene.text
        await scene.play.clock.advance(0.25)
        await scene.receive(response(), spoken("Hello "))
        assert "◌ answering" in scene.text
        assert "text 250 ms" in scene.text
        await scene.receive(spoken("there."), sound(b"\0\1" * 24_000))
        await scene.play.clock.advance(0.75)
        await scene.receive(response("completed", usage={"input_tokens": 24, "output_tokens": 7}))
        assert "Hello there." in scene.text
        assert "first event 250 ms · text 250 ms · audio 250 ms" in scene.text
        assert "● finished · done 1.00 s · 7 out · 24 in · ♪ 1.0 s" in scene.text
        assert "text p50 250 ms p95 250 ms n 1" in scene.text


async def test_limits_are_shown_as_gauges() -> None:
    async with open_realtime() as scene:
        await scene.connect()
        limits = [{"name": "tokens", "limit": 200_000, "remaining": 150_000, "reset_seconds": 2}]
        await scene.receive({"type": "rate_limits.updated", "rate_limits": limits})
        assert "tokens ━━━─ 150k/200k" in scene.text


async def test_the_log_stands_beside_and_opens_an_event() -> None:
    async with open_realtime() as scene:
        await scene.connect()
        await scene.turn()
        assert scene.events == [
            "connecting",
            "session.created",
            "item.create",
            "response.create",
            "response.created",
            "transcript delta",
            "audio delta",
            "response.done",
        ]
        assert "♪ 48 kB" in scene.text
        await scene.press("escape")
        assert scene.screen.focused is scene.log
        await scene.press("k", "enter")
        await scene.play.until(lambda: '"delta": "♪ 48 kB"' in scene.text)
        assert "AAEAAQ" not in scene.text
        await scene.press("p")
        await scene.play.until(lambda: '"delta": "Hello there."' in scene.text)
        await scene.press("y", "j", "k", "n", "escape")
        assert "characters to the terminal's clipboard" in scene.toasts
        assert scene.screen.focused is scene.log


async def test_the_filter_leaves_what_fits() -> None:
    async with open_realtime() as scene:
        await scene.connect()
        await scene.turn()
        await scene.press("escape", "slash", *"delta")
        await scene.settle()
        assert scene.events == ["transcript delta", "audio delta"]
        assert "2 of 8" in scene.text
        await scene.press("enter")
        assert scene.screen.focused is scene.log
        await scene.press("slash", "escape")
        await scene.settle()
        assert len(scene.events) == 8
        await scene.press("slash", *"way:sent")
        await scene.settle()
        assert scene.events == ["item.create", "response.create"]


async def test_scrolling_up_stays_where_one_reads() -> None:
    async with open_realtime(size=SMALL) as scene:
        await scene.connect()
        await scene.press("alt+l")
        await scene.receive(*[response("completed", f"r{number}") for number in range(40)])
        assert scene.log.following
        await scene.press("escape", "k", "k")
        place = scene.log.current
        assert not scene.log.following
        await scene.receive(*[response("completed", f"s{number}") for number in range(5)])
        assert scene.log.current == place
        await scene.press("g")
        assert scene.log.scroll_offset.y == 0
        await scene.press("G")
        assert scene.log.following
        assert scene.log.current is scene.log._rows[-1]
        await scene.press("pageup")
        assert not scene.log.following
        await scene.press("pagedown")
        assert scene.log.following
        scene.log.scroll_to(y=5, animate=False, immediate=True)  # as the wheel does, past the cursor
        await scene.receive(response("completed", "more"))
        assert scene.log.scroll_offset.y == 5


async def test_what_was_let_go_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "MAX_ENTRIES", 10)
    async with open_realtime() as scene:
        await scene.connect()
        await scene.receive(*[response("completed", f"r{number}") for number in range(20)])
        assert "the oldest 12 lines were let go" in scene.text


async def test_escape_stops_and_keeps_what_came() -> None:
    async with open_realtime() as scene:
        connection = await scene.connect()
        await scene.send("Hi")
        await scene.receive(response(), text("Half an answer"))
        await scene.press("escape")
        await scene.settle()
        assert connection.types[-1] == "response.cancel"
        assert "◌ stopping" in scene.text
        await scene.receive(response("cancelled", status_details={"reason": "client_cancelled"}))
        assert "■ stopped" in scene.text
        assert "Half an answer" in scene.text


async def test_a_prompt_that_cannot_be_sent_stays() -> None:
    async with open_realtime(ScriptedConnection(hold=True)) as scene:
        await scene.send("Hi")
        assert "No session is open" in scene.toasts
        assert scene.prompt.text == "Hi"
        await scene.press("ctrl+n")
        await scene.send("Hi")
        assert "◌ connecting" in scene.text
        assert "is being opened" in scene.toasts
        await scene.press("alt+x")
        await scene.settle()
        assert scene.screen.realtime.status.phase is Phase.CLOSED


async def test_one_answer_at_a_time() -> None:
    async with open_realtime() as scene:
        await scene.connect()
        await scene.send("Hi")
        await scene.receive(response())
        await scene.send("More")
        assert "An answer is still coming" in scene.toasts
        assert scene.prompt.text == "More"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            InsufficientCreditsError("no", kind=ErrorKind.INSUFFICIENT_CREDITS, status=402),
            "Not enough credits",
        ),
        (
            UnsupportedError(
                "x", kind=ErrorKind.UNSUPPORTED, status=404, endpoint="WS /v1/realtime", endpoint_absent=True
            ),
            "This server does not offer WS /v1/realtime (404).",
        ),
    ],
)
async def test_a_refused_session_has_its_sentence_and_a_key(error: Exception, words: str) -> None:
    async with open_realtime(ScriptedConnection(error), ScriptedConnection()) as scene:
        await scene.press("ctrl+n")
        await scene.settle()
        assert "✖ no session" in scene.text
        assert words in scene.text
        assert "ctrl+n begins a new session" in scene.text
        await scene.connect(place=1)
        assert "● open since" in scene.text


async def test_a_cut_session_keeps_its_turns_and_its_log() -> None:
    async with open_realtime(ScriptedConnection(), ScriptedConnection()) as scene:
        connection = await scene.connect()
        await scene.send("Hi")
        await scene.receive(response(), text("Half"))
        connection.hang_up(1011, "upstream died")
        await scene.settle()
        assert "✖ closed at" in scene.text
        assert "The server failed and ended the session (1011). It says: upstream died." in scene.text
        assert "✖ cut off" in scene.text
        assert "Half" in scene.text
        assert scene.events[-1] == "closed 1011"
        await scene.connect(place=1, id="sess_2")
        assert "sess_2" in scene.text
        assert "Half" in scene.text
        assert "response.created" in scene.events


async def test_the_session_stays_open_on_other_screens_and_closes_with_the_program() -> None:
    async with open_realtime() as scene:
        connection = await scene.connect()
        screen = scene.screen
        await scene.press("f5")
        connection.hear(response(), text("Meanwhile"), response("completed"))
        await scene.settle()
        assert screen.realtime.status.phase is Phase.OPEN
        await scene.press("alt+r")
        await scene.settle()
        assert "Meanwhile" in scene.text
        assert "● open since" in scene.text
    assert connection.closed


async def test_another_gateway_closes_the_session() -> None:
    async with open_realtime() as scene:
        connection = await scene.connect()
        await scene.play.session.app_state.disconnect()
        await scene.settle()
        assert connection.closed
        assert "The gateway was left" in scene.text


async def test_an_error_about_no_turn_is_shown_also_where_no_log_is_shown() -> None:
    async with open_realtime(size=SMALL) as scene:
        await scene.connect()
        await scene.receive({"type": "error", "error": {"message": "Unknown parameter.", "code": "x"}})
        assert "Unknown parameter." in scene.toasts
        assert "● open since" in scene.text


async def test_tool_calls_are_shown_with_their_arguments() -> None:
    async with open_realtime() as scene:
        await scene.connect()
        await scene.send("Weather?")
        call = {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city": "Oslo"}'}
        await scene.receive(response(), response("completed", output=[call]))
        assert '→ weather {"city": "Oslo"}' in scene.text
        assert "● wants a tool" in scene.text
        await scene.press("alt+a")
        assert 'What weather gives for {"city": "Oslo"}' in scene.text
        await scene.press("escape", "alt+a", "f2")
        await scene.settle()
        output = scene.connections[0].sent[-2]["item"]
        assert (output["type"], output["call_id"], output["output"]) == ("function_call_output", "c1", "{}")
        assert "weather gave {}" in scene.text
        await scene.press("alt+a")
        assert scene.play.screen is scene.screen


async def test_narrow_shows_one_in_place_of_the_other() -> None:
    async with open_realtime(size=SMALL) as scene:
        await scene.connect()
        await scene.turn()
        assert "Hello there." in scene.text
        assert not scene.screen.query_one(LogPane).display or "Events" not in scene.text
        await scene.press("alt+l")
        assert "response.done" in scene.text
        assert not scene.screen.query_one(TurnList).region
        await scene.play.resize(140, 40)
        assert scene.screen.query_one(TurnList).region
        assert scene.screen.query_one(LogPane).region
        await scene.press("alt+l")
        assert not scene.screen.query_one(LogPane).region
        await scene.play.resize(*SMALL)
        await scene.press("alt+l", "alt+l", "pageup", "pagedown", "i")
        assert scene.screen.focused is scene.prompt


async def test_the_picker_has_those_first_that_seem_realtime() -> None:
    async with open_realtime() as scene:
        await scene.press("ctrl+o")
        await scene.settle()
        lines = [line for line in scene.text.splitlines() if "groq/llama" in line or "gpt-" in line]
        assert "gpt-realtime" in lines[1]
        assert "not realtime?" in "\n".join(lines)
        await scene.press(*"mini", "enter")
        await scene.settle()
        assert "openai/gpt-4o-mini" in scene.text


async def test_a_gateway_without_realtime_models_says_so_and_can_be_tried() -> None:
    async with open_realtime(models=()) as scene:
        scene.play.gateway.models = [Model(id="groq/llama", provider="groq")]
        await scene.screen.app_state.models.refresh()
        await scene.settle()
        assert "No model here seems to hold realtime sessions" in scene.text
        await scene.press("ctrl+n")
        assert "Pick a model first" in scene.toasts
        await scene.press("ctrl+o", "enter")
        await scene.settle()
        await scene.connect()
        assert scene.opened == ["groq/llama"]


def test_the_screen_starts_without_what_only_a_session_needs() -> None:
    later = ("textual.widgets._markdown", "markdown_it", "pygments", "websockets", "zaguan_tui.client.client")
    code = (
        "import sys, zaguan_tui.screens.realtime.screen\n"
        f"print(*[name for name in {later!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


async def test_text_or_voice() -> None:
    async with open_realtime() as scene:
        connection = await scene.connect()
        await scene.press("alt+o")
        await scene.settle()
        assert connection.sent[-1]["session"]["output_modalities"] == ["text"]
        await scene.receive({"type": "session.updated", "session": {"output_modalities": ["text"]}})
        assert "answers in text" in scene.text
        await scene.press("alt+o")
        await scene.settle()
        assert connection.sent[-1]["session"]["output_modalities"] == ["audio"]


async def test_the_session_is_edited_as_json() -> None:
    async with open_realtime() as scene:
        connection = await scene.connect()
        await scene.press("ctrl+y")
        scene.play.screen.query_one("TextArea").text = "{nonsense"
        await scene.press("f2")
        await scene.settle()
        assert "This is not JSON" in scene.toasts
        scene.play.screen.query_one("TextArea").text = '{"instructions": "Be brief."}'
        await scene.press("f2")
        await scene.settle()
        assert connection.sent[-1]["session"] == {"type": "realtime", "instructions": "Be brief."}
        await scene.press("ctrl+y", "escape")
        assert scene.play.screen is scene.screen


async def test_copying_a_turn_and_an_event() -> None:
    async with open_realtime() as scene:
        await scene.press("escape", "y")
        await scene.connect()
        await scene.turn()
        scene.screen.set_focus(scene.turns[0])
        await scene.press("y")
        assert scene.play.app.clipboard == "Hello there."
        scene.log.focus()
        await scene.press("y")
        assert '"response.done"' in scene.play.app.clipboard


async def test_actions_that_cannot_run_say_why() -> None:
    async with open_realtime(models=()) as scene:
        bindings = cast(list[Binding], RealtimeScreen.BINDINGS)
        names = [parse(binding.action)[1] for binding in bindings]
        assert [name for name in names if not hasattr(scene.screen, f"action_{name}")] == []
        reason = scene.screen.disabled_reason
        assert reason("realtime.connect") == "Pick a model first: ctrl+o."
        assert reason("realtime.save") == "No sound came with this turn."
        assert reason("realtime.export") == "There are no events to export yet."
        assert reason("realtime.copy") == "There is nothing to copy yet."
        assert reason("realtime.log") == ""


HOSTILE = "[red]x[/] [/] \x1b]0;title\x07\x1b[2J \u202egnp.exe 漢字😀 " + "a" * 3000


async def test_hostile_words_are_only_words() -> None:
    async with open_realtime() as scene:
        await scene.connect(id=HOSTILE, audio={"output": {"voice": HOSTILE}})
        await scene.send("Hi")
        limits = [{"name": HOSTILE, "limit": 10, "remaining": 1}]
        await scene.receive(
            {"type": "rate_limits.updated", "rate_limits": limits},
            {"type": HOSTILE, "x": HOSTILE},
            response(),
            text(HOSTILE),
            {"type": "error", "error": {"message": HOSTILE, "code": HOSTILE}},
            response(
                "failed",
                status_details={"error": {"message": HOSTILE}},
                output=[{"type": "function_call", "call_id": HOSTILE, "name": HOSTILE, "arguments": HOSTILE}],
            ),
        )
        assert not deceivers(scene.text)
        assert "[red]x[/]" in scene.text
        await scene.press("escape", "k", "k", "enter")
        await scene.settle()
        assert not deceivers(scene.text)
        await scene.press("escape")
        scene.connections[0].hang_up(4000, HOSTILE)
        await scene.settle()
        assert not deceivers(scene.text)


async def test_on_a_real_gateway(make_app: Any) -> None:
    app = make_app(first_screen="realtime")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        screen = app.screen
        await wait_until(pilot, lambda: "no session ·" in shown(screen), 15)
        await pilot.press("ctrl+n")
        await wait_until(pilot, lambda: screen.realtime.status.session_id, 15)
        screen.query_one(Prompt).write("Tell me about tides.")
        await pilot.press("enter")
        await wait_until(pilot, lambda: screen.realtime.running, 15)
        await wait_until(pilot, lambda: screen.realtime.running is None, 40)
        await asyncio.sleep(0.3)
        await pilot.pause()
        assert "● finished" in shown(app.screen)
        assert "transcript delta ×" in shown(app.screen)
