"""Messages, their batches and token counts in Anthropic's dialect (wire reference §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.call import Call
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.errors.answer_errors import is_error_answer
from zaguan_tui.client.errors.exceptions import APIError
from zaguan_tui.client.errors.reader import read_error_frame
from zaguan_tui.client.requests.body import build_query
from zaguan_tui.client.requests.messages import (
    CountParams,
    MessagesParams,
    Turn,
    batch_body,
    count_body,
    messages_body,
)
from zaguan_tui.client.streaming.json_text import parse_json

if TYPE_CHECKING:
    from zaguan_tui.client.paging.job_wait import OnUpdate, Patience
    from zaguan_tui.client.streaming.event_stream import FrameTap
    from zaguan_tui.client.streaming.messages import MessagesStream
    from zaguan_tui.client.streaming.result_lines import ResultLines
    from zaguan_tui.client.streaming.stall import StallLimits
    from zaguan_tui.client.types.answers.messages import MessageAnswer, TokenCount
    from zaguan_tui.client.types.core.page import Page
    from zaguan_tui.client.types.jobs.message_batch_results import MessageBatchResult
    from zaguan_tui.client.types.jobs.message_batches import DeletedMessageBatch, MessageBatch

JSON_LINES_TYPE = "application/x-jsonl"


class MessageEndpoints(EndpointGroup):
    """``/v1/messages``. Every call carries ``anthropic-version`` and, a Bearer key."""

    @endpoint("POST", "/v1/messages")
    async def messages(
        self,
        row: Endpoint,
        *,
        model: str,
        messages: Sequence[Turn],
        max_tokens: int,
        options: RequestOptions | None = None,
        **params: Unpack[MessagesParams],
    ) -> MessageAnswer:
        """One whole message. ``params`` are those of :class:`~..requests.messages.MessagesParams`.

        Raises :class:`ArgumentError` for a parameter no server would take, with field and allowed values.
        Retried only if it was certainly not processed: no connection, 429, 503, 529.
        """
        from zaguan_tui.client.types.answers.messages import read_message

        body = messages_body(model, messages, max_tokens, params, stream=False)
        return await self._read(row, read_message, body=body, options=options)

    @endpoint("POST", "/v1/messages")
    def messages_stream(
        self,
        row: Endpoint,
        *,
        model: str,
        messages: Sequence[Turn],
        max_tokens: int,
        options: RequestOptions | None = None,
        limits: StallLimits | None = None,
        on_frame: FrameTap | None = None,
        **params: Unpack[MessagesParams],
    ) -> MessagesStream:
        """The same message as it is written: an async context manager, and inside an iterator of events.

        Nothing is sent before the block is entered; leaving it closes the connection. ``limits`` says how
        long silence is borne, ``on_frame`` sees every raw frame.
        """
        from zaguan_tui.client.streaming.messages import MessagesStream

        body = messages_body(model, messages, max_tokens, params, stream=True)
        call, opening = self._open(row, body=body, options=options)

        def on_error(payload: Any, meta: ResponseMeta) -> APIError:
            return read_error_frame(payload, self._dispatcher.context(call, meta))

        clock = self._dispatcher.clock.monotonic
        return MessagesStream(
            opening,
            clock=clock,
            model=model,
            limits=limits,
            on_frame=on_frame,
            on_error=on_error,
            clean=self._cleaner(call),
        )

    @endpoint("POST", "/v1/messages/count_tokens")
    async def count_tokens(
        self,
        row: Endpoint,
        *,
        model: str,
        messages: Sequence[Turn],
        options: RequestOptions | None = None,
        **params: Unpack[CountParams],
    ) -> TokenCount:
        """How many tokens a request would be, without sending it to the model.

        Models that are not Anthropic's may answer 400 or 404: that means "cannot count here" (proposal).
        """
        from zaguan_tui.client.types.answers.messages import read_token_count

        return await self._read(
            row, read_token_count, body=count_body(model, messages, params), options=options
        )

    @endpoint("POST", "/v1/messages/batches")
    async def create_messages_batch(
        self,
        row: Endpoint,
        *,
        requests: Sequence[Mapping[str, Any]],
        options: RequestOptions | None = None,
    ) -> MessageBatch:
        """Start a batch of ``{custom_id, params}``; ids are unique, ``params`` are checked one by one."""
        from zaguan_tui.client.types.jobs.message_batches import read_message_batch

        return await self._read(row, read_message_batch, body=batch_body(requests), options=options)

    @endpoint("GET", "/v1/messages/batches/{batch_id}")
    async def get_messages_batch(
        self, row: Endpoint, batch_id: str, *, options: RequestOptions | None = None
    ) -> MessageBatch:
        """One batch. Its counts move only when the whole batch has ended."""
        from zaguan_tui.client.types.jobs.message_batches import read_message_batch

        return await self._read(row, read_message_batch, ids={"batch_id": batch_id}, options=options)

    @endpoint("GET", "/v1/messages/batches")
    async def list_messages_batches(
        self,
        row: Endpoint,
        *,
        limit: int | None = None,
        after_id: str | None = None,
        before_id: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[MessageBatch]:
        """One page of batches, newest first; ``limit`` 1 to 1000, the server's default is 20.

        All of them: ``paginate(client.list_messages_batches, cursor="after_id")``.
        """
        from zaguan_tui.client.types.jobs.message_batches import read_message_batches

        params = build_query(row.name, limit=limit, after_id=after_id, before_id=before_id)
        return await self._read(row, read_message_batches, params=params, options=options)

    @endpoint("POST", "/v1/messages/batches/{batch_id}/cancel")
    async def cancel_messages_batch(
        self, row: Endpoint, batch_id: str, *, options: RequestOptions | None = None
    ) -> MessageBatch:
        """Ask for an end; the batch is ``canceling`` until what runs is done, and keeps what was finished."""
        from zaguan_tui.client.types.jobs.message_batches import read_message_batch

        return await self._read(row, read_message_batch, ids={"batch_id": batch_id}, options=options)

    @endpoint("GET", "/v1/messages/batches/{batch_id}/results")
    def get_messages_batch_results(
        self, row: Endpoint, batch_id: str, *, options: RequestOptions | None = None
    ) -> ResultLines[MessageBatchResult]:
        """The results, line by line, in any order: an async context manager and iterator.

        Always from this path of our own server, whatever ``results_url`` says. A batch without results yet
        is answered with 404 or 400. Join them with
        :func:`~..types.jobs.message_batch_results.join_results`.
        """
        from zaguan_tui.client.streaming.result_lines import ResultLines
        from zaguan_tui.client.types.jobs.message_batch_results import UNREADABLE_LINE, read_batch_result

        call = Call(
            endpoint=row,
            path=row.fill(batch_id=batch_id),
            accept=JSON_LINES_TYPE,
            options=options or RequestOptions(),
        )

        def read(text: str, number: int, meta: ResponseMeta) -> MessageBatchResult:
            def on_error(payload: Any) -> APIError:
                return read_error_frame(payload, self._dispatcher.context(call, meta))

            result = read_batch_result(text, number, on_error)
            if number == 1 and result.outcome == UNREADABLE_LINE and is_error_answer(parse_json(text)):
                raise on_error(parse_json(text))
            return result

        return ResultLines(lambda: self._dispatcher.stream(call), read, endpoint=row.label)

    async def wait_for_messages_batch(
        self,
        batch_id: str,
        *,
        on_update: OnUpdate[MessageBatch] | None = None,
        patience: Patience | None = None,
        options: RequestOptions | None = None,
    ) -> MessageBatch:
        """The batch once it has ended; what became of its requests is in ``counts``, not in the status.

        ``on_update`` is told of the first reading and of every change. Raises
        :class:`~..paging.job_wait.WaitTimeoutError` if ``patience`` has a ``timeout``.
        """
        from zaguan_tui.client.paging.job_wait import wait_until

        return await wait_until(
            partial(self.get_messages_batch, batch_id, options=options),
            lambda batch: batch.is_over,
            clock=self._dispatcher.clock,
            patience=patience,
            on_update=on_update,
        )

    @endpoint("DELETE", "/v1/messages/batches/{batch_id}")
    async def delete_messages_batch(
        self, row: Endpoint, batch_id: str, *, options: RequestOptions | None = None
    ) -> DeletedMessageBatch:
        """Delete an ended batch (extension: not every server offers it)."""
        from zaguan_tui.client.types.jobs.message_batches import read_deleted_batch

        return await self._read(row, read_deleted_batch, ids={"batch_id": batch_id}, options=options)
