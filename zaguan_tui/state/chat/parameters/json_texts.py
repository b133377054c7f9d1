"""Parameters written as JSON (tools, schemas, metadata): parsing with line and column, and checks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_TOOL_KEYS: Final = frozenset({"name", "description", "input_schema", "strict", "type"})


class JsonTextError(Exception):
    """The text is not what it should be. The message says where: line and column, or a path."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


@dataclass(frozen=True, slots=True)
class ParsedJson:
    """What a text holds, and what can be said of it in a few words."""

    value: Any
    summary: str


Reader = Callable[[str], ParsedJson]


def parse_json(text: str) -> Any:
    """The JSON of a text. Raises :class:`JsonTextError` with line and column."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        line, column = error.lineno, error.colno
        raise JsonTextError(f"line {line}, column {column}: {what}", line, column) from None
    except RecursionError:
        raise JsonTextError("it is nested too deeply") from None


def read_object(text: str) -> ParsedJson:
    """Any JSON object. Raises :class:`JsonTextError`."""
    value = parse_json(text)
    if not isinstance(value, dict):
        raise JsonTextError(f"an object is needed, {{…}}, and this is {describe_kind(value)}")
    return ParsedJson(value, _join_names(list(value)) if value else "an empty object")


def read_tools(text: str) -> ParsedJson:
    """Tools in OpenAI's shape, from either shape. Raises :class:`JsonTextError`."""
    value = parse_json(text)
    if isinstance(value, dict):
        value = value["tools"] if isinstance(value.get("tools"), list) else [value]
    if not isinstance(value, list):
        raise JsonTextError(f"a list of tools is needed, [ … ], and this is {describe_kind(value)}")
    tools, names = [], []
    lost: dict[str, None] = {}
    for place, tool in enumerate(value):
        made, name = _tool(tool, f"$[{place}]")
        if name in names:
            raise JsonTextError(f"$[{place}]: {name} is there twice")
        tools.append(made)
        names.append(name)
        if made is not tool:
            lost |= dict.fromkeys(key for key in tool if key not in _TOOL_KEYS)
    if not tools:
        raise JsonTextError("the list is empty; clear the text to offer no tools")
    count = "1 tool" if len(tools) == 1 else f"{len(tools)} tools"
    note = f" · not kept: {', '.join(map(str, lost))}" if lost else ""
    return ParsedJson(tools, f"{count}: {_join_names(names)}{note}")


def read_schema(text: str) -> ParsedJson:
    """A JSON schema, bare or as ``{name, schema, strict}``; imports its checker, so call it in a thread.

    The value is what ``response_format`` has under ``json_schema``. Raises :class:`JsonTextError`.
    """
    value = parse_json(text)
    if isinstance(value, dict) and value.get("type") == "json_schema" and "json_schema" in value:
        value = value["json_schema"]
    if not isinstance(value, dict):
        raise JsonTextError(f"a schema is an object, {{…}}, and this is {describe_kind(value)}")
    named = value if isinstance(value.get("schema"), dict) else name_schema(value)
    name = named.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise JsonTextError('"name" has to be 1 to 64 letters, digits, _ or -')
    _check_schema(named["schema"])
    properties = named["schema"].get("properties")
    inside = f": {_join_names(list(properties))}" if isinstance(properties, dict) and properties else ""
    return ParsedJson(named, f"{name}{inside}")


def name_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A bare schema with a name, as the chat dialect wants it: its title, or ``answer``."""
    title = schema.get("title")
    name = re.sub(r"[^a-zA-Z0-9_-]+", "_", title).strip("_")[:64] if isinstance(title, str) else ""
    return {"name": name or "answer", "schema": dict(schema)}


def format_json(value: object) -> str:
    """A value as JSON that is good to edit."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def describe_kind(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    names = {dict: "an object", list: "a list", str: "a text", int: "a number", float: "a number"}
    return names.get(type(value), type(value).__name__)


def _refuse_constant(word: str) -> Any:
    raise JsonTextError(f"{word} is not JSON")


def _tool(tool: object, path: str) -> tuple[dict[str, Any], str]:
    """One tool and its name. What only a provider knows (its own tools) stays as it is."""
    if not isinstance(tool, dict):
        raise JsonTextError(f"{path}: a tool is an object, and this is {describe_kind(tool)}")
    function = tool.get("function")
    if isinstance(function, dict):
        parameters = function.get("parameters")
        if parameters is not None and not isinstance(parameters, dict):
            raise JsonTextError(f"{path}.function.parameters: a schema is an object, {{…}}")
        return tool, _tool_name(function, f"{path}.function")
    name = _tool_name(tool, path)
    schema = tool.get("input_schema", tool.get("parameters"))
    if schema is None and isinstance(tool.get("type"), str) and tool["type"] not in ("function", "custom"):
        return tool, name
    if not isinstance(schema, dict):
        raise JsonTextError(f'{path}: it has neither "function" nor "input_schema"')
    made: dict[str, Any] = {"name": name, "parameters": schema}
    for key in ("description", "strict"):
        if key in tool:
            made[key] = tool[key]
    return {"type": "function", "function": made}, name


def _tool_name(holder: Mapping[str, Any], path: str) -> str:
    name = holder.get("name")
    if name is None:
        raise JsonTextError(f'{path}: "name" is missing')
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise JsonTextError(f"{path}.name: it has to be 1 to 64 letters, digits, _ or -")
    return name


def _check_schema(schema: Mapping[str, Any]) -> None:
    from jsonschema.exceptions import best_match
    from jsonschema.validators import validator_for

    validator = validator_for(schema)
    wrong = best_match(validator(validator.META_SCHEMA).iter_errors(schema))
    if wrong is not None:
        raise JsonTextError(f"{format_path(wrong.absolute_path)}: {wrong.message[:200]}")


def format_path(steps: Any) -> str:
    """A path into JSON: ``$.items[2].price``."""
    path = "$"
    for step in steps:
        plain = isinstance(step, str) and re.fullmatch(r"[A-Za-z_]\w*", step)
        path += f".{step}" if plain else f"[{step}]" if isinstance(step, int) else f"[{json.dumps(step)}]"
    return path


def _join_names(names: list[str], most: int = 4) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


TOOLS_EXAMPLE: Final = format_json(
    [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "The weather at a place, now.",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "city": {"type": "string", "description": "City and country"},
                        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                    },
                    "required": ["city"],
                },
            },
        }
    ]
)
SCHEMA_EXAMPLE: Final = format_json(
    {
        "name": "shopping_list",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {
                "items": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
                        "required": ["name", "price"],
                        "additionalProperties": False,
                    },
                }
            },
            "required": ["items"],
            "additionalProperties": False,
        },
    }
)

READERS: Final[Mapping[str, Reader]] = {
    "tools": read_tools,
    "schema": read_schema,
    "provider_specific_params": read_object,
    "additional_fields": read_object,
}
EXAMPLES: Final[Mapping[str, str]] = {
    "tools": TOOLS_EXAMPLE,
    "schema": SCHEMA_EXAMPLE,
    "provider_specific_params": format_json({"thinking": {"type": "enabled", "budget_tokens": 2048}}),
    "additional_fields": format_json({"metadata": {"trace": "playground"}}),
}
