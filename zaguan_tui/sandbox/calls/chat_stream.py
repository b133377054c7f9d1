"""Stream a chat answer at the model's pace, with injected faults."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from zaguan_tui.sandbox.calls.chat_turn import ChatTurn
from zaguan_tui.sandbox.engine.chat.wire import Piece, tokens_of
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.providers.failures import FAILURES, Failure
from zaguan_tui.sandbox.engine.providers.request_faults import Fault
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.disconnect import ClientDisconnectedError, ConnectionWatcher
from zaguan_tui.sandbox.http.middleware import ConnectionCutError
from zaguan_tui.sandbox.http.rate_limit_headers import RateHeaders

if TYPE_CHECKING:
    from zaguan_tui.sandbox.calls.upstream import UpstreamStream

_EVENT_STREAM = "text/event-stream; charset=utf-8"
_PAUSE_PER_STREAM = 0.0004
_MAX_PAUSE = 0.2

WriteBody = Callable[[bytes], Awaitable[None]]


class ChatAnswer(Response):
    """One answer, streamed or whole. It is written by `__call__`, which also settles and debits the call."""

    def __init__(
        self, gateway: Gateway, turn: ChatTurn, fault: Fault | None, rate_headers: RateHeaders
    ) -> None:
        super().__init__()
        self._gateway = gateway
        self._turn = turn
        self._fault = fault if fault is not None and fault.in_stream else None
        self._rate_headers = rate_headers
        self._sent_pieces = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the provider, then write. Raises `GatewayError` when every provider fails first."""
        turn = self._turn
        try:
            async with ConnectionWatcher(receive) as caller:
                await caller.pause(self._gateway.clock.real(turn.call_plan.after_s))
                while not await caller.run(turn.connect()):
                    await turn.try_next_model()
                    await caller.pause(self._gateway.clock.real(turn.call_plan.after_s))
                turn.first_token()
                if turn.stream:
                    await self._write_stream(caller, send)
                else:
                    await self._write_whole(caller, scope, receive, send)
        except (ClientDisconnectedError, asyncio.CancelledError) as end:
            turn.call.settle_abandoned(self._delivered(), turn.answer.id if self._sent_pieces else "")
            if isinstance(end, asyncio.CancelledError):
                raise
        finally:
            await turn.close_relay()

    async def _write_stream(self, caller: ConnectionWatcher, send: Send) -> None:
        turn = self._turn
        await send({"type": "http.response.start", "status": 200, "headers": self._stream_headers()})

        async def write(body: bytes) -> None:
            await send({"type": "http.response.body", "body": body, "more_body": True})

        self._gateway.open_streams += 1
        try:
            await write(self._turn.answer.opening())
            if turn.relay is None:
                await self._write_pieces(caller, write)
            whole = turn.relay is None or await self._relay_pieces(turn.relay, caller, write)
            if whole and await self._inject_fault(caller, write):
                await write(self._turn.answer.closing())
                await self._turn.call.settle_delivered(tokens_of(self._turn.answer), self._turn.answer.id)
                if self._fault is None or self._fault.name != "no-done":
                    await write(self._turn.answer.terminal)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._gateway.open_streams -= 1

    async def _write_pieces(self, caller: ConnectionWatcher, write: WriteBody) -> None:
        """Send the tokens as they fall due; those that fall due together go in one write."""
        pieces, rng = self._turn.answer.pieces, self._turn.call.rng
        last = self._last_before_fault(len(pieces))
        call_plan, frame = self._turn.call_plan, self._turn.answer.frame
        gap, jitter = self._gateway.clock.real(1 / call_plan.tokens_per_s), call_plan.jitter
        clock = asyncio.get_running_loop().time
        next_at = clock()
        while self._sent_pieces < last:
            now, ready = clock(), []
            while self._sent_pieces < last and next_at <= now:
                ready.append(frame(pieces[self._sent_pieces]))
                self._sent_pieces += 1
                next_at += gap * (1 + jitter * rng.uniform(-1, 1))
            if ready:
                await write(b"".join(ready))
            min_pause = min(self._gateway.open_streams * _PAUSE_PER_STREAM, _MAX_PAUSE)
            await caller.pause(max(next_at - clock(), min_pause))

    async def _relay_pieces(self, relay: UpstreamStream, caller: ConnectionWatcher, write: WriteBody) -> bool:
        """Send a real server's pieces as they come; whether they came to their end."""
        from zaguan_tui.sandbox.calls.upstream import UpstreamError

        turn = self._turn
        try:
            batches = relay.batches()
            while batch := await caller.run(_batches_then_empty(batches)):
                batch = batch[: self._last_before_fault(self._sent_pieces + len(batch)) - self._sent_pieces]
                await write(b"".join(turn.answer.frame(piece) for piece in batch))
                self._sent_pieces += len(batch)
                await caller.pause(0)
                if not batch:
                    break
        except UpstreamError as error:
            await self._end_broken(error.failure, write)
            return False
        return True

    def _last_before_fault(self, count: int) -> int:
        halting = self._fault is not None and self._fault.name in {"stall", "cut", "error-frame"}
        return min(count, int(self._fault.after)) if self._fault is not None and halting else count

    async def _inject_fault(self, caller: ConnectionWatcher, write: WriteBody) -> bool:
        """Apply the fault; returns whether the stream may still end normally."""
        name = "" if self._fault is None else self._fault.name
        if name == "malformed":
            await write(self._turn.answer.broken)
        if name not in {"stall", "cut", "error-frame"}:
            return True
        if name == "stall":
            await caller.wait_for_disconnect()
        failure = FAILURES["reset"]
        await self._turn.call.settle_broken(self._delivered(), self._turn.answer.id, failure)
        if name == "cut":
            await write(self._truncated_frame())
            raise ConnectionCutError
        await write(self._failure_frame(failure))
        return False

    async def _end_broken(self, failure: Failure, write: WriteBody) -> None:
        await self._turn.call.settle_broken(self._delivered(), self._turn.answer.id, failure)
        await write(self._failure_frame(failure))

    def _failure_frame(self, failure: Failure) -> bytes:
        model = self._turn.call.model
        name = self._gateway.world.provider_name(model.provider)
        return self._turn.answer.failure(failure, model.provider, name)

    def _truncated_frame(self) -> bytes:
        """The beginning of the frame that would come next: a connection seldom breaks between two events."""
        ahead = self._turn.answer.pieces[self._sent_pieces : self._sent_pieces + 1]
        frame = self._turn.answer.frame(ahead[0]) if ahead else self._turn.answer.terminal
        return frame[: len(frame) // 2]

    async def _write_whole(
        self, caller: ConnectionWatcher, scope: Scope, receive: Receive, send: Send
    ) -> None:
        await caller.run(self._turn.drain())
        count = len(self._turn.answer.pieces)
        await caller.pause(self._gateway.clock.real(count / self._turn.call_plan.tokens_per_s))
        if self._fault is not None and self._fault.name == "stall":
            await caller.wait_for_disconnect()
        self._sent_pieces = count
        await self._turn.call.settle_delivered(tokens_of(self._turn.answer), self._turn.answer.id)
        answer = JSONResponse(self._turn.answer.whole(), headers=self._extra_headers())
        if self._fault is not None and self._fault.name == "cut":
            body = bytes(answer.body)
            await send({"type": "http.response.start", "status": 200, "headers": answer.raw_headers})
            half = body[: len(body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            raise ConnectionCutError
        await answer(scope, receive, send)

    def _delivered(self) -> Tokens:
        """What the caller has been sent; nothing at all before the first token, not even the prompt's."""
        return tokens_of(self._turn.answer, self._sent_pieces) if self._sent_pieces else Tokens()

    def _extra_headers(self) -> dict[str, str]:
        waited = round(self._gateway.clock.real(self._turn.call_plan.after_s) * 1000)
        headers = {
            "openai-processing-ms": str(waited),
            "x-zaguan-provider": self._turn.call.model.provider,
            **self._rate_headers(self._gateway, tokens_of(self._turn.answer).total, time.monotonic()),
        }
        if self._turn.virtual is not None:
            headers["x-zaguan-virtual-model"] = self._turn.virtual
        return headers

    def _stream_headers(self) -> list[tuple[bytes, bytes]]:
        headers = {"content-type": _EVENT_STREAM, "cache-control": "no-cache", **self._extra_headers()}
        return [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]


async def _batches_then_empty(batches: AsyncIterator[list[Piece]]) -> list[Piece]:
    """The next pieces, an empty list at the end."""
    return await anext(batches, [])
