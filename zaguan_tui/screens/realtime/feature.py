"""The realtime session: turns, events and their times."""

from __future__ import annotations

from functools import partial

from zaguan_tui.features.action import Action
from zaguan_tui.features.feature import Feature

_realtime = partial(Action, where="realtime", priority=True)
_realtime_log = partial(Action, where="realtime.log", shown=False)

_ACTIONS: tuple[Action, ...] = (
    _realtime_log(
        "realtime.open", "open_event", "enter", "Open", "Show the event as JSON.", shown=True, display="enter"
    ),
    _realtime_log("realtime.log.down", "move(1)", "j,down", "Down", "Go to the next event."),
    _realtime_log("realtime.log.up", "move(-1)", "k,up", "Up", "Go to the event before."),
    _realtime_log("realtime.log.top", "first", "g,home", "Oldest", "Go to the oldest event that is kept."),
    _realtime_log("realtime.log.bottom", "newest", "G,end", "Newest", "Go to the newest event and follow."),
    _realtime(
        "realtime.stop",
        "stop",
        "escape",
        "Stop",
        "Ask the server to stop the answer; what came is kept.",
        priority=False,
    ),
    _realtime(
        "realtime.leave",
        "leave",
        "escape",
        "Read",
        "Leave the prompt: digits go to rooms, / filters, y copies.",
        priority=False,
    ),
    _realtime("realtime.write", "write", "i", "Write", "Go to the prompt.", shown=False, priority=False),
    _realtime("realtime.connect", "connect", "ctrl+n", "Connect", "Begin a new session with the model."),
    _realtime(
        "realtime.disconnect",
        "disconnect",
        "alt+x",
        "Close",
        "Close the session; everything stays on screen.",
    ),
    _realtime("realtime.log", "toggle_log", "alt+l", "Log", "Show the event log, or the conversation again."),
    _realtime("realtime.model", "pick_model", "ctrl+o", "Model", "Pick the model of the next session."),
    _realtime("realtime.save", "save_sound", "alt+w", "WAV", "Save the sound of the turn as a WAV file."),
    _realtime("realtime.filter", "filter", "slash", "Filter", "Filter the events by type.", priority=False),
    _realtime(
        "realtime.output",
        "toggle_output",
        "alt+o",
        "Text/voice",
        "Ask for text instead of voice, or for voice again.",
        shown=False,
    ),
    _realtime(
        "realtime.answer", "answer_calls", "alt+a", "Answer", "Answer as the tool that the model asks for."
    ),
    _realtime(
        "realtime.settings",
        "edit_session",
        "ctrl+y",
        "Session",
        "Edit what session.update sends: instructions, voice, tools.",
        shown=False,
    ),
    _realtime(
        "realtime.export",
        "export",
        "alt+e",
        "Export",
        "Write the events to a file, one JSON a line.",
        shown=False,
    ),
    _realtime(
        "realtime.copy",
        "copy",
        "y",
        "Copy",
        "Copy the focused turn, or the event.",
        shown=False,
        priority=False,
    ),
    _realtime("realtime.page_up", "page(-1)", "pageup", "Page up", "Scroll a page up.", shown=False),
    _realtime("realtime.page_down", "page(1)", "pagedown", "Page down", "Scroll a page down.", shown=False),
)

REALTIME = Feature(
    name="realtime",
    title="Realtime",
    screen="zaguan_tui.screens.realtime.screen:RealtimeScreen",
    actions=_ACTIONS,
    styles=(
        "playground.tcss",
        "realtime.tcss",
    ),
    help=(
        "A realtime session without a microphone: what you write goes out as a turn of text. Under each turn "
        "stand the times from sending to the first event, the first text, the first sound and the end. "
        "Every event is in the log with the time since the session began and since the event before; a run "
        "of deltas is one line, sound is folded to its size, enter shows the JSON. Escape stops an answer. "
        "The session stays open while you are in other rooms; leaving the program or the gateway closes it."
    ),
    parent="playground",
    keys="alt+r",
    widgets=("filter", "playground.prompt"),
    watches=("zaguan_tui.state.models.catalogue:ModelsState",),
    calls=("realtime",),
    sections=("realtime",),
)
