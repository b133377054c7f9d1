"""Body of a chat call: parameters by name, and the JSON object that goes out.

What may be given is in :mod:`~.models.chat`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.body import check_request, given_params
from zaguan_tui.client.requests.sentences import describe_type

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


_FOLDED = ("stream_options", "max_tokens", "stop", "provider_specific_params")


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
    given, extra = given_params("chat", params, ChatParams)
    provider_fields = given.pop("extra_body", {})
    if not isinstance(provider_fields, Mapping):
        raise ArgumentError("extra_body", describe_type(provider_fields), "a mapping")
    check_request("chat", {"model": model, "messages": messages, **given})
    body: dict[str, Any] = {"model": model, "messages": [_message(message) for message in messages]}
    body |= {name: value for name, value in given.items() if name not in _FOLDED}
    if "max_tokens" in given:
        body[max_tokens_field] = given["max_tokens"]
    if "stop" in given:
        body["stop"] = [given["stop"]] if isinstance(given["stop"], str) else list(given["stop"])
    specific = {**given.get("provider_specific_params", {}), **provider_fields}
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
    return body | extra


def _message(message: Message) -> dict[str, Any]:
    """A turn as it goes out. An assistant turn that only calls tools says ``content: null`` (D38)."""
    return {**message} if "content" in message else {**message, "content": None}
