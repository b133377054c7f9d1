"""Generate values that are valid against a JSON schema, from the words of the request where they fit."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from zaguan_tui.sandbox.engine.schema.text import fitting_text

_MAX_DEPTH = 6
_FAR = 1e15
_LARGEST = 1e300
_MAX_PATTERN_LENGTH = 300
_MAX_MESSAGE_LENGTH = 200
_USUAL = {
    "year": (1990, 2026),
    "age": (18, 80),
    "rating": (1, 5),
    "confidence": (0, 1),
}
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")


class SchemaError(ValueError):
    """A schema that cannot be used; the message is one sentence without a full stop."""


def check_schema(schema: Any) -> None:
    """Raise `SchemaError` for what is no JSON schema (2020-12, or the draft that ``$schema`` names)."""
    from jsonschema import Draft202012Validator, FormatChecker, exceptions
    from jsonschema.validators import validator_for

    checker = FormatChecker(formats=())
    checker.checks("regex", raises=(re.error, OverflowError, RecursionError))(_is_usable_pattern)
    validator: Any = validator_for(schema, default=Draft202012Validator)
    try:
        with warnings.catch_warnings(action="ignore"):
            validator.check_schema(schema, format_checker=checker)
    except exceptions.SchemaError as error:
        raise SchemaError(f"{error.json_path}: {error.message[:_MAX_MESSAGE_LENGTH]}") from error
    except RecursionError as error:
        raise SchemaError("the schema is nested too deeply") from error


def _is_usable_pattern(pattern: object) -> bool:
    return not isinstance(pattern, str) or (
        len(pattern) <= _MAX_PATTERN_LENGTH and re.compile(pattern) is not None
    )


class SchemaFiller:
    """Fill one schema. ``text`` is the request; its numbers, places and listed words are used first."""

    def __init__(self, root: Mapping[str, Any], rng: random.Random, text: str, topic: str) -> None:
        self._root = root
        self._rng = rng
        self._text = text
        self._topic = topic
        self._numbers = [float(number) for number in _NUMBER.findall(text)][:50]

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
                rules = _merged(rules, self._choose(choices, depth))
            else:
                break
        return rules

    def _choose(self, choices: Sequence[Any], depth: int) -> dict[str, Any]:
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
            kind = next((option for option in kind if option != "null"), "null")
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
        length = max(fewest, min(most, 2 if depth < 3 else 1 if depth <= _MAX_DEPTH else 0))
        items: list[object] = [self._value(part, name, depth + 1) for part in first]
        tries = 0
        while len(items) < length and tries < length * 8:
            tries += 1
            item = self._value(rules.get("items", {}), name, depth + 1)
            if not (rules.get("uniqueItems") and item in items):
                items.append(item)
        return items

    def _number(self, rules: Mapping[str, Any], name: str, *, whole: bool) -> float | int:
        low, high = _bounds(rules, whole)
        step = _real(rules.get("multipleOf"), 0)
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
        mentioned = [
            option
            for option in options
            if isinstance(option, str) and option and option.casefold() in lowered
        ]
        return mentioned[0] if mentioned else options[self._rng.randrange(len(options))]


def _merged(base: Mapping[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    both = {**base, **addition}
    if "properties" in base and "properties" in addition:
        both["properties"] = {**base["properties"], **addition["properties"]}
    if "required" in base and "required" in addition:
        both["required"] = [*base["required"], *addition["required"]]
    return both


def _bounds(rules: Mapping[str, Any], whole: bool) -> tuple[float, float]:
    """Smallest and largest allowed; a bound that is not there is far away."""
    nudge = 1 if whole else 1e-6
    lows = [_real(rules.get("minimum"), 0), _real(rules.get("exclusiveMinimum"), nudge)]
    highs = [_real(rules.get("maximum"), 0), _real(rules.get("exclusiveMaximum"), -nudge)]
    high = min((edge for edge in highs if edge is not None), default=None)
    low = max((edge for edge in lows if edge is not None), default=min(-_FAR, (high or 0.0) - _FAR))
    return low, max(_FAR, low + _FAR) if high is None else high


def _usual_range(name: str, low: float, high: float) -> tuple[float, float]:
    """What a number of that name usually is; else at most a hundred wide, as near to zero as is allowed."""
    words = re.findall(r"[a-z]+", name.casefold())
    for word, (least, most) in _USUAL.items():
        if word in words and max(least, low) < min(most, high):
            return max(least, low), min(most, high)
    low = max(low, min(0.0, high - 100))
    return low, min(high, low + 100)


def _real(value: object, nudge: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(max(-_LARGEST, min(value, _LARGEST))) + nudge


def _whole(value: object, usual: int) -> int:
    return (
        min(value, 1000) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else usual
    )
