"""Detect that a caller disconnects, and interrupt waiting then."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar

from starlette.types import Receive

T = TypeVar("T")


class ClientDisconnectedError(Exception):
    """The caller closed the connection."""


class ConnectionWatcher:
    """Watches one connection while it is used as a context manager; the body must have been read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._disconnected = False
        self._waiting: asyncio.Future[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._work: asyncio.Task[Any] | None = None

    @property
    def disconnected(self) -> bool:
        """Whether the caller has disconnected."""
        return self._disconnected

    async def pause(self, seconds: float) -> None:
        """Sleep; raises `ClientDisconnectedError` at once when the caller disconnects."""
        if not self._disconnected and seconds <= 0:
            await asyncio.sleep(0)
        elif not self._disconnected:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            timer = loop.call_later(seconds, _wake, self._waiting)
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        if self._disconnected:
            raise ClientDisconnectedError

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of ``work``; raises `ClientDisconnectedError` at once when the caller disconnects."""
        task = asyncio.create_task(work, name="on behalf of a caller")
        self._work = task
        try:
            return await task
        except asyncio.CancelledError:
            if self._disconnected:
                raise ClientDisconnectedError from None
            raise
        finally:
            self._work = None

    async def wait_for_disconnect(self) -> None:
        """Wait until the caller disconnects, then raise `ClientDisconnectedError`."""
        while True:
            await self.pause(3600)

    async def __aenter__(self) -> ConnectionWatcher:
        """Begin to watch."""
        self._watch = asyncio.create_task(self._listen(), name="caller watch")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()

    async def _listen(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._disconnected = True
        if self._work is not None:
            self._work.cancel()
        if self._waiting is not None:
            _wake(self._waiting)


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
