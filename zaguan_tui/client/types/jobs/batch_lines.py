"""The lines of a batch's output and error files (`wire.md` 3.9; common: OpenAI's public batch guide)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.job_error import Fault, read_fault
from zaguan_tui.client.types.core.primitives import UnreadableValue, count, describe, identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """The outcome of one request. Join with the input by ``custom_id``: the order is not the input's.

    ``body`` is the answer as the endpoint gave it; ``fault`` says why there is none, or none that is good.
    """

    custom_id: str
    id: str | None = None
    status_code: int | None = None
    request_id: str | None = None
    body: Mapping[str, Any] | None = field(default=None, hash=False)
    fault: Fault | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_good(self) -> bool:
        """Whether the request was answered well."""
        return self.fault is None and self.status_code is not None and 200 <= self.status_code < 300


_LINE = FieldTable({"custom_id": (identifier, ("custom_id",)), "id": (identifier, ("id",))})
_RESPONSE = FieldTable(
    {"status_code": (count, ("status_code", "status")), "request_id": (identifier, ("request_id",))}
)


def read_batch_line(value: Any) -> BatchLine:
    """Read one decoded line; raises :class:`UnreadableValue` for a line without a ``custom_id``."""
    if not isinstance(value, Mapping):
        raise UnreadableValue("", describe(value))
    drift = Drift()
    values = _LINE.read(value, drift, "")
    if values.get("custom_id") is None:
        raise UnreadableValue("custom_id", describe(value.get("custom_id")))
    response = value.get("response")
    body: Any = None
    if isinstance(response, Mapping):
        values |= _RESPONSE.read(response, drift, "response")
        body = response.get("body")
    fault = read_fault(value.get("error"), drift, "error")
    if fault is None and isinstance(body, Mapping):
        fault = read_fault(body.get("error"), drift, "response.body.error")
    return BatchLine(body=body if isinstance(body, Mapping) else None, fault=fault, raw=value, **values)
