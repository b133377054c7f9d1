"""Values as literals of the shell, Python and TypeScript; a marked key becomes its environment variable.

Characters that are not printable are escaped, so that a snippet cannot steer the terminal it is pasted into.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from secrets import token_hex
from typing import Any

KEY_MARK = f"key{token_hex(16)}"
"""Stands where a key stood. Nobody can guess it: foreign text must not be able to ask for the key."""

_STEP = "    "


def shell_text(text: str, variable: str) -> str:
    """``text`` in single quotes, the mark as ``"$VARIABLE"`` outside of them."""
    parts = ["'" + part.replace("'", "'\\''") + "'" if part else "" for part in text.split(KEY_MARK)]
    return f'"${variable}"'.join(parts) or "''"


def python_text(text: str, variable: str) -> str:
    """``text`` as a Python expression."""
    return _joined(text, repr, f'os.environ["{variable}"]')


def typescript_text(text: str, variable: str) -> str:
    """``text`` as a TypeScript expression."""
    return _joined(text, json_text, f"process.env.{variable}")


def json_text(text: str) -> str:
    """``text`` as a JSON string: readable, but for what is not printable."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in quoted)


def python_value(value: Any, variable: str, indent: int = 0) -> str:
    """A JSON value as a Python literal, broken over lines."""
    return _value(value, indent, lambda text: python_text(text, variable), _PYTHON_WORDS, computed="{}")


def typescript_value(value: Any, variable: str, indent: int = 0) -> str:
    """A JSON value as a TypeScript literal, broken over lines."""
    return _value(value, indent, lambda text: typescript_text(text, variable), _JSON_WORDS, computed="[{}]")


def json_value(value: Any) -> str:
    """A JSON value on one line, readable, with what is not printable escaped."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json_text(key)}: {json_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(json_value(item) for item in value) + "]"
    return json_text(value) if isinstance(value, str) else json.dumps(value)


_PYTHON_WORDS = {None: "None", True: "True", False: "False"}
_JSON_WORDS = {None: "null", True: "true", False: "false"}


def _joined(text: str, quote: Callable[[str], str], variable: str) -> str:
    parts = text.split(KEY_MARK)
    pieces: list[str] = []
    for place, part in enumerate(parts):
        if place:
            pieces.append(variable)
        if part or len(parts) == 1:
            pieces.append(quote(part))
    return " + ".join(pieces)


def _value(
    value: Any, indent: int, text: Callable[[str], str], words: dict[bool | None, str], *, computed: str
) -> str:
    """One value; ``computed`` wraps a key that is an expression and no plain literal."""
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, str):
        return text(value)
    if not isinstance(value, (dict, list)):
        return json.dumps(value)
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    inner = indent + 1
    if isinstance(value, dict):
        lines = []
        for key, item in value.items():
            name = computed.format(text(key)) if KEY_MARK in key else text(key)
            lines.append(f"{name}: {_value(item, inner, text, words, computed=computed)}")
        opening, closing = "{}"
    else:
        lines = [_value(item, inner, text, words, computed=computed) for item in value]
        opening, closing = "[]"
    body = "".join(f"{_STEP * inner}{line},\n" for line in lines)
    return f"{opening}\n{body}{_STEP * indent}{closing}"
