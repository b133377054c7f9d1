"""A gateway made of plain objects: answers what it is told to, counts its calls, fails on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.types.account.credits import CreditsBalance
from zaguan_tui.client.types.account.credits_history import CreditEntry, CreditsHistoryPage
from zaguan_tui.client.types.answers.messages import TokenCount
from zaguan_tui.client.types.models.capabilities import Capability, CapabilityList
from zaguan_tui.client.types.models.models import Model, ModelList
from zaguan_tui.client.types.models.virtual_models import VirtualModel, VirtualModelList
from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreaker, CircuitBreakerReport
from zaguan_tui.client.types.providers.latency import Latency
from zaguan_tui.client.types.providers.providers import ProviderStatus, ProviderStatusReport, RequestCounts
from zaguan_tui.state.core.clock import FakeClock


def provider(name: str, status: str = "healthy", **fields: Any) -> ProviderStatus:
    """A provider with 100 requests of which 1 failed, unless told otherwise."""
    fields.setdefault("latency", Latency(avg=300.0, p50=250.0, p95=800.0, p99=1200.0))
    fields.setdefault("requests", RequestCounts(total=100, success=99, error=1, rate_limited=0))
    fields.setdefault("error_rate", 0.01)
    return ProviderStatus(id=name, name=name, status=status, **fields)


def breaker(name: str, state: str = "closed", **fields: Any) -> CircuitBreaker:
    """A circuit breaker."""
    return CircuitBreaker(provider=name, state=state, **fields)


class FakeGateway:
    """Set ``providers``, ``breakers`` and so on, ``errors`` by call; ``delay`` is seconds of the clock."""

    def __init__(self, clock: FakeClock, base_url: str = "http://127.0.0.1:8787") -> None:
        self.clock = clock
        self.base_url = base_url
        self.providers: list[ProviderStatus] = [provider("groq"), provider("openai")]
        self.breakers: list[CircuitBreaker] = [breaker("groq"), breaker("openai")]
        self.balance = CreditsBalance(credits_remaining=500.0, credits_total=1000.0, remaining_fraction=0.5)
        self.models: list[Model] = [Model(id="groq/llama", provider="groq")]
        self.capabilities: list[Capability] = [Capability(model_id="groq/llama", vision=False, tools=True)]
        self.virtual: list[VirtualModel] | None = None
        self.errors: dict[str, Callable[[], Exception]] = {}
        self.calls: Counter[str] = Counter()
        self.tokens: Callable[[dict[str, Any]], int] | None = None
        self.counted: list[dict[str, Any]] = []
        self.debits: list[CreditEntry] = []
        self.delay = 0.0
        self.skew_s = 0.0

    def fail_all(self, error: Callable[[], Exception]) -> None:
        """Make every call fail."""
        for name in ("status", "breakers", "balance", "models", "capabilities"):
            self.errors[name] = error

    async def _answer(self, name: str) -> None:
        self.calls[name] += 1
        if self.delay:
            await self.clock.sleep(self.delay)
        if name in self.errors:
            raise self.errors[name]()

    async def list_models(self, *, options: Any = None) -> ModelList:
        await self._answer("models")
        return ModelList(data=tuple(self.models))

    async def get_capabilities(self, *, options: Any = None) -> CapabilityList:
        await self._answer("capabilities")
        return CapabilityList(data=tuple(self.capabilities))

    async def list_virtual_models(self, *, options: Any = None) -> VirtualModelList:
        """Those of ``virtual``; without it the call is not there."""
        await self._answer("virtual")
        if self.virtual is None:
            raise APIError("Not found", kind=ErrorKind.NOT_FOUND, status=404, endpoint_absent=True)
        return VirtualModelList(data=tuple(self.virtual))

    async def get_credits_balance(self, *, options: Any = None) -> CreditsBalance:
        await self._answer("balance")
        return self.balance

    async def get_credits_history(self, *, options: Any = None, **query: Any) -> CreditsHistoryPage:
        await self._answer("history")
        return CreditsHistoryPage(data=tuple(self.debits))

    async def count_tokens(self, *, options: Any = None, **body: Any) -> TokenCount:
        """Counts as ``tokens`` says; without it the call is not there."""
        await self._answer("count")
        self.counted.append(body)
        if self.tokens is None:
            raise APIError("Not found", kind=ErrorKind.NOT_FOUND, status=404, endpoint_absent=True)
        return TokenCount(input_tokens=self.tokens(body))

    async def get_provider_status(self, *, options: Any = None) -> ProviderStatusReport:
        await self._answer("status")
        return ProviderStatusReport(data=tuple(self.providers), generated_at=self._now())

    async def get_circuit_breaker_status(self, *, options: Any = None) -> CircuitBreakerReport:
        await self._answer("breakers")
        return CircuitBreakerReport(data=tuple(self.breakers), generated_at=self._now())

    def chat_stream(self, *, model: str, messages: Sequence[Mapping[str, Any]], **params: Any) -> Any:
        raise NotImplementedError

    def _now(self) -> Any:
        from datetime import timedelta

        return self.clock.now() + timedelta(seconds=self.skew_s)
