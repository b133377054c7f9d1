"""Which tool is called when: choices that hold after a result too, allowed tools, and custom tools."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sdk_models import read_strictly
from served_gateway import Served

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
DONE = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
ASK: list[dict[str, Any]] = [{"role": "user", "content": "What is the weather in Oslo?"}]


def function(name: str, schema: Any = CITY) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": schema}}


def named(name: str, kind: str = "function") -> dict[str, Any]:
    return {"type": kind, kind: {"name": name}}


def allowed(mode: str, *names: str) -> dict[str, Any]:
    return {
        "type": "allowed_tools",
        "allowed_tools": {"mode": mode, "tools": [named(name) for name in names]},
    }


TOOLS = [function("get_weather"), function("final_answer", DONE)]
CHOICES: list[tuple[Any, list[str], list[str]]] = [
    ("auto", ["get_weather"], []),
    ("none", [], []),
    ("required", ["get_weather"], ["final_answer"]),
    (named("get_weather"), ["get_weather"], ["get_weather"]),
    (named("final_answer"), ["final_answer"], ["final_answer"]),
    (allowed("auto", "get_weather"), ["get_weather"], []),
    (allowed("required", "get_weather"), ["get_weather"], ["get_weather"]),
    (allowed("required", "final_answer"), ["final_answer"], ["final_answer"]),
]
"""The choice, the tools called for the request, and those called after a result of ``get_weather``."""


@pytest.mark.parametrize(("choice", "first", "after"), CHOICES, ids=lambda value: json.dumps(value)[:60])
async def test_a_choice_holds_after_a_result(
    sandbox: Served, choice: Any, first: list[str], after: list[str]
) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    result = [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "cold"},
    ]
    for messages, names in ((ASK, first), ([*ASK, *result], after)):
        answer = await sandbox.chat(messages=messages, tools=TOOLS, tool_choice=choice)
        message = answer.json()["choices"][0]["message"]
        calls = [one["function"] for one in message.get("tool_calls") or []]
        assert [one["name"] for one in calls] == names
        assert all("Oslo" in one["arguments"] for one in calls if one["name"] == "get_weather")


@pytest.mark.parametrize(
    ("choice", "called"),
    [({"type": "auto"}, False), ({"type": "any"}, True), ({"type": "tool", "name": "get_weather"}, True)],
)
async def test_the_same_in_messages(sandbox: Served, choice: Any, called: bool) -> None:
    use = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Oslo"}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "cold"}
    messages = [*ASK, {"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    tools = [{"name": "get_weather", "input_schema": CITY}]
    body = {"model": "sandbox/echo", "max_tokens": 500, "messages": messages, "tools": tools}
    answer = (await sandbox.http.post("/v1/messages", json={**body, "tool_choice": choice})).json()
    assert (answer["stop_reason"] == "tool_use") is called


CUSTOM = {"type": "custom", "custom": {"name": "run_code", "description": "Runs code"}}
GRAMMAR = {"type": "grammar", "grammar": {"syntax": "regex", "definition": "^[A-Z]{3}-\\d{2}$"}}


async def test_a_custom_tool_gets_text(sandbox: Served) -> None:
    chat: Any = pytest.importorskip("openai.types.chat", reason="the official OpenAI SDK is not installed")
    messages = [{"role": "user", "content": 'Use run_code on "print(6 * 7)"'}]
    for choice in ("auto", "required", named("run_code", "custom")):
        options = {"messages": messages, "tools": [CUSTOM], "tool_choice": choice}
        answer = await sandbox.chat(**options)
        read_strictly(chat.ChatCompletion, answer.content)
        call = answer.json()["choices"][0]["message"]["tool_calls"][0]
        assert call["type"] == "custom"
        assert call["custom"] == {"name": "run_code", "input": "print(6 * 7)"}
    pieces = (await sandbox.chat(**options, stream=True)).text.split("\n\n")
    deltas = [json.loads(piece[6:])["choices"][0]["delta"] for piece in pieces if '"delta"' in piece]
    parts = [delta["tool_calls"][0]["custom"]["input"] for delta in deltas if "tool_calls" in delta]
    assert "".join(parts) == "print(6 * 7)" and len(parts) > 2
    tool = {"type": "custom", "custom": {"name": "run_code", "format": GRAMMAR}}
    call = (await sandbox.chat(tools=[tool], tool_choice="required")).json()["choices"][0]["message"]
    assert re.fullmatch(r"[A-Z]{3}-\d{2}", call["tool_calls"][0]["custom"]["input"])
    result = {"role": "tool", "tool_call_id": call["tool_calls"][0]["id"], "content": "42"}
    after = (await sandbox.chat(messages=[*messages, call, result], tools=[tool])).json()
    assert after["choices"][0]["message"]["content"] == "`run_code` says: 42"


@pytest.mark.parametrize(
    ("tools", "choice", "param"),
    [
        ([{"type": "custom"}], "auto", "tools[0].custom"),
        ([{"type": "custom", "custom": {"name": ""}}], "auto", "tools[0].custom.name"),
        ([{"type": "custom", "custom": {"name": "x", "format": 5}}], "auto", "tools[0].custom.format.type"),
        ([{"type": "web_search"}], "auto", "tools[0].type"),
        (TOOLS, {"type": "allowed_tools"}, "tool_choice.allowed_tools"),
        (TOOLS, allowed("any", "get_weather"), "tool_choice.allowed_tools"),
        (TOOLS, allowed("auto"), "tool_choice.allowed_tools.tools"),
        (TOOLS, allowed("auto", "none_such"), "tool_choice.allowed_tools.tools"),
        (TOOLS, named("none_such"), "tool_choice"),
        (TOOLS, named("get_weather", "custom") | {"custom": []}, "tool_choice"),
    ],
    ids=str,
)
async def test_what_is_refused(sandbox: Served, tools: Any, choice: Any, param: str) -> None:
    answer = await sandbox.chat(tools=tools, tool_choice=choice)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
