"""Assistants, threads, messages, runs and steps out of every fixture."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from wire_fixtures import load

from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.client.types.assistants.assistants import read_assistant, read_assistants
from zaguan_tui.client.types.assistants.runs import read_run, read_run_steps, read_runs
from zaguan_tui.client.types.assistants.threads import read_thread, read_thread_message, read_thread_messages
from zaguan_tui.client.types.core.deleted import read_deleted
from zaguan_tui.client.types.core.job_error import Fault
from zaguan_tui.client.types.models.lifecycle import Stage


def unix(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_an_assistant_with_tools() -> None:
    helper = read_assistant(load("assistants/get.json"))
    assert (helper.name, helper.model) == ("Support helper", "openai/gpt-4o")
    assert helper.tool_names == ("file_search", "open_ticket")
    assert helper.tool_resources == {"file_search": {"vector_store_ids": ["vs_01"]}}
    assert (helper.response_format, helper.metadata, helper.created_at) == (
        "auto",
        {"team": "support"},
        unix(1793457000),
    )


def test_an_assistant_without_a_name() -> None:
    maths = read_assistant(load("assistants/create.json"))
    assert (maths.name, maths.instructions, maths.temperature) == (None, None, 0.2)
    assert maths.response_format == {"type": "text"}
    page = read_assistants(load("assistants/list.json"))
    assert page.data == (maths, read_assistant(load("assistants/get.json")))
    assert read_assistant(load("assistants/update.json")).id == "asst_dM4Helper"
    assert read_assistant({"id": "a", "tools": [{}, {"function": {"name": 5}, "type": "x"}]}).tool_names == (
        "unnamed",
        "x",
    )


@pytest.mark.parametrize("kind", ["assistants", "threads"])
def test_deletions(kind: str) -> None:
    gone = read_deleted(load(f"{kind}/delete.json"))
    assert (gone.deleted, gone.object) == (True, f"{kind.removesuffix('s')}.deleted")


def test_threads() -> None:
    made = read_thread(load("threads/create.json"))
    assert (made.id, made.metadata, made.tool_resources) == ("thread_Qp81", {"ticket": "T-104"}, {})
    assert read_thread(load("threads/get.json")) == made
    assert read_thread(load("threads/update.json")).metadata == {"ticket": "T-104", "state": "closed"}


def test_messages_newest_first() -> None:
    page = read_thread_messages(load("threads/messages.json"))
    answer, question = page.data
    assert (answer.role, answer.text, answer.run_id) == (
        "assistant",
        "Hold the button for five seconds.",
        "run_Zk01",
    )
    assert (question.role, question.text, question.assistant_id) == (
        "user",
        "How do I reset the router?",
        None,
    )
    assert answer.stage is Stage.SUCCEEDED
    assert (page.first_id, page.last_id, page.has_more) == ("msg_02", "msg_01", False)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("hi", "hi"),
        ([{"type": "text", "text": "hi"}], "hi"),
        ({"type": "text", "text": {"value": "hi"}}, "hi"),
        (
            [
                {"type": "image_file", "image_file": {"file_id": "f"}},
                {"type": "text", "text": {"value": "hi"}},
            ],
            "hi",
        ),
        ([{"type": "refusal", "refusal": "no"}], "no"),
        ("", ""),
        (None, ""),
        (5, ""),
    ],
)
def test_content_in_every_shape(content: Any, text: str) -> None:
    assert read_thread_message({"id": "m", "content": content}).text == text


def test_an_incomplete_message_says_why() -> None:
    body = {"id": "m", "status": "incomplete", "incomplete_details": {"reason": "max_tokens"}}
    message = read_thread_message({"message": body})
    assert (message.stage, message.incomplete_reason) == (Stage.INCOMPLETE, "max_tokens")


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("create", Stage.WAITING),
        ("get_in_progress", Stage.RUNNING),
        ("get_requires_action", Stage.NEEDS_ACTION),
        ("get_completed", Stage.SUCCEEDED),
        ("get_failed", Stage.FAILED),
        ("get_incomplete", Stage.INCOMPLETE),
        ("get_expired", Stage.EXPIRED),
        ("cancel", Stage.STOPPING),
    ],
)
def test_a_run_in_every_state(name: str, stage: Stage) -> None:
    run = read_run(load(f"runs/{name}.json"))
    assert (run.stage, run.is_over) == (stage, stage.is_terminal)
    assert (run.thread_id, run.assistant_id, run.model) == ("thread_Qp81", "asst_dM4Helper", "openai/gpt-4o")
    assert (run.temperature, run.response_format, len(run.tools)) == (1.0, "auto", 2)


def test_what_a_run_waits_for() -> None:
    run = read_run(load("runs/get_requires_action.json"))
    assert run.tool_calls == (ToolCall("call_ot1", "open_ticket", '{"title":"Router will not reset"}'),)
    assert run.tool_calls[0].parsed() == {"title": "Router will not reset"}
    assert run.expires_at == unix(1795183860)


def test_how_a_run_ended() -> None:
    failed = read_run(load("runs/get_failed.json"))
    assert failed.last_error == Fault(code="rate_limit_exceeded", message="Model rate limit hit")
    assert failed.last_error.error().kind == "rate_limit"
    cut = read_run(load("runs/get_incomplete.json"))
    assert cut.incomplete_reason == "max_completion_tokens"
    assert cut.usage == Usage(prompt_tokens=300, completion_tokens=256, total_tokens=556)
    completed = read_run(load("runs/get_completed.json"))
    assert completed.usage is not None
    assert completed.completed_at is not None


def test_steps() -> None:
    (step,) = read_run_steps(load("runs/steps.json")).data
    assert (step.type, step.stage, step.message_id, step.run_id) == (
        "message_creation",
        Stage.SUCCEEDED,
        "msg_09",
        "run_Zk09",
    )
    assert step.usage == Usage(prompt_tokens=40, completion_tokens=4, total_tokens=44)
    calls = [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}", "output": "x"}}, 5]
    body = [{"id": "s", "type": "tool_calls", "step_details": {"type": "tool_calls", "tool_calls": calls}}]
    page = read_run_steps(body)
    assert page.data[0].tool_calls == (ToolCall("c", "f", "{}"),)
    assert len(page.notes) == 1


def test_a_list_of_runs() -> None:
    bodies = [load(f"runs/get_{name}.json") for name in ("failed", "completed")]
    page = read_runs({"object": "list", "data": bodies, "has_more": False})
    assert page.data == tuple(map(read_run, bodies))
