"""What a model gets to read, in both dialects: files, images, tools, and blocks that go back unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.state.chat.message import Attachment, Dialect, Message, Role, ToolResult
from zaguan_tui.state.chat.prompt_request import CONTINUE
from zaguan_tui.state.conversations.conversation import Turn
from zaguan_tui.state.conversations.model_context import (
    append_text_files,
    build_chat_messages,
    build_messages_turns,
)

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PICTURE = Attachment("a.png", "image/png", "iVBORw==", 4)
CALL = ToolCall("call_1", "weather", '{"city": "Rome"}')


def asked(text: str, **facts: Any) -> Message:
    return Message("p", facts.pop("role", Role.USER), text, AT, **facts)


def said(text: str, **facts: Any) -> Message:
    facts.setdefault("ending", Ending.FINISHED)
    return Message("a", Role.ASSISTANT, text, AT, **facts)


def called(**facts: Any) -> Message:
    return said("", tool_calls=(CALL,), ending=Ending.TOOL_CALLS, **facts)


def results(*answers: ToolResult) -> Message:
    return asked("", role=Role.TOOL, tool_results=answers)


def test_text_files_stand_fenced_under_their_names() -> None:
    file = Attachment("notes.md", "text/markdown", "```\ncode\n```\n", 13)
    assert (
        append_text_files("Read this.", [file, PICTURE])
        == "Read this.\n\nnotes.md:\n````\n```\ncode\n```\n````"
    )
    assert append_text_files("", [file]).startswith("notes.md:")


def test_images_go_along_in_either_dialect() -> None:
    question = asked("What is it?", attachments=(PICTURE,))
    assert build_chat_messages([], question=question) == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is it?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
            ],
        }
    ]
    assert build_messages_turns([], question) == [
        {
            "role": "user",
            "content": [
                {
                    "type": "image",
                    "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="},
                },
                {"type": "text", "text": "What is it?"},
            ],
        }
    ]


def test_calls_are_in_only_with_their_results() -> None:
    turn = Turn("1", asked("weather?"), (called(),))
    answer = results(ToolResult("call_1", "weather", "sunny"))
    assert build_chat_messages([turn], question=asked("never mind")) == [
        {"role": "user", "content": "weather?"},
        {"role": "user", "content": "never mind"},
    ]
    assert build_chat_messages([turn], question=answer)[1:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "weather", "arguments": '{"city": "Rome"}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
    ]
    assert build_messages_turns([turn], answer)[1:] == [
        {
            "role": "assistant",
            "content": [
                {"type": "tool_use", "id": "call_1", "name": "weather", "input": {"city": "Rome"}},
            ],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "sunny"}]},
    ]


def test_a_call_without_a_result_is_left_out_beside_one_that_has_it() -> None:
    other = ToolCall("call_2", "time", "not json")
    turn = Turn("1", asked("both?"), (replace(called(), tool_calls=(CALL, other)),))
    answer = results(ToolResult("call_2", "time", "noon", is_error=True))
    chat = build_chat_messages([turn], question=answer)[1]
    assert [call["id"] for call in chat["tool_calls"]] == ["call_2"]  # type: ignore[attr-defined]
    spoken = build_messages_turns([turn], answer)
    assert spoken[1]["content"] == [{"type": "tool_use", "id": "call_2", "name": "time", "input": {}}]
    assert spoken[2]["content"][0]["is_error"] is True  # type: ignore[index]


def test_blocks_go_back_unchanged_to_the_model_that_wrote_them_and_to_no_other() -> None:
    blocks = (
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "text", "text": "It is so."},
    )
    answer = said("It is so.", dialect=Dialect.MESSAGES, blocks=blocks, model="anthropic/claude")
    turn = Turn("1", asked("why?"), (answer,))
    own = build_messages_turns([turn], asked("really?"), "anthropic/claude")
    assert own[1] == {"role": "assistant", "content": list(blocks)}
    other = build_messages_turns([turn], asked("really?"), "anthropic/other")
    assert other[1] == {"role": "assistant", "content": "It is so."}
    assert build_chat_messages([turn], question=asked("really?"))[1] == {
        "role": "assistant",
        "content": "It is so.",
    }


def test_half_an_answer_goes_back_as_its_text() -> None:
    half = said("It", ending=Ending.TRUNCATED, dialect=Dialect.MESSAGES, model="m", blocks=({"x": 1},))
    assert build_messages_turns([Turn("1", asked("why?"), (half,))], None, "m")[1]["content"] == "It"


def test_a_paused_answer_goes_back_as_it_is_and_what_follows_is_the_same_turn() -> None:
    search = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "rain"}}
    paused = said(
        "", ending=Ending.PAUSED, dialect=Dialect.MESSAGES, blocks=(search,), model="anthropic/claude"
    )
    turn = Turn("1", asked("why?"), (paused,))
    question = asked(CONTINUE)
    assert build_messages_turns([turn], question, "anthropic/claude")[1:] == [
        {"role": "assistant", "content": [search]}
    ]
    assert build_messages_turns([turn], question, "anthropic/other")[1:] == [
        {"role": "user", "content": CONTINUE}
    ]
    assert build_chat_messages([turn], question=question)[1:] == [{"role": "user", "content": CONTINUE}]
    block = {"type": "text", "text": "It rains."}
    rest = said("It rains.", dialect=Dialect.MESSAGES, blocks=(block,), model="anthropic/claude")
    followed = build_messages_turns(
        [turn, Turn("2", question, (rest,))], asked("And now?"), "anthropic/claude"
    )
    assert followed[1:] == [
        {"role": "assistant", "content": [search, block]},
        {"role": "user", "content": "And now?"},
    ]
