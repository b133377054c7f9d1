"""Validation of request bodies: the model of a call, and findings with paths such as ``messages[0].role``.

Importing this module imports pydantic (about 100 ms); :mod:`zaguan_tui.client.requests` does it on first use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.models.base import RequestModel
from zaguan_tui.client.requests.sentences import explain

_MODELS: Mapping[str, str] = {
    call: model
    for model, calls in {
        "chat.ChatRequest": "chat chat_stream",
        "messages.MessagesRequest": "messages messages_stream",
        "messages.CountTokensRequest": "count_tokens",
        "messages.MessageBatchRequest": "create_messages_batch",
        "messages.MessageBatchesQuery": "list_messages_batches",
        "inputs.EmbeddingsRequest": "create_embeddings",
        "inputs.ModerationRequest": "create_moderation",
        "media.TranscriptionRequest": "create_transcription",
        "media.TranslationRequest": "create_translation",
        "media.SpeechRequest": "create_speech",
        "media.ImageRequest": "create_image",
        "media.ImageEditRequest": "edit_image",
        "media.ImageVariationRequest": "create_image_variation",
        "jobs.FileUploadRequest": "upload_file",
        "jobs.FilesQuery": "list_files",
        "jobs.FineTuningRequest": "create_fine_tuning_job",
        "jobs.FineTuningJobsQuery": "list_fine_tuning_jobs",
        "jobs.BatchRequest": "create_batch",
        "pages.PageQuery": "list_batches list_fine_tuning_events list_fine_tuning_checkpoints",
        "pages.OrderedPageQuery": "list_assistants list_runs list_run_steps",
        "pages.ThreadMessagesQuery": "list_thread_messages",
        "assistants.AssistantRequest": "create_assistant",
        "assistants.AssistantUpdate": "update_assistant",
        "assistants.ThreadRequest": "create_thread",
        "assistants.ThreadUpdate": "update_thread",
        "assistants.ThreadMessageRequest": "create_thread_message",
        "assistants.RunRequest": "create_run",
        "assistants.ToolOutputsRequest": "submit_tool_outputs",
        "gateway.HistoryRequest": "get_credits_history",
        "gateway.StatsRequest": "get_credits_stats",
        "gateway.AdminRequest": "reload_config enable_provider disable_provider",
        "gateway.RealtimeQuery": "realtime",
    }.items()
    for call in calls.split()
}
"""Client method to module and class; the other calls of the catalogue send neither body nor query."""


_building = Lock()
"""Pydantic does not build one model in two threads at once, and first calls may be made from several."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a request.

    ``path`` is where (``messages[0].content[1].type``), ``code`` the kind of the fault (``number``,
    ``choice``), ``sentence`` what a person is told: what is wrong, and what would be taken.
    """

    path: str
    code: str
    sentence: str


@cache
def model_for(call: str) -> type[RequestModel]:
    """The model of what the client method ``call`` sends; raises ``LookupError`` if it sends nothing."""
    try:
        module, _, name = _MODELS[call].partition(".")
    except KeyError:
        raise LookupError(f"{call} sends neither body nor query") from None
    model: type[RequestModel] = getattr(import_module(f".models.{module}", __package__), name)
    with _building:
        model.model_rebuild()
    return model


def validate(call: str, body: Any) -> tuple[Finding, ...]:
    """What the server of ``call`` would not take of ``body``; nothing if it is fine. Changes nothing.

    Raises ``LookupError`` for a call that sends neither body nor query.
    """
    return tuple(fault.finding() for fault in _find_faults(model_for(call), body))


def check_request(call: str, body: Mapping[str, Any]) -> None:
    """Raise :class:`ArgumentError` for the first thing wrong with ``body``."""
    for fault in _find_faults(model_for(call), body):
        raise ArgumentError(fault.field, fault.problem, fault.allowed)


@dataclass(frozen=True, slots=True)
class _Fault:
    """What pydantic reports, in our words. ``detail`` is the rest of the path below ``field``."""

    field: str
    detail: str
    code: str
    problem: str
    allowed: str

    def finding(self) -> Finding:
        absent = self.code == "missing"
        error = ArgumentError(self.field or "body", "is missing" if absent else self.problem, self.allowed)
        return Finding(_join(self.field, self.detail), self.code, str(error))


def _find_faults(model: type[RequestModel], body: Any) -> list[_Fault]:
    errors = _errors(model, body)
    absent = [item["loc"] for item in errors if item["type"] == "missing" and "ctx" not in item]
    if absent:
        # What is not there is refused as None is: by the field's own type, which knows what it would take.
        for loc in absent:
            body = _with_null(body, loc)
        errors = _errors(model, body)
    return [_read_error(item, body, absent=item["loc"] in absent) for item in errors]


def _errors(model: type[RequestModel], body: Any) -> list[ErrorDetails]:
    try:
        model.__pydantic_validator__.validate_python(body)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _read_error(item: ErrorDetails, body: Any, *, absent: bool) -> _Fault:
    context = item.get("ctx", {})
    problem, allowed = explain(item["type"], context, item["input"])
    return _Fault(
        field=_join(_path(item["loc"], body), context.get("at", "")),
        detail=context.get("detail", ""),
        code="missing" if absent else item["type"],
        problem=problem,
        allowed=allowed,
    )


def _path(loc: Sequence[str | int], body: Any) -> str:
    """``loc`` as a path: members after dots, entries of lists in brackets."""
    path = ""
    for step in loc:
        if isinstance(body, Mapping):
            path = _join(path, str(step))
            body = body.get(step)
        else:
            path += f"[{step}]"
            body = body[step] if isinstance(body, Sequence) and isinstance(step, int) else None
    return path


def _join(path: str, rest: str) -> str:
    return f"{path}.{rest}" if path and rest and not rest.startswith("[") else path + rest


def _with_null(body: Any, loc: Sequence[str | int]) -> Any:
    """``body`` with ``None`` at ``loc``; what is on the way is copied, not changed."""
    if not loc:
        return None
    first, *rest = loc
    if isinstance(body, Mapping):
        return {**body, first: _with_null(body.get(first), rest)}
    return [_with_null(item, rest) if place == first else item for place, item in enumerate(body)]
