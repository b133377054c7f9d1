"""Send events with ids, under today's names or the beta's (wire.md 7)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any

Event = dict[str, Any]
SendText = Callable[[str], Awaitable[None]]

_BETA_PREFIXES = (
    ("response.output_text.", "response.text."),
    ("response.output_audio.", "response.audio."),
    ("response.output_audio_transcript.", "response.audio_transcript."),
)
_BETA_PARTS = {"output_text": "text", "output_audio": "audio"}


class RealtimeError(Exception):
    """A client event that cannot be handled; the socket stays open."""

    def __init__(self, message: str, param: str | None = None, code: str = "invalid_value") -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code


class EventSender:
    """Sends events to one client."""

    def __init__(self, send: SendText, *, beta: bool) -> None:
        self._send = send
        self._beta = beta
        self._numbers = itertools.count(1)

    async def send(self, kind: str, **fields: Any) -> None:
        """Send one event; in the beta's dialect some have another name or do not exist."""
        if self._beta:
            if kind == "conversation.item.done":
                return
            kind = "conversation.item.created" if kind == "conversation.item.added" else kind
            for new, old in _BETA_PREFIXES:
                kind = kind.replace(new, old)
            fields = _beta(fields)
        event = {"type": kind, "event_id": f"event_{next(self._numbers):06d}", **fields}
        await self._send(json.dumps(event, ensure_ascii=False))

    async def send_error(self, error: RealtimeError, event_id: object) -> None:
        """Send an ``error`` event about a client event."""
        about = event_id if isinstance(event_id, str) else None
        body = {"type": "invalid_request_error", "code": error.code, "message": error.message}
        await self.send("error", error={**body, "param": error.param, "event_id": about})


def _beta(value: Any) -> Any:
    """The same with the beta's names of content parts."""
    if isinstance(value, dict):
        return {
            key: _BETA_PARTS.get(inner, inner) if key == "type" and isinstance(inner, str) else _beta(inner)
            for key, inner in value.items()
        }
    return [_beta(item) for item in value] if isinstance(value, list) else value
