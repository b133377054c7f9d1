"""One run of the program after another on the same file, for tests of what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.providers.history_file import ProviderHistory
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.errors import StorageError
from zaguan_tui.storage.samples import SampleTable
from zaguan_tui.storage.transitions import TransitionRow, TransitionTable

from .fake_gateway import FakeGateway

HERE = "http://127.0.0.1:8787"
DAY_S = 86_400


class FailingTransitions(TransitionTable):
    """A table on a disk that is full when told so."""

    full = False

    async def add(self, transitions: Iterable[TransitionRow]) -> None:
        if self.full:
            raise StorageError("The history file could not be used: disk full.")
        await super().add(transitions)


async def until(condition: Callable[[], object]) -> None:
    """Give the file's thread time."""
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("the file did not answer")


def history_of(app_state: AppState) -> ProviderHistory:
    return app_state.get(ProviderHistory)


@asynccontextmanager
async def running(path: Path, clock: FakeClock, gateway: FakeGateway) -> AsyncIterator[AppState]:
    """One run of the program, from its start to its orderly end."""
    async with await Database.open(path) as database:
        app_state = AppState.build(clock=clock)
        tables = SampleTable(database), FailingTransitions(database)
        app_state.add(ProviderHistory(app_state.providers, *tables, clock, app_state.alerts))
        app_state.providers.set_visible(1)
        app_state.start()
        app_state.connect(gateway)
        await until(lambda: history_of(app_state).recalled)
        yield app_state
        await app_state.aclose()


async def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    async with await Database.open(path) as database:
        return [tuple(row) for row in await database.read(sql)]


def means(app_state: AppState, clock: FakeClock, seconds: float = DAY_S) -> list[float | None]:
    series = app_state.providers.series("groq")
    assert series is not None
    return [point.mean for point in series.p95.window(seconds, clock.now())]
