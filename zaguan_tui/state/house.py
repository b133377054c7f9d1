"""The whole living state of one gateway in one place: what polls, what is known, what rang."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from .alerts import AlertLog, Lookout
from .clock import Clock, SystemClock
from .credits import CreditsState
from .gateway import READING_LIMIT, GatewayClient
from .governor import PollGovernor
from .library import Library
from .link import LinkState, LinkStatus
from .models import ModelsState
from .poller import Poller
from .polling import Polling
from .problems import NOT_CONNECTED, problem_from
from .providers import ProvidersState
from .store import Problem
from .virtual_models import VirtualModelsState
from .wire.log import WireLog

if TYPE_CHECKING:
    from zaguan_tui.client.messages_stream import MessagesStream
    from zaguan_tui.client.options import RequestOptions
    from zaguan_tui.client.realtime import RealtimeSession as RealtimeConnection
    from zaguan_tui.client.streams import ChatStream

    from .carried import Carried
    from .estimates import Estimates
    from .prompts import EarlierPrompts
    from .provider_memory import ProviderMemory
    from .realtime.session import RealtimeSession
    from .receipts import Receipts

T = TypeVar("T")


class NotConnectedError(Exception):
    """Something was asked of a gateway before there is one."""

    kind = NOT_CONNECTED


@dataclass(slots=True)
class Door:
    """The one place where the present client is; pollers look here at every call."""

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
        from zaguan_tui.client.options import RequestOptions

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
        return problem_from(error, address=self.address)


@dataclass(slots=True)
class House:
    """Clock, pace, line, and every subject's state. Built without a client; ``connect`` brings one.

    ``conversations``, ``turns`` and ``receipts`` belong to the chat, ``memory`` to the file; they are set by
    whoever composes the house. ``redact`` takes secrets out of what is written for others.
    """

    clock: Clock
    governor: PollGovernor
    link: LinkState
    providers: ProvidersState
    credits: CreditsState
    models: ModelsState
    virtual_models: VirtualModelsState
    alerts: AlertLog
    door: Door
    lookout: Lookout
    library: Library
    wire: WireLog
    redact: Callable[[str], str] = str
    conversations: Any = None
    turns: Any = None
    memory: ProviderMemory | None = None
    carried: Carried | None = None
    receipts: Receipts | None = None
    prompts: EarlierPrompts | None = None
    _realtime: RealtimeSession | None = field(default=None, init=False, repr=False)
    _estimates: Estimates | None = field(default=None, init=False, repr=False)
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
    ) -> House:
        """A house with every part wired. Give a ``governor`` of your own to count requests elsewhere."""
        clock = clock or SystemClock()
        governor = governor or PollGovernor(clock)
        door, link, alerts = Door(), LinkState(clock), AlertLog(clock)
        polling = Polling(clock, governor, explain=door.explain, told=link.note, seed=seed)
        house = cls(
            clock=clock,
            governor=governor,
            link=link,
            providers=ProvidersState(
                door.caller("get_provider_status"), door.caller("get_circuit_breaker_status"), polling
            ),
            credits=CreditsState(door.caller("get_credits_balance"), polling),
            models=ModelsState(door.caller("list_models"), door.caller("get_capabilities"), polling),
            virtual_models=VirtualModelsState(door.caller("list_virtual_models"), clock, door.explain),
            alerts=alerts,
            door=door,
            lookout=Lookout(clock, alerts),
            library=Library(clock),
            wire=WireLog(clock),
        )
        house._wire()
        if client is not None:
            house.connect(client)
        return house

    @property
    def client(self) -> GatewayClient | None:
        """The client in use, if any."""
        return self.door.client

    @property
    def realtime(self) -> RealtimeSession:
        """The one realtime session, which outlives the room that shows it."""
        if self._realtime is None:
            from .realtime.session import RealtimeSession  # no start needs it

            masks = lambda: self.conversations and self.conversations.masks  # noqa: E731 - they come later
            self._realtime = RealtimeSession(self.door, self.clock, masks)
        return self._realtime

    @property
    def estimates(self) -> Estimates:
        """What sends would cost at the present gateway."""
        if self._estimates is None:
            from .estimates import Estimates  # no start needs it

            self._estimates = Estimates(self.door, self.models, self.credits, self.clock)
        return self._estimates

    @property
    def connected(self) -> bool:
        """Whether there is a client; the line itself is the link's to judge."""
        return self.door.client is not None

    @property
    def pollers(self) -> tuple[Poller[Any], ...]:
        """Every poller of the house."""
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
        if self.door.client is not None:
            raise RuntimeError("disconnect the present gateway first")
        self.door.client = client
        if self._last_address not in (None, client.base_url):
            self._forget()
        self._last_address = client.base_url
        self.link.connecting(self.door.address)
        if self._started:
            self._spawn()

    async def disconnect(self) -> None:
        """Stop polling and let go of the client; what is known stays, growing old."""
        if self._realtime is not None:
            await self._realtime.leave()
        await self._stop()
        self.door.client = None
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
        self.door.client = None

    def _wire(self) -> None:
        self.providers.store.watch(self.lookout.on_board, now=False)
        self.credits.store.watch(self.lookout.on_credits, now=False)
        self.link.watch(self.lookout.on_link, now=False)
        self.link.watch(_RecoveryWatch(self), now=False)

    def _forget(self) -> None:
        self.providers.forget()
        self.credits.forget()
        self.models.forget()
        self.virtual_models.forget()
        self.lookout.forget()
        self.alerts.clear()

    def _spawn(self) -> None:
        for poller in self.pollers:
            task = asyncio.create_task(poller.run(), name=f"poller {poller.store.source}")
            self._tasks.add(task)
            task.add_done_callback(self._on_end)
        if self.memory is not None:
            self.memory.follow(self.door.required().base_url)

    def _on_end(self, task: asyncio.Task[None]) -> None:
        """A poller only ends when it is cancelled; anything else is a fault that must be heard of."""
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            task.get_loop().call_exception_handler({"message": f"{task.get_name()} died", "exception": fault})

    async def _stop(self) -> None:
        """End the polling, then let the file have what is new."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self.memory is not None:
            await self.memory.leave()


class _RecoveryWatch:
    """Makes every source that failed ask again as soon as one of them succeeds, after none did."""

    __slots__ = ("_good_sources", "_house")

    def __init__(self, house: House) -> None:
        self._house = house
        self._good_sources = 0

    def __call__(self, status: LinkStatus) -> None:
        before, self._good_sources = self._good_sources, status.good_sources
        if status.good_sources and not before:
            for poller in self._house.pollers:
                poller.hurry()
