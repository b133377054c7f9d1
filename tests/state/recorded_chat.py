"""A chat client that answers with the bytes of a recorded stream, read by the real streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.streaming.chat import ChatStream
from zaguan_tui.client.streaming.messages import MessagesStream

FIELD = Path(__file__).parents[1] / "fixtures" / "field"


class RecordedResponse:
    """Status, headers and body of one answer."""

    content_type = "text/event-stream"
    status = 200
    headers = {"content-type": "text/event-stream"}

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.meta = ResponseMeta(status=200, request_id="req_1")

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        yield self._body

    async def aclose(self) -> None:
        pass

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[RecordedResponse]:
        yield self


class RecordedClient:
    """Answers every call, in either dialect, with the next body; ``calls`` are the arguments."""

    def __init__(self, *bodies: bytes) -> None:
        self.bodies = list(bodies)
        self.calls: list[dict[str, Any]] = []

    def chat_stream(self, **arguments: Any) -> ChatStream:
        self.calls.append(arguments)
        return ChatStream(RecordedResponse(self.bodies.pop(0)).opened, model=arguments["model"])

    def messages_stream(self, **arguments: Any) -> MessagesStream:
        self.calls.append(arguments)
        return MessagesStream(RecordedResponse(self.bodies.pop(0)).opened, model=arguments["model"])
