"""Choose tools, fill their arguments, and answer from their results."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from zaguan_tui.sandbox.engine.chat.model_exchange import Message, ModelRequest, Tool
from zaguan_tui.sandbox.engine.schema.text import fitting_text
from zaguan_tui.sandbox.engine.schema.values import SchemaFiller
from zaguan_tui.sandbox.engine.text.message_parts import content_text, parts_of

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_SMALL_WORDS = frozenset(
    {
        "get",
        "set",
        "the",
        "fetch",
        "find",
        "run",
        "make",
        "call",
        "tool",
        "tools",
        "function",
        "create",
        "list",
    }
    | {"lookup", "look", "current", "by", "for", "from", "and", "with", "use", "given", "value", "values"}
    | {"data", "info", "information", "this", "that", "return", "returns"}
)
_ASKS_FOR_ANY = re.compile(r"\b(?:use|call|invoke|try)\b.{0,30}\b(?:tools?|functions?)\b", re.I)
_MAX_REPORT_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool has answered; ``name`` is empty when the conversation does not say whose it is."""

    name: str
    text: str


def choose_tools(question: ModelRequest, text: str, *, after_results: bool = False) -> tuple[Tool, ...]:
    """The tools to call for a request: those of the rules, else those whose words the request uses.

    After results another call is made only where the rules ask for one, if possible of a tool that has not
    been called for this request: a tool that takes the final answer is so reached in the end.
    """
    rules = question.tools
    named = [tool for tool in rules.tools if tool.name == rules.choice]
    if named:
        return tuple(named)
    if not rules.tools or rules.choice == "none" or (after_results and rules.choice != "required"):
        return ()
    called = set(_called(_since_request(question.messages)).values()) if after_results else set()
    tools = [tool for tool in rules.tools if tool.name not in called] or list(rules.tools)
    request_words = _words(text)
    fitting = [tool for tool in tools if tool.name.casefold() in text.casefold()]
    fitting = fitting or [tool for tool in tools if _matches_request(tool, request_words)]
    if not fitting and (rules.choice == "required" or _ASKS_FOR_ANY.search(text)):
        fitting = tools[:1]
    return tuple(fitting if rules.parallel else fitting[:1])


def input_for(tool: Tool, rng: random.Random, text: str, topic: str) -> str:
    """The input of a tool: arguments valid against its schema as JSON, or a custom tool's text."""
    if tool.custom:
        return fitting_text(tool.schema, "input", rng, text, topic)
    filled = SchemaFiller({"type": "object", **tool.schema}, rng, text, topic).fill()
    return json.dumps(filled if isinstance(filled, dict) else {}, ensure_ascii=False)


def last_request(messages: Sequence[Message]) -> str:
    """The text of a person's last message; results of tools are none."""
    requests = [content_text(message.get("content")) for message in messages if _is_request(message)]
    return requests[-1] if requests else ""


def _is_request(message: Message) -> bool:
    parts = parts_of(message.get("content"))
    return message.get("role") == "user" and not any(part.get("type") == "tool_result" for part in parts)


def _since_request(messages: Sequence[Message]) -> Sequence[Message]:
    """The messages after a person's last one."""
    places = [place for place, message in enumerate(messages) if _is_request(message)]
    return messages[places[-1] :] if places else messages


def find_new_results(messages: Sequence[Message]) -> list[ToolResult]:
    """The tool results at the end of a conversation in either dialect; empty after a person's message."""
    names = _called(messages)
    results: list[ToolResult] = []
    for message in reversed(messages):
        if message.get("role") == "tool":
            name = names.get(str(message.get("tool_call_id")), "")
            results.insert(0, ToolResult(name, content_text(message.get("content"))))
            continue
        blocks = [part for part in parts_of(message.get("content")) if part.get("type") == "tool_result"]
        if message.get("role") == "user" and blocks and not results:
            for block in blocks:
                name = names.get(str(block.get("tool_use_id")), "")
                results.append(ToolResult(name, content_text(block.get("content"))))
        break
    return results


def answer_from_results(results: Sequence[ToolResult]) -> str:
    """The model's answer to its tools' results."""
    lines = [
        f"{f'`{result.name}`' if result.name else 'The tool'} says: {result.text.strip()}"
        for result in results
    ]
    return "\n\n".join(lines)[:_MAX_REPORT_LENGTH]


def _called(messages: Sequence[Message]) -> dict[str, str]:
    """Tool names by the ids of their calls."""
    names: dict[str, str] = {}
    for message in messages:
        for call in message.get("tool_calls") or ():
            kind = call.get("type", "function") if isinstance(call, dict) else ""
            if isinstance(kind, str) and isinstance(call.get(kind), dict):
                names[str(call.get("id"))] = str(call[kind].get("name", ""))
        for part in parts_of(message.get("content")):
            if part.get("type") == "tool_use":
                names[str(part.get("id"))] = str(part.get("name", ""))
    return names


def _matches_request(tool: Tool, request_words: frozenset[str]) -> bool:
    if _words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tool.name.replace("_", " "))) & request_words:
        return True
    return len({word for word in _words(tool.description) if len(word) > 4} & request_words) >= 2


def _words(text: str) -> frozenset[str]:
    words = {word.casefold() for word in _WORD.findall(text[:4000].replace("_", " "))}
    return frozenset(word.rstrip("s") for word in words if len(word) > 2 and word not in _SMALL_WORDS)
