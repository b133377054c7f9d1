"""Result fields of streams other than chat: timings and ending."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from zaguan_tui.client.streaming.timings import StreamTimer, Timings

if TYPE_CHECKING:
    from zaguan_tui.client.errors.exceptions import APIError
    from zaguan_tui.client.streaming.endings import Ending
    from zaguan_tui.client.streaming.outcome import StreamOutcome
    from zaguan_tui.client.types.core.base import Drift


EventT = TypeVar("EventT")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReport:
    """``ending`` is ``None`` only while the stream still runs. ``error`` is set for an error frame, and for
    a truncated stream when the connection failed; it is never raised. ``notes`` say what was odd."""

    ending: Ending | None = None
    error: APIError | None = None
    request_id: str | None = None
    timings: Timings = field(default_factory=Timings)
    notes: tuple[str, ...] = ()


class BaseMerge(Generic[EventT]):
    """Base of the mergers: an answer that nothing has come of yet.

    ``whole`` says that the server answered in one piece or said by itself that it is done, so that no end
    marker is missed.
    """

    def __init__(self, drift: Drift) -> None:
        self.drift = drift
        self.whole = False
        self.is_empty = True
        self.is_complete = False
        self.failure: object = None

    def flush(self, out: list[EventT]) -> None:
        """Nothing is ever held back."""

    def _report(self, outcome: StreamOutcome, timer: StreamTimer) -> dict[str, Any]:
        """The fields of :class:`StreamReport`."""
        return {
            "ending": outcome.ending,
            "error": outcome.error,
            "request_id": outcome.request_id,
            "timings": timer.read(outcome.now, tokens=None, estimate=0, chunks=outcome.chunks),
            "notes": self.drift.notes,
        }
