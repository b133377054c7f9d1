"""Tolerant primitives: one JSON value in, one typed value out (`wire.md` 1.4, ``proposal`` unless tagged).

Every reader has the signature ``(value, key="")``: ``key`` is the spelling the value was found under, because
a suffix such as ``_pct`` carries the unit. ``None`` goes in as *missing* and comes out as ``None``. A value
that cannot be understood raises :class:`UnreadableValue`; whether that is a drift note or the end is the
caller's decision.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

Reader = Callable[[Any, str], Any]
"""Reads one JSON value found under one key."""

_SHOWN_TEXT = 40
_SHOWN_KEYS = 5
_MAX_DEPTH = 32

_CAMEL_SEAM = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[\s_\-]+")
_CURRENCY = re.compile(r"^[$€£]\s*|\s*(?:USD|EUR|[$€£])$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[,_ ]\d{3})*|)(?:\.\d*)?(?:[eE][+-]?\d{1,4})?")

_YES = frozenset({"true", "yes", "on", "enabled", "1", "t", "y"})
_NO = frozenset({"false", "no", "off", "disabled", "0", "f", "n"})
_PERCENT_WORDS = frozenset({"pct", "percent", "percentage"})


class UnreadableValue(ValueError):  # noqa: N818 - a finding about a value, not a failure of ours
    """A value that no dialect explains.

    ``path`` is the JSON path inside the body (``data[3].id``; empty: the body itself), ``received`` says in a
    few words what was there. The client facade turns it into its typed error by adding the endpoint.
    """

    def __init__(self, path: str, received: str) -> None:
        super().__init__(path, received)
        self.path = path
        self.received = received

    def __str__(self) -> str:
        return f"{self.path or 'the body'}: found {self.received}"

    def below(self, path: str) -> UnreadableValue:
        """The same finding, seen from ``path``."""
        return UnreadableValue(join_path(path, self.path), self.received)


def join_path(parent: str, child: str) -> str:
    """``data[3]`` and ``id`` make ``data[3].id``; an empty side vanishes."""
    if not parent or not child:
        return parent or child
    return f"{parent}{child}" if child.startswith("[") else f"{parent}.{child}"


def foreign_word(value: object) -> str:
    """A short text as it stands; whatever else as :func:`describe` has it."""
    return value if isinstance(value, str) and len(value) <= _SHOWN_TEXT else describe(value)


def describe(value: object) -> str:
    """What a value is, in a few words, without walking into it (a hostile body may be nested very deeply)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A beginning could be half a key of ours, which nothing would recognise afterwards.
        return f"the text {value!r}" if len(value) <= _SHOWN_TEXT else f"a text of {len(value)} characters"
    if isinstance(value, float):
        return f"the number {value!r}"
    if isinstance(value, int):
        # str() refuses integers of more than some thousand digits.
        return f"the number {value}" if value.bit_length() <= 128 else "a number of more than 38 digits"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, Mapping):
        names = [str(key) for key in list(value)[:_SHOWN_KEYS]]
        keys = ", ".join(name if len(name) <= _SHOWN_TEXT else "…" for name in names)
        more = ", …" if len(value) > _SHOWN_KEYS else ""
        return f"an object with the keys {keys}{more}" if value else "an empty object"
    return f"a {type(value).__name__}"


def unreadable(value: object) -> UnreadableValue:
    """The error for ``value`` itself; whoever knows the path adds it with :meth:`UnreadableValue.below`."""
    return UnreadableValue("", describe(value))


@lru_cache(maxsize=1024)
def key_words(key: str) -> tuple[str, ...]:
    """The words of a key in any case: ``avgLatencyMs`` and ``avg_latency_ms`` are both ``avg latency ms``."""
    return tuple(fold(key).split("_"))


def fold(word: str) -> str:
    """One spelling for an enum word: lower case, camelCase split, ``-``, ``_`` and spaces alike."""
    return _SEPARATORS.sub("_", _CAMEL_SEAM.sub("_", word.strip())).strip("_").lower()


def text(value: Any, key: str = "") -> str | None:
    """Any string as it is; a number as its digits (some servers number their ids)."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unreadable(value)
    if isinstance(value, int) and value.bit_length() > 128:
        raise unreadable(value)
    return str(value)


def filled_text(value: Any, key: str = "") -> str | None:
    """As :func:`text`; blank counts as missing (Go sends ``""`` for what it does not know)."""
    plain = text(value, key)
    return plain if plain and plain.strip() else None


def identifier(value: Any, key: str = "") -> str | None:
    """An id, kept to the letter; blank counts as missing."""
    return filled_text(value, key)


def integer(value: Any, key: str = "") -> int | None:
    """An int, a float with zero fraction, or a numeric string (``"1,024"``)."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = amount(value, key)
    if number is None:
        return None
    if not number.is_integer():
        raise unreadable(value)
    return int(number)


def count(value: Any, key: str = "") -> int | None:
    """An :func:`integer` that counts something: not negative; a list is counted."""
    if isinstance(value, list):
        return len(value)
    number = integer(value, key)
    if number is not None and number < 0:
        raise unreadable(value)
    return number


def positive(value: Any, key: str = "") -> int | None:
    """An :func:`integer`; 0 or less is how servers without knowledge say *unknown* (context sizes,
    limits)."""
    number = integer(value, key)
    return number if number is not None and number > 0 else None


def amount(value: Any, key: str = "") -> float | None:
    """Credits, money, rates: int, float, numeric string, ``"$1.20"``. Not finite is unreadable."""
    if value is None:
        return None
    if isinstance(value, bool):
        raise unreadable(value)
    if isinstance(value, float):
        number = value
    elif isinstance(value, int):
        number = _float(value, value)
    elif isinstance(value, str):
        if not value.strip():
            return None
        number = _float(_bare_number(value), value)
    else:
        raise unreadable(value)
    if not math.isfinite(number):
        raise unreadable(value)
    return number


def _bare_number(value: str) -> str:
    """The digits of a numeric string, or :class:`UnreadableValue`."""
    bare = _CURRENCY.sub("", value.strip())
    if not any(char.isdigit() for char in bare) or _NUMBER.fullmatch(bare) is None:
        raise unreadable(value)
    return re.sub(r"[,_ ]", "", bare)


def _float(number: int | str, value: object) -> float:
    try:
        return float(number)
    except (OverflowError, ValueError):
        raise unreadable(value) from None


def fraction(value: Any, key: str = "") -> float | None:
    """0..1. A key ending in ``_pct`` or ``_percent`` and a string ending in ``%`` are percent; else > 1
    is."""
    percent = key_words(key)[-1] in _PERCENT_WORDS
    if isinstance(value, str) and value.strip().endswith("%"):
        percent, value = True, value.strip()[:-1]
    number = amount(value, key)
    if number is None:
        return None
    if percent or number > 1:
        number = round(number / 100, 9)
    if not 0 <= number <= 1:
        raise unreadable(value)
    return number


def flag(value: Any, key: str = "") -> bool | None:
    """A three-state flag: true, false, or ``None`` for unknown (``zaguan-sdk-go`` turns absent into
    false)."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _YES:
            return True
        if word in _NO:
            return False
        if not word:
            return None
    elif value in (0, 1):
        return bool(value)
    raise unreadable(value)


def mapping(value: Any, key: str = "") -> Mapping[str, Any]:
    """A JSON object; missing is an empty one."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    raise unreadable(value)


def free_object(value: Any, key: str = "") -> Mapping[str, Any]:
    """A JSON object of the server's own making (metadata), kept in a value as it is.

    One nested beyond any use is unreadable and stays in ``raw`` alone, for ``==`` and ``repr`` recurse.
    """
    members = mapping(value, key)
    layer: list[object] = [members]
    for _ in range(_MAX_DEPTH):
        layer = [
            inner
            for item in layer
            for inner in (
                item.values() if isinstance(item, Mapping) else item if isinstance(item, list) else ()
            )
            if isinstance(inner, Mapping | list)
        ]
        if not layer:
            return members
    raise unreadable(value)


def texts(value: Any, key: str = "") -> tuple[str, ...]:
    """A list of words: strings, objects with a name, one lone string, or an object of switches (``{"A":
    true}``)."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, Mapping):
        return _texts_of_object(value)
    if not isinstance(value, list):
        raise unreadable(value)
    names = (_name_of(item) for item in value)
    return tuple(name for name in names if name is not None)


def _texts_of_object(value: Mapping[str, Any]) -> tuple[str, ...]:
    if value and all(isinstance(switch, bool) for switch in value.values()):
        return tuple(str(name) for name, switch in value.items() if switch)
    own = _own_name(value)
    if own is not None:
        return (own,)
    return tuple(_name_of(item) or str(name) for name, item in value.items())


def _name_of(item: object) -> str | None:
    if isinstance(item, Mapping):
        own = _own_name(item)
        if own is None:
            raise unreadable(item)
        return own
    return filled_text(item)


def _own_name(item: Mapping[str, Any]) -> str | None:
    for key in ("name", "id", "band", "model", "model_id", "value"):
        name = item.get(key)
        if isinstance(name, str) and name.strip():
            return name
    return None
