"""The OpenAI-compatible calls over a real socket: method, path, query, headers, body, and the value read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from client_doubles import KEY
from openai_calls import CASES, ELSEWHERE, FIXTURES, UNSET, CallCase
from scripted import Step

from zaguan_tui.client import APIError, ArgumentError, ResponseFormatError, TransportError
from zaguan_tui.client.catalogue.declare import CATALOGUE, EXTENSIONS, list_implemented
from zaguan_tui.client.client import ZaguanClient

SECTIONS = {
    "embeddings",
    "audio",
    "images",
    "moderations",
    "files",
    "fine_tuning",
    "batches",
    "assistants",
    "threads",
    "runs",
}


def test_every_call_of_these_sections_is_there_and_has_a_test() -> None:
    names = {row.name for row in (*CATALOGUE, *EXTENSIONS) if row.section in SECTIONS} | {
        "get_model",
        "delete_model",
    }
    assert names <= set(list_implemented(ZaguanClient))
    assert names == {case.method for case in CASES} | set(ELSEWHERE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.method)
async def test_what_goes_out_and_what_comes_back(serve: Any, connect: Any, case: CallCase) -> None:
    server = await serve(Step(body=case.answer_bytes, headers={"x-request-id": "r-1"}))
    value = await getattr(connect(server), case.method)(*case.arguments, **case.given)
    assert case.gives(value)
    if case.method != "get_model":
        assert value.response.request_id == "r-1"
        assert value.notes == ()
        assert value.raw
    (seen,) = server.seen
    assert f"{seen.method} {seen.target}" == case.sent
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.headers["accept"] == "application/json"
    assert seen.headers.get("openai-beta") == ("assistants=v2" if case.beta else None)
    if case.body is UNSET or case.body is None:
        assert seen.body == b""
        assert "content-type" not in seen.headers
    else:
        assert seen.json == case.body
        assert seen.headers["content-type"] == "application/json"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.method)
async def test_answers_that_are_none(serve: Any, connect: Any, case: CallCase) -> None:
    bodies = (b"", b"[[]]", b'"x"', b'{"status": "ok"}')
    call = getattr(connect(await serve(*[Step(body=body) for body in bodies])), case.method)
    for _ in bodies:
        with pytest.raises(ResponseFormatError) as caught:
            await call(*case.arguments, **case.given)
        assert caught.value.endpoint
        assert caught.value.endpoint.split()[0] == case.sent.split()[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.method)
async def test_errors_are_typed_and_acts_are_not_repeated(serve: Any, connect: Any, case: CallCase) -> None:
    server = await serve(Step(500, {"error": {"message": "no", "type": "server_error"}}))
    with pytest.raises(APIError) as caught:
        await getattr(connect(server), case.method)(*case.arguments, **case.given)
    assert caught.value.message == "no"
    assert len(server.seen) == (3 if case.sent.startswith("GET") else 1)


async def test_a_message_is_added_to_a_thread(serve: Any, connect: Any) -> None:
    message = json.loads((FIXTURES / "threads/messages.json").read_text())["data"][1]
    server = await serve(Step(body=message))
    added = await connect(server).create_thread_message(
        "t", content="How do I reset the router?", metadata={"a": "b"}
    )
    assert (added.id, added.text) == ("msg_01", "How do I reset the router?")
    assert server.seen[0].target == "/v1/threads/t/messages"
    assert server.seen[0].json == {
        "role": "user",
        "content": "How do I reset the router?",
        "metadata": {"a": "b"},
    }
    assert server.seen[0].headers["openai-beta"] == "assistants=v2"
    parts = [{"type": "text", "text": "hi"}]
    await connect(server).create_thread_message(
        "t", content=parts, role="assistant", attachments=[{"file_id": "f"}]
    )
    assert server.seen[1].json == {"role": "assistant", "content": parts, "attachments": [{"file_id": "f"}]}


async def test_runs_are_listed(serve: Any, connect: Any) -> None:
    runs = [json.loads((FIXTURES / f"runs/get_{name}.json").read_text()) for name in ("failed", "completed")]
    server = await serve(Step(body={"object": "list", "data": runs, "has_more": True}))
    page = await connect(server).list_runs("t", limit=1, order="asc")
    assert [run.status for run in page.data] == ["failed", "completed"]
    assert page.next_cursor == page.data[-1].id
    assert server.seen[0].target == "/v1/threads/t/runs?limit=1&order=asc"


async def test_a_refused_connection_is_tried_again_even_for_an_act(connect: Any, fast: Any) -> None:
    client = connect("http://127.0.0.1:9")
    with pytest.raises(TransportError) as caught:
        await client.create_batch(input_file_id="f", endpoint="/v1/chat/completions")
    assert caught.value.attempts == 3
    assert not caught.value.sent


NOT_SENT: list[tuple[str, tuple[Any, ...], dict[str, Any], str, str]] = [
    ("create_embeddings", (), {"model": "", "input": "x"}, "model", "not blank"),
    ("create_embeddings", (), {"model": "m", "input": ""}, "input", "not blank"),
    ("create_embeddings", (), {"model": "m", "input": ["a", " "]}, "input[1]", "not blank"),
    ("create_embeddings", (), {"model": "m", "input": []}, "input", "at least one"),
    ("create_embeddings", (), {"model": "m", "input": ["a"] * 2049}, "input", "at most 2048"),
    ("create_embeddings", (), {"model": "m", "input": 5}, "input", "a list of texts"),
    (
        "create_embeddings",
        (),
        {"model": "m", "input": "a", "encoding_format": "hex"},
        "encoding_format",
        "base64",
    ),
    ("create_embeddings", (), {"model": "m", "input": "a", "dimensions": 0}, "dimensions", "1 or more"),
    ("create_moderation", (), {"input": []}, "input", "a text, texts or parts"),
    ("create_moderation", (), {"input": ["a", ""]}, "input[1]", "not blank"),
    ("create_moderation", (), {"input": [{"text": "a"}]}, "input[0].type", "not blank"),
    ("create_image", (), {"prompt": "x" * 32001}, "prompt", "at most 32000"),
    ("create_image", (), {"prompt": "x", "n": 11}, "n", "1 to 10"),
    ("create_image", (), {"prompt": "x", "size": "big"}, "size", "1024x1024"),
    ("create_image", (), {"prompt": "x", "style": "loud"}, "style", "vivid, natural"),
    ("create_image", (), {"prompt": "x", "response_format": "png"}, "response_format", "url, b64_json"),
    ("create_image", (), {"prompt": "x", "sise": "auto"}, "sise", "size?"),
    ("create_image_stream", (), {"prompt": "x", "partial_images": 4}, "partial_images", "0 to 3"),
    ("edit_image", (), {"image": [], "prompt": "x"}, "image", "1 to 16"),
    ("list_files", (), {"limit": 10001}, "limit", "1 to 10000"),
    ("list_files", (), {"order": "up"}, "order", "asc, desc"),
    ("get_file", ("..",), {}, "file_id", "no empty"),
    ("upload_file", (), {"file": "x", "purpose": ""}, "purpose", "not blank"),
    ("upload_file", (), {"file": "x", "purpose": "batch", "expires_after_s": 60}, "expires_after_s", "3600"),
    (
        "create_fine_tuning_job",
        (),
        {"model": "m", "training_file": "f", "suffix": "x" * 65},
        "suffix",
        "at most 64",
    ),
    ("create_fine_tuning_job", (), {"model": "m", "training_file": "f", "seed": -1}, "seed", "0 to"),
    (
        "create_fine_tuning_job",
        (),
        {"model": "m", "training_file": "f", "hyperparameters": {"n_epochs": 51}},
        "hyperparameters.n_epochs",
        "1 to 50",
    ),
    (
        "create_fine_tuning_job",
        (),
        {"model": "m", "training_file": "f", "hyperparameters": {"learning_rate_multiplier": 0}},
        "hyperparameters.learning_rate_multiplier",
        "> 0",
    ),
    (
        "create_fine_tuning_job",
        (),
        {
            "model": "m",
            "training_file": "f",
            "method": {"type": "dpo", "dpo": {"hyperparameters": {"batch_size": 0}}},
        },
        "method.dpo.hyperparameters.batch_size",
        "1 to 256",
    ),
    ("create_batch", (), {"input_file_id": "", "endpoint": "/v1/x"}, "input_file_id", "not blank"),
    (
        "create_batch",
        (),
        {"input_file_id": "f", "endpoint": "/x", "metadata": {"a": 1}},
        "metadata.a",
        "a text",
    ),
    ("list_batches", (), {"limit": 101}, "limit", "1 to 100"),
    ("create_assistant", (), {"model": "m", "name": "x" * 257}, "name", "at most 256"),
    ("create_assistant", (), {"model": "m", "tools": [{}] * 129}, "tools", "at most 128"),
    ("create_assistant", (), {"model": "m", "tools": ["a"]}, "tools[0]", "a mapping"),
    ("create_assistant", (), {"model": "m", "temperature": 2.1}, "temperature", "0 to 2"),
    ("create_assistant", (), {"model": "m", "tools": "a"}, "tools", "a list"),
    ("create_assistant", (), {"model": "m", "response_format": ""}, "response_format", "not blank"),
    ("create_assistant", (), {"model": "m", "additional_fields": []}, "additional_fields", "a mapping"),
    ("create_thread", (), {"messages": "hi"}, "messages", "a list of mappings"),
    ("update_assistant", ("a",), {}, "update_assistant", "at least one"),
    (
        "create_thread",
        (),
        {"messages": [{"role": "system", "content": "x"}]},
        "messages[0].role",
        "user, assistant",
    ),
    (
        "create_thread",
        (),
        {"messages": [{"role": "user", "content": ""}]},
        "messages[0].content",
        "not blank",
    ),
    ("update_thread", ("t",), {}, "update_thread", "metadata"),
    ("create_thread_message", ("t",), {"content": []}, "content", "at least one"),
    ("create_run", ("t",), {"assistant_id": ""}, "assistant_id", "not blank"),
    ("create_run", ("t",), {"assistant_id": "a", "max_prompt_tokens": 255}, "max_prompt_tokens", "256"),
    ("create_run", ("t",), {"assistant_id": "a", "tools": [{}] * 21}, "tools", "at most 20"),
    (
        "create_run_stream",
        ("t",),
        {"assistant_id": "a", "parallel_tool_calls": 1},
        "parallel_tool_calls",
        "True",
    ),
    ("submit_tool_outputs", ("t", "r"), {"tool_outputs": []}, "tool_outputs", "at least one"),
    (
        "submit_tool_outputs",
        ("t", "r"),
        {"tool_outputs": [{"tool_call_id": "c", "output": 1}]},
        "tool_outputs[0].output",
        "a text",
    ),
    ("create_transcription", (), {"file": "x", "model": "m"}, "file", "mp3"),
    ("create_transcription", (), {"file": "x.mp3", "model": "m", "temperature": 2}, "temperature", "0 to 1"),
    (
        "create_transcription",
        (),
        {"file": "x.mp3", "model": "m", "timestamp_granularities": ["word"]},
        "timestamp_granularities",
        "verbose_json",
    ),
    (
        "create_translation",
        (),
        {"file": "x.mp3", "model": "m", "response_format": "diarized_json"},
        "response_format",
        "text, srt, vtt",
    ),
    ("create_speech", (), {"model": "m", "input": "x" * 4097, "voice": "a"}, "input", "at most 4096"),
    ("create_speech", (), {"model": "m", "input": "x", "voice": "a", "speed": 5}, "speed", "0.25 to 4"),
    ("create_speech", (), {"model": "m", "input": "x", "voice": {}}, "voice.id", "not blank"),
]


@pytest.mark.parametrize(("method", "ids", "given", "name", "allowed"), NOT_SENT)
async def test_wrong_arguments_never_reach_the_network(
    serve: Any,
    connect: Any,
    method: str,
    ids: tuple[Any, ...],
    given: dict[str, Any],
    name: str,
    allowed: str,
) -> None:
    server = await serve(Step(body={}))
    with pytest.raises(ArgumentError) as caught:
        answer = getattr(connect(server), method)(*ids, **given)
        if hasattr(answer, "__await__"):
            await answer
    assert caught.value.field == name
    assert allowed in str(caught.value)
    assert server.seen == []


async def test_fields_we_do_not_know_go_out_as_they_are(serve: Any, connect: Any) -> None:
    server = await serve(Step(body={"object": "list", "data": [{"embedding": [0.5]}]}))
    vectors = await connect(server).create_embeddings(
        model="m",
        input=[[1, 2], [3]],
        provider_specific_params={"input_type": "query"},
        additional_fields={"z": 1},
    )
    assert server.seen[0].json == {
        "model": "m",
        "input": [[1, 2], [3]],
        "provider_specific_params": {"input_type": "query"},
        "z": 1,
    }
    assert list(vectors.vectors[0]) == [0.5]
    await connect(server).create_embeddings(model="m", input=[1, 2, 3])
    assert server.seen[1].json == {"model": "m", "input": [1, 2, 3]}
