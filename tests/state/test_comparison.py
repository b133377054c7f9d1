"""A comparison: rounds of runs down all lanes, one lane's fate not the others', votes, order, history."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest, target_key
from zaguan_tui.state.chat.turn_runner import TurnRunner
from zaguan_tui.state.comparison.comparison import Comparison, ComparisonDeletedError
from zaguan_tui.state.comparison.export import comparison_json, comparison_markdown
from zaguan_tui.state.comparison.ranking import AnswerCost
from zaguan_tui.state.comparison.setup import (
    HIDDEN,
    MAX_TARGETS,
    ComparisonSetup,
    add_other_dialect,
    count_votes,
    mask_message,
    read_setup,
    shuffle_targets,
    vote_of,
)
from zaguan_tui.state.conversations.conversation import ConversationKind, answers_of
from zaguan_tui.state.conversations.model_context import turns_of_target
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database

from .scripted_chat import Pause, ScriptedClient

A, B, C = (ModelTarget(f"maker/{name}") for name in "abc")


def says(*pieces: Any) -> list[Any]:
    return [*(TextDelta(piece) if isinstance(piece, str) else piece for piece in pieces),
            StreamEnded(Ending.FINISHED)]  # fmt: skip


def names(lanes: tuple[ModelTarget, ...]) -> tuple[str, ...]:
    return tuple(lane.model for lane in lanes)


def refused() -> APIError:
    return APIError("No credits left.", status=402, kind=ErrorKind.INSUFFICIENT_CREDITS, request_id="req_402")


@dataclass
class ComparisonBench:
    clock: FakeClock
    client: ScriptedClient
    store: ConversationStore
    comparison: Comparison

    async def ask(self, text: str, *scripts: list[Any]) -> Any:
        """Ask, to the end; the turn as it stands."""
        self.client.scripts = list(scripts)
        await self.comparison.deliver(self.comparison.ask(PromptRequest(text)))
        return self.comparison.turns[-1]


def seated(store: ConversationStore, clock: FakeClock) -> ComparisonBench:
    client = ScriptedClient(clock, [])
    app_state: Any = SimpleNamespace(conversations=store, turns=TurnRunner(client, store, clock))
    return ComparisonBench(clock, client, store, Comparison(app_state))


@pytest.fixture
def bench() -> ComparisonBench:
    clock = FakeClock()
    return seated(ConversationStore(clock), clock)


@asynccontextmanager
async def filed(path: Path) -> AsyncIterator[ComparisonBench]:
    clock = FakeClock()
    database = await Database.open(path, lambda text: text)
    try:
        yield seated(ConversationStore(clock, ConversationTable(database)), clock)
    finally:
        await database.close()


async def until(predicate: Any) -> None:
    for _ in range(2_000):
        if predicate():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come to pass")


async def test_three_runs_of_two_lanes_are_six_answers_of_one_turn(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B), runs=3))
    turn = await bench.ask("hi", *(says(f"answer {n}") for n in range(6)))
    assert [(answer.model, answer.run) for answer in turn.answers] == [
        (lane.model, run) for run in (1, 2, 3) for lane in (A, B)
    ]
    assert [answer.text for answer in answers_of(turn, target_key(B))] == ["answer 1", "answer 3", "answer 5"]
    assert bench.comparison.conversation is not None
    assert bench.comparison.conversation.kind is ConversationKind.COMPARISON
    assert bench.comparison.progress is None


async def test_a_lane_that_fails_stops_nobody(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B, C), runs=2))
    scripts = [says("one"), [refused()], says("three")]
    turn = await bench.ask("hi", *scripts, *map(list, scripts))
    endings = [answer.ending for answer in turn.answers]
    assert endings == [Ending.FINISHED, Ending.FAILED, Ending.FINISHED] * 2
    (problem,) = {answer.problem.sentence for answer in answers_of(turn, target_key(B))}
    assert problem


async def test_stop_ends_all_lanes_and_all_runs(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B), runs=5))
    bench.client.scripts = [says("half", Pause(60), "rest") for _ in range(2)]
    going = asyncio.create_task(bench.comparison.deliver(bench.comparison.ask(PromptRequest("hi"))))
    await until(lambda: [answer.text for answer in bench.comparison.turns[-1:][0].answers] == ["half"] * 2
                if bench.comparison.turns else False)  # fmt: skip
    assert bench.comparison.stop()
    await going
    (turn,) = bench.comparison.turns
    assert [(answer.text, answer.ending) for answer in turn.answers] == [("half", Ending.CANCELLED)] * 2
    assert not bench.comparison.stop()


async def test_a_lane_that_is_stopped_is_out_of_the_runs_to_come(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B), runs=2))
    bench.client.scripts = [says("half", Pause(60), "rest"), says("whole"), says("again")]
    going = asyncio.create_task(bench.comparison.deliver(bench.comparison.ask(PromptRequest("hi"))))
    await until(lambda: bench.comparison.turns and bench.comparison.turns[0].answers[0].text == "half")
    assert bench.comparison.stop_lane(target_key(A))
    assert not bench.comparison.stop_lane(target_key(A))
    await going
    (turn,) = bench.comparison.turns
    assert [answer.ending for answer in answers_of(turn, target_key(A))] == [Ending.CANCELLED]
    assert [answer.text for answer in answers_of(turn, target_key(B))] == ["whole", "again"]


async def test_a_model_reads_its_own_answers_only(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B)))
    await bench.ask("first", says("from a"), says("from b"))
    bench.client.calls.clear()
    await bench.comparison.lay_out(ComparisonSetup((A, B, C)))
    await bench.ask("second", says("1"), says("2"), says("3"))
    read = [[message["content"] for message in call["messages"]] for call in bench.client.calls]
    assert read == [["first", "from a", "second"], ["first", "from b", "second"], ["second"]]


async def test_asking_again_adds_runs_to_the_same_prompt(bench: ComparisonBench) -> None:
    assert bench.comparison.ask_again() is None
    await bench.comparison.lay_out(ComparisonSetup((A, B)))
    await bench.ask("hi", says("1"), says("2"))
    bench.client.scripts = [says("3"), says("4")]
    again = bench.comparison.ask_again()
    assert again is not None
    await bench.comparison.deliver(again)
    (turn,) = bench.comparison.turns
    assert [answer.run for answer in turn.answers] == [1, 1, 2, 2]


async def test_hidden_names_stand_in_an_order_that_the_seed_tells(bench: ComparisonBench) -> None:
    lanes = tuple(ModelTarget(f"maker/{n}") for n in range(MAX_TARGETS))
    assert shuffle_targets(lanes, 7, 0) == shuffle_targets(tuple(reversed(lanes)), 7, 0)
    assert len({names(shuffle_targets(lanes, seed, 0)) for seed in range(20)}) > 1
    assert len({names(shuffle_targets(lanes, 7, turn)) for turn in range(20)}) > 1, (
        "every prompt is shuffled anew"
    )
    await bench.comparison.lay_out(ComparisonSetup(lanes, blind=True, seed=7))
    turn = await bench.ask("hi", *(says(str(n)) for n in range(6)))
    assert names(bench.comparison.places(turn)) == names(shuffle_targets(lanes, 7, 0))


async def test_a_vote_tells_the_names_and_can_be_changed(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B), blind=True))
    turn = await bench.ask("hi", says("1"), says("2"))
    assert bench.comparison.hidden(turn)
    assert await bench.comparison.vote(turn.id, target_key(A))
    assert await bench.comparison.vote(turn.id, target_key(B))
    (turn,) = bench.comparison.turns
    assert vote_of(turn) == target_key(B)
    assert not bench.comparison.hidden(turn)
    assert bench.comparison.hidden(None), "the next one is hidden again"
    assert count_votes(bench.comparison.turns) == ({target_key(B): 1}, 1)
    assert not await bench.comparison.vote(turn.id, target_key(C))


async def test_a_mask_hides_what_names_a_model(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B)))
    turn = await bench.ask("hi", [refused()], says("2"))
    failed = replace(turn.answers[0], notes=("maker/a said so",), params={"virtual_model_id": "a"})
    hidden = mask_message(failed, "A")
    assert "maker" not in repr(hidden)
    assert hidden.problem is not None
    assert hidden.problem.sentence == HIDDEN
    assert hidden.problem.request_id == failed.problem.request_id


async def test_it_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "zaguan.sqlite"
    async with filed(path) as bench:
        lanes = (A, replace(B, dialect=Dialect.MESSAGES))
        await bench.comparison.lay_out(ComparisonSetup(lanes, runs=2, blind=True, seed=11))
        await bench.comparison.set_params({"temperature": 0.2})
        await bench.comparison.set_system_prompt("Be brief.")
        turn = await bench.ask("hi", *(says(f"answer {n}") for n in range(4)))
        await bench.comparison.vote(turn.id, target_key(lanes[1]))
        kept, setup = bench.comparison.id, bench.comparison.setup
        assert kept is not None
    async with filed(path) as later:
        await later.comparison.take(kept)
        assert later.comparison.setup == setup
        assert later.comparison.params == {"temperature": 0.2}
        assert later.comparison.system_prompt == "Be brief."
        (turn,) = later.comparison.turns
        assert [(answer.run, answer.text) for answer in turn.answers] == [
            (1, "answer 0"), (1, "answer 1"), (2, "answer 2"), (2, "answer 3")
        ]  # fmt: skip
        assert vote_of(turn) == target_key(lanes[1])


async def test_what_is_no_comparison_cannot_be_taken(bench: ComparisonBench) -> None:
    chat = bench.store.create("maker/a")
    for wrong in (chat.id, "conv_gone"):
        with pytest.raises(ComparisonDeletedError):
            await bench.comparison.take(wrong)


async def test_a_comparison_that_never_began_is_none(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, ModelTarget(""))))
    round_ = bench.comparison.ask(PromptRequest("hi"))
    with pytest.raises(ValueError, match="no model"):
        await bench.comparison.deliver(round_)
    assert bench.comparison.id is None


def test_limits_and_what_cannot_be_read() -> None:
    lanes = [{"model": f"m{n}", "dialect": "chat"} for n in range(9)]
    found = read_setup({"lanes": lanes, "runs": 99, "blind": "yes", "seed": None})
    assert (len(found.lanes), found.runs, found.blind, found.seed) == (6, 20, False, 0)
    assert read_setup({"lanes": [None, {"model": 3}, {"model": ""}], "runs": "x"}) == ComparisonSetup()
    assert read_setup(ComparisonSetup((A, B), 3, True, 5).written()) == ComparisonSetup((A, B), 3, True, 5)


def test_one_model_in_both_dialects_is_two_lanes() -> None:
    other = add_other_dialect((A, B), target_key(A))
    assert other is not None
    assert other[0].dialect is Dialect.MESSAGES
    assert add_other_dialect((A, replace(A, dialect=Dialect.MESSAGES)), target_key(A)) is None


async def test_the_files_tell_everything(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B), runs=2))
    turn = await bench.ask("a | b\n# no heading", says("**bold**"), [refused()], says("x"), [refused()])
    await bench.comparison.vote(turn.id, target_key(A))
    comparison = bench.comparison.conversation
    assert comparison is not None
    told = json.loads(comparison_json(comparison, lambda _: AnswerCost(1.5)))
    (prompt,) = told["prompts"]
    assert prompt["vote"] == {"model": "maker/a", "dialect": "chat"}
    assert [(row["model"], row["failed"], row["counted"]) for row in prompt["ranking"]] == [
        ("maker/a", 0, 2), ("maker/b", 2, 2)
    ]  # fmt: skip
    assert [answer["run"] for answer in prompt["answers"]] == [1, 2, 1, 2]
    markdown = comparison_markdown(comparison, lambda _: AnswerCost(1.5))
    assert "> # no heading" in markdown
    assert "| maker/b (chat) | 2/2 |" in markdown
    assert "2 of 2" in markdown


async def test_own_turns_prefer_the_answer_voted_for(bench: ComparisonBench) -> None:
    await bench.comparison.lay_out(ComparisonSetup((A, B), runs=2))
    turn = await bench.ask("hi", says("first"), says("-"), says("second"), says("-"))
    (lived,) = turns_of_target([turn], A)
    assert lived.answer is not None
    assert lived.answer.text == "second"
    await bench.store.amend(bench.comparison.id or "", turn.answers[0].id, chosen=True)
    (lived,) = turns_of_target(bench.comparison.turns, A)
    assert lived.answer is not None
    assert lived.answer.text == "first"
