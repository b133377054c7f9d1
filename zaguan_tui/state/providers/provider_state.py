"""Provider state: two pollers, one joined board, and the history behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zaguan_tui.state.core.poller import Poller, PollerFactory
from zaguan_tui.state.core.schedule import Schedule
from zaguan_tui.state.core.skew import ClockSkew
from zaguan_tui.state.core.store import Phase, Snapshot, Store
from zaguan_tui.state.providers.board import ProviderBoard as ProviderBoard
from zaguan_tui.state.providers.board import SourceTrust, Trust
from zaguan_tui.state.providers.breaker_history import BreakerHistory, LaneKey, Span, Transition
from zaguan_tui.state.providers.join import ConflictTracker, JoinInput, join_rows
from zaguan_tui.state.providers.observed_spans import ObservedSpan
from zaguan_tui.state.providers.row import ProviderRow as ProviderRow
from zaguan_tui.state.providers.row import ProviderVerdict as ProviderVerdict
from zaguan_tui.state.providers.series import ProviderSeries, ProviderSeriesStore, Readings
from zaguan_tui.state.subject import Subject

if TYPE_CHECKING:
    from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreakerReport
    from zaguan_tui.client.types.providers.providers import ProviderStatusReport
    from zaguan_tui.config.settings import Settings

INTERVAL_S = 5.0
HIDDEN_INTERVAL_S = 30.0
ALERT_SCHEDULE = Schedule(interval=2.0, hidden_interval=10.0)
"""For the breakers while one of them is not closed: half-open may last for a few seconds only."""

TIMEOUT_S = 10.0
SPARK_POINTS = 24
"""Readings in a row's sparkline: two minutes at the visible pace."""

_SHOWN_TRANSITIONS = 50
_WORST_FIRST = (Phase.FAILED, Phase.STALE, Phase.FRESH)


class ProvidersState(Subject):
    """Polls provider health and circuit breakers, and joins both into ``store``.

    ``store`` holds a :class:`ProviderBoard`; ``status`` and ``breakers`` hold the two answers as they came.
    A server that lacks one of the two endpoints still gives a board from the other.
    """

    def __init__(
        self,
        read_status: Callable[[], Awaitable[ProviderStatusReport]],
        read_breakers: Callable[[], Awaitable[CircuitBreakerReport]],
        polling: PollerFactory,
    ) -> None:
        """The two readings are client methods without arguments."""
        self._series = ProviderSeriesStore()
        self._history = BreakerHistory()
        self._skew = ClockSkew()
        self._conflicts = ConflictTracker()
        self._readings = {"status": 0, "breakers": 0}
        self._rows: tuple[ProviderRow, ...] = ()
        self._last_seen: dict[str, Snapshot[Any]] = {}
        self.store: Store[ProviderBoard] = Store("providers")
        self.status: Store[ProviderStatusReport] = Store("provider status")
        self.breakers: Store[CircuitBreakerReport] = Store("circuit breakers")
        self._status_poller = polling.poller(
            self.status,
            read_status,
            interval=INTERVAL_S,
            hidden_interval=HIDDEN_INTERVAL_S,
            timeout=TIMEOUT_S,
        )
        self._breaker_poller = polling.poller(
            self.breakers,
            read_breakers,
            interval=INTERVAL_S,
            hidden_interval=HIDDEN_INTERVAL_S,
            timeout=TIMEOUT_S,
        )
        self._clock = polling.clock
        self.status.watch(self._on_status, now=False)
        self.breakers.watch(self._on_breakers, now=False)

    @property
    def board(self) -> ProviderBoard:
        """The newest board; empty before the first reading."""
        return self.store.snapshot.value or ProviderBoard()

    @property
    def pollers(self) -> tuple[Poller[Any], ...]:
        """The two pollers behind the board."""
        return self._status_poller, self._breaker_poller

    @property
    def providers(self) -> tuple[str, ...]:
        """Every provider that has a history in numbers."""
        return self._series.providers

    def series(self, provider: str) -> ProviderSeries | None:
        """The history in numbers of one provider."""
        return self._series.of(provider)

    def transitions(self, provider: str | None = None) -> tuple[Transition, ...]:
        """The remembered breaker transitions of one provider or of all, newest first."""
        return self._history.transitions if provider is None else self._history.of(provider)

    def lane(self, provider: str, scope: str | None = None) -> tuple[Span, ...]:
        """What one breaker did over time, oldest first, gaps as unknown."""
        return self._history.lane(provider, scope)

    def watched(self, since: datetime) -> tuple[ObservedSpan, ...]:
        """When the breakers were watched in this run of the program; the spans that end after ``since``."""
        return self._history.watched(since)

    def recall_series(self, provider: str, readings: Mapping[str, Readings]) -> None:
        """Put remembered readings (by name: p50, p95, error_rate) before the ones seen; shown from the next
        poll on."""
        self._series.precede(provider, readings, self._clock.now())

    def recall_breakers(
        self, transitions: Sequence[Transition], lanes: Mapping[LaneKey, Sequence[Span]]
    ) -> None:
        """Put what is remembered of the breakers, oldest first, before what was seen of them."""
        self._history.precede(transitions, lanes)
        self._publish()

    async def refresh(self) -> None:
        """Ask both endpoints now; returns when the board knows. Failures end up in the stores."""
        await asyncio.gather(*(poller.refresh() for poller in self.pollers))

    def apply(self, settings: Settings) -> None:
        """Take over the pace and the limit of a reading."""
        poll = settings.poll
        for poller in self.pollers:
            poller.set_interval(poll.providers, poll.providers_hidden)
            poller.set_timeout(poll.timeout)

    def reset(self) -> None:
        """Drop everything known: another gateway is coming."""
        self._series.forget()
        self._history = BreakerHistory()
        self._skew = ClockSkew()
        self._conflicts = ConflictTracker()
        self._rows, self._last_seen = (), {}
        self._breaker_poller.set_alert_schedule(None)
        for store in (self.status, self.breakers, self.store):
            store.forget()

    def _on_status(self, snapshot: Snapshot[ProviderStatusReport]) -> None:
        match self._classify_change(snapshot):
            case "value" if snapshot.value is not None and snapshot.at is not None:
                self._skew.measure(snapshot.value.generated_at, snapshot.at)
                self._series.add(snapshot.value.data, snapshot.at)
                self._readings["status"] += 1
                self._join()
            case "failure":
                self._series.gap(self._clock.now())
        self._publish()

    def _on_breakers(self, snapshot: Snapshot[CircuitBreakerReport]) -> None:
        match self._classify_change(snapshot):
            case "value" if snapshot.value is not None and snapshot.at is not None:
                skew = self._skew.measure(snapshot.value.generated_at, snapshot.at)
                self._history.observe(snapshot.value.data, snapshot.at, skew_s=skew)
                self._readings["breakers"] += 1
                alert = any(b.nearest_state in ("open", "half_open") for b in snapshot.value.data)
                self._breaker_poller.set_alert_schedule(ALERT_SCHEDULE if alert else None)
                self._join()
            case "failure":
                self._history.interrupt()
        self._publish()

    def _classify_change(self, snapshot: Snapshot[Any]) -> str:
        """What a snapshot brings that the one before did not: a ``value``, a ``failure``, or nothing."""
        before = self._last_seen.get(snapshot.source) or Snapshot()
        self._last_seen[snapshot.source] = snapshot
        if snapshot.at != before.at or snapshot.value is not before.value:
            return "value"
        return "failure" if snapshot.failures > before.failures else ""

    def _join(self) -> None:
        status, breakers = self.status.snapshot.value, self.breakers.snapshot.value
        reading = JoinInput(
            statuses=status.data if status else (),
            breakers=breakers.data if breakers else (),
            now=self._clock.now(),
            skew_s=self._skew.seconds,
        )
        self._conflicts.begin((self._readings["status"], self._readings["breakers"]))
        self._rows = join_rows(
            reading, lambda provider: self._series.spark(provider, SPARK_POINTS), self._conflicts.has_lasted
        )
        self._conflicts.end()

    def _publish(self) -> None:
        """Put the joined picture out, with the worst of both sources as its phase."""
        sources = (self.status.snapshot, self.breakers.snapshot)
        trust = Trust(tuple(SourceTrust.of(source) for source in sources))
        present = [source for source in trust.sources if source.phase is not Phase.ABSENT]
        doubt = next((source for source in _by_doubt(present) if source.problem), None)
        self.store.put(
            Snapshot(
                value=self._board(trust) if trust.at else None,
                at=trust.at,
                phase=_joined_phase(trust),
                failures=trust.failures,
                failing_since=doubt.failing_since if doubt else None,
                problem=doubt.problem if doubt else (trust.problems[0] if not present else None),
                next_poll_at=min((s.next_poll_at for s in trust.sources if s.next_poll_at), default=None),
                source="providers",
                version=self.store.snapshot.version,
            )
        )

    def _board(self, trust: Trust) -> ProviderBoard:
        answers = (self.status.snapshot.value, self.breakers.snapshot.value)
        return ProviderBoard(
            rows=self._rows,
            transitions=self._history.transitions[:_SHOWN_TRANSITIONS],
            trust=trust,
            skew_s=self._skew.seconds,
            notes=tuple(note for answer in answers if answer for note in answer.notes),
        )


def _by_doubt(sources: list[SourceTrust]) -> list[SourceTrust]:
    return sorted(sources, key=lambda source: -source.failures)


def _joined_phase(trust: Trust) -> Phase:
    """The worst phase of the sources the server has; a first load only while there is nothing at all.

    While one of two sources answers, the board is stale at worst: its trust tells which one is missing.
    """
    phases = {source.phase for source in trust.sources}
    if phases == {Phase.ABSENT}:
        return Phase.ABSENT
    worst = next((phase for phase in _WORST_FIRST if phase in phases), Phase.FIRST_LOAD)
    return Phase.STALE if worst is Phase.FAILED and phases & {Phase.FRESH, Phase.STALE} else worst
