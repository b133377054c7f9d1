"""What can be done everywhere: help, the palette, going to a screen, leaving."""

from __future__ import annotations

from zaguan_tui.features.action import Action
from zaguan_tui.features.feature import Feature
from zaguan_tui.features.registry import FEATURES


def _open_screen(feature: Feature) -> Action:
    """Go to a screen: by digit outside text fields, by function key and alt+digit from everywhere."""
    function_key = {"1": "f12", "0": "f10"}.get(feature.digit, f"f{feature.digit}")
    return Action(
        f"room.{feature.name}",
        f"app.show_screen('{feature.name}')",
        feature.keys or f"{feature.digit},{function_key},alt+{feature.digit}",
        feature.title,
        f"Go to {feature.title}.",
        shown=False,
    )


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
    *map(_open_screen, FEATURES),
)
