"""Client handle: the client in use, which pollers and senders look up at every call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from zaguan_tui.state.core.gateway import READING_LIMIT, GatewayClient
from zaguan_tui.state.core.problems import NotConnectedError, explain_error
from zaguan_tui.state.core.store import Problem

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.options import RequestOptions
    from zaguan_tui.client.realtime.session import RealtimeSession as RealtimeConnection
    from zaguan_tui.client.streaming.chat import ChatStream
    from zaguan_tui.client.streaming.messages import MessagesStream


@dataclass(slots=True)
class ClientHandle:
    """Holds the present client; pollers look here at every call."""

    client: GatewayClient | None = None
    body_limit: int = READING_LIMIT

    @property
    def address(self) -> str:
        """Host and port of the gateway, or nothing."""
        if self.client is None:
            return ""
        parts = urlsplit(self.client.base_url)
        return parts.netloc.rpartition("@")[2]

    def caller(self, name: str) -> Callable[[], Awaitable[Any]]:
        """A reading that calls the client's method ``name``; a poll is repeated by its poller, not within."""

        async def read() -> Any:
            return await getattr(self.required(), name)(options=self.read_options())

        return read

    def read_options(self, timeout: float | None = None) -> RequestOptions:
        """How a reading is asked for: only once, since its poller repeats it, and of a limited size."""
        from zaguan_tui.client.dispatch.options import RequestOptions  # no start needs it

        return RequestOptions(max_retries=0, timeout=timeout, body_limit=self.body_limit)

    def required(self) -> GatewayClient:
        """The client. Raises :class:`NotConnectedError` when there is none."""
        if self.client is None:
            raise NotConnectedError
        return self.client

    def chat_stream(self, *, model: str, messages: list[dict[str, Any]], **params: Any) -> ChatStream:
        """A chat stream of the present client. Raises :class:`NotConnectedError` when there is none."""
        return self.required().chat_stream(model=model, messages=messages, **params)

    def messages_stream(self, *, model: str, messages: list[dict[str, Any]], **params: Any) -> MessagesStream:
        """The same in the Messages dialect."""
        return self.required().messages_stream(model=model, messages=messages, **params)

    def realtime(self, *, model: str) -> RealtimeConnection:
        """A realtime connection, not yet made. Raises :class:`NotConnectedError` when there is no client."""
        return self.required().realtime(model=model)

    def explain(self, error: BaseException) -> Problem:
        """The problem behind ``error``, with the gateway's address in it."""
        return explain_error(error, address=self.address)
