"""Widgets of the realtime screen: session lines, turns, event log and prompt; what is shown and focused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from textual.content import Content
from textual.screen import Screen

from zaguan_tui.screens.chat.answers.status_line import StatusLine
from zaguan_tui.screens.chat.models.lines import explain_missing_models
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.connection_info import Session
from zaguan_tui.screens.realtime.default_model import NextSession
from zaguan_tui.screens.realtime.formatting import format_limits, format_session, format_session_end
from zaguan_tui.screens.realtime.log_pane import LogPane
from zaguan_tui.screens.realtime.turn_list import TurnList
from zaguan_tui.state.realtime.event_log import LogEntry
from zaguan_tui.state.realtime.turns import RealtimeTurn
from zaguan_tui.widgets.live_text import LiveText

NO_REALTIME_MODEL: Final = (
    "No model here seems to hold realtime sessions. ctrl+o picks one to try all the same."
)
WIDTH_FOR_LOG: Final = 120
"""Cells of width from which the log stands beside the turns."""


@dataclass(slots=True, eq=False)
class RealtimeView:
    """Draws the session; shows the log beside the turns, or in their place where there is no space."""

    screen: Screen[None]
    session: Session
    next_session: NextSession
    turns: TurnList
    log: LogPane
    prompt: Prompt
    session_line: StatusLine = field(default_factory=lambda: StatusLine(id="session-line"))
    pace_line: StatusLine = field(default_factory=lambda: StatusLine(id="pace-line"))
    session_end: LiveText = field(default_factory=lambda: LiveText(id="session-end"))

    @property
    def focused_event(self) -> LogEntry | None:
        """The event under the cursor while the log has the focus."""
        return self.log.lines.current if self._log_focused else None

    @property
    def focused_turn(self) -> RealtimeTurn | None:
        """The turn that has the focus."""
        view = self.turns.view_at(self.screen.focused)
        return view.turn if view is not None and view is self.screen.focused else None

    @property
    def turn_text(self) -> str:
        """The text of the focused turn, or of the newest."""
        view = self.turns.view_at(self.screen.focused)
        return view.copy_text if view is not None else ""

    def draw(self) -> None:
        """Draw the lines above the turns."""
        state = self.session.app_state
        status, model = state.realtime.status, self.next_session.model
        self.session_line.show(format_session(status, model, state.clock.now()))
        limits = format_limits(status.gauges, state.realtime.book.turns)
        self.pace_line.display = bool(limits)
        self.pace_line.show(limits)
        end = format_session_end(status)
        if end is None and model is None:
            known = state.models.catalogue.entries
            end = Content.styled(NO_REALTIME_MODEL, "$ink-soft") if known else self.explain_missing_models()
        self.session_end.display = end is not None
        self.session_end.say(end or Content(""))

    def draw_session(self) -> None:
        """Draw what a change of the session moves: the lines and the keys."""
        self.draw()
        self.screen.refresh_bindings()

    def explain_missing_models(self) -> Content:
        """Why there is no model to choose."""
        return explain_missing_models(self.session)

    def fit(self, width: int) -> None:
        """Show the log beside the turns from a width on."""
        self.screen.set_class(width >= WIDTH_FOR_LOG, "-beside")

    def leave_prompt(self) -> None:
        """Go from the prompt to the log, or to the newest turn where no log is shown."""
        self.screen.set_focus(self.log.lines if self._log_shown else self.turns.newest)

    def focus_prompt(self) -> None:
        """Go to the prompt."""
        self.prompt.focus()

    def toggle_log(self) -> None:
        """Show the log beside the turns or in their place; or hide it."""
        self.screen.toggle_class("-without-log" if self._log_beside else "-log")
        focused = self.screen.focused
        if not self._log_shown and focused is not None and self.log in focused.ancestors:
            self.prompt.focus()

    def open_filter(self) -> None:
        """Filter the events."""
        self.screen.set_class(True, "-log")
        self.screen.set_class(False, "-without-log")
        self.log.open_filter()

    def page(self, step: int) -> None:
        """Scroll the log or the turns a page, also while writing."""
        if self._log_focused or (self._log_shown and not self._log_beside):
            self.log.lines.page(step)
        elif step > 0:
            self.turns.scroll_page_down(animate=False)
        else:
            self.turns.scroll_page_up(animate=False)

    @property
    def _log_focused(self) -> bool:
        return self.screen.focused is self.log.lines

    @property
    def _log_beside(self) -> bool:
        return self.screen.has_class("-beside")

    @property
    def _log_shown(self) -> bool:
        return (
            not self.screen.has_class("-without-log") if self._log_beside else self.screen.has_class("-log")
        )
