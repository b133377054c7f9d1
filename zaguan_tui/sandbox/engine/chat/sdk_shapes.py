"""Convert answers to one official SDK's dialect, from the union that serves all three (wire.md 14, 15).

Every function takes an answer in the union shape and returns the one of that SDK's gateway; paths
without a rule are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zaguan_tui.sandbox.config import DIALECTS

Shape = Callable[[Any], Any]
WORDS = {**{name: name for name in DIALECTS}, "py": "python"}
"""Values of ``?dialect=`` and the dialect each means."""

_PLAIN = (
    "model_id", "supports_vision", "supports_tools", "supports_reasoning", "max_context_tokens",
    "provider_specific",
)  # fmt: skip
_BALANCE = ("credits_remaining", "tier", "bands", "reset_date")
_GO_BALANCE = (*_BALANCE, "credits_total", "credits_used", "credits_percent", "stripe_price_id", "warning")
_ENTRY = (
    "id", "timestamp", "request_id", "model", "provider", "band", "prompt_tokens", "completion_tokens",
    "total_tokens", "credits_debited", "cost", "latency_ms", "status",
)  # fmt: skip
_GO_STATS = (
    "period", "start_date", "end_date", "total_credits_used", "total_requests", "total_tokens", "total_cost",
    "average_latency_ms", "by_provider", "by_model", "by_band", "by_day",
)  # fmt: skip


def shape_of(dialect: str, method: str, path: str) -> Shape | None:
    """How ``dialect`` wants the answer of this endpoint; ``None``: as it is."""
    return _SHAPES.get((method, path), {}).get(dialect)


def error_shape(dialect: str) -> Shape:
    """Where ``dialect`` looks for the fields of the special errors: Go nested, the others flat (D18)."""

    def reshape(body: Any) -> Any:
        error = body.get("error")
        if not isinstance(error, dict):
            return body
        details = error.get("details") or {}
        if dialect == "go":
            error = {name: value for name, value in error.items() if name not in details}
        else:
            error = {name: value for name, value in error.items() if name != "details"}
        return {**body, "error": error}

    return reshape


def _only(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _go_capabilities(rows: Any) -> Any:
    return {"models": [_without(row, "supports_audio_in", "supports_audio_out") for row in rows]}


def _python_capabilities(rows: Any) -> Any:
    return [_only(row, _PLAIN) for row in rows]


def _ts_capabilities(rows: Any) -> Any:
    return [_only(row, (*_PLAIN, "supports_audio_in", "supports_audio_out")) for row in rows]


def _go_history(body: Any) -> Any:
    entries = [_only(row, (*_ENTRY, "reasoning_tokens", "error_message")) for row in body["entries"]]
    return {"entries": entries, **_only(body, ("total", "has_more", "next_cursor"))}


def _python_history(body: Any) -> Any:
    entries = [_only(row, _ENTRY) for row in body["entries"]]
    for row in entries:
        row["status"] = "completed" if row["status"] == "success" else row["status"]
    return {"entries": entries, **_only(body, ("total_entries", "next_cursor"))}


def _ts_history(body: Any) -> Any:
    entries = [_only(row, _ENTRY) for row in body["entries"]]
    return {"entries": entries, **_only(body, ("total", "page", "page_size"))}


def _python_stats(body: Any) -> Any:
    rows = [_only(row, ("model", "credits_used", "cost")) for row in body["model_breakdown"]]
    return {**_only(body, ("period", "total_credits_used", "total_cost")), "model_breakdown": rows}


def _two_counts(body: Any) -> Any:
    return {**body, "usage": _without(body["usage"], "completion_tokens")}


_SHAPES: dict[tuple[str, str], dict[str, Shape]] = {
    ("GET", "/v1/capabilities"): {
        "go": _go_capabilities,
        "python": _python_capabilities,
        "ts": _ts_capabilities,
    },
    ("GET", "/v1/credits/balance"): {
        "go": lambda body: _only(body, _GO_BALANCE),
        "python": lambda body: _only(body, (*_BALANCE, "metadata")),
        "ts": lambda body: _only(body, (*_BALANCE, "stripe_price_id")),
    },
    ("GET", "/v1/credits/history"): {"go": _go_history, "python": _python_history, "ts": _ts_history},
    ("GET", "/v1/credits/stats"): {
        "go": lambda body: _only(body, _GO_STATS),
        "python": _python_stats,
        "ts": lambda body: _only(body, ("stats", "summary")),
    },
    ("GET", "/v1/messages/batches"): {
        "python": lambda body: {"data": body["data"]},
        "ts": lambda body: body["data"],
    },
    ("POST", "/v1/embeddings"): {"go": _two_counts, "ts": _two_counts},
}
