"""Application state: a container of subjects with their pollers, and the client they ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from zaguan_tui.config.settings import Settings
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
from zaguan_tui.state.subject import StateContext, Subject

if TYPE_CHECKING:
    from zaguan_tui.state.chat.answer_masks import AnswerMasks
    from zaguan_tui.state.chat.chat_state import ChatState
    from zaguan_tui.state.chat.prompt_history import PromptHistory
    from zaguan_tui.state.chat.prompt_request import DraftHandoff
    from zaguan_tui.state.chat.turn_runner import TurnRunner
    from zaguan_tui.state.conversations.store import ConversationStore
    from zaguan_tui.state.credits.estimates import CostEstimator
    from zaguan_tui.state.credits.receipts import ReceiptTracker
    from zaguan_tui.state.realtime.session import RealtimeSession
    from zaguan_tui.storage.database import Database

S = TypeVar("S", bound=Subject)


class AppState:
    """Subjects by their class (:meth:`get`), and those that many screens use as attributes.

    Built without a client; :meth:`connect` brings one. ``conversations``, ``turns`` and ``receipts`` are
    there once storage is open.
    """

    def __init__(self, context: StateContext, link: LinkState) -> None:
        handle, clock, polling = context.client_handle, context.clock, context.polling
        self.context, self.link = context, link
        self.clock, self.governor, self.redact = clock, context.governor, context.redact
        self.client_handle, self.alerts = handle, context.alerts
        self.wire = WireLog(clock)
        self.chat: ChatState | None = None
        self.draft_handoff: DraftHandoff | None = None
        self._memory_library = Library(clock)
        self._subjects: dict[type[Subject], Subject] = {}
        self._started = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_address: str | None = None
        self.providers = self.add(
            ProvidersState(
                handle.caller("get_provider_status"), handle.caller("get_circuit_breaker_status"), polling
            )
        )
        self.credits = self.add(CreditsState(handle.caller("get_credits_balance"), polling))
        self.models = self.add(
            ModelsState(handle.caller("list_models"), handle.caller("get_capabilities"), polling)
        )
        self.virtual_models = self.add(
            VirtualModelsState(handle.caller("list_virtual_models"), clock, handle.explain)
        )
        detector = self.add(AlertDetector(clock, self.alerts))
        self.providers.store.watch(detector.on_board, now=False)
        self.credits.store.watch(detector.on_credits, now=False)
        link.watch(detector.on_link, now=False)
        link.watch(_RecoveryWatcher(self), now=False)

    @classmethod
    def build(
        cls,
        client: GatewayClient | None = None,
        *,
        clock: Clock | None = None,
        governor: PollGovernor | None = None,
        seed: int | str = 0,
        settings: Settings | None = None,
        redact: Callable[[str], str] = str,
    ) -> AppState:
        """Give a ``governor`` of your own to count requests elsewhere. Without ``settings``, subjects keep
        the pace of their own."""
        clock = clock or SystemClock()
        governor = governor or PollGovernor(clock)
        handle, link = ClientHandle(), LinkState(clock)
        polling = PollerFactory(clock, governor, explain=handle.explain, on_outcome=link.note, seed=seed)
        context = StateContext(
            clock, governor, handle, polling, AlertLog(clock), settings or Settings(), redact=redact
        )
        app_state = cls(context, link)
        if settings is not None:
            app_state.apply(settings)
        if client is not None:
            app_state.connect(client)
        return app_state

    def add(self, subject: S) -> S:
        """Make ``subject`` a part: its pollers run while there is a client."""
        self._subjects[type(subject)] = subject
        if self._tasks:
            self._spawn(subject.pollers)
        if self._started and self.client_handle.client is not None:
            subject.on_connect(self.client_handle.client.base_url)
        return subject

    def get(self, kind: type[S]) -> S:
        """The subject of this class, built when it is first wanted.

        Raises ``LookupError`` for a class that is neither there nor built from a context alone.
        """
        if kind not in self._subjects:
            subject = kind.build(self.context)
            subject.apply(self.context.settings)
            self.add(subject)
        return cast(S, self._subjects[kind])

    def open_storage(
        self,
        database: Database | None = None,
        masks: AnswerMasks | None = None,
        kinds: Iterable[type[Subject]] = (),
    ) -> None:
        """Build the chat, the subjects ``kinds`` and what is kept in a file; ``None`` keeps it in memory."""
        from zaguan_tui.state.chat.chat_state import build_chat_state

        self.chat = self.add(build_chat_state(self, database, masks))
        if database is not None:
            self.context.database.set(database)
        if database is not None and database.path is not None:
            from zaguan_tui.state.providers.history_file import open_provider_history

            self.add(open_provider_history(self.providers, database, self.clock, self.alerts))
        for kind in kinds:
            self.get(kind)

    @property
    def conversations(self) -> ConversationStore:
        """The conversations, once storage is open."""
        return self._opened_chat.conversations

    @property
    def turns(self) -> TurnRunner:
        """What puts prompts to models, once storage is open."""
        return self._opened_chat.turns

    @property
    def receipts(self) -> ReceiptTracker:
        """What answers cost by the gateway's ledger, once storage is open."""
        return self._opened_chat.receipts

    @property
    def prompts(self) -> PromptHistory | None:
        """The prompts of earlier runs, where there is a file."""
        return self._opened_chat.prompts

    @property
    def library(self) -> Library:
        """Prompts and presets; in memory alone until storage is open."""
        return self.chat.library if self.chat is not None else self._memory_library

    @property
    def busy(self) -> bool:
        """Whether an answer streams."""
        return self.chat is not None and self.chat.turns.busy

    @property
    def realtime(self) -> RealtimeSession:
        """The one realtime session, which outlives the screen that shows it."""
        from zaguan_tui.state.realtime.session import RealtimeSession

        if RealtimeSession not in self._subjects:
            masks = lambda: None if self.chat is None else self.chat.conversations.masks  # noqa: E731 - they come later
            self.add(RealtimeSession(self.client_handle, self.clock, masks))
        return self.get(RealtimeSession)

    @property
    def estimates(self) -> CostEstimator:
        """What sends would cost at the present gateway."""
        from zaguan_tui.state.credits.estimates import CostEstimator

        if CostEstimator not in self._subjects:
            estimator = CostEstimator(self.client_handle, self.models, self.credits, self.clock)
            estimator.apply(self.context.settings)
            self.add(estimator)
        return self.get(CostEstimator)

    @property
    def connected(self) -> bool:
        """Whether there is a client; the line itself is the link's to judge."""
        return self.client_handle.client is not None

    @property
    def pollers(self) -> tuple[Poller[Any], ...]:
        """The pollers of all subjects."""
        return tuple(poller for subject in self._subjects.values() for poller in subject.pollers)

    def apply(self, settings: Settings) -> None:
        """Poll as often, and read as much, as the settings say."""
        self.client_handle.body_limit = int(settings.poll.body_limit * 1_000_000)
        for subject in self._subjects.values():
            subject.apply(settings)
        if settings.poll.paused:
            self.governor.pause()

    def start(self) -> None:
        """Begin to poll as soon as there is a client. Needs a running event loop; twice is once."""
        self._started = True
        if self.connected and not self._tasks:
            self._begin()

    def connect(self, client: GatewayClient) -> None:
        """Use ``client`` from now on. Another address than before starts with nothing known.

        The client stays the caller's to close. Raises ``RuntimeError`` when one is in use already.
        """
        if self.client_handle.client is not None:
            raise RuntimeError("disconnect the present gateway first")
        self.client_handle.client = client
        if self._last_address not in (None, client.base_url):
            for subject in self._subjects.values():
                subject.reset()
            self.alerts.clear()
        self._last_address = client.base_url
        self.link.connecting(self.client_handle.address)
        if self._started:
            self._begin()

    async def disconnect(self) -> None:
        """Stop polling and let go of the client; what is known stays, growing old."""
        await self._stop()
        for subject in tuple(self._subjects.values()):
            await subject.on_disconnect()
        self.client_handle.client = None
        self.link.idle()

    async def refresh(self) -> None:
        """Ask every source now. Failures end up in the stores."""
        await asyncio.gather(*(poller.refresh() for poller in self.pollers))

    async def aclose(self) -> None:
        """Stop everything, what was added last first; the client is not closed here."""
        self._started = False
        await self._stop()
        for subject in reversed(tuple(self._subjects.values())):
            await subject.aclose()
        self.client_handle.client = None

    @property
    def _opened_chat(self) -> ChatState:
        if self.chat is None:
            raise LookupError("the storage is not open yet")
        return self.chat

    def _begin(self) -> None:
        self._spawn(self.pollers)
        for subject in self._subjects.values():
            subject.on_connect(self.client_handle.required().base_url)

    def _spawn(self, pollers: Iterable[Poller[Any]]) -> None:
        for poller in pollers:
            task = asyncio.create_task(poller.run(), name=f"poller {poller.store.source}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            task.add_done_callback(report_task_fault)

    async def _stop(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


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
