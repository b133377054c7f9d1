"""One set of parameters in two dialects."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan_tui.client.requests.chat import chat_body
from zaguan_tui.client.requests.messages import messages_body
from zaguan_tui.state.chat.dialects import (
    DEFAULT_MAX_TOKENS,
    chat_params,
    find_unsupported,
    messages_params,
    tool_names,
)
from zaguan_tui.state.chat.message import Dialect

TOOL = {
    "type": "function",
    "function": {"name": "weather", "description": "Says it.", "parameters": {"type": "object"}},
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
EVERYTHING: dict[str, Any] = {
    "temperature": 0.2,
    "top_p": 0.9,
    "top_k": 40,
    "max_tokens": 9000,
    "stop": ["END"],
    "seed": 7,
    "reasoning_effort": "high",
    "thinking_budget": 2048,
    "tools": [TOOL],
    "tool_choice": "required",
    "parallel_tool_calls": False,
    "response_format": FORMAT,
    "provider_specific_params": {"a": 1},
    "user": "someone",
    "verbosity": None,
}


def test_chat_takes_its_own_names() -> None:
    told = chat_params(EVERYTHING)
    assert "top_k" not in told
    assert "verbosity" not in told
    assert chat_body(
        "m",
        [{"role": "user", "content": "x"}],
        told,
        max_tokens_field="max_tokens",
        stream=True,
        include_usage=True,
    )
    assert find_unsupported(EVERYTHING, Dialect.CHAT) == ("top_k", "thinking_budget")


def test_messages_takes_what_it_has_words_for() -> None:
    told = messages_params(EVERYTHING)
    assert told == {
        "temperature": 0.2,
        "top_p": 0.9,
        "top_k": 40,
        "thinking": {"type": "enabled", "budget_tokens": 2048},
        "max_tokens": 9000,
        "stop_sequences": ["END"],
        "tools": [{"name": "weather", "description": "Says it.", "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
        "output_config": {"effort": "high", "format": {"type": "json_schema", "schema": {"type": "object"}}},
        "metadata": {"user_id": "someone"},
        "additional_fields": {"provider_specific_params": {"a": 1}},
    }
    limit = told.pop("max_tokens")
    body = messages_body("m", [{"role": "user", "content": "x"}], limit, told, stream=True)
    assert body["provider_specific_params"] == {"a": 1}
    assert find_unsupported(EVERYTHING, Dialect.MESSAGES) == ("seed",)


def test_messages_without_a_limit_gets_the_usual_one_beside_the_budget() -> None:
    assert messages_params({})["max_tokens"] == DEFAULT_MAX_TOKENS
    assert messages_params({"thinking_budget": 1024})["max_tokens"] == DEFAULT_MAX_TOKENS + 1024


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("auto", {"type": "auto"}),
        ("none", {"type": "none"}),
        ({"type": "function", "function": {"name": "weather"}}, {"type": "tool", "name": "weather"}),
        ({"type": "tool", "name": "weather"}, {"type": "tool", "name": "weather"}),
    ],
)
def test_choices_of_tools(choice: object, told: object) -> None:
    assert messages_params({"tools": [TOOL], "tool_choice": choice})["tool_choice"] == told


def test_what_has_no_word_is_named() -> None:
    requested_settings = {"response_format": {"type": "json_object"}, "reasoning_effort": "minimal", "n": 2}
    assert set(find_unsupported(requested_settings, Dialect.MESSAGES)) == {
        "response_format",
        "reasoning_effort",
        "n",
    }
    assert find_unsupported(requested_settings, Dialect.CHAT) == ()
    assert "output_config" not in messages_params(requested_settings)


def test_names_of_tools_of_either_shape() -> None:
    assert tool_names({"tools": [TOOL, {"name": "time"}, {}, 3]}) == ["weather", "time"]
    assert tool_names({}) == tool_names({"tools": "x"}) == []
