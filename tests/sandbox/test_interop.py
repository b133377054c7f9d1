"""Clients of other makers against the sandbox: structured output and tools. Run with ``-m interop``.

Each test is skipped unless its package is installed; none is among the project's dependencies.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

pytestmark = pytest.mark.interop
KEY = "sk-sandbox-interop"
MODEL = "openai/gpt-4o"
WEATHER = "What is the weather in Oslo?"
NODE = Path(__file__).with_name("interop_ai_sdk.mjs")


class Person(BaseModel):
    """Someone who is told of."""

    name: str
    age: int


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """The address of a sandbox in a process of its own: some clients block their thread."""
    command = [sys.executable, "-m", "zaguan_tui", "sandbox", "--port", "0", "--announce", "--api-key", KEY]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([*command, "--time-scale", "50"], **pipes) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.stdin.close()


@pytest.mark.parametrize("mode", ["TOOLS", "JSON", "MD_JSON", "JSON_SCHEMA", "TOOLS_STRICT"])
def test_instructor(base_url: str, mode: str) -> None:
    instructor: Any = pytest.importorskip("instructor")
    openai: Any = pytest.importorskip("openai")
    with openai.OpenAI(base_url=f"{base_url}/v1", api_key=KEY) as sdk:
        client = instructor.from_openai(sdk, mode=instructor.Mode[mode])
        ask = [{"role": "user", "content": "Extract: Jason is 25 years old."}]
        person = client.chat.completions.create(
            model=MODEL, messages=ask, response_model=Person, max_retries=0
        )
    assert (person.name, person.age) == ("Jason", 25)


@pytest.mark.parametrize("output", ["ToolOutput", "NativeOutput", "PromptedOutput"])
async def test_pydantic_ai(base_url: str, output: str) -> None:
    ai: Any = pytest.importorskip("pydantic_ai")
    models: Any = pytest.importorskip("pydantic_ai.models.openai")
    providers: Any = pytest.importorskip("pydantic_ai.providers.openai")
    provider = providers.OpenAIProvider(base_url=f"{base_url}/v1", api_key=KEY)
    agent = ai.Agent(
        models.OpenAIChatModel(MODEL, provider=provider), output_type=getattr(ai, output)(Person)
    )
    calls: list[str] = []

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """The weather of a city."""
        calls.append(city)
        return "cold, says Ada, who is 36"

    result = await agent.run(WEATHER)
    assert calls == ["Oslo"]
    assert (result.output.age, result.usage.requests) == (36, 2)


@pytest.mark.parametrize("method", ["json_schema", "function_calling", "json_mode"])
def test_langchain(base_url: str, method: str) -> None:
    langchain: Any = pytest.importorskip("langchain_openai")
    chat = langchain.ChatOpenAI(model=MODEL, base_url=f"{base_url}/v1", api_key=KEY)
    ask = "Answer in JSON. Jason is 25 years old."
    if method == "json_mode":
        ask += f" Follow this schema: {json.dumps(Person.model_json_schema())}"
    result = chat.with_structured_output(Person, method=method).invoke(ask)
    assert (result.name, result.age) == ("Jason", 25)


def test_langchain_parsers_and_tools(base_url: str) -> None:
    langchain: Any = pytest.importorskip("langchain_openai")
    parsers: Any = pytest.importorskip("langchain_core.output_parsers")
    messages: Any = pytest.importorskip("langchain_core.messages")
    chat = langchain.ChatOpenAI(model=MODEL, base_url=f"{base_url}/v1", api_key=KEY)
    parser = parsers.PydanticOutputParser(pydantic_object=Person)
    response = chat.invoke(f"Jason is 25 years old.\n{parser.get_format_instructions()}")
    assert parser.invoke(response) == Person(name="Jason", age=25)

    def get_weather(city: str) -> str:
        """The weather of a city."""
        return f"cold in {city}"

    for choice in ("auto", "any", "get_weather"):
        bound = chat.bind_tools([get_weather], tool_choice=choice)
        first = bound.invoke(WEATHER)
        assert [(call["name"], call["args"]) for call in first.tool_calls] == [
            ("get_weather", {"city": "Oslo"})
        ]
        result = messages.ToolMessage("cold", tool_call_id=first.tool_calls[0]["id"])
        second = bound.invoke([messages.HumanMessage(WEATHER), first, result])
        assert bool(second.tool_calls) is (choice != "auto")


def test_litellm(base_url: str) -> None:
    litellm: Any = pytest.importorskip("litellm")
    ask = {"model": f"openai/{MODEL}", "api_base": f"{base_url}/v1", "api_key": KEY}
    messages = [{"role": "user", "content": "Jason is 25 years old."}]
    answer = litellm.completion(**ask, messages=messages, response_format=Person)
    assert Person.model_validate_json(answer.choices[0].message.content) == Person(name="Jason", age=25)
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    tools = [{"type": "function", "function": {"name": "get_weather", "parameters": schema}}]
    messages = [{"role": "user", "content": WEATHER}]
    call = litellm.completion(**ask, messages=messages, tools=tools).choices[0].message.tool_calls[0]
    assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Oslo"})
    ask = {"model": "anthropic/anthropic/claude-sonnet-4-5", "api_base": base_url, "api_key": KEY}
    call = litellm.completion(**ask, messages=messages, tools=tools).choices[0].message.tool_calls[0]
    assert json.loads(call.function.arguments) == {"city": "Oslo"}


@pytest.mark.parametrize("adapter", ["ChatAdapter", "JSONAdapter"])
def test_dspy(base_url: str, adapter: str) -> None:
    dspy: Any = pytest.importorskip("dspy")
    model = dspy.LM(f"openai/{MODEL}", api_base=f"{base_url}/v1", api_key=KEY, cache=False)
    with dspy.context(lm=model, adapter=getattr(dspy, adapter)()):
        result = dspy.Predict("text -> name: str, age: int")(text="Jason is 25 years old.")
    assert (result.name, result.age) == ("Jason", 25)


def test_ai_sdk(base_url: str) -> None:
    node, modules = shutil.which("node"), os.environ.get("INTEROP_NODE_MODULES")
    if node is None or modules is None:
        pytest.skip("needs node, and INTEROP_NODE_MODULES: a folder where ai, @ai-sdk/openai and zod are")
    script = Path(modules).parent / NODE.name
    script.write_bytes(NODE.read_bytes())  # imports are looked up from where the script lies
    command = [node, str(script), f"{base_url}/v1", KEY, MODEL]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    output = json.loads(done.stdout)
    assert output["object"] == {"name": "Jason", "age": 25}
    assert output["cities"] == ["Oslo"] and "cold" in output["text"]
