"""Conversations as files: what is written comes back whole, and what others wrote is understood."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat.message import Attachment, Dialect, Message, Receipt, Role, ToolResult
from zaguan_tui.state.conversations.conversation import Conversation, ConversationKind, Turn
from zaguan_tui.state.conversations.export import file_stem, to_json, to_markdown
from zaguan_tui.state.conversations.importing.checks import ImportFormatError
from zaguan_tui.state.conversations.importing.reader import read_messages
from zaguan_tui.state.conversations.model_context import build_chat_messages, build_messages_turns
from zaguan_tui.state.core.atomic_file import write_new_file
from zaguan_tui.state.core.store import Problem

FIELD = Path(__file__).parents[1] / "fixtures" / "field"
NOW = datetime(2026, 3, 1, 14, 3, tzinfo=UTC)
HOSTILE = "[red]x[/] \x1b[31m\x1b]52;c;eA==\x07 \u202eabc \ud83d"


def prompt(text: str, **facts: Any) -> Message:
    return Message("msg_p", Role.USER, text, NOW, **facts)


def answer(text: str, **facts: Any) -> Message:
    facts = {"ending": Ending.FINISHED, "model": "openai/gpt-4o"} | facts
    return Message("msg_a", Role.ASSISTANT, text, NOW, **facts)


def talk(*turns: Turn, **facts: Any) -> Conversation:
    return Conversation("conv_1", "About tides", "openai/gpt-4o", NOW, NOW, "Be brief.", turns, **facts)


FULL = talk(
    Turn(
        "turn_1",
        prompt(
            "Look at this",
            attachments=(
                Attachment("cat.png", "image/png", "iVBORw0=", 6),
                Attachment("notes.txt", "text/plain", "three\n```\nticks", 15),
            ),
        ),
        (
            answer("Half an ans", ending=Ending.TRUNCATED, problem=Problem("It was cut.", "Ask again.")),
            answer(
                "A cat.",
                reasoning="It has whiskers.",
                tool_calls=(ToolCall("call_1", "weigh", '{"what": "cat"}'),),
                ending=Ending.TOOL_CALLS,
                finish_reason="tool_calls",
                usage=Usage(
                    prompt_tokens=20,
                    completion_tokens=5,
                    total_tokens=25,
                    cached_tokens=3,
                    reasoning_tokens=2,
                    cost=0.1,
                ),
                timings=Timings(
                    ttft_s=0.4,
                    duration_s=2.0,
                    tokens_per_s=87.3,
                    longest_gap_s=0.2,
                    tokens_estimated=False,
                    chunks=12,
                ),
                request_id="req_1",
                answered_by="gpt-4o-2024",
                completion_id="chatcmpl-1",
                attempts=2,
                params={"temperature": 0.2},
                receipt=Receipt(11.0, 12.0, 12.5, "entry_9", NOW, "", {"band": "B"}),
                notes=("Something odd.",),
            ),
        ),
    ),
    Turn(
        "turn_2",
        Message("msg_t", Role.TOOL, "", NOW, tool_results=(ToolResult("call_1", "weigh", "4 kg", True),)),
        (
            answer(
                "Four kilograms.",
                dialect=Dialect.MESSAGES,
                blocks=({"type": "text", "text": "F"},),
                citations=(Citation("https://example.org/cats", "Cats"), Citation("https://example.org/b")),
                attachments=(Attachment("image-1.png", "image/png", "iVBORw0=", 6),),
            ),
        ),
    ),
    params={"temperature": 0.7, "tools": []},
    kind=ConversationKind.COMPARISON,
    setup={"lanes": [{"model": "a/b"}], "runs": 3},
    dialect=Dialect.MESSAGES,
)


def without_ids(conversation: Conversation) -> Conversation:
    turns = tuple(
        Turn("", replace(turn.prompt, id=""), tuple(replace(one, id="") for one in turn.answers))
        for turn in conversation.turns
    )
    return replace(conversation, id="", updated_at=NOW, turns=turns)


def read(value: object, dump: bool = True) -> Conversation:
    (imported,) = read_messages(json.dumps(value) if dump else str(value), NOW)
    return imported.conversation


def test_what_was_exported_comes_back_whole_under_new_ids() -> None:
    back = read(to_json(FULL), dump=False)
    assert without_ids(back) == without_ids(FULL)
    ids = {back.id, *(turn.id for turn in back.turns), *(turn.prompt.id for turn in back.turns)}
    assert not ids & {"conv_1", "turn_1", "turn_2", "msg_p"}
    assert len({message.id for turn in back.turns for message in turn.answers}) == 3


def test_the_messages_in_an_export_are_what_another_program_can_send() -> None:
    messages = json.loads(to_json(FULL))["messages"]
    assert messages[0] == {"role": "system", "content": "Be brief."}
    assert messages == build_chat_messages(FULL.turns, FULL.system_prompt)
    back = read(messages)
    assert build_chat_messages(back.turns, back.system_prompt) == messages


def test_an_export_has_nothing_a_terminal_could_obey() -> None:
    hostile = talk(
        Turn(
            "t",
            prompt(HOSTILE),
            (answer(HOSTILE + "\x9b31m\ufeff", tool_calls=(ToolCall("\x1b", HOSTILE, HOSTILE),)),),
        )
    )
    hostile = replace(hostile, title=HOSTILE)
    for text in (to_json(hostile), to_markdown(hostile)):
        assert not set(text) & set("\x1b\x07\x9b\u202e\ufeff\ud83d")
        text.encode()
    assert read(to_json(hostile), dump=False).turns[0].answers[0].text.startswith("[red]x[/] \x1b[31m")


def test_markdown_says_how_every_answer_went() -> None:
    text = to_markdown(FULL)
    assert "# About tides" in text
    assert "## System prompt\n\n> Be brief." in text
    assert "> Look at this" in text
    assert "### Answer 1 of 2: `openai/gpt-4o`\n\nHalf an ans\n\n**It was cut.** Ask again." in text
    assert "_not whole: truncated_" in text
    assert "the one that counts" in text
    assert "first token 400 ms · 87.3 tok/s · 20 in · 5 out · 3 cached · 2 reasoning" in text
    assert "12.5 credits · 2 attempts · request `req_1`" in text
    assert "`weigh`, an error:\n\n```\n4 kg\n```" in text
    assert "_Picture: cat.png, image/png, 6 B_" in text


def test_a_fence_that_half_an_answer_left_open_is_closed() -> None:
    cut = talk(Turn("t", prompt("code"), (answer("```py\nx = 1", ending=Ending.CANCELLED),)))
    assert "```py\nx = 1\n```\n\n_not whole: cancelled_" in to_markdown(cut)


def test_messages_of_the_chat_format() -> None:
    read_back = read(
        [
            {"role": "developer", "content": "Be kind."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is it?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0="}},
                ],
            },
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}},
                    {"id": "c2", "type": "function", "function": {"name": "see", "arguments": "{}"}},
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "a cat"},
            {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "a dog"}]},
            {"role": "assistant", "content": "Two animals.", "reasoning_content": "Hm."},
            {"role": "user", "content": "And now?"},
        ]
    )
    assert read_back.system_prompt == "Be kind."
    first, second, third = read_back.turns
    assert first.prompt.attachments == (Attachment("image-1.png", "image/png", "iVBORw0=", 5),)
    assert first.answer and first.answer.ending is Ending.TOOL_CALLS
    assert second.prompt.tool_results == (
        ToolResult("c1", "look", "a cat"),
        ToolResult("c2", "see", "a dog"),
    )
    assert second.answer and second.answer.reasoning == "Hm."
    assert third.answer is None
    assert build_chat_messages(read_back.turns)[-1] == {"role": "user", "content": "And now?"}, (
        "it waits for its answer"
    )
    assert read_back.title == "What is it?"


def test_a_request_body_brings_model_and_parameters() -> None:
    body = {
        "model": "a/b",
        "stream": True,
        "temperature": 0,
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "x"}],
    }
    found = read(body)
    assert (found.model, found.params, found.dialect) == (
        "a/b",
        {"temperature": 0, "max_tokens": 9},
        Dialect.CHAT,
    )
    assert (
        read({"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": body}).model == "a/b"
    )


def test_a_body_of_the_messages_dialect() -> None:
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "sig"}
    use = {"type": "tool_use", "id": "tu_1", "name": "look", "input": {"at": "cat"}}
    found = read(
        {
            "model": "anthropic/claude",
            "max_tokens": 100,
            "system": [{"type": "text", "text": "Be kind."}],
            "stop_sequences": ["END"],
            "thinking": {"type": "enabled", "budget_tokens": 2000},
            "tools": [{"name": "look", "input_schema": {"type": "object"}}],
            "tool_choice": {"type": "tool", "name": "look"},
            "messages": [
                {"role": "user", "content": "Look."},
                {"role": "assistant", "content": [thought, use]},
                {
                    "role": "user",
                    "content": [
                        {"type": "tool_result", "tool_use_id": "tu_1", "content": "a cat"},
                        {"type": "text", "text": "Well?"},
                    ],
                },
            ],
        }
    )
    assert found.dialect is Dialect.MESSAGES
    assert found.system_prompt == "Be kind."
    assert found.params == {
        "max_tokens": 100,
        "stop": ["END"],
        "thinking_budget": 2000,
        "tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}],
        "tool_choice": {"type": "function", "function": {"name": "look"}},
    }
    sent = build_messages_turns(found.turns, model="anthropic/claude")
    assert sent[1] == {"role": "assistant", "content": [thought, use]}, "signed thinking goes back unchanged"
    assert [part["type"] for part in sent[2]["content"]] == ["tool_result"]  # type: ignore[attr-defined]  # a list of blocks
    assert sent[3] == {"role": "user", "content": "Well?"}


def test_json_lines_are_one_conversation_of_messages_or_one_of_each_body() -> None:
    messages = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    (one,) = read_messages("\n".join(map(json.dumps, messages)), NOW)
    assert [turn.prompt.text for turn in one.conversation.turns] == ["a"]
    bodies = "\n".join(json.dumps({"messages": messages}) for _ in range(3)) + "\n\n"
    assert len(read_messages(bodies, NOW)) == 3
    exported = "\n".join(json.dumps(json.loads(to_json(FULL))) for _ in range(2))
    assert len(read_messages(exported, NOW)) == 2


def test_what_cannot_be_taken_over_is_told() -> None:
    (imported,) = read_messages(
        json.dumps(
            [
                {
                    "role": "user",
                    "content": [
                        {"type": "input_audio", "input_audio": {}},
                        {"type": "image_url", "image_url": {"url": "https://x.test/a.png"}},
                    ],
                },
                {"role": "system", "content": "late"},
            ]
        ),
        NOW,
    )
    assert imported.notes == (
        'The part at [0].content[0], of type "input_audio", was left out.',
        "The picture at [0].content[1] is a link; it is kept as text.",
        "The system message at [1] was moved into the system prompt.",
    )
    assert imported.conversation.turns[0].prompt.text == "[image: https://x.test/a.png]"


def test_an_answer_without_a_prompt_is_read_and_sent_back_so() -> None:
    greeting = [{"role": "assistant", "content": "Hello!"}, {"role": "user", "content": "Hi"}]
    assert build_chat_messages(read(greeting).turns) == greeting
    assert build_messages_turns(read(greeting).turns) == greeting


def field(name: str) -> str:
    return (FIELD / name).read_text(encoding="utf-8")


def test_the_call_of_a_custom_tool_is_kept_and_goes_back_as_one() -> None:
    (imported,) = read_messages(field("custom_call.json"), NOW)
    turns = imported.conversation.turns
    asked = ToolCall("call_c1", "grep", "sandbox -l .", "custom")
    assert turns[0].answer is not None
    assert (turns[0].answer.tool_calls, imported.notes) == ((asked,), ())
    assert turns[1].prompt.tool_results == (ToolResult("call_c1", "grep", "README.md"),)
    sent = build_chat_messages(turns)
    assert [message["role"] for message in sent] == ["user", "assistant", "tool", "assistant"]
    assert sent[1]["tool_calls"] == json.loads(field("custom_call.json"))[1]["tool_calls"]
    block = {"type": "tool_use", "id": "call_c1", "name": "grep", "input": {"input": "sandbox -l ."}}
    assert build_messages_turns(turns)[1]["content"] == [block]
    assert (
        without_ids(read(to_json(imported.conversation), dump=False)).turns[0].answer
        == without_ids(imported.conversation).turns[0].answer
    )


@pytest.mark.parametrize("arguments", [{"city": "Graz"}, '{"city":"Graz"}', json.dumps('{"city":"Graz"}')])
@pytest.mark.parametrize("dialect", list(Dialect))
def test_arguments_in_any_form_are_sent_back_as_one_object(arguments: object, dialect: Dialect) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    use = {"type": "tool_use", "id": "c1", "name": "f", "input": arguments}
    said = {"tool_calls": [call]} if dialect is Dialect.CHAT else {"content": [use]}
    result = {"role": "tool", "tool_call_id": "c1", "content": "fog"}
    found = read([{"role": "user", "content": "?"}, {"role": "assistant", **said}, result])
    sent: Any = build_messages_turns(found.turns)
    assert sent[1]["content"][-1]["input"] == {"city": "Graz"}
    if dialect is Dialect.MESSAGES:
        thought = {"type": "thinking", "thinking": "Hm.", "signature": "sig"}
        signed = {"role": "assistant", "content": [thought, {**use, "id": ""}]}
        body = {"model": "a", "max_tokens": 9, "messages": [{"role": "user", "content": "?"}, signed, result]}
        body["messages"][2] = {"role": "user", "content": [{"type": "tool_result", "content": "fog"}]}
        turns = read(body).turns
        again: Any = build_messages_turns(turns, model="a")
        assert again[1]["content"][1]["input"] == {"city": "Graz"}
        assert again[1]["content"][1]["id"] == again[2]["content"][0]["tool_use_id"] != ""
    chat: Any = build_chat_messages(found.turns)
    assert json.loads(chat[1]["tool_calls"][0]["function"]["arguments"]) == {"city": "Graz"}


@pytest.mark.parametrize("dialect", list(Dialect))
def test_calls_without_ids_and_their_results_find_each_other(dialect: Dialect) -> None:
    names = ["f", "f", "g"]
    if dialect is Dialect.CHAT:
        calls = [{"id": "", "function": {"name": name, "arguments": "{}"}} for name in names]
        said: dict[str, Any] = {"role": "assistant", "content": None, "tool_calls": calls}
        results = [{"role": "tool", "tool_call_id": "", "content": str(n)} for n in range(3)]
    else:
        uses = [{"type": "tool_use", "name": name, "input": {}} for name in names]
        said = {"role": "assistant", "content": uses}
        parts = [{"type": "tool_result", "content": str(n)} for n in range(3)]
        results = [{"role": "user", "content": parts}]
    found = read([{"role": "user", "content": "?"}, said, *results])
    assert found.turns[0].answer is not None
    ids = [call.id for call in found.turns[0].answer.tool_calls]
    assert len(set(ids)) == 3
    assert [(one.call_id, one.name, one.content) for one in found.turns[1].prompt.tool_results] == [
        (call_id, name, str(n)) for n, (call_id, name) in enumerate(zip(ids, names, strict=True))
    ]


def test_images_and_sources_of_an_answer_are_taken_in() -> None:
    url = "data:image/png;base64,iVBORw0KGgo="
    source = {"type": "url_citation", "url_citation": {"url": "https://example.org/rain", "title": "Rain"}}
    picture = {"type": "image_url", "image_url": {"url": url}}
    for said in ({"content": [picture]}, {"content": "", "images": [picture]}):
        found = read(
            [{"role": "user", "content": "?"}, {"role": "assistant", "annotations": [source], **said}]
        )
        given = found.turns[0].answer
        assert given is not None
        assert [(one.media_type, one.size) for one in given.attachments] == [("image/png", 8)]
        assert given.citations == (Citation("https://example.org/rain", "Rain"),)
    written = to_markdown(found)
    assert "_Picture: image-1.png, image/png, 8 B_" in written
    assert "1. Rain `https://example.org/rain`" in written


def test_bad_lines_are_listed_and_the_others_taken_in() -> None:
    body = json.dumps({"messages": [{"role": "user", "content": "a"}]})
    lines = [body, '{"messages": ', '{"answer": 1}', "", body, '{"messages": [7]}']
    first, second = read_messages("\n".join(lines), NOW)
    assert [one.conversation.turns[0].prompt.text for one in (first, second)] == ["a", "a"]
    assert second.notes == ()
    assert first.notes[0] == "Left out: This is no JSON: expecting value at line 2, column 14."
    assert first.notes[1].startswith("Left out: The value at line 3 has no “messages”.")
    assert first.notes[2] == "Left out: line 6.messages[0] has to be an object, but is a number."


def test_a_bad_line_among_messages_leaves_the_others_in_one_conversation() -> None:
    lines = ['{"role": "user", "content": "a"}', '{"role": }', '{"role": "assistant", "content": "b"}']
    (one,) = read_messages("\n".join(lines), NOW)
    assert one.conversation.turns[0].answer is not None
    assert one.conversation.turns[0].answer.text == "b"
    assert one.notes == ("Left out: This is no JSON: expecting value at line 2, column 10.",)
    (first_bad,) = read_messages("\n".join(['{"role"', *lines[:1]]), NOW)
    assert [turn.prompt.text for turn in first_bad.conversation.turns] == ["a"]


@pytest.mark.parametrize(
    ("odd", "note"),
    [
        ({"role": "robot"}, '[1].role has to be system, developer, user, assistant or tool, but is "robot".'),
        ({"role": "user", "content": 5}, "[1].content has to be a text or a list of parts, but is a number."),
        (
            {"role": "user", "content": [{"type": "text"}, {"type": "text", "text": "b"}]},
            "[1].content[0].text has to be a text, but is null.",
        ),
        (
            {"role": "assistant", "content": "b", "tool_calls": [{"id": "c", "type": "other"}]},
            "[1].tool_calls[0].function has to be an object, but is null.",
        ),
        (7, "[1] has to be an object, but is a number."),
    ],
)
def test_one_odd_message_or_part_does_not_refuse_the_others(odd: object, note: str) -> None:
    (imported,) = read_messages(
        json.dumps([{"role": "user", "content": "a"}, odd, {"role": "user", "content": "z"}]), NOW
    )
    texts = [turn.prompt.text for turn in imported.conversation.turns]
    assert (texts[0], texts[-1]) == ("a", "z")
    assert imported.notes == (f"Left out: {note}",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is nothing in it."),
        ("[]", "There are no messages in it."),
        (
            '{"messages": [\n{"role": "user",\n}]}',
            "This is no JSON: expecting property name enclosed in double quotes at line 3, column 1.",
        ),
        (
            '{"role": "robot", "content": "a"}\n{"role": }',
            'line 1.role has to be system, developer, user, assistant or tool, but is "robot".',
        ),
        ('{"a": 1,\n"b": 2,\n{"c": 3}', "This is no JSON: expecting property name"),
        ("hello", "This is no JSON: expecting value at line 1, column 1."),
        ('{"choices": [], "id": 1}', "This has no “messages”. What it has: choices, id."),
        ('{"messages": 3}', "messages has to be a list, but is a number."),
        ('{"messages": [3]}', "messages[0] has to be an object, but is a number."),
        (
            '[{"role": "user", "content": {"a": 1}}]',
            "[0].content has to be a text or a list of parts, but is an object.",
        ),
        (
            '[{"role": "robot", "content": "x"}]',
            'role has to be system, developer, user, assistant or tool, but is "robot".',
        ),
        (
            '[{"role": "user", "content": [{"type": "text"}]}]',
            "[0].content[0].text has to be a text, but is null.",
        ),
        ('{"messages": []}\n{"messages": true}', "messages"),
        (
            '{"format": "zaguan-conversation", "version": 9, "turns": []}',
            "version is 9; this program reads version 1.",
        ),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(ImportFormatError) as error:
        read_messages(text, NOW)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


def test_a_fact_of_the_wrong_kind_is_told_with_its_path() -> None:
    whole = json.loads(to_json(FULL))
    whole["turns"][0]["answers"][1]["usage"]["prompt_tokens"] = "many"
    with pytest.raises(
        ImportFormatError, match=r"turns\[0\]\.answers\[1\]\.usage\.prompt_tokens has to be a number"
    ):
        read(whole)


ANY_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(
            some.sampled_from(
                [
                    "role",
                    "content",
                    "messages",
                    "text",
                    "type",
                    "tool_calls",
                    "format",
                    "turns",
                    "usage",
                    "body",
                    "prompt",
                    "answers",
                    "version",
                    "system",
                    "tools",
                ]
            ),
            inner
            | some.sampled_from(
                [
                    "user",
                    "assistant",
                    "tool",
                    "system",
                    "text",
                    "image_url",
                    "image",
                    "tool_use",
                    "tool_result",
                    "thinking",
                    "zaguan-conversation",
                    1,
                ]
            ),
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(ANY_JSON)
@settings(max_examples=400, deadline=None)
def test_any_json_is_read_or_refused_in_a_sentence(value: object) -> None:
    try:
        found = read_messages(json.dumps(value), NOW)
    except ImportFormatError as error:
        assert str(error).endswith((".", "”."))
    else:
        for imported in found:
            to_markdown(imported.conversation).encode()
            to_json(imported.conversation).encode()
            build_chat_messages(imported.conversation.turns)
            build_messages_turns(imported.conversation.turns)


@given(some.text(), some.text(), some.text())
@settings(deadline=None)
def test_any_text_survives_a_trip(asked: str, said: str, thought: str) -> None:
    whole = talk(Turn("t", prompt(asked), (answer(said, reasoning=thought),)))
    back = read(to_json(whole), dump=False)
    assert without_ids(back) == without_ids(whole)


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    first = write_new_file(tmp_path / "new" / "a.md", "one")
    second = write_new_file(tmp_path / "new" / "a.md", "two")
    assert (first.name, second.name) == ("a.md", "a-2.md")
    assert (first.read_text(), second.read_text()) == ("one", "two")
    assert sorted(path.name for path in first.parent.iterdir()) == ["a-2.md", "a.md"]


def test_a_new_file_on_a_disk_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert [write_new_file(tmp_path / "a.md", word).name for word in "xy"] == ["a.md", "a-2.md"]
    assert (tmp_path / "a-2.md").read_text() == "y"


def test_a_title_names_its_file() -> None:
    assert file_stem("Haiku: about [red] the  sea!") == "haiku-about-red-the-sea"
    assert file_stem("../../etc/passwd") == "etc-passwd"
    assert file_stem("…") == "conversation"
