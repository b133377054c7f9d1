"""One turn of a realtime session: prompt, answer, times and tokens."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from zaguan_tui.state.core.store import Problem


class TurnPhase(enum.StrEnum):
    """How far a turn is."""

    WAITING = "waiting"
    ANSWERING = "answering"
    ENDED = "ended"


class TurnEnding(enum.StrEnum):
    """How a response ended; the words are those of every other stream."""

    FINISHED = "finished"
    LENGTH = "length"
    CONTENT_FILTER = "content filter"
    TOOL_CALLS = "tool calls"
    TRUNCATED = "truncated"
    ERROR_FRAME = "error frame"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TurnTimes:
    """Seconds from sending to the first event of the response, its first text, sound and tool call, its end.

    For a response nobody asked for they count from its first event.
    """

    first_event_s: float | None = None
    first_text_s: float | None = None
    first_audio_s: float | None = None
    first_call_s: float | None = None
    done_s: float | None = None


@dataclass(frozen=True, slots=True)
class TurnTokens:
    """Tokens of one response as the server counted them; ``None`` is *not said*."""

    prompt: int | None = None
    completion: int | None = None
    cached: int | None = None
    audio_out: int | None = None


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """A function the session wants to be called."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class RealtimeTurn:
    """``prompt`` is ``None`` for a response nobody asked for here. ``octets`` of sound came, ``sound_kept``
    says whether they can still be saved. ``reason`` is the server's word for why it ended so."""

    id: int
    session: int
    prompt: str | None = None
    phase: TurnPhase = TurnPhase.WAITING
    response_id: str | None = None
    text: str = ""
    calls: tuple[ToolRequest, ...] = ()
    times: TurnTimes = field(default_factory=TurnTimes)
    tokens: TurnTokens | None = None
    octets: int = 0
    seconds: float | None = None
    sound_kept: bool = True
    stopping: bool = False
    ending: TurnEnding | None = None
    reason: str | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class LatencySpread:
    """Median and 95th percentile of ``n`` measurements, in seconds."""

    p50: float
    p95: float
    n: int


def compute_spread(values: Iterable[float | None]) -> LatencySpread | None:
    """The spread of what was measured (nearest rank); ``None`` when nothing was."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    return LatencySpread(_rank(known, 0.5), _rank(known, 0.95), len(known))


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
