"""Every endpoint against bodies, queries and paths that nobody should send: refusals, never a 500."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import httpx
import pytest
from served_gateway import ADMIN_KEY, Serve
from starlette.routing import Route

from zaguan_tui.sandbox.routes import build_routes

ROWS = sorted(
    (method, route.path)
    for route in build_routes()
    if isinstance(route, Route)
    for method in (route.methods or set()) - {"HEAD"}
)
NAMES = (
    "model", "messages", "input", "prompt", "n", "size", "stream", "stream_options", "temperature", "tools",
    "tool_choice", "response_format", "stop", "stop_sequences", "max_tokens", "metadata", "requests",
    "system", "thinking", "input_file_id", "endpoint", "completion_window", "training_file",
    "hyperparameters", "method",
    "assistant_id", "additional_messages", "tool_outputs", "voice", "speed", "images", "name", "reason",
    "instructions", "encoding_format", "dimensions", "logprobs", "top_logprobs", "virtual_model_id", "suffix",
    "truncation_strategy", "output_config", "tool_resources", "modalities", "reasoning_effort", "seed",
)  # fmt: skip
MODELS = (
    "sandbox/echo", "openai/gpt-4o", "openai/text-embedding-3-small", "openai/tts-1", "openai/gpt-image-1",
    "openai/omni-moderation-latest", "support-bot", "anthropic/claude-sonnet-4-5",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, 0, -1, 5, 1.5, 10**30, True, False, "", "x", "\x00🙂", [], {}, [None], [5], ["x"], [{}], [[]],
    {"type": "x"}, {"type": ["x"]}, {"type": {}}, {"a": {"b": []}}, [{"role": "user", "content": "hi"}],
    [{"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "image_url"}]}],
    [{"role": ["user"], "content": {}}], [{"type": "function", "function": {"name": "f", "parameters": 5}}],
    [{"type": "function", "function": {"name": "f", "parameters": {"properties": {"a": 5}}}}],
    {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object", "required": [5]}}},
    {"type": "json_schema", "json_schema": {"name": "x", "schema": {"enum": []}}},
    {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "integer", "multipleOf": 0}}},
    {"type": "json_schema", "json_schema": {"name": "x", "schema": {"pattern": "(", "type": "string"}}},
    {"type": "json_schema", "json_schema": {"name": "x", "schema": {"$ref": "#/x", "minLength": "y"}}},
    {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "array", "minItems": -1}}},
    {"type": "enabled", "budget_tokens": "x"}, [{"custom_id": "a", "params": {"model": []}}],
    [{"role": "assistant", "content": None, "tool_calls": 5}], [{"role": "tool", "content": "x"}],
    [{"role": "assistant", "content": "x", "tool_calls": ["x"]}, {"role": "tool", "content": [5]}],
)  # fmt: skip
FAIR = (502, 503, 504)
"""A provider that fails, which happens on calm days too."""
RAW = (b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"model": NaN}', b"[" * 5000, b'{"a": "\\ud800"}')


def address(path: str, rng: random.Random) -> str:
    """The path with something in its free parts, and now and then a query that makes no sense."""
    for part in (
        "{file_id}",
        "{job_id}",
        "{batch_id}",
        "{assistant_id}",
        "{thread_id}",
        "{run_id}",
        "{provider}",
    ):
        path = path.replace(part, rng.choice(["none", "%00", "a%2Fb", "'; DROP TABLE entries", "🙂"]))
    path = path.replace("{model_id:path}", rng.choice(["none", "a/b/c", "..%2f.."])).replace("{name}", "x")
    words = (
        "limit",
        "after",
        "before_id",
        "order",
        "cursor",
        "page",
        "start_date",
        "period",
        "supports_vision",
    )
    return f"{path}?{rng.choice(words)}={rng.choice(['', '-1', 'x', '%00', '9' * 30, 'NaN', '[]'])}"


def body(rng: random.Random) -> dict[str, Any]:
    """A plausible request with a few things badly wrong."""
    good = {
        "model": rng.choice(MODELS),
        "messages": [{"role": "user", "content": "hi"}],
        "input": "hi",
        "prompt": "hi",
        "max_tokens": 5,
        "voice": "alloy",
        "size": "32x32",
    }
    return {**good, **{rng.choice(NAMES): rng.choice(ODD) for _ in range(rng.randint(1, 3))}}


async def test_nothing_makes_it_stumble(serve: Serve) -> None:
    sandbox = await serve(time_scale=10_000.0)
    rng = random.Random(7)
    headers = {"Authorization": f"Bearer {ADMIN_KEY}"}
    lanes = asyncio.Semaphore(16)

    async def call(method: str, path: str, **options: Any) -> tuple[str, httpx.Response]:
        async with lanes:
            answer = await sandbox.http.request(method, path, headers=headers, **options)
            return f"{method} {path} {options} → {answer.status_code} {answer.text[:300]}", answer

    calls = [call(method, address(path, rng), content=raw) for method, path in ROWS for raw in RAW]
    calls += [call(method, address(path, rng), json=body(rng)) for method, path in ROWS if method == "POST"]
    calls += [call("POST", "/v1/chat/completions", json=body(rng)) for _ in range(120)]
    calls += [call("POST", "/v1/messages", json=body(rng)) for _ in range(60)]
    answers = await asyncio.gather(*calls)
    stumbled = [label for label, one in answers if one.status_code >= 500 and one.status_code not in FAIR]
    assert stumbled == []
    for label, one in answers:
        assert one.status_code < 400 or one.json()["error"]["message"], label


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "required": [5]},
        {"enum": []},
        {"type": "integer", "multipleOf": 0},
        {"type": "number", "multipleOf": "x"},
        {"type": "string", "pattern": "("},
        {"type": "string", "pattern": "[" * 200},
        {"type": "string", "pattern": 5, "minLength": "y"},
        {"type": "string", "minLength": 10**12},
        {"type": "string", "maxLength": -4},
        {"$ref": "#/x"},
        {"$ref": "#"},
        {"$ref": "#/properties/a", "properties": {"a": {"$ref": "#/properties/a"}}},
        {"$ref": 5},
        {"type": "array", "minItems": -1},
        {"type": "array", "minItems": 10**9},
        {"type": "array", "items": [{"type": "string"}]},
        {"type": "number", "minimum": "x", "maximum": 10**400},
        {"type": "number", "minimum": 5, "maximum": 1},
        {"type": "integer", "minimum": 1e308},
        {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True},
        {"type": "integer", "multipleOf": 10**400},
        {"type": ["object", "x"]},
        {"type": {}},
        {"anyOf": []},
        {"anyOf": [True, False]},
        {"allOf": [{"properties": {"a": True}}, {"properties": {"a": False}}]},
        {"properties": {"a": {"const": None}}, "required": "a"},
        {
            "properties": {
                str(n): {"properties": {str(k): {"type": "object"} for k in range(50)}} for n in range(50)
            }
        },
    ],
    ids=lambda schema: str(schema)[:60],
)
async def test_odd_schemas_are_filled_or_refused(serve: Serve, schema: dict[str, Any]) -> None:
    sandbox = await serve(time_scale=10_000.0)
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    answer = await sandbox.chat(response_format=form)
    assert answer.status_code in (200, 400), answer.text
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    assert (await sandbox.chat(tools=[tool], tool_choice="required")).status_code in (200, 400)
