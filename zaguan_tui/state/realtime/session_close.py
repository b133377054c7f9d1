"""Explains how a session was closed: by whom, with which code, and what that code means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zaguan_tui.state.core.store import Problem
from zaguan_tui.text.sentences import end_sentence, quote

if TYPE_CHECKING:
    from zaguan_tui.client.realtime.session import SessionClose

_MEANINGS: Final = {
    1000: "The server ended the session",
    1001: "The server is going away, for a restart or for good",
    1002: "The server found a fault in the protocol and hung up",
    1003: "The server cannot take this kind of data and hung up",
    1005: "The server ended the session without saying why",
    1006: "The connection broke without a goodbye",
    1007: "The server could not read what was sent and hung up",
    1008: "The server ended the session because of a rule of its own",
    1009: "A message was too large, so the connection was closed",
    1011: "The server failed and ended the session",
    1012: "The server restarts",
    1013: "The server has no capacity right now",
    1015: "The encryption of the connection failed",
}
NEW_SESSION: Final = "A new session remembers nothing of this one."
NORMAL_CODES: Final = frozenset({1000})
"""Codes that are no trouble."""


def describe_closing(closing: SessionClose) -> str:
    """``The server failed and ended the session (1011). It says: upstream died.``"""
    if closing.limit:
        return f"The session was closed from here: {quote(closing.reason)}, the limit of this program."
    meaning = _MEANINGS.get(closing.code, "The server ended the session with a code of its own")
    says = quote(closing.reason)
    return f"{meaning} ({closing.code})." + (f" It says: {end_sentence(says)}" if says else "")


def closing_problem(closing: SessionClose) -> Problem | None:
    """The trouble in it; ``None`` for a session that ended as agreed."""
    if closing.by_us or closing.code in NORMAL_CODES:
        return None
    return Problem(describe_closing(closing), NEW_SESSION, kind="transport")
