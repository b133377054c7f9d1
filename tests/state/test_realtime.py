"""The realtime session as state: what comes becomes turns, latencies, a log; every end has its sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from state.scripted_realtime import (
    USAGE,
    ScriptedConnection,
    ScriptedDoor,
    created,
    response,
    sound,
    spoken,
    text,
)
from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.client.errors.exceptions import ErrorKind, InvalidRequestError, UnsupportedError
from zaguan_tui.client.transport.chunk_redaction import TextMask
from zaguan_tui.state.chat.answer_masks import AnswerMasks
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.realtime import notices as news
from zaguan_tui.state.realtime import session as session_module
from zaguan_tui.state.realtime import turn_log as book
from zaguan_tui.state.realtime.event_log import Direction
from zaguan_tui.state.realtime.notices import Phase
from zaguan_tui.state.realtime.session import GATEWAY_LEFT, AnsweringError, NotOpenError, RealtimeSession
from zaguan_tui.state.realtime.turns import TurnEnding, TurnPhase, compute_spread


class Talk:
    """A session on a scripted connection, with a clock that is stepped."""

    def __init__(self, *connections: ScriptedConnection) -> None:
        self.clock = FakeClock()
        self.connections = connections
        self.client_handle = ScriptedDoor(*connections)
        self.session = RealtimeSession(self.client_handle, self.clock)
        self.news: list[Any] = []
        self.session.watch(self.news.append)

    async def hear(self, *frames: Any, place: int = 0) -> None:
        self.connections[place].hear(*frames)
        await self.clock.settle()

    async def wait(self, seconds: float) -> None:
        await self.clock.advance(seconds)

    @property
    def turn(self) -> Any:
        return self.session.book.turns[-1]

    @property
    def labels(self) -> list[str]:
        return [f"{entry.direction} {entry.label}" for entry in self.session.log.entries]


@asynccontextmanager
async def talking(*more: ScriptedConnection) -> AsyncIterator[Talk]:
    talk = Talk(ScriptedConnection(), *more)
    talk.session.connect("gpt-realtime")
    await talk.clock.settle()
    await talk.hear(created())
    yield talk
    await talk.session.aclose()


async def test_a_turn_with_its_latencies() -> None:
    async with talking() as talk:
        await talk.session.say("Hi")
        assert talk.connections[0].types == ["conversation.item.create", "response.create"]
        assert talk.turn.phase is TurnPhase.WAITING
        await talk.wait(0.2)
        await talk.hear(response())
        await talk.wait(0.1)
        await talk.hear(spoken("Hel"), sound(b"\0\1" * 600))
        await talk.wait(0.3)
        await talk.hear(spoken("lo."), sound(b"\0\1" * 600))
        await talk.hear(response("completed", usage=USAGE))
        turn = talk.turn
    assert (turn.prompt, turn.text, turn.ending) == ("Hi", "Hello.", TurnEnding.FINISHED)
    times = turn.times
    assert times.first_event_s == pytest.approx(0.2)
    assert times.first_text_s == times.first_audio_s == pytest.approx(0.3)
    assert times.done_s == pytest.approx(0.6)
    assert (turn.tokens.prompt, turn.tokens.completion, turn.tokens.audio_out) == (24, 7, 3)
    assert (turn.octets, turn.seconds) == (2400, pytest.approx(0.05))
    came = [notice.text for notice in talk.news if isinstance(notice, news.TextAdded)]
    assert came == ["Hel", "lo."]


async def test_the_status_says_what_the_server_says() -> None:
    async with talking() as talk:
        limits = [{"name": "tokens", "limit": 100, "remaining": 90, "reset_seconds": 2}]
        await talk.hear({"type": "rate_limits.updated", "rate_limits": limits})
        status = talk.session.status
        assert (status.phase, status.model, status.session_id, status.voice, status.modalities) == (
            Phase.OPEN,
            "gpt-realtime",
            "sess_1",
            "marin",
            ("audio",),
        )
        assert (status.gauges[0].name, status.gauges[0].remaining) == ("tokens", 90)


async def test_deltas_of_a_kind_are_one_line_each_though_they_come_in_turns() -> None:
    async with talking() as talk:
        await talk.session.say("Hi")
        await talk.hear(response())
        for word in ("One ", "two ", "three"):
            await talk.hear(spoken(word), sound(b"\0" * 1000))
        await talk.hear(response("completed"))
        log = talk.session.log
        assert talk.labels[-4:] == [
            "← response.created",
            "← transcript delta ×3",
            "← audio delta ×3",
            "← response.done",
        ]
        words, heard = log.entries[-3:-1]
        assert (words.summary, heard.summary, heard.octets) == ("One two three", "♪ 3 kB", 3000)
        assert all("AAAA" not in frame for entry in log.entries for frame in entry.kept_frames)
        assert "♪ 1 kB" in heard.kept_frames[0]
        assert len(heard.kept_frames) == 3
        assert log.events == 11


async def test_the_log_knows_when_and_how_long_after() -> None:
    async with talking() as talk:
        await talk.wait(1.5)
        await talk.session.say("Hi")
        await talk.wait(0.25)
        await talk.hear(response())
        last = talk.session.log.entries[-1]
        assert (last.direction, last.at_s, last.gap_s) == (Direction.RECEIVED, 1.75, 0.25)
        assert talk.session.log.entries[0].gap_s is None


async def test_stopping_keeps_what_came() -> None:
    async with talking() as talk:
        assert not await talk.session.stop()
        await talk.session.say("Hi")
        await talk.hear(response(), text("Half"))
        with pytest.raises(AnsweringError):
            await talk.session.say("More")
        assert await talk.session.stop()
        assert talk.turn.stopping
        assert talk.connections[0].sent[-1]["response_id"] == "resp_1"
        await talk.hear(response("cancelled", status_details={"reason": "client_cancelled"}))
        assert (talk.turn.text, talk.turn.ending, talk.turn.reason) == (
            "Half",
            TurnEnding.CANCELLED,
            "client_cancelled",
        )


async def test_tool_calls_come_with_their_arguments() -> None:
    async with talking() as talk:
        await talk.session.say("Weather?")
        item = {"id": "item_1", "type": "function_call", "call_id": "call_1", "name": "weather"}
        where = {"response_id": "resp_1", "item_id": "item_1", "call_id": "call_1"}
        delta = {"type": "response.function_call_arguments.delta", **where}
        await talk.hear(
            response(),
            {"type": "response.output_item.added", "response_id": "resp_1", "item": item},
            {**delta, "delta": '{"city":'},
            {**delta, "delta": '"Oslo"}'},
        )
        (call,) = talk.turn.calls
        assert (call.call_id, call.name, call.arguments) == ("call_1", "weather", '{"city":"Oslo"}')
        await talk.hear(response("completed", output=[{**item, "arguments": '{"city":"Oslo"}'}]))
        assert talk.turn.ending is TurnEnding.TOOL_CALLS
        assert len(talk.turn.calls) == 1
        assert talk.turn.times.first_call_s is not None


async def test_an_error_that_names_our_event_ends_its_turn_and_nothing_else() -> None:
    async with talking() as talk:
        await talk.session.say("Hi")
        named = talk.connections[0].sent[-1]["event_id"]
        await talk.hear({"type": "error", "error": {"message": "Not now.", "event_id": named}})
        assert (talk.turn.ending, talk.session.status.phase) == (TurnEnding.FAILED, Phase.OPEN)
        assert "Not now." in talk.turn.problem.sentence
        assert talk.session.log.entries[-1].trouble
        await talk.session.say("Again")
        await talk.hear(response("in_progress", "resp_2"), text("Yes", "resp_2"))
        assert talk.turn.text == "Yes"


async def test_a_response_nobody_asked_for_is_a_turn_too() -> None:
    async with talking() as talk:
        await talk.hear(response(), text("Are you there?"), response("completed"))
        assert (talk.turn.prompt, talk.turn.text) == (None, "Are you there?")


@pytest.mark.parametrize(
    ("code", "reason", "words", "trouble"),
    [
        (1000, "", "The server ended the session (1000).", False),
        (1001, "", "The server is going away, for a restart or for good (1001).", True),
        (1006, "", "The connection broke without a goodbye (1006).", True),
        (
            1011,
            "upstream died",
            "The server failed and ended the session (1011). It says: upstream died.",
            True,
        ),
        (4321, "", "The server ended the session with a code of its own (4321).", True),
    ],
)
async def test_every_end_has_its_sentence(code: int, reason: str, words: str, trouble: bool) -> None:
    async with talking(ScriptedConnection()) as talk:
        await talk.session.say("Hi")
        await talk.hear(response(), text("Half"))
        talk.connections[0].hang_up(code, reason)
        await talk.clock.settle()
        status = talk.session.status
        assert (status.phase, status.code, status.words) == (Phase.CLOSED, code, words)
        assert (status.problem is not None) is trouble
        assert (talk.turn.text, talk.turn.ending) == ("Half", TurnEnding.TRUNCATED)
        with pytest.raises(NotOpenError):
            await talk.session.say("Hi")
        talk.session.connect("gpt-realtime")
        await talk.clock.settle()
        await talk.hear(created(id="sess_2"), place=1)
        assert (talk.session.status.number, talk.session.status.session_id) == (2, "sess_2")
        assert talk.turn.text == "Half"
        assert talk.session.log.entries[-1].session == 2


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UnsupportedError("no", kind=ErrorKind.UNSUPPORTED, status=404), "does not offer WS /v1/realtime"),
        (
            InvalidRequestError("It has no sessions.", kind=ErrorKind.INVALID_REQUEST, status=400),
            "It has no sessions.",
        ),
    ],
)
async def test_a_refused_handshake_is_told(error: Any, words: str) -> None:
    error.endpoint, error.endpoint_absent = "WS /v1/realtime", isinstance(error, UnsupportedError)
    talk = Talk(ScriptedConnection(error))
    talk.session.connect("m")
    await talk.clock.settle()
    status = talk.session.status
    assert status.phase is Phase.CLOSED
    assert status.problem is not None
    assert words in status.problem.sentence
    assert not talk.session.live


async def test_hanging_up_says_goodbye_and_ends_the_turn() -> None:
    async with talking() as talk:
        await talk.session.say("Hi")
        await talk.hear(response(), text("Half"))
        await talk.session.disconnect()
        assert talk.connections[0].closed
        assert (talk.session.status.words, talk.session.status.problem) == ("Closed by you.", None)
        assert talk.turn.ending is TurnEnding.CANCELLED
        await talk.session.disconnect()


async def test_hanging_up_while_connecting() -> None:
    talk = Talk(ScriptedConnection(hold=True), ScriptedConnection(hold=True))
    talk.session.connect("m")
    await talk.session.disconnect()
    assert talk.session.status.phase is Phase.CLOSED
    talk.session.connect("m")
    await talk.clock.settle()
    assert talk.session.status.phase is Phase.CONNECTING
    talk.session.connect("m")
    await talk.session.on_disconnect()
    assert (talk.session.status.phase, talk.session.status.words) == (Phase.CLOSED, GATEWAY_LEFT)
    assert talk.client_handle.models == ["m"]


async def test_a_server_that_does_not_answer_the_goodbye_holds_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session_module, "CLOSE_TIMEOUT_S", 0.02)
    async with talking(ScriptedConnection()) as talk:
        talk.connections[0].goodbye = asyncio.Event()
        await talk.session.disconnect()
        assert talk.session.status.phase is Phase.CLOSED
        talk.session.connect("m")
        await talk.clock.settle()
        talk.connections[0].goodbye.set()
        await talk.clock.settle()
        assert talk.session.status.phase is Phase.OPEN


async def test_what_was_wished_is_told_now_and_to_the_next_session() -> None:
    async with talking(ScriptedConnection()) as talk:
        await talk.session.change({"output_modalities": ["text"]})
        first = talk.connections[0].sent[-1]
        assert first["session"] == {"type": "realtime", "output_modalities": ["text"]}
        await talk.session.disconnect()
        talk.session.connect("m")
        await talk.clock.settle()
        assert talk.connections[1].sent == []
        await talk.hear(created(), place=1)
        assert talk.connections[1].types == ["session.update"]


async def test_a_broken_pipe_is_the_turns_problem() -> None:
    async with talking() as talk:
        talk.connections[0].broken_pipe = True
        await talk.session.say("Hi")
        assert talk.turn.ending is TurnEnding.FAILED
        await talk.session.change({"voice": "x"})
        assert talk.session.log.entries[-1].type == "not sent"


async def test_a_fault_of_ours_is_told_and_heard_of() -> None:
    heard: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: heard.append(context))
    async with talking() as talk:
        talk.connections[0].fault(ValueError("oops"))
        await talk.clock.settle()
        assert "itself failed" in talk.session.status.words
    assert str(heard[0]["exception"]) == "oops"


async def test_sound_beyond_the_bound_is_let_go_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MAX_AUDIO_BYTES", 3000)
    async with talking() as talk:
        for number in ("1", "2"):
            await talk.session.say(number)
            await talk.hear(response(response_id=number), sound(b"\0" * 2000, number))
            await talk.hear(response("completed", response_id=number))
        first, second = talk.session.book.turns
        assert (first.sound_kept, first.octets, second.sound_kept) == (False, 2000, True)
        pieces, _ = talk.session.book.sound_of(second.id)
        assert sum(map(len, pieces)) == 2000


async def test_old_turns_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MAX_TURNS", 2)
    async with talking() as talk:
        for number in ("1", "2", "3"):
            await talk.hear(response(response_id=number), response("completed", response_id=number))
        assert (len(talk.session.book.turns), talk.session.book.dropped) == (2, 1)


async def test_nonsense_is_logged_and_ends_nothing() -> None:
    async with talking() as talk:
        await talk.hear("nonsense", {"type": "session.telepathy"}, {"type": "response.done", "response": 7})
        await talk.hear({"type": "rate_limits.updated", "rate_limits": [{"name": None, "limit": "x"}]})
        await talk.hear({"type": "session.updated", "session": {"expires_at": 1e300, "audio": 3}})
        assert talk.session.status.phase is Phase.OPEN
        assert "← unreadable" in talk.labels


def test_spreads_have_their_number() -> None:
    assert compute_spread([None]) is None
    found = compute_spread([0.3, None, 0.1, 0.2])
    assert found is not None
    assert (found.p50, found.p95, found.n) == (0.2, 0.3, 3)


async def test_a_key_over_several_deltas_is_in_no_turn_and_no_summary() -> None:
    key = "sk-live-0123456789abcdef"
    redactor = Redactor([key])
    masks = AnswerMasks(partial(TextMask, redactor), redactor.text)
    connection = ScriptedConnection()
    talk = Talk(connection)
    talk.session = RealtimeSession(talk.client_handle, talk.clock, lambda: masks)
    talk.session.watch(talk.news.append)
    talk.session.connect("m")
    await talk.clock.settle()
    await talk.hear(created())
    await talk.session.say(f"what is {key}?")
    pieces = ("It is sk-", "live-0123456", "789abcdef, no?")
    await talk.hear(response(), *(text(piece) for piece in pieces))
    assert talk.turn.text == "It is [redacted], no?"
    entries = talk.session.log.entries
    assert not [entry for entry in entries if key in entry.summary or key in "".join(entry.kept_frames)]
    assert "It is [redacted], no?" in entries[-1].summary
    await talk.session.aclose()
