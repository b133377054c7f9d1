"""Parse a chat request: known fields are checked for type and range, others pass (wire.md 3.1)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zaguan_tui.sandbox.engine.chat.model_exchange import BadRequestError, Message, ModelRequest
from zaguan_tui.sandbox.engine.chat.tools import read_form, read_tools

ROLES = ("system", "user", "assistant", "tool", "function", "developer")
PART_TYPES = ("text", "image_url", "input_audio", "file", "refusal")
MAX_CHOICES = 128
MAX_STOPS = 4


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A chat request that has been checked; ``logprobs`` counts the alternatives, ``None``: not asked."""

    model: str
    question: ModelRequest
    stream: bool = False
    include_usage: bool = False
    choices: int = 1
    logprobs: int | None = None

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> ChatRequest:
        """Check ``body``. Raises `BadRequestError` for the first field that is wrong."""
        model = body.get("model")
        if not isinstance(model, str) or not model.strip():
            raise BadRequestError("model", "'model' is required and must be the id of a model.")
        messages = _messages(body.get("messages"))
        for name, check in _FIELDS.items():
            if body.get(name) is not None:
                check(name, body[name])
        options = body.get("stream_options") or {}
        if not isinstance(options.get("include_usage", False), bool):
            raise BadRequestError("stream_options.include_usage", "'include_usage' must be true or false.")
        return cls(
            model=model,
            question=_question(messages, body),
            stream=bool(body.get("stream")),
            include_usage=bool(options.get("include_usage")),
            choices=body.get("n") or 1,
            logprobs=_logprobs(body),
        )


def _question(messages: tuple[Message, ...], body: Mapping[str, Any]) -> ModelRequest:
    stop = body.get("stop") or ()
    longest = body.get("max_completion_tokens")
    return ModelRequest(
        messages=messages,
        max_tokens=longest if longest is not None else body.get("max_tokens"),
        stop=(stop,) if isinstance(stop, str) else tuple(stop),
        tools=read_tools(body),
        form=read_form(body),
        # DeepSeek's switch (design notes of the SDKs), and the effort that means no thinking (OpenAI spec).
        thinks=body.get("thinking") is not False and body.get("reasoning_effort") != "none",
        seed=body.get("seed"),
    )


def _logprobs(body: Mapping[str, Any]) -> int | None:
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise BadRequestError("top_logprobs", "'top_logprobs' needs 'logprobs' to be true.")
    return (body.get("top_logprobs") or 0) if body.get("logprobs") else None


def _messages(value: object) -> tuple[Message, ...]:
    if not isinstance(value, list) or not value:
        raise BadRequestError(
            "messages", "'messages' is required and must be a list with at least one message."
        )
    for index, message in enumerate(value):
        where = f"messages[{index}]"
        if not isinstance(message, dict):
            raise BadRequestError(where, f"{where} must be an object with 'role' and 'content'.")
        if message.get("role") not in ROLES:
            raise BadRequestError(f"{where}.role", f"{where}.role must be one of {', '.join(ROLES)}.")
        _content(message, where)
        if not isinstance(message.get("tool_calls") or [], list):
            raise BadRequestError(f"{where}.tool_calls", f"{where}.tool_calls must be a list.")
    return tuple(value)


def _content(message: Message, where: str) -> None:
    content = message.get("content")
    if isinstance(content, str):
        return
    if content is None:
        if message["role"] == "assistant" and any(
            message.get(key) for key in ("tool_calls", "function_call")
        ):
            return
        raise BadRequestError(f"{where}.content", f"{where}.content is required.")
    if not isinstance(content, list):
        raise BadRequestError(f"{where}.content", f"{where}.content must be text or a list of parts.")
    for index, part in enumerate(content):
        place = f"{where}.content[{index}]"
        if not isinstance(part, dict) or part.get("type") not in PART_TYPES:
            raise BadRequestError(f"{place}.type", f"{place}.type must be one of {', '.join(PART_TYPES)}.")
        if part["type"] == "text" and not isinstance(part.get("text"), str):
            raise BadRequestError(f"{place}.text", f"{place}.text must be text.")


_Check = Callable[[str, Any], None]


def _flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise BadRequestError(name, f"'{name}' must be true or false.")


def _whole(low: int, high: int) -> _Check:
    def check(name: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise BadRequestError(name, f"'{name}' must be a whole number from {low} to {high}.")

    return check


def _number(low: float, high: float) -> _Check:
    def check(name: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise BadRequestError(name, f"'{name}' must be a number from {low:g} to {high:g}.")
        if not math.isfinite(value):
            raise BadRequestError(name, f"'{name}' must be a finite number.")

    return check


def _kind(kind: type | tuple[type, ...], words: str) -> _Check:
    def check(name: str, value: object) -> None:
        if not isinstance(value, kind):
            raise BadRequestError(name, f"'{name}' must be {words}.")

    return check


def _stop(name: str, value: object) -> None:
    texts: Sequence[object] = (
        [value] if isinstance(value, str) else value if isinstance(value, list) else [None]
    )
    if len(texts) > MAX_STOPS or not all(isinstance(text, str) and text for text in texts):
        raise BadRequestError(name, f"'{name}' must be a text or a list of at most {MAX_STOPS} texts.")


_FIELDS: dict[str, _Check] = {
    "stream": _flag,
    "stream_options": _kind(dict, "an object"),
    "temperature": _number(0, 2),
    "top_p": _number(0, 1),
    "max_tokens": _whole(1, 2**31),
    "max_completion_tokens": _whole(1, 2**31),
    "n": _whole(1, MAX_CHOICES),
    "stop": _stop,
    "presence_penalty": _number(-2, 2),
    "frequency_penalty": _number(-2, 2),
    "logit_bias": _kind(dict, "an object"),
    "logprobs": _flag,
    "top_logprobs": _whole(0, 20),
    "seed": _whole(-(2**63), 2**63 - 1),
    "user": _kind(str, "text"),
    "tools": _kind(list, "a list"),
    "tool_choice": _kind((str, dict), "a word or an object"),
    "parallel_tool_calls": _flag,
    "response_format": _kind(dict, "an object"),
    "modalities": _kind(list, "a list"),
    "audio": _kind(dict, "an object"),
    "reasoning_effort": _kind(str, "text"),
    "verbosity": _kind(str, "text"),
    "service_tier": _kind(str, "text"),
    "store": _flag,
    "metadata": _kind(dict, "an object"),
    "provider_specific_params": _kind(dict, "an object"),
    "extra_body": _kind(dict, "an object"),
    "virtual_model_id": _kind(str, "text"),
    "thinking": _flag,
}
