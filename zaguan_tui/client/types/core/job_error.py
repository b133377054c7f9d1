"""Errors of jobs: batch errors, a fine-tuning job's ``error``, a run's ``last_error`` (`wire.md`
11.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.primitives import count, filled_text

if TYPE_CHECKING:
    from zaguan_tui.client.errors.exceptions import APIError


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One complaint. ``param`` names the field at fault, ``line`` the line of an input file, from 1."""

    code: str | None = None
    message: str = ""
    param: str | None = None
    line: int | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def error(self) -> APIError:
        """The same as the client's one error type, never raised by itself."""
        from zaguan_tui.client.errors.reader import ErrorContext, read_error_frame

        return read_error_frame({"error": dict(self.raw)}, ErrorContext())


_FIELDS = FieldTable(
    {
        "code": (filled_text, ("code", "type")),
        "message": (filled_text, ("message", "msg", "detail")),
        "param": (filled_text, ("param",)),
        "line": (count, ("line",)),
    }
)


def read_fault(value: Any, drift: Drift, path: str) -> Fault | None:
    """The fault in ``value``: an object or a text. ``None``, ``{}`` and members that are all null are none
    (common on healthy fine-tuning jobs)."""
    if isinstance(value, str) and value.strip():
        return Fault(message=value, raw={"message": value})
    if not isinstance(value, Mapping):
        return None
    values = {name: item for name, item in _FIELDS.read(value, drift, path).items() if item is not None}
    return Fault(raw=value, **values) if values else None


def read_faults(value: Any, drift: Drift, path: str) -> tuple[Fault, ...]:
    """All faults in a list, in ``{data: […]}``, or in one object."""
    if isinstance(value, Mapping) and isinstance(value.get("data"), list):
        value = value["data"]
    entries = value if isinstance(value, list) else [value]
    faults = (read_fault(entry, drift, f"{path}[{place}]") for place, entry in enumerate(entries))
    return tuple(fault for fault in faults if fault is not None)
