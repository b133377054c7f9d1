"""Parse a request to Anthropic's messages (Anthropic docs, wire.md 4.1)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaguan_tui.sandbox.engine.chat.model_exchange import (
    BadRequestError,
    JsonForm,
    Message,
    ModelRequest,
    Tool,
    ToolRules,
)
from zaguan_tui.sandbox.engine.chat.tools import checked_schema, tool_of

_ROLES = ("user", "assistant", "system")
_BLOCKS = frozenset(
    {"text", "image", "document", "search_result", "thinking", "redacted_thinking", "tool_use", "tool_result"}
)
_MIN_THOUGHTS = 1024
_RANGES = {"temperature": (0.0, 1.0), "top_p": (0.0, 1.0), "top_k": (0.0, 1e9)}


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A checked request; ``caches`` says whether a part of the prompt asks to be cached."""

    model: str
    question: ModelRequest
    stream: bool = False
    caches: bool = False

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> MessageRequest:
        """Check ``body``. Raises `BadRequestError` for the first field that is wrong."""
        longest = body.get("max_tokens")
        if isinstance(longest, bool) or not isinstance(longest, int) or not 1 <= longest <= 2**31:
            raise BadRequestError("max_tokens", "max_tokens: Field required, a whole number from 1.")
        return cls.count(body, longest)

    @classmethod
    def count(cls, body: Mapping[str, Any], max_tokens: int | None = None) -> MessageRequest:
        """The same without ``max_tokens``, which counting tokens does not need."""
        model = body.get("model")
        if not isinstance(model, str) or not model.strip():
            raise BadRequestError("model", "model: Field required, the id of a model.")
        messages = (*_system(body.get("system")), *_messages(body.get("messages")))
        _ranges(body)
        stops = body.get("stop_sequences") or []
        if not isinstance(stops, list) or not all(isinstance(stop, str) and stop.strip() for stop in stops):
            raise BadRequestError(
                "stop_sequences", "stop_sequences: must be a list of texts that are not blank."
            )
        if not isinstance(body.get("stream", False), bool):
            raise BadRequestError("stream", "stream: must be true or false.")
        question = ModelRequest(
            messages=messages,
            max_tokens=max_tokens,
            stop=tuple(stops),
            tools=_tools(body),
            form=_form(body),
            thinks=_thinking(body.get("thinking"), max_tokens),
        )
        return cls(model, question, bool(body.get("stream")), '"cache_control"' in _flat(body))


def _flat(body: Mapping[str, Any]) -> str:
    return json.dumps([body.get("system"), body.get("messages"), body.get("tools"), list(body)])


def _system(value: object) -> tuple[Message, ...]:
    if value is None:
        return ()
    if not isinstance(value, str):
        _blocks(value, "system")
    return ({"role": "system", "content": value},)


def _messages(value: object) -> tuple[Message, ...]:
    if not isinstance(value, list) or not value:
        raise BadRequestError("messages", "messages: Field required, a list with at least one message.")
    for index, message in enumerate(value):
        where = f"messages.{index}"
        if not isinstance(message, dict):
            raise BadRequestError(where, f"{where}: must be an object with 'role' and 'content'.")
        if message.get("role") not in _ROLES:
            raise BadRequestError(f"{where}.role", f"{where}.role: must be 'user' or 'assistant'.")
        content = message.get("content")
        if content == "" or content is None:
            raise BadRequestError(f"{where}.content", f"{where}.content: must not be empty.")
        if not isinstance(content, str):
            _blocks(content, f"{where}.content")
    return tuple(value)


def _blocks(value: object, where: str) -> None:
    if not isinstance(value, list):
        raise BadRequestError(where, f"{where}: must be text or a list of blocks.")
    for index, block in enumerate(value):
        place = f"{where}.{index}"
        kind = block.get("type") if isinstance(block, dict) else None
        is_known = kind in _BLOCKS or (isinstance(kind, str) and kind.endswith(("_tool_result", "_tool_use")))
        if not isinstance(block, dict) or not is_known:
            raise BadRequestError(f"{place}.type", f"{place}.type: {kind!r} is not a type of block.")
        if kind == "text" and not isinstance(block.get("text"), str):
            raise BadRequestError(f"{place}.text", f"{place}.text: Field required, text.")
        if kind == "tool_result" and not isinstance(block.get("tool_use_id"), str):
            raise BadRequestError(f"{place}.tool_use_id", f"{place}.tool_use_id: Field required, text.")
        if kind in ("image", "document") and not isinstance(block.get("source"), dict):
            raise BadRequestError(f"{place}.source", f"{place}.source: Field required, an object.")


def _ranges(body: Mapping[str, Any]) -> None:
    for name, (low, high) in _RANGES.items():
        value = body.get(name)
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if value is not None and not (number and low <= value <= high):
            raise BadRequestError(name, f"{name}: must be a number from {low:g} to {high:g}.")
    if not isinstance(body.get("metadata", {}) or {}, dict):
        raise BadRequestError("metadata", "metadata: must be an object.")


def _tools(body: Mapping[str, Any]) -> ToolRules:
    rows = body.get("tools") or []
    if not isinstance(rows, list):
        raise BadRequestError("tools", "tools: must be a list.")
    tools = tuple(tool for index, row in enumerate(rows) for tool in _tool(row, f"tools.{index}"))
    choice = body.get("tool_choice") or {"type": "auto"}
    if isinstance(choice, str):
        choice = {"type": choice}
    kind = choice.get("type") if isinstance(choice, dict) else None
    words = {"auto": "auto", "any": "required", "none": "none", "tool": "tool"}
    if not isinstance(kind, str) or kind not in words:
        raise BadRequestError("tool_choice.type", "tool_choice.type: must be auto, any, tool or none.")
    word = words[kind]
    if kind == "tool":
        word = str(choice.get("name"))
        if word not in {tool.name for tool in tools}:
            raise BadRequestError("tool_choice.name", f"tool_choice.name: there is no tool {word!r}.")
    return ToolRules(tools, word, parallel=not choice.get("disable_parallel_tool_use"))


def _tool(row: object, where: str) -> tuple[Tool, ...]:
    """One tool; the server's own tools (web search and the like) are accepted and never used."""
    if not isinstance(row, dict):
        raise BadRequestError(where, f"{where}: must be an object.")
    if row.get("type") not in (None, "custom"):
        return ()
    if "input_schema" not in row:
        raise BadRequestError(f"{where}.input_schema", f"{where}.input_schema: Field required.")
    return (tool_of(row.get("name"), row.get("description"), row["input_schema"], where, "input_schema"),)


def _thinking(value: object, max_tokens: int | None) -> bool:
    if value is None:
        return False
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in ("enabled", "disabled", "adaptive"):
        raise BadRequestError("thinking.type", "thinking.type: must be enabled, disabled or adaptive.")
    if kind == "enabled" and isinstance(value, dict):
        budget = value.get("budget_tokens")
        if isinstance(budget, bool) or not isinstance(budget, int) or budget < _MIN_THOUGHTS:
            message = f"thinking.enabled.budget_tokens: must be a whole number from {_MIN_THOUGHTS}."
            raise BadRequestError("thinking.budget_tokens", message)
        if max_tokens is not None and budget >= max_tokens:
            raise BadRequestError("max_tokens", "`max_tokens` must be greater than `thinking.budget_tokens`.")
    return bool(kind != "disabled")


def _form(body: Mapping[str, Any]) -> JsonForm | None:
    """The form of the answer: in ``output_config``, or in ``output_format`` as it was called before."""
    config = body.get("output_config")
    if not isinstance(config or {}, dict):
        raise BadRequestError("output_config", "output_config: must be an object.")
    where, form = "output_config.format", (config or {}).get("format")
    if form is None:
        where, form = "output_format", body.get("output_format")
    if form is None:
        return None
    if not isinstance(form, dict) or form.get("type") != "json_schema":
        raise BadRequestError(f"{where}.type", f"{where}.type: must be json_schema.")
    return JsonForm(checked_schema(form.get("schema"), f"{where}.schema"))
