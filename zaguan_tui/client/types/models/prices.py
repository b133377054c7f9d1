"""Prices of tokens in USD per million, from every key and unit in use (``common``: OpenRouter, LiteLLM,
Together, models.dev, Venice; Zaguan SDKs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.core.primitives import UnreadableValue, amount, describe, fold

ABSURD_PER_TOKEN = 0.001
"""USD for a token from which on a number without a unit is a price per million: the dearest models on any
list are below it, and nobody asks 1,000 $ for a million tokens."""

_MILLION = 1_000_000
_KINDS = {
    "input": "input",
    "prompt": "input",
    "output": "output",
    "completion": "output",
    "reasoning": "reasoning",
}
_UNITS = {
    **dict.fromkeys(("m", "million", "mtok", "mtoken", "mtokens", "1000000"), 1),
    **dict.fromkeys(("k", "thousand", "ktok", "ktoken", "ktokens", "1000"), 1000),
}
_NOUNS = frozenset({"cost", "costs", "price", "prices", "pricing"})
_FACTORS = ((1, _MILLION), (1000, 1000), (_MILLION, 1))
_FILLERS = frozenset({"per", "1", "token", "tokens", "tok", "usd", "dollars", "internal"})
_PRICE_OBJECTS = ("pricing", "price", "prices", "cost", "costs")
_HOLDERS = ("model_info", "metadata", "model_spec", "top_provider")
_NESTED = frozenset((*_PRICE_OBJECTS, *_HOLDERS))
_AMOUNT_KEYS = ("usd", "price", "amount", "value", "cost")
_WRITTEN = re.compile(r"\s*([^/a-z]*?)\s*(?:usd|dollars)?\s*(?:/|per\b)\s*(.+)", re.IGNORECASE)


class _Key(NamedTuple):
    """What a key says of the price under it; ``factor`` is ``None`` where it names no unit."""

    kind: str
    factor: int | None
    has_noun: bool


class _Price(NamedTuple):
    kind: str
    number: float
    factor: int | None


def read_prices(entry: Mapping[str, Any], drift: Drift, path: str) -> dict[str, float]:
    """The prices of an entry by kind (input, output, reasoning), in USD per million tokens.

    What the entry says itself goes before the objects in it (``pricing``, ``cost``, LiteLLM's
    ``model_info``). Numbers without a unit are per token, unless one of them would be absurd so: then those
    of its object are per million. Negative is how routers say *it depends*, and counts as unknown.
    """
    by_kind: dict[str, float] = {}
    _add(entry, by_kind, drift, path, needs_noun=True)
    if not _NESTED.isdisjoint(entry):
        for holder in (entry, *(entry.get(key) for key in _HOLDERS)):
            if not isinstance(holder, Mapping):
                continue
            if holder is not entry:
                _add(holder, by_kind, drift, path, needs_noun=True)
            for key in _PRICE_OBJECTS:
                if isinstance(prices := holder.get(key), Mapping):
                    _add(prices, by_kind, drift, path, needs_noun=False)
    return by_kind


def _add(
    holder: Mapping[str, Any], by_kind: dict[str, float], drift: Drift, path: str, *, needs_noun: bool
) -> None:
    prices = list(_prices(holder, drift, path, needs_noun=needs_noun))
    if not prices:
        return
    unit = None if needs_noun else _unit_of(holder.get("unit", holder.get("per")))
    if unit is None:
        loose = [price.number for price in prices if price.factor is None]
        unit = 1 if any(number >= ABSURD_PER_TOKEN for number in loose) else _MILLION
    for price in sorted(prices, key=lambda price: price.factor or _MILLION):
        factor = unit if price.factor is None else price.factor
        by_kind.setdefault(price.kind, round(price.number * factor, 9))


def _prices(holder: Mapping[str, Any], drift: Drift, path: str, *, needs_noun: bool) -> Iterator[_Price]:
    for key, value in holder.items():
        meaning = _meaning(key)
        if meaning is None or value is None or (needs_noun and not meaning.has_noun):
            continue
        try:
            number, factor = _amount_and_unit(value)
        except UnreadableValue as error:
            drift.field(path, key, error.received)
            continue
        if number is not None and number >= 0 and number * _MILLION != float("inf"):
            yield _Price(meaning.kind, number, meaning.factor if factor is None else factor)


@lru_cache(maxsize=1024)
def _meaning(key: str) -> _Key | None:
    """What a key is the price of; ``None`` where a word of it means something else (cached, audio)."""
    words = _words(key)
    kinds = {_KINDS[word] for word in words if word in _KINDS}
    rest = set(words) - _KINDS.keys() - _NOUNS - _UNITS.keys() - _FILLERS
    if len(kinds) != 1 or rest:
        return None
    return _Key(kinds.pop(), _unit_in(words, by_token="per" in words), not _NOUNS.isdisjoint(words))


def _amount_and_unit(value: object) -> tuple[float | None, int | None]:
    """A number, a text such as ``$0.88 / 1M tokens``, or an object with an amount and a unit."""
    if type(value) is float or type(value) is int:
        return amount(value), None
    if isinstance(value, Mapping):
        inner = next((value[key] for key in _AMOUNT_KEYS if value.get(key) is not None), None)
        if isinstance(inner, Mapping) or inner is None:
            raise UnreadableValue("", describe(value))
        number, unit = _amount_and_unit(inner)
        return number, unit if unit is not None else _unit_of(value.get("unit", value.get("per")))
    if isinstance(value, str) and (written := _WRITTEN.fullmatch(value)):
        return amount(written[1]), _unit_in(_words(written[2]), by_token=True)
    return amount(value), None


def _unit_of(value: object) -> int | None:
    """The factor of a unit: ``per_1m_tokens``, ``1K``, 1000000; ``None`` for no unit, or none that is known.

    A bare ``tokens`` says what is counted, not how many of them the price is for.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return next((factor for tokens, factor in _FACTORS if value == tokens), None)
    if not isinstance(value, str):
        return None
    words = _words(value)
    return _unit_in(words, by_token="per" in words or "token" in words)


def _unit_in(words: tuple[str, ...], *, by_token: bool) -> int | None:
    for word in words:
        if word in _UNITS:
            return _UNITS[word]
    return _MILLION if by_token and not {"token", "tokens", "tok"}.isdisjoint(words) else None


def _words(text: str) -> tuple[str, ...]:
    """The words and numbers of a key or a unit: ``inputCostPer1M``, ``per_1m_tokens``, ``1,000,000``."""
    return tuple(re.findall(r"[a-z]+|\d+", fold(text.replace(",", ""))))
