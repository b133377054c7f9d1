"""When a model reaches for a tool, what it hands over, and what it says once the tool has answered."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from zaguan_tui.sandbox.engine.question import Message, Question, Tool
from zaguan_tui.sandbox.engine.schema_values import Filler
from zaguan_tui.sandbox.engine.text_parts import content_text, parts_of

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_SMALL_WORDS = frozenset(
    [
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
        "lookup",
        "look",
        "current",
        "by",
        "for",
        "from",
        "and",
        "with",
        "use",
        "given",
        "value",
        "values",
        "data",
        "info",
        "information",
        "this",
        "that",
        "return",
        "returns",
    ]
)
_ASKS_FOR_ANY = re.compile(r"\b(?:use|call|invoke|try)\b.{0,30}\b(?:tools?|functions?)\b", re.I)
_LONGEST_REPORT = 2000


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool has answered; ``name`` is empty when the conversation does not say whose it is."""

    name: str
    text: str


def chosen_tools(question: Question, text: str) -> tuple[Tool, ...]:
    """The tools to call for a request: as the rules say, else those whose words the request uses."""
    rules = question.tools
    if not rules.tools or rules.choice == "none":
        return ()
    named = [tool for tool in rules.tools if tool.name == rules.choice]
    if named:
        return tuple(named)
    asked = _words(text)
    fitting = [tool for tool in rules.tools if tool.name.casefold() in text.casefold()]
    fitting = fitting or [tool for tool in rules.tools if _suits(tool, asked)]
    if not fitting and (rules.choice == "required" or _ASKS_FOR_ANY.search(text)):
        fitting = [rules.tools[0]]
    return tuple(fitting if rules.parallel else fitting[:1])


def arguments_for(tool: Tool, rng: random.Random, text: str, topic: str) -> dict[str, object]:
    """Arguments that are valid against the tool's schema."""
    filled = Filler({"type": "object", **tool.schema}, rng, text, topic).fill()
    return filled if isinstance(filled, dict) else {}


def fresh_results(messages: Sequence[Message]) -> list[ToolResult]:
    """The tool results at the end of a conversation, in either dialect; empty when a person spoke last."""
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


def report(results: Sequence[ToolResult]) -> str:
    """What the model says to its tools' answers."""
    lines = [f"{f'`{one.name}`' if one.name else 'The tool'} says: {one.text.strip()}" for one in results]
    return "\n\n".join(lines)[:_LONGEST_REPORT]


def _called(messages: Sequence[Message]) -> dict[str, str]:
    """Tool names by the ids of their calls."""
    names: dict[str, str] = {}
    for message in messages:
        for call in message.get("tool_calls") or ():
            if isinstance(call, dict) and isinstance(call.get("function"), dict):
                names[str(call.get("id"))] = str(call["function"].get("name", ""))
        for part in parts_of(message.get("content")):
            if part.get("type") == "tool_use":
                names[str(part.get("id"))] = str(part.get("name", ""))
    return names


def _suits(tool: Tool, asked: frozenset[str]) -> bool:
    if _words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tool.name.replace("_", " "))) & asked:
        return True
    return len({word for word in _words(tool.description) if len(word) > 4} & asked) >= 2


def _words(text: str) -> frozenset[str]:
    found = {word.casefold() for word in _WORD.findall(text[:4000].replace("_", " "))}
    return frozenset(word.rstrip("s") for word in found if len(word) > 2 and word not in _SMALL_WORDS)
