"""The Textual app: screens, themes, keys, links and focus; decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from zaguan_tui.actions.registry import EVERYWHERE, bindings_for, complete_keymap
from zaguan_tui.app.disabled_actions import DisablingApp
from zaguan_tui.app.garbage_collection import CHECK_EVERY_S, GarbageCollector
from zaguan_tui.app.options import AppOptions as AppOptions
from zaguan_tui.app.signals import install_signal_handlers
from zaguan_tui.app.workarounds import CachingStylesheet, RepairedApp
from zaguan_tui.app.workarounds.styles import drop_renderings
from zaguan_tui.features.feature import Feature, load
from zaguan_tui.features.registry import FEATURES, find_feature_for_link
from zaguan_tui.screens.common.alert_toasts import AlertToasts
from zaguan_tui.screens.common.base_screen import BaseScreen, mark_shown
from zaguan_tui.screens.common.connection_flow import ConnectionFlow
from zaguan_tui.screens.common.connection_info import Session
from zaguan_tui.screens.common.navigation_history import NavigationHistory
from zaguan_tui.theme.themes import OWN_THEMES, styles_directory, variables_for

STYLES = ("base.tcss", "chrome.tcss", "modals.tcss")
INTERRUPT_TWICE_WITHIN = 2.0


def _action_commands() -> type:
    from zaguan_tui.app.palette import ActionCommands

    return ActionCommands


class ZaguanApp(DisablingApp[int], RepairedApp[int]):
    """The app. ``session`` is the composition root, ``options`` come from configuration and command line."""

    TITLE = "zaguan"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for(EVERYWHERE)]
    COMMANDS: ClassVar[set[Callable[[], type]]] = {_action_commands}  # type: ignore[assignment]  # narrower than App's

    def __init__(self, session: Session, options: AppOptions | None = None) -> None:
        self.options = options or AppOptions()
        # Starting in the first screen saves mounting and styling Textual's empty default screen.
        self.DEFAULT_MODE = self.options.first_screen  # type: ignore[misc]  # a class variable that we know late
        super().__init__(css_path=[str(styles_directory() / name) for name in STYLES])
        self.stylesheet = CachingStylesheet(variables=self.get_css_variables())
        self.session = session
        self.redact_copy = lambda text: session.app_state.redact(text)
        self.history = NavigationHistory()
        self._collector = GarbageCollector(lambda: session.app_state.busy)
        self._alert_toasts = AlertToasts(self, session.app_state)
        self._connection_flow = ConnectionFlow(self, session)
        self._interrupted_at = float("-inf")
        for theme in OWN_THEMES:
            self.register_theme(theme)
        self.theme = self.options.theme
        self.animation_level = self.options.animation
        for feature in FEATURES:
            self.add_mode(feature.name, partial(self._build_screen, feature))
        self.set_keymap(complete_keymap(self.options.keymap))

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, made legible, and the colour names that only this app has."""
        self.theme_variables = {**super().get_css_variables(), **variables_for(self.current_theme)}
        return self.theme_variables

    def search_themes(self) -> None:
        """Choose a theme."""
        from zaguan_tui.app.theme_choice import ThemeCommands

        self.open_palette([ThemeCommands], placeholder="Search for themes…")

    def on_mount(self) -> None:
        """Connect once the first screen is painted."""
        install_signal_handlers(self.exit)
        self.history.visit(f"room:{self.options.first_screen}")
        if isinstance(screen := self.screen_stack[0], BaseScreen):
            mark_shown(screen, True)
        self.call_after_refresh(self._open_session)

    def _open_session(self) -> None:
        self._collector.start()
        self.set_interval(CHECK_EVERY_S, self._collector.collect)
        self.run_worker(self._connection_flow.enter(), group="session", exclusive=True, exit_on_error=False)

    def on_fault(self, error: Exception, sheet: Screen[object] | None) -> None:
        """Write a report of a failed part of the program, and notify of a closed sheet."""
        self.session.report_fault(error)
        if sheet is not None:
            self.notify("The sheet was closed; everything else goes on.", markup=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report a worker that failed by a fault of this program."""
        if event.state is WorkerState.ERROR and isinstance(event.worker.error, Exception):
            self.handle_fault(event.worker.error)

    async def on_event(self, event: events.Event) -> None:
        """Note when somebody was last at the keys or the mouse."""
        if isinstance(event, events.InputEvent):
            self._collector.touched_at = monotonic()
        await super().on_event(event)

    async def on_unmount(self) -> None:
        """Leave nothing running behind."""
        self._alert_toasts.close()
        await self.session.close()

    def _build_screen(self, feature: Feature) -> Screen[None]:
        screen: type[BaseScreen] = load(feature.screen)
        return screen(self.session, feature)

    async def action_show_screen(self, name: str) -> None:
        """Go to a screen."""
        await self.open_link(f"room:{name}")

    async def open_link(self, link: str) -> None:
        """Open ``room:NAME`` (a screen), or what a link names (``provider:groq``) in its screen."""
        self.history.visit(link)
        await self._follow(link)

    async def _follow(self, link: str) -> None:
        scheme, _, target = link.partition(":")
        if scheme == "room":
            await self._enter(target)
        elif (feature := find_feature_for_link(link)) is not None:
            (await self._enter(feature.name)).open_link(target)

    async def _enter(self, name: str) -> BaseScreen:
        left = self.screen_stack[0]
        await self.switch_mode(name)
        screen = self.screen_stack[0]
        assert isinstance(screen, BaseScreen)
        if isinstance(left, BaseScreen) and left is not screen:
            mark_shown(left, False)
            drop_renderings(left)
            mark_shown(screen, True)
        return screen

    async def action_back(self) -> None:
        """Go one step back in the history of links."""
        if link := self.history.back():
            await self._follow(link)

    async def action_forward(self) -> None:
        """Go one step forward in the history of links."""
        if link := self.history.forward():
            await self._follow(link)

    def action_help(self) -> None:
        """Show the keys of the focused part."""
        from zaguan_tui.screens.modals.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen.for_screen(self.screen))

    def action_alerts(self) -> None:
        """List the alerts."""
        from zaguan_tui.screens.modals.alerts import AlertsScreen

        if not isinstance(self.screen, AlertsScreen):
            self.push_screen(AlertsScreen(self.session.app_state), self._open_if_any)

    async def _open_if_any(self, link: str | None) -> None:
        if link is not None:
            await self.open_link(link)

    def action_connect(self) -> None:
        """Connect to another gateway, or try the sandbox."""
        self._connection_flow.show_welcome()

    def action_pause_polls(self) -> None:
        """Stop or resume all polling."""
        governor = self.session.app_state.governor
        governor.resume() if governor.paused else governor.pause()
        self.notify("Polling paused. P resumes." if governor.paused else "Polling again.", markup=False)

    def action_interrupt(self) -> None:
        """Quit when pressed twice in a row."""
        now = monotonic()
        if now - self._interrupted_at < INTERRUPT_TWICE_WITHIN:
            self.exit(130)
        self._interrupted_at = now
        self.notify("Press ctrl+c again to quit.", timeout=INTERRUPT_TWICE_WITHIN, markup=False)

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """The terminal has the focus: poll at full pace."""
        self.session.app_state.governor.set_focused(True)

    def on_app_blur(self, _event: events.AppBlur) -> None:
        """The terminal lost the focus: poll slower."""
        self.session.app_state.governor.set_focused(False)
