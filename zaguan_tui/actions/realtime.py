"""The actions of the realtime room."""

from __future__ import annotations

from zaguan_tui.actions.action import Action


def _anywhere_action(name: str, act: str, key: str, title: str, help_: str, *, shown: bool = True) -> Action:
    """One that also works while writing."""
    return Action(f"realtime.{name}", act, key, title, help_, "realtime", shown=shown, priority=True)


def _log_action(name: str, act: str, keys: str, title: str, help_: str) -> Action:
    return Action(f"realtime.log.{name}", act, keys, title, help_, "realtime.log", shown=False)


def _event_action(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = True) -> Action:
    return Action(f"event.{name}", act, keys, title, help_, "event", shown=shown)


ROWS: tuple[Action, ...] = (
    Action(
        "realtime.open",
        "open_event",
        "enter",
        "Open",
        "Show the event as JSON.",
        "realtime.log",
        display="enter",
    ),
    _log_action("down", "move(1)", "j,down", "Down", "Go to the next event."),
    _log_action("up", "move(-1)", "k,up", "Up", "Go to the event before."),
    _log_action("top", "first", "g,home", "Oldest", "Go to the oldest event that is kept."),
    _log_action("bottom", "newest", "G,end", "Newest", "Go to the newest event and follow."),
    Action(
        "realtime.stop",
        "stop",
        "escape",
        "Stop",
        "Ask the server to stop the answer; what came is kept.",
        "realtime",
    ),
    Action(
        "realtime.leave",
        "leave",
        "escape",
        "Read",
        "Leave the prompt: digits go to rooms, / filters, y copies.",
        "realtime",
    ),
    Action("realtime.write", "write", "i", "Write", "Go to the prompt.", "realtime", shown=False),
    _anywhere_action("connect", "connect", "ctrl+n", "Connect", "Begin a new session with the model."),
    _anywhere_action(
        "disconnect", "disconnect", "alt+x", "Close", "Close the session; everything stays on screen."
    ),
    _anywhere_action("log", "toggle_log", "alt+l", "Log", "Show the event log, or the conversation again."),
    _anywhere_action("model", "pick_model", "ctrl+o", "Model", "Pick the model of the next session."),
    _anywhere_action("save", "save_sound", "alt+w", "WAV", "Save the sound of the turn as a WAV file."),
    Action("realtime.filter", "filter", "slash", "Filter", "Filter the events by type.", "realtime"),
    _anywhere_action(
        "output",
        "toggle_output",
        "alt+o",
        "Text/voice",
        "Ask for text instead of voice, or for voice again.",
        shown=False,
    ),
    _anywhere_action(
        "answer", "answer_calls", "alt+a", "Answer", "Answer as the tool that the model asks for."
    ),
    _anywhere_action(
        "settings",
        "edit_session",
        "ctrl+y",
        "Session",
        "Edit what session.update sends: instructions, voice, tools.",
        shown=False,
    ),
    _anywhere_action(
        "export", "export", "alt+e", "Export", "Write the events to a file, one JSON a line.", shown=False
    ),
    Action(
        "realtime.copy", "copy", "y", "Copy", "Copy the focused turn, or the event.", "realtime", shown=False
    ),
    _anywhere_action("page_up", "page(-1)", "pageup", "Page up", "Scroll a page up.", shown=False),
    _anywhere_action("page_down", "page(1)", "pagedown", "Page down", "Scroll a page down.", shown=False),
    _event_action("close", "dismiss", "escape,q", "Close", "Close the event."),
    _event_action("next", "step(1)", "n,right", "Next", "Show the next event."),
    _event_action("previous", "step(-1)", "p,left", "Previous", "Show the event before."),
    _event_action("copy", "copy", "y", "Copy", "Copy the JSON."),
    _event_action("down", "scroll(1)", "j,down", "Down", "Scroll down.", shown=False),
    _event_action("up", "scroll(-1)", "k,up", "Up", "Scroll up.", shown=False),
)
