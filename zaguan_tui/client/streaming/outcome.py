"""``StreamOutcome``: state of a stream, from which its result is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zaguan_tui.client.errors.exceptions import APIError
    from zaguan_tui.client.streaming.endings import Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOutcome:
    """State of a stream at the moment ``now`` (the stream's clock). ``chunks`` counts frames with data."""

    now: float
    ending: Ending | None = None
    error: APIError | None = None
    end_marker: bool = False
    chunks: int = 0
    request_id: str | None = None
    requested_model: str | None = None
