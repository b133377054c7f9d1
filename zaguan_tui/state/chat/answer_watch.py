"""Answers of chats as outcomes of calls: what they tell about the connection to the gateway.

A server without any call that is polled is known to work by its answers alone. Apart from ``outcome``, which
every start loads, because this needs the conversations.
"""

from __future__ import annotations

from datetime import datetime

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.conversations.notices import ConversationNotice, TurnEnded
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.link import LinkState
from zaguan_tui.state.core.store import PollOutcome

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


def outcome_of(answer: Message, at: datetime) -> PollOutcome | None:
    """What an answer that is over says of the line; ``None`` when it says nothing."""
    if answer.empty and answer.ending in (Ending.TRUNCATED, Ending.CANCELLED):
        return None
    problem = answer.problem if answer.ending is Ending.FAILED else None
    absent = problem is not None and problem.kind == _ABSENT
    return PollOutcome(CHAT, at, None, problem, absent)
