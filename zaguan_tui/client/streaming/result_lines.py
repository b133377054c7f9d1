"""A streamed answer of JSON lines (``application/x-jsonl``): one typed value per line, as they arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Generic, Self, TypeVar

from zaguan_tui.client.dispatch.trace import ResponseMeta, StreamResponse
from zaguan_tui.client.errors.exceptions import ResponseFormatError
from zaguan_tui.client.streaming.event_stream import StreamOpener
from zaguan_tui.client.streaming.sse import EVENT_LIMIT, ByteLines

T = TypeVar("T")

LineReader = Callable[[str, int, ResponseMeta], T]
"""Makes a value of a line's text, its number (from 1) and the answer's meta data."""


class ResultLines(Generic[T]):
    """An async context manager and, inside, an async iterator over the lines of one answer.

    Entering sends the request and raises :class:`~.errors.APIError` when no answer comes of it. Iterating
    raises :class:`~.errors.TransportError` when the connection is cut: what was yielded before stays valid.
    A page or a line over 16 MiB is a
    :class:`~.errors.ResponseFormatError`. Leaving the block early closes the connection. Blank lines do not
    count. Memory is constant: one line at a time.
    """

    def __init__(self, open: StreamOpener, read: LineReader[T], *, endpoint: str) -> None:  # noqa: A002 - as in the streams
        self._open = open
        self._read = read
        self._endpoint = endpoint
        self._context: AbstractAsyncContextManager[StreamResponse] | None = None
        self._response: StreamResponse | None = None
        self._lines: AsyncIterator[T] | None = None
        self.count = 0
        """Lines yielded so far."""

    @property
    def response(self) -> ResponseMeta | None:
        """Status, request id and headers; ``None`` before the answer has come."""
        return self._response.meta if self._response else None

    async def __aenter__(self) -> Self:
        context = self._open()
        response = await context.__aenter__()
        self._context, self._response = context, response
        if response.content_type == "text/html":
            await context.__aexit__(None, None, None)
            raise ResponseFormatError(
                "$", "a page", expected="JSON lines", endpoint=self._endpoint, meta=response.meta
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        context, self._context = self._context, None
        if context is not None:
            await context.__aexit__(kind, error, traceback)

    def __aiter__(self) -> AsyncIterator[T]:
        if self._lines is None:
            self._lines = self._iterate()
        return self._lines

    async def raw(self) -> AsyncIterator[bytes]:
        """The body as bytes instead of values, for saving it as it is (D51)."""
        async for piece in self._opened().iter_bytes():
            yield piece

    async def _iterate(self) -> AsyncIterator[T]:
        response = self._opened()
        splitter = ByteLines()
        held: list[bytes] = []
        size = 0
        async for piece in response.iter_bytes():
            first, *others = splitter.normalise(piece).split(b"\n")
            held.append(first)
            size += len(first)
            for other in others:
                for value in self._value(b"".join(held), response):
                    yield value
                held, size = [other], len(other)
            if size > EVENT_LIMIT:
                raise ResponseFormatError(
                    f"line {self.count + 1}",
                    f"more than {EVENT_LIMIT:,} bytes",
                    expected="a shorter line",
                    endpoint=self._endpoint,
                    meta=response.meta,
                )
        for value in self._value(b"".join(held) + splitter.rest(), response):
            yield value

    def _value(self, line: bytes, response: StreamResponse) -> list[T]:
        text = line.decode("utf-8", "replace").strip(" \t\r\n")
        if not text:
            return []
        self.count += 1
        return [self._read(text, self.count, response.meta)]

    def _opened(self) -> StreamResponse:
        if self._response is None or self._context is None:
            raise RuntimeError("the answer is not open: iterate inside `async with`")
        return self._response
