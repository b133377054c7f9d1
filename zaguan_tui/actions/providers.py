"""The actions of the providers room."""

from __future__ import annotations

from zaguan_tui.actions.action import Action

ROWS: tuple[Action, ...] = (
    Action(
        "detail.previous",
        "step(-1)",
        "up,k",
        "Previous",
        "Show the provider above.",
        "providers.detail",
        shown=False,
    ),
    Action(
        "detail.next",
        "step(1)",
        "down,j",
        "Next",
        "Show the provider below.",
        "providers.detail",
        shown=False,
    ),
    Action(
        "providers.filter",
        "filter",
        "slash",
        "Filter",
        "Filter the table; p95:- finds unknown values.",
        "providers",
    ),
    Action("providers.sort", "sort", "s", "Sort", "Sort by the next column.", "providers"),
    Action(
        "providers.reverse", "reverse", "S", "Reverse", "Turn the sorting round.", "providers", shown=False
    ),
    Action(
        "providers.close", "close", "escape", "Close", "Close the detail, or drop the filter.", "providers"
    ),
    Action("providers.refresh", "refresh_now", "r", "Refresh", "Ask the gateway now.", "providers"),
    Action(
        "providers.copy", "copy", "y", "Copy", "Copy the provider's row as JSON.", "providers", shown=False
    ),
)
