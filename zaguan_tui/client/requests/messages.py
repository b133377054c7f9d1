"""Bodies of ``/v1/messages`` calls: parameters by name, and the JSON object that goes out.

What may be given is in :mod:`~.models.messages`; other fields go through ``additional_fields``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from zaguan_tui.client.requests.body import check_request, given_params

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


_NAMED = ("model", "max_tokens", "messages")
_KNOWN = tuple(MessagesParams.__annotations__)


def messages_body(
    model: str, messages: Sequence[Turn], max_tokens: int, params: Mapping[str, Any], *, stream: bool
) -> dict[str, Any]:
    """The JSON body of a message call; raises :class:`ArgumentError` for anything no server would take.

    ``max_tokens`` of 0 only warms the prompt cache (Anthropic docs).
    """
    fields, extra = given_params("messages", params, MessagesParams)
    body = {"model": model, "max_tokens": max_tokens, "messages": messages, **fields}
    check_request("messages", body)
    return {**_as_lists(body), **extra, **({"stream": True} if stream else {})}


def count_body(model: str, messages: Sequence[Turn], params: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON body of ``count_tokens``: as a message, without the output limit."""
    fields, extra = given_params("count_tokens", params, CountParams)
    body = {"model": model, "messages": messages, **fields}
    check_request("count_tokens", body)
    return {**_as_lists(body), **extra}


def batch_body(requests: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON body of a new batch: ``{custom_id, params}`` each, ``params`` being a message call's body.

    Raises :class:`ArgumentError` for a missing or repeated ``custom_id``, a stream, and for ``params`` that
    no server would take.
    """
    check_request("create_messages_batch", {"requests": requests})
    return {"requests": [_batched(request) for request in requests]}


def budget_note(thinking: Mapping[str, Any] | None) -> str | None:
    """A word of warning about a budget that Anthropic takes and gateways with the SDKs' limit may not."""
    budget = (thinking or {}).get("budget_tokens")
    if isinstance(budget, int) and budget > SDK_BUDGET:
        return f"a thinking budget of {budget:,} tokens is more than the {SDK_BUDGET:,} the Zaguan SDKs allow"
    return None


def _batched(request: Mapping[str, Any]) -> dict[str, Any]:
    """One request as it goes out: fields of the message call in our order, after those we do not know."""
    params = request["params"]
    others = {name: value for name, value in params.items() if name not in (*_NAMED, "stream")}
    known = {name: value for name, value in others.items() if name in _KNOWN and value is not None}
    named = {name: params[name] for name in _NAMED}
    return {"custom_id": request["custom_id"], "params": {**others, **_as_lists({**named, **known})}}


def _as_lists(body: Mapping[str, Any]) -> dict[str, Any]:
    """``body`` with turns, tools and stop sequences in lists of their own: JSON knows no other sequences."""
    lists = {name: list(body[name]) for name in ("tools", "stop_sequences") if name in body}
    return {**body, "messages": [dict(turn) for turn in body["messages"]], **lists}
