"""Every way an answer can end says so in its own words, keeps what came, and offers the next step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind, TransportError, TransportReason
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta, ToolCallDelta
from zaguan_tui.screens.chat.answers.endings import describe_ending
from zaguan_tui.state.chat.message import Message, Role
from zaguan_tui.state.chat.turn_runner import TurnRunner


class Drilled:
    """The app's own client, asking the sandbox for a fault with every chat."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.fault = ""

    def chat_stream(self, **call: Any) -> Any:
        client = self.app.session.app_state.client_handle.required()
        headers = {"x-sandbox-fault": self.fault} if self.fault else {}
        return client.chat_stream(**call, options=RequestOptions(headers=headers, max_retries=0, timeout=0.8))


SPOKEN = [
    (Ending.FINISHED, "● finished", ""),
    (Ending.LENGTH, "▲ length", "The token limit cut the answer off."),
    (Ending.CONTENT_FILTER, "▲ content filter", "The provider's filter ended the answer."),
    (Ending.TOOL_CALLS, "● wants a tool", "The model waits for the result of its call."),
    (Ending.PAUSED, "◌ paused", "alt+n lets it go on"),
]


async def test_endings_a_model_gives() -> None:
    scripts = [[TextDelta(f"Said before {ending}."), StreamEnded(ending)] for ending, _, _ in SPOKEN]
    async with playing(*scripts) as (scene, _):
        for ending, word, sentence in SPOKEN:
            await scene.ask("go")
            assert word in scene.text
            assert sentence in scene.text
            assert f"Said before {ending}." in scene.text


def test_an_unknown_word_for_the_end_is_shown_as_it_was_sent() -> None:
    facts: dict[str, Any] = {"id": "a", "role": Role.ASSISTANT, "text": "Half", "at": datetime.now(UTC)}
    odd = Message(**facts, ending=Ending.FINISHED, finish_reason="ecc\x1b[31mentric")
    words = describe_ending(odd)
    assert words is not None
    assert (words.shape, words.color) == ("?", "warning")
    assert words.word.startswith("unknown: ecc")
    assert "\x1b" not in words.word
    known = describe_ending(replace(odd, finish_reason="eos"))
    assert known is not None
    assert known.word == "finished"


async def test_a_tool_call_is_readable() -> None:
    script = [ToolCallDelta(0, "call_1", "get_weather", '{"city": "[red]Oslo[/]"}'),
              StreamEnded(Ending.TOOL_CALLS)]  # fmt: skip
    async with playing(script) as (scene, play):
        result = play.gateway.chat_stream

        def with_calls(**call: Any) -> Any:
            stream = result(**call)
            stream.result = lambda: _with_tool_call(stream)
            return stream

        play.gateway.chat_stream = with_calls  # type: ignore[method-assign]
        await scene.ask("weather?")
        assert '→ get_weather({"city": "[red]Oslo[/]"})' in scene.text


def _with_tool_call(stream: Any) -> Any:
    from dataclasses import replace

    from zaguan_tui.client.streaming.merge.tool_calls import ToolCall

    call = ToolCall(id="call_1", name="get_weather", arguments='{"city": "[red]Oslo[/]"}')
    return replace(type(stream).result(stream), tool_calls=(call,))


REFUSALS: list[tuple[Exception, str]] = [
    (
        APIError("No.", status=402, kind=ErrorKind.INSUFFICIENT_CREDITS, request_id="req_402"),
        "credits",
    ),
    (APIError("No.", status=403, kind=ErrorKind.BAND_ACCESS, request_id="req_403"), "band"),
    (APIError("No.", status=429, kind=ErrorKind.RATE_LIMIT, retry_after=7.0, request_id="req_429"), "7"),
    (APIError("No.", status=500, kind=ErrorKind.SERVER, request_id="req_500"), "500"),
    (APIError("No.", status=401, kind=ErrorKind.AUTHENTICATION, request_id="req_401"), "key"),
    (APIError("No.", status=404, kind=ErrorKind.NOT_FOUND, request_id="req_404"), "404"),
    (TransportError("refused", reason=TransportReason.REFUSED), "refused"),
]


async def test_refusals_each_have_a_sentence_and_give_the_prompt_back() -> None:
    async with playing(*([error] for error, _ in REFUSALS)) as (scene, _):
        for number, (error, word) in enumerate(REFUSALS):
            await scene.ask(f"question {number}")
            message = scene.answer.message
            assert message.ending is Ending.FAILED
            assert message.problem is not None
            sentence = f"{message.problem.sentence} {message.problem.next_step}"
            assert word.casefold() in sentence.casefold(), sentence
            assert message.problem.next_step, error
            flat = " ".join(scene.text.split())
            assert message.problem.sentence.split(". ")[0][:60] in flat
            assert "✖ no answer" in scene.text
            if message.problem.request_id:
                assert message.problem.request_id in flat
            assert scene.prompt.text == f"question {number}"
            await scene.write("")


FAULTS = [
    ("cut; after=12", "✖ truncated", True),
    ("no-done", "● finished", True),
    ("error-frame; after=12", "✖ error in the stream", True),
    ("stall; after=12", "✖", True),
    ("malformed; after=12", "●", True),
    ("402", "✖ no answer", False),
    ("403-band", "✖ no answer", False),
    ("429", "✖ no answer", False),
    ("500", "✖ no answer", False),
    ("html", "✖ no answer", False),
    ("html-200", "✖", False),
]


async def test_faults_of_a_real_gateway(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        drilled = Drilled(app)
        app_state = app.session.app_state
        app_state.chat.turns = TurnRunner(
            drilled, app_state.conversations, app_state.clock, app_state.client_handle.explain
        )
        text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        for fault, word, stored in FAULTS:
            drilled.fault = fault
            answer = await scene.ask(text)
            assert word in scene.text, fault
            assert ("one two" in answer.copy_text) is stored, fault
            message = answer.message
            assert "no end marker" in scene.text or fault != "no-done"
            if not word.startswith("●"):
                assert message.problem is not None, fault
                assert message.problem.next_step, fault
            assert scene.prompt.text == ("" if stored else text), fault
            await scene.write("")


async def test_a_half_answer_stays_half_when_opened_again() -> None:
    async with playing([TextDelta("Half of it")], well()) as (scene, _):
        await scene.ask("tell me")
        assert "✖ truncated" in scene.text
        await scene.press("ctrl+n")
        assert "Half of it" not in scene.text
        talk = next(iter(scene.app.session.app_state.conversations._conversations))
        await scene.app.open_link(f"chat:{talk}")
        await scene.until(lambda: "Half of it" in scene.text)
        assert "✖ truncated" in scene.text
        assert "The connection ended before the answer did." in scene.text


@pytest.mark.parametrize("link", ["chat:conv_gone"])
async def test_a_conversation_that_is_gone_is_told(link: str) -> None:
    async with playing() as (scene, _):
        await scene.app.open_link(link)
        await scene.until(lambda: "not kept any more" in scene.toasts)
