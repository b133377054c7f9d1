"""Whether an answer is what its ``response_format`` asked for: JSON, or JSON that fits a schema.

Pure. A long answer takes long to check, and the schema's checker long to import: call it in a thread.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zaguan_tui.state.chat.dialects import find_unsupported
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.parameters.json_texts import JsonTextError, describe_kind, format_path, parse_json

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

SHOWN_VALUE = 40
_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class FormatCheck:
    """Whether an answer fits, and why not: where and what, in a clause without a full stop.

    ``fits`` is ``None`` where nobody can tell, because the schema itself is none.
    """

    fits: bool | None
    reason: str = ""
    schema: bool = False


def has_requested_format(message: Message) -> bool:
    """Whether an answer was asked for in a format, and there is a text to check."""
    return bool(message.text.strip()) and requested_format(message) is not None


def requested_format(message: Message) -> Mapping[str, Any] | None:
    """The ``response_format`` that really went out; ``None`` for plain text."""
    given = message.params.get("response_format")
    if not isinstance(given, Mapping) or given.get("type") not in ("json_object", "json_schema"):
        return None
    return None if "response_format" in find_unsupported(message.params, message.dialect) else given


def check_answer(text: str, response_format: Mapping[str, Any]) -> FormatCheck:
    """Whether ``text`` is what was asked for."""
    named = response_format.get("json_schema")
    schema = named.get("schema") if isinstance(named, Mapping) else None
    wants_schema = response_format.get("type") == "json_schema"
    try:
        value = parse_json(text.strip())
    except JsonTextError as error:
        fenced = text.lstrip().startswith("```")
        return FormatCheck(False, "it stands in a code fence" if fenced else str(error), wants_schema)
    if not wants_schema:
        is_object = isinstance(value, dict)
        return FormatCheck(
            is_object, "" if is_object else f"an object was asked for, this is {describe_kind(value)}"
        )
    return (
        _check_schema(value, schema) if isinstance(schema, Mapping | bool) else FormatCheck(True, schema=True)
    )


def _check_schema(value: Any, schema: Any) -> FormatCheck:
    from jsonschema.exceptions import SchemaError, best_match
    from jsonschema.validators import validator_for
    from referencing.exceptions import Unresolvable

    validator = validator_for(schema)
    try:
        validator.check_schema(schema)
        wrong = best_match(validator(schema).iter_errors(value))
    except SchemaError as error:
        return FormatCheck(None, f"{format_path(error.absolute_path)}: {error.message[:200]}", schema=True)
    except (Unresolvable, RecursionError) as error:
        return FormatCheck(None, f"{type(error).__name__}: {str(error)[:200]}", schema=True)
    if wrong is None:
        return FormatCheck(True, schema=True)
    return FormatCheck(False, f"{format_path(wrong.absolute_path)} {_describe_violation(wrong)}", schema=True)


def _describe_violation(wrong: ValidationError) -> str:
    """What is wrong with the value at its path."""
    value, rule = wrong.instance, wrong.validator_value
    match wrong.validator:
        case "type":
            kinds = rule if isinstance(rule, list) else [rule]
            return f"is not {' or '.join(_TYPES.get(str(kind), str(kind)) for kind in kinds)}"
        case "required" if isinstance(value, dict) and isinstance(rule, list):
            return f"has no {', '.join(str(name) for name in rule if name not in value)}"
        case "additionalProperties" if isinstance(value, dict) and isinstance(wrong.schema, Mapping):
            known = wrong.schema.get("properties", {})
            return (
                f"has {', '.join(str(name) for name in value if name not in known)}, which is not asked for"
            )
        case "enum" if isinstance(rule, list):
            return f"is {_shorten(value)}, not one of {', '.join(_shorten(one) for one in rule[:6])}"
        case "const":
            return f"is {_shorten(value)}, not {_shorten(rule)}"
        case "minimum" | "exclusiveMinimum":
            return f"is {_shorten(value)}, less than {_shorten(rule)} allows"
        case "maximum" | "exclusiveMaximum":
            return f"is {_shorten(value)}, more than {_shorten(rule)} allows"
        case _:
            return f"does not fit: {wrong.message[:200]}"


def _shorten(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_VALUE else text[: SHOWN_VALUE - 1] + "…"
