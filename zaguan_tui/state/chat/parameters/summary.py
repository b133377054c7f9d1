"""Short summary of the parameters that differ from the default."""

from __future__ import annotations

from collections.abc import Mapping

from zaguan_tui.state.chat.dialects import tool_names
from zaguan_tui.state.chat.parameters.table import BY_NAME
from zaguan_tui.state.chat.parameters.values import format_value

SHOWN = 24
_FORMATS = {"json_object": "JSON", "json_schema": "JSON schema", "text": "text"}


def summarize_parameters(params: Mapping[str, object]) -> list[str]:
    """Short words for every parameter that is set, in the order of the form."""
    given = {name: value for name, value in params.items() if value is not None}
    order = list(BY_NAME)
    names = sorted(given, key=lambda name: order.index(name) if name in BY_NAME else len(order))
    return [_words(name, given[name], given) for name in names]


def _words(name: str, value: object, params: Mapping[str, object]) -> str:
    if name == "tools":
        count = len(value) if isinstance(value, list | tuple) else len(tool_names(params))
        return "1 tool" if count == 1 else f"{count} tools"
    if name == "response_format" and isinstance(value, Mapping):
        return _FORMATS.get(str(value.get("type")), str(value.get("type")))
    if name == "tool_choice" and isinstance(value, Mapping):
        function = value.get("function")
        chosen = function.get("name") if isinstance(function, Mapping) else value.get("name")
        return f"tool {chosen}"
    if isinstance(value, Mapping):
        return f"{name} {{{len(value)}}}"
    text = format_value(value)
    return f"{name} {text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}"
