"""A store's watcher ends with its widget, and the store goes on after a watcher's fault."""

from __future__ import annotations

from datetime import UTC, datetime

from textual.app import App, ComposeResult
from textual.widgets import Static

from zaguan_tui.app.workarounds import FaultBarrier
from zaguan_tui.state.core.store import Snapshot, Store
from zaguan_tui.widgets.sheet import Sheet
from zaguan_tui.widgets.watching import watcher_of

NOW = datetime(2026, 2, 28, tzinfo=UTC)


class Shown(Sheet[None]):
    """Shows a store's value, and fails at a negative one. It never stops watching by itself."""

    def __init__(self, store: Store[int]) -> None:
        super().__init__()
        self.store = store

    def compose(self) -> ComposeResult:
        yield Static("")

    def on_mount(self) -> None:
        self.store.watch(watcher_of(self, self.show))

    def show(self, snapshot: Snapshot[int]) -> None:
        if (snapshot.value or 0) < 0:
            raise ValueError(f"{snapshot.value} is negative")
        self.query_one(Static).update(str(snapshot.value))


class Host(FaultBarrier[None]):
    def forget_fault(self) -> None:
        self._exception = None
        self._exception_event.clear()


async def test_a_notice_to_a_sheet_that_is_gone_is_dropped() -> None:
    store: Store[int] = Store("numbers")
    app = App[None]()
    async with app.run_test() as pilot:
        sheet = Shown(store)
        app.push_screen(sheet)
        await pilot.pause()
        store.succeed(1, NOW)
        assert str(sheet.query_one(Static).content) == "1"
        sheet.dismiss()
        store.succeed(2, NOW)
        await pilot.pause()
        store.succeed(-3, NOW)


async def test_a_fault_of_a_watcher_closes_its_sheet_and_not_the_store() -> None:
    store: Store[int] = Store("numbers")
    heard: list[int | None] = []
    app = Host()
    async with app.run_test() as pilot:
        app.push_screen(Shown(store))
        await pilot.pause()
        store.watch(lambda snapshot: heard.append(snapshot.value), now=False)
        store.succeed(-1, NOW)
        app.forget_fault()
        await pilot.pause()
        store.succeed(2, NOW)
        assert heard == [-1, 2]
        assert len(app.screen_stack) == 1
