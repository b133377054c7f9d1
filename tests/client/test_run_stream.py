"""Runs as they happen: named events, messages merged, flat error events, every way to end."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

import pytest
from openai_calls import FIXTURES
from scripted import Step

from zaguan_tui.client import NotFoundError, ServerError
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta, ToolCallDelta
from zaguan_tui.client.streaming.frame_reader import FrameReader
from zaguan_tui.client.streaming.media.runs import MessageChanged, RunChanged, RunMerge, StepChanged
from zaguan_tui.client.streaming.outcome import StreamOutcome
from zaguan_tui.client.streaming.timings import StreamTimer
from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.models.lifecycle import Stage

SSE = "text/event-stream"
RUN = {"id": "run_1", "object": "thread.run", "thread_id": "t", "status": "queued"}


def named(*events: tuple[str, object], done: bool = True) -> Step:
    lines = [f"event: {name}\ndata: {json.dumps(value)}\n\n" for name, value in events]
    lines += ["event: done\ndata: [DONE]\n\n"] if done else []
    return Step(body="".join(lines), content_type=SSE)


def delta(text: str, message: str = "m", index: int = 0) -> tuple[str, object]:
    part = {"index": index, "type": "text", "text": {"value": text}}
    value = {"id": message, "object": "thread.message.delta", "delta": {"content": [part]}}
    return "thread.message.delta", value


def fixture(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((FIXTURES / "runs" / name).read_text())
    return value


async def watched(serve: Any, connect: Any, step: Step, **given: Any) -> tuple[list[Any], Any, Any]:
    server = await serve(step)
    async with connect(server).create_run_stream("t", assistant_id="a", **given) as stream:
        events = [event async for event in stream]
    return events, stream.result(), server


async def test_a_whole_run(serve: Any, connect: Any) -> None:
    step = Step(body=(FIXTURES / "runs/stream.sse").read_bytes(), content_type=SSE)
    events, result, server = await watched(serve, connect, step, include=["x"], temperature=0.5)
    assert [event.run.status for event in events if isinstance(event, RunChanged)] == [
        "queued",
        "queued",
        "in_progress",
        "completed",
    ]
    assert [event.step.status for event in events if isinstance(event, StepChanged)][-1] == "completed"
    assert [event.text for event in events if isinstance(event, TextDelta)] == [
        "Hold",
        " the",
        " button",
        ".",
    ]
    assert [event.message.status for event in events if isinstance(event, MessageChanged)][-1] == "completed"
    assert (result.text, result.ending, result.error) == ("Hold the button.", Ending.FINISHED, None)
    assert result.run.stage is Stage.SUCCEEDED
    assert result.messages[0].id == "msg_09"
    assert result.steps[0].message_id == "msg_09"
    assert result.notes == ()
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", "/v1/threads/t/runs?include%5B%5D=x")
    assert seen.json == {"assistant_id": "a", "temperature": 0.5, "stream": True}
    assert seen.headers["openai-beta"] == "assistants=v2"
    assert seen.headers["accept"] == SSE


async def test_a_flat_error_event_is_an_error(serve: Any, connect: Any) -> None:
    step = Step(body=(FIXTURES / "runs/stream_error.sse").read_bytes(), content_type=SSE)
    events, result, _ = await watched(serve, connect, step)
    assert result.ending is Ending.ERROR_FRAME
    assert isinstance(result.error, ServerError)
    assert result.error.message == "Internal failure while the run was in progress"
    assert result.error.code == "server_error"
    assert result.error.endpoint == "POST /v1/threads/{thread_id}/runs"
    assert result.run.status == "in_progress"
    assert events[-1] == StreamEnded(Ending.ERROR_FRAME)


async def test_tool_outputs_are_streamed_on(serve: Any, connect: Any) -> None:
    step = Step(body=(FIXTURES / "runs/stream.sse").read_bytes(), content_type=SSE)
    server = await serve(step)
    outputs = [{"tool_call_id": "call_ot1", "output": "T-1"}]
    async with connect(server).submit_tool_outputs_stream("t", "r", tool_outputs=outputs) as stream:
        _ = [event async for event in stream]
    assert stream.result().text == "Hold the button."
    assert server.seen[0].target == "/v1/threads/t/runs/r/submit_tool_outputs"
    assert server.seen[0].json == {"tool_outputs": outputs, "stream": True}


@pytest.mark.parametrize(
    ("last", "ending", "error"),
    [
        ("get_completed.json", Ending.FINISHED, None),
        ("get_requires_action.json", Ending.TOOL_CALLS, None),
        ("get_incomplete.json", Ending.LENGTH, None),
        ("get_failed.json", Ending.ERROR_FRAME, "Model rate limit hit"),
        ("get_expired.json", Ending.ERROR_FRAME, None),
        ("get_in_progress.json", Ending.FINISHED, None),
    ],
)
@pytest.mark.parametrize("done", [True, False])
async def test_the_run_tells_how_its_stream_ended(
    serve: Any, connect: Any, last: str, ending: Ending, error: str | None, done: bool
) -> None:
    run = fixture(last)
    step = named(("thread.run.created", RUN), delta("Hi"), (f"thread.run.{run['status']}", run), done=done)
    _, result, _ = await watched(serve, connect, step)
    if last == "get_in_progress.json" and not done:
        ending = Ending.TRUNCATED
    assert result.ending is ending
    assert (result.error.message if result.error else None) == error
    assert result.text == "Hi"
    if last == "get_requires_action.json":
        assert result.tool_calls[0].name == "open_ticket"


async def test_filtered_and_cancelled_runs(serve: Any, connect: Any) -> None:
    filtered = {**RUN, "status": "incomplete", "incomplete_details": {"reason": "content_filter"}}
    _, result, _ = await watched(serve, connect, named(("thread.run.incomplete", filtered)))
    assert result.ending is Ending.CONTENT_FILTER
    _, result, _ = await watched(
        serve, connect, named(("thread.run.cancelled", {**RUN, "status": "canceled"}))
    )
    assert (result.ending, result.run.status) == (Ending.CANCELLED, "cancelled")


async def test_messages_and_parts_are_told_apart(serve: Any, connect: Any) -> None:
    step = named(delta("A", "m1"), delta("B", "m2"), delta("2", "m1", 1), delta("a", "m1"), delta("b", "m2"))
    events, result, _ = await watched(serve, connect, step)
    assert [(event.text, event.index) for event in events if isinstance(event, TextDelta)] == [
        ("A", 0),
        ("B", 1),
        ("2", 0),
        ("a", 0),
        ("b", 1),
    ]
    assert [(message.id, message.text) for message in result.messages] == [("m1", "Aa2"), ("m2", "Bb")]
    assert result.text == "Aa2\n\nBb"


async def test_the_servers_whole_text_wins(serve: Any, connect: Any) -> None:
    whole = {"id": "m", "object": "thread.message", "status": "completed", "content": "Hello"}
    _, result, _ = await watched(serve, connect, named(delta("Hel"), ("thread.message.completed", whole)))
    assert result.text == "Hello"


async def test_calls_of_a_step_are_merged(serve: Any, connect: Any) -> None:
    def work(**call: Any) -> tuple[str, object]:
        details = {"type": "tool_calls", "tool_calls": [{"index": 0, **call}]}
        value = {"id": "s", "object": "thread.run.step.delta", "delta": {"step_details": details}}
        return "thread.run.step.delta", value

    begun = {"id": "s", "object": "thread.run.step", "type": "tool_calls", "status": "in_progress"}
    step = named(
        ("thread.run.step.created", begun),
        work(id="c1", type="function", function={"name": "look", "arguments": ""}),
        work(function={"arguments": '{"a":'}),
        work(function={"arguments": "1}"}),
    )
    events, result, _ = await watched(serve, connect, step)
    assert len([event for event in events if isinstance(event, ToolCallDelta)]) == 3
    (call,) = result.steps[0].tool_calls
    assert (call.id, call.name, call.parsed()) == ("c1", "look", {"a": 1})


async def test_names_may_be_missing(serve: Any, connect: Any) -> None:
    done = {**RUN, "status": "completed"}
    body = "".join(f"data: {json.dumps(value)}\n\n" for value in (RUN, delta("Hi")[1], done))
    _, result, _ = await watched(serve, connect, Step(body=body, content_type=SSE))
    assert (result.text, result.ending) == ("Hi", Ending.FINISHED)


async def test_a_run_in_one_piece(serve: Any, connect: Any) -> None:
    _, result, _ = await watched(serve, connect, Step(body=fixture("get_completed.json")))
    assert (result.run.status, result.ending, result.notes) == ("completed", Ending.FINISHED, ())


async def test_an_error_before_the_stream(serve: Any, connect: Any) -> None:
    server = await serve(Step(404, {"error": {"message": "No thread t", "code": "not_found"}}))
    with pytest.raises(NotFoundError):
        async with connect(server).create_run_stream("t", assistant_id="a"):
            pass
    assert len(server.seen) == 1


async def test_leaving_early_closes_the_socket(serve: Any, connect: Any) -> None:
    step = named(("thread.run.created", RUN), done=False)
    server = await serve(Step(body=step.body, content_type=SSE, fault="stall"))
    async with connect(server).create_run_stream("t", assistant_id="a") as stream:
        await anext(stream)
    assert stream.result().ending is Ending.CANCELLED
    await server.until_idle(0.5)


def replay(pieces: list[bytes]) -> tuple[list[Any], Any]:
    drift = Drift()
    merge = RunMerge(drift)
    reader: FrameReader[Any] = FrameReader(merge, drift, SSE)
    out: list[Any] = []
    for piece in pieces:
        reader.feed(piece, out)
    reader.close(out)
    return out, merge.result(StreamOutcome(now=1.0), StreamTimer(0.0))


@pytest.mark.parametrize("name", ["stream.sse", "stream_error.sse"])
def test_the_cuts_of_the_network_do_not_matter(name: str) -> None:
    body = Path(FIXTURES / "runs" / name).read_bytes()
    whole = replay([body])
    for cut in range(0, len(body), 11):
        assert replay([body[:cut], body[cut:]]) == whole
    chance = random.Random(7)
    for _ in range(20):
        edges = [0, *sorted(chance.choices(range(len(body)), k=40)), len(body)]
        assert replay([body[start:end] for start, end in itertools.pairwise(edges)]) == whole


def test_rubbish_in_events_is_a_note() -> None:
    wrong: list[Any] = [None, 5, "x", [], {}, [None], {"content": 5}, {"content": [5]}, {"step_details": 5}]
    wrong += [{"step_details": {"tool_calls": 5}}, {"step_details": {"tool_calls": [5]}}, {"content": [{}]}]
    names = ["thread.run.created", "thread.run.step.delta", "thread.run.step.created", "thread.message.delta"]
    for name, value, ident in itertools.product(
        [*names, "thread.message.created", "x", ""], wrong, ["a", 5, None, {}]
    ):
        drift = Drift()
        merge = RunMerge(drift)
        merge.feed(
            {"id": ident, "delta": value, "object": value, "content": value, "status": value}, name, []
        )
        merge.feed({"id": ident, "delta": value, "last_error": value, "required_action": value}, name, [])
        assert merge.ending() in Ending
        assert merge.result(StreamOutcome(now=1.0), StreamTimer(0.0)).text is not None
