"""Reads the typed value of a parameter field, and formats a value for its field."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence

from zaguan_tui.state.chat.parameters.table import MAX_STOPS, Kind, Parameter

YES, NO = "yes", "no"
_SPACED = re.compile(r"[\s_,]")


class ParameterValueError(Exception):
    """What was typed is no value. The message is a sentence for the field."""


def read_value(parameter: Parameter, text: str, low: float | None, high: float | None) -> object:
    """The value of a text that is not empty. Raises :class:`ParameterValueError`."""
    text = text.strip()
    match parameter.kind:
        case Kind.NUMBER:
            return _number(text, low, high)
        case Kind.WHOLE:
            return _read_integer(text, low, high)
        case Kind.FLAG:
            return text == YES
        case Kind.WORDS:
            return _words(text)
        case _:
            return text


def format_value(value: object) -> str:
    """A value as text for its field."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        words = [word if isinstance(word, str) else json.dumps(word) for word in value]
        plain = all(word and word == word.strip() and not re.search(r'[",\\\n\t]', word) for word in words)
        return ", ".join(words if plain else [json.dumps(word, ensure_ascii=False) for word in words])
    return str(value)


def format_range(low: float | None, high: float | None) -> str:
    """The range of a number in words."""
    if low is None or abs(low) > 1e15:
        return "any whole number"
    if high is None:
        return f"{low:,.15g} or more"
    return f"{low:,.15g} to {high:,.15g}"


def _number(text: str, low: float | None, high: float | None) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        point = " Write the point as a point." if re.fullmatch(r"-?\d*,\d+", text) else ""
        raise ParameterValueError(f"Not a number.{point}")
    _check_limits(value, low, high)
    return value


def _read_integer(text: str, low: float | None, high: float | None) -> int:
    try:
        value = int(_SPACED.sub("", text))
    except ValueError:
        raise ParameterValueError("Not a whole number.") from None
    _check_limits(value, low, high)
    return value


def _check_limits(value: float, low: float | None, high: float | None) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        words = format_range(low, high)
        raise ParameterValueError("Too large." if words.startswith("any") else f"Only {words}.")


def _words(text: str) -> list[str]:
    if text.startswith(('"', "[")):
        try:
            words = json.loads(text if text.startswith("[") else f"[{text}]")
        except ValueError:
            raise ParameterValueError("A quote is not closed, or a comma is missing.") from None
    else:
        words = [word.strip().replace("\\n", "\n").replace("\\t", "\t") for word in text.split(",")]
    if not all(isinstance(word, str) and word for word in words):
        raise ParameterValueError("Each has to be a text that is not empty.")
    if len(words) > MAX_STOPS:
        raise ParameterValueError(f"At most {MAX_STOPS}; these are {len(words)}.")
    return list(words)
