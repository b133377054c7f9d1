"""The OpenAI-compatible calls beyond chat: how each is made, what goes out, what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent.parent / "fixtures"
UNSET = object()


@dataclass(frozen=True)
class CallCase:
    """``arguments`` are positional, ``given`` keywords; ``answer`` is a fixture that ``gives`` is true of."""

    method: str
    arguments: tuple[Any, ...]
    given: dict[str, Any]
    sent: str
    answer: str
    gives: Callable[[Any], object]
    body: Any = UNSET
    beta: bool = False
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def answer_bytes(self) -> bytes:
        return (FIXTURES / self.answer).read_bytes()


OUTPUTS = [{"tool_call_id": "call_ot1", "output": "T-1"}]

CASES = [
    CallCase(
        "create_embeddings",
        (),
        {"model": "m", "input": ["a", "b"], "encoding_format": "base64", "dimensions": 8, "user": None},
        "POST /v1/embeddings",
        "embeddings/base64.json",
        lambda v: [item.index for item in v.data] == [0, 1] and v.usage.total_tokens == 8,
        {"model": "m", "input": ["a", "b"], "encoding_format": "base64", "dimensions": 8},
    ),
    CallCase(
        "create_moderation",
        (),
        {"input": "x", "model": "omni-moderation-latest"},
        "POST /v1/moderations",
        "moderations/moderation_omni.json",
        lambda v: v.results[0].hits == ("violence", "harassment/threatening"),
        {"input": "x", "model": "omni-moderation-latest"},
    ),
    CallCase(
        "create_image",
        (),
        {"prompt": "A lighthouse", "model": "openai/dall-e-3", "n": 1, "size": "1024x1024"},
        "POST /v1/images/generations",
        "images/generation_url.json",
        lambda v: v.data[0].url.startswith("https://images.example.com/"),
        {"prompt": "A lighthouse", "model": "openai/dall-e-3", "n": 1, "size": "1024x1024"},
    ),
    CallCase(
        "list_files",
        (),
        {"purpose": "batch", "limit": 3, "order": "asc", "after": "file-a+b&c"},
        "GET /v1/files?limit=3&order=asc&after=file-a%2Bb%26c&purpose=batch",
        "files/list_page1.json",
        lambda v: v.has_more and len(v.data) == 3 and v.next_cursor == "file-res01",
    ),
    CallCase(
        "get_file",
        ("file a/b",),
        {},
        "GET /v1/files/file%20a%2Fb",
        "files/get.json",
        lambda v: v.size == 2411893,
    ),
    CallCase(
        "delete_file", ("f",), {}, "DELETE /v1/files/f", "files/delete.json", lambda v: v.deleted is True
    ),
    CallCase(
        "create_fine_tuning_job",
        (),
        {
            "model": "m",
            "training_file": "file-1",
            "suffix": "support",
            "seed": 7,
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}},
        },
        "POST /v1/fine_tuning/jobs",
        "fine_tuning/create.json",
        lambda v: v.status == "validating_files" and not v.is_over,
        {
            "model": "m",
            "training_file": "file-1",
            "suffix": "support",
            "seed": 7,
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}},
        },
    ),
    CallCase(
        "list_fine_tuning_jobs",
        (),
        {"limit": 5, "after": "j", "metadata": {"team": "a b"}},
        "GET /v1/fine_tuning/jobs?limit=5&after=j&metadata%5Bteam%5D=a%20b",
        "fine_tuning/list.json",
        lambda v: len(v.data) == 5 and v.last_id is None and v.next_cursor == v.data[-1].id,
    ),
    CallCase(
        "get_fine_tuning_job",
        ("j",),
        {},
        "GET /v1/fine_tuning/jobs/j",
        "fine_tuning/get_succeeded.json",
        lambda v: v.is_over and v.trained_tokens == 1884320,
    ),
    CallCase(
        "cancel_fine_tuning_job",
        ("j",),
        {},
        "POST /v1/fine_tuning/jobs/j/cancel",
        "fine_tuning/cancel.json",
        lambda v: v.status == "cancelled",
        None,
    ),
    CallCase(
        "list_fine_tuning_events",
        ("j",),
        {"limit": 20, "after": "ftevent-0001"},
        "GET /v1/fine_tuning/jobs/j/events?limit=20&after=ftevent-0001",
        "fine_tuning/events_page1.json",
        lambda v: v.has_more and len(v.data) == 20 and v.data[0].level == "warn",
    ),
    CallCase(
        "list_fine_tuning_checkpoints",
        ("j",),
        {},
        "GET /v1/fine_tuning/jobs/j/checkpoints",
        "fine_tuning/checkpoints.json",
        lambda v: [item.step_number for item in v.data] == [40, 20],
    ),
    CallCase(
        "create_batch",
        (),
        {"input_file_id": "file-1", "endpoint": "/v1/chat/completions", "metadata": {"job": "night-eval"}},
        "POST /v1/batches",
        "batches/create.json",
        lambda v: v.status == "validating" and v.counts.total == 0,
        {
            "input_file_id": "file-1",
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "metadata": {"job": "night-eval"},
        },
    ),
    CallCase(
        "get_batch",
        ("b",),
        {},
        "GET /v1/batches/b",
        "batches/get_completed.json",
        lambda v: v.is_over and v.usage.total_tokens == 1598,
    ),
    CallCase(
        "cancel_batch",
        ("b",),
        {},
        "POST /v1/batches/b/cancel",
        "batches/cancel.json",
        lambda v: v.status == "cancelling" and not v.is_over,
        None,
    ),
    CallCase(
        "list_batches",
        (),
        {"limit": 100},
        "GET /v1/batches?limit=100",
        "batches/list.json",
        lambda v: v.data[0].status == "validating" and v.has_more is False,
    ),
    CallCase(
        "create_assistant",
        (),
        {"model": "m", "tools": [{"type": "code_interpreter"}], "temperature": 0.2},
        "POST /v1/assistants",
        "assistants/create.json",
        lambda v: v.name is None and v.tool_names == ("code_interpreter",),
        {"model": "m", "tools": [{"type": "code_interpreter"}], "temperature": 0.2},
        beta=True,
    ),
    CallCase(
        "list_assistants",
        (),
        {"limit": 2, "order": "desc", "before": "x"},
        "GET /v1/assistants?limit=2&order=desc&before=x",
        "assistants/list.json",
        lambda v: len(v.data) == 2,
        beta=True,
    ),
    CallCase(
        "get_assistant",
        ("a",),
        {},
        "GET /v1/assistants/a",
        "assistants/get.json",
        lambda v: v.tool_names == ("file_search", "open_ticket"),
        beta=True,
    ),
    CallCase(
        "update_assistant",
        ("a",),
        {"name": "New"},
        "POST /v1/assistants/a",
        "assistants/update.json",
        lambda v: v.id == "asst_dM4Helper",
        {"name": "New"},
        beta=True,
    ),
    CallCase(
        "delete_assistant",
        ("a",),
        {},
        "DELETE /v1/assistants/a",
        "assistants/delete.json",
        lambda v: v.deleted and v.object == "assistant.deleted",
        beta=True,
    ),
    CallCase(
        "create_thread",
        (),
        {},
        "POST /v1/threads",
        "threads/create.json",
        lambda v: v.id == "thread_Qp81",
        {},
        beta=True,
    ),
    CallCase(
        "get_thread",
        ("t",),
        {},
        "GET /v1/threads/t",
        "threads/get.json",
        lambda v: v.metadata == {"ticket": "T-104"},
        beta=True,
    ),
    CallCase(
        "update_thread",
        ("t",),
        {"metadata": {"state": "closed"}},
        "POST /v1/threads/t",
        "threads/update.json",
        lambda v: v.metadata["state"] == "closed",
        {"metadata": {"state": "closed"}},
        beta=True,
    ),
    CallCase(
        "delete_thread",
        ("t",),
        {},
        "DELETE /v1/threads/t",
        "threads/delete.json",
        lambda v: v.deleted,
        beta=True,
    ),
    CallCase(
        "list_thread_messages",
        ("t",),
        {"run_id": "r", "limit": 20},
        "GET /v1/threads/t/messages?limit=20&run_id=r",
        "threads/messages.json",
        lambda v: [item.role for item in v.data] == ["assistant", "user"],
        beta=True,
    ),
    CallCase(
        "create_run",
        ("t",),
        {"assistant_id": "a", "include": ["x[*]", "y"], "max_prompt_tokens": 256},
        "POST /v1/threads/t/runs?include%5B%5D=x%5B%2A%5D&include%5B%5D=y",
        "runs/create.json",
        lambda v: v.status == "queued",
        {"assistant_id": "a", "max_prompt_tokens": 256},
        beta=True,
    ),
    CallCase(
        "get_run",
        ("t", "r"),
        {},
        "GET /v1/threads/t/runs/r",
        "runs/get_requires_action.json",
        lambda v: v.tool_calls[0].name == "open_ticket" and not v.is_over,
        beta=True,
    ),
    CallCase(
        "cancel_run",
        ("t", "r"),
        {},
        "POST /v1/threads/t/runs/r/cancel",
        "runs/cancel.json",
        lambda v: v.status == "cancelling",
        None,
        beta=True,
    ),
    CallCase(
        "list_run_steps",
        ("t", "r"),
        {},
        "GET /v1/threads/t/runs/r/steps",
        "runs/steps.json",
        lambda v: v.data[0].message_id == "msg_09",
        beta=True,
    ),
    CallCase(
        "submit_tool_outputs",
        ("t", "r"),
        {"tool_outputs": OUTPUTS},
        "POST /v1/threads/t/runs/r/submit_tool_outputs",
        "runs/get_in_progress.json",
        lambda v: v.status == "in_progress",
        {"tool_outputs": OUTPUTS},
        beta=True,
    ),
    CallCase(
        "get_model",
        ("openai/gpt-4o",),
        {},
        "GET /v1/models/openai/gpt-4o",
        "models/get.json",
        lambda v: bool(v.id),
    ),
    CallCase(
        "delete_model",
        ("ft:a",),
        {},
        "DELETE /v1/models/ft%3Aa",
        "models/delete.json",
        lambda v: v.deleted is True,
    ),
]
"""JSON in, JSON out; uploads, downloads and streams have tests of their own."""

ELSEWHERE = {
    "create_transcription": "test_audio_calls",
    "create_translation": "test_audio_calls",
    "create_speech": "test_audio_calls",
    "edit_image": "test_image_uploads",
    "create_image_variation": "test_image_uploads",
    "upload_file": "test_uploads",
    "get_file_content": "test_byte_stream",
    "create_thread_message": "test_openai_calls",
    "list_runs": "test_openai_calls",
}
"""Methods of these sections that are no plain case, and the test file that has them."""
