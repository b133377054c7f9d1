"""The other end of a connection: notices when the caller hangs up, and sleeps no longer than that."""

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
        self._gone = False
        self._waiting: asyncio.Future[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._work: asyncio.Task[Any] | None = None

    @property
    def gone(self) -> bool:
        """Whether the caller has hung up."""
        return self._gone

    async def pause(self, seconds: float) -> None:
        """Sleep; raises `CallerGoneError` at once when the caller hangs up meanwhile."""
        if not self._gone and seconds <= 0:
            await asyncio.sleep(0)
        elif not self._gone:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            timer = loop.call_later(seconds, _wake, self._waiting)
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        if self._gone:
            raise ClientDisconnectedError

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of ``work``, which ends with a `CallerGoneError` at once when the caller hangs up."""
        task = asyncio.create_task(work, name="on behalf of a caller")
        self._work = task
        try:
            return await task
        except asyncio.CancelledError:
            if self._gone:
                raise ClientDisconnectedError from None
            raise
        finally:
            self._work = None

    async def hold(self) -> None:
        """Do nothing until the caller hangs up, then raise `CallerGoneError`."""
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
        self._gone = True
        if self._work is not None:
            self._work.cancel()
        if self._waiting is not None:
            _wake(self._waiting)


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
