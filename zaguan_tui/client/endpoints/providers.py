"""Provider and circuit-breaker status calls (wire reference §6.1, §6.2)."""

from __future__ import annotations

from functools import partial

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreakerReport, read_circuit_breakers
from zaguan_tui.client.types.providers.providers import ProviderStatusReport, read_provider_status


class ProviderEndpoints(EndpointGroup):
    """``/v1/providers`` and ``/v1/circuit-breaker``."""

    @endpoint("GET", "/v1/providers/status")
    async def get_provider_status(
        self, row: Endpoint, *, options: RequestOptions | None = None
    ) -> ProviderStatusReport:
        """State, latency in ms, request counts and error rate (0..1) of every provider (shape: proposal)."""
        now = self._dispatcher.clock.now()
        return await self._read(row, partial(read_provider_status, now=now), options=options)

    @endpoint("GET", "/v1/circuit-breaker/status")
    async def get_circuit_breaker_status(
        self, row: Endpoint, *, options: RequestOptions | None = None
    ) -> CircuitBreakerReport:
        """Every circuit breaker: state, counters, thresholds and when it will try again (shape: proposal)."""
        now = self._dispatcher.clock.now()
        return await self._read(row, partial(read_circuit_breakers, now=now), options=options)
