"""Base of all screens: header, tabs and key bar; store subscriptions; disabled actions; poll pace.

A screen that is not shown gets no snapshots; the newest it missed is delivered when it is shown again. That
keeps ten screens as cheap as one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from zaguan_tui.actions.registry import find_action
from zaguan_tui.features.feature import Feature, load
from zaguan_tui.features.registry import get_feature, list_tabs, list_views
from zaguan_tui.screens.common.connection_info import ConnectionInfo, Session
from zaguan_tui.screens.common.header_facts import make_header_facts
from zaguan_tui.state.core.store import Snapshot, Store, Unsubscribe
from zaguan_tui.theme.themes import styles_directory
from zaguan_tui.widgets.header import StatusHeader
from zaguan_tui.widgets.keybar import KeyBar
from zaguan_tui.widgets.tabs import ScreenTab, ScreenTabs, View, ViewTabs
from zaguan_tui.widgets.watching import watcher_of

T = TypeVar("T")
TICK_SECONDS = 1.0

READ_ONLY = "read-only: this would change the gateway. It needs a start without read-only mode."


class StoreSubscription(Generic[T]):
    """One store followed by one screen: passes snapshots on while it is shown, keeps the newest while not."""

    def __init__(
        self, store: Store[T], show: Callable[[Snapshot[T]], None], visible: Callable[[], bool]
    ) -> None:
        self._show = show
        self._visible = visible
        self._missed: Snapshot[T] | None = None
        self.unsubscribe: Unsubscribe = store.watch(self._on_snapshot, now=False)
        self._missed = store.snapshot

    def _on_snapshot(self, snapshot: Snapshot[T]) -> None:
        if self._visible():
            self._missed = None
            self._show(snapshot)
        else:
            self._missed = snapshot

    def catch_up(self) -> None:
        """Show what was missed, if anything."""
        missed, self._missed = self._missed, None
        if missed is not None:
            self._show(missed)


class BaseScreen(Screen[None]):
    """Subclasses give ``NAME``, :meth:`compose_screen` and the stores they follow."""

    NAME: ClassVar[str]
    BINDINGS: ClassVar[list[BindingType]] = []
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (150, "-vast")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]
    AUTO_FOCUS = ""

    def __init__(self, session: Session, feature: Feature | None = None) -> None:
        self.feature = feature or get_feature(self.NAME)
        type(self).CSS_PATH = [str(styles_directory() / name) for name in self.feature.styles]
        super().__init__()
        self.session = session
        self.app_state = session.app_state
        self._followed: list[StoreSubscription[Any]] = []

    def compose(self) -> ComposeResult:
        """The header, the tabs, the screen's widgets, the key bar."""
        yield StatusHeader()
        tabs = [
            ScreenTab(tab.name, tab.digit, tab.title, tab.short_title, bool(tab.promise))
            for tab in list_tabs()
        ]
        yield ScreenTabs(tabs, self.feature.parent or self.feature.name)
        if family := list_views(self.feature):
            first, *views = family
            head = View(first.name, first.view or first.title)
            yield ViewTabs([head, *(View(view.name, view.title) for view in views)], self.feature.name)
        with Vertical(id="room"):
            yield from self.compose_screen()
        yield KeyBar()

    def compose_screen(self) -> ComposeResult:
        """The widgets of this screen."""
        raise NotImplementedError

    def follow(self, store: Store[T], show: Callable[[Snapshot[T]], None]) -> None:
        """Hand every snapshot of ``store`` to ``show`` while this screen is shown."""
        self._followed.append(StoreSubscription(store, watcher_of(self, show), lambda: self.is_current))

    def on_mount(self) -> None:
        """Start the once-a-second tick that lets ages and countdowns move; it talks to nobody."""
        self.set_interval(TICK_SECONDS, self._tick)
        self.follow(self.session.frame, lambda _frame: self._draw_header())
        redraw: Callable[[object], None] = watcher_of(self, lambda _status: self._draw_header())
        self._unwatch_link = self.app_state.link.watch(redraw, now=False)
        self._draw_header()

    def on_unmount(self) -> None:
        """End the subscriptions."""
        for followed in self._followed:
            followed.unsubscribe()
        self._followed.clear()
        self._unwatch_link()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Show the snapshots missed while another screen was shown."""
        for followed in self._followed:
            followed.catch_up()
        self._draw_header()

    def mark_shown(self, shown: bool) -> None:
        """The screen becomes the current one, or another does: the pollers of what it watches change pace.

        A sheet over it is no change.
        """
        for subject in self.feature.watches:
            self.app_state.get(load(subject)).set_visible(int(shown))
        if shown:
            self.shown()
        else:
            self.hidden()

    def shown(self) -> None:
        """Called when the screen becomes the current one."""

    def hidden(self) -> None:
        """Called when another screen becomes the current one."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report a worker that failed by a fault of this program."""
        if event.state is WorkerState.ERROR and isinstance(event.worker.error, Exception):
            self.session.report_fault(event.worker.error)

    def tick(self) -> None:
        """Called once a second while the screen is shown: move ages and countdowns."""

    def open_link(self, target: str) -> None:
        """Show the thing a link names (``groq`` of ``provider:groq``)."""

    def disabled_reason(self, action_id: str) -> str:
        """Why the action with this id of the registry cannot run now; "" when it can."""
        return ""

    def explain_disabled(self, action_id: str) -> str:
        """:meth:`disabled_reason`, after the rule of read-only mode: nothing that changes the gateway."""
        action = find_action(action_id)
        frame = self.session.frame.snapshot.value
        if action is not None and action.danger and frame is not None and frame.read_only:
            return READ_ONLY
        return self.disabled_reason(action_id)

    def _tick(self) -> None:
        if self.is_current:
            self._draw_header()
            self.tick()

    def _draw_header(self) -> None:
        if not self.is_current:
            return
        frame = self.session.frame.snapshot.value or ConnectionInfo()
        self.query_one(StatusHeader).show(make_header_facts(frame, self.app_state))


def explain_disabled(app: App[Any], action_id: str) -> str:
    """Why an action cannot run now, as the screen under all sheets says; "" when it can."""
    screen = app.screen_stack[0] if app.screen_stack else None
    return screen.explain_disabled(action_id) if isinstance(screen, BaseScreen) else ""
