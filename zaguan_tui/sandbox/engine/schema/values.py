"""Values that are valid against a JSON schema, taken from what was asked where the words allow it."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from zaguan_tui.sandbox.engine.schema.text import fitting_text

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_MAX_DEPTH = 6
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_FAR = 1e15
_MAX_PATTERN_LENGTH = 300
_USUAL = {
    "year": (1990, 2026),
    "age": (18, 80),
    "rating": (1, 5),
    "confidence": (0, 1),
}
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")


class SchemaError(ValueError):
    """A schema that cannot be used; the message is one sentence without a full stop."""


def check_schema(schema: object, depth: int = 0) -> None:
    """Raise `SchemaError` for what is no JSON schema at the places this module looks at."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        raise SchemaError("a schema must be an object")
    if depth > 60:
        raise SchemaError("the schema is nested too deeply")
    kinds = schema.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind not in TYPES:
            raise SchemaError(f"{kind!r} is not a type of JSON schema")
    _check_limits(schema)
    for key in ("properties", "$defs", "definitions"):
        if not isinstance(schema.get(key, {}), Mapping):
            raise SchemaError(f"'{key}' must be an object")
        for part in schema.get(key, {}).values():
            check_schema(part, depth + 1)
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        parts = schema.get(key, [])
        if not isinstance(parts, list):
            raise SchemaError(f"'{key}' must be a list")
        for part in parts:
            check_schema(part, depth + 1)
    for key in ("required", "enum"):
        if not isinstance(schema.get(key, []), list):
            raise SchemaError(f"'{key}' must be a list")
    if isinstance(schema.get("items"), Mapping):
        check_schema(schema["items"], depth + 1)


def _check_limits(schema: Mapping[str, Any]) -> None:
    """The keywords that bound a value: finite numbers, and a pattern that is a regular expression."""
    for key in _BOUNDS:
        value = schema.get(key, 0)
        if isinstance(value, bool) and key.startswith("exclusive"):
            continue  # an old draft's switch, which is ignored
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e300:
            raise SchemaError(f"'{key}' must be a finite number")
    pattern = schema.get("pattern", "")
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(pattern)
    except (re.error, TypeError, OverflowError, RecursionError) as error:
        raise SchemaError("'pattern' is not a regular expression") from error
    if len(pattern) > _MAX_PATTERN_LENGTH:
        raise SchemaError(f"'pattern' is longer than {_MAX_PATTERN_LENGTH} characters")


class SchemaFiller:
    """Fills one schema. ``text`` is the request; its numbers, places and listed words are used first."""

    def __init__(self, root: Mapping[str, Any], rng: random.Random, text: str, topic: str) -> None:
        self._root = root
        self._rng = rng
        self._text = text
        self._topic = topic
        self._numbers = [float(found) for found in _NUMBER.findall(text)][:50]

    def fill(self, name: str = "") -> object:
        """A value that is valid against the whole schema, such as a property called ``name`` has."""
        return self._value(self._root, name, 0)

    def _value(self, schema: object, name: str, depth: int) -> object:
        rules = self._plain(schema, depth)
        if "const" in rules:
            return rules["const"]
        options = rules.get("enum")
        if options:
            return self._mentioned(options)
        kind = self._kind(rules, depth)
        if kind == "object":
            return self._object(rules, depth)
        if kind == "array":
            return self._array(rules, name, depth)
        if kind in ("number", "integer"):
            return self._number(rules, name, whole=kind == "integer")
        if kind == "boolean":
            return not re.search(r"\b(?:no|not|without|off|false)\b", self._text, re.I)
        if kind == "null":
            return None
        return fitting_text(rules, name, self._rng, self._text, self._topic)

    def _plain(self, schema: object, depth: int) -> dict[str, Any]:
        """The schema without references and choices: one of several is taken, all of ``allOf`` is merged."""
        rules = dict(schema) if isinstance(schema, Mapping) else {}
        for _ in range(20):
            if isinstance(rules.get("$ref"), str):
                rules = {**self._resolve(rules.pop("$ref")), **rules}
            elif rules.get("allOf"):
                for part in rules.pop("allOf"):
                    rules = _merged(rules, self._plain(part, depth))
            elif rules.get("anyOf") or rules.get("oneOf"):
                choices = rules.pop("anyOf", None) or rules.pop("oneOf")
                rules = _merged(rules, self._chosen(choices, depth))
            else:
                break
        return rules

    def _chosen(self, choices: Sequence[Any], depth: int) -> dict[str, Any]:
        plain = [dict(choice) for choice in choices if isinstance(choice, Mapping)] or [{}]
        nulls = [choice for choice in plain if choice.get("type") == "null"]
        if nulls and depth > _MAX_DEPTH:
            return nulls[0]
        return next((choice for choice in plain if choice not in nulls), plain[0])

    def _resolve(self, reference: str) -> dict[str, Any]:
        place: Any = self._root
        for step in reference.removeprefix("#").strip("/").split("/"):
            if step and isinstance(place, Mapping):
                place = place.get(step.replace("~1", "/").replace("~0", "~"), {})
        return dict(place) if isinstance(place, Mapping) else {}

    def _kind(self, rules: Mapping[str, Any], depth: int) -> str:
        kind = rules.get("type")
        if isinstance(kind, list):
            if depth > _MAX_DEPTH and "null" in kind:
                return "null"
            kind = next((one for one in kind if one != "null"), "null")
        if isinstance(kind, str):
            return kind
        if "properties" in rules or "required" in rules:
            return "object"
        if "items" in rules or "prefixItems" in rules:
            return "array"
        return "number" if {"minimum", "maximum", "multipleOf"} & set(rules) else "string"

    def _object(self, rules: Mapping[str, Any], depth: int) -> dict[str, object]:
        properties: Mapping[str, Any] = rules.get("properties") or {}
        required = [name for name in rules.get("required", []) if isinstance(name, str)]
        names = list(properties) if depth < 3 else [name for name in properties if name in required]
        names += [name for name in required if name not in names]
        return {name: self._value(properties.get(name, {}), name, depth + 1) for name in names}

    def _array(self, rules: Mapping[str, Any], name: str, depth: int) -> list[object]:
        first = list(rules.get("prefixItems") or [])
        fewest = _whole(rules.get("minItems"), 0)
        most = _whole(rules.get("maxItems"), max(3, fewest))
        wanted = max(fewest, min(most, 2 if depth < 3 else 1 if depth <= _MAX_DEPTH else 0))
        items: list[object] = [self._value(part, name, depth + 1) for part in first]
        tries = 0
        while len(items) < wanted and tries < wanted * 8:
            tries += 1
            item = self._value(rules.get("items", {}), name, depth + 1)
            if not (rules.get("uniqueItems") and item in items):
                items.append(item)
        return items

    def _number(self, rules: Mapping[str, Any], name: str, *, whole: bool) -> float | int:
        low, high = _bounds(rules, whole)
        step = rules.get("multipleOf")
        for index, number in enumerate(self._numbers):
            fits = low <= number <= high and not (whole and number % 1)
            if fits and not (step and number % step):
                del self._numbers[index]
                return int(number) if whole or number % 1 == 0 else number
        low, high = _usual_range(name, low, high)
        if step:
            lowest = -(-low // step) * step
            return int(lowest) if whole or lowest % 1 == 0 else lowest
        value = self._rng.uniform(low, high)
        return (
            int(min(max(round(value), low), high)) if whole else round(value, 2) if high - low > 1 else value
        )

    def _mentioned(self, options: Sequence[object]) -> object:
        lowered = self._text.casefold()
        said = [one for one in options if isinstance(one, str) and one and one.casefold() in lowered]
        return said[0] if said else options[self._rng.randrange(len(options))]


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    both = {**one, **other}
    if "properties" in one and "properties" in other:
        both["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        both["required"] = [*one["required"], *other["required"]]
    return both


def _bounds(rules: Mapping[str, Any], whole: bool) -> tuple[float, float]:
    """Smallest and largest allowed; a bound that is not there is far away."""
    nudge = 1 if whole else 1e-6
    low, high = _real(rules.get("minimum")), _real(rules.get("maximum"))
    above, below = _real(rules.get("exclusiveMinimum")), _real(rules.get("exclusiveMaximum"))
    low = max(
        [edge for edge in (low, None if above is None else above + nudge) if edge is not None], default=None
    )
    high = min(
        [edge for edge in (high, None if below is None else below - nudge) if edge is not None], default=None
    )
    low = min(-_FAR, (high or 0.0) - _FAR) if low is None else low
    return low, max(_FAR, low + _FAR) if high is None else high


def _usual_range(name: str, low: float, high: float) -> tuple[float, float]:
    """What a number of that name usually is; else at most a hundred wide, as near to zero as is allowed."""
    words = re.findall(r"[a-z]+", name.casefold())
    for word, (least, most) in _USUAL.items():
        if word in words and max(least, low) < min(most, high):
            return max(least, low), min(most, high)
    low = max(low, min(0.0, high - 100))
    return low, min(high, low + 100)


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: object, usual: int) -> int:
    return (
        min(value, 1000) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else usual
    )
