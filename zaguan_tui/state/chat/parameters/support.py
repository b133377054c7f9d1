"""Which parameters a model or a dialect does not support, why, and the nearest model that does."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zaguan_tui.state.chat.dialects import find_unsupported
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.parameters.table import BY_NAME, SCHEMA, Need, Parameter
from zaguan_tui.state.models.entry import ModelEntry

_JSON_FEATURES = ("json_mode", "structured_outputs")
_LACKS = {
    Need.TOOLS: "calls no tools",
    Need.REASONING: "has no reasoning",
    Need.JSON_MODE: "has no JSON mode",
    Need.SCHEMA: "takes no JSON schema",
}
_HAS = {
    Need.TOOLS: "calls them",
    Need.REASONING: "has",
    Need.JSON_MODE: "has one",
    Need.SCHEMA: "takes one",
}
_GOES_WITH = {"tool_choice": Need.TOOLS, "parallel_tool_calls": Need.TOOLS, "tools": Need.TOOLS}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something cannot be used. With a ``need`` another model may be able to."""

    reason: str
    need: Need | None = None

    def with_nearest(self, nearest: str | None, how: str = " – enter chooses it") -> str:
        """The reason, and the model to choose instead, if there is one; ``how`` says how to choose it."""
        if self.need is None:
            return self.reason
        if nearest is None:
            return f"{self.reason}, and no other model here is known to."
        return f"{self.reason}; nearest that {_HAS[self.need]}: {nearest}{how}"


def supports(entry: ModelEntry | None, need: Need) -> bool | None:
    """Whether a model can; ``None`` where the gateway does not say."""
    if entry is None:
        return None
    if need is Need.TOOLS:
        return entry.tools
    if need is Need.REASONING:
        return entry.reasoning
    if not entry.features:
        return None
    features = _JSON_FEATURES if need is Need.JSON_MODE else _JSON_FEATURES[1:]
    return any(feature in entry.features for feature in features)


def make_obstacle(model: str | None, need: Need) -> Obstacle:
    """The obstacle of a model that cannot."""
    return Obstacle(f"{model or 'the model'} {_LACKS[need]}", need)


def obstacle(parameter: Parameter, entry: ModelEntry | None, dialect: Dialect) -> Obstacle | None:
    """Why a parameter cannot be sent to a model in a dialect; ``None`` when it can, or nothing is known."""
    if dialect not in parameter.dialects:
        return Obstacle(f"the {dialect} dialect has no word for it")
    need = parameter.need
    if need is Need.JSON_MODE and dialect is Dialect.MESSAGES:
        need = Need.SCHEMA
    if need is not None and supports(entry, need) is False:
        return make_obstacle(entry.id if entry else None, need)
    return None


def find_refused(params: Mapping[str, object], entry: ModelEntry | None) -> dict[str, Need]:
    """The parameters that a model cannot take, as far as is known, each with what it lacks."""
    refused = {}
    for name, value in params.items():
        need = _need_of(name, value)
        if value is not None and need is not None and supports(entry, need) is False:
            refused[name] = need
    return refused


def filter_sent(params: Mapping[str, object], entry: ModelEntry | None) -> dict[str, object]:
    """What goes out to a model: everything it is not known to refuse."""
    gone = find_refused(params, entry)
    return {name: value for name, value in params.items() if name not in gone}


def find_not_sent(
    params: Mapping[str, object], entry: ModelEntry | None, dialect: Dialect
) -> tuple[str, ...]:
    """The parameters that stay here: the dialect has no word for them, or the model cannot take them."""
    gone = {*find_unsupported(params, dialect), *find_refused(params, entry)}
    return tuple(name for name in params if name in gone)


def find_nearest_model(entry: ModelEntry | None, entries: Iterable[ModelEntry], need: Need) -> str | None:
    """The model most like ``entry`` that is known to be able: same provider, then band, price, context."""
    fit = [one for one in entries if supports(one, need) and not one.deprecated]
    if not fit:
        return None
    if entry is None:
        return min(fit, key=lambda one: (_price(one) or math.inf, one.id)).id
    return min(fit, key=lambda one: _distance(entry, one)).id


def _need_of(name: str, value: object) -> Need | None:
    if name == "response_format":
        kind = value.get("type") if isinstance(value, Mapping) else None
        return {"json_object": Need.JSON_MODE, "json_schema": Need.SCHEMA}.get(str(kind))
    if name == "reasoning_effort" and value == "none":
        return None
    if name in _GOES_WITH:
        return _GOES_WITH[name]
    parameter = BY_NAME.get(name)
    return parameter.need if parameter is not None and name != SCHEMA else None


def _distance(entry: ModelEntry, other: ModelEntry) -> tuple[bool, float, float, float, str]:
    return (
        other.provider != entry.provider,
        _band_distance(entry.band, other.band),
        _size_ratio(_price(entry), _price(other)),
        _size_ratio(entry.context, other.context),
        other.id,
    )


def _band_distance(band: str | None, other: str | None) -> float:
    """How many bands apart, where bands are letters."""
    if band == other:
        return 0.0
    letters = (band or "", other or "")
    if all(len(letter) == 1 for letter in letters):
        return float(abs(ord(letters[0].upper()) - ord(letters[1].upper())))
    return 26.0


def _price(entry: ModelEntry) -> float | None:
    return None if entry.input_cost is None else entry.input_cost + (entry.output_cost or 0.0)


def _size_ratio(one: float | None, other: float | None) -> float:
    """How far apart two sizes are; unknown is farthest."""
    if one is None or other is None:
        return 0.0 if one is other else math.inf
    return abs(math.log((one + 1e-3) / (other + 1e-3)))
