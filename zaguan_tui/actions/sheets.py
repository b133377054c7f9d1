"""The actions of the sheets that lie over a room: picker, welcome, alerts, questions, editor, help."""

from __future__ import annotations

from zaguan_tui.actions.action import Action

ROWS: tuple[Action, ...] = (
    Action("picker.close", "dismiss(None)", "escape", "Close", "Close without picking.", "picker"),
    Action("picker.down", "move(1)", "down", "Down", "Go down.", "picker", shown=False, priority=True),
    Action("picker.up", "move(-1)", "up", "Up", "Go up.", "picker", shown=False, priority=True),
    Action(
        "picker.page_down",
        "move(10)",
        "pagedown",
        "Page down",
        "Go ten lines down.",
        "picker",
        shown=False,
        priority=True,
    ),
    Action(
        "picker.page_up",
        "move(-10)",
        "pageup",
        "Page up",
        "Go ten lines up.",
        "picker",
        shown=False,
        priority=True,
    ),
    Action(
        "first_run.close",
        "dismiss",
        "escape",
        "Look round first",
        "Close the welcome and look round.",
        "first_run",
    ),
    Action(
        "first_run.sandbox",
        "sandbox",
        "ctrl+s,f2",
        "Try the sandbox",
        "Start the sandbox and connect to it.",
        "first_run",
    ),
    Action(
        "first_run.help", "app.help", "f1,question_mark", "Help", "Say what the keys do here.", "first_run"
    ),
    Action("alerts.close", "dismiss(None)", "escape,a,q", "Close", "Close the alerts.", "alerts"),
    Action("alerts.down", "move(1)", "j", "Down", "Go to the next alert.", "alerts", shown=False),
    Action("alerts.up", "move(-1)", "k", "Up", "Go to the alert before.", "alerts", shown=False),
    Action("confirm.no", "dismiss(False)", "escape,n", "No", "Leave it as it is.", "confirm"),
    Action("confirm.yes", "dismiss(True)", "y", "Yes", "Do it.", "confirm"),
    Action(
        "edit.cancel",
        "dismiss(None)",
        "escape",
        "Leave as it was",
        "Close without keeping the text.",
        "edit",
        priority=True,
    ),
    Action("edit.keep", "keep", "ctrl+s,f2", "Keep", "Keep the text.", "edit", priority=True),
    Action("help.close", "dismiss", "escape,f1,question_mark,q", "Close", "Close the help.", "help"),
)
