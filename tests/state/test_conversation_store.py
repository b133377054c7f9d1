"""The store: small notices, no copies, everything on disk, and a disk that fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.state.chat.message import Message, MessageStatus, Receipt
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.conversations.conversation import UNTITLED, ConversationKind
from zaguan_tui.state.conversations.notices import (
    ConversationNotice,
    ConversationRemoved,
    Delta,
    MessageAmended,
    MeterChanged,
    StorageFailed,
    TextBecameReasoning,
    ToolCallDelta,
    TurnEnded,
    TurnStarted,
)
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.conversations.undo_delete import ConversationTrash
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.store import Problem
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.drafts import DraftTable

DONE = Ending.FINISHED


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "history.db") as database:
        yield database


def store_on(database: Database | None) -> ConversationStore:
    if database is None:
        return ConversationStore(FakeClock())
    return ConversationStore(FakeClock(), ConversationTable(database), DraftTable(database))


def over(message: Message, ending: Ending = DONE, problem: Problem | None = None) -> Message:
    return replace(message, status=MessageStatus.ENDED, ending=ending, problem=problem)


async def said(store: ConversationStore, talk: str, prompt: str, answer: str) -> None:
    (live,) = await store.begin(talk, PromptRequest(prompt), [ModelTarget("a/b")])
    store.append(live, answer)
    await store.finish(live, over(live.message()))


async def test_a_turn_tells_its_story_in_small_notices() -> None:
    store = store_on(None)
    talk = store.create("a/b").id
    told: list[ConversationNotice] = []
    unsubscribe = store.watch(told.append)
    (live,) = await store.begin(talk, PromptRequest("hi"), [ModelTarget("a/b", params={"temperature": 0})])
    store.append(live, reasoning="hm")
    store.append(live, "hel")
    store.append(live, "lo")
    store.append_call(live, 0, "call_1", "weather", '{"in":')
    store.measure(live)
    await store.finish(live, over(live.message()))
    unsubscribe()
    store.create()
    kinds = [type(notice) for notice in told]
    assert kinds == [TurnStarted, Delta, Delta, Delta, ToolCallDelta, MeterChanged, TurnEnded]
    assert [(n.text, n.reasoning) for n in told if isinstance(n, Delta)] == [
        ("", "hm"),
        ("hel", ""),
        ("lo", ""),
    ]
    ended = told[-1]
    assert isinstance(ended, TurnEnded)
    assert ended.answer.text == "hello"
    assert ended.answer.params == {"temperature": 0}
    assert ended.answer.tool_calls == (ToolCall("call_1", "weather", '{"in":'),)
    assert ended.prompt is None


async def test_an_answer_being_given_is_part_of_the_conversation() -> None:
    store = store_on(None)
    talk = store.create("a/b").id
    (live,) = await store.begin(talk, PromptRequest("hi"), [ModelTarget("a/b")])
    assert store.get(talk).turns[0].answers[0].status is MessageStatus.WAITING
    live.begin("req_1")
    store.append(live, "so far")
    answer = store.get(talk).turns[0].answer
    assert answer is not None
    assert (answer.text, answer.status, answer.request_id) == ("so far", MessageStatus.STREAMING, "req_1")
    assert store.live(talk) == [live]
    assert store.get(talk).title == "hi"


async def test_an_empty_failure_gives_the_prompt_back() -> None:
    store = store_on(None)
    talk = store.create("a/b").id
    told: list[ConversationNotice] = []
    store.watch(told.append)
    (live,) = await store.begin(talk, PromptRequest("my long prompt"), [ModelTarget("a/b")])
    await store.finish(live, over(live.message(), Ending.FAILED, Problem("No.")))
    (live,) = await store.begin(talk, PromptRequest("another"), [ModelTarget("a/b")])
    store.append(live, "part")
    await store.finish(live, over(live.message(), Ending.TRUNCATED, Problem("Cut.")))
    assert [notice.prompt for notice in told if isinstance(notice, TurnEnded)] == ["my long prompt", None]


async def test_the_turn_is_on_disk_before_anybody_is_told(database: Database) -> None:
    store = store_on(database)
    on_disk: list[object] = []
    talk = store.create("a/b").id
    assert await store_on(database).recent() == []

    async def look() -> None:
        on_disk.append((await store_on(database).open(talk)).turns[0].prompt.text)

    looks: list[asyncio.Task[None]] = []
    store.watch(
        lambda notice: looks.append(asyncio.create_task(look())) if isinstance(notice, TurnStarted) else None
    )
    await store.begin(talk, PromptRequest("prompt"), [ModelTarget("a/b")])
    await asyncio.gather(*looks)
    assert on_disk == ["prompt"]


async def test_what_came_is_on_disk_as_it_comes_and_whole_at_the_end(database: Database) -> None:
    store = store_on(database)
    talk = store.create("a/b", "Be brief.").id
    (live,) = await store.begin(talk, PromptRequest("[/] \ud83d prompt"), [ModelTarget("a/b")])
    live.begin("req_1")
    for number in range(10):
        store.append(live, f"{number},", reasoning="")
        store.append(live, reasoning=f"r{number},")
        await store.keep(live)
        half = (await store_on(database).open(talk)).turns[0].answer
        assert half is not None
        assert half.text == "".join(f"{n}," for n in range(number + 1))
        assert half.reasoning.endswith(f"r{number},")
        assert half.ending is Ending.TRUNCATED
        assert half.problem is not None
        assert half.request_id == "req_1"
    await store.finish(live, over(live.message()))
    again = await store_on(database).open(talk)
    assert again.turns[0].answer == store.get(talk).turns[0].answer
    assert again.system_prompt == "Be brief."
    assert again.turns[0].prompt.text == "[/] � prompt"


async def test_text_that_turns_out_to_be_reasoning_moves_also_on_disk(database: Database) -> None:
    store = store_on(database)
    told: list[ConversationNotice] = []
    store.watch(told.append)
    talk = store.create("a/b").id
    (live,) = await store.begin(talk, PromptRequest("hi"), [ModelTarget("a/b")])
    store.append(live, "thinking aloud")
    await store.keep(live)
    store.text_became_reasoning(live)
    store.append(live, "answer")
    await store.keep(live)
    store.append(live, " goes on")
    await store.keep(live)
    half = (await store_on(database).open(talk)).turns[0].answer
    assert half is not None
    assert (half.text, half.reasoning) == ("answer goes on", "thinking aloud")
    assert TextBecameReasoning(talk, live.id) in told


async def test_halves_of_pairs_meet_across_pieces() -> None:
    store = store_on(None)
    talk = store.create("a/b").id
    told: list[ConversationNotice] = []
    store.watch(told.append)
    (live,) = await store.begin(talk, PromptRequest("hi"), [ModelTarget("a/b")])
    store.append(live, "a\ud83c")
    store.append(live, "\udf89b")
    assert live.message().text == "a🎉b"
    assert [notice.text for notice in told if isinstance(notice, Delta)] == ["a", "🎉b"]


async def test_changes_forks_and_removals(database: Database) -> None:
    store = store_on(database)
    talk = store.create("a/b").id
    assert store.get(talk).title == UNTITLED
    await store.change(talk, system_prompt="early")
    assert await store_on(database).recent() == []
    await said(store, talk, "one", "eins")
    await said(store, talk, "two", "zwei")
    await store.change(talk, title="Numbers", model="c/d")
    fork = await store.fork(talk, before_turn=store.get(talk).turns[1].id)
    assert [turn.prompt.text for turn in fork.turns] == ["one"]
    assert fork.forked_from == talk
    await said(store, fork.id, "three", "drei")
    assert [turn.prompt.text for turn in (await store_on(database).open(fork.id)).turns] == ["one", "three"]
    original = await store_on(database).open(talk)
    assert (original.title, original.model, len(original.turns)) == ("Numbers", "c/d", 2)
    told: list[ConversationNotice] = []
    store.watch(told.append)
    await store.remove(talk)
    assert told == [ConversationRemoved(talk)]
    assert [found.id for found in await store_on(database).recent()] == [fork.id]
    with pytest.raises(KeyError):
        await store.open(talk)


async def test_removing_a_conversation_that_is_being_answered_is_quiet(database: Database) -> None:
    store = store_on(database)
    talk = store.create("a/b").id
    (live,) = await store.begin(talk, PromptRequest("hi"), [ModelTarget("a/b")])
    told: list[ConversationNotice] = []
    await store.remove(talk)
    store.watch(told.append)
    store.append(live, "late")
    await store.keep(live)
    await store.finish(live, over(live.message()))
    assert not [notice for notice in told if isinstance(notice, (StorageFailed, TurnEnded))]


async def test_drafts_survive(database: Database) -> None:
    await store_on(database).save_draft("playground:new", "half a thought")
    assert await store_on(database).read_draft("playground:new") == "half a thought"
    assert await store_on(None).read_draft("playground:new") == ""


async def test_a_disk_that_fails_is_told_once_and_stops_nothing(database: Database) -> None:
    store = store_on(database)
    told: list[ConversationNotice] = []
    store.watch(told.append)
    talk = store.create("a/b").id
    await database.close()
    await said(store, talk, "one", "eins")
    await said(store, talk, "two", "zwei")
    assert [turn.answer and turn.answer.text for turn in store.get(talk).turns] == ["eins", "zwei"]
    assert len([notice for notice in told if isinstance(notice, StorageFailed)]) == 1


async def test_a_cancelled_beginning_leaves_no_answer_open(database: Database) -> None:
    store = store_on(database)
    talk = store.create("a/b").id
    beginning = asyncio.create_task(store.begin(talk, PromptRequest("hi"), [ModelTarget("a/b")]))
    await asyncio.sleep(0)
    beginning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beginning
    assert store.live(talk) == []
    answer = (await store_on(database).open(talk)).turns[0].answer
    assert answer is not None
    assert answer.ending is Ending.CANCELLED


async def test_a_long_answer_costs_its_length_and_not_its_square() -> None:
    async def spent(tokens: int) -> float:
        store = store_on(None)
        store.watch(lambda notice: None)
        (live,) = await store.begin(store.create("a/b").id, PromptRequest("hi"), [ModelTarget("a/b")])
        begin = time.process_time()
        for number in range(tokens):
            store.append(live, "token ")
            if number % 50 == 0:
                live.text.join()
        return time.process_time() - begin

    await spent(2_000)
    assert await spent(40_000) < 20 * max(await spent(5_000), 0.005)


async def test_what_is_learned_later_is_kept_and_told(database: Database) -> None:
    store = store_on(database)
    talk = store.create("a/b").id
    await said(store, talk, "hi", "hello")
    told: list[ConversationNotice] = []
    store.watch(told.append)
    answer = store.get(talk).turns[0].answers[0]
    amended = await store.amend(talk, answer.id, chosen=True, receipt=Receipt(debited=3.0))
    assert told == [MessageAmended(talk, amended)]
    again = await store_on(database).open(talk)
    assert again.turns[0].answers[0] == amended
    with pytest.raises(KeyError):
        await store.amend(talk, "msg_none", chosen=True)


async def test_a_removed_conversation_is_adopted_again_whole(database: Database) -> None:
    store = store_on(database)
    talk = store.create("a/b", "Be brief.", params={"temperature": 0.1}).id
    await said(store, talk, "one", "eins")
    await said(store, talk, "two", "zwei")
    whole = store.get(talk)
    await store.remove(talk)
    assert await store.recent() == []
    await store.adopt(whole)
    assert await store_on(database).open(talk) == whole


async def test_the_model_of_a_comparison_stays_that_of_its_setup() -> None:
    store = store_on(None)
    talk = store.create(None, kind=ConversationKind.COMPARISON).id
    await store.begin(talk, PromptRequest("hi"), [ModelTarget("a/one"), ModelTarget("b/two", run=2)])
    (turn,) = store.get(talk).turns
    assert store.get(talk).model is None
    assert [(answer.model, answer.run) for answer in turn.answers] == [("a/one", 1), ("b/two", 2)]


async def test_the_chosen_answer_counts_until_another_is_asked_for(database: Database) -> None:
    store = store_on(database)
    talk = store.create("a/b").id
    await said(store, talk, "hello", "first")
    turn = store.get(talk).turns[0]
    (live,) = await store.begin_again(talk, turn.id, [ModelTarget("a/b")])
    store.append(live, "second")
    await store.finish(live, over(live.message()))
    await store.amend(talk, turn.answers[0].id, chosen=True)
    counting = store.get(talk).turns[0].answer
    assert counting is not None
    assert counting.text == "first"
    (live,) = await store.begin_again(talk, turn.id, [ModelTarget("a/b")])
    store.append(live, "third")
    await store.finish(live, over(live.message()))
    reopened = (await store_on(database).open(talk)).turns[0]
    assert [answer.chosen for answer in reopened.answers] == [False] * 3
    assert reopened.answer is not None
    assert reopened.answer.text == "third"


async def test_the_conversation_deleted_last_can_be_brought_back(database: Database) -> None:
    store = store_on(database)
    bin_ = ConversationTrash(store)
    kept = []
    for prompt in ("one", "two"):
        talk = store.create("a/b").id
        await said(store, talk, prompt, f"answer to {prompt}")
        kept.append(store.get(talk))
    for conversation in kept:
        await bin_.remove(conversation.id)
    assert await store.recent() == []
    assert await bin_.bring_back() == kept[1]
    assert await bin_.bring_back() is None
    assert await store_on(database).open(kept[1].id) == kept[1]
    with pytest.raises(KeyError):
        await bin_.remove(kept[0].id)
