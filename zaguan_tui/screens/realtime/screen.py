"""The realtime room: the session on a line, the turns, every event beside them, a prompt below."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.answers.status_line import StatusLine
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.connection_info import ScreenOptions
from zaguan_tui.screens.realtime.default_model import choose_default_model
from zaguan_tui.screens.realtime.formatting import format_limits, format_session, format_session_end
from zaguan_tui.screens.realtime.listener import SessionListener
from zaguan_tui.screens.realtime.log_pane import LogPane
from zaguan_tui.screens.realtime.talking import TalkingRoom
from zaguan_tui.screens.realtime.turn_list import TurnList
from zaguan_tui.state.core.store import Snapshot
from zaguan_tui.state.models.entry import ModelCatalogue
from zaguan_tui.widgets.live_text import LiveText

NO_REALTIME_MODEL: Final = (
    "No model here seems to hold realtime sessions. ctrl+o picks one to try all the same."
)
BESIDE_FROM: Final = 120
"""Cells of width from which the log stands beside the turns."""


class RealtimeScreen(TalkingRoom):
    """What happens in a realtime session, in which order, and how long did each turn take?"""

    NAME = "realtime"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("realtime")]

    def compose_screen(self) -> ComposeResult:
        """The session, its pace, turns and events, the prompt."""
        self.realtime = self.app_state.realtime
        yield StatusLine(id="session-line")
        yield StatusLine(id="pace-line")
        yield LiveText(id="session-end")
        with Horizontal(id="stage"):
            yield TurnList()
            yield LogPane(self.realtime.log)
        with Vertical(id="prompt-box", classes="panel"):
            enter_sends = isinstance(self.app, ScreenOptions) and self.app.options.enter_sends
            yield Prompt(self._submit, enter_sends=enter_sends)

    def on_mount(self) -> None:
        """Listen to the session, and to the models for one to begin with."""
        self.query_one("#prompt-box").border_subtitle = self._prompt.how_to_send
        self._prompt.placeholder = "Say something …"
        self._listener = SessionListener(
            self.realtime,
            self._talk,
            logged=self._pane.changed,
            changed=self._session_changed,
            warned=self._warn,
        )
        self._listen()
        self.follow(self.app_state.models.store, self._show_models)
        self.follow(self.session.frame, lambda _frame: self._draw())
        self._prompt.focus()
        self._draw()

    @on(events.Unmount)
    def _stop_listening(self) -> None:
        self._listener.close()

    def on_resize(self, event: events.Resize) -> None:
        """The log stands beside the turns where there is room."""
        self.set_class(event.size.width >= BESIDE_FROM, "-beside")

    def tick(self) -> None:
        """The session grows older."""
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Connecting and hanging up, stopping and leaving take turns."""
        if action in ("connect", "disconnect"):
            return (action == "disconnect") == self.realtime.live
        if action in ("stop", "leave"):
            return (action == "stop") == (self.realtime.running is not None)
        if action == "answer_calls":
            return bool(self.asked_calls)
        return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Go from the prompt to the log, or to the newest turn where no log is shown."""
        self.set_focus(self._pane.lines if self._log_shown else self._talk.newest)

    def action_write(self) -> None:
        """Go to the prompt."""
        self._prompt.focus()

    def action_toggle_log(self) -> None:
        """Show the log in place of the turns, or beside them; or hide it."""
        beside = self.has_class("-beside")
        self.toggle_class("-without-log" if beside else "-log")
        if not self._log_shown and self.focused is not None and self._pane in self.focused.ancestors:
            self._prompt.focus()

    def action_filter(self) -> None:
        """Filter the events."""
        self.set_class(True, "-log")
        self.set_class(False, "-without-log")
        self._pane.open_filter()

    def action_page(self, step: int) -> None:
        """Read on or back in what is looked at, also while writing."""
        if self.focused is self._pane.lines or (self._log_shown and not self.has_class("-beside")):
            self._pane.lines.page(step)
        elif step > 0:
            self._talk.scroll_page_down(animate=False)
        else:
            self._talk.scroll_page_up(animate=False)

    @work(group="listen", exclusive=True, exit_on_error=False)
    async def _listen(self) -> None:
        await self._listener.run()

    @on(TextArea.Changed, "#prompt")
    def _written_on(self) -> None:
        """Let typing go first."""
        if (view := self._talk.newest) is not None:
            view.pause_painting()

    @property
    def _log_shown(self) -> bool:
        return not self.has_class("-without-log") if self.has_class("-beside") else self.has_class("-log")

    def _session_changed(self) -> None:
        self._draw()
        self.refresh_bindings()

    def _show_models(self, _snapshot: Snapshot[ModelCatalogue]) -> None:
        catalogue = self.app_state.models.catalogue
        if catalogue.entries and self._model not in catalogue.by_id and not self.realtime.live:
            self._model = choose_default_model(catalogue.entries)
        self._draw()

    def _draw(self) -> None:
        """The lines above."""
        status = self.realtime.status
        self.query_one("#session-line", StatusLine).show(
            format_session(status, self._model, self.app_state.clock.now())
        )
        pace = format_limits(status.gauges, self.realtime.book.turns)
        line = self.query_one("#pace-line", StatusLine)
        line.display = bool(pace)
        line.show(pace)
        end = format_session_end(status)
        if end is None and self._model is None:
            known = self.app_state.models.catalogue.entries
            end = Content.styled(NO_REALTIME_MODEL, "$ink-soft") if known else self._why_no_models()
        words = self.query_one("#session-end", LiveText)
        words.display = end is not None
        words.say(end or Content(""))
