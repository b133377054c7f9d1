"""``Dispatcher``: sends a call with retries, raises typed errors, notifies observers."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from zaguan_tui.client.dispatch.attempt import Attempt
from zaguan_tui.client.dispatch.call import EVENT_STREAM_TYPE, JSON_TYPE, Call
from zaguan_tui.client.dispatch.clock import Clock
from zaguan_tui.client.dispatch.gateway import Gateway
from zaguan_tui.client.dispatch.options import USUAL_RETRIES, ClientOptions
from zaguan_tui.client.dispatch.rate_limits import parse_rate_limits
from zaguan_tui.client.dispatch.reply import RawReply
from zaguan_tui.client.dispatch.retry import RetryPolicy, read_retry_after
from zaguan_tui.client.dispatch.trace import Observer, ResponseMeta, StreamResponse
from zaguan_tui.client.errors.absent_routes import is_unknown_route_text
from zaguan_tui.client.errors.body import is_page
from zaguan_tui.client.errors.exceptions import APIError, ArgumentError, TransportError
from zaguan_tui.client.errors.reader import ErrorContext, read_error, server_request_id
from zaguan_tui.client.streaming.open_stream import OpenStream
from zaguan_tui.client.transport.body_limit import AnswerTooLargeError
from zaguan_tui.client.transport.protocols import RequestTransport, TransportHolder, TransportResponse
from zaguan_tui.client.transport.wire_request import WireRequest

T = TypeVar("T")


@dataclass(slots=True)
class _CallState:
    """One logical call on its way: what stays the same from attempt to attempt, and the present attempt."""

    call: Call
    request: WireRequest
    since: float
    attempt: Attempt
    waited: float = 0.0


@dataclass(frozen=True)
class Dispatcher:
    """Sends calls to one gateway. Copies with other options share its pool of connections."""

    gateway: Gateway
    options: ClientOptions
    transport: TransportHolder
    observers: Sequence[Observer] = ()
    clock: Clock = field(default_factory=Clock)
    policy: RetryPolicy = field(default_factory=RetryPolicy)

    async def send(self, call: Call) -> RawReply:
        """The whole answer to ``call``, retried as §12 of the wire reference has it.

        Raises an :class:`APIError` for an error status or a page, :class:`TransportError` when no answer
        comes, :class:`AnswerTooLargeError` for more than the limit of the call or the client.
        """

        async def once(transport: RequestTransport, state: _CallState) -> RawReply:
            answer = await transport.exchange(state.request)
            limit = call.options.body_limit or self.options.body_limit
            try:
                await self._check_status(answer, state)
                body = await answer.read(limit)
            except AnswerTooLargeError as error:
                raise error.at(call.endpoint.label, self._meta(answer, state)) from None
            finally:
                await answer.aclose()
            no_answer = is_page(body, _media_type(answer)) or is_unknown_route_text(body)
            if call.accept == JSON_TYPE and no_answer:
                raise self._refusal(answer, state, body)
            state.attempt.finished(answer.status, answer.headers, body)
            meta = self._meta(answer, state)
            return RawReply(answer.status, meta.headers, body, meta, call.endpoint.label, limit)

        return await self._repeat(call, once)

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncIterator[StreamResponse]:
        """The answer to ``call`` as it comes in; the connection is dropped at the end of the block.

        Errors before the first byte are read and raised here. Nothing is repeated once the stream has begun.
        """

        async def once(transport: RequestTransport, state: _CallState) -> OpenStream:
            answer = await transport.exchange(state.request)
            try:
                await self._check_status(answer, state)
                if call.accept == EVENT_STREAM_TYPE and is_page(b"", _media_type(answer)):
                    raise self._refusal(answer, state, (await answer.read_error())[0])
            except BaseException:
                await answer.aclose()
                raise
            state.attempt.finished(answer.status, answer.headers, None)
            return OpenStream(answer, self._meta(answer, state), state.attempt)

        stream = await self._repeat(call, once, streaming=True)
        try:
            yield stream
        finally:
            await stream.aclose()

    def context(self, call: Call, meta: ResponseMeta) -> ErrorContext:
        """What an error found inside an answer with a good status needs to know about its call."""
        return ErrorContext(
            endpoint=call.endpoint,
            attempts=meta.attempts,
            sent_id=meta.request_id,
            redactor=self.gateway.redactor_for(self.options, call),
            meta=meta,
            now=self.clock.now(),
        )

    async def _repeat(
        self,
        call: Call,
        once: Callable[[RequestTransport, _CallState], Awaitable[T]],
        *,
        streaming: bool = False,
    ) -> T:
        """Attempt after attempt until one succeeds or the rules say that it is enough."""
        state = self._start_attempt(call, streaming=streaming)
        transport = await self.transport.get()
        own_retries = call.options.max_retries
        max_retries = self.options.max_retries if own_retries is None else own_retries
        while True:
            attempt = state.attempt
            attempt.started(state.request.headers, state.request.body)
            try:
                return await once(transport, state)
            except APIError as error:
                call_class, chance = call.endpoint.call_class, self.clock.chance()
                wait = self.policy.wait_after(
                    error, call_class, attempt.number, max_retries, chance, self._elapsed(state)
                )
                _report(error, state, wait)
                if wait is None:
                    raise
            except (asyncio.CancelledError, ArgumentError) as error:
                attempt.failed("cancelled" if isinstance(error, asyncio.CancelledError) else "refused", "")
                raise
            except AnswerTooLargeError as error:
                attempt.failed("too large", error.received)
                raise
            state.waited += wait
            await self.clock.sleep(wait)
            state.attempt = replace(attempt, number=attempt.number + 1)

    def _elapsed(self, state: _CallState) -> float | None:
        """How long the call has taken; ``None`` where a number of retries other than the usual is wished."""
        if state.call.options.max_retries is not None or self.options.max_retries < USUAL_RETRIES:
            return None
        return max(state.waited, self.clock.monotonic() - state.since)

    def _start_attempt(self, call: Call, *, streaming: bool) -> _CallState:
        request_id = call.options.request_id or str(uuid.uuid4())
        timeouts = self.options.timeout.override(call.options.timeout)
        url = self.gateway.url_of(call)
        request = WireRequest(
            method=call.endpoint.method,
            url=url,
            headers=self.gateway.headers_of(call, self.options, request_id),
            body=call.body,
            timeouts=timeouts,
            silence=timeouts.silence(call.endpoint.call_class, streaming=streaming),
            streaming=streaming,
        )
        attempt = Attempt(
            endpoint=call.endpoint.label,
            method=call.endpoint.method,
            path=call.path,
            url=url,
            request_id=request_id,
            number=1,
            observers=self.observers,
            redactor=self.gateway.redactor_for(self.options, call),
            clock=self.clock,
        )
        return _CallState(call, request, self.clock.monotonic(), attempt)

    async def _check_status(self, answer: TransportResponse, state: _CallState) -> None:
        """Raise the typed error for a status that is not good, its body read first."""
        if not 200 <= answer.status < 300:
            body, damaged = await answer.read_error()
            raise self._refusal(answer, state, body, damaged=damaged)

    def _refusal(
        self, answer: TransportResponse, state: _CallState, body: bytes, *, damaged: bool = False
    ) -> APIError:
        context = ErrorContext(
            endpoint=state.call.endpoint,
            attempts=state.attempt.number,
            sent_id=state.attempt.request_id,
            redactor=state.attempt.redactor,
            meta=self._meta(answer, state),
            now=self.clock.now(),
            damaged=damaged,
        )
        return read_error(answer.status, answer.headers, body, context)

    def _meta(self, answer: TransportResponse, state: _CallState) -> ResponseMeta:
        now = self.clock.now()
        clean = state.attempt.redactor.text
        headers = {name: clean(value) for name, value in answer.headers.items()}
        server_id = server_request_id(headers)
        return ResponseMeta(
            status=answer.status,
            headers=headers,
            request_id=server_id or state.attempt.request_id,
            request_id_is_ours=server_id is None,
            elapsed_s=self.clock.monotonic() - state.since,
            attempts=state.attempt.number,
            rate_limits=parse_rate_limits(headers, now),
            retry_after=read_retry_after(headers, now),
            url=clean(state.request.url.partition("?")[0]),
        )


def _report(error: APIError, state: _CallState, wait: float | None) -> None:
    """Complete ``error`` with endpoint, attempts and request id, and notify the observers."""
    attempt = state.attempt
    error.endpoint = state.call.endpoint.label
    error.attempts = attempt.number
    error.request_id = error.request_id or attempt.request_id
    if isinstance(error, TransportError) or error.status is None:
        reason = str(error.reason) if isinstance(error, TransportError) else str(error.kind)
        attempt.failed(reason, error.message, retry_in=wait)
    else:
        headers = error.meta.headers if error.meta else {}
        attempt.finished(error.status, headers, error.raw, retry_in=wait)


def _media_type(answer: TransportResponse) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()
