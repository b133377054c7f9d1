"""The registry of every action: one row says its id, default keys, what it does and where it works.

Bindings, the key bar, the help screen, the palette, ``zaguan-tui keys`` and the config file's ``[keys]``
table are all made from this one list, so none of them can disagree. Importing it costs nothing: Textual is
touched only when bindings are asked for.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.binding import Binding

EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do.

    ``id`` names it in the config file, ``act`` is the Textual action string, ``keys`` the comma-separated
    default keys, ``title`` the word in the key bar, ``help`` one sentence, ``where`` the room or widget it
    belongs to. ``danger`` marks what changes the gateway: read-only mode removes those as a set. ``shown``
    puts it in the key bar; ``priority`` lets it win over a focused text field.
    """

    id: str
    act: str
    keys: str
    title: str
    help: str
    where: str = EVERYWHERE
    danger: bool = False
    shown: bool = True
    priority: bool = False
    display: str | None = None


def _room(name: str, digit: str, function_key: str, title: str) -> Action:
    return Action(
        f"room.{name}",
        f"app.show_room('{name}')",
        f"{digit},{function_key},alt+{digit}",
        title,
        f"Go to {title}.",
        shown=False,
    )


ACTIONS: tuple[Action, ...] = (
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
        "app.connect",
        "app.connect",
        "C",
        "Connect",
        "Connect to a gateway, or try the sandbox.",
        shown=False,
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
    _room("overview", "1", "f12", "Overview"),
    _room("playground", "2", "f2", "Playground"),
    _room("models", "3", "f3", "Models"),
    _room("credits", "4", "f4", "Credits"),
    _room("providers", "5", "f5", "Providers"),
    _room("jobs", "6", "f6", "Jobs"),
    _room("workbench", "7", "f7", "Workbench"),
    _room("assistants", "8", "f8", "Assistants"),
    _room("admin", "9", "f9", "Admin"),
    _room("requests", "0", "f10", "Requests"),
    Action("providers.filter", "filter", "slash", "Filter", "Filter the table.", "providers"),
    Action("providers.sort", "sort", "s", "Sort", "Sort by the next column.", "providers"),
    Action(
        "providers.reverse", "reverse", "S", "Reverse", "Turn the sorting round.", "providers", shown=False
    ),
    Action(
        "providers.close",
        "close",
        "escape",
        "Close",
        "Close the detail, then drop the filter.",
        "providers",
    ),
    Action("providers.refresh", "refresh_now", "r", "Refresh", "Ask the gateway now.", "providers"),
    Action(
        "providers.copy", "copy", "y", "Copy", "Copy the provider's row as JSON.", "providers", shown=False
    ),
    Action(
        "playground.send",
        "send",
        "enter,ctrl+d",
        "Send",
        "Send the prompt.",
        "playground.prompt",
        display="enter",
    ),
    Action(
        "playground.newline",
        "newline",
        "ctrl+j,alt+enter,shift+enter",
        "New line",
        "Start a new line in the prompt.",
        "playground.prompt",
        shown=False,
    ),
    Action("playground.stop", "stop", "escape", "Stop", "Stop the answer; what came is kept.", "playground"),
    Action(
        "playground.leave",
        "leave",
        "escape",
        "Read",
        "Leave the prompt: digits go to rooms, j and k scroll, y copies.",
        "playground",
    ),
    Action("playground.write", "write", "i", "Write", "Go to the prompt.", "playground", shown=False),
    Action("playground.model", "pick_model", "ctrl+o", "Model", "Pick a model.", "playground", priority=True),
    Action(
        "playground.system",
        "edit_system",
        "ctrl+y",
        "System",
        "Edit the system prompt.",
        "playground",
        priority=True,
    ),
    Action(
        "playground.new",
        "new_conversation",
        "ctrl+n",
        "New",
        "Start a new conversation.",
        "playground",
        priority=True,
    ),
    Action(
        "playground.history",
        "open_conversation",
        "ctrl+r",
        "History",
        "Open an earlier conversation.",
        "playground",
        priority=True,
        shown=False,
    ),
    Action(
        "playground.reasoning",
        "toggle_reasoning",
        "ctrl+e",
        "Reasoning",
        "Fold or unfold the reasoning of the newest answer.",
        "playground",
        priority=True,
        shown=False,
    ),
    Action("playground.copy", "copy", "y", "Copy", "Copy the focused answer.", "playground"),
    Action(
        "playground.retry",
        "retry",
        "ctrl+g",
        "Again",
        "Ask the last question again.",
        "playground",
        shown=False,
    ),
)


def actions_for(where: str) -> tuple[Action, ...]:
    """The actions that belong to ``where`` (a room, ``room.widget``, or :data:`EVERYWHERE`)."""
    return tuple(action for action in ACTIONS if action.where == where)


def bindings_for(where: str) -> list[Binding]:
    """Textual bindings of the actions that belong to ``where``, each with its id and tooltip."""
    from textual.binding import Binding

    return [
        Binding(
            action.keys,
            action.act,
            action.title,
            show=action.shown,
            key_display=action.display,
            priority=action.priority,
            tooltip=action.help,
            id=action.id,
        )
        for action in actions_for(where)
    ]


@dataclass(frozen=True, slots=True)
class KeymapProblem:
    """One thing wrong with a ``[keys]`` table: the action's id, and a sentence with the remedy."""

    action_id: str
    sentence: str


def check_keymap(keymap: Mapping[str, str]) -> list[KeymapProblem]:
    """What is wrong with the user's keys: unknown ids (with the nearest known one), empty keys, clashes.

    Textual ignores unknown ids and lets one remapped action silently disable another, so both are caught
    here.
    """
    known = {action.id: action for action in ACTIONS}
    problems = []
    for action_id, keys in keymap.items():
        if action_id not in known:
            near = difflib.get_close_matches(action_id, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " Run `zaguan-tui keys` for the list."
            problems.append(KeymapProblem(action_id, f"There is no action {action_id!r}.{hint}"))
        elif not _split(keys):
            problems.append(KeymapProblem(action_id, f"{action_id} has no key."))
    problems.extend(_clashes(keymap, known.values()))
    return problems


def _clashes(keymap: Mapping[str, str], actions: Iterable[Action]) -> list[KeymapProblem]:
    taken: dict[tuple[str, str], list[str]] = defaultdict(list)
    for action in actions:
        for key in _split(keymap.get(action.id, action.keys)):
            taken[action.where, key].append(action.id)
    problems = []
    for (where, key), ids in taken.items():
        also = ids + [i for i in taken.get((EVERYWHERE, key), []) if where != EVERYWHERE]
        remapped = [i for i in also if i in keymap]
        if len(also) > 1 and remapped:
            others = ", ".join(sorted(set(also) - {remapped[0]})) or remapped[0]
            problems.append(KeymapProblem(remapped[0], f"The key {key!r} is already used by {others}."))
    return problems


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]
