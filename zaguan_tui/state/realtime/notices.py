"""Notices of a realtime session for those who show it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from zaguan_tui.state.core.store import Problem
from zaguan_tui.state.realtime.audio import AudioFormat
from zaguan_tui.state.realtime.event_log import LogEntry
from zaguan_tui.state.realtime.turns import RealtimeTurn


class Phase(enum.StrEnum):
    """The phase of the connection."""

    IDLE = "not connected"
    CONNECTING = "connecting"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LimitGauge:
    """What is left of one limit of the server; full again in ``reset_s`` seconds."""

    name: str
    limit: float | None = None
    remaining: float | None = None
    reset_s: float | None = None


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """The connection as it stands. ``number`` counts the sessions of this run, ``code`` is the close code.

    ``words`` say in a sentence how it ended; ``problem`` is set when that is a trouble.
    """

    phase: Phase = Phase.IDLE
    number: int = 0
    model: str | None = None
    address: str = ""
    session_id: str | None = None
    voice: str | None = None
    modalities: tuple[str, ...] = ()
    sound: AudioFormat = field(default_factory=AudioFormat)
    gauges: tuple[LimitGauge, ...] = ()
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    expires_at: datetime | None = None
    code: int | None = None
    words: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The connection, or what the server says about the session."""

    status: SessionStatus


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A turn has begun."""

    turn: RealtimeTurn


@dataclass(frozen=True, slots=True)
class TextAdded:
    """More of an answer."""

    turn_id: int
    text: str


@dataclass(frozen=True, slots=True)
class TurnChanged:
    """Figures, calls or sound of a turn."""

    turn: RealtimeTurn


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """A turn is over."""

    turn: RealtimeTurn


@dataclass(frozen=True, slots=True)
class EventLogged:
    """An event, or one more delta of a run."""

    entry: LogEntry


@dataclass(frozen=True, slots=True)
class SessionError:
    """An error that belongs to no turn; the session goes on."""

    problem: Problem


SessionNotice = StatusChanged | TurnStarted | TextAdded | TurnChanged | TurnEnded | EventLogged | SessionError
