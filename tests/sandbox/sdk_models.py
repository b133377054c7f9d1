"""Strict validation of an answer with the OpenAI SDK's own classes, and of its nulls with the API document.

The classes give every optional field the default ``None`` and accept a null for it. The document is stricter:
a null is allowed only where it says so, and those places are listed here.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter

_NULLABLE_FIELDS = {
    "Assistant": "description instructions metadata name response_format temperature tool_resources top_p"
    " reasoning_effort",
    "Batch": "metadata",
    "BatchError": "line param",
    "ChatCompletion": "service_tier",
    "ChatCompletionChunk": "service_tier usage",
    "ChatCompletionMessage": "audio content function_call refusal",
    "ChatCompletionTokenLogprob": "bytes",
    "Choice": "finish_reason logprobs",
    "ChoiceDelta": "content refusal",
    "ChoiceLogprobs": "content refusal",
    "Error": "param",
    "FineTuningJob": "error estimated_finish fine_tuned_model finished_at integrations metadata"
    " trained_tokens validation_file",
    "Logprobs": "content refusal",
    "Message": "assistant_id attachments completed_at incomplete_at incomplete_details metadata run_id",
    "Run": "cancelled_at completed_at expires_at failed_at incomplete_details last_error"
    " max_completion_tokens max_prompt_tokens metadata required_action response_format"
    " started_at temperature tool_choice top_p truncation_strategy usage",
    "RunStep": "cancelled_at completed_at expired_at failed_at last_error metadata usage",
    "Thread": "metadata tool_resources",
    "TopLogprob": "bytes",
    "TruncationStrategy": "last_messages",
}
_OUTPUT_OF_A_TOOL = "FunctionToolCall.function.output"
NULLABLE = {f"{name}.{field}" for name, fields in _NULLABLE_FIELDS.items() for field in fields.split()}


@functools.cache
def type_adapter(kind: Any) -> TypeAdapter[Any]:
    """The validator of a type; building one for a union of events takes up to a second."""
    return TypeAdapter(kind)


def read_strictly(kind: Any, data: str | bytes) -> Any:
    """The JSON ``data`` as the SDK's type ``kind``. Raises for a wrong type or a null that is not allowed."""
    value = type_adapter(kind).validate_json(data, strict=True)
    nulls = sorted(set(_wrong_nulls(value)))
    assert not nulls, f"null is not allowed here: {', '.join(nulls)}"
    return value


def read_realtime_events(events: Sequence[Any]) -> None:
    """Raise where the SDK's class for an event's type does not take the event; without the SDK do nothing."""
    if find_spec("openai") is None:
        return
    from openai.types.realtime import RealtimeServerEvent

    kinds = {
        name: kind
        for kind in get_args(get_args(RealtimeServerEvent)[0])
        for name in get_args(kind.model_fields["type"].annotation)
    }
    for event in events:
        type_adapter(kinds[event["type"]]).validate_json(json.dumps(event), strict=True)


def _wrong_nulls(value: object, place: str = "") -> list[str]:
    """The fields, as ``Class.field``, that are null against the document."""
    if isinstance(value, list):
        return [name for item in value for name in _wrong_nulls(item, place)]
    if not isinstance(value, BaseModel):
        return []
    wrong = []
    for field in value.model_fields_set - set(value.model_extra or {}):
        name, inner = f"{type(value).__name__}.{field}", getattr(value, field)
        if inner is None and name not in NULLABLE and f"{place}.{field}" != _OUTPUT_OF_A_TOOL:
            wrong.append(name)
        wrong += _wrong_nulls(inner, name)
    return wrong
