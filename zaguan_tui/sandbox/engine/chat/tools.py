"""Parse a chat request's tools and response format (OpenAI spec, wire.md 3.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zaguan_tui.sandbox.engine.chat.model_exchange import BadRequestError, JsonForm, Tool, ToolRules

MAX_TOOLS = 128
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_TOOL_TYPES = ("function", "custom")
_FORMS = ("text", "json_object", "json_schema")


def read_tools(body: Mapping[str, Any]) -> ToolRules:
    """The tools and how they may be used. Raises `BadRequestError`."""
    rows = body.get("tools") or []
    if len(rows) > MAX_TOOLS:
        raise BadRequestError("tools", f"'tools' may hold at most {MAX_TOOLS} tools.")
    tools = tuple(_tool(row, f"tools[{index}]") for index, row in enumerate(rows))
    if len({tool.name for tool in tools}) < len(tools):
        raise BadRequestError("tools", "Two tools have the same name.")
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        tools, choice = _allowed(choice.get("allowed_tools"), tools)
    return ToolRules(tools, _choice(choice, tools), body.get("parallel_tool_calls") is not False)


def _tool(row: object, where: str) -> Tool:
    kind = row.get("type") if isinstance(row, dict) else None
    if not isinstance(row, dict) or kind not in _TOOL_TYPES:
        raise BadRequestError(f"{where}.type", f"{where}.type must be {' or '.join(_TOOL_TYPES)}.")
    if kind == "custom":
        return _custom_tool(row.get("custom"), f"{where}.custom")
    function = row.get("function")
    if not isinstance(function, dict):
        raise BadRequestError(f"{where}.function", f"{where}.function is required and must be an object.")
    return tool_of(
        function.get("name"),
        function.get("description"),
        function.get("parameters") if function.get("parameters") is not None else {},
        f"{where}.function",
        "parameters",
    )


def _custom_tool(custom: object, where: str) -> Tool:
    """A tool that takes free text; a regular expression as its grammar is kept as the text's pattern."""
    if not isinstance(custom, dict):
        raise BadRequestError(where, f"{where} is required and must be an object.")
    schema: dict[str, Any] = {"type": "string"}
    form = custom.get("format") or {"type": "text"}
    grammar = form.get("grammar") if isinstance(form, dict) else None
    if not isinstance(form, dict) or form.get("type") not in ("text", "grammar"):
        raise BadRequestError(f"{where}.format.type", f"{where}.format.type must be text or grammar.")
    if form["type"] == "grammar":
        syntax = grammar.get("syntax") if isinstance(grammar, dict) else None
        if not isinstance(grammar, dict) or syntax not in ("lark", "regex"):
            place = f"{where}.format.grammar.syntax"
            raise BadRequestError(place, f"{place} must be lark or regex.")
        if syntax == "regex":
            schema["pattern"] = grammar.get("definition")
    tool = tool_of(custom.get("name"), custom.get("description"), schema, where, "format.grammar.definition")
    return replace(tool, custom=True)


def _allowed(choice: object, tools: tuple[Tool, ...]) -> tuple[tuple[Tool, ...], object]:
    """The tools of an ``allowed_tools`` choice, and its mode."""
    where = "tool_choice.allowed_tools"
    rows = choice.get("tools") if isinstance(choice, dict) else None
    mode = choice.get("mode") if isinstance(choice, dict) else None
    if mode not in ("auto", "required") or not isinstance(rows, list):
        raise BadRequestError(where, f"'{where}' needs a mode, auto or required, and a list of tools.")
    names = {_chosen_name(row) for row in rows}
    unknown = names - {tool.name for tool in tools}
    if unknown or not names:
        raise BadRequestError(f"{where}.tools", f"'{where}.tools' must name tools that are in 'tools'.")
    return tuple(tool for tool in tools if tool.name in names), mode


def _chosen_name(row: object) -> object:
    """The name in ``{"type": "function", "function": {"name": …}}``, or the same with ``custom``."""
    kind = row.get("type") if isinstance(row, dict) else None
    inner = row.get(kind) if isinstance(row, dict) and kind in _TOOL_TYPES else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else None


def tool_of(name: object, description: object, schema: object, where: str, key: str) -> Tool:
    """A checked tool; ``where`` and ``key`` name its place for the `BadRequestError`."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadRequestError(f"{where}.name", f"{where}.name must be 1 to 64 letters, digits, '_' or '-'.")
    if description is not None and not isinstance(description, str):
        raise BadRequestError(f"{where}.description", f"{where}.description must be text.")
    return Tool(name, description or "", checked_schema(schema, f"{where}.{key}"))


def checked_schema(schema: object, where: str) -> Mapping[str, Any]:
    """A JSON schema for an object. Raises `BadRequestError`."""
    from zaguan_tui.sandbox.engine.schema.values import SchemaError, check_schema

    if not isinstance(schema, dict):
        raise BadRequestError(where, f"{where} must be a JSON schema, an object.", "invalid_schema")
    try:
        check_schema(schema)
    except SchemaError as error:
        raise BadRequestError(where, f"{where}: {error}.", "invalid_schema") from error
    return schema


def _choice(choice: object, tools: tuple[Tool, ...]) -> str:
    if choice is None:
        return "auto"
    if not tools and choice != "none":
        raise BadRequestError("tool_choice", "'tool_choice' is only allowed when 'tools' are given.")
    if isinstance(choice, dict):
        name = _chosen_name(choice)
        if name not in {tool.name for tool in tools}:
            raise BadRequestError("tool_choice", "'tool_choice' names a tool that is not in 'tools'.")
        return str(name)
    if choice not in ("auto", "none", "required"):
        raise BadRequestError("tool_choice", "'tool_choice' must be none, auto, required or name a tool.")
    return str(choice)


def read_form(body: Mapping[str, Any]) -> JsonForm | None:
    """The form asked for with ``response_format``; ``None`` for text. Raises `BadRequestError`."""
    response_format = body.get("response_format")
    if response_format is None or response_format == {"type": "text"}:
        return None
    kind = response_format.get("type")
    if kind not in _FORMS:
        message = f"'response_format.type' must be one of {', '.join(_FORMS)}."
        raise BadRequestError("response_format.type", message)
    if kind != "json_schema":
        return None if kind == "text" else JsonForm()
    where = "response_format.json_schema"
    json_schema = response_format.get("json_schema")
    if not isinstance(json_schema, dict):
        raise BadRequestError(where, f"'{where}' is required and must be an object.")
    if not isinstance(json_schema.get("name"), str) or not NAME.fullmatch(json_schema["name"]):
        raise BadRequestError(f"{where}.name", f"'{where}.name' must be 1 to 64 letters, digits, '_' or '-'.")
    return JsonForm(checked_schema(json_schema.get("schema", {}), f"{where}.schema"))
