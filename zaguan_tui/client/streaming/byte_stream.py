"""``ByteStream``: a downloaded file or sound, iterated or saved."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeAlias

from zaguan_tui.client.dispatch.trace import ResponseMeta, StreamResponse
from zaguan_tui.client.errors.exceptions import ResponseFormatError
from zaguan_tui.client.streaming.event_stream import StreamOpener

Inspection: TypeAlias = Callable[[StreamResponse, bytes, AsyncIterator[bytes]], Awaitable[None]]
"""Looks at an answer, its first bytes and the rest of its body; raises if it is not what was asked for."""

MAX_LINE_LENGTH = 64 * 1024 * 1024
"""Bytes; a longer line is no line of anything we asked for."""


class ByteStream:
    """An async context manager, and inside an async iterator of the body's bytes.

    Nothing is sent before the block is entered; leaving it closes the connection. Entering raises
    :class:`~.errors.APIError` for an error, iterating :class:`~.errors.TransportError` when it fails
    before the end: whoever reads to the end has everything.
    """

    def __init__(
        self,
        open: StreamOpener,  # noqa: A002 - the name all streams use
        *,
        endpoint: str,
        inspect: Inspection | None = None,
    ) -> None:
        self._open = open
        self._endpoint = endpoint
        self._inspect = inspect
        self._context: AbstractAsyncContextManager[StreamResponse] | None = None
        self._response: StreamResponse | None = None
        self._bytes: AsyncIterator[bytes] | None = None

    @property
    def meta(self) -> ResponseMeta | None:
        """Status, headers and request id; ``None`` before the answer has come."""
        return self._response.meta if self._response else None

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case; empty if unknown."""
        return self._response.content_type if self._response else ""

    @property
    def size(self) -> int | None:
        """Bytes the server announced; ``None`` if it did not, or if the body is compressed."""
        headers = self._response.headers if self._response else {}
        length = headers.get("content-length", "")
        return int(length) if length.isdecimal() and "content-encoding" not in headers else None

    async def __aenter__(self) -> Self:
        context = self._open()
        response = await context.__aenter__()
        try:
            pieces = response.iter_bytes()
            if self._inspect is not None:
                first = await anext(pieces, b"")
                await self._inspect(response, first, pieces)
                pieces = _prepend(first, pieces)
        except BaseException as error:
            await context.__aexit__(type(error), error, error.__traceback__)
            raise
        self._context, self._response, self._bytes = context, response, pieces
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        context, self._context, self._bytes = self._context, None, None
        if context is not None:
            await context.__aexit__(kind, error, traceback)

    def __aiter__(self) -> AsyncIterator[bytes]:
        if self._bytes is None:
            raise RuntimeError("the stream is not open: iterate inside `async with`")
        return self._bytes

    async def lines(self) -> AsyncIterator[bytes]:
        """The body line by line, without line ends and empty lines; a last line needs no line end.

        Raises :class:`ResponseFormatError` for a line of more than 64 MiB.
        """
        parts: list[bytes] = []
        size = 0
        async for piece in self:
            first, *rest = piece.split(b"\n")
            parts.append(first)
            size += len(first)
            if size > MAX_LINE_LENGTH:
                raise ResponseFormatError(
                    "$", f"a line of more than {MAX_LINE_LENGTH} bytes", endpoint=self._endpoint
                )
            if not rest:
                continue
            for line in (b"".join(parts), *rest[:-1]):
                if line.strip():
                    yield line.rstrip(b"\r")
            parts, size = [rest[-1]], len(rest[-1])
        last = b"".join(parts)
        if last.strip():
            yield last.rstrip(b"\r")

    async def read(self) -> bytes:
        """The whole body. Opens and closes the stream if that was not done yet."""
        if self._bytes is None:
            async with self:
                return await self.read()
        return b"".join([piece async for piece in self])

    async def save(
        self, path: str | os.PathLike[str], *, progress: Callable[[int, int | None], None] | None = None
    ) -> int:
        """Write the body to ``path`` and return its bytes; a file that is there is replaced.

        The file appears when it is complete and on disk, or not at all. ``progress`` gets the bytes so far
        and those announced. Opens and closes the stream if that was not done yet.
        """
        if self._bytes is None:
            async with self:
                return await self.save(path, progress=progress)
        target = Path(path)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        file = await asyncio.to_thread(draft.open, "xb")
        try:
            saved = 0
            async for piece in self:
                await asyncio.to_thread(file.write, piece)
                saved += len(piece)
                if progress is not None:
                    progress(saved, self.size)
            await asyncio.to_thread(_finish_file, file, draft, target)
        except BaseException:
            file.close()
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
            raise
        return saved


def _finish_file(file: BinaryIO, draft: Path, target: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    draft.replace(target)


async def _prepend(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for piece in rest:
        yield piece
