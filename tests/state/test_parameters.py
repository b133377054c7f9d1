"""The parameters: what is typed, what a model lacks, and what comes of it for a call."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan_tui.state.chat.dialects import find_unsupported
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.parameters.form import ParameterForm
from zaguan_tui.state.chat.parameters.json_texts import (
    EXAMPLES,
    READERS,
    JsonTextError,
    parse_json,
    read_object,
    read_schema,
    read_tools,
)
from zaguan_tui.state.chat.parameters.summary import summarize_parameters
from zaguan_tui.state.chat.parameters.support import (
    filter_sent,
    find_nearest_model,
    find_not_sent,
    find_refused,
    supports,
)
from zaguan_tui.state.chat.parameters.table import BY_NAME, PARAMETERS, SCHEMA, Need
from zaguan_tui.state.chat.parameters.values import format_value, read_value
from zaguan_tui.state.models.entry import ModelEntry

MINI = ModelEntry(
    "openai/gpt-4o-mini",
    "openai",
    band="A",
    context=128_000,
    max_output=16_384,
    input_cost=0.15,
    output_cost=0.6,
    tools=True,
    reasoning=False,
    features=("json_mode", "structured_outputs"),
)
OTHERS = [
    MINI,
    ModelEntry("openai/o1", "openai", band="D", input_cost=15, output_cost=60, reasoning=True),
    ModelEntry("openai/o4-mini", "openai", band="B", input_cost=1.1, output_cost=4.4, reasoning=True),
    ModelEntry("openai/old", "openai", band="A", input_cost=0.15, reasoning=True, deprecated=True),
    ModelEntry("groq/thinks", "groq", band="A", input_cost=0.15, output_cost=0.6, reasoning=True),
    ModelEntry("groq/plain", "groq", band="A", tools=False, features=("prompt_caching",)),
]
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
SCHEMA_PARAM = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}


def form(
    params: dict[str, Any] | None = None, dialect: Dialect = Dialect.CHAT, entry: ModelEntry | None = MINI
) -> ParameterForm:
    return ParameterForm(params or {}, dialect, entry.id if entry else "nobody/knows", entry, lambda: OTHERS)


def test_the_table_and_the_dialects_agree() -> None:
    samples: dict[str, object] = {"response_format": SCHEMA_PARAM, "reasoning_effort": "low"}
    for parameter in PARAMETERS:
        if parameter.name == SCHEMA:
            continue
        for dialect in Dialect:
            gone = find_unsupported({parameter.name: samples.get(parameter.name, 1)}, dialect)
            assert (dialect in parameter.dialects) == (gone == ()), parameter.name


def test_every_parameter_comes_back_as_it_was() -> None:
    params: dict[str, object] = {
        "temperature": 0.2,
        "top_p": 0.5,
        "seed": -3,
        "max_tokens": 300,
        "stop": ["END", "a,b", "\n"],
        "verbosity": "low",
        "tools": [TOOL],
        "tool_choice": {"type": "function", "function": {"name": "look"}},
        "parallel_tool_calls": False,
        "response_format": SCHEMA_PARAM,
        "service_tier": "flex",
        "store": True,
        "user": "me",
        "provider_specific_params": {"a": [1]},
        "logit_bias": {"50256": -100},
    }
    assert form(params).params() == params
    assert form(params).problems() == {}
    assert form({}).params() == {}


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("temperature", "2.5", "Only 0 to 2."),
        ("temperature", "0,2", "Not a number. Write the point as a point."),
        ("temperature", "nan", "Not a number."),
        ("max_tokens", "20000", "Only 1 to 16,384."),
        ("max_tokens", "many", "Not a whole number."),
        ("seed", "9" * 30, "Too large."),
        ("stop", "a,b,c,d,e", "At most 4; these are 5."),
        ("stop", '"a', "A quote is not closed, or a comma is missing."),
        ("stop", "a,,b", "Each has to be a text that is not empty."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(name: str, text: str, sentence: str) -> None:
    made = form()
    made.write(name, text)
    assert made.problem(name) == sentence
    assert name not in made.params()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", " .5 ", 0.5),
        ("max_tokens", "4,096", 4096),
        ("stop", "END, \\n", ["END", "\n"]),
        ("stop", '"a, b", "c"', ["a, b", "c"]),
        ("store", "no", False),
    ],
)
def test_what_is_typed_is_read(name: str, text: str, value: object) -> None:
    parameter = BY_NAME[name]
    assert read_value(parameter, text, parameter.low, parameter.high) == value
    assert read_value(parameter, format_value(value), parameter.low, parameter.high) == value


def test_a_model_without_reasoning_is_answered_with_the_nearest_that_has() -> None:
    made = form()
    found = made.obstacle("reasoning_effort")
    assert found is not None
    assert found.with_nearest(made.nearest(Need.REASONING)) == (
        "openai/gpt-4o-mini has no reasoning; nearest that has: openai/o4-mini – enter chooses it"
    )
    assert made.obstacle("temperature") is None
    assert made.obstacle("tools") is None


def test_nearest_is_the_provider_first_then_band_then_price() -> None:
    others = [entry for entry in OTHERS if entry.id != "openai/o4-mini"]
    assert find_nearest_model(MINI, others, Need.REASONING) == "openai/o1"
    assert find_nearest_model(MINI, others[3:], Need.REASONING) == "groq/thinks"
    assert find_nearest_model(MINI, [], Need.REASONING) is None
    assert find_nearest_model(None, OTHERS, Need.REASONING) == "groq/thinks"


def test_what_is_not_said_is_allowed_and_marked() -> None:
    made = form(entry=None)
    assert made.obstacle("tools") is None
    assert made.hint("tools") == "default none · not said whether this model can"
    assert made.hint("temperature") == "0 to 2 · default 1"
    assert supports(ModelEntry("a"), Need.SCHEMA) is None


def test_the_dialects_differ() -> None:
    made = form({"top_k": 5})
    found = made.obstacle("top_k")
    assert found is not None
    assert found.reason == "the chat dialect has no word for it"
    made.dialect = Dialect.MESSAGES
    assert made.obstacle("top_k") is None
    assert made.obstacle("seed") is not None
    made.write("temperature", "1.5")
    assert made.problem("temperature") == "Only 0 to 1."
    assert made.hint("max_tokens") == "1 to 16,384 · default 4,096"
    labels = {option.value: option.obstacle for option in made.options("response_format")}
    assert labels["json_object"] is not None
    assert labels["json_schema"] is None


def test_a_thinking_budget_is_less_than_the_limit() -> None:
    made = form({"thinking_budget": 2000, "max_tokens": 2000}, Dialect.MESSAGES, OTHERS[1])
    assert made.problem("thinking_budget") == "Has to be less than max_tokens."
    made.write("max_tokens", "")
    assert made.problem("thinking_budget") is None


def test_a_choice_of_tool_needs_tools() -> None:
    made = form()
    found = made.obstacle("tool_choice")
    assert found is not None
    assert found.reason == "no tools are defined"
    made.put("tools", "", read_tools(EXAMPLES["tools"]))
    assert [option.value for option in made.options("tool_choice")] == [
        "",
        "auto",
        "required",
        "none",
        "only get_weather",
    ]
    made.write("tool_choice", "only look")
    assert made.problem("tool_choice") == "There is no tool look."


def test_a_schema_makes_the_format_and_a_format_wants_its_schema() -> None:
    made = form()
    made.write("response_format", "json_schema")
    assert made.problem("response_format") == "The schema is missing: enter on the next line writes it."
    made.put(SCHEMA, EXAMPLES[SCHEMA], read_schema(EXAMPLES[SCHEMA]))
    assert made.problems() == {}
    made.put(SCHEMA, "", None)
    assert made.params() == {}
    made.put(SCHEMA, EXAMPLES[SCHEMA], read_schema(EXAMPLES[SCHEMA]))
    assert made.params()["response_format"]["json_schema"]["name"] == "shopping_list"  # type: ignore[index]


def test_what_a_model_cannot_take_stays_here() -> None:
    params = {"reasoning_effort": "low", "tools": [TOOL], "response_format": SCHEMA_PARAM, "seed": 1}
    assert filter_sent(params, MINI) == {name: params[name] for name in ("tools", "response_format", "seed")}
    assert find_refused(params, OTHERS[-1]) == {"tools": Need.TOOLS, "response_format": Need.SCHEMA}
    assert find_not_sent(params, MINI, Dialect.MESSAGES) == ("reasoning_effort", "seed")
    assert filter_sent(params, None) == params


def test_only_what_differs_is_listed() -> None:
    params = {
        "response_format": SCHEMA_PARAM,
        "tools": [TOOL, TOOL],
        "temperature": 0.2,
        "tool_choice": {"type": "function", "function": {"name": "look"}},
        "provider_specific_params": {"a": 1},
        "seed": None,
    }
    assert summarize_parameters(params) == [
        "temperature 0.2",
        "2 tools",
        "tool look",
        "JSON schema",
        "provider_specific_params {1}",
    ]


def test_json_tells_line_and_column() -> None:
    with pytest.raises(JsonTextError, match="line 2, column 8: expecting property name"):
        parse_json('{\n "a": {,}}')
    with pytest.raises(JsonTextError, match="NaN is not JSON"):
        parse_json("[NaN]")
    with pytest.raises(JsonTextError, match="nested too deeply"):
        parse_json("[" * 200_000)


def test_tools_of_both_shapes_become_one() -> None:
    given = (
        '[{"name": "look", "description": "Looks.", "input_schema": {"type": "object"}, "cache_control": {}}]'
    )
    read = read_tools(given)
    assert read.value == [
        {
            "type": "function",
            "function": {"name": "look", "parameters": {"type": "object"}, "description": "Looks."},
        }
    ]
    assert read.summary == "1 tool: look · not kept: cache_control"
    assert read_tools('{"tools": [{"type": "web_search_20250305", "name": "web_search"}]}').value == [
        {"type": "web_search_20250305", "name": "web_search"}
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3", "a list of tools is needed, [ … ], and this is a number"),
        ("[]", "the list is empty; clear the text to offer no tools"),
        ('[{"type": "function", "function": {}}]', '$[0].function: "name" is missing'),
        ('[{"name": "a b"}]', "$[0].name: it has to be 1 to 64 letters, digits, _ or -"),
        ('[{"name": "a"}]', '$[0]: it has neither "function" nor "input_schema"'),
        ('[{"name": "a", "input_schema": {}}, {"name": "a", "input_schema": {}}]', "$[1]: a is there twice"),
    ],
)
def test_tools_that_are_none(text: str, told: str) -> None:
    with pytest.raises(JsonTextError) as raised:
        read_tools(text)
    assert str(raised.value) == told


def test_a_schema_is_checked_and_named() -> None:
    bare = read_schema('{"title": "A price!", "type": "object", "properties": {"price": {"type": "number"}}}')
    assert bare.value["name"] == "A_price"
    assert bare.summary == "A_price: price"
    with pytest.raises(JsonTextError, match=r"^\$\.properties\.a\.type: 'numbr' is not valid"):
        read_schema('{"properties": {"a": {"type": "numbr"}}}')
    with pytest.raises(JsonTextError, match="a schema is an object"):
        read_schema("[]")
    with pytest.raises(JsonTextError, match="an object is needed"):
        read_object('"x"')


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_well(name: str) -> None:
    assert READERS[name](EXAMPLES[name]).value


def test_words_that_cannot_be_chosen_say_why() -> None:
    made = form(entry=ModelEntry("groq/json", "groq", features=("json_mode",), reasoning=True))
    assert made.obstacle("response_format") is None
    assert made.hint("response_format") == (
        "default text · groq/json takes no JSON schema; nearest that takes one: openai/gpt-4o-mini"
    )
    made.dialect = Dialect.MESSAGES
    assert made.hint("reasoning_effort") == (
        "default the model's own · the messages dialect has no word for none"
        " · the messages dialect has no word for minimal"
    )
    found = made.obstacle("response_format")
    assert found is not None
    assert found.reason == "groq/json takes no JSON schema"
