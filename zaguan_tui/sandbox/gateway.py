"""The state and services of one sandbox run; routes read it from ``app.state``."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from zaguan_tui.sandbox.config import SandboxConfig
from zaguan_tui.sandbox.data.loader import load_world
from zaguan_tui.sandbox.data.records import ModelData, WorldData
from zaguan_tui.sandbox.engine.clock import WorldClock
from zaguan_tui.sandbox.engine.ledger.allowance import REQUESTS_A_MINUTE, TOKENS_A_MINUTE, Allowance
from zaguan_tui.sandbox.engine.ledger.ledger import Balance, Entry, Ledger
from zaguan_tui.sandbox.engine.ledger.pricing import cost_nano, credits_for
from zaguan_tui.sandbox.engine.ledger.prompt_cache import PromptCache
from zaguan_tui.sandbox.engine.providers.call_record import WINDOW_SECONDS, CallOutcome
from zaguan_tui.sandbox.engine.providers.conditions import Conditions, FaultInjector
from zaguan_tui.sandbox.engine.providers.dispatcher import Dispatcher
from zaguan_tui.sandbox.engine.providers.router import Router
from zaguan_tui.sandbox.engine.providers.scenario import Scenario, load_scenario
from zaguan_tui.sandbox.engine.providers.traffic import BackgroundCall, Traffic
from zaguan_tui.sandbox.engine.providers.world import World
from zaguan_tui.sandbox.engine.providers.world_state import provider_switch
from zaguan_tui.sandbox.http.auth import KeyRing
from zaguan_tui.sandbox.http.errors import conflict

if TYPE_CHECKING:
    from zaguan_tui.sandbox.calls.upstream import UpstreamClient
    from zaguan_tui.sandbox.engine.ledger.history import History
    from zaguan_tui.sandbox.engine.ledger.object_store import ObjectStore
    from zaguan_tui.sandbox.engine.providers.reload import Changes


@dataclass(frozen=True, slots=True)
class GatewayAccount:
    """The account that the gateway's key belongs to."""

    tier: str = "enterprise"
    bands: tuple[str, ...] = ("A", "B", "C", "D")
    tenant: str = "you"


class Gateway:
    """Providers, clock, ledger and traffic of one run, on one event loop; the ledger has a thread of its own.

    Time is world seconds since the start; `catch_up` plays the background traffic up to now and comes first
    in everything that reads or changes the state of the providers.
    """

    def __init__(
        self, config: SandboxConfig, *, clock: WorldClock | None = None, data: WorldData | None = None
    ) -> None:
        """Load the world files, open the ledger and simulate the first window.

        Raises `WorldError`, `ScenarioError` or `LedgerError`.
        """
        self.config = config
        self.account = GatewayAccount()
        self.keys = KeyRing(config.api_key, config.admin_key)
        self.world = World(data or load_world(config.world))
        scenario = load_scenario(config.scenario)
        self.clock = clock or WorldClock(scale=config.time_scale, start_at=config.start_at)
        self.conditions = Conditions(scenario)
        self.fault_injector = FaultInjector(self.conditions, config.seed)
        self.ledger = Ledger(config.db, seed=config.seed, clock=self.clock)
        self.dispatcher = Dispatcher(
            self.world, self.conditions, since=-WINDOW_SECONDS, disabled=self.ledger.disabled_providers
        )
        self.router = Router(self.dispatcher)
        self.prompt_cache = PromptCache()
        self.requests_left = Allowance(REQUESTS_A_MINUTE)
        self.tokens_left = Allowance(TOKENS_A_MINUTE)
        self.config_version = 1
        self.loaded_at = self.clock.start_at
        self.tuned_models: list[ModelData] = []
        self._reloading = False
        self._object_store: asyncio.Future[ObjectStore] | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self.open_streams = 0
        self.calls_begun = 0
        self.traffic = Traffic(
            self.dispatcher,
            config.seed,
            begin=-WINDOW_SECONDS,
            time_scale=self.clock.scale,
            report=self._debit_background,
        )
        self.traffic.advance(0.0)

    def catch_up(self) -> float:
        """Play the background up to now and return now, in world seconds."""
        now = self.clock.elapsed()
        self.traffic.advance(now)
        return now

    def next_ordinal(self) -> int:
        """The number of the next user call; its random draws are derived from it."""
        self.calls_begun += 1
        return self.calls_begun

    def switch_scenario(self, name: str) -> Scenario:
        """Begin another scenario now. Raises `ScenarioError` for a name it does not know."""
        scenario = load_scenario(name)
        self.conditions.switch(scenario, self.catch_up())
        return scenario

    async def switch_provider(self, provider: str, *, enabled: bool) -> None:
        """Enable or disable a provider, also after a restart. Raises `LedgerError`."""
        await self.ledger.write(provider_switch(provider, enabled=enabled))
        self.dispatcher.records[provider].enabled = enabled

    async def balance(self) -> Balance:
        """The account's balance now."""
        self.catch_up()
        return await self.ledger.balance(self.clock.now())

    @cached_property
    def history(self) -> History:
        """The account's rows and sums; made by the first use, to keep the start short."""
        from zaguan_tui.sandbox.engine.ledger.history import History

        return History(self.ledger, self.config.seed, lambda: self.world.models)

    @cached_property
    def upstream(self) -> UpstreamClient:
        """The client of providers that are real servers; made by the first call to one."""
        from zaguan_tui.sandbox.calls.upstream import UpstreamClient

        return UpstreamClient()

    async def close_upstream(self) -> None:
        """Close the connections to real servers."""
        if "upstream" in self.__dict__:
            await self.upstream.aclose()

    async def reload(self) -> Changes:
        """Read the world files again and serve what they say. Raises `WorldError`, or 409 while one runs."""
        from zaguan_tui.sandbox.engine.providers.reload import Changes

        if self._reloading:
            raise conflict("Another reload is under way.", "reload_in_progress")
        self._reloading = True
        try:
            data = await asyncio.to_thread(load_world, self.config.world)
        finally:
            self._reloading = False
        now = self.catch_up()
        if self.conditions.has_gateway_fault("shrinking-reload", now):
            from zaguan_tui.sandbox.engine.providers.response_faults import drop_models

            data = drop_models(data)
        changes = Changes.between(self.world.data, data)
        if changes.any:
            tuned = [
                model
                for model in self.tuned_models
                if model.provider in {provider.id for provider in data.providers}
            ]
            self.world = World(data)
            self.dispatcher.adopt(self.world, now)
            self.traffic.follow_world()
            for model in tuned:
                self.world.add(model)
            self.config_version += 1
            self.loaded_at = self.clock.instant(now)
        return changes

    async def open_object_store(self) -> ObjectStore:
        """Files and jobs, read from the database the first time."""
        if self._object_store is None:
            self._object_store = asyncio.ensure_future(self._load_object_store())
        return await asyncio.shield(self._object_store)

    @property
    def loaded_object_store(self) -> ObjectStore | None:
        """Files and jobs if something has opened them."""
        opening = self._object_store
        return opening.result() if opening is not None and opening.done() else None

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a job in the background until it ends or the gateway closes."""
        job = asyncio.create_task(work)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

    async def _load_object_store(self) -> ObjectStore:
        from zaguan_tui.sandbox.engine.ledger.object_store import ObjectStore

        object_store = ObjectStore(self.ledger)
        await object_store.load()
        return object_store

    def instant(self, elapsed: float | None) -> datetime | None:
        """The world instant for world seconds, keeping ``None``."""
        return None if elapsed is None else self.clock.instant(elapsed)

    def close(self) -> None:
        """End the jobs, commit and close the ledger."""
        for job in self._jobs:
            job.cancel()
        with suppress(RuntimeError):
            self.ledger.close()

    def _debit_background(self, call: BackgroundCall) -> None:
        if call.began < 0:
            return  # the seeded past has already paid for what happened before the start
        cost = cost_nano(call.model, call.tokens)
        at = self.clock.instant(call.began).timestamp()
        self.ledger.note(
            Entry(
                request_id=f"req_{call.tenant}_{self.config.seed}_{at:.3f}",
                completion_id="",
                at=at,
                tenant=call.tenant,
                model=call.model.id,
                provider=call.model.provider,
                band=call.model.band,
                prompt_tokens=call.tokens.prompt,
                completion_tokens=call.tokens.completion,
                reasoning_tokens=call.tokens.reasoning,
                cached_tokens=call.tokens.cached,
                credits=credits_for(cost, call.tokens) if call.outcome is CallOutcome.SUCCESS else 0,
                cost_nano=cost,
                latency_ms=(call.ended - call.began) * 1000,
                status=call.outcome.value,
                error_message=call.error,
            )
        )
