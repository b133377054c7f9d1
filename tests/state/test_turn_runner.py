"""The runner: whatever comes, what arrived is kept, says how it ended, and is on disk."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import (
    ReasoningDelta,
    StreamEnded,
    TextBecameReasoning,
    TextDelta,
    ToolCallDelta,
    UsageUpdate,
)
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat import live_message, turn_ending
from zaguan_tui.state.chat.message import Dialect, Message, MessageStatus, Role
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.chat.turn_runner import AnswerInProgressError, TurnRunner
from zaguan_tui.state.conversations.notices import ConversationNotice, MeterChanged, TurnEnded, TurnStarted
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database

from .scripted_chat import Pause, ScriptedClient

WELL = [TextDelta("Hel"), TextDelta("lo"), UsageUpdate(Usage(prompt_tokens=7, completion_tokens=2)),
        StreamEnded(Ending.FINISHED)]  # fmt: skip


def refused() -> APIError:
    return APIError("No credits left.", status=402, kind=ErrorKind.INSUFFICIENT_CREDITS, request_id="req_402")


@dataclass
class Bench:
    clock: FakeClock
    client: ScriptedClient
    store: ConversationStore
    runner: TurnRunner
    database: Database
    told: list[ConversationNotice]
    talk: str

    async def pass_time(self, seconds: float) -> None:
        """Step the clock once the turn has begun, with real time between for the thread that writes."""
        for _ in range(1_000):
            if any(isinstance(notice, TurnStarted) for notice in self.told):
                break
            await asyncio.sleep(0.005)
        while seconds > 0:
            await self.clock.advance(min(0.1, seconds))
            await asyncio.sleep(0.005)
            seconds -= 0.1

    async def remembered(self) -> Message:
        again = ConversationStore(self.clock, ConversationTable(self.database))
        answer = (await again.open(self.talk)).turns[-1].answer
        assert answer is not None
        return answer

    def play(self, *script: Any) -> None:
        self.client.scripts.append(list(script))


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    clock = FakeClock()
    async with await Database.open(tmp_path / "history.db") as database:
        store = ConversationStore(clock, ConversationTable(database))
        client = ScriptedClient(clock, [])
        told: list[ConversationNotice] = []
        store.watch(told.append)
        talk = store.create("openai/gpt-4o", "Be brief.").id
        yield Bench(clock, client, store, TurnRunner(client, store, clock), database, told, talk)


async def test_a_good_turn(bench: Bench) -> None:
    bench.play(*WELL)
    answer = await bench.runner.send(bench.talk, "Hi [/]", params={"temperature": 0.1})
    assert (answer.text, answer.ending, answer.status) == (
        "Hello",
        Ending.FINISHED,
        MessageStatus.ENDED,
    )
    assert (answer.request_id, answer.model, answer.answered_by) == (
        "req_1",
        "openai/gpt-4o",
        "answered/model",
    )
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 2
    assert answer.timings is not None
    assert answer.timings.ttft_s == 0.4
    assert answer.problem is None
    assert await bench.remembered() == answer
    assert bench.client.streams[0].closed
    assert bench.client.calls == [
        {
            "model": "openai/gpt-4o",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi [/]"}],
            "temperature": 0.1,
        }
    ]
    ended = bench.told[-1]
    assert isinstance(ended, TurnEnded)
    assert ended.answer == answer
    meters = [notice.meter for notice in bench.told if isinstance(notice, MeterChanged)]
    assert (meters[-1].tokens_in, meters[-1].tokens_out, meters[-1].estimated) == (7, 2, False)
    assert not bench.runner.answering(bench.talk)


async def test_the_next_turn_reads_what_was_said(bench: Bench) -> None:
    bench.play(*WELL)
    bench.play(*WELL)
    await bench.runner.send(bench.talk, "one")
    await bench.runner.send(bench.talk, "two", model="other/model")
    roles = [(m["role"], m["content"]) for m in bench.client.calls[1]["messages"]]
    assert roles == [("system", "Be brief."), ("user", "one"), ("assistant", "Hello"), ("user", "two")]
    assert bench.store.get(bench.talk).model == "other/model"


async def test_reasoning_and_tool_calls_and_other_choices(bench: Bench) -> None:
    bench.play(
        TextDelta("hmm"),
        TextBecameReasoning(),
        ReasoningDelta(" ok"),
        TextDelta("Sunny"),
        TextDelta("OTHER CHOICE", index=1),
        ToolCallDelta(0, "call_1", "weather", '{"in":'),
        ToolCallDelta(0, "call_1", "weather", '"Rome"}'),
        StreamEnded(Ending.TOOL_CALLS),
    )
    answer = await bench.runner.send(bench.talk, "weather?")
    assert (answer.reasoning, answer.text) == ("hmm ok", "Sunny")
    assert [(call.name, call.arguments) for call in answer.tool_calls] == [("weather", '{"in":"Rome"}')]
    assert answer.ending is Ending.TOOL_CALLS
    assert await bench.remembered() == answer


async def test_an_error_before_the_stream_keeps_the_prompt_for_a_retry(bench: Bench) -> None:
    bench.play(refused())
    answer = await bench.runner.send(bench.talk, "expensive")
    assert answer.ending is Ending.FAILED
    assert answer.problem is not None
    assert answer.problem.kind == "insufficient_credits"
    assert answer.problem.sentence
    ended = bench.told[-1]
    assert isinstance(ended, TurnEnded)
    assert ended.prompt == "expensive"
    assert await bench.remembered() == answer

    bench.play(*WELL)
    again = await bench.runner.regenerate(bench.talk)
    assert again.text == "Hello"
    turns = bench.store.get(bench.talk).turns
    assert [len(turn.answers) for turn in turns] == [2]
    assert [m["content"] for m in bench.client.calls[1]["messages"]] == ["Be brief.", "expensive"]


async def test_an_error_in_the_middle_keeps_what_came(bench: Bench) -> None:
    bench.play(TextDelta("half"), StreamEnded(Ending.ERROR_FRAME))

    def told_by_frame() -> None:
        asyncio.get_running_loop().call_soon(lambda: setattr(bench.client.streams[-1], "error", refused()))

    bench.client.on_call = told_by_frame
    answer = await bench.runner.send(bench.talk, "ask")
    assert (answer.text, answer.ending) == ("half", Ending.ERROR_FRAME)
    assert answer.problem is not None
    assert answer.problem.kind == "insufficient_credits"


async def test_a_raised_error_in_the_middle_is_a_cut(bench: Bench) -> None:
    bench.play(TextDelta("half"), refused())
    answer = await bench.runner.send(bench.talk, "ask")
    assert answer.text == "half"
    assert answer.ending is not None
    assert not answer.ending.whole
    assert answer.problem is not None


async def test_a_stream_without_an_end_is_truncated_and_says_so(bench: Bench) -> None:
    bench.play(TextDelta("half"))
    answer = await bench.runner.send(bench.talk, "ask")
    assert (answer.text, answer.ending) == ("half", Ending.TRUNCATED)
    assert answer.problem is not None
    assert "ended before" in answer.problem.sentence


async def test_stop_keeps_what_came_and_closes_the_stream(bench: Bench) -> None:
    bench.play(TextDelta("half"), Pause(60), TextDelta("never"))
    sending = asyncio.create_task(bench.runner.send(bench.talk, "ask"))
    await bench.pass_time(1)
    assert bench.runner.answering(bench.talk)
    with pytest.raises(AnswerInProgressError):
        await bench.runner.send(bench.talk, "impatient")
    assert bench.runner.stop("elsewhere") == 0
    assert bench.runner.stop(bench.talk) == 1
    answer = await sending
    assert (answer.text, answer.ending, answer.problem) == ("half", Ending.CANCELLED, None)
    assert bench.client.streams[0].closed
    assert await bench.remembered() == answer
    assert bench.runner.stop() == 0


async def test_stop_before_the_server_answers(bench: Bench) -> None:
    bench.play(Pause(60))
    sending = asyncio.create_task(bench.runner.send(bench.talk, "ask"))
    await bench.pass_time(1)
    bench.runner.stop()
    answer = await sending
    assert (answer.text, answer.ending) == ("", Ending.CANCELLED)


async def test_stop_while_the_prompt_is_still_being_saved(bench: Bench) -> None:
    bench.play(*WELL)
    sending = asyncio.create_task(bench.runner.send(bench.talk, "ask"))
    await asyncio.sleep(0)
    assert bench.runner.stop(bench.talk) == 1
    answer = await sending
    assert (answer.text, answer.ending) == ("", Ending.CANCELLED)
    assert bench.client.calls == []
    assert await bench.remembered() == answer


async def test_a_cancelled_caller_keeps_what_came(bench: Bench) -> None:
    bench.play(TextDelta("half"), Pause(60))
    sending = asyncio.create_task(bench.runner.send(bench.talk, "ask"))
    await bench.pass_time(1)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    answer = await bench.remembered()
    assert (answer.text, answer.ending) == ("half", Ending.CANCELLED)
    assert not bench.runner.answering(bench.talk)
    assert bench.client.streams[0].closed


@pytest.mark.live
async def test_what_came_is_on_disk_within_half_a_second_also_while_nothing_comes(bench: Bench) -> None:
    bench.play(TextDelta("first "), Pause(0.7), TextDelta("second"), Pause(60))
    sending = asyncio.create_task(bench.runner.send(bench.talk, "ask"))
    await bench.pass_time(0.6)
    await asyncio.sleep(0.1)
    assert (await bench.remembered()).text == "first "
    await bench.pass_time(0.5)
    await asyncio.sleep(0.1)
    half = await bench.remembered()
    assert (half.text, half.ending, half.request_id) == ("first second", Ending.TRUNCATED, "req_1")
    bench.runner.stop()
    await sending


async def test_the_meter_runs_also_while_nothing_comes(bench: Bench) -> None:
    bench.play(
        Pause(1.0), TextDelta("word " * 40), Pause(1.0), TextDelta("word " * 40), Pause(9.0), *WELL[-1:]
    )
    sending = asyncio.create_task(bench.runner.send(bench.talk, "ask"))
    await bench.pass_time(0.8)
    waiting = [notice.meter for notice in bench.told if isinstance(notice, MeterChanged)][-1]
    assert (waiting.ttft_s, waiting.tokens_out, waiting.estimated) == (None, 0, True)
    await bench.pass_time(6.5)
    meters = [notice.meter for notice in bench.told if isinstance(notice, MeterChanged)]
    assert meters[-1].ttft_s == pytest.approx(1.0)
    assert meters[-1].tokens_out == 100
    assert max(meter.tokens_per_s or 0 for meter in meters) > 20
    assert meters[-1].tokens_per_s == 0
    assert meters[-1].tokens_per_s_overall == pytest.approx(100)
    assert (meters[-1].since_last_s or 0) > 3
    bench.runner.stop()
    await sending


async def test_a_fault_of_ours_is_raised_and_the_answer_still_kept(bench: Bench) -> None:
    bench.play(TextDelta("half"), RuntimeError("our bug"))
    with pytest.raises(RuntimeError, match="our bug"):
        await bench.runner.send(bench.talk, "ask")
    answer = await bench.remembered()
    assert answer.text == "half"
    assert answer.problem is not None
    assert not bench.runner.answering(bench.talk)


async def test_comparing_is_several_sends_at_once(bench: Bench) -> None:
    talks = [bench.store.create(f"m/{n}").id for n in range(4)]
    for n in range(4):
        bench.play(TextDelta(f"from {n}"), StreamEnded(Ending.FINISHED))
    answers = await asyncio.gather(*(bench.runner.send(talk, "same prompt") for talk in talks))
    assert [answer.text for answer in answers] == [f"from {n}" for n in range(4)]
    assert [call["model"] for call in bench.client.calls] == [f"m/{n}" for n in range(4)]


async def test_what_cannot_be_sent_is_refused_before_a_turn_begins(bench: Bench) -> None:
    with pytest.raises(KeyError):
        await bench.runner.send("nowhere", "hi")
    with pytest.raises(ValueError, match="model"):
        await bench.runner.send(bench.store.create().id, "hi")
    with pytest.raises(KeyError):
        await bench.runner.regenerate(bench.talk, "turn_x")
    assert bench.store.get(bench.talk).turns == ()


async def test_hostile_text_is_kept_as_it_came(bench: Bench) -> None:
    hostile = "[/] [@click=app.quit]x[/] \x1b]0;owned\x07 \u202e \x00 通义 🎉"
    bench.play(TextDelta(hostile), StreamEnded(Ending.FINISHED))
    answer = await bench.runner.send(bench.talk, hostile)
    assert answer.text == hostile
    assert (await bench.remembered()).text == hostile
    assert bench.client.calls[0]["messages"][-1] == {"role": Role.USER.value, "content": hostile}


STREAMER = """
import asyncio, sys
from pathlib import Path
from tests.state.scripted_chat import Pause, ScriptedClient
from zaguan_tui.client.streaming.events import TextDelta
from zaguan_tui.state.core.clock import SystemClock
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.chat.turn_runner import TurnRunner
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database

async def main():
    clock = SystemClock()
    script = [step for n in range(10_000) for step in (TextDelta(f"[{n}]"), Pause(0.005))]
    store = ConversationStore(clock, ConversationTable(await Database.open(Path(sys.argv[1]))))
    talk = store.create("a/b").id
    print(talk, flush=True)
    store.watch(lambda notice: print(getattr(notice, "text", ""), flush=True))
    await TurnRunner(ScriptedClient(clock, [script]), store, clock).send(talk, "prompt")

asyncio.run(main())
"""


def killed_while_streaming(path: Path) -> tuple[str, list[str]]:
    """The conversation, and what had been shown one second before the end of a killed program."""
    root = Path(__file__).parents[2]
    program = subprocess.Popen(
        [sys.executable, "-c", STREAMER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert program.stdout is not None
    talk = program.stdout.readline().strip()
    shown: list[tuple[float, str]] = []
    begun = time.monotonic()
    while time.monotonic() < begun + 2.5:
        shown.append((time.monotonic(), program.stdout.readline().strip()))
    program.kill()
    killed = time.monotonic()
    program.wait()
    program.stdout.close()
    return talk, [text for at, text in shown if at < killed - 1.0 and text]


async def test_kill_9_loses_at_most_the_last_second(tmp_path: Path) -> None:
    talk, shown = killed_while_streaming(tmp_path / "history.db")
    async with await Database.open(tmp_path / "history.db") as database:
        found = await ConversationStore(FakeClock(), ConversationTable(database)).open(talk)
    answer = found.turns[0].answer
    assert found.turns[0].prompt.text == "prompt"
    assert answer is not None
    assert len(shown) > 20
    assert answer.text.startswith("".join(shown))
    assert answer.ending is Ending.TRUNCATED
    assert answer.problem is not None
    assert "ended while this was streaming" in answer.problem.sentence


def test_the_state_of_conversations_loads_no_heavy_module() -> None:
    code = (
        "import sys, zaguan_tui.state.chat.turn_runner, zaguan_tui.state.conversations.store\n"
        "heavy = ('textual', 'httpx', 'pydantic', 'aiosqlite', 'websockets')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


async def test_several_lanes_answer_one_question_at_once(bench: Bench) -> None:
    bench.play(TextDelta("One"), StreamEnded(Ending.FINISHED))
    bench.play(refused())
    lanes = [
        ModelTarget("a/one", params={"temperature": 0}),
        ModelTarget("b/two", Dialect.MESSAGES, {"thinking_budget": 1024}, run=2),
    ]
    good, bad = await bench.runner.send_all(bench.talk, PromptRequest("Hi"), lanes)
    assert (good.text, good.ending, good.model) == ("One", Ending.FINISHED, "a/one")
    assert (bad.ending, bad.dialect, bad.run) == (Ending.FAILED, Dialect.MESSAGES, 2)
    chat, messages = bench.client.calls
    assert "dialect" not in chat
    assert (messages["dialect"], messages["system"]) == ("messages", "Be brief.")
    assert messages["thinking"] == {"type": "enabled", "budget_tokens": 1024}
    (turn,) = bench.store.get(bench.talk).turns
    assert [answer.model for answer in turn.answers] == ["a/one", "b/two"]
    assert not bench.runner.answering(bench.talk)


async def test_one_lane_is_stopped_and_the_other_goes_on(bench: Bench) -> None:
    bench.play(TextDelta("One"), Pause(5), TextDelta(" more"), StreamEnded(Ending.FINISHED))
    bench.play(TextDelta("Two"), Pause(999))
    asking = asyncio.create_task(
        bench.runner.send_all(bench.talk, PromptRequest("Hi"), [ModelTarget("a/one"), ModelTarget("b/two")])
    )
    await bench.pass_time(1)
    slow = bench.store.get(bench.talk).turns[0].answers[1]
    assert bench.runner.stop(bench.talk, slow.id) == 1
    await bench.pass_time(6)
    one, two = await asking
    assert (one.text, one.ending) == ("One more", Ending.FINISHED)
    assert (two.text, two.ending) == ("Two", Ending.CANCELLED)


async def test_cancelling_many_lanes_keeps_what_came_of_each(bench: Bench) -> None:
    bench.play(TextDelta("One"), Pause(999))
    bench.play(TextDelta("Two"), Pause(999))
    asking = asyncio.create_task(
        bench.runner.send_all(bench.talk, PromptRequest("Hi"), [ModelTarget("a/one"), ModelTarget("b/two")])
    )
    await bench.pass_time(1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    answers = bench.store.get(bench.talk).turns[0].answers
    assert [(answer.text, answer.ending) for answer in answers] == [
        ("One", Ending.CANCELLED),
        ("Two", Ending.CANCELLED),
    ]


async def test_a_conversations_own_parameters_and_dialect_are_used(bench: Bench) -> None:
    await bench.store.change(bench.talk, dialect=Dialect.MESSAGES, params={"top_k": 5})
    bench.play(*WELL)
    answer = await bench.runner.send(bench.talk, "Hi")
    assert (answer.dialect, answer.params) == (Dialect.MESSAGES, {"top_k": 5})
    assert bench.client.calls[0]["top_k"] == 5
    bench.play(*WELL)
    again = await bench.runner.regenerate(bench.talk, params={})
    assert (again.dialect, again.params) == (Dialect.MESSAGES, {})


async def test_times_run_from_the_request_not_from_the_disk_before_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = bench.store.begin

    async def slowly(*arguments: Any) -> Any:
        lives = await begin(*arguments)
        await bench.clock.sleep(3.0)
        return lives

    monkeypatch.setattr(bench.store, "begin", slowly)
    bench.play(Pause(0.5), *WELL)
    asking = asyncio.create_task(bench.runner.send(bench.talk, "Hi"))
    await bench.pass_time(5)
    await asking
    meters = [notice.meter for notice in bench.told if isinstance(notice, MeterChanged)]
    assert meters[-1].ttft_s == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize(
    "event",
    [
        TextDelta("x" * 1_000),
        ReasoningDelta("x" * 1_000),
        ToolCallDelta(call=0, id="call_1", name="f", arguments="x" * 1_000),
    ],
)
async def test_an_answer_that_never_ends_is_left_with_what_came(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, event: Any
) -> None:
    monkeypatch.setattr(live_message, "MOST_CHARACTERS", 50_000)
    bench.play(*[event] * 200)
    answer = await bench.runner.send(bench.talk, "Go on")
    assert answer.ending is Ending.TRUNCATED
    assert answer.problem is not None
    assert answer.problem.sentence.startswith("Answer larger than ")
    size = len(answer.text) + len(answer.reasoning) + sum(len(call.arguments) for call in answer.tool_calls)
    assert size == 51_000
    assert bench.client.streams[0].closed


@pytest.mark.parametrize("event", [TextDelta("x" * 90_000), ReasoningDelta("x" * 90_000)])
async def test_of_one_event_larger_than_an_answer_the_beginning_is_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, event: Any
) -> None:
    monkeypatch.setattr(live_message, "MOST_CHARACTERS", 50_000)
    monkeypatch.setattr(turn_ending, "MOST_CHARACTERS", 50_000)
    bench.play(TextDelta("So: "), event, TextDelta("more"))
    answer = await bench.runner.send(bench.talk, "Go on")
    assert answer.problem is not None
    assert answer.problem.kind == "answer_too_large"
    assert len(answer.text) + len(answer.reasoning) == 50_004
