"""Answers with a shape: tools, JSON schemas, and what a model's capabilities exclude."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from served_gateway import Served

from zaguan_tui.sandbox.engine.schema.values import SchemaFiller

PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
TREE = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                "parent": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
            },
            "required": ["name", "children", "parent"],
        }
    },
    "$ref": "#/$defs/node",
}
SCHEMAS: list[dict[str, Any]] = [
    {"type": "object", "properties": {"a": {"const": 5}, "b": {"enum": [1, "x"]}}, "required": ["a", "b"]},
    {"type": "array", "items": {"type": "integer", "exclusiveMinimum": 3, "maximum": 4}, "minItems": 5},
    {"type": "number", "minimum": 0.1, "maximum": 0.2},
    {"type": "integer", "multipleOf": 7, "minimum": 10},
    {"type": "string", "pattern": "^[A-Z]{3}-\\d{4}$"},
    {"type": "string", "pattern": "^(\\+1)?\\(\\d{3}\\)-(?:x|y)+$"},
    {"type": "string", "minLength": 40, "maxLength": 45},
    {"type": "string", "format": "date-time"},
    {"type": ["string", "null"]},
    {"oneOf": [{"type": "null"}, {"type": "boolean"}]},
    {"allOf": [{"properties": {"a": {"type": "string"}}}, {"required": ["a"]}], "type": "object"},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "maxItems": 2},
    TREE,
    {"required": ["loose"]},
]


def valid(value: Any, schema: Any, root: Any) -> bool:
    """A small judge of its own, for the keywords above."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    kinds |= {"integer": int, "number": (int, float)}
    allowed = schema.get("type", [])
    allowed = allowed if isinstance(allowed, list) else [allowed]
    checks = [not allowed or any(isinstance(value, kinds[kind]) for kind in allowed)]
    checks += [
        any(valid(value, one, root) for one in schema[key]) for key in ("anyOf", "oneOf") if key in schema
    ]
    checks += [valid(value, one, root) for one in schema.get("allOf", [])]
    checks += [value == schema["const"]] if "const" in schema else []
    checks += [value in schema["enum"]] if "enum" in schema else []
    if isinstance(value, dict):
        checks += [name in value for name in schema.get("required", [])]
        rules = schema.get("properties", {})
        checks += [valid(value[name], rules[name], root) for name in rules if name in value]
    if isinstance(value, list):
        checks += [schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 99)]
        checks += [valid(item, schema.get("items", {}), root) for item in value]
    if isinstance(value, str):
        checks += [bool(re.search(schema.get("pattern", ""), value))]
        checks += [schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**6)]
    if isinstance(value, int | float) and not isinstance(value, bool):
        checks += [schema.get("minimum", value) <= value <= schema.get("maximum", value)]
        checks += ["exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"]]
        checks += ["multipleOf" not in schema or value % schema["multipleOf"] == 0]
    return all(checks)


@pytest.mark.parametrize("schema", SCHEMAS, ids=json.dumps)
@pytest.mark.parametrize("text", ["", "Weather in Porto for 4 days at 0.15 and 21"])
def test_filled_schemas_validate(schema: dict[str, Any], text: str) -> None:
    for seed in range(5):
        value = SchemaFiller(schema, random.Random(seed), text, "rivers").fill()
        assert valid(value, schema, schema), value


@pytest.mark.parametrize(
    ("name", "rules", "low", "high"),
    [
        ("count", {"minimum": -9007199254740991, "maximum": 9007199254740991}, 0, 100),
        ("count", {"exclusiveMinimum": 0, "maximum": 9007199254740991}, 1, 101),
        ("count", {"minimum": 5000, "maximum": 10**15}, 5000, 5100),
        ("count", {"minimum": -(10**15), "maximum": -7}, -107, -7),
        ("count", {"minimum": -(2**63), "multipleOf": 5}, 0, 100),
        ("count", {}, 0, 100),
        ("age", {}, 18, 80),
        ("birth_year", {"minimum": 0}, 1990, 2026),
        ("year", {"maximum": 1500}, 0, 1500),
        ("message", {}, 0, 100),
    ],
)
def test_whole_numbers_are_such_as_people_say(name: str, rules: dict[str, Any], low: int, high: int) -> None:
    schema = {"type": "object", "properties": {name: {"type": "integer", **rules}}}
    for seed in range(20):
        value: Any = SchemaFiller(schema, random.Random(seed), "", "").fill()
        assert low <= value[name] <= high


async def test_a_schema_over_the_wire(sandbox: Served) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "tree", "schema": TREE, "strict": True}}
    answer = (await sandbox.chat(response_format=form)).json()["choices"][0]["message"]["content"]
    assert valid(json.loads(answer), TREE, TREE)
    cut = (await sandbox.chat(response_format=form, max_tokens=3)).json()
    assert (cut["choices"][0]["finish_reason"], cut["usage"]["completion_tokens"]) == ("length", 3)


async def test_several_tools_at_once_or_one_after_the_other(sandbox: Served) -> None:
    tools = [
        {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}
        for name in ("read_clock", "roll_dice")
    ]
    ask = [{"role": "user", "content": "Look at the clock and roll the dice"}]
    both = (await sandbox.chat(messages=ask, tools=tools)).json()["choices"][0]
    assert [call["function"]["name"] for call in both["message"]["tool_calls"]] == ["read_clock", "roll_dice"]
    assert both["message"]["content"] is None
    one = (await sandbox.chat(messages=ask, tools=tools, parallel_tool_calls=False)).json()["choices"][0]
    assert len(one["message"]["tool_calls"]) == 1
    unrelated = [{"role": "user", "content": "Tell me a joke"}]
    assert (await sandbox.chat(messages=unrelated, tools=tools)).json()["choices"][0][
        "finish_reason"
    ] == "stop"
    must = (await sandbox.chat(messages=unrelated, tools=tools, tool_choice="required")).json()["choices"][0]
    assert must["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(
    ("model", "body", "param", "code"),
    [
        ("deepseek/deepseek-chat", {"messages": [{"role": "user", "content": [PICTURE]}]}, None, None),
        (
            "openai/o1-mini",
            {"messages": [{"role": "system", "content": "x"}]},
            "messages",
            "unsupported_value",
        ),
        ("openai/gpt-4o", {"reasoning_effort": "low"}, "reasoning_effort", None),
        ("openai/o3", {"temperature": 0.2}, "temperature", "unsupported_value"),
        ("openai/o3", {"logprobs": True}, "logprobs", None),
        ("anthropic/claude-sonnet-4-5", {"n": 2}, "n", None),
        (
            "anthropic/claude-sonnet-4-5",
            {"response_format": {"type": "json_object"}},
            "response_format",
            None,
        ),
        (
            "anthropic/claude-sonnet-4-0",
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}},
            "response_format",
            None,
        ),
        ("openai/gpt-4o", {"modalities": ["text", "audio"]}, "modalities", None),
        ("sandbox/echo", {"tools": ["x"]}, "tools[0].type", "invalid_request"),
        ("sandbox/echo", {"tool_choice": "auto"}, "tool_choice", "invalid_request"),
        ("sandbox/echo", {"top_logprobs": 2}, "top_logprobs", "invalid_request"),
        ("sandbox/echo", {"response_format": {"type": "xml"}}, "response_format.type", "invalid_request"),
    ],
)
async def test_what_a_model_cannot_is_its_providers_400(
    sandbox: Served, model: str, body: dict[str, Any], param: str | None, code: str | None
) -> None:
    answer = await sandbox.chat(model, **body)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, param or "messages[0].content[0]")
    assert error["code"] == (code or "unsupported_parameter")


async def test_a_refused_effort_names_a_model_that_takes_it(sandbox: Served) -> None:
    for model, taker in (("openai/gpt-4o", "openai/gpt-5"), ("sandbox/echo", "")):
        message = (await sandbox.chat(model, reasoning_effort="low")).json()["error"]["message"]
        match = re.search(r"with (\S+)\. (\S+) takes it", message)
        assert match and (match[1], match[2].startswith(taker)) == (model, True)
        assert (await sandbox.chat(match[2], reasoning_effort="low")).status_code == 200


async def test_pictures_are_counted(sandbox: Served) -> None:
    text = {"type": "text", "text": "What is this?"}
    one = (await sandbox.chat("openai/gpt-4o", messages=[{"role": "user", "content": [text]}])).json()[
        "usage"
    ]
    two = (
        await sandbox.chat("openai/gpt-4o", messages=[{"role": "user", "content": [text, PICTURE]}])
    ).json()
    assert two["usage"]["prompt_tokens"] == one["prompt_tokens"] + 765


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ({"properties": {"a": {"type": "text"}}}, r"\$\.properties\.a\.type: 'text' is not valid"),
        ({"pattern": "("}, r"\$\.pattern: '\(' is not a 'regex'"),
        ({"pattern": "a" * 301}, r"\$\.pattern: 'a+"),
        ({"required": "a"}, r"\$\.required: 'a' is not of type 'array'"),
    ],
)
async def test_a_refused_schema_names_the_place(sandbox: Served, schema: Any, sentence: str) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    error = (await sandbox.chat(response_format=form)).json()["error"]
    assert error["code"] == "invalid_schema"
    assert re.match(rf"response_format\.json_schema\.schema: {sentence}", error["message"])
