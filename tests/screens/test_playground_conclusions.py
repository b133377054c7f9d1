"""What follows an answer: going on, answering as the tool, its receipt, its code, its calls."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from screens.stage import deceivers, shown
from screens.test_remapped import remap
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta, ToolCallDelta, UsageUpdate
from zaguan_tui.client.types.account.credits_history import CreditEntry
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.screens.chat.answers.answer import AnswerView
from zaguan_tui.screens.chat.answers.tool_result_sheet import CallForm, ToolResultSheet
from zaguan_tui.screens.chat.receipts.sheet import ReceiptSheet
from zaguan_tui.state.chat.message import Dialect, Role
from zaguan_tui.state.chat.prompt_request import CONTINUE
from zaguan_tui.widgets.picker import Picker
from zaguan_tui.widgets.safe_text_area import SafeTextArea

CUT_OFF = [TextDelta("The first half"), StreamEnded(Ending.LENGTH)]
HOSTILE = "\x1b[31m[red]\u202eevil[/]\x07"


def calling(*calls: tuple[str, str], text: str = "", ending: Ending = Ending.TOOL_CALLS) -> list[Any]:
    """A script that wants these tools called."""
    deltas: list[Any] = [TextDelta(text)] if text else []
    for place, (name, arguments) in enumerate(calls):
        for at in range(0, len(arguments), 9):
            deltas.append(ToolCallDelta(place, f"call_{place}", name, arguments[at : at + 9]))
    return [*deltas, StreamEnded(ending)]


def flat(scene: Scene) -> str:
    return " ".join(scene.text.split())


async def test_an_answer_cut_by_the_limit_is_continued() -> None:
    async with playing(CUT_OFF, well("The second half.")) as (scene, play):
        await scene.ask("Tell me all")
        assert "The token limit cut the answer off." in flat(scene)
        assert "alt+n continues" in flat(scene)
        await scene.press("alt+n")
        await scene.until(lambda: len(scene.answers) == 2)
        await scene.over()
        assert play.gateway.chats[-1]["messages"] == [
            {"role": "user", "content": "Tell me all"},
            {"role": "assistant", "content": "The first half"},
            {"role": "user", "content": CONTINUE},
        ]
        assert "↳ continues the answer above" in scene.text
        assert CONTINUE not in scene.text


async def test_continuing_leaves_what_is_being_written_alone() -> None:
    async with playing(CUT_OFF, well()) as (scene, _):
        await scene.ask("Tell me all")
        await scene.write("half a thought")
        await scene.press("alt+n")
        await scene.until(lambda: len(scene.answers) == 2)
        await scene.over()
        assert scene.prompt.text == "half a thought"


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (well(), "The answer is whole"),
        ([TextDelta("No."), StreamEnded(Ending.CONTENT_FILTER)], "Another wording may pass"),
        (calling(("f", "{}")), "alt+t answers as the tool"),
        ([APIError("No.", status=500, kind=ErrorKind.SERVER)], "Nothing came that could be continued"),
    ],
)
async def test_what_cannot_be_continued_says_why(script: list[Any], sentence: str) -> None:
    async with playing(script) as (scene, play):
        await scene.ask("go")
        await scene.write("")
        await scene.press("escape", "n")
        assert sentence in scene.toasts
        assert len(play.gateway.chats) == 1


async def test_stopped_and_truncated_answers_are_continued_too() -> None:
    async with playing([TextDelta("Half")], well(), well()) as (scene, play):
        await scene.ask("go")
        assert scene.answer.message.ending is Ending.TRUNCATED
        assert "alt+n continues · ctrl+g asks again" in flat(scene)
        await scene.press("escape", "n")
        await scene.until(lambda: len(play.gateway.chats) == 2)


async def test_a_paused_turn_goes_on_and_waits_for_no_tool() -> None:
    async with playing([StreamEnded(Ending.PAUSED)], well()) as (scene, play):
        await scene.ask("go")
        assert "alt+n lets it go on" in flat(scene)
        assert "answers as the tool" not in flat(scene)
        await scene.press("alt+n")
        await scene.until(lambda: len(play.gateway.chats) == 2)


async def test_keys_are_named_as_they_are_bound() -> None:
    async with playing(CUT_OFF) as (scene, play):
        remap(play, {"answer.continue": "f11,alt+k"})
        await scene.ask("Tell me all")
        assert "f11 continues" in flat(scene)


async def test_a_wait_that_is_asked_for_counts_down_and_then_offers_the_key() -> None:
    refused = APIError("No.", status=429, kind=ErrorKind.RATE_LIMIT, retry_after=12.0)
    async with playing([refused]) as (scene, play):
        await scene.ask("go")
        await play.tick()
        assert "again in 12 s" in flat(scene)
        assert "ctrl+g asks again" not in flat(scene)
        await play.clock.advance(5)
        await play.tick()
        assert "again in 7 s" in flat(scene)
        await play.clock.advance(7)
        await play.tick()
        assert "again in" not in flat(scene)
        assert "ctrl+g asks again" in flat(scene)


async def test_refusals_offer_the_key_that_helps() -> None:
    refusals = [
        (ErrorKind.INSUFFICIENT_CREDITS, 402, "ctrl+o picks a cheaper model"),
        (ErrorKind.BAND_ACCESS, 403, "ctrl+o picks a model that is open"),
        (ErrorKind.SERVER, 500, "ctrl+g asks again"),
    ]
    scripts = [[APIError("No.", status=status, kind=kind)] for kind, status, _ in refusals]
    async with playing(*scripts) as (scene, _):
        for number, (_kind, _status, words) in enumerate(refusals):
            await scene.write("")
            await scene.ask(f"question {number}")
            assert words in flat(scene)


async def test_a_call_grows_while_it_comes_and_is_laid_out_at_the_end() -> None:
    arguments = json.dumps({"city": "Oslo", "days": list(range(40)), "unit": "celsius"})
    async with playing(calling(("forecast", arguments))) as (scene, _):
        await scene.ask("weather")
        assert "→ forecast({" in scene.text
        assert '  "city": "Oslo",' in scene.text
        assert "more lines, ctrl+e unfolds" in scene.text
        await scene.press("ctrl+e")
        assert "more lines, ctrl+e unfolds" not in scene.text
        assert '"unit": "celsius"' in scene.text


async def test_what_a_model_calls_is_harmless_and_broken_json_is_marked() -> None:
    async with playing(calling((f"tool{HOSTILE}", '{"a": [1, 2' + HOSTILE))) as (scene, _):
        await scene.ask("go")
        assert "not valid JSON" in flat(scene)
        assert "[red]" in scene.text
        assert not deceivers(scene.text)
        await scene.press("alt+t")
        await scene.until(lambda: isinstance(scene.app.screen, ToolResultSheet))
        assert not deceivers(scene.text)


async def test_several_calls_are_answered_in_one_go() -> None:
    script = calling(("weather", '{"city": "Oslo"}'), ("clock", "{}"))
    async with playing(script, well("It is cold.")) as (scene, play):
        await scene.ask("Weather and time?")
        assert "alt+t answers as the tool" in flat(scene)
        await scene.press("alt+t")
        await scene.until(lambda: isinstance(scene.app.screen, ToolResultSheet))
        assert '→ weather({"city": "Oslo"})' in scene.text
        first, second = scene.app.screen.query(CallForm)
        first.query_one(SafeTextArea).write('{"degrees": -4}')
        await scene.pilot.pause()
        assert "valid JSON" in scene.text
        await scene.press("tab", "tab")
        assert scene.app.screen.focused is second.query_one(SafeTextArea)
        await scene.press(*"no clock", "tab", "space")
        assert "The chat dialect has no word for an error" in scene.text
        await scene.press("ctrl+s")
        await scene.until(lambda: len(scene.answers) == 2)
        await scene.over()
        sent = play.gateway.chats[-1]["messages"]
        assert [message["role"] for message in sent] == ["user", "assistant", "tool", "tool"]
        assert [message["content"] for message in sent[2:]] == ['{"degrees": -4}', "no clock"]
        assert '← weather gave: {"degrees": -4}' in scene.text
        assert "✖ clock failed: no clock" in scene.text
        turn = scene.screen.chat_session.conversation.turns[-1]
        assert turn.prompt.role is Role.TOOL


async def test_results_are_kept_when_the_form_is_left() -> None:
    async with playing(calling(("weather", "{}"))) as (scene, play):
        await scene.ask("Weather?")
        await scene.press("escape", "t")
        await scene.until(lambda: isinstance(scene.app.screen, ToolResultSheet))
        await scene.press(*"cold", "escape")
        assert len(play.gateway.chats) == 1
        await scene.press("t")
        await scene.until(lambda: isinstance(scene.app.screen, ToolResultSheet))
        assert scene.app.screen.query_one(SafeTextArea).text == "cold"


@pytest.mark.parametrize("script", [well(), calling(("f", '{"a"'), ending=Ending.TRUNCATED)])
async def test_without_whole_calls_there_is_nothing_to_answer(script: list[Any]) -> None:
    async with playing(script) as (scene, _):
        await scene.ask("go")
        await scene.press("alt+t")
        await scene.until(lambda: scene.toasts)
        assert "asks for no tool" in scene.toasts or "broke off before its calls" in scene.toasts


async def test_the_results_of_a_messages_answer_carry_the_error_mark() -> None:
    async with playing(calling(("weather", "{}")), well()) as (scene, play):
        await scene.until(lambda: scene.ready)
        await scene.screen.chat_session.set_dialect(Dialect.MESSAGES)
        await scene.ask("Weather?")
        assert "· messages" in scene.text
        await scene.press("alt+t")
        await scene.until(lambda: isinstance(scene.app.screen, ToolResultSheet))
        await scene.press("tab", "space", "f2")
        await scene.until(lambda: len(scene.answers) == 2)
        result = play.gateway.chats[-1]["messages"][-1]["content"][0]
        assert (result["type"], result["tool_use_id"], result["is_error"]) == ("tool_result", "call_0", True)


WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.mark.parametrize("dialect", list(Dialect))
async def test_a_real_gateways_calls_are_answered_and_paid_for(make_app: MakeApp, dialect: Dialect) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("openai/gpt-4o-mini")
        await scene.screen.chat_session.set_dialect(dialect)
        await scene.screen.chat_session.set_params({"tools": [WEATHER]})
        view = await scene.ask("Use the get_weather tool for Oslo")
        assert view.message.ending is Ending.TOOL_CALLS
        await scene.press("alt+t")
        await scene.until(lambda: isinstance(scene.app.screen, ToolResultSheet))
        await scene.press(*"minus four", "f2")
        await scene.until(lambda: len(scene.answers) == 2)
        await scene.over()
        assert scene.answer.message.ending is Ending.FINISHED
        assert "minus four" in scene.answer.copy_text
        await scene.until(lambda: "· 1 credit" in shown(scene.answer), 20)
        receipt = scene.answer.message.receipt
        assert receipt is not None
        assert receipt.entry_id
        assert receipt.row["request_id"] == scene.answer.message.request_id


CODE = "Look:\n\n```python\nprint(1)\n```\n\nand\n\n- so:\n\n  ```sh\n  ls [bold]\n  ```\n"


async def test_the_only_code_block_is_copied_at_once() -> None:
    async with playing(well("Just\n\n```python\nprint(1)\n```\n")) as (scene, _):
        await scene.ask("code")
        await scene.press("escape", "Y")
        await scene.until(lambda: scene.app.clipboard == "print(1)")
        assert "8 characters of code" in scene.toasts


async def test_of_several_blocks_one_is_chosen_the_last_first() -> None:
    async with playing(well(CODE), size=(80, 24)) as (scene, _):
        await scene.ask("code")
        await scene.press("escape", "Y")
        await scene.until(lambda: isinstance(scene.app.screen, Picker))
        assert "python, 1 line" in scene.text
        assert "ls [bold]" in scene.text
        await scene.press("enter")
        await scene.until(lambda: scene.app.clipboard == "ls [bold]")


async def test_without_code_it_says_so() -> None:
    async with playing(well()) as (scene, _):
        await scene.ask("code")
        await scene.press("escape", "Y")
        await scene.until(lambda: "no code block" in scene.toasts)


def counted(prompt: int = 1000, completion: int = 500) -> list[Any]:
    usage = Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        total_tokens=prompt + completion,
        cached_tokens=200,
        reasoning_tokens=100,
    )
    return [TextDelta("Well."), UsageUpdate(usage), StreamEnded(Ending.FINISHED)]


def price(play: Any) -> None:
    play.gateway.balance = replace(play.gateway.balance, credits_remaining=50_000.0)
    play.gateway.capabilities = [
        Capability(
            model_id="maker-0/model-000",
            input_cost_per_1m=2.0,
            output_cost_per_1m=10.0,
            max_context_tokens=128_000,
        )
    ]


def debit(play: Any, amount: float, **facts: Any) -> CreditEntry:
    row = CreditEntry(
        id="cred_77",
        request_id="req_1",
        timestamp=play.clock.now(),
        model="maker-0/model-000",
        provider="groq",
        band="B",
        prompt_tokens=1000,
        completion_tokens=500,
        credits_debited=amount,
        cost=amount / 1000,
        latency_ms=2100.0,
        status="success",
    )
    return replace(row, **facts)


async def test_the_meter_shows_what_it_should_cost_and_then_what_it_did() -> None:
    async with playing(counted(), size=(150, 40)) as (scene, play):
        price(play)
        await play.session.app_state.refresh()
        await scene.ask("go")
        await scene.until(lambda: "~6.8 credits" in scene.text)  # 900 fresh in at 2, 500 out at 10 USD per M
        play.gateway.debits = [debit(play, 7)]
        await play.advance(2)
        await scene.until(lambda: "7 credits" in scene.text)
        assert "▲" not in scene.text
        assert "200 cached" in scene.text
        assert "100 reasoning" in scene.text


async def test_the_receipt_tells_it_all() -> None:
    async with playing(counted()) as (scene, play):
        price(play)
        await play.session.app_state.refresh()
        await scene.ask("go")
        await scene.press("escape", "dollar_sign")
        await scene.until(lambda: isinstance(scene.app.screen, ReceiptSheet))
        assert "no row yet; try 1 of 3" in scene.text
        play.gateway.debits = [debit(play, 12)]
        await play.clock.advance(2)
        await scene.until(lambda: "12 credits debited" in scene.text)
        for words in (
            "cred_77",
            "$2.00 in, $10.00 out",
            "groq, B",
            "2.10 s",
            "71 % more than",
            "from 1 ledger row",
        ):
            assert words in scene.text, words
        await scene.press("y")
        receipt = json.loads(scene.app.clipboard)
        assert receipt["credits"]["debited"] == 12
        assert receipt["ledger"]["id"] == "cred_77"
        await scene.press("escape")
        assert "▲ 12 credits" in scene.text


async def test_a_row_that_never_comes_is_told_with_the_time_and_can_be_asked_for() -> None:
    async with playing(counted(), size=(80, 24)) as (scene, play):
        await scene.ask("go")
        await play.clock.advance(30)
        await scene.press("alt+m")
        await scene.until(lambda: isinstance(scene.app.screen, ReceiptSheet))
        await scene.press("end")
        assert "3 times, last at" in flat(scene)
        play.gateway.debits = [debit(play, 3)]
        await scene.press("r")
        await play.clock.advance(1)
        await scene.until(lambda: "cred_77" in scene.text)


async def test_a_gateway_without_a_history_says_so() -> None:
    async with playing(counted()) as (scene, play):
        play.gateway.errors["history"] = lambda: APIError(
            "Not found", kind=ErrorKind.NOT_FOUND, status=404, endpoint_absent=True
        )
        await scene.ask("go")
        await play.clock.advance(5)
        await scene.press("alt+m")
        await scene.until(lambda: "This gateway keeps no credits history." in scene.text)


async def test_a_hostile_row_is_harmless() -> None:
    async with playing(counted()) as (scene, play):
        await scene.ask("go")
        row = debit(play, 3, id=f"cred{HOSTILE}", provider=HOSTILE, status=HOSTILE, error_message=HOSTILE)
        play.gateway.debits = [row]
        await play.clock.advance(3)
        await scene.press("alt+m")
        await scene.until(lambda: "[red]" in scene.text)
        assert not deceivers(scene.text)


async def test_retries_stand_in_the_meter() -> None:
    async with playing(well()) as (scene, _):
        view = await scene.ask("go")
        message = replace(view.message, attempts=3)
        view.amend(message)
        await scene.pilot.pause()
        assert "2 retries" in scene.text


async def test_reasoning_that_is_kept_back_is_named() -> None:
    async with playing(well()) as (scene, _):
        view = await scene.ask("go")
        block = {"type": "redacted_thinking", "data": "xyz"}
        message = replace(view.message, dialect=Dialect.MESSAGES, blocks=(block,))
        await view.end(message)
        await scene.pilot.pause()
        assert "⊘ reasoning redacted by the provider" in scene.text
        await view.end(replace(message, reasoning="Hm, well."))
        await scene.pilot.pause()
        assert "1 part redacted" in scene.text


async def test_an_old_refusal_counts_nothing_down() -> None:
    refused = APIError("No.", status=429, kind=ErrorKind.RATE_LIMIT, retry_after=12.0)
    async with playing([refused]) as (scene, play):
        view = await scene.ask("go")
        old = AnswerView(view.message)
        await scene.screen.query_one("#page").mount(old)
        old.tick(play.clock.now() + timedelta(seconds=1))
        await scene.pilot.pause()
        assert "ctrl+g asks again" in flat(scene)


async def test_only_the_newest_answer_offers_ways_on() -> None:
    async with playing(CUT_OFF, calling(("weather", "{}")), well()) as (scene, _):
        await scene.ask("Tell me all")
        assert "alt+n continues" in flat(scene)
        await scene.ask("And the weather?")
        assert "alt+n continues" not in flat(scene)
        assert "The token limit cut the answer off." in flat(scene)
        assert "alt+t answers as the tool" in flat(scene)
        await scene.ask("Never mind.")
        assert "The model waits" not in flat(scene)


async def test_a_refused_request_costs_nothing_as_the_ledger_says() -> None:
    refused = APIError("No.", status=502, kind=ErrorKind.SERVER, request_id="req_1")
    async with playing([refused]) as (scene, play):
        price(play)
        await play.session.app_state.refresh()
        await scene.ask("go")
        play.gateway.debits = [debit(play, 0, status="error", error_message="upstream died", cost=0.0)]
        await play.clock.advance(3)
        await scene.press("alt+m")
        await scene.until(lambda: "0 credits debited" in scene.text)
        assert "a refused request costs nothing" in scene.text
        assert "error upstream died" in scene.text
        assert "▲" not in scene.text
