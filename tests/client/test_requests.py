"""Request models: one for each call with a body or query, their JSON schemas, and findings with paths."""

from __future__ import annotations

import copy
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator
from rows import CONTRACTS, FIXTURES, load
from test_chat_parameters import CHAT, MESSAGES

from zaguan_tui.client import ZaguanClient, requests
from zaguan_tui.client.catalogue.declare import CATALOGUE, EXTENSIONS, endpoint_of_method, method_names
from zaguan_tui.client.requests import Finding, model_for, validate
from zaguan_tui.client.requests.chat import ChatParams
from zaguan_tui.client.requests.messages import CountParams, MessagesParams

METHODS = method_names((*CATALOGUE, *EXTENSIONS))
ON_THE_WIRE_ELSEWHERE = {
    "self", "options", "limits", "on_frame", "progress", "subprotocol", "beta", "ping_s", "params",
}  # fmt: skip
"""Parameters that say how a call is made, not what it sends (``params`` of ``realtime`` are any query)."""

ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
RUN = {"assistant_id": "a"}
FORMS: dict[str, dict[str, Any]] = {
    "create_transcription": {"file": "a.mp3", "model": "m", "response_format": "json"},
    "create_translation": {"file": "a.mp3", "model": "m"},
    "edit_image": {"image": ["a.png", "b.png"], "prompt": "Add a moon"},
    "create_image_variation": {"image": "a.png", "size": "1024x1024"},
    "upload_file": {
        "file": "a.jsonl", "purpose": "batch", "expires_after": {"anchor": "created_at", "seconds": 3600},
    },
    "realtime": {"model": "m"},
    "reload_config": {"reason": "new keys"}, "enable_provider": {"reason": "x"}, "disable_provider": {},
}  # fmt: skip

PART = {"type": "text", "text": "a"}
BAD: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("chat", {}, {"model": "missing", "messages": "missing"}),
    ("chat", {**ASK, "temperature": 3, "n": True, "top_p": float("nan")},
     {"temperature": "number", "n": "integer", "top_p": "number"}),
    ("chat", {**ASK, "messages": [*ASK["messages"], {"role": "robot", "content": "x"}]},
     {"messages[1].role": "choice"}),
    ("chat", {"model": "m", "messages": [{"role": "user", "content": [PART, {}, 3]}, "x"]},
     {"messages[0].content[1].type": "type", "messages[0].content[2]": "type", "messages[1]": "mapping"}),
    ("chat", {"model": "m", "messages": [{"role": "tool", "content": "x"}, {"role": "user"}]},
     {"messages[0].tool_call_id": "text", "messages[1].content": "missing"}),
    ("chat", {**ASK, "logit_bias": {"5": 101}, "metadata": {"a": 1}, "stop": list("abcde")},
     {"logit_bias.5": "number", "metadata.a": "metadata", "stop": "list_size"}),
    ("chat", {**ASK, "max_tokens": 1, "max_completion_tokens": 1}, {"max_completion_tokens": "conflict"}),
    ("messages", {**ASK, "max_tokens": 5, "tools": [{"name": "f"}], "tool_choice": {"type": "tool"}},
     {"tools[0].input_schema": "missing", "tool_choice.name": "text"}),
    ("messages", {**ASK, "max_tokens": 9, "thinking": {"type": "enabled", "budget_tokens": 1024}},
     {"thinking.budget_tokens": "conflict"}),
    ("create_messages_batch", {"requests": [{"custom_id": "a", "params": {**ASK, "max_tokens": 1}}] * 2},
     {"requests[1].custom_id": "conflict"}),
    ("create_messages_batch", {"requests": [{"custom_id": "a", "params": {**ASK, "stream": True}}]},
     {"requests[0].params.stream": "stream"}),
    ("create_messages_batch",
     {"requests": [{"params": {**ASK, "max_tokens": 3000,
                               "thinking": {"type": "enabled", "budget_tokens": 5}}}]},
     {"requests[0].custom_id": "missing", "requests[0].params.thinking.budget_tokens": "integer"}),
    ("create_embeddings", {"model": " ", "input": ["a", ""]}, {"model": "text", "input[1]": "text"}),
    ("create_moderation", {"input": [{"text": "a"}]}, {"input[0].type": "text"}),
    ("create_transcription", {"file": "x", "model": "m", "timestamp_granularities": ["word", "line"]},
     {"timestamp_granularities[1]": "choice"}),
    ("create_speech", {"model": "m", "input": "x" * 4097, "voice": {}},
     {"input": "text", "voice.id": "text"}),
    ("create_image", {"prompt": "x", "size": "big", "n": 11}, {"size": "size", "n": "integer"}),
    ("edit_image", {"prompt": "x", "image": []}, {"image": "list_size"}),
    ("upload_file",
     {"file": "x", "purpose": "batch", "expires_after": {"anchor": "created_at", "seconds": 1}},
     {"expires_after.seconds": "integer"}),
    ("create_fine_tuning_job",
     {"model": "m", "training_file": "f",
      "method": {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 0}}}},
     {"method.dpo.hyperparameters.n_epochs": "integer"}),
    ("create_batch", {"input_file_id": "", "endpoint": "/v1/x"},
     {"input_file_id": "text", "completion_window": "missing"}),
    ("create_assistant", {"model": "m", "tools": [{}, "a"]}, {"tools[1]": "mapping"}),
    ("create_thread", {"messages": [{"role": "system", "content": ""}]},
     {"messages[0].role": "choice", "messages[0].content": "text"}),
    ("create_run", {**RUN, "max_prompt_tokens": 255, "tool_choice": 1},
     {"max_prompt_tokens": "integer", "tool_choice": "text"}),
    ("submit_tool_outputs", {"tool_outputs": [{"tool_call_id": "c", "output": 1}]},
     {"tool_outputs[0].output": "text"}),
    ("list_files", {"limit": 10_001, "order": "up"}, {"limit": "integer", "order": "choice"}),
    ("list_messages_batches", {"after_id": "a", "before_id": "b"}, {"before_id": "conflict"}),
    ("get_credits_history", {"start_date": "yesterday", "page": 0},
     {"start_date": "time", "page": "integer"}),
    ("get_credits_stats", {"group_by": "day,colour"}, {"group_by": "choice"}),
    ("reload_config", {"reason": ""}, {"reason": "text"}),
]  # fmt: skip


def run_python(code: str) -> str:
    """What ``code`` prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def sends_something(name: str) -> bool:
    """Whether the method has parameters that are neither part of its path nor about how it is called."""
    parameters = set(inspect.signature(getattr(ZaguanClient, name)).parameters)
    if name != "realtime" and "params" in parameters:
        return True
    return bool(parameters - ON_THE_WIRE_ELSEWHERE - set(endpoint_of_method(name).placeholders))


WITH_MODEL = [name for name in METHODS if sends_something(name)]


def good_body(name: str) -> dict[str, Any]:
    """A body or query as the client sends it, from the contract of the call."""
    contract = CONTRACTS.get(name)
    if name in FORMS or contract is None:
        return FORMS[name]
    if isinstance(contract.body, dict):
        return contract.body
    query = dict(parse_qsl(urlsplit(contract.sent).query))
    return {key: int(value) if value.isdigit() else value for key, value in query.items()}


def test_every_call_with_a_body_or_query_has_a_model_and_no_other() -> None:
    assert len(WITH_MODEL) == 40
    for name in METHODS:
        if name in WITH_MODEL:
            assert model_for(name).source
            continue
        with pytest.raises(LookupError, match=name):
            model_for(name)


def described(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for title, part in (("", schema), *schema.get("$defs", {}).items()):
        for name, field in part["properties"].items():
            yield f"{title}.{name}", field


@pytest.mark.parametrize("name", WITH_MODEL)
def test_the_schema_is_valid_and_every_field_is_described(name: str) -> None:
    schema = model_for(name).json_schema()
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$comment"].startswith("Source: ")
    assert schema["description"].endswith(".")
    for path, field in described(schema):
        assert field.get("description", "").endswith("."), path


@pytest.mark.parametrize("name", WITH_MODEL)
def test_a_good_body_gives_no_finding(name: str) -> None:
    body = good_body(name)
    before = copy.deepcopy(body)
    assert validate(name, body) == ()
    assert validate(name, {**body, "field_of_tomorrow": {"a": [1]}}) == ()
    assert body == before
    Draft202012Validator(model_for(name).json_schema()).validate(body)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("chat", "chat/request_full.json"),
        ("messages", "messages/request_thinking.json"),
        ("count_tokens", "messages/count_tokens_request.json"),
        ("create_messages_batch", "messages_batches/create_request.json"),
        ("create_batch", "batches/create_request.json"),
        ("create_fine_tuning_job", "fine_tuning/create_request.json"),
        ("create_embeddings", "embeddings/request.json"),
        ("create_image", "images/generation_request.json"),
        ("create_speech", "audio/speech_request.json"),
    ],
)
def test_requests_of_the_fixtures_are_fine(name: str, file: str) -> None:
    assert validate(name, load(file)) == ()
    Draft202012Validator(model_for(name).json_schema()).validate(load(file))


def test_no_request_of_the_fixtures_is_left_out() -> None:
    assert len([path for path in FIXTURES.rglob("*.json") if "request" in path.stem]) == 9


@pytest.mark.parametrize(("name", "body", "codes"), BAD)
def test_bad_bodies_give_findings_with_paths(name: str, body: dict[str, Any], codes: dict[str, str]) -> None:
    findings = validate(name, body)
    assert {finding.path: finding.code for finding in findings} == codes
    assert all(finding.sentence for finding in findings)


def test_a_finding_says_what_is_wrong_and_what_would_be_taken() -> None:
    (finding,) = validate("chat", {**ASK, "temperature": 3})
    assert finding == Finding("temperature", "number", "temperature is 3; allowed: 0 to 2")
    (missing,) = validate("chat", {"messages": ASK["messages"]})
    assert missing.sentence == "model is missing; allowed: a text that is not blank"
    (whole,) = validate("chat", [])
    assert (whole.path, whole.sentence) == ("", "body is a list; allowed: a mapping")


def test_every_parameter_of_chat_and_messages_is_a_field_of_the_model() -> None:
    ours = {"extra_body", "additional_fields"}
    for name, params in (("chat", ChatParams), ("messages", MessagesParams), ("count_tokens", CountParams)):
        fields = set(model_for(name).model_fields)
        assert fields - set(params.__annotations__) <= {"model", "messages", "max_tokens", "stream"}
        assert set(params.__annotations__) - fields <= ours
    given = {name: value for name, value in CHAT.items() if name not in {*ours, "max_completion_tokens"}}
    assert validate("chat", {**ASK, **given}) == ()
    assert validate("messages", {**ASK, "max_tokens": 2000, **MESSAGES}) == ()


def test_half_a_character_is_the_servers_business() -> None:
    body = {
        "model": "m\ud800",
        "messages": [{"role": "user", "content": "\ud800", "\ud800": 1}],
        "user": "\udfff",
    }
    assert validate("chat", body) == ()


def test_the_module_has_what_it_says() -> None:
    assert {name: getattr(requests, name) for name in requests.__all__}
    with pytest.raises(AttributeError):
        _ = requests.no_such_name


def test_the_example_of_the_readme_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (FIXTURES.parent.parent / "README.md").read_text()
    example = (
        "from zaguan_tui.client import requests"
        + readme.split("```python\nfrom zaguan_tui.client import requests")[1].partition("```")[0]
    )
    scope: dict[str, Any] = {}
    exec(example, scope)
    assert capsys.readouterr().out.splitlines() == [
        line.removeprefix("# ") for line in example.splitlines() if line.startswith("# ")
    ]
    assert scope["schema"]["required"] == ["input_file_id", "endpoint", "completion_window"]


def test_first_calls_from_several_threads_build_one_model() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor as Pool;"
        "from zaguan_tui.client import requests;"
        "body = {'model': 'm', 'messages': [{'role': 'user', 'content': 'x'}], 'n': 0};"
        "print(len(list(Pool(8).map(lambda _: requests.validate('chat', body)[0], range(32)))))"
    )
    assert run_python(code) == "32"


def test_pydantic_is_imported_by_the_first_call_that_sends_something() -> None:
    code = (
        "import sys, asyncio, zaguan_tui.client as c, zaguan_tui.app.app, zaguan_tui.services;"
        "client = c.ZaguanClient('http://127.0.0.1:9', 'k'); from zaguan_tui.client import requests;"
        "before = 'pydantic' in sys.modules;"
        "open_stream = client.chat_stream(model='m', messages=[{'role': 'user', 'content': 'x'}]);"
        "print(before, 'pydantic' in sys.modules)"
    )
    assert run_python(code) == "False True"
