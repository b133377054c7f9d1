"""Actions of widgets and sheets that belong to no screen: table, filter, picker, alerts, help …."""

from __future__ import annotations

from functools import partial

from zaguan_tui.features.action import Action
from zaguan_tui.features.feature import Kit

_table = partial(Action, where="table", shown=False)
_filter = partial(Action, where="filter")
_picker = partial(Action, where="picker", shown=False, priority=True)
_first_run = partial(Action, where="first_run")
_alerts = partial(Action, where="alerts", shown=False)
_confirm = partial(Action, where="confirm")
_edit = partial(Action, where="edit", priority=True)
_line = partial(Action, where="line")
_help = partial(Action, where="help")

_ACTIONS: tuple[Action, ...] = (
    _table("table.down", "cursor_down", "j", "Down", "Go to the next row."),
    _table("table.up", "cursor_up", "k", "Up", "Go to the row before."),
    _table("table.top", "scroll_top", "g,home", "Top", "Go to the first row."),
    _table("table.bottom", "scroll_bottom", "G,end", "Bottom", "Go to the last row."),
    _filter("filter.clear", "clear", "escape", "Clear", "Drop the filter and go back."),
    _filter(
        "filter.leave",
        "leave",
        "down,enter",
        "To the table",
        "Keep the filter and go to the table.",
        shown=False,
    ),
    _line("line.cancel", "dismiss(None)", "escape", "Cancel", "Close without a name."),
    _picker(
        "picker.close",
        "dismiss(None)",
        "escape",
        "Close",
        "Close without picking.",
        shown=True,
        priority=False,
    ),
    _picker("picker.down", "move(1)", "down", "Down", "Go down."),
    _picker("picker.up", "move(-1)", "up", "Up", "Go up."),
    _picker("picker.page_down", "move(10)", "pagedown", "Page down", "Go ten lines down."),
    _picker("picker.page_up", "move(-10)", "pageup", "Page up", "Go ten lines up."),
    _first_run(
        "first_run.close", "dismiss", "escape", "Look round first", "Close the welcome and look round."
    ),
    _first_run(
        "first_run.sandbox", "sandbox", "ctrl+s,f2", "Try the sandbox", "Start the sandbox and connect to it."
    ),
    _first_run("first_run.help", "app.help", "f1,question_mark", "Help", "Say what the keys do here."),
    _alerts("alerts.close", "dismiss(None)", "escape,a,q", "Close", "Close the alerts.", shown=True),
    _alerts("alerts.down", "move(1)", "j", "Down", "Go to the next alert."),
    _alerts("alerts.up", "move(-1)", "k", "Up", "Go to the alert before."),
    _confirm("confirm.no", "dismiss(False)", "escape,n", "No", "Leave it as it is."),
    _confirm("confirm.yes", "dismiss(True)", "y", "Yes", "Do it."),
    _edit("edit.cancel", "dismiss(None)", "escape", "Leave as it was", "Close without keeping the text."),
    _edit("edit.keep", "keep", "ctrl+s,f2", "Keep", "Keep the text."),
    _help("help.close", "dismiss", "escape,f1,question_mark,q", "Close", "Close the help."),
)

COMMON_KIT = Kit(
    actions=_ACTIONS,
    sheets=("picker", "first_run", "alerts", "confirm", "edit", "line", "help"),
    text_fields=("filter", "picker", "edit", "line"),
)
