"""The OpenAI SDK's own classes accept every answer of the sandbox: whole, in lists, nested, and streamed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sdk_models import read_strictly
from served_gateway import Serve, Served

from zaguan_tui.sandbox.engine.media.image_generator import draw
from zaguan_tui.sandbox.engine.media.png import write_png

types: Any = pytest.importorskip("openai.types", reason="the official OpenAI SDK is not installed")

for module in ("audio", "beta.threads.runs", "chat", "fine_tuning.jobs"):
    pytest.importorskip(f"openai.types.{module}")
pagination: Any = pytest.importorskip("openai.pagination")
Page = pagination.AsyncCursorPage
Run, Message, RunStep = types.beta.threads.Run, types.beta.threads.Message, types.beta.threads.runs.RunStep
Tuning = types.fine_tuning

QUICK = 3000.0
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
ASK = [{"role": "user", "content": "What is the weather in Oslo?"}]
CHATS: list[dict[str, Any]] = [
    {"model": "openai/gpt-4o"},
    {"model": "openai/gpt-4o", "tools": [TOOL]},
    {"model": "openai/gpt-4o", "n": 2, "logprobs": True, "top_logprobs": 2, "max_tokens": 5},
    {"model": "openai/o3"},
    {"model": "openai/gpt-4o", "response_format": {"type": "json_object"}},
    {"model": "sandbox/silent"},
]
EXAMPLE = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}
TRAINING = b"\n".join(json.dumps(EXAMPLE).encode() for _ in range(40))


@pytest.fixture
async def quick(serve: Serve) -> AsyncIterator[Served]:
    yield await serve(time_scale=QUICK)


async def call(sandbox: Served, kind: Any, method: str, path: str, **options: Any) -> Any:
    """The answer of one call, validated as ``kind``."""
    answer = await sandbox.http.request(method, f"/v1/{path}", **options)
    assert answer.status_code == 200, answer.text
    return read_strictly(kind, answer.content)


async def poll(sandbox: Served, kind: Any, path: str, *ends: str) -> Any:
    """The object at ``path`` once its status is one of ``ends``; validated each time."""
    for _ in range(400):
        answer = await call(sandbox, kind, "GET", path)
        if answer.status in ends:
            return answer
        await asyncio.sleep(0.01)
    raise AssertionError(f"{path} never came to {ends}: {answer.status}")


def events(answer: httpx.Response) -> list[tuple[str, str]]:
    """Name and data of every event of a stream, without its end marker."""
    assert answer.status_code == 200, answer.text
    rows, name = [], ""
    for line in answer.text.splitlines():
        key, _, text = line.partition(": ")
        if key == "event":
            name = text
        elif key == "data" and text != "[DONE]":
            rows.append((name, text))
    return rows


async def upload(sandbox: Served, data: bytes, purpose: str) -> str:
    form: dict[str, Any] = {"files": {"file": ("in.jsonl", data)}, "data": {"purpose": purpose}}
    return str((await call(sandbox, types.FileObject, "POST", "files", **form)).id)


@pytest.mark.parametrize("body", CHATS, ids=lambda body: "-".join(map(str, body))[:40] + body["model"])
async def test_chat(sandbox: Served, body: dict[str, Any]) -> None:
    body = {"messages": ASK, **body}
    await call(sandbox, types.chat.ChatCompletion, "POST", "chat/completions", json=body)
    more = {"stream": True, "stream_options": {"include_usage": True}}
    answer = await sandbox.http.post("/v1/chat/completions", json={**body, **more})
    chunks = [read_strictly(types.chat.ChatCompletionChunk, data) for _, data in events(answer)]
    assert chunks[-1].usage is not None


async def test_models_embeddings_and_moderations(sandbox: Served) -> None:
    page = await call(sandbox, pagination.AsyncPage[types.Model], "GET", "models")
    await call(sandbox, types.Model, "GET", f"models/{page.data[0].id}")
    for form in ("float", "base64"):
        body = {"model": "openai/text-embedding-3-small", "input": ["a", "b"], "encoding_format": form}
        kind = dict[str, Any] if form == "base64" else types.CreateEmbeddingResponse
        await call(sandbox, kind, "POST", "embeddings", json=body)
    await call(sandbox, types.ModerationCreateResponse, "POST", "moderations", json={"input": "kill"})


async def test_files_and_batches(quick: Served) -> None:
    name = await upload(quick, b"not json\n", "batch")
    await call(quick, Page[types.FileObject], "GET", "files")
    await call(quick, types.FileObject, "GET", f"files/{name}")
    body = {"model": "openai/o3", "messages": ASK}
    row = {"custom_id": "one", "method": "POST", "url": "/v1/chat/completions", "body": body}
    wrong = {**row, "custom_id": "two", "body": {"model": "openai/none", "messages": ASK}}
    lines = "\n".join(map(json.dumps, (row, wrong))).encode()
    for file, ends in ((name, "failed"), (await upload(quick, lines, "batch"), "completed")):
        fields = {"input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
        made = await call(quick, types.Batch, "POST", "batches", json=fields)
        done = await poll(quick, types.Batch, f"batches/{made.id}", ends)
    assert done.usage.total_tokens == done.usage.input_tokens + done.usage.output_tokens > 0
    assert done.usage.output_tokens_details.reasoning_tokens > 0
    cancelled = await call(quick, types.Batch, "POST", "batches", json=fields)
    await call(quick, types.Batch, "POST", f"batches/{cancelled.id}/cancel")
    await call(quick, Page[types.Batch], "GET", "batches")
    await call(quick, types.FileDeleted, "DELETE", f"files/{name}")


@pytest.mark.parametrize(("suffix", "ends"), [("mine", "succeeded"), ("diverge", "failed")])
async def test_fine_tuning(quick: Served, suffix: str, ends: str) -> None:
    file = await upload(quick, TRAINING, "fine-tune")
    body = {"model": "openai/gpt-4o-mini", "training_file": file, "suffix": suffix}
    made = await call(quick, Tuning.FineTuningJob, "POST", "fine_tuning/jobs", json=body)
    path = f"fine_tuning/jobs/{made.id}"
    done = await poll(quick, Tuning.FineTuningJob, path, ends)
    await call(quick, Page[Tuning.FineTuningJob], "GET", "fine_tuning/jobs")
    page = await call(
        quick,
        Page[Tuning.FineTuningJobEvent],
        "GET",
        f"{path}/events?limit=100",
    )
    assert {event.type for event in page.data} == {"message", "metrics"}
    await call(
        quick,
        Page[Tuning.jobs.FineTuningJobCheckpoint],
        "GET",
        f"{path}/checkpoints",
    )
    for file in done.result_files:
        await call(quick, types.FileObject, "GET", f"files/{file}")
    if done.fine_tuned_model:
        await call(quick, types.ModelDeleted, "DELETE", f"models/{done.fine_tuned_model}")


IMAGES: list[dict[str, Any]] = [
    {"model": "openai/gpt-image-1"},
    {"model": "openai/gpt-image-1", "quality": "auto"},
    {"model": "openai/gpt-image-1", "quality": "low", "size": "1536x1024"},
    {"model": "openai/dall-e-3", "quality": "hd"},
    {"model": "openai/dall-e-3", "quality": "standard", "response_format": "b64_json"},
    {"model": "openai/dall-e-2", "size": "256x256"},
    {"model": "google/imagen-4.0-generate-001"},
]


@pytest.mark.parametrize("body", IMAGES, ids=json.dumps)
async def test_images(sandbox: Served, body: dict[str, Any]) -> None:
    body = {"prompt": "a red barn", "size": "1024x1024", **body}
    await call(sandbox, types.ImagesResponse, "POST", "images/generations", json=body)


async def test_image_edits_variations_and_streams(sandbox: Served) -> None:
    png = {"image": ("a.png", write_png(draw("a red barn", 32, 32)))}
    small = {"prompt": "a blue barn", "size": "256x256"}
    await call(sandbox, types.ImagesResponse, "POST", "images/edits", files=png, data=small)
    await call(
        sandbox, types.ImagesResponse, "POST", "images/variations", files=png, data={"size": "256x256"}
    )
    body = {**small, "model": "openai/gpt-image-1", "stream": True, "partial_images": 1}
    answer = await sandbox.http.post("/v1/images/generations", json=body)
    kinds = [read_strictly(types.ImageGenStreamEvent, data).type for _, data in events(answer)]
    assert kinds == ["image_generation.partial_image", "image_generation.completed"]
    fields = {**small, "stream": "true", "partial_images": "1"}
    answer = await sandbox.http.post("/v1/images/edits", files=png, data=fields)
    kinds = [read_strictly(types.ImageEditStreamEvent, data).type for _, data in events(answer)]
    assert kinds == ["image_edit.partial_image", "image_edit.completed"]


async def test_audio(sandbox: Served) -> None:
    body = {
        "model": "openai/tts-1",
        "voice": "alloy",
        "input": "Rain is on the way.",
        "response_format": "wav",
    }
    sound = {"file": ("a.wav", (await sandbox.http.post("/v1/audio/speech", json=body)).content)}
    shapes: list[tuple[str, str, Any]] = [
        ("transcriptions", "json", types.audio.Transcription),
        ("transcriptions", "verbose_json", types.audio.TranscriptionVerbose),
        ("transcriptions", "diarized_json", types.audio.TranscriptionDiarized),
        ("translations", "json", types.audio.Translation),
        ("translations", "verbose_json", types.audio.TranslationVerbose),
    ]
    for path, form, kind in shapes:
        fields: dict[str, Any] = {"model": "openai/whisper-1", "response_format": form}
        if form == "verbose_json" and path == "transcriptions":
            fields["timestamp_granularities[]"] = ["word", "segment"]
        await call(sandbox, kind, "POST", f"audio/{path}", files=sound, data=fields)
    fields = {"model": "openai/gpt-4o-transcribe", "stream": "true"}
    answer = await sandbox.http.post("/v1/audio/transcriptions", files=sound, data=fields)
    assert [read_strictly(types.audio.TranscriptionStreamEvent, data) for _, data in events(answer)]


async def test_assistants_threads_and_runs(quick: Served) -> None:
    body = {"model": "openai/gpt-4o", "tools": [TOOL]}
    assistant = await call(quick, types.beta.Assistant, "POST", "assistants", json=body)
    await call(quick, Page[types.beta.Assistant], "GET", "assistants")
    thread = await call(quick, types.beta.Thread, "POST", "threads", json={"messages": ASK})
    path = f"threads/{thread.id}"
    made = await call(quick, Run, "POST", f"{path}/runs", json={"assistant_id": assistant.id})
    run = f"{path}/runs/{made.id}"
    waiting = await poll(quick, Run, run, "requires_action")
    await call(quick, Page[RunStep], "GET", f"{run}/steps")
    calls = waiting.required_action.submit_tool_outputs.tool_calls
    outputs = {"tool_outputs": [{"tool_call_id": one.id, "output": "cold"} for one in calls]}
    await call(quick, Run, "POST", f"{run}/submit_tool_outputs", json=outputs)
    await poll(quick, Run, run, "completed")
    steps = await call(quick, Page[RunStep], "GET", f"{run}/steps")
    assert {step.type for step in steps.data} == {"tool_calls", "message_creation"}
    await call(quick, Page[Message], "GET", f"{path}/messages")
    await call(quick, Page[Run], "GET", f"{path}/runs")
    more = {"assistant_id": assistant.id, "stream": True, "model": "sandbox/echo", "tool_choice": "none"}
    answer = await quick.http.post(f"/v1/{path}/runs", json=more)
    run_events = [
        read_strictly(types.beta.AssistantStreamEvent, f'{{"event":"{n}","data":{d}}}')
        for n, d in events(answer)
    ]
    assert run_events[-1].event == "thread.run.completed"
    empty = await call(quick, types.beta.Thread, "POST", "threads", json={})
    await call(quick, Page[Message], "GET", f"threads/{empty.id}/messages")
    await call(quick, types.beta.AssistantDeleted, "DELETE", f"assistants/{assistant.id}")


@pytest.mark.parametrize("path", ["files", "batches", "assistants", "fine_tuning/jobs"])
async def test_an_empty_list_has_no_null_ids(sandbox: Served, path: str) -> None:
    body = (await sandbox.http.get(f"/v1/{path}")).json()
    assert (body["data"], body["has_more"], None in body.values()) == ([], False, False)
