"""Requests of assistants, threads and runs (ranges and names: OpenAI spec; wire reference §3.10-3.12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.fields import (
    Rule,
    anything,
    check_objects,
    checked,
    choice,
    flag,
    listing,
    mapping,
    metadata,
    number,
    text_or_mapping,
    whole,
    words,
)

ROLES = ("user", "assistant")
MIN_BUDGET = 256
"""Tokens; a smaller budget is refused."""


class AssistantParams(TypedDict, total=False):
    """Every parameter of an assistant beside its model. ``None`` is not sent; an update leaves it as it is.

    ``name`` up to 256 characters, ``description`` 512, ``instructions`` 256,000; at most 128 ``tools``, which
    an update replaces as a whole. ``temperature`` 0 to 2, ``top_p`` 0 to 1.
    """

    name: str | None
    description: str | None
    instructions: str | None
    tools: Sequence[Mapping[str, Any]] | None
    tool_resources: Mapping[str, Any] | None
    metadata: Mapping[str, str] | None
    temperature: float | None
    top_p: float | None
    reasoning_effort: str | None
    response_format: str | Mapping[str, Any] | None
    additional_fields: Mapping[str, Any] | None


class RunParams(TypedDict, total=False):
    """Every parameter of a run beside its assistant; they override the assistant's. ``None`` is not sent.

    At most 20 ``tools``; budgets in tokens from 256 on; ``temperature`` 0 to 2, ``top_p`` 0 to 1.
    """

    model: str | None
    instructions: str | None
    additional_instructions: str | None
    additional_messages: Sequence[Mapping[str, Any]] | None
    tools: Sequence[Mapping[str, Any]] | None
    metadata: Mapping[str, str] | None
    temperature: float | None
    top_p: float | None
    max_prompt_tokens: int | None
    max_completion_tokens: int | None
    truncation_strategy: Mapping[str, Any] | None
    tool_choice: str | Mapping[str, Any] | None
    parallel_tool_calls: bool | None
    response_format: str | Mapping[str, Any] | None
    reasoning_effort: str | None
    additional_fields: Mapping[str, Any] | None


_ASSISTANT: Mapping[str, Rule] = {
    "name": words(256),
    "description": words(512),
    "instructions": words(256_000),
    "tools": listing(128, of=mapping),
    "tool_resources": mapping,
    "metadata": metadata,
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "reasoning_effort": words(),
    "response_format": text_or_mapping,
}


def _messages(field: str, value: object) -> None:
    for place, message in enumerate(check_objects(field, value)):
        check_message(f"{field}[{place}]", message.get("role"), message.get("content"))


_RUN: Mapping[str, Rule] = {
    "model": words(),
    "instructions": anything,
    "additional_instructions": anything,
    "additional_messages": _messages,
    "tools": listing(20, of=mapping),
    "metadata": metadata,
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "max_prompt_tokens": whole(MIN_BUDGET),
    "max_completion_tokens": whole(MIN_BUDGET),
    "truncation_strategy": mapping,
    "tool_choice": text_or_mapping,
    "parallel_tool_calls": flag,
    "response_format": text_or_mapping,
    "reasoning_effort": words(),
}
_THREAD: Mapping[str, Rule] = {"messages": _messages, "tool_resources": mapping, "metadata": metadata}


def assistant_body(call: str, model: str | None, params: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON body of a new or changed assistant; raises :class:`ArgumentError` for anything no server would
    take."""
    fields = checked(call, _ASSISTANT, params)
    if model is not None:
        words()("model", model)
        fields = {"model": model, **fields}
    return fields


def run_body(assistant_id: str, params: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    """The JSON body of a new run; raises :class:`ArgumentError` as above."""
    words()("assistant_id", assistant_id)
    body = {"assistant_id": assistant_id, **checked("create_run", _RUN, params)}
    return body | ({"stream": True} if stream else {})


def thread_body(call: str, **fields: Any) -> dict[str, Any]:
    """The JSON body of a new or changed thread; ``{}`` is legal."""
    return checked(call, _THREAD, fields)


def tool_outputs_body(outputs: object, *, stream: bool) -> dict[str, Any]:
    """The JSON body that hands in ``[{tool_call_id, output}]``."""
    given = check_objects("tool_outputs", outputs, empty=False)
    for place, item in enumerate(given):
        words()(f"tool_outputs[{place}].tool_call_id", item.get("tool_call_id"))
        if not isinstance(item.get("output"), str):
            found = type(item.get("output")).__name__
            raise ArgumentError(f"tool_outputs[{place}].output", f"is a {found}", "a text")
    return {"tool_outputs": list(given), **({"stream": True} if stream else {})}


def check_message(field: str, role: object, content: object) -> None:
    """A message of a thread: a role it may have, and a text or parts."""
    prefix = f"{field}." if field else ""
    choice(*ROLES)(f"{prefix}role", role)
    if isinstance(content, str):
        words()(f"{prefix}content", content)
    else:
        check_objects(f"{prefix}content", content, empty=False)
