"""The request of ``POST /v1/chat/completions``: its parameters, their checks, and the body that goes out.

Fields, ranges and defaults: OpenAI spec; the Zaguan extensions: zaguan-sdk-go, -py, -ts (wire reference
§3.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.checks import (
    check_choice,
    check_integer,
    check_known,
    check_metadata,
    check_number,
    check_text,
)

ROLES = ("system", "user", "assistant", "tool", "function", "developer")
REASONING_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Suggestions; servers differ, so any text is sent."""
VERBOSITIES = ("low", "medium", "high")
"""Suggestions, as above."""
MAX_STOPS = 4

Message = Mapping[str, Any]
"""One turn: ``role``, ``content`` (text, parts or ``None``) and what the role needs (``tool_call_id`` …)."""


class ChatParams(TypedDict, total=False):
    """Every parameter of chat beside ``model`` and ``messages``. One that is absent or ``None`` is not sent.

    ``max_tokens`` goes out under the name the client's options choose; ``extra_body`` is folded into
    ``provider_specific_params`` and wins there; ``additional_fields`` go into the body as they are.
    """

    temperature: float | None
    top_p: float | None
    max_tokens: int | None
    max_completion_tokens: int | None
    n: int | None
    stop: str | Sequence[str] | None
    presence_penalty: float | None
    frequency_penalty: float | None
    logit_bias: Mapping[str, float] | None
    logprobs: bool | None
    top_logprobs: int | None
    seed: int | None
    user: str | None
    safety_identifier: str | None
    prompt_cache_key: str | None
    tools: Sequence[Mapping[str, Any]] | None
    tool_choice: str | Mapping[str, Any] | None
    parallel_tool_calls: bool | None
    functions: Sequence[Mapping[str, Any]] | None
    function_call: str | Mapping[str, Any] | None
    response_format: Mapping[str, Any] | None
    modalities: Sequence[str] | None
    audio: Mapping[str, Any] | None
    reasoning_effort: str | None
    verbosity: str | None
    service_tier: str | None
    store: bool | None
    metadata: Mapping[str, str] | None
    prediction: Mapping[str, Any] | None
    web_search_options: Mapping[str, Any] | None
    moderation: Mapping[str, Any] | None
    provider_specific_params: Mapping[str, Any] | None
    extra_body: Mapping[str, Any] | None
    virtual_model_id: str | None
    thinking: bool | None
    stream_options: Mapping[str, Any] | None
    additional_fields: Mapping[str, Any] | None


_NAMES = tuple(ChatParams.__annotations__)
_RANGES: Mapping[str, tuple[float, float | None]] = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
_WHOLE_RANGES: Mapping[str, tuple[int, int | None]] = {
    "max_tokens": (1, None),
    "max_completion_tokens": (1, None),
    "n": (1, 128),
    "top_logprobs": (0, 20),
    "seed": (-(2**63), 2**63 - 1),
}
_FLAGS = ("logprobs", "parallel_tool_calls", "store", "thinking")
_TEXTS = ("user", "safety_identifier", "prompt_cache_key", "reasoning_effort", "verbosity", "service_tier")
_MAPPINGS = (
    "response_format",
    "audio",
    "prediction",
    "web_search_options",
    "provider_specific_params",
    "extra_body",
    "stream_options",
    "additional_fields",
)
_LISTS = ("tools", "functions", "modalities")
_FOLDED = (
    "extra_body",
    "additional_fields",
    "stream_options",
    "max_tokens",
    "stop",
    "provider_specific_params",
)


def chat_body(
    model: str,
    messages: Sequence[Message],
    params: Mapping[str, Any],
    *,
    max_tokens_field: str,
    stream: bool,
    include_usage: bool,
) -> dict[str, Any]:
    """The JSON body of a chat call; raises :class:`ArgumentError` for anything no server would take."""
    check_text("model", model)
    check_known(_NAMES, list(params), "chat")
    given = {name: value for name, value in params.items() if value is not None}
    _check(given)
    body: dict[str, Any] = {"model": model, "messages": _messages(messages)}
    body |= {name: value for name, value in given.items() if name not in _FOLDED}
    if "max_tokens" in given:
        body[max_tokens_field] = given["max_tokens"]
    if "stop" in given:
        body["stop"] = [given["stop"]] if isinstance(given["stop"], str) else list(given["stop"])
    specific = {**given.get("provider_specific_params", {}), **given.get("extra_body", {})}
    if specific or "provider_specific_params" in given:
        body["provider_specific_params"] = specific
    if stream:
        body["stream"] = True
        requested_settings = {
            **({"include_usage": True} if include_usage else {}),
            **given.get("stream_options", {}),
        }
        if requested_settings:
            body["stream_options"] = requested_settings
    return body | dict(given.get("additional_fields", {}))


def _check(given: Mapping[str, Any]) -> None:
    """Check every parameter that was given."""
    for name, (lowest, highest) in _RANGES.items():
        if name in given:
            check_number(name, given[name], lowest, highest)
    for name, (least, most) in _WHOLE_RANGES.items():
        if name in given:
            check_integer(name, given[name], least, most)
    for names, kind, allowed in (
        (_FLAGS, bool, "True or False"),
        (_MAPPINGS, Mapping, "a mapping"),
        (_LISTS, (list, tuple), "a list"),
    ):
        for name in names:
            if name in given and not isinstance(given[name], kind):
                raise ArgumentError(name, f"is a {type(given[name]).__name__}", allowed)
    for name in (*_TEXTS, "virtual_model_id"):
        if name in given:
            check_text(name, given[name])
    if "max_tokens" in given and "max_completion_tokens" in given:
        raise ArgumentError("max_completion_tokens", "is given beside max_tokens", "one of the two")
    if "metadata" in given:
        check_metadata(given["metadata"])
    _check_stop(given.get("stop"))
    _check_logit_bias(given.get("logit_bias", {}))


def _check_stop(stop: object) -> None:
    stops = [stop] if isinstance(stop, str) else (stop or [])
    if not isinstance(stops, (list, tuple)) or not all(isinstance(word, str) for word in stops):
        raise ArgumentError("stop", f"is a {type(stop).__name__}", "a text or a list of texts")
    if len(stops) > MAX_STOPS:
        raise ArgumentError("stop", f"has {len(stops)} texts", f"at most {MAX_STOPS}")


def _check_logit_bias(bias: object) -> None:
    if not isinstance(bias, Mapping):
        raise ArgumentError("logit_bias", f"is a {type(bias).__name__}", "a mapping of token ids to numbers")
    for token, value in bias.items():
        check_number(f"logit_bias.{token}", value, -100, 100)


def _messages(messages: object) -> list[dict[str, Any]]:
    """The turns as they go out. An assistant turn that only calls tools says ``content: null`` (D38)."""
    if isinstance(messages, (str, bytes, Mapping)) or not isinstance(messages, Sequence):
        raise ArgumentError("messages", f"is a {type(messages).__name__}", "a list of messages")
    if not messages:
        raise ArgumentError("messages", "is empty", "at least one message")
    return [_message(f"messages[{place}]", message) for place, message in enumerate(messages)]


def _message(field: str, message: object) -> dict[str, Any]:
    if not isinstance(message, Mapping):
        raise ArgumentError(field, f"is a {type(message).__name__}", "a mapping with role and content")
    turn = dict(message)
    role = turn.get("role")
    check_choice(f"{field}.role", role, ROLES)
    if role == "tool":
        check_text(f"{field}.tool_call_id", turn.get("tool_call_id"))
    content = turn.setdefault("content", None)
    calls = role == "assistant" and (turn.get("tool_calls") or turn.get("function_call"))
    speaks = calls or turn.get("refusal") or turn.get("audio")
    if content is None and not speaks:
        raise ArgumentError(
            f"{field}.content", "is missing", "a text, a list of parts, or None beside tool_calls"
        )
    if content is not None and not isinstance(content, (str, list, tuple)):
        raise ArgumentError(f"{field}.content", f"is a {type(content).__name__}", "a text or a list of parts")
    for place, part in enumerate(content if isinstance(content, (list, tuple)) else ()):
        if not isinstance(part, Mapping) or not isinstance(part.get("type"), str):
            raise ArgumentError(f"{field}.content[{place}]", "has no type", "a mapping with a type")
    return turn
