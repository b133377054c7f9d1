"""One line of a message batch's results (`wire.md` 4.3, D51; Anthropic docs)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.streaming.json_text import UNREADABLE, parse_json
from zaguan_tui.client.types.answers.messages import MessageAnswer, read_message
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from zaguan_tui.client.errors.exceptions import APIError

SUCCEEDED = "succeeded"
ERRORED = "errored"
CANCELED = "canceled"
EXPIRED = "expired"
UNREADABLE_LINE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBatchResult:
    """What became of one request of a batch. Lines come in any order: join them by ``custom_id``.

    ``outcome`` is succeeded, errored, canceled, expired, the server's own word, or ``unreadable`` for a line
    nobody can read, which is never dropped in silence: ``problem`` says what stood there. ``line`` counts
    from 1. ``raw`` is the line's object as sent.
    """

    line: int
    outcome: str
    custom_id: str | None = None
    message: MessageAnswer | None = None
    error: APIError | None = field(default=None, compare=False)
    problem: str | None = None
    raw: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedResult:
    """A request of a batch beside its result; ``result`` is ``None`` when no line speaks of it."""

    custom_id: str
    request: Mapping[str, Any] | None = None
    result: MessageBatchResult | None = None


def read_batch_result(
    text: str, line: int, on_error: Callable[[Any], APIError] | None = None
) -> MessageBatchResult:
    """Read one line; never raises for what a server sends. ``on_error`` makes the error of an errored one."""
    entry = parse_json(text)
    if entry is UNREADABLE or not isinstance(entry, dict):
        description = f"{len(text)} characters that are no JSON" if entry is UNREADABLE else describe(entry)
        return MessageBatchResult(line=line, outcome=UNREADABLE_LINE, problem=description, raw=text)
    custom_id = entry.get("custom_id", entry.get("customId"))
    custom_id = custom_id if isinstance(custom_id, str) else None
    result = entry.get("result")
    kind = result.get("type") if isinstance(result, dict) else None
    if not isinstance(result, dict) or not isinstance(kind, str) or not fold(kind) or custom_id is None:
        missing = "custom_id" if custom_id is None else "result.type"
        return MessageBatchResult(
            line=line, outcome=UNREADABLE_LINE, custom_id=custom_id, problem=f"no {missing}", raw=entry
        )
    outcome = {"cancelled": CANCELED}.get(fold(kind), fold(kind))
    message, problem = _message(result.get("message")) if outcome == SUCCEEDED else (None, None)
    error = on_error(result.get("error")) if outcome == ERRORED and on_error is not None else None
    return MessageBatchResult(
        line=line,
        outcome=UNREADABLE_LINE if problem else outcome,
        custom_id=custom_id,
        message=message,
        error=error,
        problem=problem,
        raw=entry,
    )


def join_results(
    requests: Sequence[Mapping[str, Any]], results: Iterable[MessageBatchResult]
) -> tuple[JoinedResult, ...]:
    """Requests (``{custom_id, params}``) and results side by side, in the order of the requests.

    Results that no request asked for come last, in the order met; of two results with one id the first
    counts. Costs one pass over each.
    """
    by_id: dict[str, MessageBatchResult] = {}
    for result in results:
        if result.custom_id is not None:
            by_id.setdefault(result.custom_id, result)
    joined: dict[str, JoinedResult] = {}
    for request in requests:
        name = str(request.get("custom_id"))
        joined[name] = JoinedResult(custom_id=name, request=request, result=by_id.get(name))
    for name, result in by_id.items():
        joined.setdefault(name, JoinedResult(custom_id=name, result=result))
    return tuple(joined.values())


def _message(value: Any) -> tuple[MessageAnswer | None, str | None]:
    try:
        return read_message(value), None
    except UnreadableValue as error:
        return None, f"message: found {error.received}"
