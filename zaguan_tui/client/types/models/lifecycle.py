"""``Stage`` of a job: one vocabulary for batches, fine-tuning jobs, runs, steps and messages
(`wire.md` 10; states ``OpenAI spec``)."""

from __future__ import annotations

import enum

from zaguan_tui.client.types.core.primitives import fold


class Stage(enum.StrEnum):
    """What a state means, whoever sent it. A job in a terminal stage never changes again."""

    WAITING = "waiting"
    RUNNING = "running"
    NEEDS_ACTION = "needs action"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_terminal(self) -> bool:
        """Whether this is an end."""
        return self in _TERMINAL


_TERMINAL = frozenset({Stage.SUCCEEDED, Stage.INCOMPLETE, Stage.FAILED, Stage.CANCELLED, Stage.EXPIRED})

_STAGES = {
    "validating": Stage.WAITING,
    "validating_files": Stage.WAITING,
    "queued": Stage.WAITING,
    "pending": Stage.WAITING,
    "paused": Stage.WAITING,
    "in_progress": Stage.RUNNING,
    "running": Stage.RUNNING,
    "finalizing": Stage.RUNNING,
    "requires_action": Stage.NEEDS_ACTION,
    "cancelling": Stage.STOPPING,
    "completed": Stage.SUCCEEDED,
    "succeeded": Stage.SUCCEEDED,
    "incomplete": Stage.INCOMPLETE,
    "failed": Stage.FAILED,
    "cancelled": Stage.CANCELLED,
    "expired": Stage.EXPIRED,
}
_SPELLINGS = {"canceled": "cancelled", "canceling": "cancelling", "finalising": "finalizing"}
"""D76: servers differ in the second l."""


def status_word(sent: str | None) -> str:
    """A state in its usual spelling; an unknown one as sent, none at all as ``unknown``."""
    if not sent:
        return "unknown"
    word = fold(sent)
    word = _SPELLINGS.get(word, word)
    return word if word in _STAGES else sent


def stage_of(status: str) -> Stage:
    """What ``status`` means. A word we do not know counts as running (``proposal``, `wire.md` 10)."""
    return _STAGES.get(status_word(status), Stage.RUNNING)


def is_known_status(status: str) -> bool:
    """Whether ``status`` is one of the words of the life cycles."""
    return status_word(status) in _STAGES
