"""A realtime connection that says what it is told to, in the shape of the real one."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from zaguan_tui.client.errors.exceptions import (
    ErrorKind,
    InvalidRequestError,
    TransportError,
    TransportReason,
)
from zaguan_tui.client.realtime.events import ServerEvent, read_server_event
from zaguan_tui.client.realtime.session import SessionClose
from zaguan_tui.state.core.problems import explain_error

SESSION = {
    "id": "sess_1",
    "model": "gpt-realtime",
    "output_modalities": ["audio"],
    "audio": {"output": {"voice": "marin", "format": {"type": "audio/pcm", "rate": 24000}}},
}


class ScriptedConnection:
    """``hear`` makes the server say something, ``hang_up`` ends it; ``sent`` is what it was told.

    ``refuse`` is raised at the handshake, ``hold`` keeps it waiting, ``react`` is called with each frame,
    ``goodbye`` keeps the end waiting.
    """

    def __init__(self, refuse: BaseException | None = None, *, hold: bool = False) -> None:
        self.refuse = refuse
        self.sent: list[dict[str, Any]] = []
        self.react: Callable[[dict[str, Any]], None] = lambda _frame: None
        self.closing: SessionClose | None = None
        self.closed = False
        self.broken_pipe = False
        self.goodbye: asyncio.Event | None = None
        self._gate = asyncio.Event()
        self._queue: asyncio.Queue[ServerEvent | SessionClose | Exception] = asyncio.Queue()
        if not hold:
            self._gate.set()

    @property
    def types(self) -> list[str]:
        return [frame["type"] for frame in self.sent]

    def hear(self, *frames: Any) -> None:
        for frame in frames:
            text = frame if isinstance(frame, str) else json.dumps(frame)
            self._queue.put_nowait(read_server_event(text, _error))

    def fault(self, error: Exception) -> None:
        self._queue.put_nowait(error)

    def hang_up(self, code: int = 1000, reason: str = "") -> None:
        self._queue.put_nowait(SessionClose(code, reason))

    async def send(self, event: Any) -> None:
        if self.broken_pipe:
            raise TransportError("The session was closed", reason=TransportReason.CLOSED)
        self.sent.append(event.frame())
        self.react(event.frame())

    async def __aenter__(self) -> Self:
        await self._gate.wait()
        if self.refuse is not None:
            raise self.refuse
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True
        if self.goodbye is not None:
            await self.goodbye.wait()
        self.closing = self.closing or SessionClose(1000, "", by_us=True)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ServerEvent:
        step = await self._queue.get()
        if isinstance(step, Exception):
            raise step
        if not isinstance(step, SessionClose):
            return step
        self.closing = step
        if step.code in (1000, 1001):
            raise StopAsyncIteration
        raise TransportError(f"closed with {step.code}", reason=TransportReason.CLOSED)


class ScriptedDoor:
    """Opens the connections it was given, one after the other."""

    address = "127.0.0.1:8787"

    def __init__(self, *connections: ScriptedConnection) -> None:
        self.connections = list(connections)
        self.models: list[str] = []

    def realtime(self, *, model: str) -> Any:
        self.models.append(model)
        return self.connections.pop(0)

    def explain(self, error: BaseException) -> Any:
        return explain_error(error, address=self.address)


def created(**fields: Any) -> dict[str, Any]:
    return {"type": "session.created", "session": {**SESSION, **fields}}


def response(status: str = "in_progress", response_id: str = "resp_1", **fields: Any) -> dict[str, Any]:
    name = "response.created" if status == "in_progress" else "response.done"
    return {"type": name, "response": {"id": response_id, "status": status, **fields}}


def text(delta: str, response_id: str = "resp_1", kind: str = "output_text") -> dict[str, Any]:
    where = {"response_id": response_id, "item_id": "item_1", "content_index": 0}
    return {"type": f"response.{kind}.delta", "delta": delta, **where}


def spoken(delta: str, response_id: str = "resp_1") -> dict[str, Any]:
    return text(delta, response_id, "output_audio_transcript")


def sound(octets: bytes, response_id: str = "resp_1") -> dict[str, Any]:
    return text(base64.b64encode(octets).decode(), response_id, "output_audio")


USAGE = {
    "input_tokens": 24,
    "output_tokens": 7,
    "total_tokens": 31,
    "output_token_details": {"audio_tokens": 3},
}


def _error(payload: Any) -> InvalidRequestError:
    message = payload.get("message", "") if isinstance(payload, dict) else ""
    return InvalidRequestError(str(message), kind=ErrorKind.INVALID_REQUEST)
