"""What keys are called: which names a person may write, and how each is shown.

The names are Textual's, spelled out here because importing Textual would cost every start of ``zaguan-tui
keys`` and ``check``; a test compares them with its.
"""

from __future__ import annotations

import difflib
import unicodedata
from string import punctuation

MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
"""In the order in which they stand before a key."""

_COMMON = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


def _name(character: str) -> str:
    """The name of one character as Textual makes it: letters and digits are their own."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _COMMON.get(name, name)


CHARACTERS = {_name(character): character for character in punctuation}
"""Name to character of what a keyboard's punctuation types: ``slash``, ``question_mark`` …"""

NON_PRINTING_KEYS = frozenset(
    {"escape", "enter", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"}
    | {"up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 25)}
)
"""The keys that have a name only."""

_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    "control": "ctrl",
    "option": "alt",
    "cmd": "super",
}
_HOW = " Keys are written like x, f9, ctrl+x, alt+enter or question_mark."


def normalize_key(key: str) -> str:
    """``key`` with its character named, so that ``?`` and ``question_mark`` are the same key."""
    return _name(key) if len(key) == 1 else key


def is_text_key(key: str) -> bool:
    """Whether a text field takes the key as text."""
    return len(key) == 1 or key == "space" or key in CHARACTERS


def key_label(key: str) -> str:
    """``key`` as a person knows it: ``?``, ``esc``, ``ctrl+o``."""
    return {"escape": "esc"}.get(key, CHARACTERS.get(key, key))


def explain_unusable_key(key: str) -> str | None:
    """Why no terminal ever sends a key of this name, with the nearest that is one; ``None`` if one does."""
    if _exists(key):
        return None
    near = _suggest_key(key)
    return f"There is no key {key!r}.{f' Did you mean {near}?' if near else _HOW}"


def _exists(key: str) -> bool:
    *modifiers, base = _parts(key)
    if not modifiers:
        return (len(base) == 1 and base.isprintable()) or base in NON_PRINTING_KEYS or base in CHARACTERS
    if modifiers != sorted(set(modifiers)) or not set(modifiers) <= set(MODIFIERS):
        return False
    if base in NON_PRINTING_KEYS or key == "ctrl+@":
        return True
    if modifiers == ["shift"]:  # the terminal sends the shifted character instead
        return False
    return base in CHARACTERS or (len(base) == 1 and base.isalnum() and base == base.lower())


def _suggest_key(key: str) -> str | None:
    """The key that was probably meant."""
    *modifiers, base = (_ALIASES.get(part.lower(), part) for part in _parts(key))
    modifiers = sorted({modifier.lower() for modifier in modifiers})
    if modifiers == ["shift"] and len(base) == 1 and base.isalpha():
        return base.upper()
    bases = [base, base.lower(), normalize_key(base)]
    bases += difflib.get_close_matches(base.lower(), [*NON_PRINTING_KEYS, *CHARACTERS], n=1, cutoff=0.75)
    nearest = [difflib.get_close_matches(modifier, MODIFIERS, n=1) for modifier in modifiers]
    if not all(nearest):
        return None
    names = sorted({name for names in nearest for name in names})
    return next((whole for one in bases if _exists(whole := "+".join([*names, one]))), None)


def _parts(key: str) -> list[str]:
    """Modifiers and the key itself, which may be a plus."""
    if key.endswith("+"):
        return [*(part for part in key[:-1].split("+") if part), "+"]
    return key.split("+")
