"""A scripted answer and shortcuts to read it, shared by the stream tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.errors.exceptions import TransportError, TransportReason
from zaguan_tui.client.streaming.chat import ChatStream
from zaguan_tui.client.streaming.events import StreamEvent
from zaguan_tui.client.streaming.frame_reader import FrameReader
from zaguan_tui.client.streaming.merge.chat import ChatMerge
from zaguan_tui.client.streaming.merge.chat_result import ChatResult
from zaguan_tui.client.streaming.outcome import StreamOutcome
from zaguan_tui.client.streaming.timings import StreamTimer
from zaguan_tui.client.types.core.base import Drift

FIXTURES = Path(__file__).parent.parent / "fixtures"

Step = bytes | float | Exception
"""What the scripted server does next: send, wait (seconds), or break the line."""


class ScriptedResponse:
    """A :class:`StreamResponse` that follows a script and counts how it is treated."""

    def __init__(self, steps: Sequence[Step], content_type: str = "text/event-stream") -> None:
        self._steps = steps
        self.content_type = content_type
        self.status = 200
        self.headers: Mapping[str, str] = {"content-type": content_type}
        self.meta = ResponseMeta(status=200, request_id="req_1")
        self.closed = 0
        self.sent = 0

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        for step in self._steps:
            if isinstance(step, bytes):
                self.sent += 1
                yield step
            elif isinstance(step, Exception):
                raise step
            else:
                await asyncio.sleep(step)

    async def aclose(self) -> None:
        self.closed += 1

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[ScriptedResponse]:
        try:
            yield self
        finally:
            await self.aclose()


def stream_of(*steps: Step, content_type: str = "text/event-stream", **options: Any) -> ChatStream:
    response = ScriptedResponse(steps, content_type)
    return ChatStream(response.opened, model="m", **options)


async def read_all(*steps: Step, **options: Any) -> tuple[list[StreamEvent], ChatResult]:
    """All events of a scripted chat stream, and its result."""
    async with stream_of(*steps, **options) as stream:
        events = [event async for event in stream]
    return events, stream.result()


def chunk(delta: Any = None, *, index: Any = 0, reason: Any = None, **more: Any) -> dict[str, Any]:
    """A chunk with one choice."""
    choice = {"index": index, "delta": {} if delta is None else delta, "finish_reason": reason}
    return {"id": "c1", "model": "m", "choices": [choice], **more}


def merge(*chunks: Any) -> tuple[ChatResult, list[StreamEvent]]:
    """The chunks merged without any bytes; the stream counts as well ended."""
    drift = Drift()
    merger = ChatMerge(drift)
    events: list[StreamEvent] = []
    for one in chunks:
        merger.feed(one, "", events)
    merger.flush(events)
    outcome = StreamOutcome(now=1.0, ending=merger.ending(), end_marker=True, chunks=len(chunks))
    return merger.result(outcome, StreamTimer(0.0)), events


def decode(parts: Sequence[bytes], content_type: str = "") -> tuple[ChatMerge, FrameReader[StreamEvent], Any]:
    """The parts read as network reads, without a connection: merger, reader, events."""
    drift = Drift()
    merger = ChatMerge(drift)
    reader: FrameReader[StreamEvent] = FrameReader(merger, drift, content_type)
    events: list[StreamEvent] = []
    for part in parts:
        reader.feed(part, events)
    reader.close(events)
    return merger, reader, events


def cut(data: bytes, at: Sequence[int]) -> list[bytes]:
    """``data`` split at the offsets."""
    edges = [0, *sorted({min(max(offset, 0), len(data)) for offset in at}), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def frame(value: Any) -> bytes:
    """One SSE frame of ``value``, or of these bytes."""
    return b"data: " + (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n\n"


def says(text: str, **more: Any) -> bytes:
    """A frame with a piece of text."""
    return frame(chunk({"content": text}, **more))


FINISH = frame(chunk(reason="stop"))
DONE = b"data: [DONE]\n\n"
RESET = TransportError("connection reset", reason=TransportReason.RESET)
