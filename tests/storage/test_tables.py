"""The tables: what goes in comes out, in order, and what is old goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from zaguan_tui.storage.conversations import ConversationRow, ConversationTable, MessageRow, Piece
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.drafts import DraftTable
from zaguan_tui.storage.errors import StorageError
from zaguan_tui.storage.kv import KeyValueTable
from zaguan_tui.storage.samples import Sample, SampleTable
from zaguan_tui.storage.transitions import TransitionRow, TransitionTable

TALK = ConversationRow("c1", "A title", "openai/gpt-4o", "Be brief.", None, 10.0, 10.0)
PROMPT = MessageRow("m1", "c1", "t1", "user", "ended", 10.0, text="[/] \x1b]0;x\x07 ?")
ANSWER = MessageRow("m2", "c1", "t1", "assistant", "streaming", 10.1, model="openai/gpt-4o")


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    async with await Database.open(None) as database:
        yield database


async def test_a_conversation_comes_back_as_it_was(database: Database) -> None:
    table = ConversationTable(database)
    await table.save(TALK, PROMPT, ANSWER)
    assert await table.find("c1") == TALK
    assert await table.find("c2") is None
    assert await table.messages("c1") == [PROMPT, ANSWER]


async def test_an_arriving_message_is_read_with_its_pieces_in_order(database: Database) -> None:
    table = ConversationTable(database)
    await table.save(TALK, PROMPT, ANSWER)
    for number in range(12):
        await table.append(Piece("m2", number, f"{number} ", f"r{number} "))
    (_, arriving) = await table.messages("c1")
    assert arriving.text == "".join(f"{number} " for number in range(12))
    assert arriving.reasoning.startswith("r0 r1 r2")
    assert arriving.status == "streaming"


async def test_a_finished_message_is_whole_and_has_no_pieces(database: Database) -> None:
    table = ConversationTable(database)
    await table.save(TALK, PROMPT, ANSWER)
    await table.append(Piece("m2", 0, "half", ""))
    over = replace(
        ANSWER,
        status="ended",
        text="half and whole",
        ending="finished",
        request_id="req_1",
        details='{"a":1}',
    )
    await table.finish(over, 20.0)
    assert (await table.messages("c1"))[1] == over
    assert await database.read("SELECT * FROM pieces") == []
    found = await table.find("c1")
    assert found is not None
    assert found.updated_at == 20.0


async def test_conversations_are_listed_newest_first(database: Database) -> None:
    table = ConversationTable(database)
    for number in range(5):
        await table.save(replace(TALK, id=f"c{number}", updated_at=float(number)))
    assert [row.id for row in await table.recent(3)] == ["c4", "c3", "c2"]


async def test_saving_again_renames_and_keeps_the_messages(database: Database) -> None:
    table = ConversationTable(database)
    await table.save(TALK, PROMPT)
    await table.save(replace(TALK, title="Another", updated_at=30.0))
    assert [row.title for row in await table.recent()] == ["Another"]
    assert await table.messages("c1") == [PROMPT]


async def test_removing_takes_everything_with_it(database: Database) -> None:
    table = ConversationTable(database)
    await table.save(TALK, PROMPT, ANSWER)
    await table.append(Piece("m2", 0, "x", ""))
    await table.remove("c1")
    for name in ("conversations", "messages", "pieces"):
        assert await database.read(f"SELECT * FROM {name}") == []


async def test_a_message_needs_its_conversation(database: Database) -> None:
    with pytest.raises(StorageError):
        await ConversationTable(database).finish(ANSWER, 1.0)


async def test_drafts_are_kept_by_place_and_forgotten_when_empty(database: Database) -> None:
    drafts = DraftTable(database)
    await drafts.write("playground:new", "half a thou", 1.0)
    await drafts.write("playground:new", "half a thought", 2.0)
    assert await drafts.read("playground:new") == "half a thought"
    await drafts.write("playground:new", "", 3.0)
    assert await drafts.read("playground:new") == ""
    assert await database.read("SELECT * FROM drafts") == []


async def test_samples_are_read_by_series_in_order_and_forgotten_by_age(database: Database) -> None:
    samples = SampleTable(database)
    await samples.add(
        [Sample("h/groq/p95", at, value) for at, value in ((3.0, 30.0), (1.0, None), (2.0, 20.0))]
    )
    await samples.add(
        [Sample("h/groq/p95", 3.0, 31.0), Sample("h_groq/p50", 1.0, 1.0), Sample("h/x/p95", 1.0, 2.0)]
    )
    await samples.add([])
    assert [(s.at, s.value) for s in await samples.read("h/groq/p95")] == [
        (1.0, None),
        (2.0, 20.0),
        (3.0, 31.0),
    ]
    assert [s.at for s in await samples.read("h/groq/p95", since=2.0)] == [2.0, 3.0]
    assert set(await samples.read_all("h/")) == {"h/groq/p95", "h/x/p95"}
    await samples.forget(before=2.5)
    assert [s.at for s in await samples.read("h/groq/p95")] == [3.0]


async def test_a_transition_told_twice_is_kept_once(database: Database) -> None:
    table = TransitionTable(database)
    opened = TransitionRow("http://g", "groq", "closed", "open", 5.0, details='{"evidence":"7 of 10 failed"}')
    later = TransitionRow("http://g", "groq", "open", "half_open", 35.0, scope="groq/llama")
    await table.add([later, opened])
    await table.add([opened])
    await table.add([TransitionRow("http://other", "groq", "closed", "open", 5.0)])
    assert await table.read("http://g") == [opened, later]
    assert await table.read("http://g", limit=1) == [later]
    await table.forget(before=10.0)
    assert await table.read("http://g") == [later]


async def test_values_are_kept_by_name(database: Database) -> None:
    kv = KeyValueTable(database)
    assert await kv.read("last.model") is None
    assert await kv.read("last.model", "none yet") == "none yet"
    await kv.write("last.model", "openai/gpt-4o")
    await kv.write("columns", {"models": ["id", "band"], "wide": True})
    assert await kv.read("last.model") == "openai/gpt-4o"
    assert await kv.read("columns") == {"models": ["id", "band"], "wide": True}
    await kv.forget("columns")
    assert await kv.read("columns") is None
    await database.write(("UPDATE kv SET value = 'no json'", ()))
    assert await kv.read("last.model", "fallback") == "fallback"


async def test_the_names_of_series_are_listed_by_their_beginning(database: Database) -> None:
    samples = SampleTable(database)
    names = ["a", "h p/é", "h p/x/p50", "h p/x/p95", "h q/x", "h%p/x", "z"]
    await samples.add(Sample(name, float(at), 1.0) for name in names for at in range(3))
    assert await samples.names("h p/") == ["h p/x/p50", "h p/x/p95", "h p/é"]
    assert await samples.names("nothing") == []
    assert await SampleTable(database).names("") == sorted(names)
