"""JSON schemas and templates in the text of a prompt, as libraries write them, are answered with JSON."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from served_gateway import Served

from zaguan_tui.sandbox.engine.schema.prompt import described_schema, without_objects

PERSON = {
    "type": "object",
    "title": "Person",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}
SCHEMA = json.dumps(PERSON, indent=2)
SENTENCE = "Jason is 25 years old."
EXAMPLE = '{"properties": {"foo": {"type": "array", "items": {"type": "string"}}}, "required": ["foo"]}'
LANGCHAIN = f"""{SENTENCE}
The output should be formatted as a JSON instance that conforms to the JSON schema below.

As an example, for the schema {EXAMPLE}
the object {{"foo": ["bar", "baz"]}} is a well-formatted instance of the schema.
The object {{"properties": {{"foo": ["bar", "baz"]}}}} is not well-formatted.

Here is the output schema:
```
{SCHEMA}
```"""
PROMPTS: dict[str, tuple[str, str]] = {
    "instructor": (
        f"Provide the parsed objects in json that match this json_schema:\n\n{SCHEMA}\n",
        SENTENCE,
    ),
    "pydantic-ai": (f"Always respond with a JSON object compatible with this schema:\n\n{SCHEMA}", SENTENCE),
    "langchain": ("", LANGCHAIN),
    "llama-index": (
        "",
        f"{SENTENCE}\nA JSON schema to follow:\n{json.dumps(PERSON)}\n\nOutput valid JSON.",
    ),
    "dspy": (
        "Outputs will be a JSON object with the following fields.\n\n"
        '{\n  "name": "{name}",\n  "age": "{age}        # note: the value must be a single int value"\n}',
        SENTENCE,
    ),
}


@pytest.mark.parametrize("form", [None, {"type": "json_object"}], ids=["text", "json_object"])
@pytest.mark.parametrize("library", PROMPTS)
async def test_the_answer_is_valid_json(sandbox: Served, library: str, form: Any) -> None:
    system, request = PROMPTS[library]
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": request})
    answer = await sandbox.chat("openai/gpt-4o", messages=messages, response_format=form)
    text = answer.json()["choices"][0]["message"]["content"]
    jsonschema.validate(json.loads(text), PERSON)
    assert json.loads(text) == {"name": "Jason", "age": 25}


async def test_the_same_in_messages(sandbox: Served) -> None:
    body = {
        "model": "anthropic/claude-3-5-haiku-latest",
        "max_tokens": 500,
        "system": PROMPTS["pydantic-ai"][0],
    }
    answer = await sandbox.http.post(
        "/v1/messages", json={**body, "messages": [{"role": "user", "content": SENTENCE}]}
    )
    assert json.loads(answer.json()["content"][0]["text"]) == {"name": "Jason", "age": 25}


async def test_a_test_subject_says_its_own_until_a_parameter_asks_for_json(sandbox: Served) -> None:
    messages = [
        {"role": "system", "content": PROMPTS["instructor"][0]},
        {"role": "user", "content": SENTENCE},
    ]
    answers = []
    for form in (None, {"type": "json_object"}):
        answer = await sandbox.chat("sandbox/echo", messages=messages, response_format=form)
        answers.append(answer.json()["choices"][0]["message"]["content"])
    assert answers == [SENTENCE, '{"name": "Jason", "age": 25}']


@pytest.mark.parametrize(
    "text",
    [
        "Explain JSON.",
        "What does this JSON mean? {}",
        'Is {"name": "Jason", "age": 25} valid JSON?',
        'Is {"properties": {"foo": ["bar"]}} valid JSON?',
        f"No word of the format: {SCHEMA}",
        'JSON with a bad schema: {"properties": {"a": {"type": "wrong"}}}',
        "JSON { not json } and {" * 2000,
        "JSON " + "{" * 100_000,
        'JSON {"a": ' * 20_000,
    ],
    ids=lambda text: text[:40],
)
def test_other_texts_describe_nothing(text: str) -> None:
    assert described_schema([{"role": "user", "content": text}]) is None


def test_the_last_request_counts_and_older_ones_do_not() -> None:
    older = {"role": "user", "content": PROMPTS["langchain"][1]}
    messages: list[Any] = [
        older,
        {"role": "assistant", "content": "{}"},
        {"role": "user", "content": "Thanks."},
    ]
    assert described_schema(messages) is None
    assert described_schema([*messages, older]) == PERSON
    odd: list[Any] = [{"role": "user"}, {"role": "user", "content": [5, {"type": "image_url"}]}]
    assert described_schema(odd) is None


def test_objects_are_cut_out_of_a_request() -> None:
    assert without_objects(f"One {SCHEMA} two {{ three {EXAMPLE}.") == "One  two { three ."
    assert without_objects("Nothing to cut.") == "Nothing to cut."
