"""Bytes of a streamed answer, with cancellation of a waiting read."""

from __future__ import annotations

import asyncio

from zaguan_tui.client.dispatch.trace import StreamResponse
from zaguan_tui.client.errors.exceptions import APIError
from zaguan_tui.client.streaming.stall import StallLimits, StallWatch

_DRAIN_BYTES = 64 * 1024
_DRAIN_S = 0.05


class ReadInterrupted(Exception):  # noqa: N818 - no failure: someone asked for it
    """The reader was told to stop. ``reason`` says why in words; empty when the user did it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class ByteSource:
    """Reads a response piece by piece, watches for silence, and can be broken off from outside."""

    __slots__ = ("_bytes", "_cancels", "_reason", "_task", "_watch")

    def __init__(self, response: StreamResponse, limits: StallLimits) -> None:
        self._bytes = response.iter_bytes()
        self._watch = StallWatch(limits, self.break_off)
        self._task: asyncio.Task[object] | None = None
        self._cancels = 0
        self._reason: str | None = None

    @property
    def quiet_s(self) -> float:
        """Seconds since the reader began to wait for the next byte; 0 when it does not wait."""
        return self._watch.quiet_s()

    def expect_event(self) -> None:
        """The consumer begins to wait for an event, or has just got a frame: silence counts from now."""
        self._watch.expect_event()

    async def read(self) -> bytes | None:
        """The next bytes, ``None`` at the end.

        Raises :class:`ReadInterrupted` when broken off, and :class:`~.errors.TransportError` when the line
        fails.
        """
        if (reason := self._told_to_stop()) is not None:
            raise ReadInterrupted(reason)
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._cancels = task.cancelling()
        self._watch.expect_byte()
        try:
            return await self._bytes.__anext__()
        except StopAsyncIteration:
            return None
        except asyncio.CancelledError:
            # As in asyncio.timeout: ours only if nobody else asked for the cancellation too.
            reason = self._told_to_stop()
            if reason is None or task.uncancel() > self._cancels:
                raise
            raise ReadInterrupted(reason) from None
        finally:
            self._task = None
            self._watch.waiting = False

    def _told_to_stop(self) -> str | None:
        return self._reason

    def break_off(self, reason: str) -> None:
        """End the read that waits, or the next one, with :class:`ReadInterrupted`."""
        if self._reason is None:
            self._reason = reason
            if self._task is not None:
                self._task.cancel()

    def stop(self) -> None:
        """Stop watching; nothing is read any more."""
        self._watch.stop()

    async def drain(self) -> None:
        """Read what little may follow the end marker, so that the connection can be used again
        (``proposal``).
        """
        left = _DRAIN_BYTES
        try:
            async with asyncio.timeout(_DRAIN_S):
                async for data in self._bytes:
                    left -= len(data)
                    if left < 0:
                        return
        except (TimeoutError, APIError):
            return
