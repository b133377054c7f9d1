"""The actions on whole conversations: find, fork, rename, export, import, delete."""

from __future__ import annotations

from zaguan_tui.actions.action import Action


def _screen_action(name: str, act: str, keys: str, title: str, help_: str) -> Action:
    return Action(f"conversation.{name}", act, keys, title, help_, "playground", shown=False)


def _sheet_action(where: str, name: str, act: str, keys: str, title: str, help_: str) -> Action:
    """Somebody writes in these sheets: what is bound beats what would be typed."""
    return Action(f"{where}.{name}", act, keys, title, help_, where, shown=False, priority=True)


ROWS: tuple[Action, ...] = (
    _screen_action("fork", "fork", "f", "Fork", "Go on in a new conversation, from the focused answer."),
    _screen_action(
        "edit",
        "edit_prompt",
        "E",
        "Edit and resend",
        "Write the prompt of the focused answer anew, in a new conversation up to there.",
    ),
    _screen_action("rename", "rename", "T", "Rename", "Give this conversation another title."),
    _screen_action("export", "export", "e,alt+x", "Export", "Write this conversation as Markdown or JSON."),
    _screen_action("import", "import", "I", "Import", "Take in conversations from a file or from JSON."),
    _screen_action("undo", "undo_delete", "u,alt+u", "Undo", "Bring back the conversation deleted last."),
    _screen_action(
        "earlier_answer",
        "choose_answer(-1)",
        "left",
        "Answer before",
        "Let the answer before count, of several to one prompt.",
    ),
    _screen_action(
        "later_answer",
        "choose_answer(1)",
        "right",
        "Answer after",
        "Let the answer after count, of several to one prompt.",
    ),
    Action("history.close", "dismiss(None)", "escape", "Close", "Close without opening.", "history"),
    _sheet_action("history", "rename", "rename", "alt+t", "Rename", "Give the conversation another title."),
    _sheet_action(
        "history", "delete", "delete", "alt+d", "Delete", "Delete the conversation; undo brings it back."
    ),
    _sheet_action("history", "undo", "undo", "alt+u", "Undo", "Bring back the conversation deleted last."),
    _sheet_action(
        "history", "export", "export", "alt+x", "Export", "Write the conversation as Markdown or JSON."
    ),
    _sheet_action("history", "down", "move(1)", "down", "Down", "Go down."),
    _sheet_action("history", "up", "move(-1)", "up", "Up", "Go up."),
    _sheet_action("history", "page_down", "move(10)", "pagedown", "Page down", "Go ten lines down."),
    _sheet_action("history", "page_up", "move(-10)", "pageup", "Page up", "Go ten lines up."),
    Action("export.close", "dismiss(None)", "escape", "Close", "Close without writing.", "export"),
    _sheet_action("export", "form", "other_form", "alt+o", "Other form", "Markdown or JSON."),
    _sheet_action("import", "close", "dismiss(None)", "escape", "Close", "Close without importing."),
    _sheet_action("import", "enter", "enter", "enter", "Take in", "Take in the file of this path."),
    _sheet_action("import", "take", "take", "ctrl+s,f2", "Import", "Take in what was written or pasted."),
)
