"""Checks of arguments before the network; each raises :class:`~.errors.ArgumentError` with field and
allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from zaguan_tui.client.errors.exceptions import ArgumentError

MAX_METADATA = 16
MAX_METADATA_KEY = 64
MAX_METADATA_VALUE = 512
MAX_SHOWN_LENGTH = 200
MAX_SHOWN_BITS = 128


def check_text(field: str, value: object) -> None:
    """``value`` must be a text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise ArgumentError(field, f"is {describe_value(value)}", "a text that is not blank")


def check_number(field: str, value: object, lowest: float, highest: float | None = None) -> None:
    """``value`` must be a number between the bounds, both included. A bool is none, NaN neither."""
    allowed = f"{lowest:g} to {highest:g}" if highest is not None else f"{lowest:g} or more"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ArgumentError(field, f"is {describe_value(value)}", f"a number, {allowed}")
    if not lowest <= value <= (float("inf") if highest is None else highest) or value == float("inf"):
        raise ArgumentError(field, f"is {describe_value(value)}", allowed)


def check_integer(field: str, value: object, lowest: int, highest: int | None = None) -> None:
    """``value`` must be a whole number between the bounds, both included."""
    if not isinstance(value, int):
        raise ArgumentError(field, f"is {describe_value(value)}", "a whole number")
    check_number(field, value, lowest, highest)


def check_choice(field: str, value: object, allowed: Sequence[str]) -> None:
    """``value`` must be one of ``allowed``."""
    if value not in allowed:
        raise ArgumentError(field, f"is {describe_value(value)}", ", ".join(allowed))


def check_known(names: Sequence[str], given: Sequence[str], call: str) -> None:
    """Every given keyword must be a parameter of ``call``; the nearest one is named."""
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"{near[0]}?" if near else "additional_fields={…} for a field we do not know"
            raise ArgumentError(name, f"is no parameter of {call}", hint)


def check_metadata(metadata: object) -> None:
    """At most 16 pairs of text, keys to 64 and values to 512 characters (source: OpenAI spec)."""
    if not isinstance(metadata, Mapping):
        raise ArgumentError("metadata", f"is {describe_value(metadata)}", "a mapping of texts to texts")
    if len(metadata) > MAX_METADATA:
        raise ArgumentError("metadata", f"has {len(metadata)} pairs", f"at most {MAX_METADATA}")
    for key, value in metadata.items():
        if not isinstance(key, str) or len(key) > MAX_METADATA_KEY:
            raise ArgumentError(
                "metadata", f"has the key {describe_value(key)}", f"texts to {MAX_METADATA_KEY} characters"
            )
        if not isinstance(value, str) or len(value) > MAX_METADATA_VALUE:
            raise ArgumentError(
                f"metadata.{key}",
                f"is {describe_value(value)}",
                f"a text of at most {MAX_METADATA_VALUE} characters",
            )


def describe_value(value: object) -> str:
    """What a person needs to recognise a wrong value. Long ones are not repeated, not even their beginning:
    it could be half a key, which nothing would recognise afterwards.
    """
    if isinstance(value, str):
        return repr(value) if len(value) <= MAX_SHOWN_LENGTH else f"a text of {len(value)} characters"
    if isinstance(value, int) and value.bit_length() > MAX_SHOWN_BITS:
        return f"a number of {value.bit_length()} bits"
    return repr(value) if isinstance(value, (int, float, type(None))) else f"a {type(value).__name__}"
