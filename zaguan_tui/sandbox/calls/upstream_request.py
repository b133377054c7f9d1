"""Convert a request of either dialect for an OpenAI-compatible server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.sandbox.engine.chat.model_exchange import ModelRequest
from zaguan_tui.sandbox.engine.text.message_parts import parts_of

_SAME = ("temperature", "top_p", "top_k")


def openai_body(dialect: str, body: Mapping[str, Any], question: ModelRequest) -> Mapping[str, Any]:
    """The caller's own body if it is OpenAI's; else one put together from the question, text and tools."""
    if dialect == "openai":
        return body
    made: dict[str, Any] = {
        "messages": [
            {"role": message.get("role", "user"), "content": _text(message.get("content"))}
            for message in question.messages
        ],
        "max_tokens": question.max_tokens,
        **{name: body[name] for name in _SAME if name in body},
    }
    if question.stop:
        made["stop"] = list(question.stop)
    if question.tools.tools:
        made["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema},
            }
            for tool in question.tools.tools
        ]
    return made


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    words = [part.get("text") or part.get("content") for part in parts_of(content)]
    return "\n".join(word for word in words if isinstance(word, str))
