"""The actions of the composer: attaching, the editor, the library of prompts."""

from __future__ import annotations

from zaguan_tui.actions.action import Action

ROWS: tuple[Action, ...] = (
    Action(
        "composer.attach",
        "attach",
        "alt+a",
        "Attach",
        "Attach a picture or a text file to the prompt; @ in the prompt does too.",
        "playground",
        priority=True,
        shown=False,
    ),
    Action(
        "composer.detach",
        "detach",
        "backspace",
        "Detach",
        "Take the last attached file away; in the prompt, when it is empty.",
        "playground",
        shown=False,
    ),
    Action(
        "composer.editor",
        "edit_outside",
        "alt+e",
        "Editor",
        "Write the prompt in the editor of $VISUAL or $EDITOR.",
        "playground",
        priority=True,
        shown=False,
    ),
    Action(
        "composer.library",
        "library",
        "l,alt+l",
        "Library",
        "Take a prompt or a system prompt from the library, or keep the present one there.",
        "playground",
        shown=False,
    ),
    Action("library.close", "dismiss(None)", "escape,q", "Close", "Close the library.", "library"),
    Action("library.take", "take", "enter", "Take", "Use the highlighted text.", "library"),
    Action(
        "library.keep",
        "keep",
        "s",
        "Keep",
        "Keep what is written now in this list, under a name.",
        "library",
    ),
    Action("library.delete", "delete", "x,delete", "Delete", "Delete the highlighted text.", "library"),
    Action(
        "library.other",
        "other",
        "left,right,h",
        "Other list",
        "Go to the other list.",
        "library",
        shown=False,
    ),
    Action("library.down", "move(1)", "j", "Down", "Go to the next text.", "library", shown=False),
    Action("library.up", "move(-1)", "k", "Up", "Go to the text before.", "library", shown=False),
    Action("line.cancel", "dismiss(None)", "escape", "Cancel", "Close without a name.", "line"),
    Action("fill.cancel", "dismiss(None)", "escape", "Cancel", "Close without filling in.", "fill"),
    Action(
        "fill.take",
        "take",
        "ctrl+s,f2",
        "Insert",
        "Take the text with these values.",
        "fill",
        priority=True,
    ),
)
