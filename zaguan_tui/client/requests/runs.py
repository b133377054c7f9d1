"""Bodies of assistant and run calls; what may be given is in :mod:`~.models.assistants`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from zaguan_tui.client.requests.body import build_body


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


def run_body(assistant_id: str, params: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    """The JSON body of a new run; raises :class:`ArgumentError` for anything no server would take."""
    body = build_body("create_run", {"assistant_id": assistant_id}, params, RunParams)
    return body | ({"stream": True} if stream else {})


def tool_outputs_body(outputs: object, *, stream: bool) -> dict[str, Any]:
    """The JSON body that hands in ``[{tool_call_id, output}]``."""
    body = build_body("submit_tool_outputs", {"tool_outputs": outputs})
    return {"tool_outputs": list(body["tool_outputs"]), **({"stream": True} if stream else {})}
