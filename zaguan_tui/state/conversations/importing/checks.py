"""Type checks of imported JSON, with a sentence that names the path of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.text.surrogates import repair


class ImportFormatError(ValueError):
    """A file that cannot be taken in. Its text is a sentence that says where and why."""


def describe_kind(value: object) -> str:
    """What a JSON value is, in a word or two."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def named(value: object) -> str | None:
    """A word such as a role or a type; ``None`` for what is no text."""
    return value if isinstance(value, str) else None


def check_text(value: object, path: str) -> str:
    """A text, halves of characters repaired. Raises ``UnreadableError``."""
    if not isinstance(value, str):
        raise make_type_error(path, "a text", value)
    return repair(value)


def check_list(value: object, path: str) -> list[Any]:
    """A list. Raises ``UnreadableError``."""
    if not isinstance(value, list):
        raise make_type_error(path, "a list", value)
    return value


def check_object(value: object, path: str) -> Mapping[str, Any]:
    """An object. Raises ``UnreadableError``."""
    if not isinstance(value, Mapping):
        raise make_type_error(path, "an object", value)
    return value


def make_type_error(path: str, expected: str, value: object) -> ImportFormatError:
    """``messages[2].content has to be a text, but is a number.``"""
    return ImportFormatError(f"{path or 'The whole'} has to be {expected}, but is {describe_kind(value)}.")
