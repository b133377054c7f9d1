"""The protocol of the client that the state needs: the calls it makes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.options import RequestOptions
    from zaguan_tui.client.realtime.session import RealtimeSession
    from zaguan_tui.client.streaming.chat import ChatStream
    from zaguan_tui.client.streaming.messages import MessagesStream
    from zaguan_tui.client.types.account.credits import CreditsBalance
    from zaguan_tui.client.types.account.credits_history import CreditsHistoryPage
    from zaguan_tui.client.types.answers.messages import TokenCount
    from zaguan_tui.client.types.models.capabilities import CapabilityList
    from zaguan_tui.client.types.models.models import ModelList
    from zaguan_tui.client.types.models.virtual_models import VirtualModelList
    from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreakerReport
    from zaguan_tui.client.types.providers.providers import ProviderStatusReport

READING_LIMIT = 6_000_000
"""Bytes of one reading (models, providers, credits …), decompressed; 10,000 models have less."""


class GatewayClient(Protocol):
    """The calls that the state makes. Each raises the client's errors; none blocks the event loop."""

    @property
    def base_url(self) -> str:
        """The address of the gateway."""
        ...

    async def list_models(self, *, options: RequestOptions | None = None) -> ModelList:
        """Every model the gateway offers."""
        ...

    async def get_capabilities(self, *, options: RequestOptions | None = None) -> CapabilityList:
        """What each model can do."""
        ...

    async def list_virtual_models(self, *, options: RequestOptions | None = None) -> VirtualModelList:
        """Every name that the gateway routes to one of several models."""
        ...

    async def get_credits_balance(self, *, options: RequestOptions | None = None) -> CreditsBalance:
        """What is left of the credits."""
        ...

    @property
    def get_credits_history(self) -> Callable[..., Awaitable[CreditsHistoryPage]]:
        """One page of debits, newest first."""
        ...

    @property
    def count_tokens(self) -> Callable[..., Awaitable[TokenCount]]:
        """How many tokens a messages call would be, without sending it to the model."""
        ...

    async def get_provider_status(self, *, options: RequestOptions | None = None) -> ProviderStatusReport:
        """The health of every provider."""
        ...

    async def get_circuit_breaker_status(
        self, *, options: RequestOptions | None = None
    ) -> CircuitBreakerReport:
        """The state of every circuit breaker."""
        ...

    @property
    def chat_stream(self) -> Callable[..., ChatStream]:
        """A streamed chat: an async context manager and an async iterator of events."""
        ...

    @property
    def messages_stream(self) -> Callable[..., MessagesStream]:
        """The same in the Messages dialect."""
        ...

    @property
    def realtime(self) -> Callable[..., RealtimeSession]:
        """A session over a WebSocket: an async context manager and an async iterator of events."""
        ...
