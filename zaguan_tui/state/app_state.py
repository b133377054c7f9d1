"""Application state: pollers, snapshots, conversations and alerts of one gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zaguan_tui.state.alerts.detector import AlertDetector, AlertLog
from zaguan_tui.state.chat.library import Library
from zaguan_tui.state.chat.wire.log import WireLog
from zaguan_tui.state.client_handle import ClientHandle
from zaguan_tui.state.core.clock import Clock, SystemClock, report_task_fault
from zaguan_tui.state.core.gateway import GatewayClient
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.link import LinkState, LinkStatus
from zaguan_tui.state.core.poller import Poller, PollerFactory
from zaguan_tui.state.credits.balance import CreditsState
from zaguan_tui.state.models.catalogue import ModelsState
from zaguan_tui.state.models.virtual_models import VirtualModelsState
from zaguan_tui.state.providers.provider_state import ProvidersState

if TYPE_CHECKING:
    from zaguan_tui.state.chat.prompt_history import PromptHistory
    from zaguan_tui.state.chat.prompt_request import DraftHandoff
    from zaguan_tui.state.credits.estimates import CostEstimator
    from zaguan_tui.state.credits.receipts import ReceiptTracker
    from zaguan_tui.state.providers.history_file import ProviderHistory
    from zaguan_tui.state.realtime.session import RealtimeSession


@dataclass(slots=True)
class AppState:
    """Clock, governor, connection, and every subject's state. Built without a client; ``connect`` brings one.

    ``conversations``, ``turns`` and ``receipts`` belong to the chat, ``memory`` to the file; they are set by
    the composition root. ``redact`` takes secrets out of what is written for others.
    """

    clock: Clock
    governor: PollGovernor
    link: LinkState
    providers: ProvidersState
    credits: CreditsState
    models: ModelsState
    virtual_models: VirtualModelsState
    alerts: AlertLog
    client_handle: ClientHandle
    alert_detector: AlertDetector
    library: Library
    wire: WireLog
    redact: Callable[[str], str] = str
    conversations: Any = None
    turns: Any = None
    memory: ProviderHistory | None = None
    draft_handoff: DraftHandoff | None = None
    receipts: ReceiptTracker | None = None
    prompts: PromptHistory | None = None
    _realtime: RealtimeSession | None = field(default=None, init=False, repr=False)
    _estimates: CostEstimator | None = field(default=None, init=False, repr=False)
    _started: bool = field(default=False, init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False, repr=False)
    _last_address: str | None = field(default=None, init=False, repr=False)

    @classmethod
    def build(
        cls,
        client: GatewayClient | None = None,
        *,
        clock: Clock | None = None,
        governor: PollGovernor | None = None,
        seed: int | str = 0,
    ) -> AppState:
        """An app state with every part wired. Give a ``governor`` of your own to count requests elsewhere."""
        clock = clock or SystemClock()
        governor = governor or PollGovernor(clock)
        client_handle, link, alerts = ClientHandle(), LinkState(clock), AlertLog(clock)
        polling = PollerFactory(
            clock, governor, explain=client_handle.explain, on_outcome=link.note, seed=seed
        )
        app_state = cls(
            clock=clock,
            governor=governor,
            link=link,
            providers=ProvidersState(
                client_handle.caller("get_provider_status"),
                client_handle.caller("get_circuit_breaker_status"),
                polling,
            ),
            credits=CreditsState(client_handle.caller("get_credits_balance"), polling),
            models=ModelsState(
                client_handle.caller("list_models"), client_handle.caller("get_capabilities"), polling
            ),
            virtual_models=VirtualModelsState(
                client_handle.caller("list_virtual_models"), clock, client_handle.explain
            ),
            alerts=alerts,
            client_handle=client_handle,
            alert_detector=AlertDetector(clock, alerts),
            library=Library(clock),
            wire=WireLog(clock),
        )
        app_state._wire()
        if client is not None:
            app_state.connect(client)
        return app_state

    @property
    def client(self) -> GatewayClient | None:
        """The client in use, if any."""
        return self.client_handle.client

    @property
    def realtime(self) -> RealtimeSession:
        """The one realtime session, which outlives the screen that shows it."""
        if self._realtime is None:
            from zaguan_tui.state.realtime.session import RealtimeSession

            masks = lambda: self.conversations and self.conversations.masks  # noqa: E731 - they come later
            self._realtime = RealtimeSession(self.client_handle, self.clock, masks)
        return self._realtime

    @property
    def estimates(self) -> CostEstimator:
        """What sends would cost at the present gateway."""
        if self._estimates is None:
            from zaguan_tui.state.credits.estimates import CostEstimator

            self._estimates = CostEstimator(self.client_handle, self.models, self.credits, self.clock)
        return self._estimates

    @property
    def connected(self) -> bool:
        """Whether there is a client; the line itself is the link's to judge."""
        return self.client_handle.client is not None

    @property
    def pollers(self) -> tuple[Poller[Any], ...]:
        """Every poller."""
        return (*self.providers.pollers, self.credits.poller, self.models.poller)

    def start(self) -> None:
        """Begin to poll as soon as there is a client. Needs a running event loop; twice is once."""
        self._started = True
        if self.connected and not self._tasks:
            self._spawn()

    def connect(self, client: GatewayClient) -> None:
        """Use ``client`` from now on. Another address than before starts with nothing known.

        The client stays the caller's to close. Raises ``RuntimeError`` when one is in use already.
        """
        if self.client_handle.client is not None:
            raise RuntimeError("disconnect the present gateway first")
        self.client_handle.client = client
        if self._last_address not in (None, client.base_url):
            self._forget()
        self._last_address = client.base_url
        self.link.connecting(self.client_handle.address)
        if self._started:
            self._spawn()

    async def disconnect(self) -> None:
        """Stop polling and let go of the client; what is known stays, growing old."""
        if self._realtime is not None:
            await self._realtime.leave()
        await self._stop()
        self.client_handle.client = None
        self.link.idle()

    async def refresh(self) -> None:
        """Ask every source now. Failures end up in the stores."""
        await asyncio.gather(*(poller.refresh() for poller in self.pollers))

    async def aclose(self) -> None:
        """Stop everything; the client is not closed here."""
        self._started = False
        if self._realtime is not None:
            await self._realtime.aclose()
        if self.receipts is not None:
            await self.receipts.aclose()
        await self._stop()
        self.client_handle.client = None

    def _wire(self) -> None:
        self.providers.store.watch(self.alert_detector.on_board, now=False)
        self.credits.store.watch(self.alert_detector.on_credits, now=False)
        self.link.watch(self.alert_detector.on_link, now=False)
        self.link.watch(_RecoveryWatcher(self), now=False)

    def _forget(self) -> None:
        self.providers.forget()
        self.credits.forget()
        self.models.forget()
        self.virtual_models.forget()
        self.alert_detector.forget()
        self.alerts.clear()

    def _spawn(self) -> None:
        for poller in self.pollers:
            task = asyncio.create_task(poller.run(), name=f"poller {poller.store.source}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            task.add_done_callback(report_task_fault)
        if self.memory is not None:
            self.memory.follow(self.client_handle.required().base_url)

    async def _stop(self) -> None:
        """End the polling, then let the file have what is new."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self.memory is not None:
            await self.memory.leave()


class _RecoveryWatcher:
    """Makes every source that failed ask again as soon as one of them succeeds, after none did."""

    __slots__ = ("_app_state", "_good_sources")

    def __init__(self, app_state: AppState) -> None:
        self._app_state = app_state
        self._good_sources = 0

    def __call__(self, status: LinkStatus) -> None:
        before, self._good_sources = self._good_sources, status.good_sources
        if status.good_sources and not before:
            for poller in self._app_state.pollers:
                poller.retry_now()
