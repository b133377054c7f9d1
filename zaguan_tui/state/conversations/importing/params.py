"""Reads the parameters of an imported request body, under the names that conversations store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.conversations.importing.checks import named

_NO_PARAMETERS: Final = frozenset({"model", "messages", "system", "stream", "stream_options", "metadata"})
_MESSAGES_ALONE: Final = frozenset({"system", "stop_sequences", "thinking", "output_config"})
_CHOICES: Final = {"auto": "auto", "any": "required", "none": "none"}
_BLOCKS: Final = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking", "image", "document"})


def detect_dialect(body: Mapping[str, Any]) -> Dialect:
    """The dialect a body is written in."""
    if _MESSAGES_ALONE & set(body) or any("input_schema" in tool for tool in _tools(body)):
        return Dialect.MESSAGES
    messages = body.get("messages")
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content") if isinstance(message, Mapping) else None
        for part in content if isinstance(content, list) else ():
            if isinstance(part, Mapping) and named(part.get("type")) in _BLOCKS:
                return Dialect.MESSAGES
    return Dialect.CHAT


def read_params(body: Mapping[str, Any], dialect: Dialect) -> tuple[dict[str, Any], list[str]]:
    """Its parameters under the names of the chat dialect, and sentences about those left out."""
    given = {name: value for name, value in body.items() if name not in _NO_PARAMETERS and value is not None}
    if dialect is Dialect.CHAT:
        return given, []
    notes = []
    if (stop := given.pop("stop_sequences", None)) is not None:
        given["stop"] = stop
    if isinstance(thinking := given.pop("thinking", None), Mapping) and thinking.get("budget_tokens"):
        given["thinking_budget"] = thinking["budget_tokens"]
    if tools := _tools(given):
        given["tools"] = [_chat_tool(tool) for tool in tools]
    if isinstance(choice := given.get("tool_choice"), Mapping):
        given["tool_choice"] = _chat_choice(choice)
    metadata = body.get("metadata")
    if isinstance(metadata, Mapping) and isinstance(metadata.get("user_id"), str):
        given["user"] = metadata["user_id"]
    if isinstance(output := given.pop("output_config", None), Mapping):
        if effort := output.get("effort"):
            given["reasoning_effort"] = effort
        if output.get("format") is not None:
            notes.append("output_config.format was left out: set the schema of the answer again.")
    return given, notes


def _tools(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    tools = body.get("tools")
    return [tool for tool in tools if isinstance(tool, Mapping)] if isinstance(tools, list) else []


def _chat_tool(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    if "input_schema" not in tool:
        return tool
    function = {"name": tool.get("name", ""), "parameters": tool["input_schema"]}
    if tool.get("description"):
        function["description"] = tool["description"]
    return {"type": "function", "function": function}


def _chat_choice(choice: Mapping[str, Any]) -> object:
    if choice.get("type") == "tool":
        return {"type": "function", "function": {"name": choice.get("name", "")}}
    return _CHOICES.get(str(choice.get("type")), "auto")
