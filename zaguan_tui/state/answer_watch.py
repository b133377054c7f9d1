"""Answers of chats as outcomes of calls: what they say of the line to the gateway.

A server without any call that is polled is known to work by its answers alone. Apart from ``outcome``, which
every start loads, because this needs the conversations.
"""

from __future__ import annotations

from datetime import datetime

from .clock import Clock
from .conversation_changes import ConversationNotice, TurnEnded
from .link import LinkState
from .message import Message, MessageEnding
from .outcome import Outcome

CHAT = "chat"
"""The source of outcomes that are answers of a chat."""

_ABSENT = "unsupported"


class AnswerWatch:
    """Watches the conversations and notes in ``link`` how each answer ended."""

    __slots__ = ("_clock", "_link")

    def __init__(self, link: LinkState, clock: Clock) -> None:
        self._link, self._clock = link, clock

    def __call__(self, notice: ConversationNotice) -> None:
        """Take in a notice of the conversations."""
        if isinstance(notice, TurnEnded) and (outcome := outcome_of(notice.answer, self._clock.now())):
            self._link.note(outcome)


def outcome_of(answer: Message, at: datetime) -> Outcome | None:
    """What an answer that is over says of the line; ``None`` when it says nothing."""
    if answer.empty and answer.ending in (MessageEnding.TRUNCATED, MessageEnding.CANCELLED):
        return None
    problem = answer.problem if answer.ending is MessageEnding.FAILED else None
    absent = problem is not None and problem.kind == _ABSENT
    return Outcome(CHAT, at, None, problem, absent)
