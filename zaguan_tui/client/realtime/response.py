"""One realtime response: text, ending and usage (wire reference §7, §10.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.errors.exceptions import APIError
from zaguan_tui.client.realtime.beta_names import current_item
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.json_text import arguments_text
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage, read_usage

ErrorMaker = Callable[[Any], APIError]
"""Makes the typed error of an error object."""

_TEXT_KEYS = ("text", "transcript")


@dataclass(frozen=True, slots=True, kw_only=True)
class RealtimeResponse:
    """``status`` is the server's word; ``ending`` what it means, ``None`` while the response runs.

    ``text`` joins what was written and what was spoken (its transcript), ``output`` holds the items under
    their current names. ``reason`` says why a response was cancelled or cut, ``error`` why it failed.
    """

    id: str | None = None
    status: str = ""
    ending: Ending | None = None
    reason: str | None = None
    output: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    usage: Usage | None = None
    error: APIError | None = field(default=None, compare=False)
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def text(self) -> str:
        """What was written or spoken."""
        return "".join(_part_text(part) for item in self.output for part in _parts(item))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The function calls it asks for; ``id`` is the ``call_id`` that the output item must name."""
        return tuple(
            ToolCall(
                _text(item.get("call_id")),
                _text(item.get("name")) or "",
                arguments_text(item.get("arguments")),
            )
            for item in self.output
            if item.get("type") == "function_call"
        )


def read_response(value: Any, on_error: ErrorMaker) -> RealtimeResponse:
    """Read a ``response`` object; whatever is missing stays empty."""
    if not isinstance(value, Mapping):
        return RealtimeResponse()
    output = value.get("output")
    items = tuple(current_item(item) for item in output) if isinstance(output, list) else ()
    status = _text(value.get("status")) or ""
    details = value.get("status_details")
    details = details if isinstance(details, Mapping) else {}
    reason = _text(details.get("reason"))
    error = details.get("error")
    return RealtimeResponse(
        id=_text(value.get("id")),
        status=status,
        ending=_ending(status, reason, items),
        reason=reason,
        output=items,
        usage=_usage(value.get("usage")),
        error=on_error(error) if isinstance(error, Mapping) else None,
        raw=value,
    )


def _ending(status: str, reason: str | None, items: tuple[Mapping[str, Any], ...]) -> Ending | None:
    if status in ("in_progress", ""):
        return None
    if status in ("cancelled", "canceled"):
        return Ending.CANCELLED
    if status == "failed":
        return Ending.ERROR_FRAME
    if status == "incomplete":
        return Ending.CONTENT_FILTER if reason == "content_filter" else Ending.LENGTH
    called = any(item.get("type") == "function_call" for item in items)
    return Ending.TOOL_CALLS if called else Ending.FINISHED


def _usage(value: Any) -> Usage | None:
    """Token counts; realtime writes ``input_token_details`` where everything else writes ``tokens``."""
    if not isinstance(value, Mapping):
        return None
    renamed = {name.replace("_token_details", "_tokens_details"): item for name, item in value.items()}
    return read_usage(renamed)


def _parts(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = item.get("content")
    return [part for part in content if isinstance(part, Mapping)] if isinstance(content, list) else []


def _part_text(part: Mapping[str, Any]) -> str:
    return next((text_value for key in _TEXT_KEYS if (text_value := _text(part.get(key)))), "")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
