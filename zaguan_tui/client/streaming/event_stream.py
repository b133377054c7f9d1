"""``EventStream``: base of event streams, which opens, reads, ends once, and closes."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeAlias, TypeVar

from zaguan_tui.client.dispatch.trace import ResponseMeta, StreamResponse
from zaguan_tui.client.errors.body import read_error_body
from zaguan_tui.client.errors.exceptions import APIError, ErrorOrigin, TransportError, TransportReason
from zaguan_tui.client.errors.reader import ErrorContext, read_error_frame
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, UsageUpdate
from zaguan_tui.client.streaming.frame_reader import Failure, FrameReader, Merger
from zaguan_tui.client.streaming.outcome import StreamOutcome
from zaguan_tui.client.streaming.sse import SSEEvent
from zaguan_tui.client.streaming.stall import StallLimits
from zaguan_tui.client.streaming.timings import StreamTimer
from zaguan_tui.client.transport.byte_source import ByteSource, ReadInterrupted
from zaguan_tui.client.types.core.base import Drift

EventT = TypeVar("EventT")
ResultT = TypeVar("ResultT")
ResultT_co = TypeVar("ResultT_co", covariant=True)

StreamOpener: TypeAlias = Callable[[], AbstractAsyncContextManager[StreamResponse]]
"""Sends the request; entering it gives the answer once its status is known to be good."""

FrameTap: TypeAlias = Callable[[SSEEvent, float], None]
"""Sees each raw frame and when it came, in seconds after the request was sent. Must return at once."""


ErrorReader: TypeAlias = Callable[[Any, ResponseMeta], APIError]
"""Makes the typed error of an error frame's payload."""


def _read_error(payload: Any, meta: ResponseMeta) -> APIError:
    return read_error_frame(payload, ErrorContext(sent_id=meta.request_id, meta=meta))


class ResultMerger(Merger[EventT], Protocol[EventT, ResultT_co]):
    """A merger that knows how its stream ended well, and what it adds up to."""

    @property
    def whole(self) -> bool:
        """Whether the server answered in one piece, so that no end marker is missed."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the stream may end here without an end marker."""
        ...

    def ending(self) -> Ending:
        """The ending, given that the stream came to a good end."""
        ...

    def result(self, outcome: StreamOutcome, timer: StreamTimer) -> ResultT_co:
        """Everything so far as one value."""
        ...


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """How a stream is watched. ``clock`` gives seconds, ``on_error`` reads error frames, ``clean`` takes keys
    of ours out of the notes.
    """

    clock: Callable[[], float] = time.perf_counter
    limits: StallLimits = field(default_factory=StallLimits)
    on_frame: FrameTap | None = None
    on_error: ErrorReader = _read_error
    clean: Callable[[str], str] = str


class EventStream(Generic[EventT, ResultT]):
    """An async context manager and iterator over the events of one streamed answer.

    Entering sends the request and raises :class:`~.errors.APIError` when no stream comes of it. From then on
    nothing that server or connection do raises: the last event says how it ended, :meth:`result` what came.
    Leaving the block early closes the connection and makes the ending *cancelled*; so does cancelling the
    task.
    """

    def __init__(
        self,
        open: StreamOpener,  # noqa: A002 - the name every caller uses
        merger: ResultMerger[EventT | StreamEnded, ResultT],
        drift: Drift,
        *,
        model: str | None,
        settings: StreamSettings,
    ) -> None:
        self._open = open
        self._merger = merger
        self._drift = drift
        drift.clean = settings.clean
        self._model = model
        self._settings = settings
        self._clock = settings.clock
        self._timer = StreamTimer(self._clock())
        self._frames: FrameReader[EventT | StreamEnded] = FrameReader(merger, drift)
        self._queue: deque[EventT | StreamEnded] = deque()
        self._context: AbstractAsyncContextManager[StreamResponse] | None = None
        self._response: StreamResponse | None = None
        self._source: ByteSource | None = None
        self._ending: Ending | None = None
        self._error: APIError | None = None

    @property
    def response(self) -> StreamResponse | None:
        """The answer's status, headers and meta data; ``None`` before it has come."""
        return self._response

    @property
    def ending(self) -> Ending | None:
        """How the stream ended; ``None`` while it runs."""
        return self._ending

    @property
    def quiet_s(self) -> float:
        """Seconds since the reader began to wait for the next byte; 0 when it does not wait."""
        return self._source.quiet_s if self._source else 0.0

    def result(self) -> ResultT:
        """Everything that arrived, merged; valid at every moment, also after an early end."""
        meta = self._response.meta if self._response else None
        failed_id = self._error.request_id if self._error else None
        outcome = StreamOutcome(
            now=self._clock(),
            ending=self._ending,
            error=self._error,
            end_marker=self._frames.end_marker,
            chunks=self._frames.chunks,
            request_id=(meta.request_id if meta else None) or failed_id,
            requested_model=self._model,
        )
        return self._merger.result(outcome, self._timer)

    def cancel(self) -> None:
        """Stop: the iterator ends at once with *cancelled*. May be called from any task of the same loop."""
        if self._source is not None and self._ending is None:
            self._source.break_off("")

    async def __aenter__(self) -> Self:
        self._timer = StreamTimer(self._clock())
        context = self._open()
        try:
            response = await context.__aenter__()
        except APIError as error:
            self._end(Ending.TRUNCATED if isinstance(error, TransportError) else Ending.ERROR_FRAME, error)
            raise
        except BaseException:
            self._end(Ending.CANCELLED)
            raise
        self._context = context
        self._response = response
        self._frames = FrameReader(self._merger, self._drift, response.content_type)
        if self._settings.on_frame is not None:
            self._frames.tap = self._tap
        self._source = ByteSource(response, self._settings.limits)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        announced = self._ending is not None and self._frames.end_marker
        self._end(Ending.CANCELLED)
        context, self._context = self._context, None
        if context is None:
            return
        try:
            if announced and self._source is not None:
                await self._source.drain()
        finally:
            await context.__aexit__(kind, error, traceback)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventT | StreamEnded:
        queue = self._queue
        if not queue:
            if self._ending is not None:
                raise StopAsyncIteration
            await self._fill()
        return queue.popleft()

    async def batches(self) -> AsyncIterator[list[EventT | StreamEnded]]:
        """The same events in lists, one per network read: cheaper for a consumer that repaints anyway."""
        while self._ending is None or self._queue:
            if not self._queue:
                await self._fill()
            batch = list(self._queue)
            self._queue.clear()
            yield batch

    async def _fill(self) -> None:
        """Read until at least one event is queued; the end itself is an event."""
        source, frames, queue = self._source, self._frames, self._queue
        if source is None:
            raise RuntimeError("the stream is not open: iterate inside `async with`")
        source.expect_event()
        while not queue:
            seen = frames.chunks
            out: list[EventT | StreamEnded] = []
            data = await self._read(source)
            if data is not None:
                await frames.feed_large(data, out) if frames.pending_large else frames.feed(data, out)
            if out:
                queue.extend(out)
                if type(out[0]) is not UsageUpdate:
                    self._timer.mark(self._clock())
            elif frames.chunks != seen:
                source.expect_event()
            if self._ending is None and (data is None or frames.over):
                self._settle(None)

    async def _read(self, source: ByteSource) -> bytes | None:
        """The next bytes; ``None`` when there are no more, or after this has ended the stream."""
        try:
            return await source.read()
        except ReadInterrupted as stop:
            if stop.reason:
                self._drift.say(stop.reason)
                self._end(Ending.TRUNCATED, self._stalled(stop.reason))
            else:
                self._end(Ending.CANCELLED)
        except APIError as error:
            self._settle(error)
        except asyncio.CancelledError:
            self._end(Ending.CANCELLED)
            raise
        except BaseException:
            self._end(Ending.TRUNCATED)
            raise
        return None

    def _settle(self, line_error: APIError | None) -> None:
        """The body is over, well or by ``line_error``: judge how."""
        frames, merger = self._frames, self._merger
        out: list[EventT | StreamEnded] = []
        frames.close(out)
        self._queue.extend(out)
        if frames.failure is not None:
            self._end(Ending.ERROR_FRAME, self._read_failure(frames.failure))
        elif frames.end_marker or merger.is_complete:
            if line_error is not None:
                self._drift.say("the line failed after the finish reason")
            elif not frames.end_marker and not merger.whole:
                self._drift.say("no end marker")
            self._end(merger.ending(), line_error)
        else:
            self._end(Ending.TRUNCATED, line_error)

    def _end(self, ending: Ending, error: APIError | None = None) -> None:
        """End the stream; only the first call counts."""
        if self._ending is not None:
            return
        out: list[EventT | StreamEnded] = []
        self._merger.flush(out)
        self._ending = ending
        self._error = error
        self._timer.end(self._clock())
        if self._source is not None:
            self._source.stop()
        self._queue.extend(out)
        self._queue.append(StreamEnded(ending))

    def _tap(self, frame: SSEEvent) -> None:
        if self._settings.on_frame is not None:
            self._settings.on_frame(frame, self._timer.since_start(self._clock()))

    def _read_failure(self, failure: Failure) -> APIError:
        meta = self._response.meta if self._response else ResponseMeta(status=200)
        payload, origin = failure.payload, ErrorOrigin.CLIENT if failure.limit else None
        if failure.page:
            page = read_error_body(failure.page, "text/html")
            payload, origin = {"message": page.message, "type": "page"}, ErrorOrigin.PROXY
        error = self._settings.on_error(payload, meta)
        error.origin = origin or error.origin
        return error

    def _stalled(self, reason: str) -> TransportError:
        meta = self._response.meta if self._response else None
        return TransportError(
            reason,
            reason=TransportReason.STALLED,
            request_id=meta.request_id if meta else None,
            meta=meta,
        )
