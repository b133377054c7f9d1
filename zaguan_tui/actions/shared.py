"""The actions of widgets that stand in several rooms: live tables and filter bars."""

from __future__ import annotations

from zaguan_tui.actions.action import Action

ROWS: tuple[Action, ...] = (
    Action("table.down", "cursor_down", "j", "Down", "Go to the next row.", "table", shown=False),
    Action("table.up", "cursor_up", "k", "Up", "Go to the row before.", "table", shown=False),
    Action("table.top", "scroll_top", "g,home", "Top", "Go to the first row.", "table", shown=False),
    Action("table.bottom", "scroll_bottom", "G,end", "Bottom", "Go to the last row.", "table", shown=False),
    Action("filter.clear", "clear", "escape", "Clear", "Drop the filter and go back.", "filter"),
    Action(
        "filter.leave",
        "leave",
        "down,enter",
        "To the table",
        "Keep the filter and go to the table.",
        "filter",
        shown=False,
    ),
)
