"""The requests of ``/v1/messages``: parameters, their checks, and the bodies that go out.

Fields, ranges and defaults: Anthropic docs; what the Zaguan SDKs narrow or lack: wire reference §4.1, D33,
D34, D48, D49. Other fields go through ``additional_fields``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.checks import (
    check_choice,
    check_integer,
    check_known,
    check_number,
    check_text,
)

ROLES = ("user", "assistant", "system")
TOOL_CHOICES = ("auto", "any", "tool", "none")
THINKING_TYPES = ("enabled", "disabled", "adaptive")
SERVICE_TIERS = ("auto", "standard_only")
"""Suggestions; any text is sent."""
EFFORTS = ("low", "medium", "high", "xhigh", "max")
"""Suggestions for ``output_config.effort``; any text is sent."""
MIN_BUDGET = 1024
SDK_BUDGET = 10_000
"""The Zaguan SDKs refuse a larger thinking budget; Anthropic does not (D33)."""

Turn = Mapping[str, Any]
"""One turn: ``role`` and ``content``, a text or a list of blocks; thinking blocks go back unchanged."""


class CountParams(TypedDict, total=False):
    """What tokens can be counted of beside ``model`` and ``messages`` (wire reference §4.2)."""

    system: str | Sequence[Mapping[str, Any]] | None
    tools: Sequence[Mapping[str, Any]] | None
    tool_choice: Mapping[str, Any] | None
    thinking: Mapping[str, Any] | None
    output_config: Mapping[str, Any] | None
    additional_fields: Mapping[str, Any] | None


class MessagesParams(CountParams, total=False):
    """Every parameter of a message beside ``model``, ``messages`` and ``max_tokens``.

    One that is absent or ``None`` is not sent. ``additional_fields`` go into the body as they are.
    """

    temperature: float | None
    top_p: float | None
    top_k: int | None
    stop_sequences: Sequence[str] | None
    metadata: Mapping[str, Any] | None
    service_tier: str | None
    container: str | None
    inference_geo: str | None
    cache_control: Mapping[str, Any] | None


_COUNT_NAMES = tuple(CountParams.__annotations__)
_NAMES = tuple(MessagesParams.__annotations__)
_MAPPINGS = ("tool_choice", "thinking", "output_config", "metadata", "cache_control", "additional_fields")
_TEXTS = ("service_tier", "container", "inference_geo")


def messages_body(
    model: str, messages: Sequence[Turn], max_tokens: int, params: Mapping[str, Any], *, stream: bool
) -> dict[str, Any]:
    """The JSON body of a message call; raises :class:`ArgumentError` for anything no server would take.

    ``max_tokens`` of 0 only warms the prompt cache (Anthropic docs).
    """
    check_integer("max_tokens", max_tokens, 0)
    body = _body("messages", _NAMES, model, messages, params)
    _check_budget(body.get("thinking"), max_tokens)
    named = {"model": body.pop("model"), "max_tokens": max_tokens, **body}
    return {**named, "stream": True} if stream else named


def count_body(model: str, messages: Sequence[Turn], params: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON body of ``count_tokens``: as a message, without the output limit."""
    return _body("count_tokens", _COUNT_NAMES, model, messages, params)


def batch_body(requests: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON body of a new batch: ``{custom_id, params}`` each, ``params`` being a message call's body.

    Raises :class:`ArgumentError` for a missing or repeated ``custom_id``, a stream, and for ``params`` that
    no server would take.
    """
    places: dict[str, int] = {}
    written: list[dict[str, Any]] = []
    for place, request in enumerate(_listed("requests", requests, "{custom_id, params}")):
        field = f"requests[{place}]"
        if not isinstance(request, Mapping):
            raise ArgumentError(
                field, f"is a {type(request).__name__}", "a mapping with custom_id and params"
            )
        custom_id = request.get("custom_id")
        check_text(f"{field}.custom_id", custom_id)
        earlier = places.setdefault(str(custom_id), place)
        if earlier != place:
            raise ArgumentError(f"{field}.custom_id", f"repeats that of requests[{earlier}]", "unique ids")
        written.append({"custom_id": custom_id, "params": _batched(field, request.get("params"))})
    return {"requests": written}


def budget_note(thinking: Mapping[str, Any] | None) -> str | None:
    """A word of warning about a budget that Anthropic takes and gateways with the SDKs' limit may not."""
    budget = (thinking or {}).get("budget_tokens")
    if isinstance(budget, int) and budget > SDK_BUDGET:
        return f"a thinking budget of {budget:,} tokens is more than the {SDK_BUDGET:,} the Zaguan SDKs allow"
    return None


def _batched(field: str, params: object) -> dict[str, Any]:
    if not isinstance(params, Mapping):
        raise ArgumentError(f"{field}.params", f"is a {type(params).__name__}", "a mapping: a message call")
    if params.get("stream"):
        raise ArgumentError(f"{field}.params.stream", "is set", "no streams inside a batch")
    rest = {
        name: value
        for name, value in params.items()
        if name not in ("model", "messages", "max_tokens", "stream")
    }
    known = {name: value for name, value in rest.items() if name in _NAMES}
    try:
        body = messages_body(
            params.get("model", ""),
            params.get("messages", ()),
            params.get("max_tokens", None),
            known,
            stream=False,
        )
    except ArgumentError as error:
        raise ArgumentError(f"{field}.params.{error.field}", error.problem, error.allowed) from None
    return {**rest, **body}


def _body(
    call: str, names: Sequence[str], model: str, messages: Sequence[Turn], params: Mapping[str, Any]
) -> dict[str, Any]:
    check_text("model", model)
    check_known(names, list(params), call)
    given = {name: value for name, value in params.items() if value is not None}
    _check(given)
    extra = given.pop("additional_fields", {})
    for name in ("tools", "stop_sequences"):
        if name in given:
            given[name] = list(given[name])
    return {"model": model, "messages": _turns(messages), **given, **extra}


def _check(given: Mapping[str, Any]) -> None:
    for name in ("temperature", "top_p"):
        if name in given:
            check_number(name, given[name], 0, 1)
    if "top_k" in given:
        check_integer("top_k", given["top_k"], 0)
    for name in _MAPPINGS:
        if name in given and not isinstance(given[name], Mapping):
            raise ArgumentError(name, f"is a {type(given[name]).__name__}", "a mapping")
    for name in _TEXTS:
        if name in given:
            check_text(name, given[name])
    _check_system(given.get("system"))
    _check_tools(given.get("tools", ()))
    if "tool_choice" in given:
        _check_tool_choice(given["tool_choice"])
    stops = given.get("stop_sequences", ())
    if not isinstance(stops, (list, tuple)) or not all(isinstance(word, str) for word in stops):
        raise ArgumentError("stop_sequences", f"is a {type(stops).__name__}", "a list of texts")


def _check_system(system: object) -> None:
    if system is None or isinstance(system, str):
        return
    if not isinstance(system, (list, tuple)):
        raise ArgumentError("system", f"is a {type(system).__name__}", "a text or a list of text blocks")
    _check_blocks("system", system)


def _check_tools(tools: object) -> None:
    if not isinstance(tools, (list, tuple)):
        raise ArgumentError("tools", f"is a {type(tools).__name__}", "a list")
    for place, tool in enumerate(tools):
        if not isinstance(tool, Mapping):
            raise ArgumentError(f"tools[{place}]", f"is a {type(tool).__name__}", "a mapping")
        check_text(f"tools[{place}].name", tool.get("name"))
        own = tool.get("type") in (None, "custom")
        if own and not isinstance(tool.get("input_schema"), Mapping):
            raise ArgumentError(f"tools[{place}].input_schema", "is missing", "a JSON schema")


def _check_tool_choice(choice: Mapping[str, Any]) -> None:
    check_choice("tool_choice.type", choice.get("type"), TOOL_CHOICES)
    if choice["type"] == "tool":
        check_text("tool_choice.name", choice.get("name"))


def _check_budget(thinking: object, max_tokens: int) -> None:
    """Anthropic's own rule: at least 1,024 tokens and less than ``max_tokens``."""
    if not isinstance(thinking, Mapping):
        return
    check_choice("thinking.type", thinking.get("type"), THINKING_TYPES)
    if thinking["type"] == "enabled":
        check_integer(
            "thinking.budget_tokens",
            thinking.get("budget_tokens"),
            MIN_BUDGET,
            max(max_tokens - 1, MIN_BUDGET),
        )
        if thinking["budget_tokens"] >= max_tokens:
            raise ArgumentError(
                "thinking.budget_tokens",
                f"is {thinking['budget_tokens']}, max_tokens {max_tokens}",
                f"{MIN_BUDGET} or more and less than max_tokens",
            )


def _turns(messages: object) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = []
    for place, message in enumerate(_listed("messages", messages, "message")):
        field = f"messages[{place}]"
        if not isinstance(message, Mapping):
            raise ArgumentError(field, f"is a {type(message).__name__}", "a mapping with role and content")
        check_choice(f"{field}.role", message.get("role"), ROLES)
        content = message.get("content")
        if not isinstance(content, (str, list, tuple)):
            raise ArgumentError(
                f"{field}.content", f"is a {type(content).__name__}", "a text or a list of blocks"
            )
        if not isinstance(content, str):
            _check_blocks(f"{field}.content", content)
        turns.append(dict(message))
    return turns


def _listed(field: str, items: object, what: str) -> Sequence[object]:
    if isinstance(items, (str, bytes, Mapping)) or not isinstance(items, Sequence):
        raise ArgumentError(field, f"is a {type(items).__name__}", f"a list of {what}s")
    if not items:
        raise ArgumentError(field, "is empty", f"at least one {what}")
    return items


def _check_blocks(field: str, blocks: Sequence[object]) -> None:
    for place, block in enumerate(blocks):
        if not isinstance(block, Mapping) or not isinstance(block.get("type"), str):
            raise ArgumentError(f"{field}[{place}]", "has no type", "a mapping with a type")
        if block["type"] == "tool_result":
            check_text(f"{field}[{place}].tool_use_id", block.get("tool_use_id"))
