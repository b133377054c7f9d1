"""The model catalogue: polled, and joined with the capabilities where the server has them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zaguan_tui.state.core.clock import fetch_error, run_within
from zaguan_tui.state.core.poller import PollerFactory
from zaguan_tui.state.core.problems import is_unsupported_call
from zaguan_tui.state.core.store import Problem, Store
from zaguan_tui.state.models.entry import ModelCatalogue as ModelCatalogue
from zaguan_tui.state.models.entry import ModelEntry as ModelEntry
from zaguan_tui.state.models.entry import join_models
from zaguan_tui.state.subject import Subject

if TYPE_CHECKING:
    from zaguan_tui.client.types.models.capabilities import Capability, CapabilityList
    from zaguan_tui.client.types.models.models import Model, ModelList
    from zaguan_tui.config.settings import Settings
    from zaguan_tui.state.core.poller import Poller

INTERVAL_S = 600.0
TIMEOUT_S = 10.0
MODELS_TIMEOUT_FACTOR = 6
CAPABILITIES_TIMEOUT_FACTOR = 3
"""How much longer than other readings these long lists may take."""

ABSENT_REST_S = 3600.0
"""A server without capabilities is asked for them once an hour."""

JOIN_IN_THREAD_FROM = 500
"""Joining more models than this may hold the event loop for longer than a frame."""


class ModelsState(Subject):
    """Polls models and capabilities together and holds them joined in ``store``.

    Without capabilities the models stay usable, with unknown flags. Capabilities once read are kept when a
    later reading of them fails.
    """

    def __init__(
        self,
        read_models: Callable[[], Awaitable[ModelList]],
        read_capabilities: Callable[[], Awaitable[CapabilityList]],
        polling: PollerFactory,
    ) -> None:
        """The two readings are client methods without arguments."""
        self._read_models = read_models
        self._read_capabilities = read_capabilities
        self._polling = polling
        self._capabilities: Mapping[str, Capability] = {}
        self._capabilities_at: datetime | None = None
        self._problem: Problem | None = None
        self._capabilities_failed = False
        self._rest_until = 0.0
        self._timeout = TIMEOUT_S
        self.store: Store[ModelCatalogue] = Store("models")
        self.poller = polling.poller(
            self.store,
            self._read,
            interval=INTERVAL_S,
            hidden_interval=None,
            timeout=TIMEOUT_S * MODELS_TIMEOUT_FACTOR,
            is_partial=lambda _catalogue: self._capabilities_failed,
        )

    @property
    def catalogue(self) -> ModelCatalogue:
        """The newest catalogue; empty before the first reading."""
        return self.store.snapshot.value or ModelCatalogue()

    def entry(self, model: str) -> ModelEntry | None:
        """The entry of one model id."""
        return self.catalogue.by_id.get(model)

    @property
    def pollers(self) -> tuple[Poller[Any], ...]:
        """The one poller; its first reading waits for the first visible screen."""
        return (self.poller,)

    def apply(self, settings: Settings) -> None:
        """Take over the pace, and the limit of a short reading: models and capabilities get a multiple."""
        self.poller.set_interval(settings.poll.models, None)
        self._timeout = settings.poll.timeout
        self.poller.set_timeout(self._timeout * MODELS_TIMEOUT_FACTOR)

    async def refresh(self) -> None:
        """Ask now; returns when the store knows."""
        self._rest_until = 0.0
        await self.poller.refresh()

    def reset(self) -> None:
        """Drop everything known: another gateway is coming."""
        self._capabilities, self._capabilities_at, self._problem = {}, None, None
        self._capabilities_failed, self._rest_until = False, 0.0
        self.store.forget()

    async def _read(self) -> ModelCatalogue:
        asking = asyncio.ensure_future(self._ask_capabilities())
        asking.add_done_callback(fetch_error)  # the list may fail first, and nobody awaits this one then
        try:
            models = await self._read_models()
            notes = models.notes + await asking
        finally:
            if not asking.done():
                asking.cancel()
                await asyncio.wait({asking})
        entries, by_id = await self._join(models.data)
        return ModelCatalogue(
            entries=entries,
            by_id=by_id,
            capabilities_problem=self._problem,
            capabilities_at=self._capabilities_at,
            notes=notes,
        )

    async def _join(
        self, models: tuple[Model, ...]
    ) -> tuple[tuple[ModelEntry, ...], Mapping[str, ModelEntry]]:
        known = self._capabilities
        if len(models) + len(known) <= JOIN_IN_THREAD_FROM:
            return _join(models, known)
        return await asyncio.to_thread(_join, models, known)

    async def _ask_capabilities(self) -> tuple[str, ...]:
        """Read the capabilities if it is time to; keeps a failure as a problem. Returns the notes."""
        clock = self._polling.clock
        if clock.monotonic() < self._rest_until:
            return ()
        self._polling.governor.count_poll()
        try:
            answer = await run_within(
                clock, self._timeout * CAPABILITIES_TIMEOUT_FACTOR, self._read_capabilities()
            )
        except Exception as error:  # noqa: BLE001 - boundary: the models are usable whatever went wrong here
            self._problem = self._polling.explain(error)
            self._capabilities_failed = not is_unsupported_call(error)
            if is_unsupported_call(error):
                self._rest_until = clock.monotonic() + ABSENT_REST_S
            return ()
        self._capabilities = answer.by_id
        self._capabilities_at, self._problem, self._capabilities_failed = clock.now(), None, False
        return answer.notes


def _join(
    models: tuple[Model, ...], capabilities: Mapping[str, Capability]
) -> tuple[tuple[ModelEntry, ...], Mapping[str, ModelEntry]]:
    entries = join_models(models, capabilities)
    return entries, {entry.id: entry for entry in entries}
