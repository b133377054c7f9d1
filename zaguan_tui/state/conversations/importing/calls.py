"""Tool calls of imported messages: functions and custom tools, with their input in any form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from zaguan_tui.client.streaming.json_text import arguments_text
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.state.conversations.importing.checks import check_object, check_text
from zaguan_tui.text.surrogates import repair


def read_call(value: object, path: str) -> ToolCall:
    """A call of a function, or of a custom tool, whose input is any text."""
    call = check_object(value, path)
    call_id = check_text(call.get("id") or "", f"{path}.id")
    if isinstance(custom := call.get("custom"), Mapping) and not call.get("function"):
        name = check_text(custom.get("name"), f"{path}.custom.name")
        return ToolCall(call_id, name, check_text(custom.get("input", ""), f"{path}.custom.input"), "custom")
    function = check_object(call.get("function"), f"{path}.function")
    name = check_text(function.get("name"), f"{path}.function.name")
    return ToolCall(call_id, name, arguments_of(function.get("arguments", "")))


def blocks_of(
    blocks: Sequence[Mapping[str, Any]], calls: Sequence[ToolCall]
) -> tuple[Mapping[str, Any], ...]:
    """The blocks of an answer as they may go back: each call under its id, with its input as an object.

    None where they do not fit the calls that were read.
    """
    uses = [block for block in blocks if block.get("type") == "tool_use"]
    if len(uses) != len(calls):
        return ()
    named = iter(calls)
    return tuple(_use(block, next(named)) if block.get("type") == "tool_use" else block for block in blocks)


def _use(block: Mapping[str, Any], call: ToolCall) -> Mapping[str, Any]:
    given = block.get("input")
    try:
        value = json.loads(call.arguments or "{}") if isinstance(given, str) else given
    except ValueError:
        value = {}
    return {**block, "id": call.id, "input": value if isinstance(value, dict) else {}}


def arguments_of(value: object) -> str:
    """The arguments of a call as text, as the chat dialect has them."""
    return repair(arguments_text(value))
