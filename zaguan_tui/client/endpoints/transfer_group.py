"""``TransferGroup``: base of endpoint classes with uploads, downloads and event streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from zaguan_tui.client.catalogue.endpoint import Endpoint
from zaguan_tui.client.dispatch.call import (
    EVENT_STREAM_TYPE,
    JSON_TYPE,
    Call,
    QueryValue,
    json_body,
    query_string,
)
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.dispatch.reply import RawReply
from zaguan_tui.client.dispatch.trace import ResponseMeta, StreamResponse
from zaguan_tui.client.endpoints.group import THREAD_FROM, EndpointGroup
from zaguan_tui.client.errors.exceptions import APIError
from zaguan_tui.client.errors.reader import read_error_frame
from zaguan_tui.client.types.core.base import Answer

if TYPE_CHECKING:
    from zaguan_tui.client.requests.multipart import FormDraft
    from zaguan_tui.client.streaming.byte_stream import ByteStream, Inspection
    from zaguan_tui.client.streaming.event_stream import StreamOpener, StreamSettings

A = TypeVar("A", bound=Answer)
ANY_TYPE = "*/*"


@dataclass(frozen=True, slots=True)
class EventStreamSetup:
    """What an event stream needs to begin: ``open`` sends the request, ``settings`` say how it is read."""

    open: StreamOpener
    settings: StreamSettings


class TransferGroup(EndpointGroup):
    """Base of the sections with files and streams in them."""

    async def _read_form(
        self,
        row: Endpoint,
        form: FormDraft,
        reader: Callable[[Any], A],
        *,
        options: RequestOptions | None = None,
    ) -> A:
        """Send ``form`` and let ``reader`` make a value of the JSON body of the answer."""
        call, reply = await self._send_form(row, form, options=options)
        return await self._make(call, reply, reader)

    async def _make(self, call: Call, reply: RawReply, reader: Callable[[Any], A]) -> A:
        """A value of the JSON body of ``reply``; big ones are read in a thread."""
        if len(reply.body) < THREAD_FROM:
            value = self._understand(call, reply, reader)
        else:
            value = await asyncio.to_thread(self._understand, call, reply, reader)
        return replace(value, response=reply.meta)

    async def _send_form(
        self,
        row: Endpoint,
        form: FormDraft,
        *,
        accept: str = JSON_TYPE,
        options: RequestOptions | None = None,
    ) -> tuple[Call, RawReply]:
        """Send ``form``; raises :class:`ArgumentError` for a file that cannot be read."""
        call = await _with_form(_call(row, accept=accept, options=options), form)
        return call, await self._dispatcher.send(call)

    def _events(
        self,
        row: Endpoint,
        *,
        ids: Mapping[str, str] | None = None,
        params: Mapping[str, QueryValue] | None = None,
        body: Any = None,
        form: FormDraft | None = None,
        options: RequestOptions | None = None,
    ) -> EventStreamSetup:
        """How to open a stream of events. Nothing is sent before it is opened."""
        from zaguan_tui.client.streaming.event_stream import StreamSettings

        call = _call(row, ids=ids, params=params, body=body, accept=EVENT_STREAM_TYPE, options=options)

        @asynccontextmanager
        async def opening() -> AsyncIterator[StreamResponse]:
            ready = call if form is None else await _with_form(call, form)
            async with self._dispatcher.stream(ready) as response:
                yield response

        def on_error(payload: Any, meta: ResponseMeta) -> APIError:
            return read_error_frame(payload, self._dispatcher.context(call, meta))

        settings = StreamSettings(
            clock=self._dispatcher.clock.monotonic, on_error=on_error, clean=self._cleaner(call)
        )
        return EventStreamSetup(opening, settings)

    def _download(
        self,
        row: Endpoint,
        *,
        ids: Mapping[str, str] | None = None,
        body: Any = None,
        inspect: Callable[[Call], Inspection] | None = None,
        options: RequestOptions | None = None,
    ) -> ByteStream:
        """The body of an answer as it comes. ``inspect`` may refuse it by its head."""
        from zaguan_tui.client.streaming.byte_stream import ByteStream

        call = _call(row, ids=ids, body=body, accept=ANY_TYPE, options=options)
        return ByteStream(
            lambda: self._dispatcher.stream(call),
            endpoint=row.label,
            inspect=None if inspect is None else inspect(call),
        )


def _call(
    row: Endpoint,
    *,
    ids: Mapping[str, str] | None = None,
    params: Mapping[str, QueryValue] | None = None,
    body: Any = None,
    accept: str = JSON_TYPE,
    options: RequestOptions | None = None,
) -> Call:
    return Call(
        endpoint=row,
        path=row.fill(**(ids or {})),
        query=query_string(params),
        body=None if body is None else json_body(body),
        accept=accept,
        options=options or RequestOptions(),
    )


async def _with_form(call: Call, draft: FormDraft) -> Call:
    form = await draft.measured()
    # With its length named the body is not sent in chunks, which many upload servers refuse.
    headers = {**(call.options.headers or {}), "content-length": str(form.length)}
    return replace(
        call,
        body=form,
        content_type=form.content_type,
        options=replace(call.options, headers=headers),
    )
