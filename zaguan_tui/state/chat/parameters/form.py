"""The parameter form: the text of each field, its error, and why a field cannot be set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zaguan_tui.state.chat.dialects import DEFAULT_MAX_TOKENS, tool_names
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.parameters.json_texts import ParsedJson, format_json
from zaguan_tui.state.chat.parameters.support import (
    Obstacle,
    find_nearest_model,
    make_obstacle,
    obstacle,
    supports,
)
from zaguan_tui.state.chat.parameters.table import BY_NAME, PARAMETERS, SCHEMA, Kind, Need, Parameter
from zaguan_tui.state.chat.parameters.values import (
    NO,
    YES,
    ParameterValueError,
    format_range,
    format_value,
    read_value,
)
from zaguan_tui.state.models.entry import ModelEntry

NOT_SENT = "not sent"
_FORMAT = "response_format"
_ONLY = "only "
"""Before the name of the tool that must be asked for."""

_LABELS = {"json_object": "JSON", "json_schema": "JSON schema"}
_FIXED = ("temperature", "top_p", "presence_penalty", "frequency_penalty")


@dataclass(frozen=True, slots=True)
class Option:
    """One word to choose; an ``obstacle`` tells why it cannot be chosen."""

    value: str
    label: str
    obstacle: Obstacle | None = None


class ParameterForm:
    """Texts by parameter, for one model in one dialect. What has no field is kept as it is.

    ``others`` gives the models to choose from when this one cannot.
    """

    def __init__(
        self,
        params: Mapping[str, object],
        dialect: Dialect,
        model: str | None,
        entry: ModelEntry | None,
        others: Callable[[], Sequence[ModelEntry]],
    ) -> None:
        self.dialect = dialect
        self._others = others
        self.set_model(model, entry)
        self.load(params)

    def set_model(self, model: str | None, entry: ModelEntry | None) -> None:
        """Ask another model; what is typed stays."""
        self.model, self._entry = model, entry
        self._nearest: dict[Need, str | None] = {}

    def load(self, params: Mapping[str, object]) -> None:
        """Put these parameters in the place of all others."""
        self._texts: dict[str, str] = {}
        self._reads: dict[str, ParsedJson] = {}
        self._rest: dict[str, object] = {}
        for name, value in params.items():
            if value is not None:
                self._load_one(name, value)

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self._texts.get(name, "")

    def write(self, name: str, text: str) -> None:
        """Something was typed or chosen."""
        self._texts[name] = text

    def put(self, name: str, text: str, read: ParsedJson | None) -> None:
        """JSON was written, and read; ``None`` when the field is empty. A schema sets the format, too."""
        self._texts[name] = text
        if read is None:
            self._reads.pop(name, None)
        else:
            self._reads[name] = read
        if name == SCHEMA:
            was_schema = self.text(_FORMAT) == "json_schema"
            self._texts[_FORMAT] = "json_schema" if read else "" if was_schema else self.text(_FORMAT)

    def summarize(self, name: str) -> str:
        """What a JSON field holds, in a few words."""
        read = self._reads.get(name)
        return "" if read is None else read.summary

    def obstacle(self, name: str) -> Obstacle | None:
        """Why a parameter cannot be set."""
        parameter = BY_NAME[name]
        hindrance = obstacle(parameter, self._entry, self.dialect)
        if hindrance is None and name in ("tool_choice", "parallel_tool_calls") and not self._tool_names():
            return Obstacle("no tools are defined")
        return hindrance

    def nearest(self, need: Need) -> str | None:
        """The model to choose instead of one that cannot."""
        if need not in self._nearest:
            self._nearest[need] = find_nearest_model(self._entry, self._others(), need)
        return self._nearest[need]

    def options(self, name: str) -> tuple[Option, ...]:
        """The words to choose from, the default first."""
        parameter = BY_NAME[name]
        if parameter.kind is Kind.FLAG:
            return (Option("", NOT_SENT), Option(YES, YES), Option(NO, NO))
        words = [*parameter.choices]
        if name == "tool_choice":
            words += [f"{_ONLY}{tool}" for tool in self._tool_names()]
        if (present := self.text(name)) and present not in words:
            words.append(present)
        first = Option("", "text" if name == _FORMAT else NOT_SENT)
        return (first, *(Option(word, _LABELS.get(word, word), self._gap(parameter, word)) for word in words))

    def hint(self, name: str) -> str:
        """What may stand in a field, and what holds when it is empty."""
        parameter = BY_NAME[name]
        default = f"default {parameter.default}"
        if name == "max_tokens" and self.dialect is Dialect.MESSAGES:
            default = f"default {DEFAULT_MAX_TOKENS:,}"
        parts = [default]
        if parameter.kind in (Kind.NUMBER, Kind.WHOLE):
            parts.insert(0, format_range(*self._bounds(parameter)))
        if name in _FIXED and self._fixes_sampling:
            parts.append("OpenAI's reasoning models take no other")
        if parameter.need is not None and supports(self._entry, parameter.need) is None:
            parts.append("not said whether this model can")
        return " · ".join([*parts, *self._gap_words(name)])

    def problem(self, name: str) -> str | None:
        """What is wrong with a field, in a sentence."""
        if not self.text(name).strip() or self.obstacle(name) is not None:
            return None
        try:
            value = self._value(name)
        except ParameterValueError as error:
            return str(error)
        if name == _FORMAT and self.text(name) == "json_schema" and SCHEMA not in self._reads:
            return "The schema is missing: enter on the next line writes it."
        if name == "tool_choice" and (tool := self.text(name).removeprefix(_ONLY)) != self.text(name):
            return None if tool in self._tool_names() else f"There is no tool {tool}."
        return self._budget_problem(value) if name == "thinking_budget" else None

    def problems(self) -> dict[str, str]:
        """Everything that is wrong, by parameter."""
        return {one.name: problem for one in PARAMETERS if (problem := self.problem(one.name)) is not None}

    def params(self) -> dict[str, object]:
        """The parameters as they stand; a field with a problem is left out."""
        made: dict[str, object] = {}
        for parameter in PARAMETERS:
            name = parameter.name
            if name == SCHEMA or not self.text(name).strip() or self.problem(name) is not None:
                continue
            if name in ("tool_choice", "parallel_tool_calls") and not self._tool_names():
                continue
            try:
                made[name] = self._value(name)
            except ParameterValueError:
                continue  # greyed, with something that was never a value
        return made | self._rest

    @property
    def _fixes_sampling(self) -> bool:
        entry = self._entry
        return entry is not None and entry.provider == "openai" and entry.reasoning is True

    def _load_one(self, name: str, value: object) -> None:
        parameter = BY_NAME.get(name)
        if name == _FORMAT and isinstance(value, Mapping) and value.get("type") in (*_LABELS, "text"):
            kind = str(value["type"])
            self._texts[name] = "" if kind == "text" else kind
            if kind == "json_schema" and isinstance(named := value.get("json_schema"), Mapping):
                self._texts[SCHEMA], self._reads[SCHEMA] = format_json(named), _summarize_value(SCHEMA, named)
        elif name == "tool_choice" and (tool := _chosen_tool(value)) is not None:
            self._texts[name] = f"{_ONLY}{tool}"
        elif parameter is None or name in (SCHEMA, _FORMAT):
            self._rest[name] = value
        elif parameter.kind is Kind.JSON:
            self._texts[name], self._reads[name] = format_json(value), _summarize_value(name, value)
        else:
            self._texts[name] = format_value(value)

    def _value(self, name: str) -> object:
        text = self.text(name).strip()
        parameter = BY_NAME[name]
        if parameter.kind is Kind.JSON:
            return self._reads[name].value
        if name == _FORMAT and text in _LABELS:
            schema = self._reads.get(SCHEMA) if text == "json_schema" else None
            return {"type": text} if schema is None else {"type": text, "json_schema": schema.value}
        if name == "tool_choice" and text.startswith(_ONLY):
            return {"type": "function", "function": {"name": text.removeprefix(_ONLY)}}
        return read_value(parameter, text, *self._bounds(parameter))

    def _bounds(self, parameter: Parameter) -> tuple[float | None, float | None]:
        if parameter.name == "temperature" and self.dialect is Dialect.MESSAGES:
            return 0, 1
        if parameter.name == "max_tokens" and self._entry is not None:
            return parameter.low, self._entry.max_output or None
        return parameter.low, parameter.high

    def _gap(self, parameter: Parameter, word: str) -> Obstacle | None:
        """Why a word cannot be chosen, although the parameter can be set."""
        narrow = parameter.narrow if self.dialect is Dialect.MESSAGES else None
        if narrow is not None and word in parameter.choices and word not in narrow:
            return Obstacle(f"the {self.dialect} dialect has no word for {_LABELS.get(word, word)}")
        if word == "json_schema" and supports(self._entry, Need.SCHEMA) is False:
            return make_obstacle(self.model, Need.SCHEMA)
        return None

    def _gap_words(self, name: str) -> list[str]:
        """Why some of the words cannot be chosen."""
        words = []
        for option in self.options(name) if BY_NAME[name].kind is Kind.CHOICE else ():
            if (gap := option.obstacle) is not None:
                words.append(gap.with_nearest(self.nearest(gap.need) if gap.need else None, how=""))
        return words

    def _tool_names(self) -> list[str]:
        read = self._reads.get("tools")
        return [] if read is None else tool_names({"tools": read.value})

    def _budget_problem(self, budget: Any) -> str | None:
        try:
            most: Any = self._value("max_tokens") if self.text("max_tokens").strip() else None
        except ParameterValueError:
            return None
        return "Has to be less than max_tokens." if most is not None and budget >= most else None


def _chosen_tool(value: object) -> str | None:
    function = value.get("function") if isinstance(value, Mapping) else None
    name = function.get("name") if isinstance(function, Mapping) else None
    return name if isinstance(name, str) else None


def _summarize_value(name: str, value: Any) -> ParsedJson:
    """What was kept once is not checked again."""
    if name == "tools":
        names = tool_names({"tools": value})
        count = "1 tool" if len(value) == 1 else f"{len(value)} tools"
        return ParsedJson(value, f"{count}: {', '.join(names[:4])}")
    if name == SCHEMA:
        return ParsedJson(value, str(value.get("name", "a schema")))
    keys = list(value) if isinstance(value, Mapping) else []
    return ParsedJson(value, ", ".join(map(str, keys[:4])))
