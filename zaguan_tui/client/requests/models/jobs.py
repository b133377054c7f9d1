"""Request models of files, fine-tuning and batches (OpenAI spec; wire reference §3.7 to §3.9, §8)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from zaguan_tui.client.requests.models.base import FieldGroup, RequestModel, optional, refusal, required
from zaguan_tui.client.requests.models.fields import (
    AnyObject,
    Check,
    FileContent,
    Integer,
    ListOf,
    Metadata,
    NonBlank,
    Text,
    refuse_blank,
)
from zaguan_tui.client.requests.models.pages import Order, PageQuery
from zaguan_tui.client.requests.sentences import describe_type, explain

MAX_FILES = 10_000
MIN_LIFE_S = 3600
MAX_LIFE_S = 2_592_000


class ExpiresAfter(FieldGroup):
    """When a file goes."""

    anchor: Literal["created_at"] = required("created_at.")
    seconds: Annotated[int, Integer(MIN_LIFE_S, MAX_LIFE_S)] = required("One hour to 30 days after it.")


class FileUploadRequest(RequestModel):
    """A file to keep on the server, as a form."""

    source: ClassVar[str] = "OpenAI spec"

    file: FileContent = required("The file; JSON lines for batches and fine-tuning.")
    purpose: Annotated[
        str, Text(words=("assistants", "batch", "fine-tune", "vision", "user_data", "evals"))
    ] = required("What it is for; servers have others.")
    expires_after: ExpiresAfter | None = optional("When the server deletes it.")


class FilesQuery(RequestModel):
    """Which page of files to list."""

    source: ClassVar[str] = "OpenAI spec"

    limit: Annotated[int, Integer(1, MAX_FILES)] | None = optional("Files of a page.")
    order: Order | None = optional("By age.")
    after: NonBlank | None = optional("The file before the first of the page.")
    purpose: Any = optional("Only files for it.")


_SETTINGS: Mapping[str, tuple[str, dict[str, float]]] = {
    "batch_size": ("integer", {"lowest": 1, "highest": 256}),
    "n_epochs": ("integer", {"lowest": 1, "highest": 50}),
    "learning_rate_multiplier": ("number", {"lowest": 0}),
}
"""Error code and bounds of each setting."""


def _refuse_bad_settings(value: Any, at: str = "") -> None:
    if not isinstance(value, Mapping):
        raise refusal("mapping", describe_type(value), "a mapping", at=at)
    for name, setting in value.items():
        if name not in _SETTINGS or setting == "auto":
            continue
        code, bounds = _SETTINGS[name]
        kind = int if code == "integer" else (int, float)
        number = isinstance(setting, kind) and not isinstance(setting, bool)
        if not number or not bounds["lowest"] <= setting <= bounds.get("highest", sys.float_info.max):
            problem, allowed = explain(code, bounds, setting)
            raise refusal(code, problem, allowed, at=f"{at}.{name}" if at else name)
        if setting == 0:
            raise refusal("number", "is 0", "a number > 0, or auto", at=f"{at}.{name}" if at else name)


_AUTO_OR = [{"const": "auto"}, {"type": "number", "exclusiveMinimum": 0}]
Hyperparameters = Annotated[
    dict[str, Any],
    Check(
        _refuse_bad_settings,
        {
            "type": "object",
            "properties": {
                "batch_size": {"anyOf": [_AUTO_OR[0], {"type": "integer", "minimum": 1, "maximum": 256}]},
                "n_epochs": {"anyOf": [_AUTO_OR[0], {"type": "integer", "minimum": 1, "maximum": 50}]},
                "learning_rate_multiplier": {"anyOf": _AUTO_OR},
            },
        },
    ),
]


def _refuse_bad_method(value: Any) -> None:
    if not isinstance(value, Mapping):
        raise refusal("mapping", describe_type(value), "a mapping")
    kind = value.get("type")
    refuse_blank(kind, at="type")
    inner = value.get(kind)
    if isinstance(inner, Mapping) and inner.get("hyperparameters") is not None:
        _refuse_bad_settings(inner["hyperparameters"], at=f"{kind}.hyperparameters")


class FineTuningRequest(RequestModel):
    """A model to be taught with a file of examples."""

    source: ClassVar[str] = "OpenAI spec"

    model: NonBlank = required("Id of the model to begin with.")
    training_file: NonBlank = required("Id of the file of examples.")
    validation_file: NonBlank | None = optional("Id of a file to measure with.")
    suffix: Annotated[str, Text(64)] | None = optional("Part of the new model's name.")
    seed: Annotated[int, Integer(0, 2**31 - 1)] | None = optional("For jobs that can be repeated.")
    hyperparameters: Hyperparameters | None = optional("batch_size and others; the older place of method.")
    method: Annotated[
        Any,
        Check(
            _refuse_bad_method,
            {
                "type": "object",
                "properties": {
                    "type": {"type": "string", "examples": ["supervised", "dpo", "reinforcement"]}
                },
                "required": ["type"],
            },
        ),
    ] = optional("How to teach: type, and under its name the hyperparameters.")
    integrations: Annotated[list[AnyObject], ListOf()] | None = optional("Where to report to.")
    metadata: Metadata | None = optional("Up to 16 pairs of texts kept with the job.")


class FineTuningJobsQuery(PageQuery):
    """Which page of fine-tuning jobs to list."""

    metadata: Any = optional("Only jobs with all of these pairs.")


class BatchRequest(RequestModel):
    """The requests of an uploaded file, all to one endpoint."""

    source: ClassVar[str] = "OpenAI spec"

    input_file_id: NonBlank = required("Id of the JSONL file of requests.")
    endpoint: Annotated[
        str,
        Text(
            words=(
                "/v1/chat/completions",
                "/v1/embeddings",
                "/v1/completions",
                "/v1/responses",
                "/v1/moderations",
                "/v1/images/generations",
                "/v1/images/edits",
                "/v1/videos",
            )
        ),
    ] = required("Path that all of them call; servers differ (D54).")
    completion_window: Annotated[str, Text(words=("24h",))] = required("How long the batch may take.")
    metadata: Metadata | None = optional("Up to 16 pairs of texts kept with the batch.")
    output_expires_after: AnyObject | None = optional("{anchor: created_at, seconds}: when the results go.")
