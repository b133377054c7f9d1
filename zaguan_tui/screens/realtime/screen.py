"""Screen of a realtime session: session line, turns, the event log beside them, a prompt below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.common.connection_info import ScreenOptions
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.realtime.default_model import NextSession
from zaguan_tui.screens.realtime.listener import SessionListener
from zaguan_tui.screens.realtime.log_pane import LogPane
from zaguan_tui.screens.realtime.log_view import EventLogView
from zaguan_tui.screens.realtime.realtime_view import RealtimeView
from zaguan_tui.screens.realtime.recording_controller import RecordingController
from zaguan_tui.screens.realtime.settings_controller import SessionSettingsController
from zaguan_tui.screens.realtime.talk_controller import RealtimeTalkController
from zaguan_tui.screens.realtime.turn_list import TurnList


class RealtimeScreen(BaseScreen):
    """What happens in a realtime session, in which order, and how long did each turn take?"""

    NAME = "realtime"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("realtime")]

    def compose_screen(self) -> ComposeResult:
        """The session, its limits, turns and events, the prompt."""
        state, services, next_session = self.app_state, ScreenServices(self), NextSession()
        self.realtime = realtime = state.realtime
        enter_sends = isinstance(self.app, ScreenOptions) and self.app.options.enter_sends
        prompt = Prompt(lambda text: self.talk.submit(text), enter_sends=enter_sends)
        prompt.placeholder = "Say something …"
        self.view = view = RealtimeView(
            self, self.session, next_session, TurnList(), LogPane(realtime.log), prompt
        )
        self.talk = RealtimeTalkController(services, realtime, next_session, view)
        self.settings = SessionSettingsController(services, state, next_session, view)
        self.recording = RecordingController(services, realtime, view)
        self._services = services
        services.bind_actions(self._make_actions())
        yield view.session_line
        yield view.pace_line
        yield view.session_end
        yield Horizontal(view.turns, view.log, id="stage")
        frame = Vertical(prompt, id="prompt-box", classes="panel")
        frame.border_subtitle = prompt.how_to_send
        yield frame

    def _make_actions(self) -> dict[str, Callable[..., object]]:
        """The work of each action of the registry, by the name of its Textual action."""
        view, settings, recording = self.view, self.settings, self.recording
        worker = partial(self._services.worker, exclusive=True)
        return {
            "connect": self.talk.connect,
            "disconnect": worker("hang up", self.realtime.disconnect),
            "stop": worker("stop", self.realtime.stop),
            "answer_calls": worker("answer", self.talk.answer_calls),
            "pick_model": worker("pick", settings.pick_model),
            "toggle_output": worker("change", settings.toggle_output),
            "edit_session": worker("change", settings.edit_fields),
            "save_sound": worker("save", recording.save_sound),
            "export": worker("save", recording.export_events),
            "copy": recording.copy,
            "leave": view.leave_prompt,
            "write": view.focus_prompt,
            "toggle_log": view.toggle_log,
            "filter": view.open_filter,
            "page": view.page,
        }

    def on_mount(self) -> None:
        """Follow the session, and the models for one to begin with."""
        self._listener = SessionListener(
            self.realtime,
            self.view.turns,
            on_event=self.view.log.changed,
            on_change=self.view.draw_session,
            on_warning=self._services.warn,
        )
        self._services.run("listen", self._listener.run, exclusive=True)
        self.follow(self.app_state.models.store, self.settings.on_models)
        self.follow(self.session.frame, lambda _frame: self.view.draw())
        self.view.focus_prompt()
        self.view.draw()

    @on(events.Unmount)
    def _on_removed(self) -> None:
        self._listener.close()

    def on_resize(self, event: events.Resize) -> None:
        """Show the log beside the turns where there is space."""
        self.view.fit(event.size.width)

    def tick(self) -> None:
        """Move the age of the session."""
        self.view.draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Connecting and disconnecting, stopping and leaving take turns."""
        if action in ("connect", "disconnect"):
            return (action == "disconnect") == self.realtime.live
        if action in ("stop", "leave"):
            return (action == "stop") == (self.realtime.running is not None)
        if action == "answer_calls":
            return bool(self.talk.open_calls)
        return super().check_action(action, parameters)

    def disabled_reason(self, action_id: str) -> str:
        """The sentence that the action would warn with."""
        match action_id:
            case "realtime.connect":
                return self.talk.explain_no_connect()
            case "realtime.save":
                return self.recording.explain_no_sound()
            case "realtime.export":
                return self.recording.explain_no_events()
            case "realtime.copy":
                return self.recording.explain_no_copy()
        return super().disabled_reason(action_id)

    @on(EventLogView.Opened)
    def _on_event_opened(self, event: EventLogView.Opened) -> None:
        from zaguan_tui.screens.realtime.event_sheet import EventSheet

        if (entry := self.realtime.log.get(event.number)) is not None:
            self.app.push_screen(EventSheet(entry, self.view.log.lines.step))

    @on(TextArea.Changed, "#prompt")
    def _on_prompt_changed(self) -> None:
        """Paint answers less often while a person types."""
        if (turn := self.view.turns.newest) is not None:
            turn.pause_painting()
