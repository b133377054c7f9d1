"""Chat completions, whole and streamed (wire reference §3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.errors.exceptions import APIError
from zaguan_tui.client.errors.reader import read_error_frame
from zaguan_tui.client.requests.chat import ChatParams, Message, chat_body

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.chat import ChatStream
    from zaguan_tui.client.streaming.event_stream import FrameTap
    from zaguan_tui.client.streaming.stall import StallLimits
    from zaguan_tui.client.types.answers.chat import ChatCompletion


class ChatEndpoints(EndpointGroup):
    """``/v1/chat``."""

    @endpoint("POST", "/v1/chat/completions")
    async def chat(
        self,
        row: Endpoint,
        *,
        model: str,
        messages: Sequence[Message],
        options: RequestOptions | None = None,
        **params: Unpack[ChatParams],
    ) -> ChatCompletion:
        """One whole answer. ``params`` are those of :class:`~..requests.chat.ChatParams`.

        Raises :class:`ArgumentError` for a parameter no server would take, with field and allowed values.
        Retried only if it was certainly not processed: no connection, 429, 503, 529.
        """
        from zaguan_tui.client.types.answers.chat import read_chat_completion

        body = self._chat_body(model, messages, params, stream=False)
        return await self._read(row, read_chat_completion, body=body, options=options)

    @endpoint("POST", "/v1/chat/completions")
    def chat_stream(
        self,
        row: Endpoint,
        *,
        model: str,
        messages: Sequence[Message],
        options: RequestOptions | None = None,
        limits: StallLimits | None = None,
        on_frame: FrameTap | None = None,
        **params: Unpack[ChatParams],
    ) -> ChatStream:
        """The same answer as it is written: an async context manager, and inside an async iterator of events.

        Nothing is sent before the block is entered; leaving it closes the connection. Token counts are
        asked for (``stream_options``) unless the client's options say no. Errors before the stream are
        raised on entering. ``limits`` says how long silence is borne, ``on_frame`` sees every raw frame.
        """
        from zaguan_tui.client.streaming.chat import ChatStream

        body = self._chat_body(model, messages, params, stream=True)
        call, opening = self._open(row, body=body, options=options)

        def on_error(payload: Any, meta: ResponseMeta) -> APIError:
            return read_error_frame(payload, self._dispatcher.context(call, meta))

        clock = self._dispatcher.clock.monotonic
        return ChatStream(
            opening,
            clock=clock,
            model=model,
            limits=limits,
            on_frame=on_frame,
            on_error=on_error,
            clean=self._cleaner(call),
        )

    def _chat_body(
        self, model: str, messages: Sequence[Message], params: ChatParams, *, stream: bool
    ) -> dict[str, Any]:
        options = self._dispatcher.options
        return chat_body(
            model,
            messages,
            params,
            max_tokens_field=options.max_tokens_field,
            stream=stream,
            include_usage=options.include_usage,
        )
