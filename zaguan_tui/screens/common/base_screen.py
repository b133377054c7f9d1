"""Base of all screens: header, tabs and key bar; store subscriptions; disabled actions; poll pace.

A screen that is not shown gets no snapshots; the newest it missed is delivered when it is shown again. That
keeps ten screens as cheap as one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

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
from zaguan_tui.screens.common.subscriptions import StoreSubscriptions
from zaguan_tui.state.core.store import Snapshot, Store
from zaguan_tui.theme.themes import styles_directory
from zaguan_tui.widgets.header import StatusHeader
from zaguan_tui.widgets.keybar import KeyBar
from zaguan_tui.widgets.tabs import ScreenTab, ScreenTabs, View, ViewTabs
from zaguan_tui.widgets.watching import watcher_of

T = TypeVar("T")
TICK_SECONDS = 1.0

READ_ONLY = "read-only: this would change the gateway. It needs a start without read-only mode."


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
        self._subscriptions = StoreSubscriptions(self)

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
        self._subscriptions.follow(store, show)

    def on_mount(self) -> None:
        """Start the once-a-second tick that lets ages and countdowns move; it talks to nobody."""

        def tick() -> None:
            if self.is_current:
                draw_header(self)
                self.tick()

        def redraw(_changed: object) -> None:
            draw_header(self)

        self.set_interval(TICK_SECONDS, tick)
        self.follow(self.session.frame, redraw)
        link = watcher_of(self, redraw)
        self._subscriptions.add(self.app_state.link.watch(link, now=False))
        draw_header(self)

    def on_unmount(self) -> None:
        """End the subscriptions."""
        self._subscriptions.close()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Show the snapshots missed while another screen was shown."""
        self._subscriptions.catch_up()
        draw_header(self)

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


def draw_header(screen: BaseScreen) -> None:
    """Bring the header of the current screen up to date."""
    if screen.is_current:
        frame = screen.session.frame.snapshot.value or ConnectionInfo()
        screen.query_one(StatusHeader).show(make_header_facts(frame, screen.app_state))


def mark_shown(screen: BaseScreen, shown: bool) -> None:
    """A screen becomes the current one, or another does: the pollers of what it watches change pace.

    A sheet over it is no change.
    """
    for subject in screen.feature.watches:
        screen.app_state.get(load(subject)).set_visible(int(shown))
    if shown:
        screen.shown()
    else:
        screen.hidden()


def explain_disabled(app: App[Any], action_id: str) -> str:
    """Why an action cannot run now; "" when it can. Read-only mode comes first, then the screen's reason.

    The screen under all sheets is asked.
    """
    screen = app.screen_stack[0] if app.screen_stack else None
    if not isinstance(screen, BaseScreen):
        return ""
    action, frame = find_action(action_id), screen.session.frame.snapshot.value
    if action is not None and action.danger and frame is not None and frame.read_only:
        return READ_ONLY
    return screen.disabled_reason(action_id)
