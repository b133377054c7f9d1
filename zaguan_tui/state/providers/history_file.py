"""Provider history: writes series and breaker transitions to the database, and restores them.

The history of the last day stands in the file under the gateway's address: three series a provider in steps
of a minute, every breaker transition, and when the breakers were watched. It is written beside the polls,
never in their way; what was not watched stays unknown.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TypeVar

from zaguan_tui.state.alerts.alert import Alert, Severity
from zaguan_tui.state.alerts.log import AlertLog
from zaguan_tui.state.core.clock import Clock, report_task_fault
from zaguan_tui.state.providers.breaker_history import GAP_AFTER_S, LaneKey, Transition
from zaguan_tui.state.providers.observed_spans import MAX_SPAN_S, ObservedSpan, merge_spans
from zaguan_tui.state.providers.provider_state import ProvidersState
from zaguan_tui.state.providers.series import SERIES
from zaguan_tui.state.providers.stored_lanes import rebuild_lanes
from zaguan_tui.state.providers.transition_rows import transition_from_row, transition_to_row
from zaguan_tui.state.subject import Subject
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.errors import StorageError
from zaguan_tui.storage.samples import Sample, SampleTable
from zaguan_tui.storage.transitions import TransitionTable

T = TypeVar("T")

WRITE_EVERY_S = 15.0
"""Seconds between two writes: what ``kill -9`` may take with it."""

CLOSE_TIMEOUT_S = 2.0
"""How long the last write may take before it is given up."""

RECALLED_AGE = timedelta(days=1)
SAMPLES_KEPT = timedelta(days=2)
"""Twice what is recalled: a row a minute for every series of twenty providers is 17 MB a day."""

TRANSITIONS_KEPT = timedelta(days=30)
FORGET_EVERY = timedelta(days=1)

MAX_BACKLOG = timedelta(hours=1)
"""Samples older than this are given up when the file failed for longer."""

SAME_TRANSITION_S = timedelta(seconds=GAP_AFTER_S)
"""Two programs that watch one breaker notice a step at most this far apart."""

_MAX_RECALLED = 500
_TOPIC = "provider memory"


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is new at ``at``, ready to be written."""

    at: datetime
    samples: list[Sample]
    transitions: tuple[Transition, ...]


class ProviderHistory(Subject):
    """Stores what ``providers`` observes of one gateway, and restores what earlier runs stored.

    A file that fails is one alert, which ends when it works again; polling never hears of it. What could
    not be written is tried again with the next batch.
    """

    def __init__(
        self,
        providers: ProvidersState,
        samples: SampleTable,
        transitions: TransitionTable,
        clock: Clock,
        alerts: AlertLog,
    ) -> None:
        self._providers = providers
        self._samples = samples
        self._transitions = transitions
        self._clock = clock
        self._alerts = alerts
        self._gateway = ""
        self._recalled = False
        self._written_at = clock.now()
        self._forgotten_at: datetime | None = None
        self._newest: Transition | None = None
        self._failing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def recalled(self) -> bool:
        """Whether what earlier runs saw of this gateway has been put back, as far as the file gave it."""
        return self._recalled

    def on_connect(self, base_url: str) -> None:
        """Recall and write down what belongs to the gateway at this address from now on.

        Called when its polling begins, after :meth:`on_disconnect` if another was followed. Needs a running
        loop.
        """
        if base_url != self._gateway:
            self._gateway, self._recalled, self._newest = base_url, False, None
            self._written_at = self._clock.now()
        self._task = asyncio.create_task(self._run(), name="provider memory")
        self._task.add_done_callback(report_task_fault)

    async def on_disconnect(self) -> None:
        """Write what is new and let go of the gateway; harmless when none is followed."""
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        with contextlib.suppress(TimeoutError):  # a file that hangs must not keep the person here
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await asyncio.wait({task})
                await self.write()

    async def aclose(self) -> None:
        """Write what is new."""
        await self.on_disconnect()

    async def write(self) -> None:
        """Bring to the file what is new since the last time."""
        batch = self._collect()
        if await self._try(self._store_batch(batch)):
            self._written_at = batch.at
            if batch.transitions:
                self._newest = batch.transitions[0]

    async def _run(self) -> None:
        if not self._recalled:
            await self._try(self._restore())
            self._recalled = True
        while True:
            await self._forget_old()
            await self._clock.sleep(WRITE_EVERY_S)
            await self.write()

    def _collect(self) -> _Batch:
        now = self._clock.now()
        since = max(self._written_at, now - MAX_BACKLOG)
        samples = [
            Sample(f"{self._prefix}{provider}/{name}", point.at, point.mean)
            for provider in self._providers.providers
            if (series := self._providers.series(provider)) is not None
            for name in SERIES
            for point in getattr(series, name).coarse_since(since)
        ]
        samples += [
            Sample(self._watch_name, span.start.timestamp(), span.end.timestamp())
            for span in self._providers.watched(self._written_at)
        ]
        newest = takewhile(lambda seen: seen is not self._newest, self._providers.transitions())
        return _Batch(now, samples, tuple(seen for seen in newest if not seen.remembered))

    async def _store_batch(self, batch: _Batch) -> bool:
        await self._transitions.add(
            transition_to_row(each, self._gateway) for each in batch.transitions[::-1]
        )
        await self._samples.add(batch.samples)
        return True

    async def _restore(self) -> bool:
        """Put the last day of this gateway before what was seen since the start; a series at a time, so that
        the screen goes on meanwhile."""
        now = self._clock.now()
        since = (now - RECALLED_AGE).timestamp()
        rows = await self._transitions.read(self._gateway, since, limit=_MAX_RECALLED)
        watched = await self._samples.read(self._watch_name, since - MAX_SPAN_S.total_seconds())
        ours = _deduplicate(transition_from_row(row) for row in rows if row.at <= now.timestamp())
        spans = merge_spans(_read_span(sample, now) for sample in watched if sample.at <= now.timestamp())
        known = {(t.provider, t.scope, t.at, t.to_state) for t in self._providers.transitions()}
        fresh = tuple(t for t in ours if (t.provider, t.scope, t.at, t.to_state) not in known)
        self._providers.recall_breakers(fresh, rebuild_lanes(ours, spans))
        for name in await self._samples.names(self._prefix):
            provider, _, series = name.removeprefix(self._prefix).rpartition("/")
            readings = await self._samples.read(name, since)
            if readings and provider:
                self._providers.recall_series(
                    provider, {series: [(each.at, each.value) for each in readings]}
                )
            await asyncio.sleep(0)
        return True

    async def _forget_old(self) -> None:
        """Drop what is too old, at the start and once a day."""
        now = self._clock.now()
        if self._forgotten_at is not None and now - self._forgotten_at < FORGET_EVERY:
            return
        self._forgotten_at = now
        await self._try(self._samples.forget((now - SAMPLES_KEPT).timestamp()))
        await self._try(self._transitions.forget((now - TRANSITIONS_KEPT).timestamp()))

    async def _try(self, work: Awaitable[T]) -> T | None:
        try:
            outcome = await work
        except StorageError as error:
            if not self._failing:
                self._failing = True
                now, title = self._clock.now(), "Provider history is not being kept"
                self._alerts.add([Alert(0, now, Severity.WARNING, title, str(error), topic=_TOPIC)])
            return None
        if self._failing:
            self._failing = False
            self._alerts.end(_TOPIC)
        return outcome

    @property
    def _prefix(self) -> str:
        """Before the provider in a series' name. No address holds a space, so none is part of another's."""
        return f"{self._gateway} provider/"

    @property
    def _watch_name(self) -> str:
        """The series of watches: each at its start, with its end as the value."""
        return f"{self._gateway} watched"


def open_provider_history(
    providers: ProvidersState, database: Database, clock: Clock, alerts: AlertLog
) -> ProviderHistory:
    """The history of ``providers`` in an open file."""
    return ProviderHistory(providers, SampleTable(database), TransitionTable(database), clock, alerts)


def _deduplicate(transitions: Iterable[Transition]) -> tuple[Transition, ...]:
    """Without what a second program on the same file saw too: the same step at nearly the same moment."""
    unique: list[Transition] = []
    newest: dict[LaneKey, Transition] = {}
    for each in transitions:
        key = each.provider, each.scope
        before, newest[key] = newest.get(key), each
        same = before and (before.from_state, before.to_state) == (each.from_state, each.to_state)
        if before is None or not same or each.at - before.at > SAME_TRANSITION_S:
            unique.append(each)
    return tuple(unique)


def _read_span(sample: Sample, now: datetime) -> ObservedSpan:
    """A remembered watch; one that says no end, or one to come, ends where that is possible."""
    start = datetime.fromtimestamp(sample.at, UTC)
    end = sample.at if sample.value is None else min(max(sample.value, sample.at), now.timestamp())
    return ObservedSpan(start, datetime.fromtimestamp(end, UTC))
