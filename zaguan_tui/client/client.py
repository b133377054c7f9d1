"""``ZaguanClient``: one gateway, one key, and a typed method for every call of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

from zaguan_tui.client.dispatch.base_url import normalise_base_url
from zaguan_tui.client.dispatch.clock import Clock
from zaguan_tui.client.dispatch.credentials import Secret
from zaguan_tui.client.dispatch.dispatcher import Dispatcher
from zaguan_tui.client.dispatch.gateway import Gateway
from zaguan_tui.client.dispatch.options import ClientOptions, Timeouts
from zaguan_tui.client.dispatch.raw import RawCalls
from zaguan_tui.client.dispatch.trace import Observer
from zaguan_tui.client.endpoints.admin import AdminEndpoints
from zaguan_tui.client.endpoints.assistants import AssistantEndpoints
from zaguan_tui.client.endpoints.audio import AudioEndpoints
from zaguan_tui.client.endpoints.batches import BatchEndpoints
from zaguan_tui.client.endpoints.chat import ChatEndpoints
from zaguan_tui.client.endpoints.credits import CreditEndpoints
from zaguan_tui.client.endpoints.embeddings import EmbeddingEndpoints
from zaguan_tui.client.endpoints.files import FileEndpoints
from zaguan_tui.client.endpoints.fine_tuning import FineTuningEndpoints
from zaguan_tui.client.endpoints.images import ImageEndpoints
from zaguan_tui.client.endpoints.messages import MessageEndpoints
from zaguan_tui.client.endpoints.models import CapabilityEndpoints, ModelEndpoints, VirtualModelEndpoints
from zaguan_tui.client.endpoints.moderations import ModerationEndpoints
from zaguan_tui.client.endpoints.providers import ProviderEndpoints
from zaguan_tui.client.endpoints.realtime import RealtimeEndpoints
from zaguan_tui.client.endpoints.runs import RunEndpoints
from zaguan_tui.client.endpoints.threads import ThreadEndpoints
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.transport.lazy_transport import LazyTransport
from zaguan_tui.client.transport.protocols import TransportHolder

if TYPE_CHECKING:
    from zaguan_tui.client.tape.format import TapeWriter


class ZaguanClient(
    ChatEndpoints,
    MessageEndpoints,
    ModelEndpoints,
    CapabilityEndpoints,
    CreditEndpoints,
    ProviderEndpoints,
    VirtualModelEndpoints,
    AdminEndpoints,
    RealtimeEndpoints,
    AssistantEndpoints,
    AudioEndpoints,
    BatchEndpoints,
    EmbeddingEndpoints,
    FileEndpoints,
    FineTuningEndpoints,
    ImageEndpoints,
    ModerationEndpoints,
    RunEndpoints,
    ThreadEndpoints,
):
    """An async client for one gateway.

    ``base_url`` is taken with or without ``/v1`` and kept without. ``admin_key`` is for admin calls, which
    use ``api_key`` otherwise. ``observers`` see every attempt. Nothing is sent, and no connection opened,
    before the first call. Use it as an async context manager, or call :meth:`aclose`.

    Raises :class:`ArgumentError` for an address or key that cannot be used. Every call raises
    :class:`~.errors.APIError` (its subclasses tell the kind), :class:`~.errors.TransportError` when no
    answer comes, :class:`~.errors.ResponseFormatError` for an answer nobody can read, and
    :class:`ArgumentError` before anything is sent.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        admin_key: str | None = None,
        options: ClientOptions | None = None,
        observers: Sequence[Observer] = (),
        clock: Clock | None = None,
    ) -> None:
        options = options or ClientOptions()
        gateway = Gateway(normalise_base_url(base_url), _secret(api_key), _secret(admin_key))
        self._dispatcher = Dispatcher(
            gateway=gateway,
            options=options,
            transport=LazyTransport(options, gateway.base_url),
            observers=tuple(observers),
            clock=clock or Clock(),
        )

    @property
    def base_url(self) -> str:
        """The gateway's address, without ``/v1`` and trailing slash."""
        return self._dispatcher.gateway.base_url

    @property
    def options(self) -> ClientOptions:
        """How this client behaves."""
        return self._dispatcher.options

    @property
    def raw(self) -> RawCalls:
        """Calls the catalogue does not know, and answers as they came."""
        return RawCalls(self._dispatcher)

    def with_options(
        self,
        *,
        timeout: float | Timeouts | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ZaguanClient:
        """A client like this one in all but what is given, on the same connections.

        ``timeout`` in seconds limits every silence; ``headers`` are added to those of this client. Closing
        either closes both.
        """
        if isinstance(timeout, (int, float)) and not timeout > 0:
            raise ArgumentError("timeout", f"is {timeout}", "seconds > 0")
        current = self.options
        options = replace(
            current,
            timeout=current.timeout.override(timeout),
            max_retries=current.max_retries if max_retries is None else max_retries,
            headers={**current.headers, **(headers or {})},
        )
        return self._with(replace(self._dispatcher, options=options))

    def over(self, transport: TransportHolder) -> ZaguanClient:
        """A client like this one that sends through ``transport``: a recorder, or a tape (:mod:`~.tape`)."""
        return self._with(replace(self._dispatcher, transport=transport))

    def recorded(self, writer: TapeWriter) -> ZaguanClient:
        """A client like this one whose exchanges ``writer`` records; see :func:`~.tape.record`."""
        from zaguan_tui.client.tape.recorder import TapeRecorder

        dispatcher = self._dispatcher
        since = dispatcher.clock.monotonic()
        secrets = (dispatcher.gateway.api_key, dispatcher.gateway.admin_key)
        return self.over(
            TapeRecorder(dispatcher.transport, writer, secrets, lambda: dispatcher.clock.monotonic() - since)
        )

    def _with(self, dispatcher: Dispatcher) -> ZaguanClient:
        client = object.__new__(type(self))
        client._dispatcher = dispatcher
        return client

    async def warm_up(self) -> None:
        """Import the HTTP library and load the certificates now, in a thread, not on the first call."""
        await self._dispatcher.transport.get()

    async def aclose(self) -> None:
        """Close every connection. Calls made afterwards fail."""
        await self._dispatcher.transport.aclose()

    async def __aenter__(self) -> ZaguanClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"ZaguanClient({self.base_url!r})"


def _secret(key: str | None) -> Secret | None:
    """A key without the white space that copying leaves around it; blank is no key."""
    stripped = (key or "").strip()
    return Secret(stripped) if stripped else None
