"""``EndpointGroup``: base of the endpoint classes, which sends a call and reads its JSON answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, TypeVar

from zaguan_tui.client.catalogue.endpoint import Endpoint
from zaguan_tui.client.dispatch.call import EVENT_STREAM_TYPE, Call, QueryValue, json_body, query_string
from zaguan_tui.client.dispatch.dispatcher import Dispatcher
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.dispatch.reply import RawReply
from zaguan_tui.client.dispatch.trace import StreamResponse
from zaguan_tui.client.errors.answer_errors import is_error_answer
from zaguan_tui.client.errors.exceptions import ArgumentError, ResponseFormatError
from zaguan_tui.client.errors.reader import read_error
from zaguan_tui.client.types.core.base import Answer
from zaguan_tui.client.types.core.primitives import UnreadableValue

A = TypeVar("A", bound=Answer)

THREAD_FROM = 64 * 1024
"""Bodies from this size on are parsed and read in a thread, so that none holds up the event loop."""

_one_large_answer = threading.Lock()
"""Large answers are read one after the other: each takes twenty times its size while it is read."""


class EndpointGroup:
    """Base of the sections. It holds no state but the dispatcher of the client it is part of."""

    _dispatcher: Dispatcher

    async def _read(
        self,
        row: Endpoint,
        reader: Callable[[Any], A],
        *,
        ids: Mapping[str, str] | None = None,
        params: Mapping[str, QueryValue] | None = None,
        body: Any = None,
        options: RequestOptions | None = None,
    ) -> A:
        """Make the call of ``row`` and let ``reader`` make a value of the JSON body of its answer.

        Raises :class:`APIError` and :class:`TransportError` as sent, :class:`ResponseFormatError` for an
        answer that nobody can read.
        """
        call = _call(row, ids, params, body, options)
        reply = await self._dispatcher.send(call)
        if len(reply.body) < THREAD_FROM:
            value = self._understand(call, reply, reader)
        else:
            value = await asyncio.to_thread(self._understand_large, call, reply, reader)
        return replace(value, response=reply.meta)

    def _presentable(self, error: ArgumentError) -> ArgumentError:
        """The same error without a key of ours in it."""
        clean = self._cleaner()
        return ArgumentError(clean(error.field), clean(error.problem), clean(error.allowed))

    def _cleaner(self, call: Call | None = None) -> Callable[[str], str]:
        """What takes every key of ours, and those that ``call`` carries, out of a text."""
        return self._dispatcher.gateway.redactor_for(self._dispatcher.options, call).text

    def _open(
        self, row: Endpoint, *, body: Any, options: RequestOptions | None = None
    ) -> tuple[Call, Callable[[], AbstractAsyncContextManager[StreamResponse]]]:
        """The call of ``row`` for a streamed answer, and a function that makes it."""
        call = replace(_call(row, None, None, body, options), accept=EVENT_STREAM_TYPE)
        return call, lambda: self._dispatcher.stream(call)

    def _understand(self, call: Call, reply: RawReply, reader: Callable[[Any], A]) -> A:
        value = self._without_keys(call, reply)
        if is_error_answer(value):
            raise read_error(
                reply.status, reply.headers, reply.body, self._dispatcher.context(call, reply.meta)
            )
        answer, place, actual = _make(reader, value)
        if answer is None:
            raise ResponseFormatError(place, actual, endpoint=reply.endpoint, meta=reply.meta)
        return answer

    def _understand_large(self, call: Call, reply: RawReply, reader: Callable[[Any], A]) -> A:
        with _one_large_answer:
            return self._understand(call, reply, reader)

    def _without_keys(self, call: Call, reply: RawReply) -> Any:
        """The body as a JSON value in which every key of this client is masked, wherever a server echoes it.

        Before anything is read of it: the notes and findings of a reader show the beginnings of texts, which
        could hold half a key.
        """
        value = reply.json()
        redactor = self._dispatcher.gateway.redactor_for(self._dispatcher.options, call)
        return value if redactor.data(reply.body) == reply.body else redactor.value(value)


def _make(reader: Callable[[Any], A], value: Any) -> tuple[A | None, str, str]:
    """The value that ``reader`` makes, or ``None``, the JSON path of what it cannot read, and what is there.

    The exception itself ends here: held in a local variable it would hold its own frames, and the body.
    """
    try:
        return reader(value), "", ""
    except UnreadableValue as error:
        path = f"$.{error.path}" if error.path and not error.path.startswith("[") else f"${error.path}"
        return None, path, error.received


def _call(
    row: Endpoint,
    ids: Mapping[str, str] | None,
    params: Mapping[str, QueryValue] | None,
    body: Any,
    options: RequestOptions | None,
) -> Call:
    return Call(
        endpoint=row,
        path=row.fill(**(ids or {})),
        query=query_string(params),
        body=None if body is None else json_body(body),
        options=options or RequestOptions(),
    )
