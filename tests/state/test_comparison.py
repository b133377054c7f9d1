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

from zaguan_tui.client.endings import Ending
from zaguan_tui.client.errors import APIError, ErrorKind
from zaguan_tui.client.stream_events import StreamEnded, TextDelta
from zaguan_tui.state.clock import FakeClock
from zaguan_tui.state.comparing.comparison import Comparison, ComparisonGoneError
from zaguan_tui.state.comparing.export import comparison_json, comparison_markdown
from zaguan_tui.state.comparing.masks import HIDDEN, masked
from zaguan_tui.state.comparing.setup import (
    MOST_LANES,
    Setup,
    answers_of,
    in_other_dialect,
    lane_key,
    own_turns,
    setup_from,
    shuffled,
    tally,
    voted,
)
from zaguan_tui.state.conversation import ConversationKind
from zaguan_tui.state.conversations import ConversationStore
from zaguan_tui.state.message import Dialect, MessageEnding
from zaguan_tui.state.question import Lane, Question
from zaguan_tui.state.ranking import Cost
from zaguan_tui.state.turn import TurnRunner
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database

from .scripted_chat import Pause, ScriptedClient

A, B, C = (Lane(f"maker/{name}") for name in "abc")


def says(*pieces: Any) -> list[Any]:
    return [*(TextDelta(piece) if isinstance(piece, str) else piece for piece in pieces),
            StreamEnded(Ending.FINISHED)]  # fmt: skip


def names(lanes: tuple[Lane, ...]) -> tuple[str, ...]:
    return tuple(lane.model for lane in lanes)


def refused() -> APIError:
    return APIError("No credits left.", status=402, kind=ErrorKind.INSUFFICIENT_CREDITS, request_id="req_402")


@dataclass
class Desk:
    clock: FakeClock
    client: ScriptedClient
    store: ConversationStore
    comparison: Comparison

    async def ask(self, text: str, *scripts: list[Any]) -> Any:
        """Ask, to the end; the turn as it stands."""
        self.client.scripts = list(scripts)
        await self.comparison.deliver(self.comparison.ask(Question(text)))
        return self.comparison.turns[-1]


def seated(store: ConversationStore, clock: FakeClock) -> Desk:
    client = ScriptedClient(clock, [])
    house: Any = SimpleNamespace(conversations=store, turns=TurnRunner(client, store, clock))
    return Desk(clock, client, store, Comparison(house))


@pytest.fixture
def desk() -> Desk:
    clock = FakeClock()
    return seated(ConversationStore(clock), clock)


@asynccontextmanager
async def filed(path: Path) -> AsyncIterator[Desk]:
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


async def test_three_runs_of_two_lanes_are_six_answers_of_one_turn(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B), runs=3))
    turn = await desk.ask("hi", *(says(f"answer {n}") for n in range(6)))
    assert [(answer.model, answer.run) for answer in turn.answers] == [
        (lane.model, run) for run in (1, 2, 3) for lane in (A, B)
    ]
    assert [answer.text for answer in answers_of(turn, lane_key(B))] == ["answer 1", "answer 3", "answer 5"]
    assert desk.comparison.conversation is not None
    assert desk.comparison.conversation.kind is ConversationKind.COMPARISON
    assert desk.comparison.progress is None


async def test_a_lane_that_fails_stops_nobody(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B, C), runs=2))
    scripts = [says("one"), [refused()], says("three")]
    turn = await desk.ask("hi", *scripts, *map(list, scripts))
    endings = [answer.ending for answer in turn.answers]
    assert endings == [MessageEnding.FINISHED, MessageEnding.FAILED, MessageEnding.FINISHED] * 2
    (problem,) = {answer.problem.sentence for answer in answers_of(turn, lane_key(B))}
    assert problem


async def test_stop_ends_all_lanes_and_all_runs(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B), runs=5))
    desk.client.scripts = [says("half", Pause(60), "rest") for _ in range(2)]
    going = asyncio.create_task(desk.comparison.deliver(desk.comparison.ask(Question("hi"))))
    await until(lambda: [answer.text for answer in desk.comparison.turns[-1:][0].answers] == ["half"] * 2
                if desk.comparison.turns else False)  # fmt: skip
    assert desk.comparison.stop()
    await going
    (turn,) = desk.comparison.turns
    assert [(answer.text, answer.ending) for answer in turn.answers] == [
        ("half", MessageEnding.CANCELLED)
    ] * 2
    assert not desk.comparison.stop()


async def test_a_lane_that_is_stopped_is_out_of_the_runs_to_come(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B), runs=2))
    desk.client.scripts = [says("half", Pause(60), "rest"), says("whole"), says("again")]
    going = asyncio.create_task(desk.comparison.deliver(desk.comparison.ask(Question("hi"))))
    await until(lambda: desk.comparison.turns and desk.comparison.turns[0].answers[0].text == "half")
    assert desk.comparison.stop_lane(lane_key(A))
    assert not desk.comparison.stop_lane(lane_key(A))
    await going
    (turn,) = desk.comparison.turns
    assert [answer.ending for answer in answers_of(turn, lane_key(A))] == [MessageEnding.CANCELLED]
    assert [answer.text for answer in answers_of(turn, lane_key(B))] == ["whole", "again"]


async def test_a_model_reads_its_own_answers_only(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B)))
    await desk.ask("first", says("from a"), says("from b"))
    desk.client.calls.clear()
    await desk.comparison.lay_out(Setup((A, B, C)))
    await desk.ask("second", says("1"), says("2"), says("3"))
    read = [[message["content"] for message in call["messages"]] for call in desk.client.calls]
    assert read == [["first", "from a", "second"], ["first", "from b", "second"], ["second"]]


async def test_asking_again_adds_runs_to_the_same_prompt(desk: Desk) -> None:
    assert desk.comparison.ask_again() is None
    await desk.comparison.lay_out(Setup((A, B)))
    await desk.ask("hi", says("1"), says("2"))
    desk.client.scripts = [says("3"), says("4")]
    again = desk.comparison.ask_again()
    assert again is not None
    await desk.comparison.deliver(again)
    (turn,) = desk.comparison.turns
    assert [answer.run for answer in turn.answers] == [1, 1, 2, 2]


async def test_hidden_names_stand_in_an_order_that_the_seed_tells(desk: Desk) -> None:
    lanes = tuple(Lane(f"maker/{n}") for n in range(MOST_LANES))
    assert shuffled(lanes, 7, 0) == shuffled(tuple(reversed(lanes)), 7, 0)
    assert len({names(shuffled(lanes, seed, 0)) for seed in range(20)}) > 1
    assert len({names(shuffled(lanes, 7, turn)) for turn in range(20)}) > 1, "every prompt is shuffled anew"
    await desk.comparison.lay_out(Setup(lanes, blind=True, seed=7))
    turn = await desk.ask("hi", *(says(str(n)) for n in range(6)))
    assert names(desk.comparison.places(turn)) == names(shuffled(lanes, 7, 0))


async def test_a_vote_tells_the_names_and_can_be_changed(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B), blind=True))
    turn = await desk.ask("hi", says("1"), says("2"))
    assert desk.comparison.hidden(turn)
    assert await desk.comparison.vote(turn.id, lane_key(A))
    assert await desk.comparison.vote(turn.id, lane_key(B))
    (turn,) = desk.comparison.turns
    assert voted(turn) == lane_key(B)
    assert not desk.comparison.hidden(turn)
    assert desk.comparison.hidden(None), "the next one is hidden again"
    assert tally(desk.comparison.turns) == ({lane_key(B): 1}, 1)
    assert not await desk.comparison.vote(turn.id, lane_key(C))


async def test_a_mask_hides_what_names_a_model(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B)))
    turn = await desk.ask("hi", [refused()], says("2"))
    failed = replace(turn.answers[0], notes=("maker/a said so",), params={"virtual_model_id": "a"})
    hidden = masked(failed, "A")
    assert "maker" not in repr(hidden)
    assert hidden.problem is not None
    assert hidden.problem.sentence == HIDDEN
    assert hidden.problem.request_id == failed.problem.request_id


async def test_it_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "zaguan.sqlite"
    async with filed(path) as desk:
        lanes = (A, replace(B, dialect=Dialect.MESSAGES))
        await desk.comparison.lay_out(Setup(lanes, runs=2, blind=True, seed=11))
        await desk.comparison.set_params({"temperature": 0.2})
        await desk.comparison.set_system_prompt("Be brief.")
        turn = await desk.ask("hi", *(says(f"answer {n}") for n in range(4)))
        await desk.comparison.vote(turn.id, lane_key(lanes[1]))
        kept, setup = desk.comparison.id, desk.comparison.setup
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
        assert voted(turn) == lane_key(lanes[1])


async def test_what_is_no_comparison_cannot_be_taken(desk: Desk) -> None:
    chat = desk.store.create("maker/a")
    for wrong in (chat.id, "conv_gone"):
        with pytest.raises(ComparisonGoneError):
            await desk.comparison.take(wrong)


async def test_a_comparison_that_never_began_is_none(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, Lane(""))))
    round_ = desk.comparison.ask(Question("hi"))
    with pytest.raises(ValueError, match="no model"):
        await desk.comparison.deliver(round_)
    assert desk.comparison.id is None


def test_limits_and_what_cannot_be_read() -> None:
    lanes = [{"model": f"m{n}", "dialect": "chat"} for n in range(9)]
    found = setup_from({"lanes": lanes, "runs": 99, "blind": "yes", "seed": None})
    assert (len(found.lanes), found.runs, found.blind, found.seed) == (6, 20, False, 0)
    assert setup_from({"lanes": [None, {"model": 3}, {"model": ""}], "runs": "x"}) == Setup()
    assert setup_from(Setup((A, B), 3, True, 5).written()) == Setup((A, B), 3, True, 5)


def test_one_model_in_both_dialects_is_two_lanes() -> None:
    other = in_other_dialect((A, B), lane_key(A))
    assert other is not None
    assert other[0].dialect is Dialect.MESSAGES
    assert in_other_dialect((A, replace(A, dialect=Dialect.MESSAGES)), lane_key(A)) is None


async def test_the_files_tell_everything(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B), runs=2))
    turn = await desk.ask("a | b\n# no heading", says("**bold**"), [refused()], says("x"), [refused()])
    await desk.comparison.vote(turn.id, lane_key(A))
    comparison = desk.comparison.conversation
    assert comparison is not None
    told = json.loads(comparison_json(comparison, lambda _: Cost(1.5)))
    (prompt,) = told["prompts"]
    assert prompt["vote"] == {"model": "maker/a", "dialect": "chat"}
    assert [(row["model"], row["failed"], row["counted"]) for row in prompt["ranking"]] == [
        ("maker/a", 0, 2), ("maker/b", 2, 2)
    ]  # fmt: skip
    assert [answer["run"] for answer in prompt["answers"]] == [1, 2, 1, 2]
    markdown = comparison_markdown(comparison, lambda _: Cost(1.5))
    assert "> # no heading" in markdown
    assert "| maker/b (chat) | 2/2 |" in markdown
    assert "2 of 2" in markdown


async def test_own_turns_prefer_the_answer_voted_for(desk: Desk) -> None:
    await desk.comparison.lay_out(Setup((A, B), runs=2))
    turn = await desk.ask("hi", says("first"), says("-"), says("second"), says("-"))
    (lived,) = own_turns([turn], A)
    assert lived.answer is not None
    assert lived.answer.text == "second"
    await desk.store.amend(desk.comparison.id or "", turn.answers[0].id, chosen=True)
    (lived,) = own_turns(desk.comparison.turns, A)
    assert lived.answer is not None
    assert lived.answer.text == "first"
