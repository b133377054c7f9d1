"""What can be done everywhere: help, the palette, going to a room, leaving."""

from __future__ import annotations

from zaguan_tui.actions.action import Action


def _open_screen_action(name: str, digit: str, function_key: str, title: str) -> Action:
    keys = f"{digit},{function_key},alt+{digit}"
    return Action(f"room.{name}", f"app.show_room('{name}')", keys, title, f"Go to {title}.", shown=False)


ROWS: tuple[Action, ...] = (
    Action("app.help", "app.help", "f1,question_mark", "Help", "Say what the keys do here.", display="?"),
    Action(
        "app.palette",
        "app.command_palette",
        "ctrl+p,colon",
        "Commands",
        "Find any action, room, model or provider by name.",
        display="^p",
        priority=True,
    ),
    Action(
        "app.quit",
        "app.quit",
        "ctrl+q",
        "Quit",
        "Leave. Drafts and half answers are already on disk.",
        display="^q",
        priority=True,
    ),
    Action("app.interrupt", "app.interrupt", "ctrl+c", "Quit", "Press twice to leave.", shown=False),
    Action(
        "app.back",
        "app.back",
        "left_square_bracket",
        "Back",
        "Go back to where you were.",
        shown=False,
        display="[",
    ),
    Action(
        "app.forward",
        "app.forward",
        "right_square_bracket",
        "Forward",
        "Go forward again.",
        shown=False,
        display="]",
    ),
    Action(
        "app.connect", "app.connect", "C", "Connect", "Connect to a gateway, or try the sandbox.", shown=False
    ),
    Action(
        "app.alerts",
        "app.alerts",
        "a",
        "Alerts",
        "List what happened: breakers, links, credits.",
        shown=False,
    ),
    Action("app.pause", "app.pause_polls", "P", "Pause polls", "Stop or resume all polling.", shown=False),
    Action("app.theme", "app.change_theme", "ctrl+t", "Theme", "Choose a theme.", shown=False),
    Action(
        "app.suspend", "app.suspend_process", "ctrl+z", "Suspend", "Put the program to sleep.", shown=False
    ),
    _open_screen_action("overview", "1", "f12", "Overview"),
    _open_screen_action("playground", "2", "f2", "Playground"),
    Action("room.compare", "app.show_room('compare')", "alt+c", "Compare", "Go to Compare.", shown=False),
    Action("room.realtime", "app.show_room('realtime')", "alt+r", "Realtime", "Go to Realtime.", shown=False),
    _open_screen_action("models", "3", "f3", "Models"),
    _open_screen_action("credits", "4", "f4", "Credits"),
    _open_screen_action("providers", "5", "f5", "Providers"),
    _open_screen_action("jobs", "6", "f6", "Jobs"),
    _open_screen_action("workbench", "7", "f7", "Workbench"),
    _open_screen_action("assistants", "8", "f8", "Assistants"),
    _open_screen_action("admin", "9", "f9", "Admin"),
    _open_screen_action("requests", "0", "f10", "Requests"),
)
