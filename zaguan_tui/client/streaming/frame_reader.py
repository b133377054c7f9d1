"""Frames of a stream: decoding, end marker, error frames and unreadable frames.

Knows nothing of connections, so that every rule of the wire reference §13 can be tested on bytes alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from zaguan_tui.client.errors.answer_errors import embedded_error
from zaguan_tui.client.streaming.body import BodyKind, StreamBody
from zaguan_tui.client.streaming.json_text import UNREADABLE, parse_json
from zaguan_tui.client.streaming.sse import EventTooLargeError, SSEEvent
from zaguan_tui.client.types.core.base import Drift

EventT = TypeVar("EventT")

BAD_FRAMES_ALLOWED = 2
"""Unreadable frames in a row that are forgiven; one more is an error (``proposal``)."""

LARGE_FRAME = 1024 * 1024
"""Bytes from which on a frame is decoded in a thread: one of 15 MB takes 100 ms."""

END_MARKER = "[DONE]"
_LIFE = frozenset({"ping", "heartbeat", "keepalive", "keep-alive"})
_END_NAMES = frozenset({"done", "end"})


class Merger(Protocol[EventT]):
    """Puts frames together. Must never raise on what a server sends."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing that belongs to an answer has come."""
        ...

    @property
    def failure(self) -> object:
        """An error object met inside a frame, ``None`` if there was none."""
        ...

    def feed(self, chunk: dict[str, Any], event: str, out: list[EventT]) -> bool:
        """Merge one frame's object; ``True`` if it is the end marker."""
        ...

    def flush(self, out: list[EventT]) -> None:
        """Give out what was held back."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a stream failed: an error object or text from a frame, or the body of a page that is no stream.

    ``limit``: a limit of this client ended it, and the payload says which.
    """

    payload: object = None
    page: bytes = b""
    limit: bool = False


class FrameReader(Generic[EventT]):
    """Feeds a merger from bytes. After :attr:`over` nothing is read any more.

    ``tap`` sees every frame as it is decoded. ``chunks`` counts readable frames, ``end_marker`` tells whether
    the end was announced, ``failure`` why the stream failed, if it did.
    """

    __slots__ = (
        "_bad_run",
        "_body",
        "_drift",
        "_first",
        "_merger",
        "chunks",
        "end_marker",
        "failure",
        "over",
        "tap",
    )

    def __init__(self, merger: Merger[EventT], drift: Drift, content_type: str = "") -> None:
        self._merger = merger
        self._drift = drift
        self._body = StreamBody(content_type)
        self._bad_run = 0
        self._first: object = None
        self.tap: Callable[[SSEEvent], None] | None = None
        self.chunks = 0
        self.end_marker = False
        self.failure: Failure | None = None
        self.over = False

    @property
    def pending_large(self) -> bool:
        """Whether what waits for its end is large enough for :meth:`feed_large`."""
        return self._body.pending > LARGE_FRAME

    def feed(self, data: bytes, out: list[EventT]) -> None:
        """Read ``data`` and append the events it completes."""
        self._merge(self._decode(data), out)

    async def feed_large(self, data: bytes, out: list[EventT]) -> None:
        """:meth:`feed`, with frames that ``data`` completes decoded in a thread."""
        if b"\n" not in data:
            self.feed(data, out)
            return
        decoding = asyncio.ensure_future(asyncio.to_thread(self._decode, data))
        try:
            self._merge(await asyncio.shield(decoding), out)
        except asyncio.CancelledError:
            await asyncio.wait({decoding})  # nobody else may read on while the thread does
            raise

    def _decode(self, data: bytes) -> list[SSEEvent]:
        if self.over:
            return []
        try:
            return self._body.feed(data)
        except EventTooLargeError as error:
            self._fail(str(error), limit=True)
            return []

    def _merge(self, frames: list[SSEEvent], out: list[EventT]) -> None:
        for frame in frames:
            if not self.over:
                self._take(frame, out)

    def close(self, out: list[EventT]) -> None:
        """The body is over: judge what is pending, and whether it was a stream at all."""
        if not self.over:
            self._close_body(out)
            self.over = True
        if self._body.replaced:
            self._drift.say(f"{self._body.replaced} frames held invalid UTF-8")
        self._merger.flush(out)
        if self.failure is None and self._merger.failure is not None:
            self.failure = Failure(self._merger.failure)

    def _close_body(self, out: list[EventT]) -> None:
        try:
            frames = self._body.close()
        except EventTooLargeError as error:
            self._fail(str(error), limit=True)
            return
        is_json = self._body.kind is BodyKind.JSON
        for frame in frames:
            # Without its empty line an event may be cut: its data must stand for itself.
            if is_json or frame.event == "error" or _is_marker(frame.data) or _is_json(frame.data):
                self._take(frame, out)
            if self.over:
                return
        if self._body.kind is BodyKind.PAGE:
            self._fail(page=self._body.page)
        elif is_json and self._merger.is_empty and self._first is not None:
            self._fail(self._first)
        elif self._body.foreign is not None and not self.chunks:
            self._fail(self._body.foreign)

    def _take(self, frame: SSEEvent, out: list[EventT]) -> None:
        if self.tap is not None:
            self.tap(frame)
        value = parse_json(frame.data)
        if type(value) is not dict or frame.event == "error":
            self._take_other(frame, value, out)
            return
        self.chunks += 1
        self._bad_run = 0
        if self._first is None:
            self._first = value
        if self._merger.feed(value, frame.event, out):
            self.end_marker = self.over = True
        if _is_error(value):
            self._fail(value)
        elif self._merger.failure is not None:
            self._fail(self._merger.failure)

    def _take_other(self, frame: SSEEvent, value: object, out: list[EventT]) -> None:
        """A frame that is no object: end marker, error in words, sign of life, list, or rubbish."""
        if frame.event == "error":
            self._fail(frame.data if value is UNREADABLE else value)
        elif _is_marker(frame.data) or frame.event in _END_NAMES:
            self.end_marker = self.over = True
        elif not frame.data.strip() or frame.event in _LIFE:
            pass
        elif isinstance(value, list) and value and all(type(item) is dict for item in value):
            for item in value:
                self._merger.feed(item, frame.event, out)
                if item.get("error"):
                    self._fail(item)
            self.chunks += 1
            self._bad_run = 0
        else:
            self._bad_run += 1
            self._drift.say("a frame could not be read", kind="unreadable frame")
            if self._bad_run > BAD_FRAMES_ALLOWED:
                self._fail(f"{self._bad_run} unreadable frames in a row", limit=True)

    def _fail(self, payload: object = None, page: bytes = b"", *, limit: bool = False) -> None:
        self.failure = Failure(payload, page, limit)
        self.over = True


def _is_error(chunk: dict[str, Any]) -> bool:
    """Whether a frame is an error, or ends the answer with a status of its own (MiniMax)."""
    if chunk.get("error") or chunk.get("object") == "error":
        return True
    return "base_resp" in chunk and not chunk.get("choices") and embedded_error(chunk) is not None


def _is_marker(data: str) -> bool:
    return data.strip().startswith(END_MARKER)


def _is_json(data: str) -> bool:
    return parse_json(data) is not UNREADABLE
