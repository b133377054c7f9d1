"""Translates one set of parameters into the chat dialect and the Messages dialect.

Parameters are kept under the names of the chat dialect (OpenAI spec), with ``top_k`` and ``thinking_budget``
beside them. Names and shapes of the other: Anthropic docs, wire reference §4.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from zaguan_tui.state.chat.message import Dialect

DEFAULT_MAX_TOKENS: Final = 4096
"""The Messages dialect wants an output limit; this one where none is chosen (proposal)."""

ONLY_MESSAGES: Final = frozenset({"top_k", "thinking_budget"})
_SAME_IN_MESSAGES: Final = ("temperature", "top_p", "top_k")
_EFFORTS: Final = frozenset({"low", "medium", "high", "xhigh", "max"})
_TOOL_CHOICES: Final = {"auto": "auto", "required": "any", "none": "none"}
_MESSAGES_NAMES: Final = frozenset(
    {
        *_SAME_IN_MESSAGES,
        *("max_tokens", "max_completion_tokens", "stop", "tools", "tool_choice", "parallel_tool_calls"),
        *("reasoning_effort", "thinking_budget", "user"),
        *("provider_specific_params", "virtual_model_id"),
    }
)


def find_unsupported(params: Mapping[str, object], dialect: Dialect) -> tuple[str, ...]:
    """The parameters that a dialect has no word for: they are not sent."""
    given = [name for name, value in params.items() if value is not None]
    if dialect is Dialect.CHAT:
        return tuple(name for name in given if name in ONLY_MESSAGES)
    gone = [name for name in given if name not in _MESSAGES_NAMES and name != "response_format"]
    if "response_format" in given and _schema(params["response_format"]) is None:
        gone.append("response_format")
    if "reasoning_effort" in given and params["reasoning_effort"] not in _EFFORTS:
        gone.append("reasoning_effort")
    return tuple(gone)


def chat_params(params: Mapping[str, object]) -> dict[str, Any]:
    """The parameters of a chat call."""
    return {name: value for name, value in params.items() if value is not None and name not in ONLY_MESSAGES}


def messages_params(params: Mapping[str, object]) -> dict[str, Any]:
    """The parameters of a messages call, ``max_tokens`` among them."""
    given: dict[str, Any] = {name: value for name, value in params.items() if value is not None}
    body: dict[str, Any] = {name: given[name] for name in _SAME_IN_MESSAGES if name in given}
    budget = given.get("thinking_budget")
    if budget is not None:
        body["thinking"] = {"type": "enabled", "budget_tokens": budget}
    limit = given.get("max_tokens", given.get("max_completion_tokens"))
    body["max_tokens"] = limit if limit is not None else DEFAULT_MAX_TOKENS + (budget or 0)
    if (stop := given.get("stop")) is not None:
        body["stop_sequences"] = [stop] if isinstance(stop, str) else list(stop)
    if tools := given.get("tools"):
        body["tools"] = [_messages_tool(tool) for tool in tools]
        if (choice := _messages_choice(given)) is not None:
            body["tool_choice"] = choice
    if (output := _output_config(given)) is not None:
        body["output_config"] = output
    if "user" in given:
        body["metadata"] = {"user_id": given["user"]}
    extra = {name: given[name] for name in ("provider_specific_params", "virtual_model_id") if name in given}
    if extra:
        body["additional_fields"] = extra
    return body


def _messages_tool(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    function = tool.get("function")
    if not isinstance(function, Mapping):
        return tool  # written for this dialect already
    body = {
        "name": function.get("name", ""),
        "input_schema": function.get("parameters") or {"type": "object"},
    }
    if description := function.get("description"):
        body["description"] = description
    return body


def _messages_choice(given: Mapping[str, Any]) -> dict[str, Any] | None:
    choice = given.get("tool_choice")
    serial = given.get("parallel_tool_calls") is False
    if isinstance(choice, Mapping) and isinstance(function := choice.get("function"), Mapping):
        body: dict[str, Any] = {"type": "tool", "name": function.get("name", "")}
    elif isinstance(choice, Mapping):
        body = dict(choice)
    elif choice is not None or serial:
        body = {"type": _TOOL_CHOICES.get(str(choice), "auto")}
    else:
        return None
    if serial and body["type"] != "none":
        body["disable_parallel_tool_use"] = True
    return body


def _output_config(given: Mapping[str, Any]) -> dict[str, Any] | None:
    config: dict[str, Any] = {}
    if (effort := given.get("reasoning_effort")) in _EFFORTS:
        config["effort"] = effort
    if (schema := _schema(given.get("response_format"))) is not None:
        config["format"] = {"type": "json_schema", "schema": schema}
    return config or None


def _schema(response_format: object) -> Mapping[str, Any] | None:
    """The JSON schema that an answer has to fit, if one is asked for."""
    if not isinstance(response_format, Mapping) or response_format.get("type") != "json_schema":
        return None
    named = response_format.get("json_schema")
    schema = named.get("schema") if isinstance(named, Mapping) else None
    return schema if isinstance(schema, Mapping) else None


def tool_names(params: Mapping[str, object]) -> list[str]:
    """The names of the tools that a prompt offers."""
    tools = params.get("tools")
    names = []
    for tool in tools if isinstance(tools, Sequence) and not isinstance(tools, str) else ():
        function = tool.get("function", tool) if isinstance(tool, Mapping) else {}
        names.append(str(function.get("name", "")) if isinstance(function, Mapping) else "")
    return [name for name in names if name]
