"""Sentences of refused arguments: error code and value to "is 5" and "0 to 2".

Light to import: path ids, realtime events and ``raw`` calls take their sentences from here too.
``validation`` looks up here what pydantic reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from zaguan_tui.client.errors.exceptions import ArgumentError

MAX_SHOWN_LENGTH = 200
MAX_SHOWN_BITS = 128
TEXT = "a text that is not blank"

Sentence = tuple[str, str]
"""What is wrong with a value ("is 5"), and what would be taken ("0 to 2")."""


def describe_value(value: object) -> str:
    """What a person needs to recognise a wrong value. Long ones are not repeated, not even their beginning:
    it could be half a key, which nothing would recognise afterwards.
    """
    if isinstance(value, str):
        return repr(value) if len(value) <= MAX_SHOWN_LENGTH else f"a text of {len(value)} characters"
    if isinstance(value, int) and value.bit_length() > MAX_SHOWN_BITS:
        return f"a number of {value.bit_length()} bits"
    return repr(value) if isinstance(value, (int, float, type(None))) else f"a {type(value).__name__}"


def describe_type(value: object) -> str:
    """A wrong value by its type alone: "is a list"."""
    return f"is a {type(value).__name__}"


def check_text(field: str, value: object) -> None:
    """Raise :class:`ArgumentError` unless ``value`` is a text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise ArgumentError(field, f"is {describe_value(value)}", TEXT)


def check_integer(field: str, value: object, lowest: int) -> None:
    """Raise :class:`ArgumentError` unless ``value`` is a whole number from ``lowest`` on; a bool is none."""
    if not isinstance(value, int) or isinstance(value, bool) or value < lowest:
        raise ArgumentError(field, *_integer({"lowest": lowest}, value))


def check_known(names: tuple[str, ...], given: Mapping[str, object], call: str) -> None:
    """Raise :class:`ArgumentError` for a keyword that ``call`` does not have, naming the nearest one."""
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"{near[0]}?" if near else "additional_fields={…} for a field we do not know"
            raise ArgumentError(name, f"is no parameter of {call}", hint)


def explain(code: str, context: Mapping[str, Any], value: object) -> Sentence:
    """The sentence for an error of ``code`` that a request model reports for ``value``."""
    if "problem" in context:
        return context["problem"], context["allowed"]
    return _SENTENCES[code](context, value)


def _text(context: Mapping[str, Any], value: object) -> Sentence:
    most = context.get("most")
    if most is not None and isinstance(value, str) and len(value) > most:
        return f"has {len(value)} characters", f"at most {most}"
    return f"is {describe_value(value)}", TEXT


def _number(context: Mapping[str, Any], value: object) -> Sentence:
    lowest, highest = context["lowest"], context.get("highest")
    bounds = f"{lowest:g} or more" if highest is None else f"{lowest:g} to {highest:g}"
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"is {describe_value(value)}", bounds if number else f"a number, {bounds}"


def _integer(context: Mapping[str, Any], value: object) -> Sentence:
    if not isinstance(value, int):
        return f"is {describe_value(value)}", "a whole number"
    return _number(context, value)


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any], object], Sentence]] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "choice": lambda context, value: (f"is {describe_value(value)}", context["allowed"]),
    "flag": lambda _, value: (describe_type(value), "True or False"),
    "mapping": lambda context, value: (describe_type(value), context["allowed"]),
    "list": lambda context, value: (describe_type(value), context["allowed"]),
}
