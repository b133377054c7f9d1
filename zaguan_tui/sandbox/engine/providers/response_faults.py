"""Response faults of a scenario: false health, renamed fields, a wrong clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zaguan_tui.sandbox.data.records import WorldData
from zaguan_tui.sandbox.engine.clock import format_instant

if TYPE_CHECKING:
    from zaguan_tui.sandbox.engine.providers.scenario import Step

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_RENAMED = {
    "status": "state_of_health",
    "error_rate": "failures_share",
    "model_id": "modelIdentifier",
    "max_context_tokens": "context",
    "credits_remaining": "left",
    "credits_debited": "debited",
    "owned_by": "vendor",
    "failure_count": "failed",
}
_DRIFTED = ("/v1/models", "/v1/capabilities", "/v1/credits/", "/v1/providers/", "/v1/circuit-breaker/")
_DROP_EVERY = 3
"""A shrinking reload keeps two models of three."""


def find_alterations(steps: Sequence[Step], path: str) -> list[Callable[[Any], Any]]:
    """The alterations that the steps in force make to a good answer of ``path``."""
    alterations: list[Callable[[Any], Any]] = []
    for step in steps:
        if step.gateway_fault == "lying-health" and path == "/v1/providers/status":
            alterations.append(_fake_healthy(step))
        elif step.gateway_fault == "drifted-schema" and path.startswith(_DRIFTED):
            alterations.append(_drift)
        elif step.gateway_fault == "clock-skew":
            alterations.append(_shift_clock(timedelta(seconds=step.skew_seconds)))
    return alterations


def drop_models(data: WorldData) -> WorldData:
    """The world without every third chat model; virtual models still name the removed ones."""
    chat = [model.id for model in data.models if model.kind == "chat"]
    removed = set(chat[_DROP_EVERY - 1 :: _DROP_EVERY])
    models = tuple(model for model in data.models if model.id not in removed)
    return WorldData(data.providers, models, data.virtual_models)


def _fake_healthy(step: Step) -> Callable[[Any], Any]:
    def report_healthy(body: Any) -> Any:
        for row in body["data"]:
            if step.concerns(row["id"]) and row["enabled"]:
                counts = row["requests"]
                counts |= {"success": counts["total"], "error": 0, "rate_limited": 0}
                row |= {"status": "healthy", "error_rate": 0.0, "circuit_state": "closed", "last_error": None}
        words = [row["status"] for row in body["data"]]
        body["summary"] |= {word: words.count(word) for word in body["summary"] if word != "total"}
        return body

    return report_healthy


def _drift(value: Any) -> Any:
    """Other names for some fields, figures as text, and an unknown field."""
    if isinstance(value, list):
        return [_drift(item) for item in value]
    if not isinstance(value, dict):
        return value
    drifted = {_RENAMED.get(name, name): _drift(item) for name, item in value.items()}
    for name, item in drifted.items():
        if isinstance(item, (int, float)) and not isinstance(item, bool):
            drifted[name] = str(item)
    return {**drifted, "x_revision": "2027-01"}


def _shift_clock(by: timedelta) -> Callable[[Any], Any]:
    def shift(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shift(item) for name, item in value.items()}
        if isinstance(value, list):
            return [shift(item) for item in value]
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return format_instant(datetime.fromisoformat(value) + by)
        return value

    return shift
