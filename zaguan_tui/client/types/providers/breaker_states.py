"""The states of a circuit breaker and the words servers have for them (`wire.md` 6.2, ``proposal``)."""

from __future__ import annotations

from collections.abc import Mapping

CLOSED = "closed"
OPEN = "open"
HALF_OPEN = "half_open"
UNKNOWN = "unknown"

FORCED_OPEN = "forced_open"
FORCED_CLOSED = "forced_closed"
DISABLED = "disabled"

NUMBER_STATES: Mapping[str, str] = {"0": CLOSED, "1": HALF_OPEN, "2": OPEN}
"""The order of the Go library gobreaker, ``common``."""

FLAG_STATES: Mapping[bool, str] = {True: OPEN, False: CLOSED}
"""A bare switch says whether the circuit is open."""

WORDS: Mapping[str, str] = {
    **dict.fromkeys(("half_open", "halfopen", "probing", "recovering"), HALF_OPEN),
    **dict.fromkeys(("open", "opened", "tripped", "blocked", "isolated"), OPEN),
    **dict.fromkeys(("closed", "close", "ok", "normal", "healthy"), CLOSED),
    "forced_open": FORCED_OPEN,
    "forced_closed": FORCED_CLOSED,
    "disabled": DISABLED,
    **NUMBER_STATES,
}

_NEAREST: Mapping[str, str] = {
    CLOSED: CLOSED,
    OPEN: OPEN,
    HALF_OPEN: HALF_OPEN,
    FORCED_OPEN: OPEN,
    FORCED_CLOSED: CLOSED,
    DISABLED: CLOSED,
}


def nearest_state(state: str) -> str:
    """closed, open or half_open for a state we know by another name, else unknown."""
    return _NEAREST.get(state, UNKNOWN)
