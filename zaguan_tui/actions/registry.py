"""The list of every action: bindings, look-ups, and what is wrong with a keymap.

Bindings, the key bar, the help screen, the palette, ``zaguan-tui keys`` and the config file's ``[keys]``
table are all made from the one list, so none of them can disagree. It is made of the actions that the
features declare; Textual is imported only when bindings are asked for.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaguan_tui.actions import everywhere
from zaguan_tui.actions.key_names import explain_unusable_key, is_text_key, normalize_key
from zaguan_tui.features.action import EVERYWHERE as EVERYWHERE
from zaguan_tui.features.action import Action as Action
from zaguan_tui.features.feature import Feature, Kit
from zaguan_tui.features.registry import FEATURES, KITS

if TYPE_CHECKING:
    from textual.binding import Binding

ACTIONS: tuple[Action, ...] = (
    *everywhere.ROWS,
    *(action for kit in KITS for action in kit.actions),
    *(action for feature in FEATURES for action in feature.actions),
)

_PARTS: tuple[Kit | Feature, ...] = (*KITS, *FEATURES)

SHEETS = frozenset(sheet for part in _PARTS for sheet in part.sheets)
"""Places of actions that lie over a screen: of the keys below only those with priority reach through."""

TEXT_FIELDS = frozenset(field for part in _PARTS for field in part.text_fields)
"""Places where a character is typed before it is a key."""

_BY_ID = {action.id: action for action in ACTIONS}


def actions_for(where: str) -> tuple[Action, ...]:
    """The actions that belong to ``where`` (a screen, its widget, a sheet, or everywhere)."""
    return tuple(action for action in ACTIONS if action.where == where)


def find_action(action_id: str) -> Action | None:
    """The action of an id, if there is one."""
    return _BY_ID.get(action_id)


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


def keys_of(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the keys that do ``action`` for a person with this keymap."""
    return tuple(normalize_key(key) for key in _split(keymap.get(action.id, action.keys)))


def complete_keymap(keymap: Mapping[str, str]) -> dict[str, str]:
    """``keymap`` as Textual needs it: what shares a key with a remapped action is named, too.

    Textual drops a remapped action's old key with everything that was on it, so that a remapped
    ``playground.stop`` would take escape away from ``playground.leave``.
    """
    whole = dict(keymap)
    for action in ACTIONS:
        if action.id in keymap:
            for other in actions_for(action.where):
                if _share_a_default(action, other):
                    whole.setdefault(other.id, other.keys)
    return whole


@dataclass(frozen=True, slots=True)
class KeymapProblem:
    """One thing wrong with a ``[keys]`` table: the action's id, and a sentence with the remedy."""

    action_id: str
    sentence: str


def check_keymap(keymap: Mapping[str, str]) -> list[KeymapProblem]:
    """What is wrong with the user's keys: unknown ids and keys (with the nearest known), no key, clashes.

    Textual ignores what it does not know and lets one remapped action silently disable another, so both are
    caught here.
    """
    known = {action.id: action for action in ACTIONS}
    problems = []
    for action_id in keymap:
        if action_id in known:
            sentences = _about_keys(known[action_id], keymap)
        else:
            near = difflib.get_close_matches(action_id, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " Run `zaguan-tui keys` for the list."
            sentences = iter([f"There is no action {action_id!r}.{hint}"])
        problems += [KeymapProblem(action_id, sentence) for sentence in sentences]
    return problems + list(_clashes(keymap))


def _about_keys(action: Action, keymap: Mapping[str, str]) -> Iterator[str]:
    keys = _split(keymap[action.id])
    if not keys:
        yield f"{action.id} has no key."
    for key in keys:
        if (wrong := explain_unusable_key(key)) is not None:
            yield wrong
        elif action.where in TEXT_FIELDS and is_text_key(normalize_key(key)):
            yield f"The key {key!r} is typed as text where {action.id} works."


def _clashes(keymap: Mapping[str, str]) -> Iterator[KeymapProblem]:
    """Each clash once, at the first of the remapped actions in it."""
    seen: set[str] = set()
    for action in ACTIONS:
        if action.id not in keymap:
            continue
        seen.add(action.id)
        for key in dict.fromkeys(keys_of(action, keymap)):
            others = [
                other.id
                for other in ACTIONS
                if other.id not in seen and key in keys_of(other, keymap) and _can_clash(action, other)
            ]
            if others:
                yield KeymapProblem(action.id, f"The key {key!r} is already used by {', '.join(others)}.")


def _can_clash(one: Action, other: Action) -> bool:
    """Whether one key could mean both. Two that share a default key take turns: each says when it is on."""
    if _share_a_default(one, other):
        return False
    return _is_heard_in(one, other.where) or _is_heard_in(other, one.where)


def _is_heard_in(outer: Action, where: str) -> bool:
    """Whether the key of ``outer`` is heard while the focus is in ``where``."""
    if outer.where == EVERYWHERE:
        return outer.priority or where not in SHEETS
    if where == outer.where or where.startswith(f"{outer.where}."):
        return True
    return any(outer.where == feature.name and where in feature.widgets for feature in FEATURES)


def _share_a_default(one: Action, other: Action) -> bool:
    return bool({*_split(one.keys)} & {*_split(other.keys)})


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]
