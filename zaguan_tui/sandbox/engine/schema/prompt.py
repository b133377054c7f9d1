"""A JSON schema or template that a prompt describes in its text, as client libraries write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.chat.model_exchange import JsonForm, Message, ModelRequest
from zaguan_tui.sandbox.engine.schema.values import SchemaError, check_schema
from zaguan_tui.sandbox.engine.text.message_parts import content_text

_JSON = re.compile(r"\bjson\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{\w+\}")
_WHOLE_OR_NUMBER = {"single int value": "integer", "single float value": "number", "True or False": "boolean"}
"""What dspy writes behind a placeholder that is not text."""
_LONGEST_TEXT = 200_000
_MOST_TRIES = 40
_DECODER = json.JSONDecoder()


def with_described_form(question: ModelRequest, model: ModelData) -> ModelRequest:
    """``question`` with the form its text describes, unless a parameter gives a schema already.

    The models under ``sandbox/`` say what they are made for, so there a parameter must ask for JSON first.
    """
    form = question.form
    if (form is not None and form.schema is not None) or (form is None and model.provider == "sandbox"):
        return question
    schema = described_schema(question.messages)
    return question if schema is None else replace(question, form=JsonForm(schema))


def described_schema(messages: Sequence[Message]) -> Mapping[str, Any] | None:
    """The last schema in the last request, else in the system prompt; ``None`` when there is none."""
    system, requests = (
        [text for one in messages if one.get("role") in roles and (text := content_text(one.get("content")))]
        for roles in (("system", "developer"), ("user",))
    )
    texts = [*system, *requests[-1:]]
    for text in reversed(texts):
        if "{" not in text or not _JSON.search(text):
            continue
        for value, _, _ in reversed(list(_objects(text))):
            schema = value if _is_schema(value) else _template_schema(value)
            if schema is not None:
                return schema
    return None


def without_objects(text: str) -> str:
    """``text`` without the JSON objects in it: what is left says what the answer is about."""
    if "{" not in text:
        return text
    remaining, place = "", 0
    for _, start, end in _objects(text):
        remaining, place = remaining + text[place:start], end
    return remaining + text[place:]


def _objects(text: str) -> Iterator[tuple[dict[str, Any], int, int]]:
    """Every JSON object of a text that is not inside another one, with its start and end."""
    text = text[:_LONGEST_TEXT]
    place = text.find("{")
    for _ in range(_MOST_TRIES):
        if place < 0:
            return
        end = place + 1
        try:
            value, end = _DECODER.raw_decode(text, place)
            yield value, place, end
        except (ValueError, RecursionError):
            pass  # a brace of ordinary text
        place = text.find("{", end)


def _is_schema(value: Mapping[str, Any]) -> bool:
    properties = value.get("properties")
    named = isinstance(properties, dict) and any(isinstance(part, dict) for part in properties.values())
    if not named and "items" not in value and not isinstance(value.get("$defs"), dict):
        return False
    try:
        check_schema(value)
    except SchemaError:
        return False
    return True


def _template_schema(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema of ``{"answer": "{answer}"}``: every value a placeholder, its type in words behind it."""
    if not value or not all(isinstance(text, str) and _PLACEHOLDER.match(text) for text in value.values()):
        return None
    properties = {}
    for name, text in value.items():
        kind = next((kind for words, kind in _WHOLE_OR_NUMBER.items() if words in text), "string")
        properties[name] = {"type": kind}
    return {"type": "object", "properties": properties, "required": list(properties)}
