"""Conversations found by what was said in them: words, parts of words, phrases, and anything one may type."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from zaguan_tui.storage.conversations import ConversationRow, ConversationTable, MessageRow, Piece
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.search import SearchTable, make_snippet, split_query

TALK = ConversationRow("c1", "A title", "openai/gpt-4o", "", None, 10.0, 10.0)
SAID = MessageRow("m1", "c1", "t1", "user", "ended", 10.0)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    async with await Database.open(None) as database:
        yield database


async def keep(database: Database, talk: str, at: float, *texts: str) -> None:
    messages = [
        replace(
            SAID, id=f"{talk}-{number}", conversation_id=talk, turn_id=f"{talk}-t{number // 2}", text=text
        )
        for number, text in enumerate(texts)
    ]
    await ConversationTable(database).save(replace(TALK, id=talk, title=talk, updated_at=at), *messages)


async def found(database: Database, query: str) -> list[str]:
    return [hit.conversation_id for hit in await SearchTable(database).find(query, 50)]


async def test_words_are_found_in_any_order_in_one_message(database: Database) -> None:
    await keep(database, "tides", 1, "Why are there tides?", "The moon pulls at the sea.")
    await keep(database, "moon", 2, "Who walked on the moon?", "Twelve people did.")
    assert await found(database, "moon") == ["moon", "tides"], "newest first"
    assert await found(database, "SEA moon") == ["tides"]
    assert await found(database, "moon people") == [], "they are in two messages"
    assert await found(database, "oon") == ["moon", "tides"], "parts of words are found"
    assert await found(database, "sun") == []
    assert await found(database, "  ") == []


async def test_phrases_and_short_words(database: Database) -> None:
    await keep(database, "a", 1, "the sea and the moon, c++ 50% a_b")
    await keep(database, "b", 2, "the moon and the sea, c+- 500 aXb")
    assert await found(database, '"the moon and"') == ["b"]
    assert await found(database, '"the moon and') == ["b"], "a phrase that is being typed"
    assert await found(database, "c+") == ["b", "a"]
    assert await found(database, "+- moon") == ["b"]
    assert await found(database, "0%") == ["a"]
    assert await found(database, "a_ sea") == ["a"]
    assert await found(database, "a") == ["b", "a"]


async def test_scripts_without_spaces_and_case_beyond_ascii(database: Database) -> None:
    await keep(database, "a", 1, "潮汐は月の引力で起こる。ÄRGER über Öl")
    for query in ("月の引力", "月", "引力", "ärger", "ÜBER", "öl", "ö", "ÖL"):
        assert await found(database, query) == ["a"], query


async def test_many_places_in_one_conversation_are_counted_and_the_newest_is_told(database: Database) -> None:
    await keep(database, "a", 5, "one fish", "two fish", "red", "blue fish " + "x" * 400)
    await keep(database, "b", 5, "one fish")
    first, second = await SearchTable(database).find("fish", 50)
    assert (first.conversation_id, first.count, first.turn_id) == ("a", 3, "a-t1")
    assert (second.conversation_id, second.count) == ("b", 1)
    assert first.snippet.startswith("blue fish xxx")
    assert first.snippet.endswith("…")
    assert [first.snippet[start:end] for start, end in first.marks] == ["fish"]


async def test_what_is_still_in_pieces_is_found(database: Database) -> None:
    await keep(database, "a", 1, "a prompt")
    table = ConversationTable(database)
    arriving = replace(
        SAID, id="half", conversation_id="a", turn_id="t", role="assistant", status="streaming"
    )
    await table.save(replace(TALK, id="a", updated_at=3), arriving)
    for number, text in enumerate(["half an ans", "wer abo", "ut whales"]):
        await table.append(Piece("half", number, text, ""))
    (hit,) = await SearchTable(database).find("answer whales", 50)
    assert (hit.message_id, hit.count, hit.role) == ("half", 1, "assistant")
    assert hit.snippet == "half an answer about whales"
    await table.finish(replace(arriving, text="half an answer about whales", status="ended"), 4)
    (hit,) = await SearchTable(database).find("whales", 50)
    assert hit.count == 1


async def test_what_is_deleted_is_not_found(database: Database) -> None:
    await keep(database, "a", 1, "whales")
    await ConversationTable(database).remove("a")
    assert await found(database, "whales") == []


async def test_all_are_listed_with_their_turns_newest_first(database: Database) -> None:
    await keep(database, "a", 1, "p", "a", "p", "a", "p")
    await keep(database, "b", 2, "p")
    rows = await SearchTable(database).listed(10)
    assert [(row.id, row.turns) for row in rows] == [("b", 1), ("a", 3)]


def test_what_a_query_is_taken_for() -> None:
    assert split_query('Sea "the  Moon" sea "') == ("sea", "the  moon")
    assert split_query("a\x00b") == ("a", "b")
    assert len(split_query(" ".join(map(str, range(100))))) == 12


def test_a_snippet_begins_at_a_word_before_the_place() -> None:
    text = "word " * 50 + "NEEDLE and more " + "tail " * 100
    snippet, marks = make_snippet(text, ("needle",))
    assert snippet.startswith("…word word")
    assert [snippet[start:end] for start, end in marks] == ["NEEDLE"]
    assert len(snippet) < 180


@given(
    some.lists(
        some.text(max_size=30)
        | some.sampled_from(['"', "*", "NEAR(", "AND", "OR x", "-a", "a:b", "%_\\", "^x", "{}"]),
        max_size=6,
    ).map(" ".join)
)
@settings(max_examples=200, deadline=None)
def test_nothing_that_is_typed_makes_it_fail(query: str) -> None:
    async def search() -> None:
        async with await Database.open(None) as database:
            await keep(database, "a", 1, "x", query)
            hits = await SearchTable(database).find(query, 50)
            for hit in hits:
                assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.marks)
            plain = query.isascii() and query.isprintable() and '"' not in query and query.strip()
            if plain and len(query.split()) <= 12:
                assert [hit.conversation_id for hit in hits] == ["a"]

    asyncio.run(search())


async def test_a_glimpse_is_of_the_newest_or_from_a_turn_on(database: Database) -> None:
    await keep(database, "a", 1, *(f"text {number} " + "x" * 2_000 for number in range(12)))
    table = SearchTable(database)
    newest = await table.glimpse("a", None, 4)
    assert [row.text.split()[1] for row in newest] == ["8", "9", "10", "11"]
    assert len(newest[0].text) == 1_200
    assert [row.text.split()[1] for row in await table.glimpse("a", "a-t1", 3)] == ["2", "3", "4"]
    half = replace(SAID, id="half", conversation_id="a", turn_id="t", role="assistant", status="streaming")
    await ConversationTable(database).save(replace(TALK, id="a"), half)
    await ConversationTable(database).append(Piece("half", 0, "in pieces", ""))
    (row,) = await table.glimpse("a", None, 1)
    assert (row.text, row.status, row.ending) == ("in pieces", "streaming", None)
