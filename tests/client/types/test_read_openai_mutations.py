"""Damaged answers of the OpenAI-compatible sections are values or unreadable; nothing else gets out."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wire_fixtures import WRONG, load, mutate, names

from zaguan_tui.client.types.answers.audio import read_transcription
from zaguan_tui.client.types.answers.embeddings import read_embeddings
from zaguan_tui.client.types.answers.images import read_images
from zaguan_tui.client.types.answers.moderations import read_moderation
from zaguan_tui.client.types.assistants.assistants import read_assistant, read_assistants
from zaguan_tui.client.types.assistants.runs import read_run, read_run_steps, read_runs
from zaguan_tui.client.types.assistants.threads import read_thread, read_thread_message, read_thread_messages
from zaguan_tui.client.types.core.deleted import read_deleted
from zaguan_tui.client.types.core.page import Page
from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.jobs.batch_lines import read_batch_line
from zaguan_tui.client.types.jobs.batches import read_batch, read_batches
from zaguan_tui.client.types.jobs.files import read_file, read_files
from zaguan_tui.client.types.jobs.fine_tuning import (
    read_fine_tuning_checkpoints,
    read_fine_tuning_events,
    read_fine_tuning_job,
    read_fine_tuning_jobs,
)
from zaguan_tui.client.types.jobs.training_curve import training_curve

Read = Callable[[Any], Any]
READERS: dict[str, tuple[Read, list[str]]] = {
    "files": (read_files, names("files", "list")),
    "file": (read_file, names("files", "get", "upload")),
    "deleted": (read_deleted, [*names("files", "delete"), *names("threads", "delete")]),
    "batches": (read_batches, names("batches", "list")),
    "batch": (read_batch, names("batches", "get", "cancel", "create.")),
    "jobs": (read_fine_tuning_jobs, names("fine_tuning", "list")),
    "job": (read_fine_tuning_job, names("fine_tuning", "get", "cancel", "create.")),
    "events": (read_fine_tuning_events, names("fine_tuning", "events_page", "events_text")),
    "checkpoints": (read_fine_tuning_checkpoints, names("fine_tuning", "checkpoints")),
    "assistants": (read_assistants, names("assistants", "list")),
    "assistant": (read_assistant, names("assistants", "get", "create", "update")),
    "thread": (read_thread, names("threads", "get", "create", "update")),
    "messages": (read_thread_messages, names("threads", "messages")),
    "run": (read_run, names("runs", "get", "create", "cancel")),
    "steps": (read_run_steps, names("runs", "steps")),
    "embeddings": (read_embeddings, names("embeddings", "float", "base64")),
    "moderation": (read_moderation, names("moderations")),
    "images": (read_images, names("images", "generation_url", "edit", "variation")),
    "transcript": (read_transcription, names("audio", "transcription", "translation")),
}
OTHERS: tuple[Read, ...] = (read_runs, read_thread_message, read_batch_line)
CASES = [(kind, name) for kind, (_, files) in READERS.items() for name in files]
BODIES = {name: load(name) for _, name in CASES}
VIEWS = (
    "stage",
    "is_over",
    "ended_at",
    "is_usable",
    "tool_names",
    "next_cursor",
    "hits",
    "is_good",
    "vectors",
)


KINDS = {"str": str, "int": int, "tuple": tuple, "Mapping": Mapping}


def keeps_its_promises(value: Any) -> None:
    """Every field that is never ``None`` by its annotation is what it says, all the way down."""
    for item in fields(value):
        held = getattr(value, item.name)
        kind = KINDS.get(str(item.type).partition("[")[0])
        if kind is not None and not str(item.type).endswith("None"):
            assert isinstance(held, kind), f"{type(value).__name__}.{item.name} is {held!r}"
        for inner in held if isinstance(held, tuple) else (held,):
            if is_dataclass(inner):
                keeps_its_promises(inner)


def check(read: Read, body: Any) -> None:
    """A value whose derived views work too, or the one allowed error, which can be shown."""
    try:
        answer = read(body)
    except UnreadableValue as error:
        assert len(str(error)) < 2000
        return
    assert repr(answer)
    keeps_its_promises(answer)
    assert answer == answer
    assert all(isinstance(note, str) for note in getattr(answer, "notes", ()))
    data = getattr(answer, "data", getattr(answer, "results", ()))
    for item in (answer, *(data if isinstance(data, tuple) else ())):
        for view in VIEWS:
            getattr(item, view, None)
    if isinstance(answer, Page):
        assert all(item.id for item in answer.data)
    if read is read_fine_tuning_events:
        assert training_curve(answer.data) is not None
    if read is read_fine_tuning_checkpoints:
        assert training_curve((), answer.data) is not None


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=st.sampled_from(CASES), seed=st.integers(0, 2**63))
def test_a_damaged_answer_is_a_value_or_unreadable(case: tuple[str, str], seed: int) -> None:
    kind, name = case
    chance = random.Random(seed)
    for _ in range(6):
        check(READERS[kind][0], mutate(BODIES[name], chance))


@pytest.mark.parametrize("kind", sorted(READERS))
def test_values_that_are_no_answer(kind: str) -> None:
    for read in (READERS[kind][0], *OTHERS):
        for wrong in WRONG:
            check(read, wrong)
            check(read, {"data": wrong})
            check(read, [wrong])
            check(read, {"id": "x", "data": wrong, "status": wrong, "errors": wrong, "error": wrong})
            check(
                read,
                {"data": [{"id": "x", "content": wrong, "tools": wrong, "url": wrong, "embedding": wrong}]},
            )


@pytest.mark.parametrize("kind", sorted(READERS))
def test_every_reader_reads_another_subjects_answer_without_falling_over(kind: str) -> None:
    for body in BODIES.values():
        check(READERS[kind][0], body)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_fixtures_read_without_drift(kind: str, name: str) -> None:
    assert READERS[kind][0](BODIES[name]).notes == ()


@pytest.mark.parametrize("kind", sorted(READERS))
@pytest.mark.parametrize(
    "body", [None, {}, "", "<html>", 7, True, {"error": {"message": "no"}}, {"status": "ok"}]
)
def test_what_holds_no_answer_is_never_an_empty_one(kind: str, body: Any) -> None:
    with pytest.raises(UnreadableValue):
        READERS[kind][0](body)
